"""Wide models on normalised data are kernels `kappa(rho) = sum_l c_l rho^l`: what laws ask of one, and RF and NTK.

`c_l = mu_l^2` for random features, `c_l = (mu'_{l-1})^2` for tangent features, mu' the coefficients of phi'.  In both
`kappa(rho) = rho^shift E[f(u) f(v)]`, with f = phi and shift 0, or f = phi' and shift 1.  Deeper networks compose such
kernels: `theory.deep_kernels`.

References
    daniely2016, jacot2018, rahimi2007
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

import sympy as sp

from . import balls
from .activations import Activation
from .arithmetic import flint
from .balls import Ball
from .duals import Dual, dual
from .hermite import HermiteSeries
from .symbols import rho


@dataclass(frozen=True, kw_only=True)
class DotProductKernel(ABC):
    """`kappa(rho) = sum_l c_l rho^l` with non-negative coefficients and a finite sum."""

    name: str
    activation: Activation
    """The function that the kernel is made of: phi, or phi' for tangent features."""
    shift: int = 0
    """The power of rho that is a factor of kappa by construction."""

    @property
    @abstractmethod
    def dual(self) -> sp.Expr | None:
        """`kappa(rho)` in closed form, or None."""

    @abstractmethod
    def coefficient(self, degree: int) -> sp.Expr | None:
        """Return `c_l` in closed form, or None."""

    @abstractmethod
    def ball(self, degree: int, bits: int) -> Ball:
        """Return an enclosure of `c_l`."""

    @abstractmethod
    def total(self, bits: int) -> Ball:
        """Return an enclosure of `kappa(1) = sum_l c_l`."""

    @abstractmethod
    def sum_ball(self, first: int, at: Fraction, bits: int) -> Ball:
        """Return an enclosure of `sum_{l >= first} c_l at^l`, `0 < at < 1`."""

    def energy(self, first: int, bits: int) -> Ball:
        """Return an enclosure of `sum_{l >= first} c_l`."""
        with balls.precision(bits):
            return self.total(bits) - sum((self.ball(l, bits) for l in range(first)), flint.arb(0))

    def energy_expr(self, first: int) -> sp.Expr | None:
        """Return `sum_{l >= first} c_l` in closed form, or None."""
        return self.sum_expr(first, sp.Integer(1))

    def sum_expr(self, first: int, at: sp.Expr) -> sp.Expr | None:
        """Return `sum_{l >= first} c_l at^l` in closed form, from the dual less its first terms; or None."""
        if self.dual is None:
            return None
        head = sum((self.coefficient(l) * at**l for l in range(first)), sp.Integer(0))
        return sp.expand(self.dual.subs(rho, at) - head)


@dataclass(frozen=True, kw_only=True)
class KernelSeries(DotProductKernel):
    """`kappa(rho) = rho^shift sum_l mu_l(f)^2 rho^l`, f the activation: one layer of features."""

    @cached_property
    def series(self) -> HermiteSeries:
        """The Hermite series of f."""
        return HermiteSeries(self.activation)

    @cached_property
    def base_dual(self) -> Dual | None:
        """The dual of f with its derivation, or None where it has no closed form that we can derive."""
        return dual(self.activation)

    @cached_property
    def dual(self) -> sp.Expr | None:
        """`kappa(rho)` in closed form, or None."""
        return None if self.base_dual is None else sp.expand(rho**self.shift * self.base_dual.expr)

    def coefficient(self, degree: int) -> sp.Expr | None:
        """Return `c_l` in closed form, or None."""
        if degree < self.shift:
            return sp.Integer(0)
        mu = self.series.coefficient(degree - self.shift)
        return None if mu is None else sp.radsimp(sp.expand(mu**2))

    def ball(self, degree: int, bits: int) -> Ball:
        """Return an enclosure of `c_l`."""
        with balls.precision(bits):
            if degree < self.shift:
                return flint.arb(0)
            mu = self.series.ball(degree - self.shift, bits)
            return mu * mu

    def total(self, bits: int) -> Ball:
        """Return an enclosure of `E[f(g)^2]`."""
        return self.series.energy(bits)

    def sum_ball(self, first: int, at: Fraction, bits: int) -> Ball:
        """Return an enclosure of `sum_{l >= first} c_l at^l`, `0 < at < 1`."""
        return _sum(self, first, at, bits)

    def sum_at(self, first: int, at: Ball, bits: int) -> Ball:
        """Return an enclosure of `sum_{l >= first} c_l at^l`, at in [0, 1): terms, and Parseval's bound on the rest.

        The rest beyond degree L lies between 0 and `at^(L+1) sum_{l > L} c_l`.  Near 1 it falls slowly: there the
        closed form takes over, where there is one, once it was seen inside the ball of the series; without one the
        ball is as wide as the rest is unknown.
        """
        with balls.precision(bits):
            goal = flint.arb(2) ** (24 - bits)
            total, power, rest = flint.arb(0), flint.arb(1), self.total(bits)
            for degree in range(MOST_TERMS if self.dual is None else _TERMS_BEFORE_THE_CLOSED_FORM):
                c = self.ball(degree, bits)
                if degree >= first:
                    total += c * power
                rest -= c
                power *= at
                tail = flint.arb(max(rest.upper(), flint.arb(0))) * flint.arb(power.abs_upper())
                if tail < goal:
                    return total + tail * balls.unit_interval()
            return self._closed(first, at, bits, total + tail * balls.unit_interval())

    def _closed(self, first: int, at: Ball, bits: int, series: Ball) -> Ball:
        """Return the sum from the closed form, if there is one; ArithmeticError where it is not in the series' ball."""
        if self.dual is None:
            return series
        head = sum((self.ball(l, bits) * balls.integer_power(at, l) for l in range(first)), flint.arb(0))
        closed = balls.evaluate(self.dual, {rho: at}) - head
        if not closed.overlaps(series):
            raise ArithmeticError(
                f"{self.name}: {self.dual} is contradicted by its series at {at.str(8, radius=False)}"
            )
        return closed


@lru_cache(maxsize=256)
def _sum(kernel: KernelSeries, first: int, at: Fraction, bits: int) -> Ball:
    with balls.precision(bits):
        return kernel.sum_at(first, balls.rational(at), bits)


MOST_TERMS = 960
"""Without a closed form: `.9^960 = 1e-44`, so thirty digits at 9/10 by the powers alone; a multiple of the batches."""
_TERMS_BEFORE_THE_CLOSED_FORM = 400
"""Cheap, and wide enough a witness."""


def random_features(activation: Activation) -> KernelSeries:
    """Return the kernel of random features `phi(V z)` (14): `c_l = mu_l^2`."""
    return KernelSeries(name=f"RF {activation.name}", activation=activation)


def tangent_features(activation: Activation) -> KernelSeries:
    """Return the kernel of tangent features `z (x) phi'(W z)` (24): `c_l = (mu'_{l-1})^2`; refused where phi jumps."""
    return KernelSeries(name=f"NTK {activation.name}", activation=activation.derivative, shift=1)
