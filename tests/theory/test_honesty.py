"""What a claim states must be something that could be otherwise."""

from fractions import Fraction

import pytest
import sympy as sp

from theory.claim import Claim, Provenance, Relation, Source, Twin
from theory.honesty import _require_something_stated
from theory.symbols import alpha

GAP = sp.Symbol("c", real=True)


def claim(left, relation, right):
    """A claim of which nothing but the statement matters."""
    return Claim(
        title="title",
        reading="reading",
        statement=(left, right),
        relation=relation,
        source=Source(key="bombari2024", anchor="Lemma 4.1", provenance=Provenance.PAPER),
        points=lambda: iter([{alpha: Fraction(1, 2)}]),
        twins=(Twin(slip="one more", statement=(left, right + 1)),),
    )


@pytest.mark.parametrize(
    "stated", [(-alpha, Relation.AT_MOST, alpha**2), (alpha**2, Relation.AT_LEAST, -alpha)], ids=["at most", "at least"]
)
def test_what_holds_by_the_signs_of_its_symbols_is_refused(stated):
    with pytest.raises(ValueError, match="mine: it holds by the signs of its symbols alone"):
        _require_something_stated("mine", claim(*stated))


@pytest.mark.parametrize(
    "stated",
    [
        (alpha, Relation.AT_MOST, GAP),
        (alpha, Relation.AT_LEAST, GAP),
        (alpha**2, Relation.AT_MOST, -alpha),
        (-alpha, Relation.AT_LEAST, alpha**2),
        (-alpha, Relation.EQUAL, alpha**2),
    ],
    ids=str,
)
def test_what_could_be_otherwise_is_let_through(stated):
    assert _require_something_stated("mine", claim(*stated)) is None
