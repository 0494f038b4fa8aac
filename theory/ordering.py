r"""Which activation memorises more: `gamma_p(alpha) > gamma_q(alpha)` for every alpha in (0, 1), decided by balls.

With `P_k`, `Q_k` the cumulative laws on degrees, Abel summation (the claim `degree-order`) gives

    gamma_p - gamma_q = (1 - alpha) D(alpha),   D(alpha) = sum_k d_k alpha^k,   d_k = P_k - Q_k = (1 - Q_k) - (1 - P_k)

Let d_m be the first that is not 0.  On an interval [a, b] of [0, 1] each power lies between those of a and of b, and
the terms beyond K add at least `-sum_{k > K} (1 - P_k) alpha^k`, bounded in `theory.degree_law`; so with `l_k <= d_k`

    alpha^-m D(alpha) >= sum_{l_k > 0} l_k a^(k-m) - sum_{l_k < 0} |l_k| b^(k-m) - b^-m sum_{k > K} (1 - P_k) b^k

An interval on which neither this is positive, nor the same for -D, is halved.  Intervals of one sign that cover
[0, 1] decide the order; two of opposite sign are a crossing.  At 1 itself `D(1) = E_q[l] - E_p[l]`: where no interval
is short enough, the sign of that is the sign of D near 1.

References
    shaked2007 (the Laplace transform order of two laws)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from . import balls
from .activations import Activation
from .arithmetic import CERTAINTY, flint
from .balls import Ball
from .degree_law import BITS, TERMS, DegreeLaw, Law
from .evidence import Verdict

MOST_INTERVALS = 400
"""Seen: pairs of the catalogue that come to a decision need at most 37."""


class Order(StrEnum):
    """How gamma of the first activation stands to that of the second, as functions on (0, 1)."""

    ABOVE = "above"
    BELOW = "below"
    CROSSING = "crossing"
    SAME = "the same law"
    UNDECIDED = "undecided"


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The order of two activations; `reason` is what decides it, or why nothing does."""

    first: str
    second: str
    order: Order
    reason: str
    higher_at: Fraction | None = None
    """For a crossing: an alpha at which the first is certified to be the higher; 1 stands for all that are near 1."""
    lower_at: Fraction | None = None
    """The same, where it is the lower."""


@dataclass(frozen=True, kw_only=True)
class PartialOrder:
    """Classes of activations with one law, and how each two classes stand to each other."""

    law: Law
    classes: tuple[tuple[str, ...], ...]
    """Activations that share one law, in the order of the catalogue; the first speaks for its class."""
    comparisons: tuple[Comparison, ...]
    """Every two classes, by the names that speak for them."""
    covers: tuple[tuple[str, str], ...]
    """`(a, b)`: a is above b, and no third class is between them; all that is above something follows from these."""
    left_out: tuple[tuple[str, str], ...]
    """Activations without such a law, and why."""
    certainty: Verdict = CERTAINTY
    """What the arithmetic allows a comparison to be."""

    def having(self, order: Order) -> tuple[Comparison, ...]:
        """Return the comparisons that came out so."""
        return tuple(c for c in self.comparisons if c.order is order)


def partial_order(activations: Sequence[Activation], law: Law) -> PartialOrder:
    """Return the partial order of some activations under one law."""
    laws: list[DegreeLaw] = []
    left_out = []
    for activation in activations:
        try:
            laws.append(law.of(activation))
        except ValueError as error:
            left_out.append((activation.name, str(error)))
    classes: list[list[DegreeLaw]] = []
    comparisons: list[Comparison] = []
    for p in laws:
        found = [compare(members[0], p) for members in classes]
        home = next((i for i, c in enumerate(found) if c.order is Order.SAME), None)
        if home is None:
            classes.append([p])
            comparisons += found
        else:
            classes[home].append(p)
    return PartialOrder(
        law=law,
        classes=tuple(tuple(p.name for p in members) for members in classes),
        comparisons=tuple(comparisons),
        covers=_covers(comparisons),
        left_out=tuple(left_out),
    )


def _covers(comparisons: Sequence[Comparison]) -> tuple[tuple[str, str], ...]:
    """Return the pairs `(higher, lower)` with nothing between them: the edges of the Hasse diagram."""
    below: dict[str, set[str]] = {}
    for c in comparisons:
        if c.order in {Order.ABOVE, Order.BELOW}:
            high, low = (c.first, c.second) if c.order is Order.ABOVE else (c.second, c.first)
            below.setdefault(high, set()).add(low)
    return tuple(
        (high, low)
        for high, lower in below.items()
        for low in sorted(lower)
        if not any(low in below.get(between, ()) for between in lower)
    )


def compare(p: DegreeLaw, q: DegreeLaw) -> Comparison:
    """Decide whether `gamma_p` is above `gamma_q` at every alpha in (0, 1), below it, or crosses it."""
    with balls.precision(BITS):
        difference = tuple(b - a for a, b in zip(p.survival, q.survival, strict=True))
        first = next((k for k in range(TERMS) if not difference[k].contains(0)), None)
        if first is None:
            return _unseparated(p, q)
        unclear = [l for l in range(first) if not p.shares(q, l)]
        if unclear:
            return _undecided(p, q, f"their shares of degree {unclear[0]} agree to {_digits()} digits")
        up = _Bound(p, tuple(d.lower() for d in difference[first:]), first)
        down = _Bound(q, tuple((-d).lower() for d in difference[first:]), first)
        return _search(p, q, up, down)


