"""Kernel matrices of random and of tangent features, `K(Z, Z)` and `K(Z, Q)`, at finite and at infinite width.

Random features (14): `k(z, z') = phi(V z)^T phi(V z') / k`.  Tangent features (24), by the Hadamard identity:
`k(z, z') = (z^T z' / d) phi'(W z)^T phi'(W z') / k`, which never forms the k d features.  The rows of `V` and `W` are
iid N(0, I/d), so at infinite width the sums become the expectations of `numerics.dual_series`.  The scale of a kernel
changes no prediction and no alignment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import sympy as sp

from theory.activations import Activation
from theory.kernels import random_features, tangent_features
from theory.setting import Kernel, Setting
from theory.symbols import rho

from .dual_series import correlate, series
from .elementwise import Array, Elementwise, vectorise

BLOCK = 512
"""Neurons whose features exist at one time."""
UNIT = 1e-9
"""Rows with `|z|^2 / d` this close to 1 count as normalised; a dual, as smooth as `rho` itself, errs by no more."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Kernels:
    """`gram = K(Z, Z)` (N x N, symmetric) and one `cross = K(Z, Q)` (N x queries) for each block of queries."""

    gram: Array
    cross: tuple[Array, ...]


def kernels(
    setting: Setting,
    z: Array,
    queries: Sequence[Array],
    *,
    rng: np.random.Generator,
    dual: sp.Expr | None = None,
    block: int = BLOCK,
) -> Kernels:
    """Return the kernel of `setting` on the rows of `z` (N x d) and between them and each block of `queries`.

    `rng` draws the weights, neuron by neuron, so `block` does not change them.  `dual`, a function of
    `theory.symbols.rho`, serves normalised rows at infinite width; without it, and for other rows, the Hermite series
    does.  Raises ValueError where an activation that jumps is asked for tangent features, and where the series fails.
    """
    if setting.width is None:
        return _infinite(setting, z, queries, dual)
    return _finite(setting, z, queries, rng=rng, block=block)


def closed_dual(setting: Setting) -> sp.Expr | None:
    """Return the kernel of `setting` on normalised rows as a function of `rho`, or None where no closed form is known.

    For tangent features this is `rho` times the dual of `phi'`.
    """
    return _closed_dual(setting.kernel, setting.activation)


@cache
def _closed_dual(kernel: Kernel, activation: Activation) -> sp.Expr | None:
    series = tangent_features(activation) if kernel is Kernel.NTK else random_features(activation)
    return series.dual


def feature(setting: Setting) -> Activation:
    """Return the activation whose products make the kernel: `phi` for random features, `phi'` for tangent ones."""
    return setting.activation.derivative if setting.kernel is Kernel.NTK else setting.activation


def _finite(setting: Setting, z: Array, queries: Sequence[Array], *, rng: np.random.Generator, block: int) -> Kernels:
    (n, d), width = z.shape, setting.width or 0
    function = vectorise(feature(setting).expr)
    points = np.vstack([z, *queries])
    total = np.zeros((n, len(points)))
    for start in range(0, width, block):
        weights = rng.standard_normal((min(block, width - start), d)) / np.sqrt(d)
        features = function(points @ weights.T)
        total += features[:n] @ features.T
    total /= width
    if setting.kernel is Kernel.NTK:
        total *= (z @ points.T) / d
    gram, *cross = np.split(total, np.cumsum([n, *map(len, queries)])[:-1], axis=1)
    return Kernels(gram=(gram + gram.T) / 2, cross=tuple(cross))


def _infinite(setting: Setting, z: Array, queries: Sequence[Array], dual: sp.Expr | None) -> Kernels:
    closed = None if dual is None else vectorise(dual, rho)
    gram = _expected(setting, z, z, closed)
    gram[np.diag_indices(len(z))] = _diagonal(setting, z)
    return Kernels(gram=(gram + gram.T) / 2, cross=tuple(_expected(setting, z, q, closed) for q in queries))


def _expected(setting: Setting, z: Array, q: Array, closed: Elementwise | None) -> Array:
    """Return `E[phi(v^T z) phi(v^T q)]`, times `z^T q / d` for tangent features; no Gram diagonal."""
    scale_z, scale_q = (np.linalg.norm(rows, axis=1) / np.sqrt(setting.d) for rows in (z, q))
    products = z @ q.T / setting.d
    if closed is not None and _unit(scale_z) and _unit(scale_q):
        return closed(np.clip(products, -1, 1))
    expansion = series(feature(setting), scale_z)
    other = expansion if q is z else series(feature(setting), scale_q)
    correlations = products / np.outer(scale_z, scale_q)
    if q is z:
        # A row has correlation one with itself, where the series converges worst: `_diagonal` does without it.
        np.fill_diagonal(correlations, 0)
    expected = correlate(expansion, other, correlations)
    return expected * products if setting.kernel is Kernel.NTK else expected


def _diagonal(setting: Setting, z: Array) -> Array:
    """Return `E[phi(s g)^2]`, times `s^2` for tangent features, at the scale `s = |z| / sqrt(d)` of each row."""
    scale = np.linalg.norm(z, axis=1) / np.sqrt(setting.d)
    power = series(feature(setting), scale).power
    return np.broadcast_to(power * scale**2 if setting.kernel is Kernel.NTK else power, scale.shape)


def _unit(scales: Array) -> bool:
    return bool(np.all(np.abs(scales**2 - 1) < UNIT))
