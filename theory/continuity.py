"""Where a function jumps, and whether it is a straight line: decided by its formula, by digits only where they differ.

SymPy may take minutes to simplify a value.  So a difference that is seen to 50 digits is not 0, and only one that is
not seen is examined exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import sympy as sp

from .pieces import Piece
from .symbols import x

_KINKED = (sp.Max, sp.Min, sp.Abs)
_SMOOTH = (sp.exp, sp.sin, sp.cos, sp.tanh, sp.sinh, sp.cosh, sp.atan, sp.erf, sp.erfc)
MAX_OPERATIONS = 50  # SymPy's simplification of more may not end
_CONTINUOUS = (sp.Add, sp.Mul, *_KINKED, *_SMOOTH)


def is_continuous(expr: sp.Expr) -> bool:
    """Whether `expr` is built of functions that are continuous on the whole line."""
    if not expr.args:
        return True
    if not isinstance(expr, _CONTINUOUS) and not (isinstance(expr, sp.Pow) and expr.exp.is_nonnegative):
        return False
    return all(is_continuous(arg) for arg in expr.args)


def jumps(pieces: Sequence[Piece]) -> tuple[tuple[sp.Expr, sp.Expr], ...]:
    """Return `(a, f(a+) - f(a-))` at each cut `a` where the two pieces do not meet."""
    steps = ((left.hi, _step(right.expr - left.expr, left.hi)) for left, right in pairwise(pieces))
    return tuple((a, jump) for a, jump in steps if jump != 0)


def is_affine(pieces: Sequence[Piece]) -> bool:
    """Whether the pieces are one straight line."""
    whole, values = pieces[0].expr, [_sampled(piece.expr) for piece in pieces]
    if any(_is_seen(right - 2 * middle + left, *row) for row in values for right, middle, left in [row]):
        return False
    if any(_is_seen(here - there, here, there) for row in values for here, there in zip(row, values[0], strict=True)):
        return False
    return all(map(_vanishes, (whole.diff(x, 2), *(piece.expr - whole for piece in pieces))))


def _vanishes(expr: sp.Expr) -> bool:
    """Whether a smooth expression is 0, exactly; ValueError if it is too long for that."""
    expanded = sp.expand(expr) if expr.is_polynomial(x) else expr
    if not _is_short(expanded):
        raise ValueError(f"cannot tell whether {str(expr)[:60]}... is 0")
    return bool(expanded.equals(0))


def _sampled(expr: sp.Expr) -> list[sp.Expr]:
    """Return the values of a smooth expression at three equidistant places, to 50 digits."""
    return [expr.evalf(50, subs={x: place}) for place in (sp.Rational(2, 3), sp.Rational(1, 4), sp.Rational(-1, 6))]


def _is_seen(difference: sp.Expr, *terms: sp.Expr) -> bool:
    """Whether a difference of terms known to 50 digits is certainly not 0; where it is not, exact means decide."""
    return bool(difference.is_finite and abs(difference) > sum(map(abs, terms)) / 10**40)


def _step(difference: sp.Expr, at: sp.Expr) -> sp.Expr:
    """Return the value of a smooth expression at a root, 0 if it vanishes; ValueError if that cannot be told."""
    value = difference.subs(x, at)
    number = value.evalf(50)
    if not number.is_finite:
        raise ValueError(f"{difference} is not finite at {at}")
    if abs(number) > 1e-40:
        return sp.simplify(value) if _is_short(value) and not value.has(sp.Function) else value
    factors = sp.Mul.make_args(sp.factor_terms(difference))
    if any(_is_root(at, factor) for factor in factors) or (_is_short(value) and value.equals(0)):
        return sp.Integer(0)
    raise ValueError(f"cannot tell whether {str(difference)[:60]}... is 0 at {at}")


def _is_root(number: sp.Expr, factor: sp.Expr) -> bool:
    """Whether `factor` is seen to be a polynomial with algebraic coefficients that vanishes at `number`."""
    if not factor.is_polynomial(x) or factor.has(sp.Function):
        return False
    if isinstance(number, sp.ComplexRootOf):  # given by its minimal polynomial
        return bool(sp.rem(factor, number.poly.as_expr(x), x) == 0)
    value = factor.subs(x, number)
    return _is_short(value) and bool(sp.simplify(value) == 0)


def _is_short(expr: sp.Expr) -> bool:
    return bool(expr.count_ops() < MAX_OPERATIONS)
