"""All Hermite moments `E[phi(g) h_l(g)]`, l = 0..L, from one set of nodes, each with a rigorous error bound.

The line is cut at the kinks and into panels; on a panel of half-length s the n-point Gauss-Legendre rule errs by at
most `8 s M r^{-2n} / (1 - 1/r)`, where M bounds the integrand on the Bernstein ellipse of parameter r: the rule is
exact to degree 2n - 1, the Chebyshev coefficients of the integrand are at most `2 M r^{-k}`, and integral and rule of
each Chebyshev polynomial are at most 2 in size.  M comes from ball arithmetic over boxes that cover the ellipse, which
also proves that phi is analytic there; beyond the last panel the tail is bounded by `theory.growth`.

There, with `z = x + i y`, Mehler's formula at (z, conj z) gives, for every r in (0, 1),
`|h_l(z) pdf(z)|^2 <= exp(-x^2/(1+r) + y^2/(1-r)) r^-l / (2 pi sqrt(1 - r^2))`, and this grows with l.

A panel with a singularity near by is halved until it has none, or is so short that its length times the envelope of
phi is an error small enough: towards a root or a power at a kink the panels shrink geometrically.

One evaluation of phi serves every degree, which makes this much faster than a general integrator.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp

from . import balls
from .activations import Activation
from .arithmetic import RIGOROUS, flint
from .balls import Ball
from .floating.moments import hermite_moments as floating_moments
from .growth import Envelope, envelope
from .panel_sums import Panel, hermite_sums, rule
from .pieces import Piece
from .symbols import x

_ELLIPSES = (1.7, 2.5, 3, 4, 5.5, 8)
"""Bernstein parameters to try, smallest first, while each saves nodes.  Where phi is not analytic even in the first,
two panels of half the length need fewer nodes than one."""
_NODES = tuple(n for k in range(3, 10) for n in (2**k, 3 * 2 ** (k - 1)))
"""Sizes of rules, few, since each costs its nodes once and then serves every panel: 8, 12, 16, ..., 512, 768."""
_BOXES = 4
"""Boxes along each side of the ellipse's hull: more bound phi better, and cost more than the nodes that they save."""
_MOST_CUTS = 6
"""Panels to try on one piece, per bit: on the way to a root at both ends each bit takes at most four."""


def hermite_moments(activation: Activation, order: int, bits: int) -> list[Ball]:
    """Return enclosures of `E[phi(g) h_l(g)]` for l = 0 to `order`."""
    if not RIGOROUS:
        return floating_moments(activation, order, bits)
    growth = envelope(activation)
    radius, log2_tail = balls.cut(activation, bits, square=False)
    guard = bits + 32 + _cancelled(growth, order)
    with balls.precision(guard):
        error, panels = flint.arb(2) ** flint.arb(log2_tail / 2), []
        quadrature = _Quadrature(growth=growth, order=order, bits=bits)
        for piece in activation.pieces:
            if piece.expr == 0:
                continue
            lo = flint.arb(-radius) if piece.lo == -sp.oo else balls.number(piece.lo, guard)
            hi = flint.arb(radius) if piece.hi == sp.oo else balls.number(piece.hi, guard)
            for panel, bound in quadrature.panels(piece, lo, hi):
                panels.append(panel)
                error += bound
        margin = flint.arb(error.upper()) * flint.arb(0, 1)
        return [value + margin for value in hermite_sums(panels, order)]


def _cancelled(growth: Envelope, order: int) -> int:
    """Return the bits lost where `exp(-t^2/2)` cancels what `exp(t z)` built up; an estimate, for the balls know.

    With all signs positive `|phi| = exp(q x^2)` would give `exp(t^2 (1 + 1/(1 - 2q)) / 2)` times a constant.
    """
    spread = 1 + 1 / (1 - 2 * growth.quadratic)
    return int(order * math.log2(spread) / 2 + 1.5 * max(growth.linear, 0) * math.sqrt(order))


