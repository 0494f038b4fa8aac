r"""Dual activations `kappa(rho) = E[f(u) h(v)]`, u and v standard Gaussians of correlation rho, derived.

Price's theorem `d/drho E[f(u) h(v)] = E[f'(u) h'(v)]` is applied until the expectation is a Gaussian integral: each
derivative turns kinks into jumps and jumps into point masses, erf into a Gaussian.  Then kappa is integrated back, one
order at a time, with `kappa^(j)(0) = E[f^(j)(g)] E[h^(j)(g)]` for the constants.  The steps are returned with the
result, for the reader and for the checker.

The dual of one activation has f = h = phi; the query whose core feature is 0 has `f(x) = phi(sqrt(alpha) x)`.

References
    price1958, daniely2016, cho2009
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import sympy as sp

from .activations import Activation
from .algebraic import AlgebraicSum
from .claim import Step
from .gaussian_pairs import NotIntegrableError, pair_mean
from .rules import GAUSSIAN, INTEGRATION, PRICE, Rule
from .symbols import rho, t, x
from .weierstrass import Cut, cuts, transform_of

kappa = sp.Function("kappa")(rho)
"""The dual as it appears in statements."""

_HIGHEST = 8
"""Derivatives to try: more than any kink or polynomial of the catalogue needs."""


@dataclass(frozen=True, kw_only=True)
class Generalised:
    """A generalised function: smooth functions, each switched on at a point, and point masses `{place: weight}`."""

    switched: tuple[Cut, ...]
    masses: dict[sp.Expr, sp.Expr] = field(default_factory=dict)

    def derivative(self) -> Generalised | None:
        """Return the derivative in the sense of distributions, or None where it has derivatives of point masses."""
        if self.masses:
            return None
        masses: dict[sp.Expr, sp.Expr] = {}
        for f, a in self.switched:
            if a != -sp.oo:
                masses[a] = masses.get(a, sp.Integer(0)) + f.subs(x, a)
        switched = tuple((sp.expand(f.diff(x)), a) for f, a in self.switched)
        return Generalised(
            switched=tuple((f, a) for f, a in switched if f != 0),
            masses={a: sp.simplify(w) for a, w in masses.items() if sp.simplify(w) != 0},
        )

    def stretched(self, factor: sp.Expr) -> Generalised:
        """Return `x -> f(factor x)`, for a positive factor and a function without point masses."""
        return Generalised(switched=tuple((f.subs(x, factor * x), a / factor) for f, a in self.switched))

    @cached_property
    def transform(self) -> sp.Expr | None:
        """`E[f(g + t)]`, or None where the rules do not reach."""
        return transform_of(self.switched)

    def expression(self) -> sp.Expr:
        """Return the generalised function as a SymPy expression, for the eye."""
        smooth = (f if a == -sp.oo else f * sp.Heaviside(x - a) for f, a in self.switched)
        return sp.Add(*smooth, *(w * sp.DiracDelta(x - a) for a, w in self.masses.items()))


@dataclass(frozen=True, kw_only=True)
class Dual:
    """`kappa(rho)` in closed form and the steps that gave it."""

    expr: sp.Expr
    steps: tuple[Step, ...]


def dual(activation: Activation, stretch: sp.Expr = sp.Integer(1)) -> Dual | None:
    """Return `E[phi(stretch u) phi(v)]` with its derivation, or None where no elementary integral is reached."""
    h = Generalised(switched=cuts(activation))
    f = h if stretch == 1 else h.stretched(stretch)
    starts = (f.transform, h.transform)
    if None in starts:
        return None
    for order in range(_HIGHEST):
        try:
            mean = pair_mean(f, h, to_integrate=order > 0)
        except NotIntegrableError:
            return None
        if mean is not None:
            return _integrate_back(starts, (f, h), order, mean)
        slope, other = f.derivative(), h.derivative()
        if slope is None or other is None:
            return None
        f, h = slope, other
    return None


def _integrate_back(
    starts: tuple[sp.Expr, sp.Expr], sides: tuple[Generalised, Generalised], order: int, mean: sp.Expr | AlgebraicSum
) -> Dual | None:
    """Integrate `kappa^(order)` from 0, `order` times; `starts` are the Weierstrass transforms, for the constants."""
    current = mean
    expr = _expression(current)
    rule, because = _price(sides, order)
    steps = [Step(left=_slope(order), right=expr, rule=rule, because=because)]
    for j in reversed(range(order)):
        if not isinstance(current, AlgebraicSum):
            return None
        constant = _tidy(sp.Mul(*(start.diff(t, j).subs(t, 0) for start in starts)))
        current = current.integral().plus_polynomial(constant)
        expr = _expression(current)
        steps.append(
            Step(left=_slope(j), right=expr, rule=INTEGRATION, because=f"integrate; the value at rho = 0 is {constant}")
        )
    return Dual(expr=expr, steps=tuple(steps))


def _tidy(constant: sp.Expr) -> sp.Expr:
    """Return a number without roots below its fraction line; one with alpha in it would be torn apart."""
    return sp.simplify(constant) if constant.free_symbols else sp.radsimp(sp.expand(constant))


def _slope(order: int) -> sp.Expr:
    return sp.Derivative(kappa, (rho, order)) if order else kappa


def _price(sides: tuple[Generalised, Generalised], order: int) -> tuple[Rule, str]:
    if order == 0:
        return GAUSSIAN, "the mean over u and v is elementary"
    times = {1: "once", 2: "twice"}.get(order, f"{order} times")
    f, h = (side.expression() for side in sides)
    both = f"phi^({order}) = {h}" if f == h else f"the two derivatives of order {order} are {f} and {h}"
    return PRICE, f"{times}: {both}, whose mean over u and v is elementary"


def _expression(value: sp.Expr | AlgebraicSum) -> sp.Expr:
    return value.expression() if isinstance(value, AlgebraicSum) else value
