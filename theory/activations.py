"""Activations: each one a literal, everything else about it derived.

To add one, write one literal here, or a file with a name `ACTIVATION` in a folder given to `gammaphi --with`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import sympy as sp

from .pieces import Piece, breakpoints, pieces
from .symbols import x


@dataclass(frozen=True, kw_only=True)
class Activation:
    """A function `phi(x)`, real and square-integrable against the standard Gaussian, given by a SymPy expression.

    `expr` may hold kinks and jumps (`Max`, `Abs`, `Heaviside`, `sign`, `Piecewise`) at roots of polynomials.
    Integrability is proved by `theory.growth`, by everything that integrates.
    """

    name: str
    expr: sp.Expr
    remark: str = ""

    def __post_init__(self) -> None:
        strangers = self.expr.free_symbols - {x}
        if strangers:
            raise ValueError(f"{self.name}: {', '.join(sorted(map(str, strangers)))} is neither x nor a number")
        if self.expr.has(sp.I, sp.oo, sp.zoo, sp.nan):
            raise ValueError(f"{self.name}: {self.expr} is not a finite real function")

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The smooth pieces of phi."""
        return pieces(self.expr, x)

    @cached_property
    def breakpoints(self) -> tuple[sp.Expr, ...]:
        """Where phi may have a kink or a jump."""
        return breakpoints(self.expr, x)

    @cached_property
    def jumps(self) -> tuple[tuple[sp.Expr, sp.Expr], ...]:
        """`(a, phi(a+) - phi(a-))` at each breakpoint where phi is not continuous."""
        steps = (
            (left.hi, sp.simplify(right.expr.subs(x, left.hi) - left.expr.subs(x, left.hi)))
            for left, right in zip(self.pieces, self.pieces[1:], strict=False)
        )
        return tuple((a, jump) for a, jump in steps if jump != 0)

    @cached_property
    def is_affine(self) -> bool:
        """Whether phi is `a + b x`: the case that every theorem excludes."""
        whole = self.pieces[0].expr
        return _vanishes(whole.diff(x, 2)) and all(_vanishes(p.expr - whole) for p in self.pieces)

    @cached_property
    def derivative(self) -> Activation:
        """`phi'`, as an activation of its own; refused where phi jumps, for then `phi'` is not a function."""
        if self.jumps:
            places = ", ".join(str(a) for a, _ in self.jumps)
            raise ValueError(f"{self.name} jumps at {places}, so its derivative is not a function")
        cases = [(p.expr.diff(x), x < p.hi) for p in self.pieces[:-1]] + [(self.pieces[-1].expr.diff(x), True)]
        expr = sp.Piecewise(*cases) if len(cases) > 1 else cases[0][0]
        return Activation(name=f"{self.name}'", expr=expr)


def _vanishes(expr: sp.Expr) -> bool:
    """Whether a smooth expression is 0: not if it is seen off 0 anywhere, and simplification need not be asked then."""
    places = (sp.Rational(1, 3), sp.Rational(-5, 7))
    if any(abs(expr.subs(x, place).evalf(20)) > 1e-9 for place in places):
        return False
    return bool(expr.equals(0))


def _hermite(degree: int) -> sp.Expr:
    """Return `h_l = He_l / sqrt(l!)`, orthonormal for N(0, 1)."""
    return sp.expand(sp.hermite_prob(degree, x) / sp.sqrt(sp.factorial(degree)))


RELU = Activation(name="relu", expr=sp.Max(x, 0))
LEAKY_RELU = Activation(name="leaky_relu", expr=sp.Max(x, x / 100), remark="slope 1/100 below 0")
ABS = Activation(name="abs", expr=sp.Abs(x))
STEP = Activation(name="step", expr=sp.Heaviside(x), remark="it jumps, so it has no tangent features")
ERF = Activation(name="erf", expr=sp.erf(x))
GELU = Activation(name="gelu", expr=x * (1 + sp.erf(x / sp.sqrt(2))) / 2, remark="x P(g < x), the exact form")
SIN = Activation(name="sin", expr=sp.sin(x))
COS = Activation(name="cos", expr=sp.cos(x))
TANH = Activation(name="tanh", expr=sp.tanh(x))
SIGMOID = Activation(name="sigmoid", expr=1 / (1 + sp.exp(-x)))
SOFTPLUS = Activation(name="softplus", expr=sp.log(1 + sp.exp(x)))
SILU = Activation(name="silu", expr=x / (1 + sp.exp(-x)), remark="also called swish")
PHI2 = Activation(name="h1+h2", expr=_hermite(1) + _hermite(2), remark="the paper's phi_2 (Figure 2)")
PHI4 = Activation(name="h1+h4", expr=_hermite(1) + _hermite(4), remark="the paper's phi_4 (Figure 2)")
TANGENT_PHI2 = Activation(
    name="ntk_phi2", expr=x + x**2 / 2, remark="the paper's tangent phi_2: its derivative is h0 + h1 (Figure 6)"
)
TANGENT_PHI4 = Activation(
    name="ntk_phi4",
    expr=x + (x**4 / 4 - 3 * x**2 / 2) / sp.sqrt(6),
    remark="the paper's tangent phi_4: its derivative is h0 + h3 (Figure 6)",
)
QUADRATIC = Activation(name="quadratic", expr=x + x**2)
CUBIC = Activation(name="cubic", expr=x**3)

CATALOGUE: tuple[Activation, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Activation))
