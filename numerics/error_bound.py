"""How far rounding can have moved what a trial reports: a bound, from the kernel matrix and the error of its entries.

Notation: `K` the kernel as given, `C` and `T` its columns at queries and tests, `f = K^-1 c`, `X` the computed inverse
with rows `x_i`, `a` the computed coefficients, `u` half the machine epsilon, and `g_n = n u / (1 - n u)`, which bounds
a sum of n products in any order.  The error of row i of the inverse, against any column, is bounded in three parts:

    |e_i^T (X - K^-1) c| <= A_i |f| + B_i sqrt(|c| |f|) + C_i |c| .

*From a residual*, whatever made X: `R = X K - I` gives `(X - K^-1) c = R f`, so A_i is the length of row i of R as
computed, plus what computing it can hide, `g_n |K|_F |x_i|` and u for the identity.

*From the factorisation* (Higham, Accuracy and Stability of Numerical Algorithms, Theorems 10.3 and 10.4, Section 14.2):
`L L^T = K + E` with `|E_ij| <= g sqrt(K_ii K_jj)`, so `|E| <= g tr K` and A_i = `g tr K |x_i|`; `Y = L^-1` has a
residual of length at most `g sqrt(tr K tr K^-1)`, which enters twice and meets `|L^T f| = sqrt(c^T f)`, so B_i is `2 g
sqrt(tr K tr X X_ii)`; and the product `Y^T Y` errs by `g sqrt(X_ii X_jj)`, so C_i is `g sqrt(X_ii tr X)`.  Here g is
`g_(n+2)`.

The inner product `x_i c` adds `g_n |x_i|` to C_i.  Coefficients have a residual of their own, `r = G - K a`, which is
computed; a misses by `K^-1 r`, and an output `c^T a` by `f^T r`.  A kernel whose entries err by `h sqrt(K_ii K_jj)`
adds `h tr K |x_i|` to A_i, `h tr K |a|` to r, and moves each column by `h sqrt(tr K max K_ii)`, if queries are as large
as samples.  All of this is of first order; lengths known to a share `t`, the largest of `(A_i / l + B_i / sqrt(l) +
C_i) / |x_i|` with `l` the smallest eigenvalue, cost a factor `1 / (1 - t)^2`.  For `t >= 1` nothing is known.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .elementwise import Array

UNIT = float(np.finfo(float).eps) / 2
"""The unit roundoff `u`."""


@dataclass(frozen=True, kw_only=True)
class ErrorBound:
    """The largest error of each array that `numerics.leave_one_out` returns; infinite where nothing is known."""

    alignments: float
    stabilities: float
    on_queries: float
    on_tests: float
    tests_without: float

    @property
    def known(self) -> bool:
        """Whether anything is known."""
        return bool(np.isfinite(self.alignments))


NOTHING_KNOWN = ErrorBound(
    alignments=np.inf, stabilities=np.inf, on_queries=np.inf, on_tests=np.inf, tests_without=np.inf
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Matrix:
    """What the bound asks of `K` and of `X`: traces, the smallest eigenvalue, and by row X_ii and |x_i|."""

    trace: float
    largest_entry: float
    smallest_eigenvalue: float
    diagonal: Array
    lengths: Array


@dataclass(frozen=True, kw_only=True, eq=False)
class Columns:
    """Lengths of columns: `|c|` and `|f|`, one for each, or one that bounds all."""

    given: Array
    solved: Array


def lengths(given: Array, solved: Array) -> Columns:
    """Return the lengths of the columns of C and of `K^-1 C`."""
    return Columns(given=np.linalg.norm(given, axis=0), solved=np.linalg.norm(solved, axis=0))


@dataclass(frozen=True, kw_only=True, eq=False)
class Solved:
    """What was computed with X: coefficients a and stabilities, and the largest entry of `K^-1 T`.

    `residual` is `max |K a - G|` as computed, and `scale` is `max |G|`.
    """

    queries: Columns
    tests: Columns
    at_tests: float
    coefficients: Array
    stabilities: Array
    residual: float
    scale: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Rows:
    """A_i, B_i and C_i, and what a column's own error adds."""

    solved: Array
    mixed: Array
    given: Array
    column: Array

    def against(self, columns: Columns) -> Array:
        """Return the bound for each row, against the worst of the columns."""
        f, c = columns.solved.max(initial=0), columns.given.max(initial=0)
        return np.asarray(self.solved * f + self.mixed * np.sqrt(c * f) + self.given * c + self.column)


