"""What feature contamination has to show, item by item, and what each item refuses."""

import numpy as np
import pytest
import sympy as sp
from scipy import optimize, signal

from numerics.contamination import contamination_trial
from numerics.experiment import observe
from theory import contamination as c
from theory.activations import ABS, ERF, GELU, QUADRATIC, RELU, SIGMOID, TANH
from theory.checking import check_statement, check_steps
from theory.claims import contamination_descent, contamination_odd, contamination_parity, contamination_planar
from theory.claims.contamination_odd import IDENTITY
from theory.claims.contamination_ray import TABLE
from theory.claims.contamination_toy import scene as toy
from theory.contamination_ray import gaussian_ratio, stationary_ratio
from theory.contamination_scene import ratio_learned
from theory.evidence import Verdict

SEEDS = range(5)


def test_1_cubic_root_stability_and_parity_are_exact():
    """1. sympy: cubic, its unique real root, stability sign, parity table: exact."""
    for claim in (contamination_planar.CLAIM, contamination_parity.CLAIM):
        assert check_statement(claim).verdict is Verdict.EXACT
        assert {finding.evidence.verdict for finding in check_steps(claim)} == {Verdict.EXACT}
        assert check_statement(claim, claim.twins[0].statement).verdict is Verdict.REFUTED
    assert sp.Poly(c.CUBIC, c.r).count_roots() == 1
    assert sp.simplify(c.CUBIC.subs(c.r, c.planar_root())) == 0
    assert (-c.CUBIC.diff(c.r) / 12).subs(c.r, c.planar_root()).evalf() < 0
    odd = {a.name: c.is_odd_but_for_a_constant(a) for a in (TANH, ERF, SIGMOID, IDENTITY, RELU, GELU, ABS, QUADRATIC)}
    assert [name for name, is_odd in odd.items() if is_odd] == ["tanh", "erf", "sigmoid", "identity"]


def on_a_grid(features: int, cells: int = 400) -> float:
    """Return the ratio that stays, from densities on a grid, one for both sums."""
    mass = np.ones(1)
    for _ in range(features):
        mass = signal.fftconvolve(mass, np.full(cells, 1 / cells))
    at = (np.arange(len(mass)) + features / 2) / cells
    share, mean = np.concatenate([[0.0], np.cumsum(mass)]), np.concatenate([[0.0], np.cumsum(mass * at)])

    def turning(ratio: float) -> float:
        below = np.searchsorted(at, ratio * at)
        seen, passed = mass @ (at * share[below]) / features, mass @ mean[below] / features
        return float(0.5 - seen - ratio * (0.5 + passed))

    return float(optimize.brentq(turning, 0.01, 0.999))


@pytest.mark.parametrize("features", TABLE)
def test_2_the_table_of_ratios_comes_out_of_a_grid_and_of_gaussian_sums(features):
    """2. Irwin-Hall r*(d) table to 1e-3 by an FFT grid of 400, and by the CLT form to 1e-3 for d >= 8."""
    listed = int(TABLE[features]) / 1e5
    assert abs(on_a_grid(features) - listed) < 1e-3
    assert abs(stationary_ratio(features, features) - listed) <= 5.1e-6
    near = abs(gaussian_ratio(features, features) - listed) < 1e-3
    assert near if features >= 8 else not near


@pytest.mark.parametrize("scene", contamination_descent.AS_MANY[1:], ids=lambda scene: f"d = {scene.d_core}")
def test_3_neurons_of_either_sign_end_at_the_ratio(scene):
    """3. Simulated ratio against r*(d), d in {4, 16, 64}, both signs: within .03."""
    found = contamination_trial(scene, 0, 0)
    predicted = ratio_learned(scene)
    assert max(abs(found.ratio(sign) - predicted) for sign in (1, -1)) <= 0.03
    assert all(abs(found.ratio(1) - stationary_ratio(d, d)) > 0.03 for d in (4, 16, 64) if d != scene.d_core)


def mean(activation, name):
    """Return the mean of an observable of the toy experiment over the seeds."""
    return float(np.mean([observe(toy(activation), name, 0, trial) for trial in SEEDS]))


def contaminated(activation) -> bool:
    """Return whether the toy experiment meets item 4."""
    sides = [mean(activation, f"contamination ratio of {side} neurons") for side in ("rising", "falling")]
    return (
        mean(activation, "hinge loss inside") <= 0.02
        and mean(activation, "hinge loss outside") >= 0.7
        and all(0.6 <= ratio <= 0.8 for ratio in sides)
        and mean(activation, "background growth") >= 1.5
    )


def clean(activation) -> bool:
    """Return whether it meets item 5."""
    return (
        mean(activation, "hinge loss inside") <= 0.02
        and mean(activation, "hinge loss outside") <= 0.03
        and mean(activation, "net background ratio") <= 0.08
    )


def test_4_the_toy_experiment_contaminates_relu():
    """4. Toy ReLU, 5 seeds: ID hinge <= .02, OOD >= .70, bg/core in [.6, .8], background >= 1.5 times the initial."""
    assert contaminated(RELU)
    assert not contaminated(IDENTITY)


def test_5_and_a_linear_model_not():
    """5. Linear control: ID <= .02, OOD <= .03, net bg/core <= .08."""
    assert clean(IDENTITY)
    assert not clean(RELU)


def spared(activation) -> bool:
    """Return whether an activation, trained without biases from small weights, keeps the background out."""
    scene = contamination_odd.scene(activation)
    found = [contamination_trial(scene, 0, trial) for trial in range(2)]
    ratios = [abs(trial.ratio(sign)) for trial in found for sign in (1, -1)]
    return max(ratios) <= 0.02 and max(trial.outside - trial.inside for trial in found) <= 0.02


def test_6_odd_activations_are_spared_and_gelu_is_not():
    """6. tanh: |bg/core| <= .02 and OOD - ID <= .02; GELU: OOD - ID >= .5."""
    assert spared(TANH)
    assert not spared(GELU)
    found = contamination_trial(contamination_odd.scene(GELU), 0, 0)
    assert found.outside - found.inside >= 0.5


def test_7_relu_loses_twenty_times_as_much_as_a_linear_model():
    """7. (OOD - ID) of ReLU over that of the linear model >= 20."""
    relu, linear = (mean(activation, "loss of the background") for activation in (RELU, IDENTITY))
    assert relu >= 20 * linear > 0
    assert not linear >= 20 * relu
