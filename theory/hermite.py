"""Hermite series in the basis orthonormal for N(0, 1): `h_l = He_l / sqrt(l!)`, `mu_l = E[phi(g) h_l(g)]`.

No partial sum without its tail: `sum_{l > L} mu_l^2 = E[phi(g)^2] - sum_{l <= L} mu_l^2` (Parseval).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import sympy as sp

from . import balls
from .activations import Activation
from .arithmetic import flint
from .balls import Ball
from .degrees import DegreeFormula, degree_formula
from .quadrature import hermite_moments
from .symbols import t, x
from .weierstrass import transform


def polynomial(degree: int, argument: sp.Expr = x) -> sp.Expr:
    """Return `h_l(x) = He_l(x) / sqrt(l!)`, probabilists' and orthonormal: `h_2 = (x^2 - 1) / sqrt(2)`."""
    return sp.expand(sp.hermite_prob(degree, argument) / sp.sqrt(sp.factorial(degree)))


def ball_polynomial(degree: int, bits: int) -> Callable[[Any], Any]:
    """Return `h_l` as a function of a ball, by the recurrence `sqrt(l+1) h_{l+1} = x h_l - sqrt(l) h_{l-1}`."""
    roots = _roots(degree, bits)

    def value(z: Any) -> Any:
        before, now = z * 0, z * 0 + 1
        for l in range(degree):
            before, now = now, (z * now - roots[l] * before) / roots[l + 1]
        return now

    return value


@lru_cache(maxsize=64)
def _roots(degree: int, bits: int) -> tuple[Ball, ...]:
    with balls.precision(bits):
        return tuple(flint.arb(l).sqrt() for l in range(degree + 1))


@dataclass(frozen=True)
class HermiteSeries:
    """The coefficients `mu_l = E[phi(g) h_l(g)]` of one activation: closed forms where there are any, and balls."""

    activation: Activation

    @cached_property
    def transform(self) -> sp.Expr | None:
        """`W(t) = E[phi(g + t)]`, or None if it has no closed form that we can derive."""
        return transform(self.activation)

    @cached_property
    def degrees(self) -> DegreeFormula | None:
        """`mu_l` as a function of l, or None where the transform has a term whose Taylor series is not in the table."""
        return None if self.transform is None else degree_formula(self.transform)

    def coefficient(self, degree: int) -> sp.Expr | None:
        """Return `mu_l` in closed form, or None where there is none."""
        if self.transform is None:
            return None
        if self.degrees is None:
            return self.by_derivative(degree)
        return sp.powsimp(sp.expand(self.degrees.at(degree)))

    def by_derivative(self, degree: int) -> sp.Expr:
        """Return `mu_l = W^(l)(0) / sqrt(l!)`, from a closed form of W: slower than its formula in the degree."""
        while len(self._derivatives) <= degree:
            self._derivatives.append(sp.expand(self._derivatives[-1].diff(t)))
        value = self._derivatives[degree].subs(t, 0) / sp.sqrt(sp.factorial(degree))
        return sp.powsimp(sp.expand(value))

    @cached_property
    def _derivatives(self) -> list[sp.Expr]:
        return [] if self.transform is None else [self.transform]

    def ball(self, degree: int, bits: int) -> Ball:
        """Return an enclosure of `mu_l`, computed at a precision of `bits`."""
        order = _BATCH
        while order < degree:
            order *= 2
        return _batch(self, order, bits)[degree]

    def energy(self, bits: int) -> Ball:
        """Return an enclosure of `E[phi(g)^2] = sum_l mu_l^2`."""
        return _energy(self.activation, bits)

    def tail(self, degree: int, bits: int) -> Ball:
        """Return an upper bound, a ball without negative part, on `sum_{l > L} mu_l^2`."""
        with balls.precision(bits):
            left = self.energy(bits)
            for l in range(degree + 1):
                mu = self.ball(l, bits)
                left -= mu * mu
            return flint.arb(max(left.upper(), flint.arb(0)))


@lru_cache(maxsize=256)
def _energy(activation: Activation, bits: int) -> Ball:
    return balls.gaussian_mean(activation, None, bits, square=True)


_BATCH = 120
"""Either way of computing them gives many degrees for little more than the price of one: they come in batches, which
double, so that however many are asked for cost at most twice the last batch."""


@lru_cache(maxsize=64)
def _batch(series: HermiteSeries, order: int, bits: int) -> list[Ball]:
    """Return `mu_0 ... mu_order`: from the transform as a power series if there is one, else by quadrature."""
    if series.transform is None:
        return hermite_moments(series.activation, order, bits)
    taylor = balls.taylor(series.transform, t, order, bits)
    with balls.precision(bits):
        return [coefficient * flint.arb(l).fac().sqrt() for l, coefficient in enumerate(taylor)]
