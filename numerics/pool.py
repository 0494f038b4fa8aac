r"""The alignment law at every N < M from one pool of M samples, with no eigenfunction and no training at size N.

Under a ridge delta, with `G = (K + delta I)^-1` on the pool, what the pool without sample i leaves of the kernel is

    k_-i(z, z_i) = [k(z, Z) G]_i / G_ii,    k_-i(z_i, z_i) = 1 / G_ii - delta = [K G]_ii / G_ii.

Sample size and ridge enter the law through kap alone, the root of `sum lambda / (lambda + kap) + delta / kap = M`, so a
ridge makes the pool unlearn as N samples without ridge do.  It is the one that leaves N degrees of freedom, and

    tr K G = N:    gamma(N) = mean_i k_-i(z_i^s, z_i) / k_-i(z_i, z_i),    kap = mean_i k_-i(z_i, z_i) / N.

Why the trace, and why the mean of ratios: let the features of sample j be `w_j` times those of a common law, with
unlearned energy D.  Then `1 / G_jj = delta + w_j^2 D`, the others enter through `tau = sum_j w_j^2 / (delta + w_j^2 D)`
alone, and `tau D = tr K G` whatever the weights; for N samples without ridge it is N.  The condition
`M - delta / kap = N` with `kap = mean_i (1 / G_ii) / M` is the same for equal weights only.  F is a ratio for each
sample, so its mean is a mean of ratios; as N rises to M it becomes the mean alignment of the pool itself.

The law is a heuristic of statistical physics (deterministic equivalent), not a theorem; it errs by the order of 1 / N.

References
    simon2023
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import brentq

from theory.growth import envelope
from theory.setting import Setting

from .data import draw, source
from .elementwise import Array
from .engine import DOUBLE
from .kernels import closed_dual, ingredients, kernels
from .plan import plan
from .randomness import Purpose, Streams
from .threads import threads

EPSILON = float(np.finfo(float).eps)


@dataclass(frozen=True, kw_only=True)
class PoolPoint:
    """The law at `n` samples: means over the pools, and the standard error of the mean alignment."""

    n: int
    gamma: float
    """Mean of `F(z_i^s, z_i)`."""
    gamma_se: float
    effective_ridge: float
    """kap."""
    ridge: float
    """delta, under which the pool counts as `n` samples."""


@dataclass(frozen=True, kw_only=True, eq=False)
class PoolModes:
    """The eigendecomposition `K = U s U^T` of a pool, as far as diagonals need it."""

    values: Array
    """s, M values in ascending order."""
    of_samples: Array
    """`U_ik^2`, M x M."""
    of_queries: Array
    """`U_ik [U^T k(Z, z_i^s)]_k`, M x M."""

    def ridge(self, n: int) -> float:
        """Return the delta with `tr K G = sum s / (s + delta) = n`.

        Raises ValueError where n is not below M, or the kernel has no n + 1 eigenvalues above rounding.
        """
        samples = len(self.values)
        if not 1 <= n < samples:
            raise ValueError(f"N = {n} is not between 1 and {samples - 1}, the sizes below a pool of {samples}")
        # n + 1 eigenvalues of at least s give n degrees of freedom at delta = s / n or above.  That bound shall exceed
        # the rounding of the decomposition, M eps s_max: then no eigenvalue that is noise has a say in G.
        least, largest = float(self.values[-n - 1]) / n, float(self.values[-1])
        if not least > samples * EPSILON * largest:
            raise ValueError(
                f"N = {n} is too many: eigenvalue {n + 1} of the kernel of the pool is {least * n:.2e}, which is "
                f"rounding beside the largest, {largest:.2e}"
            )

        def surplus(logarithm: float) -> float:
            return float(np.sum(self.values / (self.values + np.exp(logarithm)))) - n

        # Above, sum s / (s + delta) < sum s / delta.  A factor of two keeps rounding from closing the bracket.
        low, high = np.log(least / 2), np.log(2 * self.values.sum() / n)
        return float(np.exp(brentq(surplus, low, high, xtol=4 * EPSILON, rtol=4 * EPSILON)))

    def alignments(self, ridge: float) -> Array:
        """Return `k_-i(z_i^s, z_i) / k_-i(z_i, z_i) = [k(z_i^s, Z) G]_i / [K G]_ii` for every i."""
        return np.asarray(self.of_queries @ (1 / (self.values + ridge)) / self._leverages(ridge))

    def unlearned(self, ridge: float) -> Array:
        """Return `k_-i(z_i, z_i) = [K G]_ii / G_ii` for every i."""
        return np.asarray(self._leverages(ridge) / (self.of_samples @ (1 / (self.values + ridge))))

    def _leverages(self, ridge: float) -> Array:
        # A sum of positive terms, where 1 - delta G_ii would cancel for N far below M.
        return np.asarray(self.of_samples @ (self.values / (self.values + ridge)))


def pool_modes(gram: Array, queries: Array) -> PoolModes:
    """Return the modes of a pool from `gram = K(Z, Z)` and `queries`, M x M with `k(Z, z_i^s)` as column i.

    Raises ValueError for NaN or infinity, and for a sample whose features vanish, which has no alignment.
    """
    for name, array in (("the kernel", gram), ("a query", queries)):
        if not np.isfinite(array).all():
            raise ValueError(f"{name} holds NaN or infinity")
    if not np.diag(gram).all():
        raise ValueError(f"the kernel of sample {int(np.argmin(np.diag(gram)))} with itself is zero")
    values, vectors = np.linalg.eigh(gram)
    return PoolModes(values=values, of_samples=vectors**2, of_queries=vectors * (queries.T @ vectors))


def pool_law(setting: Setting, sizes: Sequence[int], *, pool: int, seed: int, pools: int = 20) -> tuple[PoolPoint, ...]:
    """Return the law at each of `sizes`, averaged over `pools` pools of `pool` samples, one eigendecomposition each.

    `setting.n` plays no part.  Pools of synthetic data, and the weights of a finite width, are independent of each
    other and of every trial of `numerics.measurement`, whatever the seed.  Of finite data (`digits`, `.npz`) each pool
    is a random split of them, and its fresh `x` come from what it leaves out: splits are independent, samples are
    shared between pools and with any trial, and the error bar is that of the mean over splits of these data, which says
    nothing of data that were never seen.  (The border of digits is noise, redrawn for each pool.)

    Raises ValueError for a size that is not below `pool`, fewer than two pools, a pool too large for the data, a kernel
    with too few eigenvalues, and an activation whose kernel is not shown to be finite.
    """
    # The bar is the spread of redrawn pools: a jackknife within one pool would need an eigendecomposition for each
    # sample, and its samples are dependent through K, whereas pools are trials like any other.
    if pools < 2:
        raise ValueError(f"{pools} pools have no standard error; at least two are needed")
    for function in ingredients(setting):
        envelope(function)
    try:
        plan(replace(setting, n=pool), engine=DOUBLE, tests=1).require()
    except ValueError as refused:
        raise ValueError(f"a pool of {pool}: {refused}") from refused
    with threads(pool):
        curves = np.array([_curve(replace(setting, n=pool), sizes, seed, trial) for trial in range(pools)])
    means, errors = curves.mean(axis=0), curves.std(axis=0, ddof=1) / np.sqrt(pools)
    return tuple(
        PoolPoint(n=n, gamma=gamma, gamma_se=gamma_se, effective_ridge=effective, ridge=ridge)
        for n, (gamma, effective, ridge), (gamma_se, _, _) in zip(sizes, means.tolist(), errors.tolist(), strict=True)
    )


def _curve(setting: Setting, sizes: Sequence[int], seed: int, trial: int) -> list[tuple[float, float, float]]:
    """Return gamma, kap and delta at each size, from one pool of `setting.n` samples."""
    modes = pool_modes(*_matrices(setting, seed, trial))
    ridges = [modes.ridge(n) for n in sizes]
    return [
        (float(modes.alignments(ridge).mean()), float(modes.unlearned(ridge).mean()) / n, ridge)
        for n, ridge in zip(sizes, ridges, strict=True)
    ]


def _matrices(setting: Setting, seed: int, trial: int) -> tuple[Array, Array]:
    """Return `K(Z, Z)` and `K(Z, Z^s)` of one pool.

    As in a trial, the cell leaves out activation and query, so that these are compared on the same draws.
    """
    cell = (
        f"pool {source(setting.data)} {setting.kernel} d={setting.d} d_y={setting.d_y} M={setting.n} k={setting.width}"
    )
    streams = Streams(seed=seed, cell=cell, trial=trial)
    try:
        drawn = draw(setting, streams=streams, tests=1)
    except ValueError as refused:
        raise ValueError(f"a pool of {setting.n}: {refused}") from refused
    matrices = kernels(
        setting,
        drawn.train.z,
        (drawn.queries(setting.query),),
        seeds=[streams.seeds(Purpose.WEIGHTS)],
        dual=closed_dual(setting) if setting.width is None else None,
    )
    return matrices.gram, matrices.cross[0]
