"""All N leave-one-out problems from one inverse of the kernel matrix.

The alignments are `F(q_i, z_i) = [K^-1 k(Z, q_i)]_i`, and the stabilities `S_i(z_i) = [K^-1 G]_i / [K^-1]_ii`, which
are the leave-one-out residuals `g_i - f(z_i, theta*_-i)`.  O(N^3) in place of N refits.  One kernel is worked on in the
memory that it has (`numerics.symmetric`); many small ones are inverted together (`numerics.stacked`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .elementwise import Array
from .error_bound import Columns, ErrorBound, Matrix, Solved, bound, from_factor, lengths
from .symmetric import TILE, Factorised, Inverse, Spectrum, dense_spectrum, extremes, norm_of_product

LEAST = 1e-120
"""Smallest kernel that is inverted: times the largest condition it is still within the range of doubles if squared."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LeaveOneOut:
    """What the kernel says about every sample left out in turn; arrays of length N unless noted."""

    alignments: Array
    """`F(q_i, z_i)`."""
    stabilities: Array
    """`S_i(z_i)`."""
    on_queries: Array
    """`f(q_i, theta*)`."""
    on_tests: Array
    """`f(t, theta*)` at each test point."""
    tests_without: Array
    """`f(t, theta*_-i)`, N x tests: by Lemma 4.1, `f(t, theta*) - F(t, z_i) S_i(z_i)`."""
    training_residual: float
    """`max |K a - G| / max |G|` for the solution `a`."""
    sensitivity: float
    """`max_i |K^-1 e_i|`: how far an error of the kernel can move an alignment."""
    spectrum: Spectrum
    errors: ErrorBound
    """How far rounding can have moved each of the arrays."""


def leave_one_out(
    gram: Array,
    *,
    queries: Array,
    tests: Array,
    labels: Array,
    parameters: float,
    entries: float = 0.0,
    overwrite: bool = False,
) -> LeaveOneOut:
    """Solve every leave-one-out problem of the interpolating model with `theta_0 = 0`.

    `gram` is N x N, `queries` N x N with `k(Z, q_i)` as column i, `tests` N x tests, `labels` N, and `parameters` the
    number of trained parameters (`Setting.parameters`); `entries` is the relative error of the kernel's entries, for
    `errors`; `overwrite` says that `gram` need not be kept.  Raises ValueError for NaN or infinity, a kernel near the
    ends of the range of doubles, N >= `parameters` and a singular kernel, stating the smallest eigenvalue.
    """
    require_finite(gram, queries, tests, labels)
    require_parameters(gram, parameters)
    trace, largest = float(np.trace(gram)), float(gram.diagonal().max())
    factorised = Factorised(gram if overwrite and gram.flags.c_contiguous else gram.copy(order="C"))
    coefficients = factorised.solve(labels)
    residual = float(np.abs(factorised.times(coefficients) - labels).max())
    inverse = factorised.invert()
    stabilities = coefficients / inverse.diagonal
    alignments, at_tests, of_rows = _aligned(inverse, queries, tests)
    on_tests = tests.T @ coefficients
    matrix = Matrix(
        trace=trace,
        largest_entry=largest,
        smallest_eigenvalue=inverse.spectrum.smallest,
        diagonal=inverse.diagonal,
        lengths=of_rows,
    )
    errors = bound(
        from_factor(matrix),
        matrix,
        Solved(
            queries=Columns(
                given=np.linalg.norm(queries, axis=0), solved=np.array([norm_of_product(inverse, queries)])
            ),
            tests=lengths(tests, at_tests),
            at_tests=float(np.abs(at_tests).max(initial=0)),
            coefficients=coefficients,
            stabilities=stabilities,
            residual=residual,
            scale=scale(labels),
        ),
        entries=entries,
    )
    at_tests *= -stabilities[:, None]
    at_tests += on_tests
    return LeaveOneOut(
        alignments=alignments,
        stabilities=stabilities,
        on_queries=queries.T @ coefficients,
        on_tests=on_tests,
        tests_without=at_tests,
        training_residual=residual / scale(labels),
        sensitivity=float(of_rows.max()),
        spectrum=inverse.spectrum,
        errors=errors,
    )


def alignments_at(gram: Array, cross: Array, *, parameters: float) -> Array:
    """Return `F(q, z_i) = [K^-1 k(Z, q)]_i` for every sample i and point q, N x points, from `cross = K(Z, Q)`."""
    require_parameters(gram, parameters)
    factorised = Factorised(gram.copy(order="C"))
    solved = factorised.solve(cross)
    factorised.invert()  # which refuses a singular kernel
    return solved


def require_finite(gram: Array, queries: Array, tests: Array, labels: Array) -> None:
    """Raise ValueError where one of the arrays holds NaN or infinity, or where an inverse of the kernel would."""
    for name, array in (("the kernel", gram), ("a query", queries), ("a test kernel", tests), ("a label", labels)):
        if not np.isfinite(array).all():
            raise ValueError(f"{name} holds NaN or infinity")
    largest = np.maximum(gram.max(axis=(-2, -1)), -gram.min(axis=(-2, -1)))  # no second array of its size
    strange = (largest > 0) & ((largest < LEAST) | (largest > 1 / LEAST))
    if strange.any():
        raise ValueError(
            f"the largest entry of the kernel is {largest[strange].flat[0]:.1e}, outside {LEAST:.0e} to "
            f"{1 / LEAST:.0e}, where squares of it and of its inverse can be formed: scale the data"
        )


def require_parameters(gram: Array, parameters: float) -> None:
    """Raise ValueError for a model of no more parameters than samples."""
    n = gram.shape[-1]
    if n >= parameters:
        raise ValueError(
            f"N = {n} samples need more than {n} parameters, and the model has {parameters:g}: the kernel is singular "
            f"or next to it; {extremes(dense_spectrum(gram.reshape(-1, n, n)[0]))}"
        )


def scale(labels: Array) -> float:
    """Return `max |G|`, or where that is zero the smallest number that can be divided by."""
    return float(max(np.abs(labels).max(), np.finfo(float).tiny))


def _aligned(inverse: Inverse, queries: Array, tests: Array) -> tuple[Array, Array, Array]:
    """Return `[K^-1 k(Z, q_i)]_i`, `K^-1 k(Z, t)` and `|K^-1 e_i|`, from a few rows of the inverse at a time."""
    alignments, lengths, at_tests = np.empty(len(queries)), np.empty(len(queries)), np.empty(tests.shape)
    for start in range(0, len(queries), TILE):
        rows = inverse.rows(start)
        part = slice(start, start + len(rows))
        alignments[part] = np.einsum("ij,ji->i", rows, queries[:, part])
        at_tests[part] = rows @ tests
        lengths[part] = np.linalg.norm(rows, axis=1)
    return alignments, at_tests, lengths
