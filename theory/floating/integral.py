"""Integrals over an interval by Gauss-Legendre on panels, at two numbers of nodes: their difference is the error.

Nothing bounds the integrand between the nodes, so the error is an estimate.  Where the two differ by more than asked
for, the panel is halved; what is still open when the halvings are spent goes into the error.

Sums are in fixed point, as integers in units of `2^-prec`: an integral is wanted to an absolute error, and Python adds
and multiplies integers several times faster than mpmath its numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from .real import arb, context, ctx

Integrand = Callable[[arb], tuple[list[int], Any]]
"""The values of several functions at one place, in fixed point, and one error for all of them."""

_HALVINGS = 64
_EXTRA = 32
"""Bits beyond the working precision at which an integral is summed: some thousand terms of moderate size."""


class acb(arb):  # noqa: N801  (the library's name)
    """A complex number of the library; here all of them are real."""

    __slots__ = ()

    @staticmethod
    def integral(function: Callable[[arb, bool], Any], lo: arb, hi: arb) -> arb:
        """Return the integral from `lo` to `hi`, taken along the real line."""
        bits = ctx.prec

        def values(place: arb) -> tuple[list[int], Any]:
            value = function(place, False)  # noqa: FBT003  (the library passes it so)
            return [fixed(value.centre, ctx.prec)], value.error

        with context.workprec(bits + _EXTRA):
            (total,), error = integrate(values, lo, hi, bits)
        return arb(total, error) + 0  # rounded


def fixed(value: Any, units: int) -> int:
    """Return a number of mpmath as an integer in units of `2^-units`; what is no number becomes 0."""
    return int(context.ldexp(value, units)) if context.isfinite(value) else 0


def integrate(function: Integrand, lo: arb, hi: arb, bits: int) -> tuple[list[Any], Any]:
    """Return the integrals from `lo` to `hi` and an estimate of their error, `2^-bits` a panel where possible."""
    count = int(float(hi - lo) / 2) + 1
    width = (hi - lo) / count
    todo = [(lo + i * width, lo + (i + 1) * width) for i in range(count)]
    nodes, goal, halvings = bits // 4 + 8, context.ldexp(1, -bits), 0
    totals: list[int] = []
    error = context.zero
    while todo:
        left, right = todo.pop(0)  # widest first, so that the halvings go where they help most
        middle, half = (left + right) / 2, (right - left) / 2
        coarse, _ = _panel(function, middle, half, nodes)
        fine, noise = _panel(function, middle, half, nodes + nodes // 3)
        off = context.ldexp(max(abs(a - b) for a, b in zip(coarse, fine, strict=True)), -ctx.prec)
        if off > max(goal, noise) and halvings < _HALVINGS:
            halvings += 1
            todo += [(left, middle), (middle, right)]
            continue
        totals = [a + b for a, b in zip(totals, fine, strict=True)] if totals else fine
        error += off + noise
    return [context.ldexp(total, -ctx.prec) for total in totals], error


def _panel(function: Integrand, middle: arb, half: arb, nodes: int) -> tuple[list[int], Any]:
    """Return the rule's sums on one panel, and the error of the values, of the panel's ends and of the rounding."""
    sums: list[int] = []
    noise = context.zero
    for node, weight in rule(nodes, ctx.prec):
        values, error = function(middle + half * node)
        scale = half.centre * weight.centre
        noise += scale * error
        units = fixed(scale, ctx.prec)
        sums = [s + units * v for s, v in zip(sums, values, strict=True)] if sums else [units * v for v in values]
    sums = [s >> ctx.prec for s in sums]
    largest = context.ldexp(max(abs(s) for s in sums), -ctx.prec)
    rounding = context.ldexp(nodes * (1 + largest / half.centre), -ctx.prec)
    return sums, noise + rounding + largest * half.error / half.centre


@lru_cache(maxsize=64)
def rule(nodes: int, bits: int) -> tuple[tuple[arb, arb], ...]:
    """Return nodes and weights `2 / ((1 - z^2) P_n'(z)^2)` of the Gauss-Legendre rule on [-1, 1]."""
    with context.workprec(bits + _EXTRA):
        right = [_node(nodes, k, bits) for k in range((nodes + 1) // 2)]
        left = [(-z, w) for z, w in right[: nodes // 2]]
        return tuple((arb(z), arb(w)) for z, w in (*left, *reversed(right)))


def _node(nodes: int, k: int, bits: int) -> tuple[Any, Any]:
    """Return the k-th zero of `P_n` from the right and its weight, by Newton's method from the usual cosine."""
    z = context.mpf(math.cos(math.pi * (k + 0.75) / (nodes + 0.5))) if 2 * k + 1 != nodes else context.zero
    while True:
        before, now = context.one, z
        for n in range(1, nodes):
            before, now = now, ((2 * n + 1) * z * now - n * before) / (n + 1)
        slope = nodes * (before - z * now) / (1 - z * z)
        step = now / slope
        z -= step
        if abs(step) < context.ldexp(1, -bits - 8):  # the slope, and with it the weight, is as good as the last step
            return z, 2 / ((1 - z * z) * slope * slope)
