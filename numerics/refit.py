"""The oracle: explicit features, explicit minimum-norm fits, and every quantity by its definition.

`theta* = theta_0 + Phi^+ (G - Phi theta_0)`; `S_i(z) = f(z, theta*) - f(z, theta*_-i)` (Definition 3.1), by fitting
twice; `F(z, z_i) = phi(z)^T Q phi(z_i) / |Q phi(z_i)|^2` with `Q = I - Phi_-i^+ Phi_-i`, the projector onto the
orthogonal complement of the span of the other samples.  Slow and obvious on purpose: a witness for
`numerics.leave_one_out`, with which it shares nothing.  Small sizes only.

The source text has the projector onto the span itself where `Q` stands; `alignment_as_printed` is that version.
"""

from __future__ import annotations

import numpy as np

from theory.setting import Kernel, Setting

from .elementwise import Array, vectorise
from .streaming import BLOCK, weights

MOST_ENTRIES = 20_000_000
"""Largest feature matrix that is formed, 160 MB."""


def features(setting: Setting, rows: Array, *, seeds: np.random.SeedSequence) -> Array:
    """Return `phi(V z)` or `z (x) phi'(W z)` for each row, rows x p, with the weights that `seeds` stand for.

    Raises ValueError at infinite width and where the features would fill more than `MOST_ENTRIES` numbers.
    """
    if setting.width is None:
        raise ValueError("infinitely many features cannot be formed: a refit needs a finite width")
    if len(rows) * setting.parameters > MOST_ENTRIES:
        raise ValueError(f"{len(rows)} rows of {setting.parameters:g} features are too many for an explicit refit")
    blocks = range(0, setting.width, BLOCK)
    drawn = [weights(seeds, block=block, width=setting.width, d=setting.d) for block in range(len(blocks))]
    neurons = np.vstack(drawn).astype(np.float64)
    if setting.kernel is Kernel.RF:
        return np.asarray(vectorise(setting.activation.expr)(rows @ neurons.T))
    slopes = vectorise(setting.activation.derivative.expr)(rows @ neurons.T)
    return np.asarray(np.einsum("ni,nj->nij", rows, slopes).reshape(len(rows), -1))


def minimum_norm_fit(phi: Array, labels: Array, start: Array) -> Array:
    """Return `theta* = theta_0 + Phi^+ (G - Phi theta_0)`, the limit of gradient descent from `theta_0 = start`."""
    return np.asarray(start + np.linalg.pinv(phi) @ (labels - phi @ start))


def stability(phi: Array, labels: Array, start: Array, *, without: int, at: Array) -> Array:
    """Return `S_i(z) = f(z, theta*) - f(z, theta*_-i)`, i = `without`, at the feature rows `at`."""
    fitted = minimum_norm_fit(phi, labels, start)
    refitted = minimum_norm_fit(np.delete(phi, without, axis=0), np.delete(labels, without), start)
    return np.asarray(at @ fitted - at @ refitted)


def alignment(phi: Array, *, of: int, at: Array) -> Array:
    """Return `F(z, z_i) = phi(z)^T Q phi(z_i) / |Q phi(z_i)|^2`, i = `of`, at the feature rows `at`."""
    return _ratio(phi[of] - _onto_others(phi, of), at)


def alignment_as_printed(phi: Array, *, of: int, at: Array) -> Array:
    """Return the same ratio with the projector onto the span of the others, as the source text prints it."""
    return _ratio(_onto_others(phi, of), at)


def _ratio(projected: Array, at: Array) -> Array:
    # A projector is symmetric, so phi(z)^T Q phi(z_i) is the product of phi(z) with the projected phi(z_i).
    return np.asarray(at @ projected / (projected @ projected))


def _onto_others(phi: Array, of: int) -> Array:
    """Return the projection of `phi(z_i)` onto the span of the features of the other samples."""
    others = np.delete(phi, of, axis=0)
    return np.asarray(np.linalg.pinv(others) @ (others @ phi[of]))
