"""Dual kernels `E[phi(s u) phi(s' v)]`, `u` and `v` standard Gaussian of correlation `r`, for any two scales.

With `a_l(s) = E[phi(s g) h_l(g)]` (`h_l` orthonormal Hermite) the kernel is `sum_l a_l(s) a_l(s') r^l`; stopped after
degree L it errs by at most `|r|^(L+1) sqrt(tail_L(s) tail_L(s'))`, where `tail_L(s) = E[phi(s g)^2] - sum_(l<=L)
a_l(s)^2` (Cauchy-Schwarz).  The degree is chosen from that bound, and where none suffices the kernel is refused.

The integrals are Gauss-Legendre sums on short panels cut at the kinks of phi.  Each is computed on panels of two
lengths, which must agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from theory.activations import Activation

from .elementwise import Array, Elementwise, vectorise

DEGREES = 1024
"""Enough for ReLU at a correlation of .985, as images under one border have."""
TOLERANCE = 1e-10
"""Largest error of a kernel entry, relative to `sqrt(k(z, z) k(z', z'))`.

An entry-wise error e moves an alignment by at most about `N e k(z, z) / lambda_min`: at N = 4000 and an eigenvalue of a
hundredth of the diagonal, 4e-5, below the standard error (some 5e-4) of the longest runs foreseen.
"""
REACH = 18.0
"""Integrals stop here.  By Cramer's bound `|h_l(x)| e^(-x^2/2) <= 1.09 e^(-x^2/4)`, which is 7e-36 at 18."""
PANEL = 0.5
"""Panel length: `h_1024` turns by at most `sqrt(1024) / 2 = 16` radians on it, which 16 nodes integrate to rounding."""
NODES = 16
CHUNK = 256


@dataclass(frozen=True, kw_only=True, eq=False)
class Series:
    """`a_l(s)` (rows x degrees) and `E[phi(s g)^2]` (rows), one row for each scale, or one for all if they agree."""

    coefficients: Array
    power: Array

    @property
    def relative_tails(self) -> Array:
        """`tail_L(s) / E[phi(s g)^2]` for each L, the largest over the rows; never below its own rounding."""
        power = np.maximum(self.power, np.finfo(float).tiny)[:, None]
        energy = np.cumsum(self.coefficients**2, axis=1) / power
        tails: Array = np.maximum(1 - energy, DEGREES * np.finfo(float).eps).max(axis=0)
        return tails

    def rows(self, part: slice) -> Series:
        """Return the series of a part of the rows."""
        if len(self.power) == 1:
            return self
        return Series(coefficients=self.coefficients[part], power=self.power[part])


def series(activation: Activation, scales: Array) -> Series:
    """Expand `phi(s g)` at each of `scales`, all positive.

    Scales are rounded to twelve digits first, far below `TOLERANCE`, so that rows normalised up to rounding share one
    expansion.  Raises ValueError where the quadrature does not settle.
    """
    if not scales.min() > 0:
        raise ValueError("a sample of norm zero has no correlation with any other")
    distinct, which = np.unique(_twelve_digits(scales), return_inverse=True)
    expansion = _expansion(activation, tuple(map(float, distinct)))
    if len(distinct) == 1:
        return expansion
    return Series(coefficients=expansion.coefficients[which], power=expansion.power[which])


def _twelve_digits(scales: Array) -> Array:
    """Return `scales` rounded to twelve significant digits; near 1, where rows are normalised, twelve decimals."""
    exponents = np.floor(np.log10(scales) + 0.5)
    power = 10.0 ** np.clip(exponents, -300, 300)
    return np.asarray(np.round(scales / power, 12) * power)


@lru_cache(maxsize=4)
def _expansion(activation: Activation, scales: tuple[float, ...]) -> Series:
    distinct = np.array(scales)
    function = vectorise(activation.expr)
    cuts = [float(cut) for cut in activation.breakpoints]
    groups: Sequence[Array] = [distinct[i : i + 1] for i in range(len(distinct))]
    if not any(cuts):  # then `cut / s` is the same place at every scale, and so are the panels
        groups = [distinct[i : i + CHUNK] for i in range(0, len(distinct), CHUNK)]
    parts = [_expand(activation.name, function, cuts, group) for group in groups]
    return Series(
        coefficients=np.vstack([part.coefficients for part in parts]),
        power=np.concatenate([part.power for part in parts]),
    )


