"""SymPy expressions as vectorised functions on float64 arrays, in forms that do not overflow.

`log(1 + e^u)` and `1/(1 + e^u)` are finite for every `u`, though `e^u` is not: they are evaluated as `logaddexp(0, u)`
and `expit(-u)`.  Functions with kinks are evaluated piece by piece, as `theory.pieces` cuts them; what they return at a
cut itself is one of the two neighbouring values, and immaterial.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import sympy as sp
from numpy.typing import NDArray
from scipy import special

from theory.pieces import KINKED, pieces
from theory.symbols import x

Array = NDArray[np.float64]
Elementwise = Callable[[Array], Array]

_EXPIT = sp.Function("expit")
_SOFTPLUS = sp.Function("softplus")
_NAMED = {"expit": special.expit, "softplus": lambda u: np.logaddexp(0.0, u)}


@cache
def vectorise(expr: sp.Expr, variable: sp.Symbol = x) -> Elementwise:
    """Return `expr`, a function of `variable` alone, as a function of float64 arrays of any shape."""
    strangers = expr.free_symbols - {variable}
    if strangers:
        raise ValueError(f"{expr} depends on {', '.join(sorted(map(str, strangers)))}, not on {variable} alone")
    if not expr.has(*KINKED):
        return _smooth(expr, variable)
    parts = pieces(expr, variable)
    branches = [_smooth(part.expr, variable) for part in parts]
    cuts = [float(part.hi) for part in parts[:-1]]

    def evaluate(values: Array) -> Array:
        result = branches[-1](values)
        for branch, cut in zip(reversed(branches[:-1]), reversed(cuts), strict=True):
            result = np.where(values < cut, branch(values), result)
        return result

    return evaluate


def _smooth(expr: sp.Expr, variable: sp.Symbol) -> Elementwise:
    stable = sp.horner(expr) if expr.is_polynomial(variable) else _stable(expr)
    compiled = sp.lambdify(variable, stable, modules=[_NAMED, "scipy", "numpy"])

    def evaluate(values: Array) -> Array:
        # A branch is evaluated outside its own interval too, where it may overflow unused.
        with np.errstate(all="ignore"):
            result = np.asarray(compiled(np.asarray(values, dtype=np.float64)), dtype=np.float64)
        return result if result.shape == np.shape(values) else np.full(np.shape(values), result)

    return evaluate


def _stable(expr: sp.Expr) -> sp.Expr:
    """Return `expr` with `log(1 + e^u)`, `(1 + e^u)^-n` and the like in forms that lose nothing at any `u`."""
    u, n = sp.Wild("u"), sp.Wild("n", properties=[lambda power: power.is_Integer and power < 0])
    expr = expr.replace(sp.log(1 + sp.exp(u)), _SOFTPLUS(u))
    expr = expr.replace(1 - sp.tanh(u) ** 2, sp.cosh(u) ** -2)  # not infinite but all cancelled, from 19 on
    expr = expr.replace((1 + sp.exp(u)) ** n, lambda u, n: _EXPIT(-u) ** (-n))
    return expr.replace(lambda node: node.is_Mul, _paired)


def _paired(product: sp.Expr) -> sp.Expr:
    """Return `e^u expit(-u)^n` as `expit(u) expit(-u)^(n-1)`: the first factor alone would overflow."""
    for factor in product.args:
        if isinstance(factor, sp.exp) and product.has(_EXPIT(-factor.args[0])):
            u = factor.args[0]
            return product / factor / _EXPIT(-u) * _EXPIT(u)
    return product
