"""What the Hermite moments of phi alone say about everything that is derived from it, each with a bound on the rest.

No closed form enters here: moments come from quadrature, and what lies beyond the last of them is bounded by Parseval.
So every symbolic result can be held against these.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from . import balls
from .activations import Activation
from .arithmetic import flint
from .balls import Ball
from .quadrature import hermite_moments


@dataclass(frozen=True, kw_only=True)
class Moments:
    """`mu_0 ... mu_order` of one activation, and `T = sum_{l > order} mu_l^2`."""

    activation: Activation
    order: int
    bits: int

    @cached_property
    def mu(self) -> list[Ball]:
        """The moments."""
        return hermite_moments(self.activation, self.order, self.bits)

    @cached_property
    def energy(self) -> Ball:
        """`E[phi(g)^2]`."""
        return balls.gaussian_mean(self.activation, None, self.bits, square=True)

    @cached_property
    def rest(self) -> Ball:
        """An upper bound on T."""
        with balls.precision(self.bits):
            left = self.energy - sum((mu * mu for mu in self.mu), flint.arb(0))
            return flint.arb(max(left.upper(), flint.arb(0)))

    def transform(self, at: Fraction) -> Ball:
        """Return `E[phi(g + t)] = sum_l mu_l t^l / sqrt(l!)`, `|t| <= 1`.

        By Cauchy and Schwarz the rest is at most `sqrt(T sum_{l > L} t^(2l)/l!)`, and that sum at most
        `2 t^(2(L+1)) / (L+1)!`.
        """
        with balls.precision(self.bits):
            point = balls.rational(at)
            total = sum(
                (mu * balls.integer_power(point, l) / flint.arb(l).fac().sqrt() for l, mu in enumerate(self.mu)),
                flint.arb(0),
            )
            beyond = 2 * balls.integer_power(point, 2 * (self.order + 1)) / flint.arb(self.order + 1).fac()
            return total + flint.arb((self.rest * beyond).sqrt().upper()) * flint.arb(0, 1)

    def dual(self, at: Fraction, derivative: int = 0) -> Ball:
        """Return `kappa^(j)(rho) = sum_l l! / (l - j)! mu_l^2 rho^(l - j)`.

        The rest is at most T times the weight `l! / (l - j)! |rho|^(l - j)` at l = L + 1: the ratio of a weight to the
        one before, `|rho| (l + 1) / (l + 1 - j)`, falls with l, and is checked to be at most 1 there.
        """
        with balls.precision(self.bits):
            point = balls.rational(at)
            total = sum(
                (self._weight(l, derivative, point) * mu * mu for l, mu in enumerate(self.mu) if l >= derivative),
                flint.arb(0),
            )
            first, second = (abs(self._weight(self.order + i, derivative, point)) for i in (1, 2))
            if not second <= first:
                raise ArithmeticError(f"{self.order} degrees are too few for derivative {derivative} at {at}")
            return total + flint.arb((self.rest * first).upper()) * flint.arb(0, 1)

    def sum_from(self, first: int, at: Fraction) -> Ball:
        """Return `sum_{l >= first} mu_l^2 at^l`."""
        with balls.precision(self.bits):
            point = balls.rational(at)
            return self.dual(at) - sum(
                (mu * mu * balls.integer_power(point, l) for l, mu in enumerate(self.mu[:first])), flint.arb(0)
            )

    def energy_from(self, first: int) -> Ball:
        """Return `sum_{l >= first} mu_l^2`."""
        with balls.precision(self.bits):
            return self.energy - sum((mu * mu for mu in self.mu[:first]), flint.arb(0))

    def product(self, other: Moments, first: int, root: Ball) -> Ball:
        """Return `sum_{l >= first} mu_l(f) mu_l(h) r^l`, `0 <= r < 1`; the rest is at most `r^(L+1) sqrt(T_f T_h)`."""
        with balls.precision(self.bits):
            pairs = list(zip(self.mu, other.mu, strict=True))
            total = sum(
                (f * h * balls.integer_power(root, l) for l, (f, h) in enumerate(pairs) if l >= first), flint.arb(0)
            )
            rest = (self.rest * other.rest).sqrt() * balls.integer_power(root, len(pairs))
            return total + flint.arb(rest.upper()) * flint.arb(0, 1)

    @staticmethod
    def _weight(degree: int, derivative: int, point: Ball) -> Ball:
        falling = flint.arb(1)
        for i in range(derivative):
            falling *= degree - i
        return falling * balls.integer_power(point, degree - derivative)
