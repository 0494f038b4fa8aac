"""A symmetric positive matrix `K` with its Cholesky factor, then its inverse, in the memory of `K` alone.

LAPACK writes the factor `L`, and later `K^-1`, into one triangle; the other keeps `K`, and its diagonal is kept apart.
So the largest problem is limited by one N x N array, and a residual is that of the matrix that was given.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg
from scipy.linalg import blas, lapack
from scipy.sparse.linalg import LinearOperator, eigsh

from .elementwise import Array

SMALL = 400
"""Up to this size the dense eigenvalues cost less than Lanczos iteration."""
TILE = 1024
"""Rows of the inverse that are unfolded at one time."""
ROUGH = 0.05
"""To which share a norm is found that only enters a bound."""
STRIP = 64
"""Columns that are turned into rows at one time."""


@dataclass(frozen=True, kw_only=True)
class Spectrum:
    """The extreme eigenvalues of a kernel matrix."""

    smallest: float
    largest: float

    @property
    def condition(self) -> float:
        """`lambda_max / lambda_min`."""
        return self.largest / self.smallest


class Factorised:
    """`K = L L^T`, written over `gram`, which must be C-contiguous; `invert` replaces `L` by `K^-1`."""

    def __init__(self, gram: Array) -> None:
        self._diagonal = gram.diagonal().copy()
        self._dense = dense_spectrum(gram) if len(gram) <= SMALL else None
        # LAPACK reads by columns: the lower triangle of the transposed view is the upper one of the array.
        self._work, failed = lapack.dpotrf(gram.T, lower=1, clean=0, overwrite_a=1)
        if failed:
            raise ValueError(f"the kernel is singular; {extremes(self._dense or dense_spectrum(self._original()))}")

    def solve(self, right: Array) -> Array:
        """Return `K^-1 right`, before `invert`."""
        return np.asarray(lapack.dpotrs(self._work, right, lower=1)[0])

    def times(self, vector: Array) -> Array:
        """Return `K v`."""
        other = self._work.diagonal().copy()
        np.fill_diagonal(self._work, self._diagonal)  # to subtract the other would cancel, if K is small
        product = blas.dsymv(1.0, self._work, vector, lower=0)
        np.fill_diagonal(self._work, other)
        return np.asarray(product)

    def invert(self) -> Inverse:
        """Return `K^-1`, in place of `L`, or raise ValueError if it cannot be trusted.

        A factorisation in floating point is that of a matrix about `N eps lambda_max` away, so a smallest eigenvalue
        below that may as well be zero.
        """
        self._work, _ = lapack.dpotri(self._work, lower=1, overwrite_c=1)
        found = self._dense or self._extreme()
        if not found.smallest > len(self._diagonal) * np.finfo(float).eps * found.largest:
            raise ValueError(f"the kernel is singular; {extremes(self._dense or dense_spectrum(self._original()))}")
        return Inverse(lower=self._work, spectrum=found)

    def _extreme(self) -> Spectrum:
        """Return the extreme eigenvalues to three digits, by Lanczos iteration on `K` and on `K^-1`."""
        n = len(self._diagonal)
        start = np.cos(np.arange(n) ** 2)  # any fixed vector with a share in every direction
        products = (self.times, lambda vector: blas.dsymv(1.0, self._work, vector, lower=1))
        high, low = (
            float(eigsh(operator, k=1, which="LA", v0=start, tol=1e-3, return_eigenvectors=False)[0])
            for operator in (LinearOperator((n, n), matvec=product, dtype=np.float64) for product in products)
        )
        return Spectrum(smallest=1 / low, largest=high)

    def _original(self) -> Array:
        upper = np.triu(self._work, 1)
        return np.asarray(upper + upper.T + np.diag(self._diagonal))


@dataclass(frozen=True, kw_only=True, eq=False)
class Inverse:
    """`K^-1`, in the lower triangle of `lower`; what the other triangle holds is of no concern here."""

    lower: Array
    spectrum: Spectrum

    @property
    def diagonal(self) -> Array:
        """`[K^-1]_ii`."""
        return np.asarray(self.lower.diagonal())

    def rows(self, start: int) -> Array:
        """Return up to `TILE` whole rows, from `start` on."""
        n = len(self.lower)
        stop = min(start + TILE, n)
        whole = np.empty((stop - start, n))
        whole[:, :start] = self.lower[start:stop, :start]
        for first in range(start, stop, STRIP):  # narrow strips: a column is read from the cache
            last = min(first + STRIP, stop)
            whole[first - start : last - start, first:] = self.lower[first:, first:last].T
            whole[last - start :, first:last] = self.lower[last:stop, first:last]
            corner = whole[first - start : last - start, first:last]
            corner[:] = np.triu(corner) + np.triu(corner, 1).T
        return whole


def norm_of_product(inverse: Inverse, columns: Array) -> float:
    """Return `|K^-1 C|_2` from above, which bounds every `|K^-1 c|`: all of it if small, else by Lanczos iteration."""
    if len(inverse.lower) <= SMALL:
        return float(np.linalg.norm(blas.dsymm(1.0, inverse.lower, columns, lower=1), axis=0).max(initial=0))

    def product(vector: Array) -> Array:
        return np.asarray(blas.dsymv(1.0, inverse.lower, vector, lower=1))

    def squared(vector: Array) -> Array:
        return np.asarray(columns.T @ product(product(columns @ vector)))

    count = columns.shape[1]
    operator = LinearOperator((count, count), matvec=squared, dtype=np.float64)
    start = np.cos(np.arange(count) ** 2)
    found = eigsh(operator, k=1, which="LA", v0=start, tol=ROUGH, return_eigenvectors=False)[0]
    return float(((1 + ROUGH) * max(found, 0)) ** 0.5)


def dense_spectrum(gram: Array) -> Spectrum:
    """Return the extreme eigenvalues, by computing all of them."""
    values = linalg.eigvalsh(gram)
    return Spectrum(smallest=float(values[0]), largest=float(values[-1]))


def extremes(found: Spectrum) -> str:
    """Return the words in which a singular matrix is refused."""
    relative = found.smallest / found.largest if found.largest > 0 else 0.0
    return f"its smallest eigenvalue is {found.smallest:.2e}, which is {relative:.1e} of the largest"
