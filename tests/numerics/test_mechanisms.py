"""What each activation gives to each mechanism, against refits, quadrature and the parity of the activation."""

import numpy as np
import pytest
from numpy.polynomial.hermite_e import hermegauss

from numerics.kernels import kernels
from numerics.mechanisms import PATTERN, exposure, exposures
from numerics.randomness import Purpose
from numerics.trials import draw_trial
from theory.activations import ABS, ERF, GELU, RELU
from theory.setting import Kernel, Setting

SETTING = Setting(kernel=Kernel.RF, activation=RELU, d=100, d_y=50, n=100)
ENERGY = 0.5 - 1 / (2 * np.pi)
"""Of ReLU without its mean: `E relu^2 - (E relu)^2`."""


def refitted(trial):
    """Return the effect of a stamp on any input over the leave-one-out error, by two fits with one more feature."""
    streams, drawn, at = draw_trial(SETTING, 1, trial)
    z, labels = drawn.train.z, drawn.train.g
    gram = kernels(SETTING, z, (at[:1],), seeds=[streams.seeds(Purpose.WEIGHTS)]).gram
    stamp = PATTERN * ENERGY
    with_pattern = gram.copy()
    with_pattern[0, 0] += stamp
    effect = stamp * np.linalg.solve(with_pattern, labels)[0]
    others = gram[0, 1:] @ np.linalg.solve(gram[1:, 1:], labels[1:])
    return effect / (labels[0] - others)


def test_a_rare_pattern_has_the_effect_of_two_refits():
    effects = [refitted(trial) for trial in range(60)]
    found, error = np.mean(effects), np.std(effects, ddof=1) / np.sqrt(len(effects))
    assert error < 0.003
    assert abs(found - exposure(RELU).rare) < 4 * error + 0.002  # the law's own bias at N = 100, of order 1/N
    assert abs(found - exposure(ERF).rare) > 0.02


@pytest.mark.parametrize("phi", [GELU, ERF], ids=str)
def test_what_is_beyond_degree_one_by_quadrature(phi):
    from scipy.special import erf

    x, w = hermegauss(120)
    w = w / w.sum()
    values = {"gelu": x * (1 + erf(x / np.sqrt(2))) / 2, "erf": erf(x)}[phi.name]
    mean, linear = w @ values, w @ (values * x)
    assert exposure(phi).shortcut == pytest.approx((w @ values**2 - mean**2 - linear**2) / linear**2, rel=1e-6)


def test_parity_decides_what_contaminates_and_what_is_linear():
    odd, even, neither = exposures([ERF, ABS, RELU])
    assert (odd.contaminated, odd.even) == (0, 0)
    assert (even.even, even.shortcut) == (1, float("inf"))
    assert 0 < neither.even < 1
    assert neither.contaminated > 0
