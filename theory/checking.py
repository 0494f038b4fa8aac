"""Judge the symbolic side of a claim: every link at every admissible point, by means that share no code.

A link between Gaussian expectations is enclosed by balls and compared with the quadrature of the definition; a link
between matrices is tested in exact rationals; a link between plain expressions must be a symbolic zero *and* vanish to
40 digits at its points.  The weakest point decides.  Where python-flint is missing there are no balls, only floating
arithmetic with estimated errors, and what it finds is NUMERIC.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import mpmath as mp
import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from . import balls, exact, oracle
from .arithmetic import CERTAINTY, RIGOROUS
from .claim import Claim, Point, Provenance, Relation, Step
from .enclosure import enclose
from .evidence import Evidence, Verdict, weakest
from .expectations import Correlated, Mean, substitute
from .judgement import StepFinding

BITS = 256
DIGITS = 40
WIDE = 1e-20
"""A ball wider than this relative to the value decides nothing."""
ORACLE = 1e-6
"""A quadrature whose own two orders differ by more than this, relative to the value, decides nothing."""


@dataclass(frozen=True)
class _Point:
    """The verdict at one point, and the figure behind it."""

    verdict: Verdict
    figure: str


def check_statement(claim: Claim, statement: tuple[sp.Basic, sp.Basic] | None = None) -> Evidence | None:
    """Judge the two sides of a claim (or of a twin's statement) at the claim's points; None if it has none."""
    points = list(claim.points())
    if not points:
        return None
    left, right = statement or claim.statement
    return check_link(left, right, claim.relation, points, about="both sides of the statement")


def check_steps(claim: Claim) -> tuple[StepFinding, ...]:
    """Judge every step of the derivation that is not cited or heuristic."""
    return tuple(StepFinding(step=step, evidence=_check_step(claim, step)) for step in claim.derivation())


def _check_step(claim: Claim, step: Step) -> Evidence | None:
    if step.grounds in {Provenance.KNOWN, Provenance.HEURISTIC}:
        return None
    points = list((step.points or claim.points)())
    return check_link(step.left, step.right, step.relation, points, about=step.because)


def check_link(left: sp.Basic, right: sp.Basic, relation: Relation, points: Iterable[Point], *, about: str) -> Evidence:
    """Judge `left relation right` at each point; the weakest decides, and no point at all is UNDECIDED.

    What tends somewhere is judged by measuring: at a point it says nothing, and is UNDECIDED.
    """
    if relation is Relation.AT_LEAST:
        left, right, relation = right, left, Relation.AT_MOST
    points = list(points)
    zero = relation is Relation.EQUAL and _is_symbolic_zero(left, right, points)
    found = [_judge(left, right, relation, point, symbolic=zero) for point in points]
    verdict = weakest(p.verdict for p in found)
    counts = ", ".join(f"{n} {v.name}" for v, n in sorted(Counter(p.verdict for p in found).items()))
    worst = next((p.figure for p in found if p.verdict is verdict), "")
    return Evidence(
        about=about,
        method=_method(verdict, left, right, relation) if found else "no admissible point",
        finding=f"{counts or 'nothing'} of {len(found)} points; weakest: {worst}" if found else "nothing was tried",
        verdict=verdict,
        points=len(found),
    )


def refutation(left: sp.Basic, right: sp.Basic, relation: Relation, points: Iterable[Point]) -> str | None:
    """Return the figures of the first point that refutes `left relation right`; None where no point does.

    It finds what `check_link` would find, and stops there.
    """
    if relation is Relation.AT_LEAST:
        left, right, relation = right, left, Relation.AT_MOST
    found = (_judge(left, right, relation, point, symbolic=False) for point in points)
    return next((judged.figure for judged in found if judged.verdict is Verdict.REFUTED), None)


_ARITHMETIC = "balls" if RIGOROUS else "floating arithmetic with estimated errors"
_SIDES = f"both sides {'enclosed by' if RIGOROUS else 'in'} {_ARITHMETIC}"


def _method(verdict: Verdict, left: sp.Basic, right: sp.Basic, relation: Relation) -> str:
    """Return what was done, and no more: quadrature is named where there was an integral to take."""
    if verdict is Verdict.EXACT:
        return "exact rational instances" if isinstance(left, MatrixExpr) else "a symbolic zero, confirmed to 40 digits"
    correlated = left.has(Correlated) or right.has(Correlated)  # there is no ball of it
    if verdict is Verdict.NUMERIC and (RIGOROUS or correlated):
        return f"quadrature of the definition on one side, {_ARITHMETIC} or quadrature on the other"
    if verdict is not CERTAINTY:
        return "compared at each point by every means at hand"
    if relation is not Relation.EQUAL:
        return f"{_SIDES}, one below the other"
    agrees = "; quadrature of the definition agrees" if left.has(Mean) or right.has(Mean) else ""
    return f"{_SIDES} that overlap{agrees}"


def _judge(left: sp.Basic, right: sp.Basic, relation: Relation, point: Point, *, symbolic: bool) -> _Point:
    if isinstance(left, MatrixExpr):
        if relation is not Relation.EQUAL:
            return _Point(Verdict.UNDECIDED, "matrices are held against each other for equality only")
        same = exact.equal(left, right, point)
        return _Point(
            Verdict.EXACT if same else Verdict.REFUTED,
            "the same rational matrix" if same else "two different rational matrices",
        )
    a, b = substitute(left, point), substitute(right, point)
    by_balls = _compare_balls(a, b, relation)
    if not (a.has(Mean, Correlated) or b.has(Mean, Correlated)):
        if symbolic and by_balls.verdict is CERTAINTY:
            return _Point(Verdict.EXACT, by_balls.figure)
        return by_balls
    if relation is not Relation.EQUAL:
        return by_balls
    return _with_oracle(a, b, by_balls)


def _is_symbolic_zero(left: sp.Basic, right: sp.Basic, points: list[Point]) -> bool:
    # No point reaches a limit, and SymPy's own limits of nested roots in several symbols do not come back: a step that
    # needs one states an inequality instead.
    if isinstance(left, MatrixExpr) or any(side.has(Mean, Correlated, sp.Limit) for side in (left, right)):
        return False
    if refutation(left, right, Relation.EQUAL, points[:1]) is not None:  # nothing takes longer to simplify
        return False
    difference = left.doit() - right.doit()
    return bool((sp.cancel if difference.is_rational_function() else sp.simplify)(difference) == 0)


def _compare_balls(a: sp.Basic, b: sp.Basic, relation: Relation) -> _Point:
    x, y = enclose(a, BITS), enclose(b, BITS)
    if x is None or y is None:
        return _Point(Verdict.UNDECIDED, "no enclosure")
    with balls.precision(BITS):
        figure = f"{x.str(12, radius=False)} {relation.value} {y.str(12, radius=False)}"
        if relation is Relation.TENDS_TO:
            return _Point(Verdict.UNDECIDED, figure)
        if relation is Relation.AT_MOST:
            return _Point(CERTAINTY if x <= y else Verdict.REFUTED if x > y else Verdict.UNDECIDED, figure)
        if not x.overlaps(y):
            return _Point(Verdict.REFUTED, figure)
        narrow = float((x - y).rad()) < WIDE * max(float(abs(x).upper()), float(abs(y).upper()), 1.0)
        return _Point(CERTAINTY if narrow else Verdict.UNDECIDED, figure)


def _with_oracle(a: sp.Basic, b: sp.Basic, by_balls: _Point) -> _Point:
    """Hold each side's quadrature against the other side, by ball where there is one."""
    if by_balls.verdict is Verdict.REFUTED:
        return by_balls
    sides = [oracle.value(a), oracle.value(b)]
    enclosed = [enclose(a, BITS), enclose(b, BITS)]
    verdicts = [by_balls]
    for mine, other in ((0, 1), (1, 0)):
        verdicts += _hold(sides[mine], sides[other], enclosed[other])
    refuted = [v for v in verdicts if v.verdict is Verdict.REFUTED]
    if refuted:
        return refuted[0]
    return max(verdicts, key=lambda v: v.verdict)


def _hold(value: oracle.Value | None, other: oracle.Value | None, ball: balls.Ball | None) -> list[_Point]:
    if value is None or (other is None and ball is None):
        return []
    with mp.workdps(40):
        known = other if ball is None else _as_value(ball)
        assert known is not None  # noqa: S101  (one of the two is there)
        against, radius = known
        error = value.error + radius
        figure = f"{mp.nstr(value.value, 12)} = {mp.nstr(against, 12)}, quadrature good to {mp.nstr(error, 2)}"
        if abs(value.value - against) > error:
            return [_Point(Verdict.REFUTED, figure)]
        settled = error < ORACLE * max(abs(against), 1)
        return [_Point(Verdict.NUMERIC if settled else Verdict.UNDECIDED, figure)]


def _as_value(ball: balls.Ball) -> oracle.Value:
    text, radius = balls.text(ball, 38)
    return oracle.Value(mp.mpf(text), mp.mpf(radius))
