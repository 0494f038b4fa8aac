"""Whether the symbolic side of a claim says something that its own checks could refuse.

Each function refuses one kind of lie with a ValueError that names the claim, the lie and what would be right.  None can
tell whether a statement is true, or whether it says what its title says.  The points are looked at in `theory.trying`,
the predictions in `numerics.refutable`.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from .checking import check_link
from .claim import Claim, Point, Provenance, Relation, Step, Twin
from .evidence import Verdict
from .plainness import built, is_plain, letters
from .trying import require_admissible, require_formula, require_letters, require_tight, require_variety

CITED = (Provenance.KNOWN, Provenance.HEURISTIC)


def require_honest(name: str, claim: Claim, known: Mapping[str, Claim]) -> None:
    """Raise ValueError for a claim whose statement, points, steps or twins could not fail; `known` by identifier."""
    points = list(claim.points())
    refuted = claim.expected is Verdict.REFUTED
    _require_expectation(name, claim, known)
    _require_something_stated(name, claim)
    _require_subject(name, *claim.statement)
    if points:
        require_admissible(name, points)
        require_letters(name, points, *claim.statement)
        require_formula(name, points, *claim.statement, claim.relation)
        if not refuted:  # one point is enough to refute
            require_variety(name, points, claim)
            require_tight(name, points, claim)
    _require_steps(name, claim, points)
    for twin in claim.twins:
        _require_slip(f"{name}: twin {twin.slip!r}", twin, claim, points)


def _require_expectation(name: str, claim: Claim, known: Mapping[str, Claim]) -> None:
    """Refuse a verdict that is expected to be what it will be, and a refutation that comes from elsewhere."""
    if claim.expected not in (None, Verdict.REFUTED):
        raise ValueError(f"{name}: expected is {claim.expected.name}; it is None, or REFUTED for what is known false")
    for used in claim.uses:
        if known[used].expected is Verdict.REFUTED:
            raise ValueError(f"{name}: it uses {used}, which is here because it is false; nothing can rest on that")


def _require_something_stated(name: str, claim: Claim) -> None:
    """Refuse a statement that is equal to itself, or an inequality that no value of its symbols could break."""
    left, right = claim.statement
    if built(left) == built(right):
        raise ValueError(f"{name}: both sides are the same expression once built, {built(left)}: nothing is stated")
    if claim.relation in (Relation.AT_MOST, Relation.AT_LEAST) and not isinstance(left, sp.MatrixExpr):
        gap = right - left if claim.relation is Relation.AT_MOST else left - right
        if letters(left, right) and gap.is_nonnegative:
            raise ValueError(f"{name}: it holds by the signs of its symbols alone; state what is not seen at once")


def _require_subject(where: str, left: sp.Basic, right: sp.Basic) -> None:
    """Refuse a relation of constants: `0 <= 1`, or `alpha + 1 = alpha`, whatever alpha is."""
    if not is_plain(left, right):
        return
    if not letters(left, right):
        raise ValueError(f"{where}: no symbol is left in its statement, so nothing that is tried bears on it")
    if (left - right).is_number:
        raise ValueError(
            f"{where}: its sides differ by {left - right} whatever its symbols are; nothing tried bears on it"
        )


def _require_steps(name: str, claim: Claim, points: list[Point]) -> None:
    """Refuse a derivation of citations, and steps that go nowhere, are not tried, or are cited and false."""
    steps = list(claim.derivation())
    if steps and all(step.grounds in CITED for step in steps):
        raise ValueError(f"{name}: every step of its derivation is cited or heuristic, so it derives nothing")
    for number, step in enumerate(steps, 1):
        _require_step(f"{name}: step {number}, {step.because}", step, points)


def _require_step(where: str, step: Step, points: list[Point]) -> None:
    if built(step.left) == built(step.right):
        raise ValueError(f"{where}: both sides are the same expression once built, so it goes nowhere")
    own = list(step.points()) if step.points is not None else points
    cited = step.grounds in CITED
    if not own:
        if not cited:
            raise ValueError(f"{where}: its points are none, so it would not be tried; the claim has none to lend")
        return
    if step.points is not None:
        require_admissible(where, own)
    if cited and not all(letters(step.left, step.right) <= set(point) for point in own):
        return
    require_letters(where, own, step.left, step.right)
    if not cited:
        require_formula(where, own, step.left, step.right, step.relation)
    elif check_link(step.left, step.right, step.relation, own, about=where).verdict is Verdict.REFUTED:
        raise ValueError(f"{where}, is cited or heuristic, and false at its points")


def _require_slip(where: str, twin: Twin, claim: Claim, points: list[Point]) -> None:
    """Refuse a twin that is the claim itself, is false without looking, or speaks of something else."""
    if twin.statement is None:
        return
    if _same(twin.statement, claim.statement):
        raise ValueError(f"{where} states what the claim states; a twin is one slip away, and false")
    if not points:
        return
    require_letters(where, points, *twin.statement)
    _require_subject(where, *twin.statement)
    mine = letters(*claim.statement)
    if mine and not mine & letters(*twin.statement):
        raise ValueError(f"{where} shares nothing with the claim's statement, so its refusal shows nothing of it")


def _same(first: tuple[sp.Basic, sp.Basic], second: tuple[sp.Basic, sp.Basic]) -> bool:
    return all(a == b or _expanded(a) == _expanded(b) for a, b in zip(first, second, strict=True))


def _expanded(side: sp.Basic) -> sp.Basic:
    made = built(side)
    return sp.expand(made) if is_plain(made) else made
