"""A kernel matrix taken apart: which of its eigenfunctions carry the label and the attribute, and how fast each learns.

With `K / N = sum_i lambda_i u_i u_i^T` gradient flow from zero on half the mean square loss has at time t learned the
share `1 - e^(-lambda_i t)` of what the labels have along `u_i`; descent with a step eta, `1 - (1 - eta lambda_i)^t`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from .elementwise import Array
from .threads import threads

FAINT = 1e-12
"""Eigenvalues below so much of the largest are rounding: in such a direction nothing is ever learned."""


@dataclass(frozen=True, kw_only=True, eq=False)
class KernelModes:
    """Eigenvalues of `K / N` above rounding, the largest first, and the eigenvectors, of length one, as columns."""

    values: Array
    vectors: Array

    def shares(self, direction: Array) -> Array:
        """Return `<u_i, direction>^2 / |direction|^2`; what they leave of one is never learned."""
        return np.asarray((self.vectors.T @ direction) ** 2 / (direction @ direction))

    def carrier(self, direction: Array) -> int:
        """Return the mode that has most of a direction, the first of several."""
        return int(np.argmax(self.shares(direction)))

    def overlap(self, direction: Array) -> float:
        """Return the cosine of a direction with the mode that has most of it."""
        return float(np.sqrt(self.shares(direction).max()))

    def learned(self, labels: Array, time: float) -> Array:
        """Return the outputs on the samples at a time of the gradient flow."""
        grown = -np.expm1(-self.values * time)
        return np.asarray(self.vectors @ (grown * (self.vectors.T @ labels)))

    @property
    def half_times(self) -> Array:
        """`ln 2 / lambda_i`, when half of each mode is learned."""
        return np.asarray(np.log(2) / self.values)


def kernel_modes(gram: Array) -> KernelModes:
    """Return the modes of a kernel matrix; ValueError where it is not finite, or zero."""
    with threads(len(gram)):
        return _known(*linalg.eigh(_finite(gram) / len(gram)))


def linear_modes(rows: Array) -> KernelModes:
    """Return the modes of `<x, x'> / d` without the matrix; ValueError where a row is not finite, or all are zero."""
    with threads(len(rows)):
        vectors, lengths, _ = linalg.svd(_finite(rows), full_matrices=False)
    return _known(lengths[::-1] ** 2 / rows.size, vectors[:, ::-1])


def _finite(found: Array) -> Array:
    if not np.isfinite(found).all():
        raise ValueError("the kernel of these samples is not finite: scale the data")
    return found


def _known(values: Array, vectors: Array) -> KernelModes:
    """Return the modes of ascending eigenvalues, without those that are rounding."""
    if not values[-1] > 0:
        raise ValueError("the kernel of these samples is zero: they have no feature")
    kept = values > FAINT * values[-1]
    return KernelModes(values=values[kept][::-1], vectors=vectors[:, kept][:, ::-1])
