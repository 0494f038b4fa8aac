"""Rows on spheres, where the theorems suppose them."""

from __future__ import annotations

import numpy as np

from .elementwise import Array


def to_sphere(rows: Array) -> Array:
    """Return the rows scaled to norm `sqrt(dimension)`; a row of zeros has no direction and is refused."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    if not norms.all():
        raise ValueError(f"row {int(np.argmin(norms))} is zero and cannot be normalised")
    return np.asarray(rows * (np.sqrt(rows.shape[1]) / norms))
