"""Kinked functions as smooth pieces: the cuts are where they must be, and nothing is lost between them."""

import pytest
import sympy as sp

from theory.activations import CATALOGUE, Activation
from theory.balls import gaussian_mean, precision
from theory.expressions import parse
from theory.hermite import ball_polynomial
from theory.pieces import KINKED, breakpoints, pieces
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
    "tanh(x)": (),
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
def test_the_jumps_of_the_catalogue_are_those_of_the_step(activation):
    assert activation.jumps == (((0, 1),) if activation.name == "step" else ())


@pytest.mark.parametrize("text", ["abs(sin(x))", "max(exp(x), 2)", "sign(tanh(x) - 1/2)"])
def test_a_kink_that_cannot_be_placed_is_refused(text):
    with pytest.raises(ValueError, match="is not at the root of a polynomial; cannot place it"):
        pieces(parse(text), x)


@pytest.mark.parametrize(
    "text", ["max(x**2 - 2, 0)", "abs(x**2 - x - 1)", "max(sqrt(2)*x - 1, 0)", "abs(x**3 - x - 1)"]
)
def test_kinks_at_irrational_roots_survive_differentiation_and_integration(text):
    activation = Activation(name=text, expr=parse(text))
    slope = activation.derivative
    assert len(slope.pieces) == len(activation.pieces) > 1
    with precision(128):
        shifted = gaussian_mean(slope, None, 128) - gaussian_mean(activation, ball_polynomial(1, 128), 128)
        assert shifted.contains(0)
        assert shifted.rad() < 1e-30
