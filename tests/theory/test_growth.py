"""Envelopes lie above their functions, tails above their integrals, and what is unproved is refused."""

import math
from dataclasses import replace

import mpmath as mp
import pytest
import sympy as sp

from theory import growth
from theory.activations import CATALOGUE, RELU, TANH, Activation
from theory.expressions import parse
from theory.growth import Envelope, envelope
from theory.registry import find_activation
from theory.symbols import x

FORMULAS = (
    "exp(x**2/5)",
    "x*erf(x)",
    "log(1 + x**2)",
    "log(cosh(x))",
    "sqrt(1 + x**2)",
    "exp(-x**2/2)*cos(x)",
    "abs(x)**1.5",
    "max(min(x, 1), -1)",
    "exp(abs(x))",
    "sinh(2*x) - x**5",
    "1/(1 + x**2)",
    "exp(x - x**2)",
    "x*tanh(softplus(x))",
    "(x + 1)**3*exp(x**2/10 - 2*x)",
    "exp(tanh(x)*x)",
    "log(2 + cos(x))",
    "(1 + abs(x))**0.5*atan(x)",
    "(2 + sin(x))**-3*x",
    "exp(exp(-x**2))",
    "sqrt(exp(x**2/5))*(x - 3)",
    "x**2*exp(-x**2) - exp(-x**2/3)*cosh(x)",
    "exp(x**2/5 + sin(x))",
    "exp(x**2*sigmoid(x)/8)",
    "1/(1 + x + x**2)",
    "abs(x - 1/3)**0.3",
    "sqrt(max(1 - x**2, 0))",
    "sqrt(abs(x**3 - x - 1))",
    "1/(x**4 - x + 1)",
    "log(x**2 - x + 1)",
    "exp(tanh(x)**3)",
    "exp(x*cos(x)**2)",
    "1/(1 + sinh(x)**2)",
)
FUNCTIONS = (*CATALOGUE, *map(find_activation, FORMULAS))
GRID = [mp.mpf(k) / 8 for k in range(-240, 241)]


def named(activation):
    return activation.name


def uncovered(activation, bound):
    """Return the points of the grid, up to |x| = 30, where the function is above the envelope."""
    function = sp.lambdify(x, activation.expr, "mpmath")
    with mp.workdps(25):
        return [z for z in GRID if abs(function(z)) > height(bound, z)]


def height(bound, z):
    size = abs(z)
    return bound.constant * (1 + size) ** bound.power * mp.exp(bound.linear * size + bound.quadratic * size**2)


@pytest.mark.parametrize("activation", FUNCTIONS, ids=named)
def test_an_envelope_lies_above_its_function(activation):
    bound = envelope(activation)
    assert bound.quadratic < 0.25
    assert uncovered(activation, bound) == []


@pytest.mark.parametrize("activation", [a for a in CATALOGUE if not a.jumps], ids=named)
def test_an_envelope_lies_above_the_derivative(activation):
    assert uncovered(activation.derivative, envelope(activation.derivative)) == []


def test_an_envelope_too_low_is_seen():
    assert uncovered(RELU, replace(envelope(RELU), power=0.5)) != []
    assert uncovered(TANH, Envelope(constant=0.999)) != []


@pytest.mark.parametrize("radius", [1, 3, 8])
@pytest.mark.parametrize("activation", [RELU, TANH, *map(find_activation, FORMULAS[:5])], ids=named)
def test_a_tail_bound_lies_above_the_tail(activation, radius):
    function = sp.lambdify(x, activation.expr, "mpmath")
    with mp.workdps(25):
        ends = [radius, radius + 2, radius + 6, radius + 14]
        tail = mp.quad(lambda z: (function(z) ** 2 + function(-z) ** 2) * mp.npdf(z), ends)
        found = envelope(activation).log2_tail(radius)
        assert found == math.inf or mp.mpf(2) ** found >= tail
        assert found < math.inf or radius < 8


