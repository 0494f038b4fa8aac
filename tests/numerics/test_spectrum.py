"""Eigenvalues in doubles: exact rational ones, what they add up to, and what is left out."""

import numpy as np
import pytest
import sympy as sp

from numerics.spectrum import Profile, profile, spectrum, with_values
from theory.activations import ERF, PHI4, RELU, SIGN, TANH
from theory.deep_kernels import deep_ntk
from theory.finite_size import Modes
from theory.kernels import random_features, tangent_features
from theory.sphere import dimension, eigenvalue

EPS = float(np.finfo(float).eps)
EXACT = 1e3 * EPS
"""Relative: every entry is a sum of positive products of factors that are right to a few hundred units."""
COEFFICIENTS = {0: sp.Rational(1, 7), 1: sp.Rational(2, 3), 2: sp.Integer(1), 5: sp.Rational(3, 11)}
SIZES = [(1, 1), (1, 4), (3, 2), (25, 25), (40, 3), (500_000, 500_000)]


def polynomial():
    values = np.zeros(61)
    values[list(COEFFICIENTS)] = [float(c) for c in COEFFICIENTS.values()]
    return Profile(coefficients=values, total=float(sum(COEFFICIENTS.values())))


@pytest.mark.parametrize(("d_x", "d_y"), SIZES)
def test_the_eigenvalues_are_the_exact_ones(d_x, d_y):
    found = spectrum(polynomial(), d_x, d_y, 5)
    exact = np.zeros((6, 6))
    for i in range(6):
        for j in range(6 - i):
            exact[i, j] = float(eigenvalue(i, j, COEFFICIENTS, d_x, d_y))
            assert found.multiplicities[i, j] == pytest.approx(float(dimension(i, d_x) * dimension(j, d_y)), rel=EXACT)
    np.testing.assert_allclose(found.values, exact, rtol=EXACT)  # entry by entry, those of order 1e-30 too
    assert found.rest == 0
    assert not np.allclose(spectrum(polynomial(), d_x + 1, d_y, 5).values, exact, rtol=EXACT, atol=0)


@pytest.mark.parametrize(("d_x", "d_y"), SIZES)
def test_the_modes_of_a_polynomial_have_all_its_energy_up_to_its_degree(d_x, d_y):
    whole, part = (spectrum(polynomial(), d_x, d_y, degrees) for degrees in (6, 4))
    assert np.sum(whole.values * whole.multiplicities) == pytest.approx(whole.total, rel=EXACT)
    shell_5 = sum(whole.values[i, 5 - i] * whole.multiplicities[i, 5 - i] for i in range(6))
    assert part.rest == pytest.approx(shell_5, rel=1e-9)  # a difference: digits are lost
    largest = max((whole.values[i, 5 - i] for i in range(6) if whole.multiplicities[i, 5 - i]), default=0)
    assert part.next_value == pytest.approx(largest, rel=EXACT)
    assert whole.next_value == 0


@pytest.mark.parametrize(
    "kernel", [random_features(RELU), tangent_features(ERF), deep_ntk(TANH, 2)], ids=lambda k: k.name
)
@pytest.mark.parametrize(("d_x", "d_y"), [(25, 25), (3, 40), (1, 60)])
def test_the_eigenvalues_of_a_series_lie_in_their_balls(kernel, d_x, d_y):
    """What the series of the balls leaves out is in their radius, what the doubles leave out in `missing`."""
    found, modes = spectrum(profile(kernel, 240), d_x, d_y, 8), Modes(kernel=kernel, d_x=d_x, d_y=d_y, degrees=8)
    for (i, j), ball in modes.values.items():
        slack = float(ball.rad()) + found.missing + EXACT * float(ball.mid())
        assert abs(found.values[i, j] - float(ball.mid())) <= slack
    for i, ball in enumerate(modes.on_x):
        slack = float(ball.rad()) + found.missing_on_x + EXACT * float(ball.mid())
        assert abs(found.on_x[i] - float(ball.mid())) <= slack
    ball = modes.values[1, 0]  # of even and of odd kernels
    assert abs(found.values[1, 0] * 98 / 97 - float(ball.mid())) > float(ball.rad()) + found.missing
    assert found.missing < 1e-12


@pytest.mark.parametrize(("d_x", "d_y"), [(2, 3), (5, 5)])
def test_the_mean_over_one_factor_is_an_integral(d_x, d_y):
    """`E[kappa(a t + b) P_i]`, i to 2, by the midpoint rule in the angle."""
    angle = (np.arange(400) + 0.5) * np.pi / 400
    weight = np.sin(angle) ** (d_x - 2)
    weight /= weight.sum()
    t, a = np.cos(angle), d_x / (d_x + d_y)
    kernel = polynomial()
    kappa = np.polynomial.polynomial.polyval(a * t + 1 - a, kernel.coefficients)
    p = [np.ones_like(t), t, (d_x * t**2 - 1) / (d_x - 1)]
    expected = [weight @ (kappa * row) for row in p]
    found = spectrum(kernel, d_x, d_y, 2)
    rule = 1e-7  # a cubed sine is three times differentiable at its ends: an error of the order of (pi/400)^4, or 4e-9
    np.testing.assert_allclose(found.on_x, expected, rtol=rule)
    by_values = with_values(found, lambda r: np.polynomial.polynomial.polyval(r, kernel.coefficients))
    np.testing.assert_allclose(by_values.on_x, expected, rtol=rule)
    assert by_values.missing_on_x == 0
    assert not np.allclose(spectrum(kernel, d_y + 1, d_x, 2).on_x, expected, rtol=rule)


def test_coefficients_that_vanish_are_0_and_what_they_leave_is_known():
    even, odd = profile(random_features(PHI4), 60), profile(random_features(SIGN), 60)
    np.testing.assert_array_equal(np.flatnonzero(even.coefficients), [1, 4])
    assert even.beyond == 0
    assert not odd.coefficients[::2].any()
    assert odd.beyond == pytest.approx(1 - sum(odd.coefficients))


def test_what_is_missing_bounds_what_more_coefficients_add():
    kernel = random_features(SIGN)
    few, many = (spectrum(profile(kernel, terms), 4, 6, 4) for terms in (60, 480))
    gained = many.values - few.values
    assert np.all(gained >= -EXACT * many.values)
    assert 0 < gained.max() <= few.missing
    assert 0 < (many.on_x - few.on_x).max() <= few.missing_on_x
    assert not gained.max() <= many.missing