def correlate(left: Series, right: Series, correlations: Array) -> Array:
    """Return `sum_l a_l(s_i) a_l(s_j') r_ij^l` for correlations `r` (rows x columns) to within `TOLERANCE`.

    Raises ValueError where the truncation bound cannot be met: for correlations too close to one.
    """
    result = np.empty_like(correlations)
    tails = np.sqrt(left.relative_tails * right.relative_tails)
    b = right.coefficients
    for start in range(0, len(correlations), CHUNK):
        part = slice(start, start + CHUNK)
        r, a = correlations[part], left.rows(part).coefficients
        degree = _degree(float(np.abs(r).max()), tails)
        total = np.broadcast_to(np.outer(a[:, degree], b[:, degree]), r.shape).copy()
        for l in reversed(range(degree)):
            total *= r
            total += np.outer(a[:, l], b[:, l])
        result[part] = total
    return result


def _degree(largest: float, tails: Array) -> int:
    """Return the first degree at which the truncation bound meets `TOLERANCE`."""
    bounds = tails * largest ** np.arange(1, DEGREES + 2)
    met = bounds <= TOLERANCE
    if not met.any():
        raise ValueError(
            f"two samples have correlation {largest:.6f}: a Hermite series of degree {DEGREES} errs by up to "
            f"{bounds[-1]:.1e} of the diagonal there, over the tolerance of {TOLERANCE:.0e}"
        )
    return int(np.argmax(met))


def _expand(name: str, function: Elementwise, cuts: list[float], scales: Array) -> Series:
    """Expand at a few scales that share their panels, on panels of two lengths, and compare."""
    places = tuple(sorted({cut / float(scales[0]) for cut in cuts if abs(cut) < REACH * float(scales[0])}))
    coarse, fine = (_integrate(function, places, scales, panel) for panel in (PANEL, PANEL / 2))
    size = np.sqrt(fine.power)
    ends = function(np.outer(scales, [-REACH, REACH]))
    beyond = np.abs(ends).max(axis=1) * np.exp(-(REACH**2) / 4)
    moved = np.abs(coarse.coefficients - fine.coefficients).max(axis=1) + np.abs(np.sqrt(coarse.power) - size)
    unsettled = ~(moved + beyond <= TOLERANCE * size)  # so written that NaN counts as unsettled
    if unsettled.any():
        scale = float(scales[int(np.argmax(unsettled))])
        raise ValueError(f"{name}: the Hermite integrals at scale {scale:g} do not settle to {TOLERANCE:.0e}")
    return fine


def _integrate(function: Elementwise, cuts: tuple[float, ...], scales: Array, panel: float) -> Series:
    nodes, weights, basis = _rule(cuts, panel)
    values = function(np.outer(scales, nodes))
    return Series(coefficients=(values * weights) @ basis.T, power=(values**2) @ weights)


@lru_cache(maxsize=4)
def _rule(cuts: tuple[float, ...], panel: float) -> tuple[Array, Array, Array]:
    """Return nodes, Gaussian weights and `h_l` at the nodes (degrees x nodes)."""
    even = np.linspace(-REACH, REACH, round(2 * REACH / panel) + 1)
    edges = np.unique(np.concatenate([even, cuts]))
    inner, inner_weights = np.polynomial.legendre.leggauss(NODES)
    half = np.diff(edges)[:, None] / 2
    nodes = (edges[:-1, None] + half * (1 + inner)).ravel()
    weights = (half * inner_weights).ravel() * np.exp(-(nodes**2) / 2) / np.sqrt(2 * np.pi)
    basis = np.ones((DEGREES + 1, len(nodes)))
    basis[1] = nodes
    for l in range(1, DEGREES):
        basis[l + 1] = (nodes * basis[l] - np.sqrt(l) * basis[l - 1]) / np.sqrt(l + 1)
    return nodes, weights, basis
