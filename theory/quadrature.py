"""All Hermite moments `E[phi(g) h_l(g)]`, l = 0..L, from one set of nodes, each with a rigorous error bound.

The line is cut at the kinks and into panels; on a panel of half-length s the n-point Gauss-Legendre rule errs by at
most `8 s M r^{-2n} / (1 - 1/r)`, where M bounds the integrand on the Bernstein ellipse of parameter r: the rule is
exact to degree 2n - 1, the Chebyshev coefficients of the integrand are at most `2 M r^{-k}`, and integral and rule of
each Chebyshev polynomial are at most 2 in size.  M comes from ball arithmetic over boxes that cover the ellipse, which
also proves that phi is analytic there; beyond the last panel the tail is bounded by `theory.growth`.

One evaluation of phi serves every degree, which makes this some twenty times faster than a general integrator.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import sympy as sp

from . import balls
from .activations import Activation
from .arithmetic import flint
from .balls import Ball
from .symbols import x

_ELLIPSES = (8, 6, 5, 4, 3.5, 3, 2.5, 2, 1.7, 1.4, 1.2)
"""Bernstein parameters to try, largest first: the larger, the fewer nodes, if phi is analytic that far out."""
_BOXES = 10
"""Boxes along each side of the ellipse's hull: enough that the ball of tanh over one stays near its true range."""


def hermite_moments(activation: Activation, order: int, bits: int) -> list[Ball]:
    """Return enclosures of `E[phi(g) h_l(g)]` for l = 0 to `order`."""
    radius, log2_tail = balls.cut(activation, bits, square=False)
    guard = bits + 32 + order // 2  # seen: the balls of the recurrence for h_l widen by .42 bits a degree
    with balls.precision(guard):
        roots = [flint.arb(l).sqrt() for l in range(order + 2)]
        moments = [flint.arb(2) ** flint.arb(log2_tail / 2) * flint.arb(0, 1)] * (order + 1)
        for piece in activation.pieces:
            if piece.expr == 0:
                continue
            lo = flint.arb(-radius) if piece.lo == -sp.oo else balls.number(piece.lo, guard)
            hi = flint.arb(radius) if piece.hi == sp.oo else balls.number(piece.hi, guard)
            for middle, half in _panels(lo, hi):
                for l, part in enumerate(_panel(piece.expr, middle, half, roots, bits)):
                    moments[l] = moments[l] + part
        return moments


def _panels(lo: Ball, hi: Ball) -> Iterator[tuple[Ball, Ball]]:
    """Cut `[lo, hi]` into panels of length at most 2; yield their middles and half-lengths."""
    count = int(float((hi - lo).upper()) / 2) + 1
    half = (hi - lo) / (2 * count)
    for i in range(count):
        yield lo + (2 * i + 1) * half, half


def _panel(expr: sp.Expr, middle: Ball, half: Ball, roots: list[Ball], bits: int) -> list[Ball]:
    """Return the integrals of `expr h_l pdf` over one panel, l = 0 to `len(roots) - 2`."""
    order = len(roots) - 2
    parameter, bounds = _bound(expr, middle, half, roots)
    nodes = 8
    wanted = flint.arb(2) ** (-bits)
    while 8 * half * bounds[order] * _error(parameter, nodes) > wanted:
        nodes += 8
    sums = [8 * half * bound * _error(parameter, nodes) * flint.arb(0, 1) for bound in bounds]
    norm = (2 * flint.arb.pi()).sqrt()
    for node, weight in _rule(nodes, flint.ctx.prec):
        z = middle + half * node
        term = balls.evaluate(expr, {x: z}) * (-(z * z) / 2).exp() * (weight * half / norm)
        for l, h in enumerate(_hermite(z, roots)):
            sums[l] = sums[l] + term * h
    return sums


def _hermite(z: Ball, roots: list[Ball], sign: int = -1) -> Iterator[Ball]:
    """Yield `h_0(z), h_1(z), ...`; with `sign=+1` yield `|h_l(i z)|`, which bounds `|h_l|` on the disc of radius z."""
    before, now = flint.arb(0), flint.arb(1)
    for l in range(len(roots) - 1):
        yield now
        before, now = now, (z * now + sign * roots[l] * before) / roots[l + 1]


def _error(parameter: float, nodes: int) -> Ball:
    r = flint.arb(parameter)
    return balls.integer_power(1 / r, 2 * nodes) / (1 - 1 / r)


@lru_cache(maxsize=64)
def _rule(nodes: int, bits: int) -> tuple[tuple[Ball, Ball], ...]:
    """Return the nodes and weights of the Gauss-Legendre rule at a precision of `bits`."""
    with balls.precision(bits):
        return tuple(flint.arb.legendre_p_root(nodes, k, weight=True) for k in range(nodes))


def _bound(expr: sp.Expr, middle: Ball, half: Ball, roots: list[Ball]) -> tuple[float, list[Ball]]:
    """Return an ellipse on which phi is analytic, and bounds on `|phi h_l pdf|` there."""
    for parameter in _ELLIPSES:
        wide = half * flint.arb(parameter + 1 / parameter) / 2 * flint.arb(1 + 2.0**-40)
        high = half * flint.arb(parameter - 1 / parameter) / 2 * flint.arb(1 + 2.0**-40)
        size = _size(expr, middle, wide, high)
        if size is None:
            continue
        far = (abs(middle) + wide + high).upper()
        near = flint.arb(max((abs(middle) - wide).lower(), flint.arb(0)))
        pdf = ((high * high - near * near) / 2).exp() / (2 * flint.arb.pi()).sqrt()
        return parameter, [size * pdf * h for h in _hermite(flint.arb(far), roots, sign=1)]
    raise ValueError(f"{expr} is not analytic near {middle.str(5, radius=False)}, though no kink was found there")


def _size(expr: sp.Expr, middle: Ball, wide: Ball, high: Ball) -> Ball | None:
    """Return a bound on `|expr|` over the box around the ellipse, or None if it could not be shown analytic there."""
    largest = flint.arb(0)
    for i in range(_BOXES):
        real = middle + wide * flint.arb((2 * i + 1) / _BOXES - 1, 1.001 / _BOXES)
        for j in range(_BOXES // 2):  # phi is real on the line, so the lower half mirrors the upper
            box = flint.acb(real, high * flint.arb((2 * j + 1) / _BOXES, 1.001 / _BOXES))
            value: Any = balls.evaluate(expr, {x: box}, analytic=True)
            size = value.abs_upper() if isinstance(value, (flint.acb, flint.arb)) else flint.arb(value)
            if not size.is_finite():
                return None
            largest = max(largest, size)
    return largest
