r"""Sums `sum_i w_i h_l(z_i)` over quadrature nodes for all l at once, through their generating function.

    sum_l h_l(z) t^l / sqrt(l!) = exp(t z - t^2/2)

so the sums are `sqrt(l!)` times the coefficients of `exp(-t^2/2) sum_k P_k t^k / k!`, with `P_k = sum_i w_i z_i^k`.
And `P_{a + b m}` is the sum over i of `z_i^a` times `w_i z_i^{b m}`: with m near the root of the order, one matrix
product gives them all from `2 m` powers at each node.  The three-term recurrence at each node is the oracle.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .arithmetic import flint
from .balls import Ball


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Weights `w_i` at the nodes `middle + half s_i`, s_i the nodes of the Gauss-Legendre rule of their number."""

    middle: Ball
    half: Ball
    weights: Sequence[Ball]


def hermite_sums(panels: Iterable[Panel], order: int) -> list[Ball]:
    """Return `sum_i w_i h_l(z_i)` over all panels, l = 0 to `order`, at the working precision."""
    scale, coefficients = flint.arb(1), []
    for k, power_sum in enumerate(_power_sums(panels, order)):
        scale = scale / k if k else scale
        coefficients.append(power_sum * scale)
    before = flint.ctx.cap
    flint.ctx.cap = order + 1
    try:
        gaussian = flint.arb_series([0, 0, flint.arb(-1) / 2], prec=order + 1).exp()
        total = flint.arb_series(coefficients, prec=order + 1) * gaussian
        return [total[l] * flint.arb(l).fac().sqrt() for l in range(order + 1)]
    finally:
        flint.ctx.cap = before


def _power_sums(panels: Iterable[Panel], order: int) -> list[Ball]:
    """Return `sum_i w_i z_i^k` over all panels, k = 0 to `order`."""
    step = math.isqrt(order) + 1
    low, high = [], []
    for panel in panels:
        for (node, _), weight in zip(rule(len(panel.weights)), panel.weights, strict=True):
            z, power = panel.middle + panel.half * node, flint.arb(1)
            for _ in range(step):
                low.append(power)
                power *= z
            raised = weight
            for _ in range(step):
                high.append(raised)
                raised *= power
    nodes = len(low) // step
    product = flint.arb_mat(nodes, step, high).transpose() * flint.arb_mat(nodes, step, low)
    return list(product.entries()[: order + 1])


def rule(nodes: int) -> tuple[tuple[Ball, Ball], ...]:
    """Return the nodes and weights of the Gauss-Legendre rule on [-1, 1] at the working precision."""
    return _rule(nodes, flint.ctx.prec)


@lru_cache(maxsize=128)
def _rule(nodes: int, bits: int) -> tuple[tuple[Ball, Ball], ...]:  # noqa: ARG001  (the key: it is the precision set)
    return tuple(flint.arb.legendre_p_root(nodes, k, weight=True) for k in range(nodes))
