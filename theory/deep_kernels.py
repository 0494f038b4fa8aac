r"""Deep fully connected networks of infinite width: their NNGP and NTK kernels, by composition of one layer's dual.

With `kh(rho) = kappa(rho) / kappa(1)`, the dual of phi with weights scaled so that every preactivation has variance
one, and `kh'` the dual of phi' over the same `kappa(1)`,

* NNGP:  `Sigma_0 = rho`, `Sigma_{h+1} = kh(Sigma_h)`: only the last layer is trained
* NTK:   `Theta_0 = rho`, `Theta_{h+1} = Sigma_{h+1} + Theta_h kh'(Sigma_h)`: every layer is trained

and the depth L counts the hidden layers.  Both are power series with non-negative coefficients and a finite sum, so
every law holds for them as it stands.  The NTK of depth 1, `kh + rho kh'`, trains both layers; the paper's tangent
features `rho kappa_{phi'}` train the first alone, and are another kernel (`theory.kernels.tangent_features`).

References
    daniely2016, jacot2018
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

import sympy as sp

from . import balls
from .activations import Activation
from .arithmetic import flint
from .balls import Ball
from .kernels import DotProductKernel
from .layers import Layer
from .symbols import rho


@dataclass(frozen=True, kw_only=True)
class DeepKernel(DotProductKernel):
    """`Sigma_L`, or `Theta_L` where a slope is given."""

    depth: int
    value: Layer
    """`kh`."""
    slope: Layer | None
    """`kh'`, or None: then nothing below the last layer is trained."""

    def compose(self, start: Any, through: Callable[[Layer, Any], Any]) -> Any:
        """Return the kernel at `rho = start`; `through(layer, at)` is the layer in the arithmetic of `start`."""
        sigma = theta = start
        for _ in range(self.depth):
            carried = theta * through(self.slope, sigma) if self.slope else 0
            sigma = through(self.value, sigma)
            theta = sigma + carried
        return theta

    @cached_property
    def dual(self) -> sp.Expr | None:
        """The composition in closed form; None where a layer has none, or where it is too long to be read."""
        composed = self.compose(rho, _written)
        return composed if composed is not sp.nan and sp.count_ops(composed) <= _READABLE else None

    def coefficient(self, degree: int) -> sp.Expr | None:
        """Return `c_l` in closed form, or None."""
        return None if self.dual is None else self.dual.diff(rho, degree).subs(rho, 0) / sp.factorial(degree)

    def ball(self, degree: int, bits: int) -> Ball:
        """Return an enclosure of `c_l`, from the composition of power series."""
        order = _FEWEST
        while order <= degree:
            order *= 2
        return _taylor(self, order, bits)[degree]

    def total(self, bits: int) -> Ball:
        """Return an enclosure of `kappa(1)`: 1 for the NNGP, `1 + chi + ... + chi^L`, `chi = kh'(1)`, for the NTK."""
        with balls.precision(bits):
            return self.compose(flint.arb(1), lambda layer, _: layer.at_one(bits))

    def sum_ball(self, first: int, at: Fraction, bits: int) -> Ball:
        """Return an enclosure of `sum_{l >= first} c_l at^l`: the composition at one point, less its first terms."""
        with balls.precision(bits):
            share = balls.rational(at)
            head = (self.ball(l, bits) * balls.integer_power(share, l) for l in range(first))
            return _at(self, at, bits) - sum(head, flint.arb(0))


def _written(layer: Layer, at: sp.Expr) -> sp.Expr:
    """Return the layer at an expression; nan, which swallows all that follows, where that is no use to a reader."""
    return sp.nan if layer.expr is None or sp.count_ops(at) > _READABLE else layer.expr.subs(rho, at)


@lru_cache(maxsize=64)
def _taylor(kernel: DeepKernel, order: int, bits: int) -> list[Ball]:
    """Return the Taylor coefficients of the composition, degrees 0 to `order - 1`."""
    before = flint.ctx.cap
    flint.ctx.cap = order
    try:
        with balls.precision(bits):
            start = flint.arb_series([0, 1], prec=order)
            series = kernel.compose(start, lambda layer, inner: layer.at_series(inner, order, bits))
            return [series[i] for i in range(order)]
    finally:
        flint.ctx.cap = before


@lru_cache(maxsize=256)
def _at(kernel: DeepKernel, at: Fraction, bits: int) -> Ball:
    with balls.precision(bits):
        return kernel.compose(balls.rational(at), lambda layer, share: layer.at(share, bits))


_FEWEST = 16
"""Taylor coefficients come in batches that double from here."""
_READABLE = 100
"""Operations in a closed form that still helps its reader: beyond, the recursion says more than its result."""


def nngp(activation: Activation, depth: int) -> DeepKernel:
    """Return the NNGP kernel `Sigma_L` of a network with L hidden layers."""
    return _deep(f"NNGP {activation.name}, depth {depth}", activation, depth, slope=None)


def deep_ntk(activation: Activation, depth: int) -> DeepKernel:
    """Return the NTK `Theta_L` of a network with L hidden layers, all layers trained; refused where phi jumps."""
    slope = Layer(f=activation.derivative, phi=activation)
    return _deep(f"NTK {activation.name}, depth {depth}", activation, depth, slope=slope)


def _deep(name: str, activation: Activation, depth: int, *, slope: Layer | None) -> DeepKernel:
    if depth < 1:
        raise ValueError(f"depth {depth}: a network has at least one hidden layer")
    if activation.expr == 0:
        raise ValueError(f"{activation.name} is zero, so no weights give its preactivations variance one")
    value = Layer(f=activation, phi=activation)
    return DeepKernel(name=name, activation=activation, depth=depth, value=value, slope=slope)
