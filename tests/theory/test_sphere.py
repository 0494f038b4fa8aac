"""Harmonics of the sphere: how many there are, moments by integration, and a spectrum that adds up to the kernel."""

from math import comb

import pytest
import sympy as sp

from theory.sphere import dimension, eigenvalue, moment

HALF = sp.Rational(1, 2)
n, s = sp.symbols("n s", positive=True)


def of_homogeneous(degree, size):
    """Return the dimension of the homogeneous polynomials of a degree."""
    return comb(size + degree - 1, degree) if degree >= 0 else 0


def even_power(power, size):
    """Return `E[t^p]`, a Beta integral: `B((p + 1)/2, (n - 1)/2) / B(1/2, (n - 1)/2)`; at n = 1, t is 1 or -1."""
    if size == 1:
        return sp.Integer(1)
    ratio = sp.beta(sp.Rational(power + 1, 2), (size - 1) * HALF) / sp.beta(HALF, (size - 1) * HALF)
    return sp.gammasimp(ratio.rewrite(sp.gamma))


def gegenbauer(degree, size):
    """Return `P_i(s)`: Gegenbauer's polynomial or, on the circle, Chebyshev's, over its value at 1."""
    if size == 1:
        return s**degree
    whole = sp.chebyshevt(degree, s) if size == 2 else sp.gegenbauer(degree, size * HALF - 1, s)
    return sp.expand(whole / whole.subs(s, 1))


def by_integration(power, degree, size):
    """Return `E[t^p P_i(t)]`, the polynomial expanded and its powers integrated one by one."""
    terms = sp.Poly(gegenbauer(degree, size) * s**power, s).terms()
    return sum((c * even_power(p, size) for (p,), c in terms if p % 2 == 0), sp.Integer(0))


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 30])
def test_a_harmonic_is_a_homogeneous_polynomial_less_one_two_degrees_down(size):
    counted = [of_homogeneous(i, size) - of_homogeneous(i - 2, size) for i in range(9)]
    assert [dimension(i, size) for i in range(9)] == counted
    assert [dimension(i, size + 1) for i in range(9)] != counted


def test_the_dimension_is_a_polynomial_in_n():
    assert [sp.expand(dimension(3, n) - (n - 1) * n * (n + 4) / 6), dimension(0, n), dimension(1, n)] == [0, 1, n]


@pytest.mark.parametrize("size", [2, 3, 5, 8])
@pytest.mark.parametrize("degree", range(5))
def test_a_moment_is_the_integral_of_the_polynomial(degree, size):
    for power in range(9):
        assert moment(power, degree, size) == by_integration(power, degree, size)
    assert moment(degree + 2, degree, size + 1) != by_integration(degree + 2, degree, size)


def test_on_two_points_the_degrees_0_and_1_are_all_there_is():
    assert [[moment(p, i, 1) for i in (0, 1)] for p in range(4)] == [[1, 0], [0, 1], [1, 0], [0, 1]]


@pytest.mark.parametrize(("power", "degree"), [(2, 0), (6, 0), (1, 1), (5, 1), (4, 2), (5, 3)])
def test_a_moment_holds_for_a_symbol(power, degree):
    """`P_2 = (n t^2 - 1) / (n - 1)` and `P_3 = ((n + 2) t^3 - 3 t) / (n - 1)`, from the three-term recurrence."""
    polynomial = [1, s, (n * s**2 - 1) / (n - 1), ((n + 2) * s**3 - 3 * s) / (n - 1)][degree]
    terms = sp.Poly(sp.expand(polynomial * s**power), s).terms()
    expected = sum(c * even_power(p, n) for (p,), c in terms)
    assert sp.simplify(moment(power, degree, n) - expected) == 0
    assert sp.simplify(moment(power, degree, n + 1) - expected) != 0


@pytest.mark.parametrize(("d_x", "d_y"), [(1, 1), (1, 4), (3, 2), (7, 7), (40, 3)])
def test_the_modes_of_a_polynomial_kernel_have_all_its_energy(d_x, d_y):
    coefficients = {0: sp.Rational(1, 7), 1: sp.Rational(2, 3), 2: sp.Integer(1), 5: sp.Rational(3, 11)}
    modes = [(i, j) for i in range(6) for j in range(6 - i)]
    energy = {
        (i, j): dimension(i, d_x) * dimension(j, d_y) * eigenvalue(i, j, coefficients, d_x, d_y) for i, j in modes
    }
    kappa = sum(coefficients.values())
    assert sum(energy.values()) == kappa
    assert sum(value for (i, j), value in energy.items() if i + j < 2) != kappa


def test_the_eigenvalue_holds_for_symbols():
    m = sp.Symbol("m", positive=True)
    coefficients = {1: sp.Integer(2), 4: sp.Integer(1)}
    for mode in ((2, 0), (0, 4), (3, 1)):
        symbolic = eigenvalue(*mode, coefficients, n, m)
        assert sp.simplify(symbolic.subs({n: 3, m: 5}) - eigenvalue(*mode, coefficients, 3, 5)) == 0
        assert sp.simplify(symbolic.subs({n: 3, m: 5}) - eigenvalue(*mode, coefficients, 5, 3)) != 0


def test_the_eigenvalue_is_the_integral_of_its_definition():
    """Powers of `rho = (3 t_x + 5 t_y)/8` against `P_2(t_x) P_1(t_y)`, integrated monomial by monomial."""
    x, y = sp.symbols("x y")
    d_x, d_y = 3, 5
    coefficients = {1: sp.Integer(2), 3: sp.Rational(1, 3), 5: sp.Integer(1)}
    rho = (d_x * x + d_y * y) / sp.Integer(8)
    kappa = sum(c * rho**l for l, c in coefficients.items())
    integrand = sp.Poly(sp.expand(kappa * gegenbauer(2, d_x).subs(s, x) * gegenbauer(1, d_y).subs(s, y)), x, y)
    by_definition = sum(
        c * even_power(p, d_x) * even_power(q, d_y) for (p, q), c in integrand.terms() if p % 2 == q % 2 == 0
    )
    assert eigenvalue(2, 1, coefficients, d_x, d_y) == by_definition
    assert eigenvalue(1, 2, coefficients, d_x, d_y) != by_definition
