"""Slips, made mechanically: each part of a relation in turn is changed as a hand or an eye would change it.

Constants are scaled, terms dropped and their signs changed, powers doubled, sums begun one later, degrees shifted,
`alpha` and `1 - alpha` exchanged, `phi` and `phi'`, orthonormal and monic Hermite polynomials, projectors and what they
leave.

An inequality has room, so a small slip in it may well be true: it is reversed, and one side is moved just past the
other; of the slips only those that change it throughout are tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from .claim import Relation
from .expectations import Hermite, Mean
from .symbols import alpha, x

NEAR = sp.Rational(98, 97)
"""Close to one: a check that cannot tell this factor from the truth sees no wrong constant."""
Changed = tuple[str, sp.Basic]
_SHORT = 40


@dataclass(frozen=True, kw_only=True)
class Slip:
    """A relation one slip away from another; `what` says which slip, in words."""

    what: str
    left: sp.Basic
    right: sp.Basic
    relation: Relation


def slips(left: sp.Basic, right: sp.Basic, relation: Relation) -> Iterator[Slip]:
    """Yield every slip of `left relation right`, none twice and none that leaves it as it was."""
    if relation is Relation.TENDS_TO:
        return
    if relation is not Relation.EQUAL:
        other = Relation.AT_LEAST if relation is Relation.AT_MOST else Relation.AT_MOST
        yield Slip(what=f"{other} in place of {relation}", left=left, right=right, relation=other)
    seen = {(left, right)}
    for side, expr, opposite in (("left", left, right), ("right", right, left)):
        for what, changed in _of(expr, opposite, relation):
            pair = (changed, right) if side == "left" else (left, changed)
            if pair not in seen:
                seen.add(pair)
                yield Slip(what=f"{what}, on the {side}", left=pair[0], right=pair[1], relation=relation)


def _of(expr: sp.Basic, opposite: sp.Basic, relation: Relation) -> Iterator[Changed]:
    yield from _throughout(expr)
    if relation is not Relation.EQUAL:
        return
    if not (opposite == 0 or isinstance(opposite, sp.ZeroMatrix)):  # a multiple of zero is zero
        yield "scaled by 98/97", NEAR * expr
    for path, part in _parts(expr, ()):
        for what, changed in _in_matrix(part) if isinstance(part, MatrixExpr) else _in_scalar(part):
            try:
                yield f"{what} in {_short(part)}", _put(expr, path, changed)
            except (TypeError, ValueError):  # shapes that no longer fit are no statement
                continue


def _throughout(expr: sp.Basic) -> Iterator[Changed]:
    """Yield what changes everywhere at once."""
    if alpha in expr.free_symbols:
        yield "alpha and 1 - alpha swapped", expr.subs(alpha, 1 - alpha)
    if expr.has(Hermite) and (shifted := _shifted(expr)) is not None:
        yield "all degrees shifted by one", shifted
    for what, of_mean in (
        ("monic Hermite polynomials in place of orthonormal ones", _monic),
        ("l! in place of sqrt(l!)", _by_factorial),
    ):
        # A sum of `l! mu_l^2` has no tail bound, so nothing would enclose it.
        if expr.has(Hermite) and not (of_mean is _monic and expr.has(sp.Sum)):
            yield what, expr.replace(Mean, lambda f, of_mean=of_mean: of_mean(Mean(f)))


def _degrees(mean: Mean) -> list[sp.Expr]:
    """Return the degrees of the Hermite polynomials under a mean."""
    return [h.args[0] for h in sp.preorder_traversal(mean.body) if isinstance(h, Hermite)]


def _monic(mean: Mean) -> sp.Expr:
    return sp.Mul(*(sp.sqrt(sp.factorial(degree)) for degree in _degrees(mean))) * mean


def _by_factorial(mean: Mean) -> sp.Expr:
    return sp.Mul(*(1 / sp.sqrt(sp.factorial(degree)) for degree in _degrees(mean))) * mean


def _shifted(expr: sp.Basic) -> sp.Basic | None:
    """Return what has degree l + 1 wherever `expr` has degree l; None where no enclosure of that is known.

    A sum is begun one later instead, `sum_l w_l mu_(l+1)^2 = sum_(l>=1) w_(l-1) mu_l^2`, which is of its own kind where
    the weight is a power: `w_l / w_(l-1)` is then a constant.
    """
    moved: dict[sp.Basic, sp.Basic] = {}
    for total in expr.atoms(sp.Sum):
        (index, start, end), *others = total.limits
        weight = sp.Mul(*(f for f in sp.Mul.make_args(total.function) if not f.has(Hermite)))
        ratio = sp.simplify(weight / weight.subs(index, index - 1))
        if others or ratio.has(index):
            return None
        moved[total] = sp.Sum(total.function, (index, start + 1, end)) / ratio
    held = {total: sp.Dummy() for total in moved}
    raised = expr.xreplace(held).replace(Mean, lambda f: _raised(Mean(f)))
    return raised.xreplace({dummy: moved[total] for total, dummy in held.items()})


def _raised(mean: Mean) -> Mean:
    raised = {h: Hermite(h.args[0] + 1, h.args[1]) for h in mean.body.atoms(Hermite)}
    return Mean(sp.Lambda(x, mean.body.xreplace(raised)))


def _in_scalar(part: sp.Basic) -> Iterator[Changed]:
    """Yield the slips of one node of a scalar expression."""
    if isinstance(part, sp.Add):
        for term in part.args:
            yield f"{_short(term)} dropped", part - term
            yield f"sign of {_short(term)} changed", part - 2 * term
    elif isinstance(part, sp.Pow) and part.exp.is_Rational and part.exp != -1:
        yield "power doubled" if part.exp.is_Integer else "root forgotten", part.base ** (2 * part.exp)
    elif isinstance(part, sp.Sum):
        (index, start, end), *others = part.limits
        yield "sum begun one later", sp.Sum(part.function, (index, start + 1, end), *others)
    elif isinstance(part, Mean):
        yield from _in_mean(part)
    elif isinstance(part, sp.Mul):
        for factor in part.args:
            if not factor.is_number:
                yield f"{_short(factor)} forgotten", part / factor


def _in_mean(mean: Mean) -> Iterator[Changed]:
    for factor in sp.Mul.make_args(mean.body):
        if isinstance(factor, sp.core.function.AppliedUndef):
            yield "phi' for phi", Mean(sp.Lambda(x, mean.body / factor * sp.Derivative(factor, x)))
        if isinstance(factor, sp.Derivative):
            yield "phi for phi'", Mean(sp.Lambda(x, mean.body / factor * factor.expr))


def _in_matrix(part: MatrixExpr) -> Iterator[Changed]:
    """Yield the slips of one node of a matrix expression."""
    if isinstance(part, sp.MatAdd):
        for term in part.args:
            others = [other for other in part.args if other != term]
            yield f"{_short(term)} dropped", sp.MatAdd(*others)
            yield f"sign of {_short(term)} changed", sp.MatAdd(*others, -term)
    elif isinstance(part, sp.MatMul):
        for place, factor in enumerate(part.args):
            if getattr(factor, "is_square", False):
                yield (
                    f"{_short(factor)} forgotten",
                    sp.MatMul(*part.args[:place], *part.args[place + 1 :]).doit(deep=False),
                )
    elif isinstance(part, sp.Inverse):
        yield "inverse forgotten", part.arg
    elif isinstance(part, sp.MatPow):
        yield "power raised by one", sp.MatPow(part.base, part.exp + 1)
    elif isinstance(part, sp.MatrixSymbol) and part.is_square:
        yield "what it leaves in place of the projector", sp.Identity(part.rows) - part


def _parts(expr: sp.Basic, path: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], sp.Basic]]:
    """Yield every node with the places that lead to it, the whole first; not inside bound variables and shapes.

    Of a sum's terms only the means are taken apart: of other sums than the duals' there is no enclosure.  A limit is
    not taken apart, for SymPy's limit of what a slip leaves does not come back, nor is what stands at a value (`Subs`),
    where most slips change nothing.
    """
    yield path, expr
    if isinstance(expr, sp.MatrixSymbol | sp.Identity | sp.ZeroMatrix | sp.Limit | sp.Subs | Mean):
        return
    last = 1 if isinstance(expr, sp.Sum | sp.Derivative | sp.Lambda) else len(expr.args)
    for place, argument in enumerate(expr.args[:last]):
        inner = _parts(argument, (*path, place))
        yield from (found for found in inner if not isinstance(expr, sp.Sum) or isinstance(found[1], Mean))


def _put(expr: sp.Basic, path: tuple[int, ...], new: sp.Basic) -> sp.Basic:
    """Return `expr` with `new` at the place to which `path` leads."""
    if not path:
        return new
    place, *rest = path
    arguments = list(expr.args)
    arguments[place] = _put(arguments[place], tuple(rest), new)
    if isinstance(expr, sp.MatMul | sp.MatAdd):  # which do not evaluate, and are not to be left in pieces
        return reduce(lambda a, b: a * b if isinstance(expr, sp.MatMul) else a + b, arguments)
    return expr.func(*arguments)


def _short(part: sp.Basic) -> str:
    text = str(part)
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 3]}..."