def gather(n: int) -> float:
    """Return `g_n`."""
    return n * UNIT / (1 - n * UNIT)


def from_residual(matrix: Matrix, residuals: Array) -> Rows:
    """Return the error of the rows of an inverse from the lengths of the rows of `X K - I`, as computed."""
    # |K|_F <= tr K for a positive matrix
    hidden = gather(len(residuals)) * matrix.trace * matrix.lengths + UNIT
    nothing = np.zeros_like(residuals)
    return Rows(solved=residuals * (1 + gather(len(residuals))) + hidden, mixed=nothing, given=nothing, column=nothing)


def from_factor(matrix: Matrix) -> Rows:
    """Return the error of the rows of an inverse that LAPACK made from a Cholesky factor."""
    g, of_inverse = gather(len(matrix.diagonal) + 2), matrix.diagonal.sum()
    return Rows(
        solved=g * matrix.trace * matrix.lengths,
        mixed=2 * g * np.sqrt(matrix.trace * of_inverse * matrix.diagonal),
        given=g * np.sqrt(matrix.diagonal * of_inverse),
        column=np.zeros_like(matrix.diagonal),
    )


def bound(rows: Rows, matrix: Matrix, solved: Solved, *, entries: float) -> ErrorBound:
    """Return the bound for all that is reported; `entries` is h, 0 for a kernel that is exact as given."""
    queries, tests, coefficients, stabilities = solved.queries, solved.tests, solved.coefficients, solved.stabilities
    n, moved = len(coefficients), entries * np.sqrt(matrix.trace * matrix.largest_entry)
    rows = replace(
        rows,
        solved=rows.solved + entries * matrix.trace * matrix.lengths,
        given=rows.given + gather(n) * matrix.lengths,
        column=moved * matrix.lengths,
    )
    safe = _safety(rows, matrix)
    if not np.isfinite(safe):
        return NOTHING_KNOWN
    length = float(np.linalg.norm(coefficients))
    hidden = gather(n + 1) * (matrix.trace * length + np.sqrt(n) * solved.scale)
    left = np.sqrt(n) * solved.residual + hidden + entries * matrix.trace * length
    of_diagonal = safe * (rows.solved * matrix.lengths + rows.mixed * np.sqrt(matrix.lengths) + rows.given)
    if not (of_diagonal < matrix.diagonal).all():
        return NOTHING_KNOWN
    of_stability = (safe * matrix.lengths * left + np.abs(stabilities) * of_diagonal) / (matrix.diagonal - of_diagonal)
    of_stability += 4 * UNIT * np.abs(stabilities)
    of_f = safe * rows.against(tests)
    on_queries, on_tests = (
        safe * float((c.solved * left + (gather(n) * c.given + moved) * length).max(initial=0))
        for c in (queries, tests)
    )
    without = solved.at_tests * of_stability + (np.abs(stabilities) + of_stability) * of_f
    without += 4 * UNIT * solved.at_tests * np.abs(stabilities)
    return ErrorBound(
        alignments=float((safe * rows.against(queries)).max()),
        stabilities=float(of_stability.max()),
        on_queries=on_queries,
        on_tests=on_tests,
        # the sum `f(t) - F S` is rounded once, and is at most twice the larger of its parts
        tests_without=float(without.max()) * (1 + 4 * UNIT)
        + on_tests
        + 4 * UNIT * length * float(tests.given.max(initial=0)),
    )


def _safety(rows: Rows, matrix: Matrix) -> float:
    """Return `1 / (1 - t)^2`, or infinity; an eigenvalue as small as the error of eigenvalues is none."""
    least = matrix.smallest_eigenvalue - gather(len(matrix.lengths)) * matrix.trace
    if not least > 0:
        return float("inf")
    shares = (rows.solved / least + rows.mixed / np.sqrt(least) + rows.given) / matrix.lengths
    share = float(shares.max())
    return 1 / (1 - share) ** 2 if share < 1 else float("inf")