@dataclass(frozen=True, kw_only=True)
class _Quadrature:
    """Panels and rules for degrees up to `order`, with errors near `2^-bits`."""

    growth: Envelope
    order: int
    bits: int

    def panels(self, piece: Piece, lo: Ball, hi: Ball) -> Iterator[tuple[Panel, Ball]]:
        """Cut `[lo, hi]` into panels of length at most 2; yield each with a bound on its error at every degree."""
        count = int(float((hi - lo).upper()) / 2) + 1
        half = (hi - lo) / (2 * count)
        left = [(lo + (2 * i + 1) * half, half) for i in reversed(range(count))]
        goal = flint.arb(2) ** (-self.bits - 8)
        for _ in range(_MOST_CUTS * (self.bits + 64) + count):
            if not left:
                return
            middle, half = left.pop()
            whole = 2 * half * self._top(piece.expr, middle, half)
            if whole < goal:
                yield Panel(middle=middle, half=half, weights=[]), whole
                continue
            nodes, error = self._rule(piece.expr, middle, half, goal)
            if nodes:
                yield Panel(middle=middle, half=half, weights=_weights(piece.expr, middle, half, nodes)), error
            else:
                left += [(middle + half / 2, half / 2), (middle - half / 2, half / 2)]
        place = middle.str(5, radius=False)
        raise ValueError(f"{piece.expr} is not analytic near {place}, or varies too fast there; no kink was found")

    def _top(self, expr: sp.Expr, middle: Ball, half: Ball) -> Ball:
        """Return a bound on `|phi h_l pdf|` on a real panel, from the envelope of phi or from its ball there."""
        growth, far = self.growth, flint.arb((abs(middle) + half).upper())
        exponent = flint.arb(max(growth.linear, 0)) * far + flint.arb(max(growth.quadratic, 0)) * far * far
        size = flint.arb(growth.constant) * (1 + far) ** flint.arb(growth.power) * exponent.exp()
        here = flint.acb(balls.evaluate(expr, {x: flint.acb(middle + half * flint.arb(0, 1))})).abs_upper()
        size = min(size, here) if here.is_finite() else size
        return size * self._weight(middle, half, flint.arb(0))

    def _rule(self, expr: sp.Expr, middle: Ball, half: Ball, goal: Ball) -> tuple[int, Ball]:
        """Return the least number of nodes that an ellipse proves to be enough, with the error; 0 if none does."""
        best, error = 0, goal
        for parameter in _ELLIPSES:
            r = flint.arb(parameter)
            wide, high = (half * side / 2 * flint.arb(1 + 2.0**-40) for side in (r + 1 / r, r - 1 / r))
            size = _size(expr, middle, wide, high)
            if size is None:
                break
            scale = 8 * half * size * self._weight(middle, wide, high) / (1 - 1 / r)
            enough = next((n for n in _NODES if scale * _decay(r, n) < goal), _NODES[-1] + 1)
            if best and enough > best:
                break
            if enough <= self.bits // 2 + 64:
                best, error = enough, scale * _decay(r, enough)
        return best, error

    def _weight(self, middle: Ball, wide: Ball, high: Ball) -> Ball:
        """Return a bound on `|h_l(z) pdf(z)|` for `|Re z - middle| <= wide` and `|Im z| <= high`: a nearly best r."""
        near = flint.arb(max((abs(middle) - wide).lower(), flint.arb(0)))
        gap = flint.arb(min(0.9, max(float(high) / math.sqrt(self.order + 1), 0.5 / (self.order + 1))))  # 1 - r
        r = 1 - gap
        square = (high * high / gap - near * near / (1 + r)).exp() / ((1 - r * r).sqrt() * 2 * flint.arb.pi())
        return (square / balls.integer_power(r, self.order)).sqrt()


def _weights(expr: sp.Expr, middle: Ball, half: Ball, nodes: int) -> list[Ball]:
    """Return the weights of the rule times `expr pdf`."""
    norm = half / (2 * flint.arb.pi()).sqrt()
    places = ((middle + half * node, weight) for node, weight in rule(nodes))
    return [balls.evaluate(expr, {x: z}) * (-(z * z) / 2).exp() * (weight * norm) for z, weight in places]


def _decay(r: Ball, nodes: int) -> Ball:
    return balls.integer_power(1 / r, 2 * nodes)


def _size(expr: sp.Expr, middle: Ball, wide: Ball, high: Ball) -> Ball | None:
    """Return a bound on `|expr|` over boxes that cover the ellipse, or None if it could not be shown analytic there."""
    largest = flint.arb(0)
    with balls.precision(64 + max(0, int(-1.5 * float(high.log())))):  # enough to tell a near cut from the ellipse
        for i in range(_BOXES):
            across = (2 * i + 1) / _BOXES - 1
            for j in range(_BOXES // 2):  # phi is real on the line, so the lower half mirrors the upper
                up = (2 * j + 1) / _BOXES
                if max(abs(across) - 1.001 / _BOXES, 0) ** 2 + max(up - 1.001 / _BOXES, 0) ** 2 > 1:
                    continue  # outside the ellipse
                real, imaginary = (flint.arb(place, 1.001 / _BOXES) for place in (across, up))
                box = flint.acb(middle + wide * real, high * imaginary)
                value: Any = balls.evaluate(expr, {x: box}, analytic=True)
                size = value.abs_upper() if isinstance(value, (flint.acb, flint.arb)) else flint.arb(value)
                if not size.is_finite():
                    return None
                largest = max(largest, size)
    return largest
