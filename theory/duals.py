r"""Dual activations `kappa(rho) = E[phi(u) phi(v)]`, u and v standard Gaussians of correlation rho, derived.

Price's theorem `d/drho E[f(u) f(v)] = E[f'(u) f'(v)]` is applied until the expectation is a Gaussian integral: each
derivative turns kinks into jumps and jumps into point masses, erf into a Gaussian.  Then kappa is integrated back, one
order at a time, with `kappa^(j)(0) = E[phi^(j)(g)]^2` for the constants.  The steps are returned with the result, for
the reader and for the checker.

References
    price1958, daniely2016, cho2009
"""

from __future__ import annotations

from dataclasses import dataclass, field

import sympy as sp

from .activations import Activation
from .algebraic import Algebraic
from .claim import Step
from .symbols import rho, t, x
from .weierstrass import Cut, cuts, quadratic, split, transform

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

    def expression(self) -> sp.Expr:
        """Return the generalised function as a SymPy expression, for the eye."""
        smooth = (f if a == -sp.oo else f * sp.Heaviside(x - a) for f, a in self.switched)
        return sp.Add(*smooth, *(w * sp.DiracDelta(x - a) for a, w in self.masses.items()))


@dataclass(frozen=True, kw_only=True)
class Dual:
    """`kappa(rho)` in closed form and the steps that gave it."""

    expr: sp.Expr
    steps: tuple[Step, ...]


def dual(activation: Activation) -> Dual | None:
    """Return the dual of phi with its derivation, or None where Price's theorem leads to no elementary integral."""
    image = transform(activation)
    if image is None:
        return None
    function: Generalised | None = Generalised(switched=cuts(activation))
    for order in range(_HIGHEST):
        if function is None:
            return None
        expectation = _pair_expectation(function)
        if expectation is not None:
            return _integrate_back(image, function, order, expectation)
        function = function.derivative()
    return None


def _integrate_back(image: sp.Expr, function: Generalised, order: int, start: sp.Expr | Algebraic) -> Dual | None:
    """Integrate `kappa^(order)` from 0, `order` times; `image` is the Weierstrass transform, for the constants."""
    current = start
    expr = _expression(current)
    steps = [
        Step(
            left=sp.Derivative(kappa, (rho, order)) if order else kappa,
            right=expr,
            because=_price(function, order),
        )
    ]
    for j in reversed(range(order)):
        if not isinstance(current, Algebraic):
            return None
        constant = sp.radsimp(sp.expand(image.diff(t, j).subs(t, 0) ** 2))
        current = current.integral() + constant
        expr = _expression(current)
        left = sp.Derivative(kappa, (rho, j)) if j else kappa
        steps.append(
            Step(left=left, right=expr, because=f"integration from 0; at rho = 0 it is E[phi^({j})(g)]^2 = {constant}")
        )
    return Dual(expr=expr, steps=tuple(steps))


def _price(function: Generalised, order: int) -> str:
    if order == 0:
        return "a Gaussian integral"
    times = {1: "once", 2: "twice"}.get(order, f"{order} times")
    rule = f"Price's theorem, {times}"
    return f"{rule}: the derivative of order {order} of phi is {function.expression()}; then a Gaussian integral"


def _expression(value: sp.Expr | Algebraic) -> sp.Expr:
    return value.expression() if isinstance(value, Algebraic) else value


Tilt = tuple[sp.Expr, int, sp.Expr, sp.Expr, sp.Expr]
"""`(c, n, p, q, r)`: the function `c x^n exp(p x^2 + q x + r)`."""


def _tilts(function: Generalised) -> list[Tilt] | None:
    """Return the smooth part as exponentials of quadratics times powers, or None if it is anything else."""
    result = []
    for f, a in function.switched:
        if a != -sp.oo:
            return None
        for term in sp.Add.make_args(sp.expand(f.rewrite(sp.exp) if f.has(sp.sin, sp.cos) else f)):
            constant, power, core = split(term)
            exponents = quadratic(core)
            if exponents is None:
                return None
            result.append((constant, power, *exponents))
    return result


