"""How far the entries of a kernel may be off, relative to its diagonal: what `numerics.error_bound` calls h.

Finite width: features are sums of d products, then a function, and their products are summed block by block; each step
is right to so many roundings.  Infinite width: `kappa(rho)` at a `rho` of d products.  All Hermite coefficients of a
kernel are non-negative, so its slope is largest where `|rho|` is, and by convexity at most `(kappa(1) - kappa(rho)) /
(1 - rho)` there: that is where two samples nearly agree, and where the tangent kernel of relu, whose slope at 1 is
infinite, turns a rounding of 1e-16 into an error of 1e-8.  A Hermite series is right to its tolerance.

An error model and no theorem: that a function of NumPy or SciPy is right to a few roundings is supposed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from theory.setting import Kernel, Setting
from theory.sizes import network_of

from .dual_series import TOLERANCE
from .elementwise import Array
from .error_bound import UNIT
from .kernels import closed_dual, kernel_values, kernels
from .streaming import BLOCK, TILE

FUNCTION = 16
"""Roundings that a function of one number is allowed."""


def entry_error(setting: Setting, z: Array, queries: Sequence[Array]) -> float:
    """Return h for the kernel of one trial on the rows of `z` (N x d) and on each block of queries, in doubles."""
    products = (setting.d + FUNCTION) * UNIT
    if setting.width is not None:
        blocks = -(-setting.width // BLOCK)
        return float((min(setting.width, BLOCK) + blocks + 2) * UNIT + (2 + (setting.kernel is Kernel.NTK)) * products)
    lengths = [np.linalg.norm(rows, axis=-1) / np.sqrt(setting.d) for rows in (z, *queries)]
    uneven = max(float(np.abs(each**2 - 1).max()) for each in lengths)
    error = max(products * max(1.0, _slope(setting, z, q, products)) for q in (z, *queries) if q.any())
    return float(error + (0 if _closed(setting) and uneven < 1e-9 else TOLERANCE) + min(uneven, 1e-9))


def _closed(setting: Setting) -> bool:
    """Whether the kernel on normalised rows is evaluated by closed forms alone."""
    if setting.kernel.is_deep:
        return kernel_values(network_of(setting)) is not None
    return closed_dual(setting) is not None


def _slope(setting: Setting, z: Array, q: Array, least: float) -> float:
    """Return a bound for the slope of the kernel between `z` and `q`, relative to its diagonal."""
    i, j, largest = _closest(z, q, q is z)
    if largest < 0.5:  # a kernel bends no more there than the chord from 1/2 to 1 tells
        return 2.0
    rho = min(largest, 1 - least)  # what is nearer to 1 may be 1, and the reverse
    along = z[i] / np.linalg.norm(z[i])
    across = np.eye(1, len(along), int(np.argmin(np.abs(along))))[0]
    across -= across @ along * along
    other = np.linalg.norm(q[j]) * (rho * along + np.sqrt(1 - rho**2) * across / np.linalg.norm(across))
    gram = kernels(setting, np.stack([z[i], other]), (), dual=closed_dual(setting)).gram
    size = np.sqrt(gram[0, 0]) * np.sqrt(gram[1, 1])
    return float((size - gram[0, 1]) / size / (1 - rho)) if size > 0 else 1.0


def _closest(z: Array, q: Array, same: bool) -> tuple[int, int, float]:  # noqa: FBT001 - which of two cases, not a choice
    """Return the pair of largest `|rho|`, and that; of a sample with itself nothing is asked."""
    unit_z, unit_q = (rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-300) for rows in (z, q))
    best = (0, 0, 0.0)
    for start in range(0, len(z), TILE):
        rho = unit_z[start : start + TILE] @ unit_q.T
        if same:
            rho[np.arange(len(rho)), start + np.arange(len(rho))] = 0
        i, j = np.unravel_index(int(np.argmax(np.abs(rho))), rho.shape)
        if abs(rho[i, j]) > best[2]:
            best = start + int(i), int(j), float(abs(rho[i, j]))
    return best
