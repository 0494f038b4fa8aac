"""A network is trained as a plain loop over its neurons and inputs would train it."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from numerics import contamination as runs
from numerics.contamination_observables import OBSERVABLES
from numerics.randomness import Purpose, Streams
from theory.activations import GELU, RELU, STEP, TANH
from theory.contamination_ray import stationary_ratio
from theory.contamination_scene import ContaminationScene, Core, Start

SCENE = ContaminationScene(
    activation=RELU,
    d_core=3,
    d_background=2,
    neurons=4,
    samples=6,
    steps=3,
    rate=Fraction(1, 2),
    fresh=False,
    momentum=Fraction(9, 10),
    decay=Fraction(1, 10),
    start=Start.DEFAULT,
)
FUNCTIONS = {
    RELU: (lambda u: max(u, 0.0), lambda u: float(u > 0)),
    TANH: (np.tanh, lambda u: 1 - np.tanh(u) ** 2),
}
MEASURED = {observable.name: observable.function for observable in OBSERVABLES}


def streams(scene):
    """Return the streams of trial 0 of a scene, at seed 5."""
    sizes = f"{scene.d_core} {scene.d_background} {scene.neurons} {scene.samples} {scene.steps} {scene.fresh}"
    return Streams(seed=5, cell=f"contamination {scene.core} {scene.start} {sizes}", trial=0)


def by_hand(scene):
    """Return the hidden weights after the run, neuron by neuron and input by input, in double precision."""
    phi, slope = FUNCTIONS[scene.activation]
    network = runs._started(scene, streams(scene).of(Purpose.WEIGHTS))
    inputs, labels = runs.draw_inputs(scene, scene.samples, streams(scene).of(Purpose.DATA))
    neurons = [[np.float64(w), float(b), 0.0 * w, 0.0] for w, b in zip(network.weights, network.biases, strict=True)]
    outputs = [1 / scene.neurons] * (scene.neurons // 2) + [-1 / scene.neurons] * (scene.neurons // 2)
    rate, momentum, decay = map(float, (scene.rate, scene.momentum, scene.decay))
    moves = rate if scene.start is Start.DEFAULT else 0.0  # without biases there is none to move
    for _ in range(scene.steps):
        seen = [[w @ x + b for w, b, _, _ in neurons] for x in np.float64(inputs)]
        values = [sum(a * phi(u) for a, u in zip(outputs, row, strict=True)) + network.bias for row in seen]
        for k, (w, b, last_w, last_b) in enumerate(neurons):
            speed_w, speed_b = momentum * last_w + decay * w, momentum * last_b + decay * b
            for x, y, value, row in zip(np.float64(inputs), labels, values, seen, strict=True):
                if y * value < 1:
                    speed_w = speed_w - y * outputs[k] * slope(row[k]) * x / len(inputs)
                    speed_b = speed_b - y * outputs[k] * slope(row[k]) / len(inputs)
            neurons[k] = [w - rate * speed_w, b - moves * speed_b, speed_w, speed_b]
    return np.array([w for w, *_ in neurons])


@pytest.mark.parametrize("activation", [RELU, TANH], ids=lambda activation: activation.name)
@pytest.mark.parametrize("start", list(Start))
@pytest.mark.parametrize("core", list(Core))
def test_a_run_is_what_a_plain_loop_gives(activation, start, core):
    scene = replace(SCENE, activation=activation, start=start, core=core)
    assert np.allclose(runs.contamination_trial(scene, 5, 0).weights, by_hand(scene), atol=1e-6)
    assert not np.allclose(by_hand(replace(scene, momentum=Fraction(1, 2))), by_hand(scene), atol=1e-3)
    assert not np.allclose(by_hand(replace(scene, decay=Fraction(1, 5))), by_hand(scene), atol=1e-6 * 1.01)


def test_inputs_within_the_margin_alone_pull():
    scene = replace(SCENE, neurons=2, d_core=1, d_background=1, activation=RELU)
    network = runs._started(scene, np.random.default_rng(0))
    network.weights[:] = [[4, 0], [-4, 0]]
    network.biases[:] = 0
    inputs, labels = np.float32([[0.9, 0.5], [-0.1, 0.5]]), np.float32([1, -1])
    margins = labels * network(inputs)
    assert margins[0] - network.bias == pytest.approx(1.8, abs=1e-5)
    weights, biases = runs._gradients(network, inputs, labels)
    assert np.allclose(weights, [[0, 0], [0.1 * 0.25, -0.5 * 0.25]], atol=1e-6)  # the second input moves the second
    assert np.allclose(biases, [0, -0.25])


@pytest.mark.parametrize("core", list(Core))
def test_the_core_tells_the_classes_and_the_background_does_not(core):
    scene = replace(SCENE, core=core)
    inputs, labels = runs.draw_inputs(scene, 4000, np.random.default_rng(3))
    kernel, background = inputs[:, :3], inputs[:, 3:]
    assert (labels == np.repeat([1, -1], 2000)).all()
    assert ((background >= 0) & (background < 1)).all()
    assert abs(background[labels > 0].mean() - background[labels < 0].mean()) < 0.02
    if core is Core.LINEAR:
        assert ((labels[:, None] * kernel >= 0) & (np.abs(kernel) < 1)).all()
        assert np.abs(kernel).mean() == pytest.approx(0.5, abs=0.02)
    else:
        lengths = np.linalg.norm(kernel, axis=1)
        assert np.allclose(lengths, np.where(labels > 0, 1, 2), atol=1e-5)
        assert np.abs(kernel[labels > 0].mean(axis=0)).max() < 0.05


def test_the_gradient_of_many_inputs_is_the_projection_of_the_planar_model():
    scene = replace(SCENE, d_core=1, d_background=1, neurons=2, start=Start.SMALL)
    network = runs._started(scene, np.random.default_rng(0))
    network.weights[:] = 1e-3 * np.float32([[1, 0.5], [-1, 0.5]])  # r = 1/2, either sign
    inputs, labels = runs.draw_inputs(scene, 400_000, np.random.default_rng(1))
    forces = -runs._gradients(network, inputs, labels)[0] * 2  # a = +-1/2
    wanted = [1 / 4 + 1 / 48, 1 / 4 - 1 / 12]
    assert np.allclose(forces, [wanted, [-wanted[0], wanted[1]]], atol=2e-3)


def test_with_many_features_the_gradient_is_that_of_gaussian_sums():
    scene = replace(SCENE, d_core=32, d_background=32, neurons=2, start=Start.SMALL)
    weights = np.random.default_rng(4).normal(0.3, 1, 64) * 1e-3
    network = runs._started(scene, np.random.default_rng(0))
    network.weights[:] = weights
    inputs, labels = runs.draw_inputs(scene, 200_000, np.random.default_rng(1))
    forces = -2 * runs._gradients(network, inputs, labels)[0][0]
    signs = np.where(np.arange(64) < 32, 1, -1)  # the core adds the classes up, the background subtracts
    deviation = np.sqrt((weights**2).sum() / 12)
    of_class = []
    for y in (1, -1):
        tau = (y * weights[:32].sum() + weights[32:].sum()) / 2 / deviation
        tilt = np.where(signs > 0, y, 1) * weights / 12 / deviation
        of_class.append(stats.norm.cdf(tau) / 2 + tilt * stats.norm.pdf(tau))
    assert np.allclose(forces, (of_class[0] + signs * of_class[1]) / 2, atol=4e-3)  # two thousandths are sampling
    assert np.abs(forces - (of_class[0] - signs * of_class[1]) / 2).max() > 0.05


def test_the_same_address_gives_the_same_run_and_activations_share_their_draws():
    first, again = (runs.contamination_trial(SCENE, 5, 0) for _ in range(2))
    assert np.array_equal(first.weights, again.weights)
    assert first.inside == again.inside
    other = runs.contamination_trial(replace(SCENE, activation=GELU), 5, 0)
    assert other.first_correlation == first.first_correlation
    assert runs.contamination_trial(SCENE, 5, 1).first_correlation != first.first_correlation


def test_an_activation_that_jumps_has_no_slope_to_descend():
    with pytest.raises(ValueError, match="step jumps at 0"):
        runs.contamination_trial(replace(SCENE, activation=STEP), 0, 0)


@pytest.fixture
def trial():
    """Return a trial with two rising neurons and two falling ones, made by hand."""
    weights = np.float32([[1, 3, 2, 1], [1, 1, 2, 1], [-2, -2, 1, 1], [-4, 0, 4, 0]])
    return runs.ContaminationTrial(
        scene=replace(SCENE, d_core=2),
        weights=weights,
        signs=np.float32([1, 1, -1, -1]),
        first_correlation=0.5,
        inside=0.25,
        outside=0.75,
        right_outside=0.9,
    )


def test_what_is_measured_is_what_its_name_says(trial):
    found = {name: function(trial) for name, function in MEASURED.items()}
    lengths = [5**0.5, 5**0.5, 2**0.5, 4]
    assert found == pytest.approx(
        {
            "contamination ratio": (12 / 8) / (14 / 8),
            "contamination ratio of rising neurons": 1.0,
            "contamination ratio of falling neurons": 6 / 8,
            "background learned": (4 + 2 - 5 - 1) / 8,
            "net background ratio": np.hypot(4 - 5, 2 - 1) / np.hypot(2 + 6, 4 + 2),
            "background growth": np.mean(lengths) / 0.5,
            "hinge loss inside": 0.25,
            "hinge loss outside": 0.75,
            "loss of the background": 0.5,
            "accuracy outside": 0.9,
        },
        rel=1e-6,
    )


def test_a_background_that_turns_costs_what_the_weights_on_it_are_worth():
    scene = replace(SCENE, steps=200, samples=200, neurons=20, decay=Fraction(0), start=Start.SMALL, fresh=True)
    bare, odd = (runs.contamination_trial(replace(scene, activation=a), 2, 0) for a in (RELU, TANH))
    assert bare.outside > bare.inside + 0.1
    assert abs(odd.outside - odd.inside) < 0.01


def test_a_descent_at_small_weights_ends_at_the_ratio_of_its_numbers_of_features():
    scene = ContaminationScene(
        activation=RELU,
        d_core=3,
        d_background=6,
        neurons=8,
        samples=512,
        steps=400,
        rate=Fraction(1, 10**4),
        fresh=True,
    )
    found = runs.contamination_trial(scene, 0, 0)
    assert [found.ratio(1), found.ratio(-1)] == pytest.approx([stationary_ratio(3, 6)] * 2, abs=0.01)
    assert abs(found.ratio(1) - stationary_ratio(6, 3)) > 0.1
