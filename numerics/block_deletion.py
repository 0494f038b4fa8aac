"""A block of samples left out of kernel ridge regression: exactly, from one inverse, and to first order.

With `G = (K + lambda)^{-1}` and `alpha = G y`, exact deletion is `alpha_R - G_RS G_SS^{-1} alpha_S`, the residuals of
the fit without the block are `G_SS^{-1} alpha_S`, and the first order, influence, takes off `k(z, Z) G_S r` with `r =
lambda alpha_S`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from .elementwise import Array

Rows = np.ndarray[tuple[int], np.dtype[np.intp]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Deletion:
    """Outputs at the queries, with all samples, without the block, and with its influence taken off."""

    base: Array
    exact: Array
    influence: Array
    residuals: Array
    """`y_S - f_{-S}(S)`."""
    leverages: Array
    """The diagonal of `H = 1 - lambda G_SS`."""


def delete(gram: Array, cross: Array, labels: Array, *, block: Rows, ridge: float) -> Deletion:
    """Return what deleting the samples `block` does at the queries; `gram` is N x N, `cross = K(Z, Q)` N x queries.

    Raises ValueError where `K + ridge` is not positive definite, as it is not without ridge for a singular kernel.
    """
    try:
        factor = cho_factor(gram + ridge * np.eye(len(gram)), lower=True)
    except (np.linalg.LinAlgError, ValueError) as singular:
        raise ValueError(
            f"the kernel of {len(gram)} samples with ridge {ridge:g} is not positive definite: a larger ridge is needed"
        ) from singular
    coefficients = np.asarray(cho_solve(factor, labels))
    columns = np.asarray(cho_solve(factor, np.eye(len(gram))[:, block]))
    of_block = columns[block]
    residuals = np.asarray(np.linalg.solve(of_block, coefficients[block]), dtype=np.float64)
    base = cross.T @ coefficients
    seen = cross.T @ columns
    return Deletion(
        base=base,
        exact=base - seen @ residuals,  # on S the coefficients become alpha_S - G_SS G_SS^{-1} alpha_S = 0
        influence=base - ridge * seen @ coefficients[block],
        residuals=residuals,
        leverages=1 - ridge * np.diagonal(of_block),
    )
