"""Kinked functions as smooth pieces: the cuts are where they must be, and nothing is lost between them."""

import pytest
import sympy as sp

from theory.activations import CATALOGUE, Activation
from theory.balls import gaussian_mean, precision
from theory.expressions import parse
from theory.hermite import ball_polynomial
from theory.pieces import KINKED, breakpoints, derivative, pieces
from theory.symbols import x

CUTS = {
    "max(x, 0)": (0,),
    "abs(x) + abs(x - 1)": (0, 1),
    "max(min(x, 1), -1)": (-1, 1),
    "abs(abs(x) - 1)": (-1, 0, 1),
    "max(0, x**2 - 2)": (-sp.sqrt(2), sp.sqrt(2)),
    "step(x - 1/3)*x": (sp.Rational(1, 3),),
    "sign(x**3 - x)": (-1, 0, 1),
    "max(x, x**2, 1)": (-1, 0, 1),
    "Piecewise((0, x < -2), (x, x < 3), (x**2, True))": (-2, 3),
    "Piecewise((x, 0 < x < 1), (0, True))": (0, 1),
    "max(x, x - 1)": (),
    "abs(x**2 + 1)": (),
    "abs(x**2 - x + 1)": (),
    "max(x**2 - x, -1)": (),
    "tanh(x)": (),
    "max(exp(x), 2)": (sp.log(2),),
    "sign(tanh(x) - 1/2)*x": (sp.log(3) / 2,),
    "max(sigmoid(x), 1/4)": (-sp.log(3),),
    "abs(exp(-abs(x)) - 1/2)": (-sp.log(2), 0, sp.log(2)),
    "abs(x*tanh(x - 1))": (0, 1),
    "max(sqrt(abs(x)) - 1, 0)": (-1, 0, 1),
    "max(exp(x**2) - 2, 0)": (-sp.sqrt(sp.log(2)), sp.sqrt(sp.log(2))),
    "max(softplus(x), 1)": (sp.log(sp.E - 1),),
    "abs(sinh(x/2) - 1)": (2 * sp.log(1 + sp.sqrt(2)),),
    "sign(1/(2 + x**2) - 1/3)": (-1, 1),
    "abs(erf(2*x - 1))*log(2 + x**2)": (sp.Rational(1, 2),),
    "max(tanh(x), 2)": (),
    "max(exp(x), -1)": (),
}
FUNCTIONS = [*CUTS, "max(abs(x), 2)**3", "exp(-abs(x))", "sin(max(x, 0)) + abs(x + 2)*step(x)", "abs(x)**1.5"]
GRID = [sp.Rational(k, 17) for k in range(-60, 61) if k % 17]


def at(found, place):
    """Return the value at `place` of the piece that holds it."""
    (piece,) = [p for p in found if p.lo < place < p.hi]
    return piece.expr.subs(x, place)


@pytest.mark.parametrize("text", CUTS)
def test_the_cuts_are_the_kinks(text):
    assert set(CUTS[text]) <= set(breakpoints(parse(text), x))
    assert len(breakpoints(parse(text), x)) <= len(CUTS[text]) + 2  # a cut too many does no harm


@pytest.mark.parametrize("text", FUNCTIONS)
def test_the_pieces_are_smooth_cover_the_line_and_give_the_function_back(text):
    expr = parse(text)
    found = pieces(expr, x)
    assert [found[0].lo, found[-1].hi] == [-sp.oo, sp.oo]
    assert [p.hi for p in found[:-1]] == [p.lo for p in found[1:]]
    assert [p for p in found if p.expr.has(*KINKED)] == []
    assert [g for g in GRID if abs(sp.N(at(found, g) - expr.subs(x, g), 20)) > 1e-18] == []


def test_a_wrong_branch_would_be_seen():
    found = pieces(parse("max(x, 0)"), x)
    assert [g for g in GRID if at(found, g) != sp.Max(g, 0) * sp.Rational(98, 97)] != []


@pytest.mark.parametrize("activation", CATALOGUE, ids=lambda a: a.name)
def test_the_jumps_of_the_catalogue_are_those_of_step_and_sign(activation):
    assert activation.jumps == {"step": ((0, 1),), "sign": ((0, 2),)}.get(activation.name, ())


@pytest.mark.parametrize(
    ("text", "kink"),
    [
        ("abs(sin(x))", "sin(x) = 0"),
        ("max(exp(x) - 1, x)", "x - exp(x) + 1 = 0"),
        ("sign(erf(x) - 1/2)", "erf(x) - 1/2 = 0"),
        ("max(cosh(x), 2)", "2 - cosh(x) = 0"),
        ("abs(x)*abs(cos(x) - x)", "x - cos(x) = 0"),
    ],
)
def test_a_kink_that_cannot_be_placed_is_refused(text, kink):
    with pytest.raises(ValueError, match="cannot place the kink where") as refusal:
        pieces(parse(text), x)
    assert kink in str(refusal.value)


def test_a_sign_that_changes_at_a_pole_is_cut_there():
    reciprocal = sp.sign(1 / x - 2, evaluate=False)
    assert set(breakpoints(reciprocal, x)) == {0, sp.Rational(1, 2)}
    assert [at(pieces(reciprocal, x), place) for place in (sp.Rational(-1), sp.Rational(1, 4), sp.Integer(1))] == [
        -1,
        1,
        -1,
    ]


@pytest.mark.parametrize(
    "text",
    ["max(x**2 - 2, 0)", "abs(x**2 - x - 1)", "max(sqrt(2)*x - 1, 0)", "abs(x**3 - x - 1)", "max(exp(x), 2)"],
)
def test_kinks_at_irrational_roots_survive_differentiation_and_integration(text):
    activation = Activation(name=text, expr=parse(text))
    slope = activation.derivative
    assert len(slope.pieces) == len(activation.pieces) > 1
    with precision(128):
        shifted = gaussian_mean(slope, None, 128) - gaussian_mean(activation, ball_polynomial(1, 128), 128)
        assert shifted.contains(0)
        assert shifted.rad() < 1e-30


@pytest.mark.parametrize(
    "text", ["x**(5/2)", "(1/3 - x)**1.5*exp(x)", "sqrt(1 + sqrt(1 + x**2))", "tanh(x)", "x**3/sqrt(2 + x**2) - x"]
)
def test_the_derivative_is_that_of_sympy(text):
    expr = parse(text)
    places = [sp.Rational(k, 7) for k in (-3, 1, 2, 9)]
    off = [derivative(expr, x).evalf(30, subs={x: p}) - expr.diff(x).evalf(30, subs={x: p}) for p in places]
    assert max(abs(difference) for difference in off) < 1e-25
    assert max(abs(expr.diff(x).evalf(30, subs={x: p})) for p in places) > 0.01


def test_the_derivative_of_a_power_has_a_value_where_its_base_vanishes():
    assert derivative((-x) ** sp.Rational(3, 2), x).subs(x, 0) == 0
    assert ((-x) ** sp.Rational(3, 2)).diff(x).subs(x, 0) is sp.nan
    assert derivative(sp.sqrt(-x), x) == -1 / (2 * sp.sqrt(-x))
