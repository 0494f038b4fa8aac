"""All N leave-one-out problems from one Cholesky factorisation `K = L L^T`.

With `M = L^-1` every quantity is a sum over whitened columns: the alignments `F(q_i, z_i) = [K^-1 k(Z, q_i)]_i =
<M e_i, M k(Z, q_i)>`, the inverse diagonal `[K^-1]_ii = |M e_i|^2`, and the stabilities `S_i(z_i) = [K^-1 G]_i /
[K^-1]_ii`, which are the leave-one-out residuals `g_i - f(z_i, theta*_-i)`.  O(N^3) in place of N refits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg
from scipy.sparse.linalg import LinearOperator, eigsh

from .elementwise import Array

SMALL = 400
"""Up to this size the dense eigenvalues cost less than Lanczos iteration."""


@dataclass(frozen=True, kw_only=True)
class Spectrum:
    """The extreme eigenvalues of a kernel matrix that is known to be invertible."""

    smallest: float
    largest: float

    @property
    def condition(self) -> float:
        """`lambda_max / lambda_min`."""
        return self.largest / self.smallest


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
    spectrum: Spectrum


def leave_one_out(gram: Array, *, queries: Array, tests: Array, labels: Array, parameters: float) -> LeaveOneOut:
    """Solve every leave-one-out problem of the interpolating model with `theta_0 = 0`.

    `gram` is N x N, `queries` N x N with `k(Z, q_i)` as column i, `tests` N x tests, `labels` N, and `parameters` the
    number of trained parameters (`Setting.parameters`).  Raises ValueError for NaN or infinity, for N >= `parameters`
    and for a singular kernel, stating the smallest eigenvalue.
    """
    for name, array in (("the kernel", gram), ("a query", queries), ("a test kernel", tests), ("a label", labels)):
        if not np.isfinite(array).all():
            raise ValueError(f"{name} holds NaN or infinity")
    lower, extremes = factorise(gram, parameters=parameters)
    whitener = linalg.solve_triangular(lower, np.eye(len(gram)), lower=True)
    coefficients = linalg.cho_solve((lower, True), labels)
    stabilities = coefficients / np.sum(whitener**2, axis=0)
    on_tests = tests.T @ coefficients
    residual = np.abs(gram @ coefficients - labels).max() / max(np.abs(labels).max(), np.finfo(float).tiny)
    return LeaveOneOut(
        alignments=np.sum(whitener * linalg.solve_triangular(lower, queries, lower=True), axis=0),
        stabilities=stabilities,
        on_queries=queries.T @ coefficients,
        on_tests=on_tests,
        tests_without=on_tests - linalg.cho_solve((lower, True), tests) * stabilities[:, None],
        training_residual=float(residual),
        spectrum=extremes,
    )


def alignments_at(gram: Array, cross: Array, *, parameters: float) -> Array:
    """Return `F(q, z_i) = [K^-1 k(Z, q)]_i` for every sample i and point q, N x points, from `cross = K(Z, Q)`."""
    lower, _ = factorise(gram, parameters=parameters)
    return np.asarray(linalg.cho_solve((lower, True), cross))


def factorise(gram: Array, *, parameters: float) -> tuple[Array, Spectrum]:
    """Return the lower Cholesky factor of `gram` and its spectrum, or raise ValueError if no inverse can be trusted.

    A factorisation in floating point is that of a matrix about `N eps lambda_max` away, so a smallest eigenvalue below
    that may as well be zero.
    """
    n = len(gram)
    if n >= parameters:
        raise ValueError(
            f"N = {n} samples need more than {n} parameters, and the model has {parameters:g}: the kernel is singular "
            f"or next to it; {_extremes(_dense_spectrum(gram))}"
        )
    try:
        lower = np.asarray(linalg.cholesky(gram, lower=True))
        found = _spectrum(gram, lower)
    except linalg.LinAlgError:
        lower, found = gram, _dense_spectrum(gram)
    if not found.smallest > n * np.finfo(float).eps * found.largest:
        # Only now is the dense decomposition worth its cost: the refusal is to state the eigenvalue itself.
        raise ValueError(f"the kernel is singular; {_extremes(_dense_spectrum(gram))}")
    return lower, found


def _spectrum(gram: Array, lower: Array) -> Spectrum:
    """Return the extreme eigenvalues to six digits, by Lanczos iteration on `K` and on `K^-1`."""
    n = len(gram)
    if n <= SMALL:
        return _dense_spectrum(gram)
    inverse = LinearOperator(gram.shape, matvec=lambda v: linalg.cho_solve((lower, True), v), dtype=gram.dtype)
    start = np.cos(np.arange(n) ** 2)  # any fixed vector with a share in every direction
    high, low = (
        float(eigsh(operator, k=1, which="LA", v0=start, tol=1e-6, return_eigenvectors=False)[0])
        for operator in (gram, inverse)
    )
    return Spectrum(smallest=1 / low, largest=high)


def _dense_spectrum(gram: Array) -> Spectrum:
    values = linalg.eigvalsh(gram)
    return Spectrum(smallest=float(values[0]), largest=float(values[-1]))


def _extremes(found: Spectrum) -> str:
    relative = found.smallest / found.largest if found.largest > 0 else 0.0
    return f"its smallest eigenvalue is {found.smallest:.2e}, which is {relative:.1e} of the largest"
