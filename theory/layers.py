"""One layer of a wide network as a map of correlations: the normalised dual `kappa_f(rho) / E[phi(g)^2]`.

With f = phi it is what the layer does to a correlation, and it leaves 1 where it is; with f = phi' it is the slope of
that map.  It is applied to an expression, to a ball, or to a power series without negative coefficients.

References
    daniely2016
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import sympy as sp

from . import balls
from .activations import Activation
from .arithmetic import flint
from .balls import Ball
from .kernels import MOST_TERMS, KernelSeries, random_features
from .symbols import rho


@dataclass(frozen=True, kw_only=True)
class Layer:
    """`rho -> E[f(u) f(v)] / E[phi(g)^2]`, for f = phi or f = phi'."""

    f: Activation
    phi: Activation

    @cached_property
    def features(self) -> KernelSeries:
        """`E[f(u) f(v)]`, not normalised."""
        return random_features(self.f)

    @cached_property
    def norm(self) -> KernelSeries:
        """`E[phi(u) phi(v)]`, whose value at 1 is the scale."""
        return self.features if self.f == self.phi else random_features(self.phi)

    @cached_property
    def expr(self) -> sp.Expr | None:
        """The map in closed form as a function of rho, or None."""
        dual, mean_square = self.features.dual, self.norm.energy_expr(0)
        return None if dual is None or mean_square is None else sp.expand(dual / mean_square)

    def at_one(self, bits: int) -> Ball:
        """Return an enclosure of the map at 1."""
        with balls.precision(bits):
            return flint.arb(1) if self.f == self.phi else self.features.total(bits) / self.norm.total(bits)

    def at(self, share: Ball, bits: int) -> Ball:
        """Return an enclosure of the map at a ball in [0, 1)."""
        with balls.precision(bits):
            return self.features.sum_at(0, share, bits) / self.norm.total(bits)

    def at_series(self, inner: Any, order: int, bits: int) -> Any:
        """Return `order` terms of the map of a power series, without negative coefficients and of sum 1."""
        with balls.precision(bits):
            if self.expr is None:
                return substitute(self.features, inner, order, bits) / self.norm.total(bits)
            witness(self, bits)
            return balls.evaluate(self.expr, {rho: inner}) + flint.arb_series([0], prec=order)


@lru_cache(maxsize=64)
def witness(layer: Layer, bits: int) -> None:
    """Hold the closed form against the squared Hermite coefficients, degrees 0 to 8; ArithmeticError if off."""
    with balls.precision(bits):
        for degree, coefficient in enumerate(balls.taylor(layer.expr, rho, 8, bits)):
            if not (coefficient * layer.norm.total(bits)).overlaps(layer.features.ball(degree, bits)):
                raise ArithmeticError(f"{layer.f.name}: {layer.expr} is contradicted by coefficient {degree}")


def substitute(features: KernelSeries, inner: Any, order: int, bits: int) -> Any:
    """Return `order` terms of `sum_l c_l inner^l`: Horner's rule up to degree L, and a bound on the rest.

    The rest `sum_{l > L} c_l inner^l` has non-negative coefficients, that of degree m at most
    `inner(r)^(L+1) r^-m sum_{l > L} c_l` for every r in (0, 1].
    """
    with balls.precision(bits):
        goal, rest = flint.arb(2) ** (24 - bits), features.total(bits)
        sizes = [_upper(inner, r, order) for r in _RADII]
        bounds = [balls.integer_power(flint.arb(r), 1 - order) for r in _RADII]
        coefficients: list[Ball] = []
        while len(coefficients) < MOST_TERMS:
            coefficients.append(features.ball(len(coefficients), bits))
            rest -= coefficients[-1]
            bounds = [bound * size for bound, size in zip(bounds, sizes, strict=True)]
            left = flint.arb(max(rest.upper(), flint.arb(0)))
            if left * min(bounds) < goal:
                break
        result = flint.arb_series([0], prec=order)
        for coefficient in reversed(coefficients):
            result = result * inner + coefficient
        tails = (min(_scaled(bounds, order - 1 - m)) for m in range(order))
        return result + flint.arb_series([left * tail * balls.unit_interval() for tail in tails], prec=order)


def _scaled(bounds: list[Ball], power: int) -> list[Ball]:
    """Return the bounds at each radius r times `r^power`."""
    return [bound * balls.integer_power(flint.arb(r), power) for bound, r in zip(bounds, _RADII, strict=True)]


def _upper(inner: Any, radius: float, order: int) -> Ball:
    """Return a bound on `inner(r)`: its first terms, and what they leave of the sum 1 times `r^order`."""
    terms = [inner[m] for m in range(order)]
    head = sum((a * balls.integer_power(flint.arb(radius), m) for m, a in enumerate(terms)), flint.arb(0))
    missing = flint.arb(max((1 - sum(terms, flint.arb(0))).upper(), flint.arb(0)))
    return flint.arb((head + missing * balls.integer_power(flint.arb(radius), order)).upper())


_RADII = (1.0, 0.75, 0.5, 0.25, 0.125)
"""Where the rest is bounded: near 1 for long series, near 0 where `inner` has no constant term."""
