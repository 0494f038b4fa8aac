"""Whether the points at which a statement is tried could show that it is false.

A symbol without a value, or with one value throughout, is not tried; nor is an inequality that has room for any slip.
"""

from __future__ import annotations

import ast
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix

from . import balls
from .claim import Claim, Point, Relation
from .enclosure import enclose
from .expectations import substitute
from .plainness import a, is_plain, letters, require_plain, require_text

BITS = 128
LOOSE = 100
"""An inequality whose sides are nowhere within this factor would survive any slip that a person makes."""
_ASSUMED = ("positive", "negative", "nonnegative", "nonpositive", "nonzero", "integer", "real")
_NUDGE = sp.Rational(996, 997)
_INEQUALITIES = (Relation.AT_MOST, Relation.AT_LEAST)


def require_admissible(where: str, points: list[Point]) -> None:
    """Refuse a point twice, a value that is not exact, and one that its symbol may not have."""
    seen: set[str] = set()
    for point in points:
        for symbol, value in point.items():
            _require_value(where, symbol, value)
        text = _spoken(point)
        if text in seen:
            raise ValueError(f"{where}: yields the point {text} more than once; each counts as evidence once")
        seen.add(text)


def _spoken(point: Point) -> str:
    return "{" + ", ".join(sorted(f"{symbol}: {value}" for symbol, value in point.items())) + "}"


def _require_value(where: str, symbol: Any, value: Any) -> None:
    if isinstance(value, sp.Basic):
        require_plain(f"{where}: a point", value)
    elif not (type(value) in (int, Fraction) or (type(value) is DomainMatrix and value.domain.is_Exact)):
        kind = a(type(value).__name__)
        raise ValueError(f"{where}: at a point {symbol} is {kind}; exact numbers only, as sp.Rational(1, 2)")
    if isinstance(symbol, sp.Symbol):
        if isinstance(value, DomainMatrix):
            raise ValueError(f"{where}: at a point the number {symbol} is a matrix; a MatrixSymbol takes one")  # noqa: TRY004
        exact = _exact(value)
        for assumed in _ASSUMED:
            if getattr(symbol, f"is_{assumed}") and getattr(exact, f"is_{assumed}") is False:
                raise ValueError(f"{where}: at a point {symbol} = {exact} is not {assumed}, as {symbol} is")


def _exact(value: Any) -> sp.Expr:
    """Return a value of a point as SymPy has it: those that are not are whole numbers or fractions."""
    return value if isinstance(value, sp.Basic) else sp.Rational(value)


def require_letters(where: str, points: list[Point], *sides: sp.Basic) -> None:
    """Refuse symbols without a value, and two that a reader would take for one."""
    wanted = letters(*sides)
    names: dict[str, Any] = {}
    for letter in sorted(wanted | set(points[0]), key=str):
        require_text(where, "symbol", str(letter))
        if isinstance(letter, sp.Symbol) and _reads_as_formula(letter.name):
            raise ValueError(f"{where}: the symbol {letter.name} prints as a formula, which it is not")
        if isinstance(letter, sp.Identity):
            continue  # those of several sizes do print as one
        if names.setdefault(str(letter), letter) != letter:
            raise ValueError(f"{where}: two different symbols print as {letter}")
    for point in points:
        if missing := sorted(map(str, wanted - set(point))):
            raise ValueError(f"{where}: its points leave {missing[0]} without a value")


def _reads_as_formula(name: str) -> bool:
    try:
        read = ast.parse(name.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return False
    return not isinstance(read, ast.Name)


def require_formula(where: str, points: list[Point], left: sp.Basic, right: sp.Basic, relation: Relation) -> None:
    """Refuse an equality of plain expressions that holds where it is tried and not a thousandth beside it."""
    if relation is not Relation.EQUAL or not is_plain(left, right):
        return
    point, beside = points[0], _beside(points[0])  # what was fitted to all of them was fitted to the first
    if not _agree(left, right, beside) and _agree(left, right, point):
        raise ValueError(
            f"{where}: it holds at {_spoken(point)} and not beside it, at {_spoken(beside)}; if the symbols depend on "
            "each other, write out how"
        )


def _beside(point: Point) -> Point:
    """Return the point with each symbol that need not be whole a thousandth smaller."""
    return {s: v if not isinstance(s, sp.Symbol) or s.is_integer else _exact(v) * _NUDGE for s, v in point.items()}


def _agree(left: sp.Basic, right: sp.Basic, point: Point) -> bool:
    with balls.precision(BITS):
        x, y = (enclose(substitute(side, point), BITS) for side in (left, right))
        return x is None or y is None or bool(x.overlaps(y))


def require_variety(name: str, points: list[Point], claim: Claim) -> None:
    """Refuse points at which a symbol of the statement might as well be a number, or two of them one."""
    columns = {letter: [str(point[letter]) for point in points] for letter in letters(*claim.statement)}
    for letter, column in columns.items():
        if len(set(column)) == 1:
            raise ValueError(
                f"{name}: {letter} has one value at all {len(points)} points, so its part is not tried; let it vary"
            )
    twice = {tuple(column): letter for letter, column in columns.items()}
    for letter, column in columns.items():
        if (other := twice[tuple(column)]) != letter:
            pair = " and ".join(sorted(map(str, (letter, other))))
            raise ValueError(f"{name}: {pair} have the same value at every point, so they are not told apart")


def require_tight(name: str, points: list[Point], claim: Claim) -> None:
    """Refuse an inequality with room for any slip, wherever it is tried."""
    if claim.relation not in _INEQUALITIES or isinstance(claim.statement[0], sp.MatrixExpr):
        return
    if not any(_close(*claim.statement, point) for point in points):
        raise ValueError(
            f"{name}: at no point do its sides come within a factor of {LOOSE} of each other, so no slip would break it"
        )


def _close(left: sp.Basic, right: sp.Basic, point: Point) -> bool:
    """Whether both sides are of one size at a point; where one is 0, whether what is subtracted from the other is."""
    sizes = [_size(side, point) for side in (left, right)]
    if 0 in sizes:
        terms = [_size(term, point) for side in (left, right) for term in sp.Add.make_args(side)]
        sizes = [sum(t for t in terms if t > 0), -sum(t for t in terms if t < 0)]
    small, large = sorted(map(abs, sizes))
    return small == 0 or LOOSE * small >= large


def _size(side: sp.Basic, point: Point) -> float:
    with balls.precision(BITS):
        found = enclose(substitute(side, point), BITS)
        return 0.0 if found is None else float(found.mid())
