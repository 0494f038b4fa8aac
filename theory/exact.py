"""Matrix statements in exact rational arithmetic: an identity test, not a proof.

Both sides are rational functions of the entries.  If they differ, they agree at a random integer point with probability
at most `degree / range` (Schwartz and Zippel); with entries of +-10^6 and degrees below 200 that is 1e-4 a point.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy import QQ
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.polys.matrices import DomainMatrix

from .claim import Point
from .expectations import substitute


def matrix(rows: Sequence[Sequence[int]]) -> DomainMatrix:
    """Return a matrix of rationals from rows of integers."""
    return DomainMatrix([[QQ(entry) for entry in row] for row in rows], (len(rows), len(rows[0])), QQ)


def evaluate(expr: sp.Basic, point: Point) -> Any:
    """Return a matrix expression at a point that gives every matrix as a `matrix`, every scalar as a rational."""
    if not isinstance(expr, MatrixExpr):
        return _scalar(expr, point)
    if expr in point:
        return point[expr]
    if isinstance(expr, sp.ZeroMatrix):
        return None
    if isinstance(expr, sp.Transpose):
        return evaluate(expr.arg, point).transpose()
    if isinstance(expr, sp.Inverse):
        return evaluate(expr.arg, point).inv()
    if isinstance(expr, sp.MatAdd):
        terms = [evaluate(arg, point) for arg in expr.args if not isinstance(arg, sp.Identity)]
        if len(terms) < len(expr.args):  # an identity is as large as what it is added to
            terms.append(DomainMatrix.eye(terms[0].shape, QQ).to_dense())
        return sum(terms[1:], terms[0])
    if isinstance(expr, sp.MatMul):
        product = evaluate(expr.args[0], point)
        for factor in expr.args[1:]:
            product = product * evaluate(factor, point)
        return product
    if isinstance(expr, sp.MatPow) and (power := substitute(expr.exp, point)).is_Integer:
        base = evaluate(expr.base, point)
        return base ** int(power) if power > 0 else base.inv() ** -int(power)
    raise TypeError(f"{expr} has no exact value: {type(expr).__name__}")


def _scalar(expr: sp.Basic, point: Point) -> Any:
    value = substitute(expr, point)
    if not value.is_Rational:
        raise TypeError(f"{expr} has no exact value: {type(expr).__name__}")
    return QQ(int(value.p), int(value.q))


def equal(left: MatrixExpr, right: MatrixExpr, point: Point) -> bool:
    """Return whether both sides are the same matrix of rationals at the point."""
    a, b = evaluate(left, point), evaluate(right, point)
    if a is None or b is None:
        other = a if b is None else b
        return other is None or other.is_zero_matrix
    return bool(a == b)
