r"""Test error and accuracies of a label `g = sign(t)`, t one coordinate of x, from the finite-size law.

The error is enclosed: `E = (sum_i q_i0^2 v_i^2) / (1 - r)` at infinite width, and

    E = sum_i (q_i - q_i (1 - q_i) (k - N) / (k - Q)) v_i^2 / (1 - (Q (k - 2 N) + N^2) / (N (k - Q))),    Q = N r,

with k parameters (simon2023); degrees of x beyond the cut-off are not learned.  The accuracies are means of the normal
distribution function over one or two coordinates, by a plain rule in doubles: the heuristic behind them, that what is
not signal is Gaussian, is far coarser.

References
    simon2023
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import mpmath as mp
import sympy as sp

from . import balls
from .arithmetic import flint
from .balls import Ball
from .finite_size import BITS, FiniteSizeLaw
from .sphere import dimension

_REACH = 9.0
"""Beyond nine standard deviations `1/sqrt(n)` the density of a coordinate has less than 1e-17 of its mass."""


@lru_cache(maxsize=64)
def sign_coefficients(n: int, degrees: int) -> tuple[Ball, ...]:
    """Return `v_i = sqrt(B_i) E[sign(t) P_i(t)]` on the sphere S^(n-1), n at least 2: 0 for even i.

    `E[sign(t) P_i] = density(0) 2 Q_(i-1)(0) / (n - 1)`, Q the polynomials of the sphere two dimensions up, and
    `Q_(2k)(0) = (-1)^k 1 3 ... (2k - 1) / ((n + 1) (n + 3) ... (n + 2k - 1))`.
    """
    with balls.precision(BITS):
        density = flint.arb(n) / 2
        density = density.gamma() / ((flint.arb(n) - 1) / 2).gamma() / flint.arb.pi().sqrt()
        found = [flint.arb(0)] * (degrees + 1)
        for i in range(1, degrees + 1, 2):
            k = (i - 1) // 2
            at_zero = sp.Rational((-1) ** k * math.prod(range(1, 2 * k, 2)), math.prod(n + 1 + 2 * m for m in range(k)))
            count = flint.arb(int(dimension(i, n)))
            found[i] = 2 * density / (n - 1) * balls.number(at_zero, BITS) * count.sqrt()
        return tuple(found)


@dataclass(frozen=True, kw_only=True)
class LearningCurve:
    """What a law says of learning `sign(t)` at its number of samples; without `parameters` the width is infinite."""

    law: FiniteSizeLaw
    parameters: int | None = None

    @cached_property
    def _label(self) -> tuple[Ball, ...]:
        return sign_coefficients(self.law.modes.d_x, self.law.modes.degrees)

    @cached_property
    def _unlearned(self) -> list[Ball]:
        """`q_i0`."""
        return [self.law.unlearned[i, 0] for i in range(self.law.modes.degrees + 1)]

    @cached_property
    def _beyond(self) -> Ball:
        with balls.precision(BITS):
            return 1 - sum((v * v for v in self._label), flint.arb(0))

    @cached_property
    def bias(self) -> Ball:
        """`sum_i q_i0^2 v_i^2`."""
        with balls.precision(BITS):
            known = (q * q * v * v for q, v in zip(self._unlearned, self._label, strict=True))
            return sum(known, flint.arb(0)) + self._beyond

    @cached_property
    def test_error(self) -> Ball:
        """E, the mean squared error on fresh samples."""
        n, r, k = self.law.n, self.law.learned, self.parameters
        with balls.precision(BITS):
            if k is None:
                return self.bias / (1 - r)
            learned = n * r
            kept = (
                (q - q * (1 - q) * (k - n) / (k - learned)) * v * v
                for q, v in zip(self._unlearned, self._label, strict=True)
            )
            return (sum(kept, flint.arb(0)) + self._beyond) / (
                1 - (learned * (k - 2 * n) + n * n) / (n * (k - learned))
            )

    @cached_property
    def _signal(self) -> tuple[list[float], list[float]]:
        """The signal at the nodes of |t|, and their weights."""
        n, degrees = self.law.modes.d_x, self.law.modes.degrees
        slopes = [
            float((1 - q).mid()) * float(v.mid()) * math.sqrt(dimension(i, n))
            for i, (q, v) in enumerate(zip(self._unlearned, self._label, strict=True))
        ]
        nodes = _half_line(n)
        signals = [sum(s * p for s, p in zip(slopes, _gegenbauer(n, degrees, t), strict=True)) for t, _ in nodes]
        return signals, [w for _, w in nodes]

    @property
    def test_accuracy(self) -> float:
        """`P(sign f(z) = g)`."""
        noise = math.sqrt(float((self.test_error - self.bias).mid()))
        return sum(w * _normal(s / noise) for s, w in zip(*self._signal, strict=True))

    @property
    def spurious_accuracy(self) -> float:
        """`P(sign f(z_1^s) = g_1)`: `f_s + F (g_1 - f_1)`, F varying about its mean as if it were Gaussian."""
        gamma, r, r_y, spread, noise = (
            float(ball.mid())
            for ball in (
                self.law.gamma,
                self.law.learned,
                self.law.learned_in_y,
                self.law.variance,
                self.test_error - self.bias,
            )
        )
        shared = noise * (1 + gamma**2 - 2 * gamma * r_y / r)
        pairs = list(zip(*self._signal, strict=True))
        total = 0.0
        for own, weight in pairs:
            scale = math.sqrt(shared + spread * ((1 - own) ** 2 + noise))
            pull = gamma * (1 - own)
            total += weight * sum(w * (_normal((pull + s) / scale) + _normal((pull - s) / scale)) / 2 for s, w in pairs)
        return total


def _normal(at: float) -> float:
    return math.erfc(-at / math.sqrt(2)) / 2


def _gegenbauer(n: int, degrees: int, t: float) -> list[float]:
    """Return `P_0(t) ... P_degrees(t)` by the recurrence `(i+n-2) P_(i+1) = (2i+n-2) t P_i - i P_(i-1)`."""
    found = [1.0, t]
    for i in range(1, degrees):
        found.append(((2 * i + n - 2) * t * found[i] - i * found[i - 1]) / (i + n - 2))
    return found[: degrees + 1]


@lru_cache(maxsize=64)
def _half_line(n: int) -> list[tuple[float, float]]:
    """Return nodes and weights, of sum 1, of the mean over |t|: Gauss-Legendre in the angle `t = sin a`."""
    reach = min(math.pi / 2, _REACH / math.sqrt(max(n - 2, 1)))
    rule = [(float(s), float(w)) for s, w in mp.calculus.quadrature.GaussLegendre(mp.mp).calc_nodes(4, 53)]
    angles = [((s + 1) * reach / 2, w * math.cos((s + 1) * reach / 2) ** (n - 2)) for s, w in rule]
    total = sum(w for _, w in angles)
    return [(math.sin(a), w / total) for a, w in angles]