def _pair_expectation(function: Generalised) -> sp.Expr | Algebraic | None:
    """Return `E[f(u) f(v)]` where it is elementary: pairs of Gaussian exponentials, and of point masses at 0."""
    tilts = _tilts(function)
    if tilts is None or any(place != 0 for place in function.masses):
        return None
    if function.masses and any(p != 0 or q != 0 for _, _, p, q, _ in tilts):
        return None
    if any(q != 0 for _, _, _, q, _ in tilts):
        return _with_linear_exponents(tilts)
    widths = {p for _, _, p, _, _ in tilts}
    if len(widths) > 1 or (function.masses and widths - {sp.Integer(0)}):
        return None
    return _even_part(
        tilts, widths.pop() if widths else sp.Integer(0), function.masses.get(sp.Integer(0), sp.Integer(0))
    )


def _with_linear_exponents(tilts: list[Tilt]) -> sp.Expr | None:
    """`E[exp(q u) exp(q' v)] = exp((q^2 + q'^2)/2 + q q' rho)`, q possibly imaginary: exponentials, sines, cosines."""
    if any(p != 0 or n != 0 for _, n, p, _, _ in tilts):
        return None
    weights: dict[sp.Expr, sp.Expr] = {}
    for c1, _, _, q1, r1 in tilts:
        for c2, _, _, q2, r2 in tilts:
            rate = sp.expand(q1 * q2)
            weights[rate] = weights.get(rate, 0) + c1 * c2 * sp.exp(sp.expand(r1 + r2 + (q1**2 + q2**2) / 2))
    return sum(_exponentials(rate, weights) for rate in weights)


def _exponentials(rate: sp.Expr, weights: dict[sp.Expr, sp.Expr]) -> sp.Expr:
    """Return half of `w exp(r rho) + w' exp(-r rho)` in hyperbolic form; the mirror image gives the other half."""
    here, there = weights[rate], weights.get(-rate)
    if there is None:
        return sp.simplify(here) * sp.exp(rate * rho)
    even, odd = sp.simplify((here + there) / 2), sp.simplify((here - there) / 2)
    return even * sp.cosh(rate * rho) + odd * sp.sinh(rate * rho) if rate != 0 else here


def _even_part(tilts: list[Tilt], p: sp.Expr, mass: sp.Expr) -> Algebraic:
    """Return `E[f(u) f(v)]` for `f = polynomial(x) exp(p x^2) + mass delta(x)`.

    Under the weight `exp(p u^2 + p v^2)` the pair is Gaussian again, with determinant `D = (1-2p)^2 - 4 p^2 rho^2`,
    variances `(1 - 2p + 2p rho^2) / D` and covariance `rho / D`; its moments follow from Stein's identity.
    """
    spread = 1 - 2 * p
    total = Algebraic.zero(spread**2, 4 * p**2) if p != 0 else Algebraic.zero(sp.Integer(1), sp.Integer(1))
    for c1, n1, _, _, r1 in tilts:
        for c2, n2, _, _, r2 in tilts:
            weight = c1 * c2 * sp.exp(r1 + r2)
            if p == 0:
                total = total.plus_polynomial(weight * _moment(n1, n2, sp.Integer(1), rho))
            else:
                numerator = _moment(n1, n2, spread + 2 * p * rho**2, rho)
                total = total.plus_root(weight * numerator, (n1 + n2) // 2)
    if mass != 0:
        total = total.plus_root(mass**2 / (2 * sp.pi), 0)
        for c, n, _, _, _ in tilts:  # E[c u^n delta(v)] = c pdf(0) E[(sqrt(1 - rho^2) g)^n]
            moment = _moment(n, 0, 1 - rho**2, sp.Integer(0))
            total = total.plus_polynomial(2 * mass * c / sp.sqrt(2 * sp.pi) * moment)
    return total


def _moment(m: int, n: int, variance: sp.Expr, covariance: sp.Expr) -> sp.Expr:
    """Return `E[u^m v^n]` of a centred Gaussian pair with equal variances, by Stein's identity."""
    if m < n:
        m, n = n, m
    if m == 0:
        return sp.Integer(1)
    if (m + n) % 2:
        return sp.Integer(0)
    lower = (m - 1) * variance * _moment(m - 2, n, variance, covariance) if m > 1 else sp.Integer(0)
    mixed = n * covariance * _moment(m - 1, n - 1, variance, covariance) if n else sp.Integer(0)
    return sp.expand(lower + mixed)
