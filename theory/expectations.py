"""Gaussian expectations as inert objects: statements are made of them, and nothing evaluates them by accident."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from .hermite import polynomial
from .symbols import x

phi = sp.Function("phi", real=True)
psi = sp.Function("psi", real=True)
"""Activations in statements that hold for all of them; a point gives each an expression in x."""


class _RealValued(sp.Function):  # type: ignore[misc]
    """A function with real values; SymPy would ask the `Lambda`s among its arguments, and be left in doubt."""

    def _eval_is_commutative(self) -> bool:
        return True

    def _eval_is_real(self) -> bool:
        return True


class Hermite(_RealValued):
    """`h_l(x)`, orthonormal for N(0, 1); written out only when asked to, and only for a given degree."""

    nargs = (2,)

    def doit(self, **hints: Any) -> sp.Expr:
        """Return the polynomial if the degree is a number."""
        degree, argument = (arg.doit(**hints) for arg in self.args)
        return polynomial(int(degree)).subs(x, argument) if degree.is_Integer else Hermite(degree, argument)

    def _sympystr(self, printer: Any) -> str:
        degree, argument = (printer.doprint(arg) for arg in self.args)
        return f"h_{degree}({argument})"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        degree, argument = (printer.doprint(arg) for arg in self.args)
        power = f"^{{{exp}}}" if exp else ""
        return rf"h_{{{degree}}}{power}\left({argument}\right)"


class Mean(_RealValued):
    """`E[f(g)]`, g standard Gaussian, f a `Lambda`."""

    nargs = (1,)

    @property
    def body(self) -> sp.Expr:
        """`f` as an expression in x."""
        return self.args[0](x)

    def _sympystr(self, printer: Any) -> str:
        return f"E[{printer.doprint(self.args[0](sp.Symbol('g', real=True)))}]"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        g = sp.Symbol("g", real=True)
        inner = printer.doprint(self.args[0](g))
        power = f"^{{{exp}}}" if exp else ""
        return rf"\mathbb{{E}}{power}\left[{inner}\right]"


class Correlated(_RealValued):
    """`E[f(u) h(v)]`, u and v standard Gaussians of correlation rho, f and h `Lambda`s."""

    nargs = (3,)

    def _sympystr(self, printer: Any) -> str:
        u, v = sp.symbols("u v", real=True)
        f, h, rho = self.args
        inner = printer.doprint(sp.Mul(f(u), h(v), evaluate=False))
        return f"E[{inner}; correlation {printer.doprint(rho)}]"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        u, v = sp.symbols("u v", real=True)
        f, h, rho = self.args
        inner = printer.doprint(sp.Mul(f(u), h(v), evaluate=False))
        power = f"^{{{exp}}}" if exp else ""
        return rf"\mathbb{{E}}_{{{printer.doprint(rho)}}}{power}\left[{inner}\right]"


def mean(expr: sp.Expr) -> Mean:
    """Return `E[expr(g)]` for an expression in x."""
    return Mean(sp.Lambda(x, expr))


def correlated(first: sp.Expr, second: sp.Expr, rho: sp.Expr) -> Correlated:
    """Return `E[first(u) second(v)]` for expressions in x."""
    return Correlated(sp.Lambda(x, first), sp.Lambda(x, second), rho)


def substitute(expr: sp.Basic, point: Mapping[Any, Any]) -> sp.Basic:
    """Return `expr` at a point: functions replaced by expressions in x, symbols by numbers, derivatives carried out."""
    for head, value in point.items():
        if isinstance(head, sp.core.function.UndefinedFunction):
            expr = expr.replace(head, lambda argument, value=value: value.subs(x, argument))
    values = {symbol: value for symbol, value in point.items() if isinstance(symbol, sp.Symbol)}
    return expr.subs(values)
