"""The Weierstrass transform: found by rules, right at every shift, and None where the rules do not reach."""

import mpmath as mp
import pytest
import sympy as sp

from theory import balls
from theory.activations import CATALOGUE, RELU, STEP
from theory.hermite import HermiteSeries
from theory.quadrature import hermite_moments
from theory.registry import find_activation
from theory.symbols import t, x
from theory.weierstrass import cuts, linear, normal_cdf, split, transform, transform_of

OPEN = tuple(a for a in CATALOGUE if a.name in {"tanh", "sigmoid", "softplus", "silu", "mish", "gelu_tanh"})
CLOSED = tuple(a for a in CATALOGUE if a not in OPEN)
FORMULAS = (
    "exp(x/3 - 1)",
    "x**2*exp(-x**2)",
    "exp(x**2/5)",
    "x*sin(2*x + 1)",
    "x**3*erf(x/2 - 1)",
    "max(x - 1, 0)**2",
    "abs(x + 2)*x",
    "step(x - 1/2)*exp(x)",
    "max(min(x, 1), -1)",
    "2**x*x",
    "x*cosh(x/2)",
    "sin(3*x)*cos(x)",
    "sin(x)**2*x",
)


def named(activation):
    return activation.name


@pytest.mark.parametrize("shift", [mp.mpf("-1.3"), mp.mpf("0.4"), mp.mpf(2)], ids=str)
@pytest.mark.parametrize("activation", [*CLOSED, *map(find_activation, FORMULAS)], ids=named)
def test_the_transform_is_the_mean_at_every_shift(activation, shift):
    function = sp.lambdify(x, activation.expr, "mpmath")
    with mp.workdps(30):
        image = sp.lambdify(t, transform(activation), "mpmath")(shift)
        places = {mp.mpf(str(sp.N(b, 30))) - shift for b in activation.breakpoints}
        ends = sorted({mp.mpf(e) for e in (-22, -12, -6, -2, 2, 6, 12, 22)} | places)
        mean = mp.quad(lambda z: function(z + shift) * mp.npdf(z), ends)
        # exp(x^2/5) leaves exp(-0.3 * 22^2) = 1e-63 of the integral out
        assert abs(image - mean) < 1e-20 * (1 + abs(mean))
        assert abs(image * 98 / 97 - mean) > 1e-20 * (1 + abs(mean))


def test_the_transform_of_relu_is_that_of_the_textbook():
    density = sp.exp(-(t**2) / 2) / sp.sqrt(2 * sp.pi)
    assert sp.simplify(transform(RELU) - t * normal_cdf(t) - density) == 0


@pytest.mark.parametrize("activation", [*OPEN, find_activation("sqrt(1 + x**2)")], ids=named)
def test_where_no_rule_reaches_there_is_none(activation):
    assert transform(activation) is None


@pytest.mark.parametrize("text", ["exp(x**2/2)", "exp(x**2)", "step(x)*exp(x**2)"])
def test_a_gaussian_too_wide_has_none(text):
    assert transform(find_activation(text)) is None


@pytest.mark.parametrize("activation", [*CLOSED, *map(find_activation, FORMULAS)], ids=named)
def test_closed_coefficients_lie_in_the_balls_of_the_moments(activation):
    series, moments = HermiteSeries(activation), hermite_moments(activation, 8, 128)
    for l in range(9):
        closed = series.coefficient(l)
        assert balls.number(closed, 128).overlaps(moments[l])
        assert moments[l].contains(0) or not balls.number(closed * sp.Rational(98, 97), 128).overlaps(moments[l])


@pytest.mark.parametrize("activation", CATALOGUE, ids=named)
def test_the_switched_terms_add_up_to_the_function(activation):
    total = sum(f if a == -sp.oo else f * sp.Heaviside(x - a) for f, a in cuts(activation))
    for at in (sp.Rational(-7, 3), sp.Rational(-1, 9), sp.Rational(5, 4)):
        assert abs(sp.N((total - activation.expr).subs(x, at), 30)) < 1e-25


def test_a_jump_is_one_switched_term():
    assert cuts(STEP) == ((1, 0),)


def test_a_term_is_split_into_constant_power_and_core():
    constant, power, core = split(3 * x**2 * sp.exp(x) * sp.exp(-(x**2)) / sp.pi)
    assert (constant, power) == (3 / sp.pi, 2)
    assert sp.expand(core - sp.exp(x - x**2)) == 0


@pytest.mark.parametrize("expr", [sp.sin(3 * x) * sp.cos(x), sp.sinh(x) * x, sp.cosh(x) ** 2, sp.sin(x) ** 3], ids=str)
def test_products_are_written_as_sums_of_known_terms(expr):
    flat = linear(expr)
    assert not flat.has(sp.sinh, sp.cosh)
    assert [f for f in flat.atoms(sp.Pow) if f.base.has(sp.sin, sp.cos)] == []
    assert abs(sp.N((flat - expr).subs(x, sp.Rational(5, 7)), 30)) < 1e-25
    assert abs(sp.N((flat * sp.Rational(98, 97) - expr).subs(x, sp.Rational(5, 7)), 30)) > 1e-6


def test_the_transform_of_a_switched_sum_is_that_of_its_parts():
    assert transform_of(cuts(RELU)) == transform(RELU)
    assert transform_of([(sp.Integer(1), sp.Integer(0)), (sp.tanh(x), -sp.oo)]) is None