@pytest.mark.parametrize("activation", FUNCTIONS, ids=named)
def test_a_tail_bound_falls_below_any_size(activation):
    bound = envelope(activation)
    assert bound.log2_tail(400) < -1000
    assert bound.log2_tail(401) < bound.log2_tail(400)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("exp(x**2)", "may grow like exp(1 x^2), and E[phi(g)^2] is finite only below exp(x^2/4)"),
        ("exp(x**2/4)", "may grow like exp(0.25 x^2)"),
        ("exp(x**2/8)*exp(x**2/8)", "may grow like exp(0.25 x^2)"),
        ("exp(x**4)", "may grow faster than any Gaussian decays"),
        ("exp(cosh(x))", "may grow faster than any Gaussian decays"),
        ("log(x)", "x may not be positive, and its logarithm is then not finite"),
        ("log(abs(x))", "may not be positive"),
        ("1/x", "x may vanish, and 1/x is then infinite"),
        ("1/(x - 1)**2", "may vanish"),
        ("1/(1 + x)", "may vanish"),
        ("sqrt(x)", "x may be negative, and sqrt(x) is then not real"),
        ("x**(1/3)", "may be negative"),
        ("sin(1/x)", "may vanish"),
        ("log(tanh(x))", "may not be positive"),
        ("1/(x**2 + x - 1)", "x**2 + x - 1 may vanish"),
        ("1/(x**2 - 2*x + 1)", "may vanish"),
        ("sqrt(x**2 - x)", "x**2 - x may be negative"),
        ("exp(x**2*sigmoid(x)/3)", "may grow like exp(0.333333 x^2)"),
        ("(2 + sin(x))**sqrt(2)", "the exponent of (sin(x) + 2)**(sqrt(2)) is not a rational number"),
        ("1/(2 + 1/tanh(x))", "may vanish"),
    ],
)
def test_what_is_not_shown_integrable_is_refused_in_one_line(text, why):
    with pytest.raises(ValueError, match=r".") as refusal:
        envelope(find_activation(text))
    assert why in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("expr", "why"),
    [
        (sp.gamma(x), "nothing is known about the growth of gamma(x)"),
        (sp.exp(800) * x, "takes values too large to bound in double precision"),
        (1 / (x**2 + sp.Rational(1, 10**10)), "may vanish"),
        (1 / (2 + sp.besselj(0, x)), "may vanish"),  # it does not, but nothing here knows its range
    ],
    ids=str,
)
def test_what_no_text_can_say_is_refused_too(expr, why):
    with pytest.raises(ValueError, match=r"^own") as refusal:
        envelope(Activation(name="own", expr=expr))
    assert why in str(refusal.value)


def test_exponents_just_below_a_quarter_are_let_through():
    assert envelope(find_activation("exp(x**2/5)")).quadratic == pytest.approx(0.2)
    assert envelope(Activation(name="near", expr=sp.exp(x**2 * sp.Rational(249, 1000)))).quadratic < 0.25


def test_decay_is_kept():
    assert envelope(find_activation("exp(-x**2)*cosh(x)")).quadratic == pytest.approx(-1)
    assert envelope(find_activation("x**2*exp(-x**2) - exp(-x**2/3)")).quadratic == pytest.approx(-1 / 3)
    assert envelope(find_activation("exp(-x**2) + 1")).quadratic == 0


@pytest.mark.parametrize("text", ["x**3 - x - 1", "x**2 - 2*x + 1", "1 - x**2", "(x - 1)**2 + 1/1000", "5 - 3*x"])
def test_the_range_of_a_polynomial_on_a_piece_holds_its_values_and_no_others(text):
    expr = parse(text)
    for piece in find_activation(f"abs({text}) + abs(x - 1/3) + abs(x + 2)").pieces:
        found = growth._range(expr, piece)
        lo, hi = (max(min(float(end), 6), -6) for end in (piece.lo, piece.hi))
        values = [float(expr.subs(x, lo + (hi - lo) * k / 200)) for k in range(201)]
        assert found.lo <= min(values) + 1e-9
        assert found.hi >= max(values) - 1e-9
        if sp.oo not in (piece.hi, -piece.lo):
            assert found.lo >= min(values) - 0.02
            assert found.hi <= max(values) + 0.02


def test_a_root_is_real_on_the_piece_where_it_is_taken():
    half = sp.Piecewise((0, x < 0), (sp.sqrt(x), True))
    assert uncovered(Activation(name="half", expr=half), envelope(Activation(name="half", expr=half))) == []


def test_sums_products_and_powers_of_envelopes_lie_above_theirs():
    one, two = Envelope(constant=2, power=1, linear=0.5), Envelope(constant=3, power=2, quadratic=0.1)
    for z in map(mp.mpf, (0, 0.5, 1, 4, 20)):
        a, b = height(one, z), height(two, z)
        assert height(one + two, z) >= a + b
        assert height(one * two, z) >= a * b
        assert height(two.raised(1.5), z) >= b**1.5


