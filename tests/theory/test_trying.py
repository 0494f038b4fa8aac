"""Points that could show a statement to be false, and points that could not."""

from dataclasses import replace
from fractions import Fraction

import pytest
import sympy as sp
from sympy import QQ
from sympy.polys.matrices import DomainMatrix

from theory.claim import Claim, Provenance, Relation, Source, Twin
from theory.expectations import phi
from theory.symbols import alpha, x
from theory.trying import require_admissible, require_formula, require_letters, require_tight, require_variety

k = sp.Symbol("k", integer=True, positive=True)
CLAIM = Claim(
    title="title",
    reading="reading",
    statement=(alpha**2, alpha),
    relation=Relation.AT_MOST,
    source=Source(key="bombari2024", anchor="somewhere", provenance=Provenance.DERIVED),
    points=lambda: iter(()),
    twins=(Twin(slip="cubed", statement=(alpha, alpha**3)),),
)
HALF, THIRD = {alpha: Fraction(1, 2)}, {alpha: sp.Rational(1, 3)}


@pytest.mark.parametrize("points", [[HALF, THIRD], [{k: 3}], [{phi: sp.Max(x, 0)}], [{alpha: sp.sqrt(2) / 2}]])
def test_exact_points_are_admissible(points):
    assert require_admissible("mine", points) is None


@pytest.mark.parametrize(
    ("points", "line"),
    [
        ([HALF, HALF], "mine: yields the point {alpha: 1/2} more than once; each counts as evidence once"),
        ([{alpha: 0.5}], "mine: at a point alpha is a float; exact numbers only, as sp.Rational(1, 2)"),
        ([{alpha: sp.Float("0.5")}], "mine: a point: holds the floating number 0.500000000000000; exact ones only"),
        ([{alpha: "1/2"}], "mine: at a point alpha is a str; exact numbers only"),
        ([{k: Fraction(1, 2)}], "mine: at a point k = 1/2 is not integer, as k is"),
        ([{alpha: -1}], "mine: at a point alpha = -1 is not positive, as alpha is"),
        ([{alpha: DomainMatrix([[QQ(1)]], (1, 1), QQ)}], "mine: at a point the number alpha is a matrix"),
    ],
    ids=str,
)
def test_others_are_not(points, line):
    with pytest.raises(ValueError, match=r".") as refusal:
        require_admissible("mine", points)
    assert str(refusal.value).startswith(line)


def test_a_function_and_a_symbol_need_a_value_at_every_point():
    require_letters("mine", [{phi: x, alpha: 1}], alpha * phi(alpha))
    for points in ([{phi: x}], [{alpha: 1}], [{phi: x, alpha: 1}, {phi: x}]):
        with pytest.raises(ValueError, match="its points leave"):
            require_letters("mine", points, alpha * phi(alpha))


def test_an_equality_is_tried_beside_its_points_where_a_symbol_need_not_be_whole():
    vanishing = sp.sin(sp.pi * k)
    require_formula("mine", [{k: 3}], vanishing + k, k, Relation.EQUAL)
    require_formula("mine", [HALF], alpha * (1 + alpha), alpha + alpha**2, Relation.EQUAL)
    require_formula("mine", [HALF], alpha, 2 * alpha, Relation.EQUAL)  # false at the point itself: the check's affair
    with pytest.raises(ValueError, match=r"it holds at {alpha: 1/2} and not beside it, at {alpha: 498/997}"):
        require_formula("mine", [HALF], alpha**2, alpha / 2, Relation.EQUAL)


@pytest.mark.parametrize(
    ("statement", "tight"),
    [
        ((alpha**2, alpha), True),
        ((alpha, 99 * alpha), True),
        ((alpha, 101 * alpha), False),
        ((alpha - 101 * alpha**2, sp.Integer(0)), True),
        ((sp.Integer(-200), -alpha), False),
        ((alpha - 200, sp.Integer(0)), False),
        ((sp.Integer(0), alpha - alpha**2), True),
        ((sp.Integer(0), 300 - alpha), False),
    ],
    ids=str,
)
def test_an_inequality_with_room_for_any_slip_is_refused(statement, tight):
    claim = replace(CLAIM, statement=statement)
    if tight:
        require_tight("mine", [HALF, THIRD], claim)
    else:
        with pytest.raises(ValueError, match="at no point do its sides come within a factor of 100"):
            require_tight("mine", [HALF, THIRD], claim)


def test_a_symbol_that_never_varies_is_not_tried():
    require_variety("mine", [HALF, THIRD], CLAIM)
    with pytest.raises(ValueError, match="alpha has one value at all 1 points, so its part is not tried"):
        require_variety("mine", [HALF], CLAIM)
