r"""The alignment law at finite size, term by term in balls: the definition, slow and obvious.

For x and y uniform on spheres, `B_ij = B_i(d_x) B_j(d_y)` modes of eigenvalue `lambda_ij` (`theory.sphere`), and kap
the root of the balance `sum B lambda / (lambda + kap) = N`,

    q_ij = kap / (lambda_ij + kap),        gamma = (sum_j B_0j lambda_0j q_0j) / (sum_ij B_ij lambda_ij q_ij).

The eigenvalues are exact; the balance is the deterministic equivalent of kernel regression, a heuristic of statistical
physics.  What is enclosed is the value of the formula, with all its modes: those beyond a degree lie between none and
all learned, and their eigenvalues below their energy over their number.  More `degrees` need more `terms`, for the
multiplicities grow faster than the coefficients fall.

References
    simon2023
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

import sympy as sp

from . import balls
from .arithmetic import flint
from .balls import Ball
from .kernels import DotProductKernel
from .sphere import dimension, moment

BITS = 128
Mode = tuple[int, int]
"""Degrees `(i, j)` in x and in y."""


@dataclass(frozen=True, kw_only=True)
class Modes:
    """The modes of total degree up to `degrees` of a kernel on `S^(d_x-1) x S^(d_y-1)`, from `terms` coefficients."""

    kernel: DotProductKernel
    d_x: int
    d_y: int
    degrees: int = 12
    terms: int = 120

    @cached_property
    def counts(self) -> dict[Mode, int]:
        """`B_ij`."""
        pairs = ((i, l - i) for l in range(self.degrees + 1) for i in range(l + 1))
        return {(i, j): int(dimension(i, self.d_x) * dimension(j, self.d_y)) for i, j in pairs}

    @cached_property
    def values(self) -> dict[Mode, Ball]:
        """`lambda_ij`; what the coefficients beyond add lies between 0 and `sum_{l > L} c_l E|rho|^L`."""
        x, y = (_moments(n, self.terms, self.degrees) for n in (self.d_x, self.d_y))
        with balls.precision(BITS):
            missing = self._missing(x, y)
            along_y = [[_dot(row, y, j) for j in range(self.degrees + 1)] for row in self._weights]
            by_y = [[row[j] for row in along_y] for j in range(self.degrees + 1)]
            return {(i, j): _dot(by_y[j], x, i) + missing for i, j in self.counts}

    @cached_property
    def on_x(self) -> list[Ball]:
        """`E[kappa(a t + b) P_i(t)]`, a = d_x/d, b = d_y/d: all degrees of y together, at `t_y = 1`."""
        x = _moments(self.d_x, self.terms, self.degrees)
        with balls.precision(BITS):
            missing = self._missing(x, None)
            whole = [sum(row, flint.arb(0)) for row in self._weights]
            return [_dot(whole, x, i) + missing for i in range(self.degrees + 1)]

    @cached_property
    def total(self) -> Ball:
        """`kappa(1)`."""
        return self.kernel.total(BITS)

    @cached_property
    def rest(self) -> Ball:
        """`kappa(1) - sum B lambda`, the energy of the modes beyond, which is not negative."""
        with balls.precision(BITS):
            left = self.total - sum((self.counts[m] * self.values[m] for m in self.counts), flint.arb(0))
            return left if left > 0 else flint.arb(max(left.upper(), flint.arb(0))) * balls.unit_interval()

    @cached_property
    def largest_beyond(self) -> Ball:
        """A bound on the eigenvalues beyond: each is at most their energy over the number of its kind."""
        fewest = min(
            int(dimension(i, self.d_x) * dimension(l - i, self.d_y)) or math.inf
            for l in (self.degrees + 1, self.degrees + 2)
            for i in range(l + 1)
        )
        if fewest == math.inf:  # on two points, +-1, there is nothing beyond degree one
            return flint.arb(0)
        with balls.precision(BITS):
            return flint.arb(self.rest.upper()) / int(fewest)

    @cached_property
    def _weights(self) -> list[list[Ball]]:
        """`c_{p+q} binom(p+q, p) a^p b^q`, rows p and columns q, `p + q` up to `terms`."""
        with balls.precision(BITS):
            c = [self.kernel.ball(l, BITS) for l in range(self.terms + 1)]
            chances = _chances(self.d_x, self.d_y, self.terms)
            return [[c[p + q] * chance for q, chance in enumerate(row)] for p, row in enumerate(chances)]

    def _missing(self, x: list[list[Ball]], y: list[list[Ball]] | None) -> Ball:
        """Return `[0, sum_{l > L} c_l E|rho|^L]`, with `t_y = 1` where y is None."""
        even = self.terms - self.terms % 2
        chances = _chances(self.d_x, self.d_y, self.terms)
        means = (chances[p][even - p] * x[p][0] * (y[even - p][0] if y else 1) for p in range(even + 1))
        beyond = flint.arb(max(self.kernel.energy(self.terms + 1, BITS).upper(), flint.arb(0)))
        return beyond * sum(means, flint.arb(0)) * balls.unit_interval()


def _dot(weights: list[Ball], table: list[list[Ball]], column: int) -> Ball:
    """Return `sum_p weights_p table_p,column`, over as many p as there are weights."""
    return sum((w * table[p][column] for p, w in enumerate(weights)), flint.arb(0))


@lru_cache(maxsize=64)
def _moments(n: int, terms: int, degrees: int) -> list[list[Ball]]:
    """Return `E[t^p P_i(t)]`, rows p."""
    with balls.precision(BITS):
        return [[_rational(moment(p, i, n)) for i in range(degrees + 1)] for p in range(terms + 1)]


@lru_cache(maxsize=64)
def _chances(d_x: int, d_y: int, terms: int) -> list[list[Ball]]:
    """Return `binom(p+q, p) a^p b^q`, row p with q up to `terms - p`."""
    d = d_x + d_y
    with balls.precision(BITS):
        return [
            [
                balls.rational(Fraction(math.comb(p + q, p) * d_x**p * d_y**q, d ** (p + q)))
                for q in range(terms + 1 - p)
            ]
            for p in range(terms + 1)
        ]


def _rational(value: sp.Expr) -> Ball:
    return balls.rational(Fraction(int(value.p), int(value.q)))


@dataclass(frozen=True, kw_only=True)
class FiniteSizeLaw:
    """The law at N samples.  Raises ValueError where the kernel has no more modes than samples."""

    modes: Modes
    n: int

    @cached_property
    def ridge(self) -> Ball:
        """kap, the root of the balance, proved to lie in its ball by the signs of the balance at both its ends."""
        with balls.precision(BITS):
            middle = self._approximate_ridge()
            for bits in range(BITS - 16, 0, -2):
                width = flint.arb(2) ** -bits
                low, high = middle * (1 - width), middle * (1 + width)
                if self._learned_modes(low) > self.n > self._learned_modes(high):
                    return middle * (1 + width * flint.arb(0, 1))
            raise self._not_enclosed()

    def _approximate_ridge(self) -> Ball:
        """Return kap by halving an interval: the count of learned modes falls as the ridge grows."""
        modes = self.modes
        if not modes.rest > 0:
            count = sum(count for mode, count in modes.counts.items() if not modes.values[mode].contains(0))
            if count <= self.n:
                raise ValueError(f"N = {self.n}: the kernel has {count} modes, and needs more of them than samples")
        high = flint.arb(modes.total.mid()) / self.n
        low = high
        while not self._learned_modes(low) > self.n:
            if low < high * flint.arb(2) ** -BITS:  # too few degrees are counted, and the rest is not known so well
                raise self._not_enclosed()
            low /= 16
        for _ in range(BITS + 16):
            middle = flint.arb(((low + high) / 2).mid())
            low, high = (middle, high) if self._learned_modes(middle).mid() > self.n else (low, middle)
        return flint.arb(((low + high) / 2).mid())

    def _not_enclosed(self) -> ArithmeticError:
        return ArithmeticError(f"N = {self.n}: the balance could not be enclosed")

    def _learned_modes(self, ridge: Ball) -> Ball:
        """Return `sum B lambda / (lambda + kap)` over all modes, those beyond enclosed."""
        modes = self.modes
        known = (count * modes.values[m] / (modes.values[m] + ridge) for m, count in modes.counts.items())
        return sum(known, flint.arb(0)) + modes.rest * _between(1 / (modes.largest_beyond + ridge), 1 / ridge)

    @cached_property
    def unlearned(self) -> dict[Mode, Ball]:
        """`q_ij`."""
        with balls.precision(BITS):
            return {mode: self.ridge / (value + self.ridge) for mode, value in self.modes.values.items()}

    @cached_property
    def unlearned_beyond(self) -> Ball:
        """The `q` of the modes beyond, all of them."""
        with balls.precision(BITS):
            return _between(self.ridge / (self.modes.largest_beyond + self.ridge), flint.arb(1))

    @cached_property
    def gamma(self) -> Ball:
        """The mean alignment of the resampled query."""
        with balls.precision(BITS):
            return self._residual(0) / (self.n * self.ridge)

    def _residual(self, i: int) -> Ball:
        """Return `E[k_res(t_x) P_i(t_x)]`: of `on_x`, what is not learned."""
        modes = self.modes
        degrees = range(modes.degrees + 1 - i)
        in_y = [int(dimension(j, modes.d_y)) for j in degrees]
        known = sum((b * modes.values[i, j] for j, b in enumerate(in_y)), flint.arb(0))
        kept = sum((b * modes.values[i, j] * self.unlearned[i, j] for j, b in enumerate(in_y)), flint.arb(0))
        return kept + (modes.on_x[i] - known) * self.unlearned_beyond

    @cached_property
    def learned(self) -> Ball:
        """`r = sum B (1 - q)^2 / N`."""
        return self._overlap(self.modes.counts)

    @cached_property
    def learned_in_y(self) -> Ball:
        """`r_y`, the part of r in functions of y alone."""
        return self._overlap({(i, j): count for (i, j), count in self.modes.counts.items() if i == 0})

    def _overlap(self, counts: dict[Mode, int]) -> Ball:
        """Return `sum B (1 - q)^2 / N`; beyond, `B (1 - q)^2` is at most `B lambda / kap` times the largest `1 - q`."""
        with balls.precision(BITS):
            known = sum((count * _square(1 - self.unlearned[m]) for m, count in counts.items()), flint.arb(0))
            beyond = self.modes.rest / self.ridge * (1 - self.unlearned_beyond)
            return (known + flint.arb(max(beyond.upper(), flint.arb(0))) * balls.unit_interval()) / self.n

    @cached_property
    def variance(self) -> Ball:
        """Var F over samples, from the overlap of the fresh x with the old one and from the N - 1 other samples."""
        with balls.precision(BITS):
            return self.variance_of_query + self.variance_of_others

    @cached_property
    def variance_of_query(self) -> Ball:
        """`Var[k_res(t_x)] / D^2`, by Parseval's identity; the degrees of x beyond are left out."""
        with balls.precision(BITS):
            degrees = range(1, self.modes.degrees + 1)
            parts = (int(dimension(i, self.modes.d_x)) * _square(self._residual(i)) for i in degrees)
            return sum(parts, flint.arb(0)) / _square(self.n * self.ridge)

    @cached_property
    def variance_of_others(self) -> Ball:
        """`(r^2 + r_y^2 + 2 gamma^2 r^2 - 4 gamma r r_y) / (N (1 - r))`."""
        with balls.precision(BITS):
            g, r, r_y = self.gamma, self.learned, self.learned_in_y
            return (r * r + r_y * r_y + 2 * g * g * r * r - 4 * g * r * r_y) / (self.n * (1 - r))


def _square(ball: Ball) -> Ball:
    """Return the square as a product: the library's power goes through a logarithm, and gives nan at 0."""
    return ball * ball


def _between(low: Ball, high: Ball) -> Ball:
    """Return a ball that contains everything from `low` to `high`."""
    return low + (high - low) * balls.unit_interval()
