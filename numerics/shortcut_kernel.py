"""Kernels on rows of any length: `<x, x'> / d`, and those of the core, which are made for rows of `|x|^2 = d`.

Where phi is homogeneous, `phi(s x) = s phi(x)` for s > 0, so is each of its kernels in either row, and the closed form
on normalised rows serves all.  Another phi has a kernel off the sphere by its Hermite series, and none of depth.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import sympy as sp

from theory.activations import Activation
from theory.setting import Kernel, Setting
from theory.symbols import x as argument

from .elementwise import Array
from .kernels import UNIT, closed_dual, kernels

MOST_ROWS = 6000
"""Rows of a kernel matrix with all its eigenvectors: 600 MB, and some minutes."""


def kernel_matrix(
    rows: Array,
    at: Array | None = None,
    *,
    activation: Activation | None = None,
    kernel: Kernel = Kernel.NTK_DEEP,
    depth: int | None = 1,
) -> Array:
    """Return `k(x_i, x_j)`, or `k(x_i, q_j)` for the rows q of `at`; without an activation the kernel is linear.

    Raises ValueError for more rows than `MOST_ROWS`, for a row of zeros, and where the core knows no such kernel.
    """
    if len(rows) > MOST_ROWS:
        raise ValueError(f"{len(rows)} samples: at most {MOST_ROWS} have their kernel matrix taken apart")
    if activation is None:
        return np.asarray(rows @ (rows if at is None else at).T / rows.shape[1])
    d = rows.shape[1]
    if d < 2:
        raise ValueError("x has one column: the kernel of an activation needs two, for rows that differ in direction")
    # of a setting no more than the kernel is read here: how d is split, and what the data are called, plays no part
    setting = Setting(
        kernel=kernel, activation=activation, d=d, d_y=1, n=len(rows), depth=depth if kernel.is_deep else None
    )
    if not homogeneous(activation):
        if kernel.is_deep and not all(
            np.allclose(_lengths(q) ** 2, 1, rtol=0, atol=UNIT) for q in (rows, at) if q is not None
        ):
            raise ValueError(
                f"{kernel} of {activation.name} supposes |x|^2 = {d} for every row of {d} columns: scale the rows; of "
                "relu and its like, lines through the origin, they may have any length"
            )
        found = kernels(setting, rows, () if at is None else (at,), dual=closed_dual(setting))
        return found.gram if at is None else found.cross[0]
    z, lengths = _on_sphere(rows)
    queries, others = (z, lengths) if at is None else _on_sphere(at)
    found = kernels(setting, z, () if at is None else (queries,), dual=closed_dual(setting))
    return np.outer(lengths, others) * (found.gram if at is None else found.cross[0])


@cache
def homogeneous(activation: Activation) -> bool:
    """Whether `phi(s x) = s phi(x)` for every s > 0: lines through the origin, that meet there if anywhere."""
    slopes = [sp.diff(piece.expr, argument) for piece in activation.pieces]
    return set(activation.breakpoints) <= {sp.S.Zero} and all(
        not slope.free_symbols and sp.expand(piece.expr - slope * argument) == 0
        for piece, slope in zip(activation.pieces, slopes, strict=True)
    )


def _lengths(rows: Array) -> Array:
    return np.asarray(np.linalg.norm(rows, axis=1) / np.sqrt(rows.shape[1]))


def _on_sphere(rows: Array) -> tuple[Array, Array]:
    """Return the rows at `|x|^2 = d`, and what each was longer by."""
    lengths = _lengths(rows)
    if not lengths.all():
        raise ValueError(f"x holds zeros alone at row {int(np.argmin(lengths))}: it has no direction")
    return rows / lengths[:, None], lengths
