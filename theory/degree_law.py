r"""The law on degrees behind gamma: `gamma(alpha) = E[alpha^l]`, l drawn with `p_l = c_l / sum_{j >= first} c_j`.

The first degree is 1 at the upper end (N/d -> 0) and 2 at the lower end (N/d -> infinity).  With the cumulative law
`P_k = p_first + ... + p_k`, and the tail `R_K = sum_{k > K} (1 - P_k) = sum_{l > K + 1} (l - K - 1) p_l`,

    sum_{k >= 0} (1 - P_k) = E[l],   E[l] sum_{j >= first} c_j = kappa'(1) - sum_{j < first} j c_j,

and `kappa'(1) = shift E[f^2] + E[f'^2]` by Parseval on f'; it is infinite where f jumps.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import sympy as sp

from . import balls
from .activations import Activation
from .alignment import require_nonlinear
from .arithmetic import flint
from .balls import Ball
from .kernels import KernelSeries, random_features, tangent_features
from .symbols import alpha, x

TERMS = 120
"""Degrees in a law: one batch of Hermite coefficients."""
BITS = 128


class Law(StrEnum):
    """Which gamma: of which model, at which end."""

    RF_UPPER = "rf-upper"
    RF_LOWER = "rf-lower"
    NTK_UPPER = "ntk-upper"
    NTK_LOWER = "ntk-lower"

    def of(self, activation: Activation) -> DegreeLaw:
        """Return the law on degrees of one activation; ValueError where it has none."""
        features = tangent_features if self in {Law.NTK_UPPER, Law.NTK_LOWER} else random_features
        first = 1 if self in {Law.RF_UPPER, Law.NTK_UPPER} else 2
        return DegreeLaw(activation=activation, kernel=features(activation), first=first)


@dataclass(frozen=True, kw_only=True)
class DegreeLaw:
    """`p_l = c_l / sum_{j >= first} c_j` for `l >= first`, and 0 below; enclosed for degrees up to `TERMS`."""

    activation: Activation
    """phi, for tangent features too: `c_l = l mu_l^2` is 0 where `mu_l` is."""
    kernel: KernelSeries
    first: int

    def __post_init__(self) -> None:
        require_nonlinear(self.kernel.activation, shift=self.kernel.shift)

    @property
    def name(self) -> str:
        """The name of the activation."""
        return self.activation.name

    @cached_property
    def energy(self) -> Ball:
        """An enclosure of `sum_{j >= first} c_j`."""
        return self.kernel.energy(self.first, BITS)

    @cached_property
    def survival(self) -> tuple[Ball, ...]:
        """Enclosures of `1 - P_k`, the probability of a degree above k, for `k < TERMS`."""
        with balls.precision(BITS):
            left, found = flint.arb(1), []
            for degree in range(TERMS):
                if degree >= self.first:
                    left -= self.kernel.ball(degree, BITS) / self.energy
                found.append(left)
            if left < 0:
                raise ArithmeticError(f"{self.name}: the probabilities of its degrees add up to more than 1")
            return tuple(found)

    @property
    def has_infinite_mean(self) -> bool:
        """Whether `E[l]` is infinite: f jumps."""
        return bool(self.kernel.activation.jumps)

    @cached_property
    def mean(self) -> Ball | None:
        """An enclosure of `E[l]`; None where it is infinite, or `E[f'^2]` could not be enclosed."""
        if self.has_infinite_mean:
            return None
        with balls.precision(BITS):
            slope = random_features(self.kernel.activation.derivative).total(BITS)
            slope += self.kernel.shift * self.kernel.total(BITS)
            head = sum((l * self.kernel.ball(l, BITS) for l in range(self.first)), flint.arb(0))
            mean = (slope - head) / self.energy
            return mean if mean.is_finite() else None

    @cached_property
    def excess(self) -> Ball | None:
        """An upper bound on `R_K`, `K = TERMS - 1`; None where there is none."""
        if self.mean is None:
            return None
        with balls.precision(BITS):
            rest = self.mean - sum(self.survival, flint.arb(0))
            if rest < 0:
                raise ArithmeticError(f"{self.name}: its degrees exceed the mean that E[f'^2] gives them")
            return flint.arb(rest.abs_upper())

    def tail(self, at: Ball) -> Ball | None:
        """Return a bound on `sum_{k > K} (1 - P_k) t^(k - K - 1)`, t in [0, at], at <= 1; None where there is none."""
        below_one = flint.arb(1) - at
        if not below_one > 0:
            return self.excess
        geometric = flint.arb(self.survival[-1].abs_upper()) / below_one  # 1 - P_k falls with k
        return geometric if self.excess is None else min(self.excess, geometric)

    @cached_property
    def _known_parts(self) -> tuple[tuple[bool, bool], ...]:
        """For the even and for the odd part of phi: whether it is known to be affine, and to be 0."""
        phi = self.activation
        mirrored = phi.expr.subs(x, -x)
        halves = ((phi.expr + mirrored) / 2, (phi.expr - mirrored) / 2)
        return tuple(_is_affine_or_zero(Activation(name=f"a half of {phi.name}", expr=half)) for half in halves)

    def vanishes(self, degree: int) -> bool:
        """Whether `p_degree = 0` is known exactly: by a closed form, or since a part of phi is affine or 0."""
        affine, zero = self._known_parts[degree % 2]
        known = (
            degree < self.first
            or zero
            or (affine and degree > 1)
            or (self.kernel.series.transform is not None and self.kernel.coefficient(degree) == 0)
        )
        if known and degree >= self.first and not self.kernel.ball(degree, BITS).contains(0):
            raise ArithmeticError(f"{self.name}: degree {degree} is 0 by symmetry, and is not by its ball")
        return known

    def shares(self, other: DegreeLaw, degree: int) -> bool:
        """Whether the two laws are known to give a degree one and the same probability."""
        if self.vanishes(degree) and other.vanishes(degree):
            return True
        mine, its = self._probability(degree), other._probability(degree)
        return mine is not None and its is not None and bool(sp.simplify(mine - its) == 0)

    def _probability(self, degree: int) -> sp.Expr | None:
        if self.kernel.series.transform is None or self._closed is None:
            return None
        coefficient = self.kernel.coefficient(degree)
        return None if coefficient is None else coefficient / self._closed[1]

    def beyond_linear(self) -> DegreeLaw:
        """Return the law conditioned on degrees above 1: the lower end."""
        return replace(self, first=2)

    def equals(self, other: DegreeLaw) -> bool:
        """Whether the two laws are one: the functions differ below the first degree only, or closed forms are equal."""
        if (self.first, self.kernel.shift) == (other.first, other.kernel.shift):
            gap = Activation(name="gap", expr=sp.expand(self.activation.expr - other.activation.expr))
            if not gap.expr.has(x) or (self.first == 2 and _is_affine_or_zero(gap)[0]):
                return True
        mine, its = self._closed, other._closed
        if mine is None or its is None:
            return False
        difference = (mine[0] * its[1] - its[0] * mine[1]).rewrite(sp.asin)
        for hyperbolic in (sp.sinh, sp.cosh):
            difference = difference.rewrite(hyperbolic, sp.exp)
        expanded = sp.powsimp(sp.expand(difference))
        return bool(expanded == 0 or sp.simplify(expanded) == 0)

    @cached_property
    def _closed(self) -> tuple[sp.Expr, sp.Expr] | None:
        top, bottom = self.kernel.sum_expr(self.first, alpha), self.kernel.energy_expr(self.first)
        return None if top is None or bottom is None else (top, bottom)


def _is_affine_or_zero(half: Activation) -> tuple[bool, bool]:
    """Return whether a function is known to be affine, and, if it is even or odd, to be 0."""
    try:
        affine = half.is_affine
    except ValueError:  # not decided, so not known
        return False, False
    return affine, affine and bool(half.expr.subs(x, 1).equals(0))