def _unseparated(p: DegreeLaw, q: DegreeLaw) -> Comparison:
    if p.equals(q):
        return Comparison(first=p.name, second=q.name, order=Order.SAME, reason="their generating functions are equal")
    return _undecided(p, q, f"their laws agree to {_digits()} digits, and nothing shows them equal")


def _undecided(p: DegreeLaw, q: DegreeLaw, reason: str) -> Comparison:
    return Comparison(first=p.name, second=q.name, order=Order.UNDECIDED, reason=reason)


def _digits() -> int:
    return int((BITS - 16) * 0.301)


@dataclass(frozen=True)
class _Bound:
    """A lower bound on `t^-m D(t)` over intervals, from lower bounds on the d_k and the tail of the law above."""

    above: DegreeLaw
    terms: tuple[Ball, ...]
    power: int

    def at_least(self, a: Ball, b: Ball) -> Ball:
        """Return a lower bound over [a, b]."""
        rising = falling = flint.arb(0)
        for term in reversed(self.terms):
            rising, falling = rising * a, falling * b
            if term > 0:
                rising += term
            else:
                falling -= term
        tail = self.above.tail(b)
        if tail is None:
            return flint.arb.neg_inf()
        return rising - falling - tail * balls.integer_power(b, TERMS - self.power)


def _search(p: DegreeLaw, q: DegreeLaw, up: _Bound, down: _Bound) -> Comparison:
    """Halve [0, 1] until every part has a sign, or two parts have opposite signs, or patience ends."""
    queue = deque([(Fraction(0), Fraction(1))])
    seen: dict[Order, Fraction] = {}
    for count in range(1, MOST_INTERVALS + 1):
        a, b = queue.popleft()
        middle = (a + b) / 2
        ends = balls.rational(a), balls.rational(b)
        sign = Order.ABOVE if up.at_least(*ends) > 0 else Order.BELOW if down.at_least(*ends) > 0 else None
        if sign is None:
            queue += [(a, middle), (middle, b)]
        else:
            seen.setdefault(sign, middle)
        if len(seen) == 2:
            return _crossing(p, q, seen)
        if not queue:
            (order,) = seen
            reason = f"the difference, less a factor, has one sign on each of {count} intervals that cover [0, 1]"
            return Comparison(first=p.name, second=q.name, order=order, reason=reason)
    return _by_other_means(p, q, queue, seen)


def _by_other_means(
    p: DegreeLaw, q: DegreeLaw, queue: Collection[tuple[Fraction, Fraction]], seen: dict[Order, Fraction]
) -> Comparison:
    """Use the sign at 1, or that both laws mix degree 1 with one and the same law."""
    at_one = _sign_at_one(p, q)
    if at_one is not None:
        seen.setdefault(at_one, Fraction(1))
    if len(seen) == 2:
        return _crossing(p, q, seen)
    if p.first == q.first == 1 and p.beyond_linear().equals(q.beyond_linear()):
        order = Order.ABOVE if p.survival[1] < q.survival[1] else Order.BELOW
        reason = "above degree 1 the laws are one, whose gamma is below alpha: the larger share of degree 1 is higher"
        return Comparison(first=p.name, second=q.name, order=order, reason=reason)
    return _undecided(p, q, f"{_why_not_near_one(p, q)}; {_what_is_left(queue, seen)}")


def _why_not_near_one(p: DegreeLaw, q: DegreeLaw) -> str:
    if p.mean is None or q.mean is None:
        return "the mean degrees are infinite or not known"
    return f"the mean degrees agree to {_digits()} digits"


def _sign_at_one(p: DegreeLaw, q: DegreeLaw) -> Order | None:
    """Return the sign of `D(1) = E_q[l] - E_p[l]`, which D has near 1 too; a law of infinite mean is the lower one."""
    if p.mean is not None and q.mean is not None:
        return Order.ABOVE if p.mean < q.mean else Order.BELOW if p.mean > q.mean else None
    if p.mean is not None and q.has_infinite_mean:
        return Order.ABOVE
    return Order.BELOW if p.has_infinite_mean and q.mean is not None else None


def _crossing(p: DegreeLaw, q: DegreeLaw, seen: dict[Order, Fraction]) -> Comparison:
    high, low = seen[Order.ABOVE], seen[Order.BELOW]
    where = {order: "near alpha = 1" if at == 1 else f"at alpha = {at}" for order, at in seen.items()}
    return Comparison(
        first=p.name,
        second=q.name,
        order=Order.CROSSING,
        reason=f"the first is above the second {where[Order.ABOVE]} and below it {where[Order.BELOW]}",
        higher_at=high,
        lower_at=low,
    )


def _what_is_left(queue: Collection[tuple[Fraction, Fraction]], seen: dict[Order, Fraction]) -> str:
    start, end = min(a for a, _ in queue), max(b for _, b in queue)
    where = f"1 - alpha < {float(1 - start):.2g}" if end == 1 else f"alpha from {float(start):.6g} to {float(end):.6g}"
    return f"no sign was found for {where}; elsewhere the first is {' and '.join(seen) or 'neither above nor below'}"
