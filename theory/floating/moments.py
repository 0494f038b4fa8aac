"""Hermite moments `E[phi(g) h_l(g)]`, l = 0..L, with estimated errors: `theory.quadrature` without complex balls."""

from __future__ import annotations

from typing import Any

import sympy as sp

from theory import balls
from theory.activations import Activation
from theory.symbols import x

from .integral import fixed, integrate
from .real import arb, context, ctx


def hermite_moments(activation: Activation, order: int, bits: int) -> list[arb]:
    """Return `E[phi(g) h_l(g)]` for l = 0 to `order`."""
    radius, log2_tail = balls.cut(activation, bits, square=False)
    guard = bits + 32 + order // 2
    with balls.precision(guard):
        tail = arb(2) ** arb(log2_tail / 2)
        moments = [arb(0, tail)] * (order + 1)
        for piece in activation.pieces:
            if piece.expr == 0:
                continue
            lo = arb(-radius) if piece.lo == -sp.oo else balls.number(piece.lo, guard)
            hi = arb(radius) if piece.hi == sp.oo else balls.number(piece.hi, guard)
            values, error = integrate(_Weighted(piece.expr, order), lo, hi, bits)
            moments = [moment + arb(value, arb(error)) for moment, value in zip(moments, values, strict=True)]
        return moments


class _Weighted:
    """`z -> f(z) h_l(z) pdf(z)` for all l at once, by `sqrt(l+1) h_{l+1} = z h_l - sqrt(l) h_{l-1}`.

    In the recurrence a rounding error grows at most as h_l itself, which is below `1.1 exp(z^2 / 4)` (Cramer): so many
    more bits are carried.
    """

    def __init__(self, expr: sp.Expr, order: int) -> None:
        self.expr = expr
        self.norm = (2 * arb.pi()).sqrt()
        self.units = ctx.prec + 16
        roots = [context.sqrt(l) for l in range(order + 1)]
        ratios = ((1 / roots[l + 1], roots[l] / roots[l + 1]) for l in range(order))
        self.recurrence = [(fixed(up, self.units), fixed(down, self.units)) for up, down in ratios]

    def __call__(self, place: arb) -> tuple[list[int], Any]:
        term = balls.evaluate(self.expr, {x: place}) * (-(place * place) / 2).exp() / self.norm
        growth = context.exp(place.centre**2 / 4)
        extra = 2 + int(context.log(growth, 2))
        bits, units = ctx.prec + extra, self.units
        z, before, now = fixed(place.centre, bits), 0, fixed(term.centre, bits)
        values = [now >> extra]
        for up, down in self.recurrence:
            before, now = now, ((z * now >> bits) * up - down * before) >> units
            values.append(now >> extra)
        return values, 1.1 * growth * term.error
