"""Dual activations: derived, and equal to the textbook's, to their series and to their definition."""

from fractions import Fraction

import flint
import mpmath as mp
import pytest
import sympy as sp

from theory import balls, oracle
from theory.activations import (
    ABS,
    CATALOGUE,
    COS,
    CUBIC,
    ERF,
    GELU,
    LEAKY_RELU,
    PHI2,
    PHI4,
    QUADRATIC,
    RELU,
    SIN,
    STEP,
    Activation,
)
from theory.duals import Generalised, dual
from theory.expectations import correlated
from theory.kernels import random_features
from theory.registry import find_activation
from theory.rules import PRICE
from theory.symbols import rho, x

BITS = 128
TEXTBOOK = {
    RELU: (sp.sqrt(1 - rho**2) + rho * (sp.pi - sp.acos(rho))) / (2 * sp.pi),
    STEP: (sp.pi - sp.acos(rho)) / (2 * sp.pi),
    ABS: 2 * (sp.sqrt(1 - rho**2) + rho * sp.asin(rho)) / sp.pi,
    ERF: 2 * sp.asin(2 * rho / 3) / sp.pi,
    SIN: sp.sinh(rho) / sp.E,
    COS: sp.cosh(rho) / sp.E,
    PHI2: rho + rho**2,
    PHI4: rho + rho**4,
    QUADRATIC: 1 + rho + 2 * rho**2,
    CUBIC: 9 * rho + 6 * rho**3,
}
NO_DUAL = {"tanh", "sigmoid", "softplus", "silu", "mish", "gelu_tanh", "hard_tanh", "elu", "selu", "celu"}
CLOSED = tuple(activation for activation in CATALOGUE if dual(activation) is not None)
MORE = tuple(
    find_activation(text)
    for text in (
        "max(x, 0)**2",
        "max(x, 0)**3",
        "x*abs(x)",
        "exp(x)",
        "sin(2*x + 1) + cos(x)",
        "sin(x + 1) + sin(x)",
        "x*sin(2*x + 1)",
        "exp(-x**2)",
        "x*exp(-x**2/2)",
        "sin(2*x) + cos(x)",
        "x*erf(x)",
        "sign(x) + x",
        "x**2*erf(2*x)",
        "erf(2*x) + erf(x)",
        "max(x, 0) + erf(x)",
        "x*sin(x)",
        "exp(x) + sin(x)",
        "exp(-(x - 1)**2)",
        "x**2*exp(-x**2)",
        "sin(3*x)*cos(x)",
        "cosh(x/2)",
    )
)


def named(activation):
    return activation.name


def rational(value):
    return sp.Rational(value.numerator, value.denominator)


@pytest.mark.parametrize("activation", TEXTBOOK, ids=named)
def test_the_dual_is_that_of_the_textbook(activation):
    derived = dual(activation).expr
    assert sp.simplify((derived - TEXTBOOK[activation]).rewrite(sp.asin)) == 0
    assert sp.simplify((derived * sp.Rational(98, 97) - TEXTBOOK[activation]).rewrite(sp.asin)) != 0


def test_the_second_derivative_for_relu_is_that_of_the_derivation():
    expected = 1 / (2 * sp.pi * sp.sqrt(1 - rho**2))
    assert sp.simplify(dual(RELU).expr.diff(rho, 2) - expected) == 0
    assert [step.right for step in dual(RELU).steps if step.rule is PRICE] == [expected]


@pytest.mark.parametrize("activation", [a for a in CATALOGUE if a.name in NO_DUAL], ids=named)
def test_where_price_leads_to_no_elementary_integral_there_is_no_dual(activation):
    assert dual(activation) is None


def test_the_catalogue_has_as_many_closed_forms_as_it_should():
    assert set(TEXTBOOK) | {GELU, LEAKY_RELU} <= set(CLOSED)
    assert {a.name for a in CATALOGUE} - {a.name for a in CLOSED} == NO_DUAL


@pytest.mark.parametrize("at", [Fraction(-1, 2), Fraction(1, 3), Fraction(9, 10)], ids=str)
@pytest.mark.parametrize("activation", MORE, ids=named)
def test_a_dual_derived_for_a_formula_is_its_series(activation, at):
    kernel = random_features(activation)
    closed = balls.number(dual(activation).expr.subs(rho, rational(at)), BITS)
    with balls.precision(BITS):
        point = balls.rational(at)
        total = sum((kernel.ball(l, BITS) * balls.integer_power(point, l) for l in range(61)), flint.arb(0))
        total += kernel.series.tail(60, BITS) * abs(point) ** 61 * flint.arb(0, 1)
        assert closed.overlaps(total)
        assert not (closed * 98 / 97).overlaps(total)


@pytest.mark.parametrize("activation", [RELU, LEAKY_RELU, ABS, ERF, GELU, SIN, QUADRATIC], ids=named)
def test_the_dual_is_its_definition_by_double_quadrature(activation):
    at = sp.Rational(2, 5)
    defined = oracle.value(correlated(activation.expr, activation.expr, at))
    closed = mp.mpf(sp.N(dual(activation).expr.subs(rho, at), 30))
    assert defined.error < 1e-6
    assert abs(defined.value - closed) <= defined.error
    assert abs(defined.value - closed * 98 / 97) > defined.error


@pytest.mark.parametrize("activation", [a for a in CLOSED if not a.jumps], ids=named)
def test_the_slope_of_the_dual_is_the_dual_of_the_derivative(activation):
    slope, of_derivative = dual(activation).expr.diff(rho), dual(activation.derivative).expr
    for at in (Fraction(-1, 3), Fraction(4, 7)):
        here, there = (balls.number(side.subs(rho, rational(at)), BITS) for side in (slope, of_derivative))
        assert here.overlaps(there)
        assert not (here * 98 / 97).overlaps(there)


@pytest.mark.parametrize("activation", CLOSED, ids=named)
def test_the_last_step_of_the_derivation_is_the_dual(activation):
    found = dual(activation)
    assert found.steps[-1].right == found.expr
    assert [step for step in found.steps if not step.because] == []
    for above, below in zip(found.steps, found.steps[1:], strict=False):
        difference = above.right - below.right.diff(rho)
        assert abs(sp.N(difference.subs(rho, sp.Rational(3, 7)), 40)) < 1e-35


def test_a_point_mass_has_no_derivative_here():
    step = Generalised(switched=((sp.Integer(1), sp.Integer(0)),))
    mass = step.derivative()
    assert mass.masses == {0: 1}
    assert mass.derivative() is None


def test_kinks_off_the_origin_have_no_closed_dual():
    assert dual(Activation(name="shifted", expr=sp.Max(x - 1, 0))) is None
