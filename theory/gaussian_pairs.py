r"""Elementary means `E[f(u) h(v)]` over a pair of standard Gaussians of correlation rho.

f and h are sums of tilts `c x^n exp(p x^2 + q x + r)` and point masses at 0; sines and cosines are tilts with an
imaginary q.  Under the weight `exp(p u^2 + p' v^2)` the pair is Gaussian again: with

    D = (1 - 2p)(1 - 2p') - 4 p p' rho^2

its variances are `(1 - 2p' + 2p' rho^2)/D` and `(1 - 2p + 2p rho^2)/D`, its covariance `rho/D`, and the weight has the
mean `1/sqrt(D)`; a linear exponent shifts its mean.  Moments follow from Stein's identity.

References
    stein1981
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

import sympy as sp

from .algebraic import AlgebraicSum
from .symbols import rho
from .weierstrass import Cut, quadratic, split


class Side(Protocol):
    """One of the two functions: switched smooth parts and point masses, as in `theory.duals`."""

    @property
    def switched(self) -> tuple[Cut, ...]:
        """Smooth functions, each switched on at a point."""

    @property
    def masses(self) -> dict[sp.Expr, sp.Expr]:
        """Weights of the point masses by place."""


class Tilt(NamedTuple):
    """The function `c x^n exp(p x^2 + q x + r)`."""

    c: sp.Expr
    n: int
    p: sp.Expr
    q: sp.Expr
    r: sp.Expr


class NotIntegrableError(ArithmeticError):
    """The mean is elementary, but its integral in rho is not; nor will differentiating once more help."""


def pair_mean(f: Side, h: Side, *, to_integrate: bool = False) -> sp.Expr | AlgebraicSum | None:
    """Return `E[f(u) h(v)]` where it is elementary, in the class closed under integration where it lies there.

    None where f or h is not yet of the form; NotIntegrableError where the class is wanted and left.
    """
    first, second = _tilts(f), _tilts(h)
    if first is None or second is None or any(place != 0 for place in (*f.masses, *h.masses)):
        return None
    mass, other = f.masses.get(sp.Integer(0), sp.Integer(0)), h.masses.get(sp.Integer(0), sp.Integer(0))
    wanted = to_integrate or bool(f.masses or h.masses)
    if any(tilt.q != 0 for tilt in (*first, *second)):
        return _outside(first, second, wanted=wanted)
    try:
        total = _centred(first, second)
        if mass != 0 and other != 0:
            total = total.plus_root(mass * other / (2 * sp.pi), 0, a=sp.Integer(1), b=sp.Integer(1))
        total = _against_mass(total, second, mass)
        return _against_mass(total, first, other)
    except ValueError:  # an exp(+p x^2) whose root has no arcsine: elementary, but not integrable in the class
        return _outside(first, second, wanted=wanted)


def _outside(first: Iterable[Tilt], second: Iterable[Tilt], *, wanted: bool) -> sp.Expr:
    """Return the mean where it lies outside the class, unless the class is wanted."""
    if wanted:
        raise NotIntegrableError
    return _shifted(first, second)


def _tilts(side: Side) -> list[Tilt] | None:
    """Return the smooth part as tilts, or None if it is anything else."""
    result = []
    for f, a in side.switched:
        if a != -sp.oo:
            return None
        for term in sp.Add.make_args(sp.expand(f.rewrite(sp.exp) if f.has(*_OF_EXPONENTIALS) else f)):
            constant, power, core = split(term)
            exponents = quadratic(core)
            if exponents is None:
                return None
            result.append(Tilt(constant, power, *exponents))
    return result


_OF_EXPONENTIALS = (sp.sin, sp.cos, sp.sinh, sp.cosh)


def _centred(first: Iterable[Tilt], second: Iterable[Tilt]) -> AlgebraicSum:
    """Return the mean for tilts without linear exponents."""
    total = AlgebraicSum()
    for c, n, p, _, r in first:
        for d, m, s, _, w in second:
            if (n + m) % 2 == 0:
                a, b = (1 - 2 * p) * (1 - 2 * s), 4 * p * s
                variances = 1 - 2 * s + 2 * s * rho**2, 1 - 2 * p + 2 * p * rho**2
                numerator = c * d * sp.exp(r + w) * _moment(n, m, variances, rho)
                total = total.plus_root(sp.expand(numerator), (n + m) // 2, a=a, b=b)
    return total


def _against_mass(total: AlgebraicSum, tilts: Iterable[Tilt], mass: sp.Expr) -> AlgebraicSum:
    """Add `mass pdf(0) E[tilt(v)]`, v Gaussian of variance `1 - rho^2`: the mean given that the other side is at 0."""
    for c, n, p, _, r in tilts:
        if mass != 0 and n % 2 == 0:
            numerator = mass * c * sp.exp(r) / sp.sqrt(2 * sp.pi) * sp.factorial2(n - 1) * (1 - rho**2) ** (n // 2)
            total = total.plus_root(sp.expand(numerator), n // 2, a=1 - 2 * p, b=-2 * p)
    return total


def _moment(m: int, n: int, variances: tuple[sp.Expr, sp.Expr], covariance: sp.Expr) -> sp.Expr:
    """Return `E[u^m v^n]` of a centred Gaussian pair, by Stein's identity."""
    if m + n == 0:
        return sp.Integer(1)
    if m == 0:
        return _moment(n, m, variances[::-1], covariance)
    lower = (m - 1) * variances[0] * _moment(m - 2, n, variances, covariance) if m > 1 else sp.Integer(0)
    mixed = n * covariance * _moment(m - 1, n - 1, variances, covariance) if n else sp.Integer(0)
    return sp.expand(lower + mixed)


