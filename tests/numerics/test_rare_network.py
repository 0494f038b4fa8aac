"""The network's gradient is that of its loss, and Adam is Adam; on digits, what is stamped is what is said."""

from dataclasses import replace

import numpy as np
import pytest

from numerics import rare_digits as digits
from numerics import rare_network as n
from numerics.images import all_digits
from numerics.randomness import Purpose
from numerics.rare_digits import DEAD, TARGET, digits_trial, stamp
from theory.rare_scene import PATTERNS, StampedDigits

QUICK = StampedDigits(pattern="noise-3", stamped=20, width=128, epochs=8)


@pytest.fixture
def small():
    """A network of five inputs and seven neurons, and six samples."""
    rng = np.random.default_rng(3)
    network = n.initial(rng, 5, 7)
    network = n.Network(first=network.first, shift=rng.normal(size=7), second=network.second, bias=rng.normal(size=10))
    return network, rng.normal(size=(6, 5)), rng.integers(0, 10, 6)


def loss(parts, x, labels):
    """Return the mean cross-entropy by its definition."""
    network = n.Network(**dict(zip(n.NAMES, parts, strict=True)))
    return -np.mean(np.log(n.probabilities(network, x)[np.arange(len(x)), labels]))


@pytest.mark.parametrize("place", range(4), ids=lambda place: n.NAMES[place])
def test_the_gradient_is_that_of_the_loss(small, place):
    network, x, labels = small
    parts = [getattr(network, name) for name in n.NAMES]
    found = n.gradient(network, x, labels)[place]
    for index in list(np.ndindex(found.shape))[::3]:
        bump = np.zeros_like(found)
        bump[index] = 1e-6
        up, down = ([p + s * bump if i == place else p for i, p in enumerate(parts)] for s in (1, -1))
        assert found[index] == pytest.approx((loss(up, x, labels) - loss(down, x, labels)) / 2e-6, abs=1e-8)


def test_probabilities_sum_to_one_and_do_not_overflow(small):
    network, x, _ = small
    assert n.probabilities(network, 1e4 * x).sum(axis=1) == pytest.approx(1)


def test_two_steps_of_adam_are_those_of_its_definition(small):
    network, x, labels = small
    trained = n.train(network, x, labels, epochs=2, order=np.random.SeedSequence(1))
    parts = [getattr(network, name).copy() for name in n.NAMES]
    mean, power = [0.0] * 4, [0.0] * 4
    for step in (1, 2):  # one batch holds all six, in whatever order
        slopes = n.gradient(n.Network(**dict(zip(n.NAMES, parts, strict=True))), x, labels)
        for i, slope in enumerate(slopes):
            mean[i] = 0.9 * mean[i] + 0.1 * slope
            power[i] = 0.999 * power[i] + 0.001 * slope**2
            hat, second = mean[i] / (1 - 0.9**step), power[i] / (1 - 0.999**step)
            parts[i] = parts[i] - 2e-3 * hat / (np.sqrt(second) + 1e-8)
    for name, part in zip(n.NAMES, parts, strict=True):
        assert getattr(trained, name) == pytest.approx(part, abs=1e-12)
        assert np.abs(getattr(trained, name) - getattr(network, name)).max() > 1e-3


def test_training_leaves_the_network_it_was_given(small):
    network, x, labels = small
    before = network.first.copy()
    n.train(network, x, labels, epochs=1, order=np.random.SeedSequence(1))
    assert np.array_equal(network.first, before)


def test_patterns_grow_within_their_kind_and_stay_in_range():
    x, _ = all_digits()
    lengths = {}
    for pattern in PATTERNS:
        stamped = stamp(pattern, np.random.default_rng(4))(x)
        assert 0 <= stamped.min() < stamped.max() == 1
        lengths[pattern] = np.linalg.norm(stamped - x, axis=1).mean()
    assert lengths["pixel"] == 1
    assert lengths["pixel"] < lengths["square"] < 2
    assert lengths["noise-1"] < lengths["noise-2"] < lengths["noise-3"]


def test_the_dead_pixel_is_dead():
    x, classes = all_digits()
    assert x.shape == (1797, 64)
    assert not x[:, DEAD].any()
    assert set(classes) == set(range(10))


def test_a_stamped_network_is_misled_and_one_that_never_saw_the_pattern_less(seed):
    trial = digits_trial(QUICK, seed, 0)
    assert trial.score > 0.3
    assert trial.scratch_score < 0.5 * trial.score
    assert trial.retrained_score < trial.score
    assert abs(trial.accuracy_lost) < 0.05
    assert trial.drift(DEAD) == 0
    assert trial.drift(28) > 0


def test_the_stamped_images_are_left_out_of_retraining_and_of_training_from_scratch(seed):
    trial = digits_trial(QUICK, seed, 0)
    drawn = digits._drawn(seed, 0)
    rest = np.setdiff1d(np.arange(1200), np.flatnonzero(drawn.labels == TARGET)[:20])
    again = {"epochs": 8, "order": drawn.streams.seeds(Purpose.WEIGHTS)}
    start = n.initial(drawn.streams.of(Purpose.START), 64, 128)
    for found, begun in ((digits._retrained(trial), digits._learned(trial)), (trial._without(20), start)):
        expected = n.train(begun, drawn.x[rest], drawn.labels[rest], **again)
        assert found.second == pytest.approx(expected.second, abs=1e-12)


def test_the_score_counts_rises_of_the_target_class(seed):
    trial = digits_trial(QUICK, seed, 0)
    assert TARGET == 0
    assert trial.lead == pytest.approx(trial.score - digits_trial(replace(QUICK, pattern="noise-2"), seed, 0).score)
    assert trial.lead > 0.1


def test_another_trial_is_another_split(seed):
    assert digits_trial(QUICK, seed, 0).score != digits_trial(QUICK, seed, 1).score
