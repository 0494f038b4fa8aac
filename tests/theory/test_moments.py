"""Bounds on what a cut series leaves out: they hold for closed forms, are needed, and refuse a wrong value."""

from fractions import Fraction
from functools import cache

import flint
import pytest
import sympy as sp

from theory import balls
from theory.activations import EXP, RELU, SIN, STEP
from theory.moments import Moments
from theory.symbols import rho, t
from theory.weierstrass import normal_cdf

BITS = 128
RELU_DUAL = (sp.sqrt(1 - rho**2) + rho * (sp.pi - sp.acos(rho))) / (2 * sp.pi)
DUALS = {
    RELU: RELU_DUAL,
    STEP: (sp.pi - sp.acos(rho)) / (2 * sp.pi),
    EXP: sp.exp(1 + rho),
    SIN: sp.sinh(rho) / sp.E,
}
TRANSFORMS = {
    RELU: t * normal_cdf(t) + sp.exp(-(t**2) / 2) / sp.sqrt(2 * sp.pi),
    STEP: normal_cdf(t),
    EXP: sp.exp(t + sp.Rational(1, 2)),
    SIN: sp.exp(-sp.Rational(1, 2)) * sp.sin(t),
}
CORRELATIONS = [Fraction(-1, 2), Fraction(1, 3), Fraction(2, 3)]


def named(activation):
    return activation.name


@cache
def moments(activation, order=40):
    return Moments(activation=activation, order=order, bits=BITS)


def number(expr, symbol, at):
    return balls.number(expr.subs(symbol, sp.Rational(at.numerator, at.denominator)), BITS)


def holds(ball, truth):
    """Return whether a ball holds the truth and does not hold it spoilt."""
    with balls.precision(BITS):
        return ball.overlaps(truth) and not ball.overlaps(truth * 98 / 97)


@pytest.mark.parametrize("activation", TRANSFORMS, ids=named)
@pytest.mark.parametrize("at", [Fraction(-1, 3), Fraction(1, 2), Fraction(1)], ids=str)
def test_the_transform_holds_the_closed_form(activation, at):
    assert holds(moments(activation).transform(at), number(TRANSFORMS[activation], t, at))


@pytest.mark.parametrize("derivative", [0, 1, 2])
@pytest.mark.parametrize("at", CORRELATIONS, ids=str)
@pytest.mark.parametrize("activation", DUALS, ids=named)
def test_the_dual_and_its_slopes_hold_the_closed_form(activation, at, derivative):
    truth = number(DUALS[activation].diff(rho, derivative), rho, at)
    assert holds(moments(activation).dual(at, derivative), truth)


def test_the_bound_is_needed():
    few = moments(RELU, 4)
    for ball, truth in (
        (few.transform(Fraction(1)), number(TRANSFORMS[RELU], t, Fraction(1))),
        (few.dual(Fraction(1, 2)), number(RELU_DUAL, rho, Fraction(1, 2))),
        (few.dual(Fraction(1, 2), 1), number(RELU_DUAL.diff(rho), rho, Fraction(1, 2))),
    ):
        assert ball.overlaps(truth)
        assert not flint.arb(ball.mid()).overlaps(truth)
        assert ball.rad() < 1


def test_the_rest_is_what_parseval_leaves():
    with balls.precision(BITS):
        for order in (0, 4, 11):
            held = moments(RELU, order)
            left = flint.arb(1) / 2 - sum((mu * mu for mu in held.mu), flint.arb(0))
            assert held.rest >= left.lower()
            assert held.rest < left * 98 / 97


@pytest.mark.parametrize(("at", "derivative", "weight"), [(Fraction(1, 2), 0, 1), (Fraction(-1, 3), 1, 12), (1, 0, 1)])
def test_what_a_cut_dual_leaves_out_weighs_as_much_as_its_first_degree(at, derivative, weight):
    held, at = moments(RELU, 11), Fraction(at)  # twelve is the first
    with balls.precision(BITS):
        expected = held.rest * balls.rational(abs(at) ** (12 - derivative)) * weight
        found = flint.arb(held.dual(at, derivative).rad())
        assert expected * 97 / 98 < found < expected * 98 / 97


@pytest.mark.parametrize("at", [Fraction(-1, 3), Fraction(1, 2), Fraction(1)], ids=str)
def test_what_a_cut_transform_leaves_out_is_bounded_by_the_rest_and_an_exponential_series(at):
    held = moments(RELU, 11)
    with balls.precision(BITS):
        expected = (held.rest * 2 * balls.rational(at**24) / flint.arb(12).fac()).sqrt()
        found = flint.arb(held.transform(at).rad())
        assert expected * 97 / 98 < found < expected * 98 / 97


@pytest.mark.parametrize("first", [0, 1, 3])
def test_sums_from_a_degree_on_are_the_dual_less_its_first_terms(first):
    at = Fraction(1, 2)
    head = sum(1 / sp.factorial(l) * rho**l for l in range(first))
    assert holds(moments(EXP).sum_from(first, at), number(sp.E * (sp.exp(rho) - head), rho, at))
    assert holds(moments(EXP).energy_from(first), number(sp.E * (sp.exp(rho) - head), rho, Fraction(1)))


@pytest.mark.parametrize("first", [0, 2])
def test_the_product_of_two_series_is_the_mean_of_the_pair(first):
    """`E[exp(u) sin(v)]` is the imaginary part of `E[exp(u + i v)] = exp(i r)`."""
    r = Fraction(3, 5)
    with balls.precision(BITS):
        found = moments(EXP).product(moments(SIN), first, balls.rational(r))
    assert holds(found, number(sp.sin(rho) - (rho if first == 2 else 0), rho, r))


def test_the_bound_on_a_product_is_needed():
    with balls.precision(BITS):
        found = moments(RELU, 4).product(moments(RELU, 4), 0, balls.rational(Fraction(1, 2)))
        truth = number(RELU_DUAL, rho, Fraction(1, 2))
        assert found.overlaps(truth)
        assert not flint.arb(found.mid()).overlaps(truth)


def test_the_rest_of_a_product_is_bounded_by_both_energies():
    one, other, r = moments(RELU, 11), moments(STEP, 11), Fraction(1, 2)
    with balls.precision(BITS):
        expected = (one.rest * other.rest).sqrt() * balls.rational(r**12)
        found = flint.arb(one.product(other, 0, balls.rational(r)).rad())
        assert expected * 97 / 98 < found < expected * 98 / 97


def test_too_few_degrees_for_a_derivative_are_refused():
    with pytest.raises(ArithmeticError, match=r"^4 degrees are too few for derivative 2 at 9/10$"):
        moments(RELU, 4).dual(Fraction(9, 10), 2)
