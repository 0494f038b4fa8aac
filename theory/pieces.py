"""Functions with kinks and jumps as finitely many smooth pieces: the form in which everything else is exact.

A branch may change only where some expression vanishes or has a pole.  Those places are found where the expression is a
polynomial, a product or power of such, or `a f(u) + b` with f invertible and u again of these kinds.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import sympy as sp

KINKED = (sp.Max, sp.Min, sp.Abs, sp.Heaviside, sp.sign, sp.Piecewise)


@dataclass(frozen=True, kw_only=True)
class Piece:
    """`expr`, smooth, on the open interval `(lo, hi)`; the ends may be infinite."""

    lo: sp.Expr
    hi: sp.Expr
    expr: sp.Expr


def pieces(expr: sp.Expr, variable: sp.Symbol) -> tuple[Piece, ...]:
    """Return `expr` as smooth pieces that cover the line; values at the cuts are immaterial.

    Every maximum, absolute value, sign, step and case distinction is replaced by the branch that it takes on each
    piece.  Raises ValueError where a cut cannot be placed.
    """
    cuts = sorted(_cuts(expr, variable), key=lambda cut: cut.evalf(30))
    ends = [-sp.oo, *cuts, sp.oo]
    return tuple(Piece(lo=lo, hi=hi, expr=_branch(expr, variable, _inside(lo, hi))) for lo, hi in pairwise(ends))


def breakpoints(expr: sp.Expr, variable: sp.Symbol) -> tuple[sp.Expr, ...]:
    """Return the finite ends of the pieces, in increasing order."""
    return tuple(piece.hi for piece in pieces(expr, variable)[:-1])


def derivative(expr: sp.Expr, variable: sp.Symbol) -> sp.Expr:
    """Return the derivative of a smooth expression, with `q u^(q-1) u'` for that of a fractional power `u^q`.

    SymPy writes `u^q u' q / u`, which has no value where u vanishes.
    """
    roots = [node for node in expr.atoms(sp.Pow) if node.exp.is_Rational and not node.exp.is_Integer]
    outer = {node: sp.Dummy() for node in roots if node.has(variable)}
    inner = expr.xreplace(outer)
    return inner.diff(variable).xreplace({dummy: node for node, dummy in outer.items()}) + sum(
        inner.diff(dummy).xreplace({other: power for power, other in outer.items()})
        * node.exp
        * node.base ** (node.exp - 1)
        * derivative(node.base, variable)
        for node, dummy in outer.items()
        if inner.has(dummy)
    )


def _switches(expr: sp.Expr) -> set[sp.Expr]:
    """Return the expressions at whose zeros some branch of `expr` may change."""
    found: set[sp.Expr] = set()
    for node in expr.atoms(*KINKED):
        if isinstance(node, (sp.Max, sp.Min)):
            args = sorted(node.args, key=sp.default_sort_key)
            found |= {a - b for i, a in enumerate(args) for b in args[i + 1 :]}
        elif isinstance(node, sp.Piecewise):
            found |= {
                rel.lhs - rel.rhs
                for _, condition in node.args
                for rel in condition.atoms(sp.core.relational.Relational)
            }
        else:
            found.add(node.args[0])
    return found


def _cuts(expr: sp.Expr, variable: sp.Symbol) -> set[sp.Expr]:
    cuts: set[sp.Expr] = set()
    for switch in _switches(expr):
        for smooth in {piece.expr for piece in pieces(switch, variable)} if switch.has(*KINKED) else {switch}:
            cuts |= _zeros(smooth, variable)
        if switch.has(*KINKED):
            cuts |= set(breakpoints(switch, variable))
    return cuts


def _zeros(expr: sp.Expr, variable: sp.Symbol) -> set[sp.Expr]:
    """Return every place where `expr` may vanish or have a pole."""
    if expr.is_polynomial(variable):
        return _roots(sp.Poly(expr, variable))
    if isinstance(expr, sp.Mul):
        return set().union(*(_zeros(factor, variable) for factor in expr.args))
    if isinstance(expr, sp.Pow) and not expr.exp.has(variable):
        return _zeros(expr.base, variable)
    height, rest = expr.as_independent(variable, as_Add=True)
    slope, function = rest.as_independent(variable, as_Add=False)
    found = _inverse(function, sp.radsimp(-height / slope)) if function.args and not isinstance(rest, sp.Add) else None
    if found is None:
        raise ValueError(
            f"cannot place the kink where {expr} = 0: "
            "not a polynomial, nor one invertible function of one, equal to a number"
        )
    inner = function.args[0]
    poles = _zeros(inner, variable) if isinstance(function, sp.Pow) and function.exp.is_negative else set()
    return poles.union(*(_zeros(inner - value, variable) for value in found))


def _inverse(function: sp.Expr, level: sp.Expr) -> list[sp.Expr] | None:
    """Return the arguments, at most one, at which the outer function takes the value `level`; None if not known."""
    if isinstance(function, sp.exp):
        return [sp.log(level)] if level > 0 else []
    if isinstance(function, sp.log):
        return [sp.exp(level)]
    if isinstance(function, sp.sinh):
        return [sp.log(level + sp.sqrt(level**2 + 1))]
    if isinstance(function, sp.tanh):
        return [sp.log((1 + level) / (1 - level)) / 2] if abs(level) < 1 else []
    if isinstance(function, sp.Pow) and function.exp == -1:
        return [1 / level] if level != 0 else []
    if isinstance(function, sp.Pow) and function.exp.is_Rational and not function.exp.is_Integer:
        return [level ** (1 / function.exp)] if level > 0 else []
    if isinstance(function, (sp.erf, sp.atan)) and level == 0:
        return [level]
    if (isinstance(function, sp.erf) and abs(level) >= 1) or (isinstance(function, sp.cosh) and level < 1):
        return []
    return None


def _roots(polynomial: sp.Poly) -> set[sp.Expr]:
    """Return the real roots; a linear polynomial may have irrational coefficients, as derivatives of pieces have."""
    if polynomial.degree() <= 0:
        return set()
    if polynomial.degree() == 1:
        slope, height = polynomial.all_coeffs()
        return {sp.radsimp(-height / slope)}
    try:
        return set(sp.real_roots(polynomial))
    except NotImplementedError as unsupported:
        if polynomial.degree() == 2:
            a, b, c = polynomial.all_coeffs()
            spread = b**2 - 4 * a * c
            return {(-b + sign * sp.sqrt(spread)) / (2 * a) for sign in (1, -1)} if spread >= 0 else set()
        raise ValueError(
            f"the roots of {polynomial.as_expr()} cannot be placed: its coefficients are not rational"
        ) from unsupported


def _inside(lo: sp.Expr, hi: sp.Expr) -> sp.Rational:
    """Return a rational strictly between `lo` and `hi`."""
    if lo == -sp.oo:
        return sp.Integer(0) if hi == sp.oo else sp.floor(hi) - 1
    if hi == sp.oo:
        return sp.floor(lo) + 1
    middle = sp.Rational(str(((lo + hi) / 2).evalf(30)))
    if not lo < middle < hi:
        raise ValueError(f"kinks at {lo} and {hi} are too close to tell apart")
    return middle


def _branch(expr: sp.Expr, variable: sp.Symbol, at: sp.Rational) -> sp.Expr:
    """Return the smooth expression that `expr` is near the point `at`."""
    if not expr.has(*KINKED):
        return expr
    if isinstance(expr, sp.Piecewise):
        for value, condition in expr.args:
            if condition.subs(variable, at) == sp.true:
                return _branch(value, variable, at)
        raise ValueError(f"no case of {expr} covers {variable} = {at}")
    args = [_branch(arg, variable, at) for arg in expr.args]
    values = [arg.subs(variable, at) for arg in args]
    if isinstance(expr, (sp.Max, sp.Min)):
        best = (sp.Max if isinstance(expr, sp.Max) else sp.Min)(*values)
        return args[values.index(best)]
    if isinstance(expr, sp.Abs):
        return args[0] if values[0] >= 0 else -args[0]
    if isinstance(expr, (sp.Heaviside, sp.sign)):
        low = sp.Integer(0) if isinstance(expr, sp.Heaviside) else sp.Integer(-1)
        return sp.Integer(1) if values[0] > 0 else low
    return expr.func(*args)
