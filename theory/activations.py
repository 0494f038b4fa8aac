"""Activations: each one a literal, everything else about it derived.

To add one, write one literal here, or a file of your own for `gammaphi --with` (docs/adding.md).  A family is a
function that returns an activation: the catalogue holds its default member, and formulas may give its parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

import sympy as sp

from . import continuity
from .pieces import Piece, derivative, pieces
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

    def to_dict(self) -> dict[str, str]:
        """Return its `name`, `expression` and `remark` as text."""
        return {"name": self.name, "expression": str(self.expr), "remark": self.remark}

    def _repr_latex_(self) -> str:
        return rf"$\phi(x) = {sp.latex(self.expr)}$"

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The smooth pieces of phi."""
        return pieces(self.expr, x)

    @cached_property
    def breakpoints(self) -> tuple[sp.Expr, ...]:
        """Where phi may have a kink or a jump."""
        return tuple(piece.hi for piece in self.pieces[:-1])

    @cached_property
    def jumps(self) -> tuple[tuple[sp.Expr, sp.Expr], ...]:
        """`(a, phi(a+) - phi(a-))` at each breakpoint where phi is not continuous."""
        return () if continuity.is_continuous(self.expr) else continuity.jumps(self.pieces)

    @cached_property
    def is_affine(self) -> bool:
        """Whether phi is `a + b x`: the case that every theorem excludes."""
        return continuity.is_affine(self.pieces)

    @cached_property
    def derivative(self) -> Activation:
        """`phi'`, as an activation of its own; refused where phi jumps, for then `phi'` is not a function."""
        if self.jumps:
            places = ", ".join(str(a) for a, _ in self.jumps)
            raise ValueError(f"{self.name} jumps at {places}, so its derivative is not a function")
        slopes = [derivative(p.expr, x) for p in self.pieces]
        cases = [(f, x < p.hi) for f, p in zip(slopes, self.pieces[:-1], strict=False)] + [(slopes[-1], True)]
        expr = sp.Piecewise(*cases) if len(cases) > 1 else cases[0][0]
        return Activation(name=f"{self.name}'", expr=expr)

    def stretched(self, factor: sp.Expr) -> Activation:
        """Return `x -> phi(factor x)`, for a positive factor."""
        wide = Activation(name=f"{self.name}({factor} x)", expr=self.expr.subs(x, factor * x))
        # known already, and not to be found anew among the roots of polynomials with irrational coefficients
        wide.__dict__["pieces"] = tuple(
            Piece(lo=p.lo / factor, hi=p.hi / factor, expr=p.expr.subs(x, factor * x)) for p in self.pieces
        )
        return wide


Number: TypeAlias = int | Fraction | sp.Expr
"""A parameter of a family, exact."""

MAX_DEGREE = 64


def _exact(value: Number) -> sp.Expr:
    """Return a parameter as a SymPy number; a float is refused, for 0.1 is not 1/10."""
    if isinstance(value, float) or (isinstance(value, sp.Expr) and value.has(sp.Float)):
        raise ValueError(f"{value} is not exact; write Fraction(1, 5), not 0.2")
    number = value if isinstance(value, sp.Expr) else sp.Rational(value)
    if number.free_symbols or not number.is_real:
        raise ValueError(f"{number} is not a real number")
    return number


def _positive(value: Number) -> sp.Expr:
    number = _exact(value)
    if not number.is_positive:
        raise ValueError(f"{number} is not positive")
    return number


def _degree(value: Number) -> int:
    """Return a degree as a whole number."""
    number = _exact(value)
    if not (number.is_Integer and 0 <= number <= MAX_DEGREE):
        raise ValueError(f"{number} is not a whole number from 0 to {MAX_DEGREE}")
    return int(number)


def _member(family: Callable[..., Activation], *parameters: object, expr: sp.Expr) -> Activation:
    """Return a member of a family, called by the formula that makes it again."""
    return Activation(name=f"{family.__name__}({', '.join(map(str, ('x', *parameters)))})", expr=expr)


def prelu(above: Number = 1, below: Number = Fraction(1, 4)) -> Activation:
    """Return `a max(x, 0) + b min(x, 0)`: slope a above 0 and b below."""
    a, b = _exact(above), _exact(below)
    return _member(prelu, a, b, expr=a * sp.Max(x, 0) + b * sp.Min(x, 0))


def leaky_relu(slope: Number = Fraction(1, 100)) -> Activation:
    """Return `max(x, 0) + s min(x, 0)`, with slope s below 0."""
    return _member(leaky_relu, _exact(slope), expr=prelu(1, slope).expr)


def relu_power(power: Number = 2) -> Activation:
    """Return `max(x, 0)^p` for a whole p; p = 0 is the step."""
    p = _degree(power)
    return _member(relu_power, p, expr=sp.Max(x, 0) ** p if p else sp.Heaviside(x))


def swish(beta: Number = 1) -> Activation:
    """Return `x / (1 + exp(-beta x))`."""
    b = _exact(beta)
    return _member(swish, b, expr=x / (1 + sp.exp(-b * x)))


def softplus(beta: Number = 1) -> Activation:
    """Return `log(1 + exp(beta x)) / beta`."""
    b = _positive(beta)
    return _member(softplus, b, expr=sp.log(1 + sp.exp(b * x)) / b)


def elu(scale: Number = 1) -> Activation:
    """Return `x` above 0 and `a (exp(x) - 1)` below."""
    a = _exact(scale)
    return _member(elu, a, expr=sp.Max(x, 0) + a * (sp.exp(sp.Min(x, 0)) - 1))


