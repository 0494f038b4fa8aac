"""SymPy expressions as vectorised functions on arrays of floats, in forms that do not overflow.

`log(1 + e^u)` and `1/(1 + e^u)` are finite for every `u`, though `e^u` is not: they are evaluated as `logaddexp(0, u)`
and `expit(-u)`.  Functions with kinks are evaluated piece by piece, as `theory.pieces` cuts them; what they return at a
cut itself is one of the two neighbouring values, and immaterial.  Values have the precision of the argument.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from itertools import pairwise
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from theory.pieces import KINKED, pieces
from theory.symbols import x

from .libraries import NUMPY, Library

Array = NDArray[np.float64]
Elementwise = Callable[[Any], Any]
"""Takes an array of floats, of any shape and of the library that it was made for, to one of the same kind."""

CHUNK = 1 << 16
"""Numbers worked on at one time: they and what lies between two operations stay in the cache of a core."""

_EXPIT = sp.Function("expit")
_SOFTPLUS = sp.Function("softplus")
_HINGE = sp.Function("hinge")
_FUNCTIONS = ("exp", "log", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sign")
_RENAMED = {"arctan": "atan", "arcsin": "asin", "arccos": "acos"}
"""NumPy's names, which SymPy prints, and those of the array API."""


@cache
def vectorise(expr: sp.Expr, variable: sp.Symbol = x, library: Library = NUMPY) -> Elementwise:
    """Return `expr`, a function of `variable` alone, as a function of arrays of `library`."""
    strangers = expr.free_symbols - {variable}
    if strangers:
        raise ValueError(f"{expr} depends on {', '.join(sorted(map(str, strangers)))}, not on {variable} alone")
    hinged = _hinged(expr, variable) if expr.has(*KINKED) else expr
    evaluate = _pieced(expr, variable, library) if hinged is None else _smooth(hinged, variable, library)
    return _in_chunks(evaluate) if library is NUMPY else evaluate


def _in_chunks(evaluate: Elementwise) -> Elementwise:
    @wraps(evaluate)
    def by_chunks(values: Any) -> Any:
        values = np.asarray(values)
        if values.dtype.kind != "f":
            values = values.astype(np.float64)
        # A branch is evaluated outside its own interval too, where it may overflow unused.
        with np.errstate(all="ignore"):
            if values.size <= CHUNK:
                return evaluate(values)
            flat, result = values.reshape(-1), np.empty(values.size, dtype=values.dtype)
            for start in range(0, flat.size, CHUNK):
                result[start : start + CHUNK] = evaluate(flat[start : start + CHUNK])
        return result.reshape(values.shape)

    return by_chunks


def _hinged(expr: sp.Expr, variable: sp.Symbol) -> sp.Expr | None:
    """Return `expr` as its first piece and hinges `s max(x - c, 0)`, or None where it bends otherwise at a cut `c`.

    To choose between pieces costs a processor ten times what it costs to take a maximum: it cannot guess the sign.
    """
    parts = pieces(expr, variable)
    total = parts[0].expr
    for left, right in pairwise(parts):
        bend = sp.cancel((right.expr - left.expr) / (variable - left.hi))
        if bend.free_symbols:
            return None
        total += bend * _HINGE(variable - left.hi)
    return total


def _pieced(expr: sp.Expr, variable: sp.Symbol, library: Library) -> Elementwise:
    parts = pieces(expr, variable)
    branches = [_smooth(part.expr, variable, library) for part in parts]
    cuts = [float(part.hi) for part in parts[:-1]]

    def evaluate(values: Any) -> Any:
        result = branches[-1](values)
        for branch, cut in zip(reversed(branches[:-1]), reversed(cuts), strict=True):
            result = library.xp.where(values < cut, branch(values), result)
        return result

    return evaluate


def _smooth(expr: sp.Expr, variable: sp.Symbol, library: Library) -> Elementwise:
    stable = _rounded(sp.horner(expr) if expr.is_polynomial(variable) else _stable(expr))
    if not stable.has(variable):
        value = float(stable)
        return lambda values: library.xp.full_like(values, value)
    named = {name: getattr(library.xp, name) for name in _FUNCTIONS}
    named |= {printed: getattr(library.xp, name) for printed, name in _RENAMED.items()}
    compiled: Elementwise = sp.lambdify(variable, stable, modules=[{**named, **library.special}, "scipy", "numpy"])
    return compiled


def _rounded(expr: sp.Expr) -> sp.Expr:
    """Return `expr` with every irrational constant a double: `sqrt(2)` of NumPy would turn single into double."""
    if expr.is_Rational or expr.is_Symbol:
        return expr
    if not expr.free_symbols:
        return expr.evalf(17)
    return expr.func(*map(_rounded, expr.args), evaluate=False) if expr.args else expr


def _stable(expr: sp.Expr) -> sp.Expr:
    """Return `expr` with `log(1 + e^u)`, `(1 + e^u)^-n` and the like in forms that lose nothing at any `u`."""
    u, n = sp.Wild("u"), sp.Wild("n", properties=[lambda power: power.is_Integer and power < 0])
    v = sp.Wild("v", properties=[lambda node: node.is_Symbol])
    expr = expr.replace(sp.log(1 + sp.exp(u)), _SOFTPLUS(u))
    expr = expr.replace(1 - sp.tanh(u) ** 2, sp.cosh(u) ** -2)  # not infinite but all cancelled, from 19 on
    expr = expr.replace(sp.sqrt(1 - v**2), sp.sqrt((1 - v) * (1 + v)))  # next to 1 half of the digits are cancelled
    expr = expr.replace((1 + sp.exp(u)) ** n, lambda u, n: _EXPIT(-u) ** (-n))
    return expr.replace(lambda node: node.is_Mul, _paired)


def _paired(product: sp.Expr) -> sp.Expr:
    """Return `e^u expit(-u)^n` as `expit(u) expit(-u)^(n-1)`: the first factor alone would overflow."""
    for factor in product.args:
        if isinstance(factor, sp.exp) and product.has(_EXPIT(-factor.args[0])):
            u = factor.args[0]
            return product / factor / _EXPIT(-u) * _EXPIT(u)
    return product