@pytest.mark.parametrize("shift", [-2, 0, 3])
def test_an_exponential_of_what_is_bounded_is_rounded_up(shift):
    (line,) = TANH.pieces
    argument = sp.tanh(x) + shift
    top = math.exp(growth._range(argument, line).hi)
    assert top * (1 + 1e-10) < growth._of_exponential(argument, line).constant < top * (1 + 1e-8)


@pytest.mark.parametrize(
    ("argument", "slope", "bend"), [(sp.sqrt(1 + x**2), 1, 0), (x**2 / (8 + 8 * sp.exp(-x)), 2, 1)], ids=str
)
def test_an_exponential_of_what_grows_is_bounded_by_that_growth_written_out(argument, slope, bend):
    # exp(C (1 + |x|)) = exp(C) exp(C |x|), and exp(C (1 + |x|)^2) = exp(C) exp(2 C |x| + C x^2)
    (line,) = TANH.pieces
    c, found = growth._envelope(argument, line).constant, growth._of_exponential(argument, line)
    assert math.exp(c) * (1 + 1e-10) < found.constant < math.exp(c) * (1 + 1e-8)
    assert (found.power, found.linear, found.quadratic) == (0, slope * c, bend * c)


def test_no_tail_is_had_where_the_square_is_not_integrable():
    assert Envelope(constant=1, quadratic=0.25).log2_tail(100) == math.inf
    assert Envelope(constant=1, quadratic=0.24).log2_tail(100) < math.inf


@pytest.mark.parametrize(
    ("bound", "radius"),
    [
        (Envelope(constant=1, power=4), 3.53),  # 8 / (1 + r) = r / 2
        (Envelope(constant=1, linear=1), 4.0),  # 2 = r / 2
        (Envelope(constant=1, power=1, quadratic=0.125), 2.37),  # 2 / (1 + r) = r / 4
    ],
    ids=str,
)
def test_a_tail_is_bounded_from_where_the_integrand_falls(bound, radius):
    assert bound.log2_tail(radius - 0.01) == math.inf
    assert bound.log2_tail(radius + 0.01) < math.inf


@pytest.mark.parametrize("radius", [20, 60, 120])
def test_the_bound_on_the_tail_of_a_constant_is_twice_the_tail(radius):
    with mp.workdps(40):
        tail = 2 * mp.ncdf(-radius) * 9
        assert 1 < Envelope(constant=3).log2_tail(radius) - mp.log(tail, 2) + 1e-4 < 1.01


@pytest.mark.parametrize(
    ("lo", "hi", "p", "least", "most"),
    [
        (0, 4, sp.Rational(-1, 2), 0.5, math.inf),
        (0, 4, sp.Rational(3, 2), 0, 8),
        (0, math.inf, sp.Integer(2), 0, math.inf),
        (0.5, math.inf, sp.Integer(-2), 0, 4),
        (-2, 3, sp.Integer(2), 0, 9),
        (-4, 3, sp.Integer(2), 0, 16),
        (-2, 3, sp.Integer(3), -8, 27),
        (-1e300, 1, sp.Integer(3), -math.inf, 1),
        (-1e300, 1, sp.Integer(2), 0, math.inf),
        (-2, 3, sp.Integer(-1), -math.inf, math.inf),
        (-2, 3, sp.Rational(1, 2), -math.inf, math.inf),
        (1, 2, sp.sqrt(2), -math.inf, math.inf),
    ],
)
def test_the_range_of_a_power_is_that_of_its_ends_and_no_wider_than_rounding(lo, hi, p, least, most):
    found = growth._range_of_power(growth._Interval(lo, hi), p)
    assert found.lo <= least <= most <= found.hi
    assert (found.lo, found.hi) == (pytest.approx(least, rel=1e-8), pytest.approx(most, rel=1e-8))


@pytest.mark.parametrize(
    ("expr", "least", "most"),
    [
        (sp.sin(x) / 2, -0.5, 0.5),
        (-3 * sp.tanh(x), -3, 3),
        (sp.sin(x) * sp.erfc(x) / 5, -0.4, 0.4),
        (sp.cosh(x) / 7, 1 / 7, math.inf),
    ],
    ids=str,
)
def test_the_range_of_a_product_is_that_of_its_factors(expr, least, most):
    (line,) = TANH.pieces
    found = growth._range(expr, line)
    assert found.lo <= least <= most <= found.hi
    assert (found.lo, found.hi) == (pytest.approx(least, rel=1e-7), pytest.approx(most, rel=1e-7))