def _shifted(first: Iterable[Tilt], second: Iterable[Tilt]) -> sp.Expr:
    """Return the mean for tilts with linear exponents, collected by exponent and made real."""
    weights: dict[tuple[sp.Expr, sp.Expr], sp.Expr] = {}
    for c, n, p, q, r in first:
        for d, m, s, w, z in second:
            root = (1 - 2 * p) * (1 - 2 * s) - 4 * p * s * rho**2
            variances = (1 - 2 * s + 2 * s * rho**2) / root, (1 - 2 * p + 2 * p * rho**2) / root
            means = variances[0] * q + rho / root * w, rho / root * q + variances[1] * w
            exponent = sp.expand(r + z + (q * sp.cancel(means[0]) + w * sp.cancel(means[1])) / 2)
            key = sp.together(root), exponent
            weights[key] = weights.get(key, sp.Integer(0)) + c * d * _shifted_moment(n, m, means, variances, rho / root)
    total = sp.Add(*(_real(weights, key) for key in weights))
    # the mean is real, so shifted sines leave only imaginary parts that cancel
    return total.expand(complex=True).as_real_imag()[0] if total.has(sp.I) else total


def _shifted_moment(
    m: int, n: int, means: tuple[sp.Expr, sp.Expr], variances: tuple[sp.Expr, sp.Expr], covariance: sp.Expr
) -> sp.Expr:
    """Return `E[u^m v^n]` of a Gaussian pair, by Stein's identity."""
    if m + n == 0:
        return sp.Integer(1)
    if m == 0:
        return _shifted_moment(n, m, means[::-1], variances[::-1], covariance)
    lower = means[0] * _shifted_moment(m - 1, n, means, variances, covariance)
    if m > 1:
        lower += (m - 1) * variances[0] * _shifted_moment(m - 2, n, means, variances, covariance)
    if n:
        lower += n * covariance * _shifted_moment(m - 1, n - 1, means, variances, covariance)
    return sp.cancel(sp.expand(lower))


def _real(weights: dict[tuple[sp.Expr, sp.Expr], sp.Expr], key: tuple[sp.Expr, sp.Expr]) -> sp.Expr:
    """Return half of `w exp(e) + w' exp(e')`, e and e' opposite in rho, in real form; the mirror has the rest."""
    root, exponent = key
    fixed, moving = exponent.as_independent(rho, as_Add=True)
    mirror = root, sp.expand(fixed - moving)
    here, there = weights[key], weights.get(mirror)
    scale = sp.exp(fixed) / sp.sqrt(root)
    if moving == 0 or there is None:
        return sp.factor_terms(sp.simplify(here)) * scale * sp.exp(moving)
    even, odd = (sp.factor(sp.expand((here + sign * there) / 2)) for sign in (1, -1))
    if odd in (even, -even):
        return scale * even * sp.exp(moving if odd == even else -moving)
    return scale * (even * sp.cosh(moving) + odd * sp.sinh(moving))
