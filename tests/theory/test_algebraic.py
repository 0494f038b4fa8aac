"""A class of functions closed under integration: differentiating the integral gives the integrand back."""

import mpmath as mp
import pytest
import sympy as sp

from theory.algebraic import Algebraic, AlgebraicSum
from theory.symbols import rho

ONE, FOUR, NINE = sp.Integer(1), sp.Integer(4), sp.Integer(9)
INTEGRANDS = {
    "the arcsine's": Algebraic(a=ONE, b=ONE, numerator=ONE),
    "a polynomial": Algebraic(a=ONE, b=ONE, polynomial=3 * rho**2 - rho + 2),
    "an arcsine": Algebraic(a=ONE, b=ONE, arcsine=ONE),
    "rho times an arcsine": Algebraic(a=NINE, b=FOUR, arcsine=rho / sp.pi),
    "an odd numerator": Algebraic(a=FOUR, b=ONE, numerator=rho**3 - rho),
    "an even numerator": Algebraic(a=FOUR, b=ONE, numerator=rho**4 + 2),
    "order one": Algebraic(a=NINE, b=FOUR, numerator=sp.Integer(5), order=1),
    "order two": Algebraic(a=NINE, b=FOUR, numerator=1 - rho**2, order=2),
    "everything at once": Algebraic(
        a=FOUR, b=ONE, polynomial=rho + 1, arcsine=rho**2 - 1, numerator=rho**2 + rho, order=1
    ),
}
PLACES = [sp.Rational(k, 7) for k in (-6, -3, -1, 2, 5)]


@pytest.mark.parametrize("integrand", INTEGRANDS.values(), ids=INTEGRANDS)
def test_the_derivative_of_the_integral_is_the_integrand(integrand):
    slope = integrand.integral().expression().diff(rho)
    assert sp.simplify(slope - integrand.expression()) == 0
    assert [p for p in PLACES if abs(sp.N((slope - integrand.expression()).subs(rho, p), 40)) > 1e-35] == []
    assert sp.simplify(slope - integrand.expression() * sp.Rational(98, 97)) != 0


@pytest.mark.parametrize("integrand", INTEGRANDS.values(), ids=INTEGRANDS)
def test_the_integral_is_that_from_zero_by_quadrature(integrand):
    integral = sp.lambdify(rho, integrand.integral().expression(), "mpmath")
    function = sp.lambdify(rho, integrand.expression(), "mpmath")
    with mp.workdps(30):
        assert abs(integral(mp.mpf(0))) < 1e-28
        for end in (mp.mpf("-0.8"), mp.mpf("0.6")):
            assert abs(integral(end) - mp.quad(function, [0, end])) < 1e-24
            assert abs(integral(end) * 98 / 97 - mp.quad(function, [0, end])) > 1e-6


@pytest.mark.parametrize("integrand", INTEGRANDS.values(), ids=INTEGRANDS)
def test_a_second_integral_exists_and_is_right(integrand):
    twice = integrand.integral().integral().expression().diff(rho, 2)
    assert [p for p in PLACES if abs(sp.N((twice - integrand.expression()).subs(rho, p), 40)) > 1e-35] == []


def test_the_integral_of_the_reciprocal_root_is_the_arcsine():
    assert INTEGRANDS["the arcsine's"].integral().expression() == sp.asin(rho)


def test_sums_are_those_of_the_functions():
    start = Algebraic(a=FOUR, b=ONE, numerator=ONE, order=1)
    total = start.plus_root(rho, 2).plus_polynomial(rho**2) + sp.Integer(3)
    root = 4 - rho**2
    expected = root ** sp.Rational(-3, 2) + rho * root ** sp.Rational(-5, 2) + rho**2 + 3
    assert [p for p in PLACES if abs(sp.N((total.expression() - expected).subs(rho, p), 40)) > 1e-35] == []


def test_zero_is_zero_and_so_is_its_integral():
    zero = Algebraic.zero(FOUR, ONE)
    assert zero.expression() == 0
    assert zero.integral().expression() == 0


def several_roots():
    """Return a sum over two roots, and a polynomial."""
    total = AlgebraicSum().plus_root(rho**2 + 1, 1, a=FOUR, b=ONE).plus_root(ONE, 0, a=NINE, b=FOUR)
    return total.plus_root(rho, 0, a=FOUR, b=ONE).plus_polynomial(3 * rho)


def test_a_sum_over_several_roots_is_the_sum_of_the_functions():
    expected = (rho**2 + 1) * (4 - rho**2) ** sp.Rational(-3, 2) + (9 - 4 * rho**2) ** sp.Rational(-1, 2)
    expected += rho * (4 - rho**2) ** sp.Rational(-1, 2) + 3 * rho
    assert [part.a for part in several_roots().parts] == [NINE, FOUR]
    assert [p for p in PLACES if abs(sp.N((several_roots().expression() - expected).subs(rho, p), 40)) > 1e-35] == []


def test_the_derivative_of_the_integral_of_a_sum_is_the_sum():
    integral, function = several_roots().integral().expression(), several_roots().expression()
    assert integral.subs(rho, 0) == 0
    assert [p for p in PLACES if abs(sp.N((integral.diff(rho) - function).subs(rho, p), 40)) > 1e-35] == []
    wrong = function * sp.Rational(98, 97)
    assert [p for p in PLACES if abs(sp.N((integral.diff(rho) - wrong).subs(rho, p), 40)) < 1e-6] == []


def test_a_constant_root_is_a_polynomial_and_one_without_arcsine_is_refused():
    assert AlgebraicSum().plus_root(rho, 0, a=FOUR, b=sp.Integer(0)).expression() == rho / 2
    with pytest.raises(ValueError, match=r"^4 - \(-1\) rho\^2 has no arcsine$"):
        AlgebraicSum().plus_root(rho, 0, a=FOUR, b=-ONE)
