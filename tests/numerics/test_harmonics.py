"""Harmonics in doubles, against the exact ones, mpmath's Gegenbauer polynomials and integrals over the sphere."""

import math

import mpmath as mp
import numpy as np
import pytest

from numerics.harmonics import density_at_zero, dimensions, half_line, moments, polynomials, sign_coefficients
from theory.sphere import dimension, moment

EPS = float(np.finfo(float).eps)
EXACT = 300 * EPS
"""Relative: a hundred products and quotients of positive numbers, one rounding each, three in each step."""


def gegenbauer(n, i, t):
    """Return `P_i(t)`, `P_i(1) = 1`: on the circle Chebyshev's polynomial."""
    if n == 2:
        return mp.chebyt(i, t)
    order = mp.mpf(n) / 2 - 1
    return mp.gegenbauer(i, order, t, zeroprec=200) / mp.binomial(i + n - 3, i)  # 0 is a root of the odd ones


def mean(n, function):
    """Return `E[f(|t|)]`, an integral over the angle."""
    top, whole = (
        mp.quad(lambda a, f=f: f(mp.sin(a)) * mp.cos(a) ** (n - 2), mp.linspace(0, mp.pi / 2, 5))
        for f in (function, lambda _: 1)
    )
    return top / whole


@pytest.mark.parametrize("n", [1, 2, 3, 17, 10**6])
def test_dimensions_are_the_exact_ones(n):
    exact = [float(dimension(i, n)) for i in range(41)]
    np.testing.assert_allclose(dimensions(n, 40), exact, rtol=EXACT)
    assert not np.allclose(dimensions(n + 1, 40), exact, rtol=EXACT)
    assert [len(dimensions(n, degrees)) for degrees in (0, 1, 2)] == [1, 2, 3]


@pytest.mark.parametrize("n", [1, 2, 3, 17, 10**6])
def test_moments_are_the_exact_ones(n):
    exact = [[float(moment(p, i, n)) for i in range(13)] for p in range(41)]
    found = moments(n, 40, 12)
    np.testing.assert_allclose(found, exact, rtol=EXACT)  # entry by entry, those of order 1e-70 too
    assert not np.allclose(moments(n + 1, 40, 12), exact, rtol=EXACT, atol=0)


def test_moments_of_fewer_powers_than_degrees_are_a_corner_of_the_table():
    np.testing.assert_array_equal(moments(5, 3, 6), moments(5, 20, 6)[:4])
    np.testing.assert_array_equal(moments(5, 20, 2), moments(5, 20, 6)[:, :3])


@pytest.mark.parametrize("n", [2, 3, 5, 30, 1000])
def test_polynomials_are_gegenbauers(n):
    t = np.array([-1.0, -0.7, 0.0, 0.03, 0.5, 0.99, 1.0])
    with mp.workdps(40):
        exact = np.array([[float(gegenbauer(n, i, mp.mpf(float(s)))) for s in t] for i in range(21)])
    found = polynomials(n, 20, t)
    assert np.max(np.abs(found - exact)) < EXACT  # they are at most 1, and the recurrence is stable there
    assert np.max(np.abs(polynomials(n + 1, 20, t) - exact)) > EXACT


def test_polynomials_on_two_points_are_1_and_t():
    t = np.array([-1.0, 1.0])
    np.testing.assert_array_equal(polynomials(1, 5, t), [t**i for i in range(6)])


@pytest.mark.parametrize("n", [2, 3, 5, 30])
def test_the_coefficients_of_the_sign_are_its_integrals(n):
    found = sign_coefficients(n, 9)
    with mp.workdps(25):
        exact = [mp.sqrt(int(dimension(i, n))) * mean(n, lambda t, i=i: gegenbauer(n, i, t)) for i in range(1, 10, 2)]
    np.testing.assert_allclose(found[1::2], [float(v) for v in exact], rtol=EXACT)
    np.testing.assert_array_equal(found[::2], 0)
    assert not np.allclose(sign_coefficients(n + 1, 9)[1::2], [float(v) for v in exact], rtol=EXACT)


@pytest.mark.parametrize("n", [2, 3, 5, 30])
def test_the_squares_of_the_sign_sum_to_1(n):
    """`v_i^2` falls as `C i^(-2)` (on the circle `8 / (pi i)^2`): beyond degree D it sums to `D v_D^2 / 2`, over odd i.

    The next term is smaller by `n / D`, with room for a factor of ten at D = 50 n.
    """
    degrees = 50 * n + 1
    squares = sign_coefficients(n, degrees) ** 2
    tail = degrees * squares[-1] / 2
    assert abs(1 - squares.sum() - tail) < 0.2 * tail
    assert 0 < tail < 0.2


def test_in_many_dimensions_the_sign_has_the_coefficients_of_a_gaussian():
    """`E[sign(g) h_i(g)] = (-1)^((i-1)/2) sqrt(2/pi) (i-2)!! / sqrt(i!)`, from which they differ by `i^2 / n`."""
    expected = [
        (-1) ** (i // 2) * math.sqrt(2 / math.pi / math.factorial(i)) * math.prod(range(1, i - 1, 2))
        for i in range(1, 10, 2)
    ]
    found = sign_coefficients(10**6, 9)[1::2]
    np.testing.assert_allclose(found, expected, rtol=81e-6)
    assert not np.allclose(sign_coefficients(1000, 9)[1::2], expected, rtol=81e-6)


def test_the_sign_on_two_points_is_the_degree_1():
    np.testing.assert_array_equal(sign_coefficients(1, 4), [0, 1, 0, 0, 0])


@pytest.mark.parametrize("n", [1, 2, 3, 30, 10**6])
def test_the_half_line_integrates_powers(n):
    nodes, weights = half_line(n)
    found = [weights @ nodes**p for p in (0, 2, 4)]
    exact = [1, 1 / n, 3 / (n * (n + 2))]
    # the normalisation is one function of n, right to 1e-10 of log Gamma(1e6), of order 1e7, in doubles
    np.testing.assert_allclose(found, exact, rtol=1e-9)
    assert not np.allclose(found[1], 1 / (n + 2), rtol=1e-9, atol=0)


@pytest.mark.parametrize("n", [2, 3, 5, 30])
def test_the_half_line_integrates_what_is_odd(n):
    """`E[|t|]` and `E[|t|^3]` by quadrature, and `2 density(0) / (n - 1)`."""
    nodes, weights = half_line(n)
    with mp.workdps(25):
        exact = [float(mean(n, lambda t, p=p: t**p)) for p in (1, 3)]
    np.testing.assert_allclose([weights @ nodes, weights @ nodes**3], exact, rtol=1e-12)
    np.testing.assert_allclose(2 * density_at_zero(n) / (n - 1), exact[0], rtol=1e-12)
