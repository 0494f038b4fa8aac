"""Mutants of a claim's statement and steps, judged by the checks of the claim itself: each is refuted, or no mutant.

What is not refuted must be shown to say nothing else: after evaluation it is the same expression, it says that a thing
is itself, or, of an inequality, it is true as well at every point.  Whatever remains has survived, and is a hole in the
checks.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from . import balls
from .checking import BITS, check_link, refutation
from .claim import Claim, Point, Provenance, Relation
from .enclosure import enclose
from .expectations import Correlated, Mean, substitute
from .slips import NEAR, Slip, slips

TRIES, DIGITS = 5, 40


class Outcome(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    EQUIVALENT = "equivalent"
    SURVIVED = "survived"


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A claim one slip away, what became of it, and what refused it or why there was nothing to refuse."""

    claim: str
    mutant: str
    outcome: Outcome
    reason: str


EXPLAINED = {
    (
        "dominant-degree",
        "step 2: sum begun one later in Sum(alpha**ell*E[h_ell(g)*Derivative(..., on the left",
    ): "the step is about psi = x^3 alone, and psi' = 3 x^2 has no degree 1, where the sum began",
    (
        "theorem-6.3-as-printed",
        "prediction 1: no core feature in place of a resampled one",
    ): "a slip that puts a false statement right: without a core feature the law gives .3080 here, and with one .3083",
}
"""What no check can refute, and why: each entry was looked at by hand."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Link:
    """Something of a claim that is judged at points."""

    where: str
    left: sp.Basic
    right: sp.Basic
    relation: Relation
    points: Sequence[Point]

    @cached_property
    def values(self) -> tuple[tuple[sp.Basic, sp.Basic], ...]:
        """Both sides at each point: a slip changes one of them, and the other need not be worked out again."""
        return tuple((_value(self.left, point), _value(self.right, point)) for point in self.points)


def _value(side: sp.Basic, point: Point) -> sp.Basic:
    """Return a side at a point; what is looked up there, a matrix or a mean, is left to be looked up."""
    if isinstance(side, MatrixExpr) or side.has(Mean, Correlated):
        return side
    return substitute(side, point).doit()


def symbolic_mutants(name: str, claim: Claim) -> Iterator[Mutant]:
    """Yield the mutants of the statement, if it has points, and of every step that is checked."""
    yield from _without_hypotheses(name, claim)
    for link in _links(claim):
        for slip in (*slips(link.left, link.right, link.relation), *_past(link)):
            yield _mutant(name, link, slip)


def _without_hypotheses(name: str, claim: Claim) -> Iterator[Mutant]:
    """Yield the statement at points that violate a hypothesis, for each that says where."""
    left, right = claim.statement
    for hypothesis in claim.hypotheses:
        if hypothesis.violated is not None:
            points = tuple(hypothesis.violated())
            link = _Link(where="statement", left=left, right=right, relation=claim.relation, points=points)
            slip = Slip(what=f"without {hypothesis.text}", left=left, right=right, relation=claim.relation)
            try:
                outcome, reason = _judge(link, slip)
            except ValueError as refused:  # the package knows that it may say nothing there, and says so
                outcome, reason = Outcome.KILLED, f"refused: {refused}"
            yield judged(name, f"statement: {slip.what}", outcome, reason)


def _links(claim: Claim) -> Iterator[_Link]:
    left, right = claim.statement
    if points := tuple(claim.points()):
        yield _Link(where="statement", left=left, right=right, relation=claim.relation, points=points)
    for number, step in enumerate(claim.derivation(), start=1):
        if step.grounds not in {Provenance.KNOWN, Provenance.HEURISTIC}:
            points = tuple((step.points or claim.points)())
            yield _Link(where=f"step {number}", left=step.left, right=step.right, relation=step.relation, points=points)


def _mutant(name: str, link: _Link, slip: Slip) -> Mutant:
    return judged(name, f"{link.where}: {slip.what}", *_judge(link, slip))


def judged(claim: str, mutant: str, outcome: Outcome, reason: str) -> Mutant:
    """Return the mutant, where it survived and that is explained with the explanation."""
    if outcome is Outcome.SURVIVED and (claim, mutant) in EXPLAINED:
        outcome, reason = Outcome.EQUIVALENT, EXPLAINED[claim, mutant]
    return Mutant(claim=claim, mutant=mutant, outcome=outcome, reason=reason)


def _judge(link: _Link, slip: Slip) -> tuple[Outcome, str]:
    if undefined := _undefined(link, slip):
        return Outcome.KILLED, undefined
    if (against := _refutation(link, slip)) is not None:
        return Outcome.KILLED, against
    if same := _same(link, slip):
        return Outcome.EQUIVALENT, same
    found = check_link(slip.left, slip.right, slip.relation, link.points, about=slip.what)
    if slip.relation is not Relation.EQUAL and found.verdict.holds:
        return Outcome.EQUIVALENT, f"true as well, for the inequality has room: {found.finding}"
    return Outcome.SURVIVED, found.finding


def _undefined(link: _Link, slip: Slip) -> str:
    """Return where a side has no value, or none that is real; empty where both have one at every point."""
    for point in link.points:
        for side in (slip.left, slip.right):
            value = side if isinstance(side, MatrixExpr) else substitute(_value(side, point), point)
            if not isinstance(value, MatrixExpr) and value.has(sp.zoo, sp.nan, sp.I):
                return f"not a real number at an admissible point: {value}"
    return ""


def _refutation(link: _Link, slip: Slip) -> str | None:
    """Return the figures of the first point that refutes a slip; None where no point does."""
    for point, (left, right) in zip(link.points, link.values, strict=True):
        sides = (left if slip.left == link.left else slip.left, right if slip.right == link.right else slip.right)
        if (against := refutation(*sides, slip.relation, [point])) is not None:
            return against
    return None


def _same(link: _Link, slip: Slip) -> str:
    """Return why the slip says nothing else than the link, or nothing at all; empty where it does."""
    if slip.left == slip.right:
        return "it says that a thing is itself"
    if isinstance(link.left, MatrixExpr):
        return ""
    for before, after in ((link.left, slip.left), (link.right, slip.right)):
        if before != after and not _vanishes(before.doit() - after.doit()):
            return ""
    return "" if slip.relation is not link.relation else "the same expression, once it is evaluated"


def _vanishes(expr: sp.Expr) -> bool:
    """Return whether an expression is zero at `TRIES` random rational values of its symbols, to `DIGITS` digits.

    That is no proof, but for a function as plain as these it is next to one (Schwartz and Zippel), and SymPy's own
    simplification of nested roots in seven symbols does not come back.
    """
    draw = random.Random(20261121)  # noqa: S311  (an identity test, not a secret)
    for _ in range(TRIES if expr.free_symbols else 1):
        at = {symbol: sp.Rational(draw.randint(1, 999), 1000) for symbol in sorted(expr.free_symbols, key=str)}
        value = sp.N(expr.subs(at), DIGITS + 10, chop=False)
        if not (value.is_number and abs(value) < sp.Rational(1, 10**DIGITS)):
            return False
    return True


def _past(link: _Link) -> Iterator[Slip]:
    """Yield an inequality whose left side is moved past the right one, by a little, where they are nearest."""
    if link.relation in (Relation.EQUAL, Relation.TENDS_TO):
        return
    least, most = (link.left, link.right) if link.relation is Relation.AT_MOST else (link.right, link.left)
    gap = min(filter(None, (_gap(least, most, point) for point in link.points)), default=None)
    if gap is None:
        return
    room, size = gap
    moved = least + sp.Rational(room) + sp.Rational(size) * (NEAR - 1)
    pair = (moved, most) if link.relation is Relation.AT_MOST else (most, moved)
    yield Slip(
        what=f"the lesser side raised by {float(room + size / 97):.3g}, past the other where they are nearest",
        left=pair[0],
        right=pair[1],
        relation=link.relation,
    )


def _gap(least: sp.Basic, most: sp.Basic, point: Point) -> tuple[float, float] | None:
    """Return how far the sides are apart at a point, and how large the greater is (1 where it vanishes)."""
    low, high = (enclose(substitute(side, point), BITS) for side in (least, most))
    if low is None or high is None:
        return None
    with balls.precision(BITS):
        return float((high - low).mid()), abs(float(high.mid())) or 1.0