def celu(scale: Number = 1) -> Activation:
    """Return `x` above 0 and `a (exp(x/a) - 1)` below: `phi'` is continuous for every a > 0."""
    a = _positive(scale)
    return _member(celu, a, expr=sp.Max(x, 0) + a * (sp.exp(sp.Min(x, 0) / a) - 1))


def rbf(width: Number = 1) -> Activation:
    """Return `sqrt(2) sin(sqrt(2 g) x + pi/4)`, whose dual is `exp(2 g (rho - 1)) = exp(-g |z - z'|^2 / d)`."""
    g = _positive(width)
    return _member(rbf, g, expr=sp.sqrt(2) * sp.sin(sp.sqrt(2 * g) * x + sp.pi / 4))


def hermite(*degrees: Number) -> Activation:
    """Return `sum_l h_l(x)` over the degrees given, with `h_l = He_l / sqrt(l!)` orthonormal for N(0, 1)."""
    if not degrees:
        raise ValueError("hermite needs a degree")
    whole = [_degree(degree) for degree in degrees]
    terms = [sp.expand(sp.hermite_prob(l, x) / sp.sqrt(sp.factorial(l))) for l in whole]
    return _member(hermite, *whole, expr=sp.Add(*terms))


FAMILIES: dict[str, Callable[..., Activation]] = {
    family.__name__: family for family in (prelu, leaky_relu, relu_power, swish, softplus, elu, celu, rbf, hermite)
}


def _called(name: str, member: Activation, remark: str = "") -> Activation:
    """Return a member of a family under a name of its own."""
    return replace(member, name=name, remark=remark)


RELU = Activation(name="relu", expr=sp.Max(x, 0))
LEAKY_RELU = _called("leaky_relu", leaky_relu(), "slope 1/100 below 0")
PRELU = _called("prelu", prelu(), "slope 1/4 below 0, where training starts it")
RELU2 = _called("relu2", relu_power(2), "the square of relu")
RELU3 = _called("relu3", relu_power(3), "the cube of relu")
RELU4 = _called("relu4", relu_power(4), "the fourth power of relu")
ABS = Activation(name="abs", expr=sp.Abs(x))
STEP = Activation(name="step", expr=sp.Heaviside(x), remark="it jumps, so it has no tangent features")
SIGN = Activation(name="sign", expr=sp.sign(x), remark="it jumps, so it has no tangent features")
ERF = Activation(name="erf", expr=sp.erf(x))
GELU = Activation(name="gelu", expr=x * (1 + sp.erf(x / sp.sqrt(2))) / 2, remark="x P(g < x), the exact form")
GELU_TANH = Activation(
    name="gelu_tanh",
    expr=x * (1 + sp.tanh(sp.sqrt(2 / sp.pi) * (x + sp.Rational(44715, 10**6) * x**3))) / 2,
    remark="the usual approximation of gelu",
)
SIN = Activation(name="sin", expr=sp.sin(x))
COS = Activation(name="cos", expr=sp.cos(x))
SIN_COS = Activation(name="sin+cos", expr=sp.sin(x) + sp.cos(x), remark="its dual is exp(rho - 1)")
TANH = Activation(name="tanh", expr=sp.tanh(x))
HARD_TANH = Activation(name="hard_tanh", expr=sp.Max(-1, sp.Min(1, x)))
SIGMOID = Activation(name="sigmoid", expr=1 / (1 + sp.exp(-x)))
SOFTPLUS = _called("softplus", softplus())
SILU = _called("silu", swish(), "also called swish")
MISH = Activation(name="mish", expr=x * sp.tanh(SOFTPLUS.expr))
ELU = _called("elu", elu(), "a = 1")
SELU = Activation(
    name="selu",
    expr=sp.Rational("1.0507009873554804934193349852946") * elu(sp.Rational("1.6732632423543772848170429916717")).expr,
    remark="elu with the two published constants",
)
CELU = _called("celu", celu(), "a = 1, where it is elu")
EXP = Activation(name="exp", expr=sp.exp(x), remark="its dual is exp(1 + rho)")
GAUSSIAN = Activation(name="gaussian", expr=sp.exp(-(x**2) / 2))
RBF = _called("rbf", rbf(), "its dual is exp(2 (rho - 1)), the Gaussian kernel on the sphere")
H2 = _called("h2", hermite(2))
H3 = _called("h3", hermite(3))
PHI2 = _called("h1+h2", hermite(1, 2), "the paper's phi_2 (Figure 2)")
PHI4 = _called("h1+h4", hermite(1, 4), "the paper's phi_4 (Figure 2)")
TANGENT_PHI2 = Activation(
    name="ntk_phi2", expr=x + x**2 / 2, remark="the paper's tangent phi_2: its derivative is h0 + h1 (Figure 6)"
)
TANGENT_PHI4 = Activation(
    name="ntk_phi4",
    expr=x + (x**4 / 4 - 3 * x**2 / 2) / sp.sqrt(6),
    remark="the paper's tangent phi_4: its derivative is h0 + h3 (Figure 6)",
)
SQUARE = Activation(name="square", expr=x**2)
QUADRATIC = Activation(name="quadratic", expr=x + x**2)
CUBIC = Activation(name="cubic", expr=x**3)

CATALOGUE: tuple[Activation, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Activation))
ALIASES = {
    "swish": "silu",
    "heaviside": "step",
    "Heaviside": "step",
    "Abs": "abs",
    "logistic": "sigmoid",
    "hardtanh": "hard_tanh",
}
"""Other names of members of the catalogue."""
