"""The dual of two scales in doubles, against its definition: a double sum over the plane, without a Hermite series."""

import numpy as np
import pytest

from numerics.dual_series import TOLERANCE, series
from theory.activations import GELU, SIN, TANH

FUNCTIONS = {"tanh": np.tanh, "sin": np.sin, "gelu": lambda z: z * _normal(z)}
SCALES = (0.5, 1.0, 1.3)


def _normal(z):
    from scipy.special import ndtr

    return ndtr(z)


def defined(function, first, second, r):
    """Return `E[f(s u) f(s' v)]` at correlation r by the trapezoidal rule of step 1/8.

    tanh(1.3 z), the worst, is analytic up to `|Im z| = 1.2`, so it errs by `exp(-2 pi 1.2 8)`, 1e-26, and by what is
    beyond 10, of weight 1e-22.
    """
    u, w = np.meshgrid(*[np.arange(-10, 10.0625, 0.125)] * 2)
    density = np.exp(-(u**2 + w**2) / 2) / (2 * np.pi) / 64
    return float(np.sum(density * function(first * u) * function(second * (r * u + np.sqrt(1 - r * r) * w))))


def off(activation, r):
    """Return the largest error over pairs of scales, relative to the powers, as `TOLERANCE` is."""
    found = series(activation, np.array(SCALES))
    degrees = r ** np.arange(found.coefficients.shape[1])
    values = np.einsum("il,jl,l->ij", found.coefficients, found.coefficients, degrees)
    function = FUNCTIONS[activation.name]
    true = np.array([[defined(function, a, b, r) for b in SCALES] for a in SCALES])
    return float(np.max(np.abs(values - true) / np.sqrt(np.outer(found.power, found.power))))


@pytest.mark.parametrize("r", [-0.8, 0.1, 0.7])
@pytest.mark.parametrize("activation", [TANH, SIN, GELU], ids=lambda a: a.name)
def test_the_series_adds_up_to_the_mean_over_the_plane(activation, r):
    assert off(activation, r) < TOLERANCE


def test_another_correlation_is_seen(monkeypatch):
    honest = defined
    monkeypatch.setitem(globals(), "defined", lambda f, a, b, r: honest(f, a, b, r * 98 / 97))
    assert off(TANH, 0.7) > TOLERANCE
