"""A pattern as one feature more, on explicit random or tangent features: identities of deletion against plain refits.

Every fit here is `theta = Phi^T (Phi Phi^T + lambda)^{-1} y` solved anew on the features that it is of; the short ways
of `numerics.block_deletion` are what it is held against.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from theory.rare_scene import StampedFeatures
from theory.setting import Setting

from . import refit
from .block_deletion import delete
from .data import draw
from .elementwise import Array
from .randomness import Purpose, Streams
from .threads import threads

QUERIES = 20


@dataclass(frozen=True, kw_only=True)
class FeatureTrial:
    """Errors of identities, each relative to the largest number that it is about, and what influence leaves."""

    deletion_error: float
    first_order_error: float
    """The same of what influence functions give in place of exact deletion."""
    law_error: float
    law_error_without_share: float
    """The same without the pattern's own share in the denominator."""
    leftover: float
    """Share of the pattern's weight that influence functions leave; NaN without a ridge."""
    leftover_error: float


def feature_trial(scene: StampedFeatures, seed: int, trial: int) -> FeatureTrial:
    """Return the errors on one draw of samples and weights."""
    with threads(scene.n):
        phi, queries, labels = _drawn(scene, Streams(seed=seed, cell=str(scene), trial=trial))
        block, ridge, size = np.arange(scene.block), float(scene.ridge), float(scene.pattern)
        stamped = _with_pattern(phi, size, on=scene.block)
        asked = _with_pattern(queries, size, on=QUERIES)
        found = delete(stamped @ stamped.T, stamped @ asked.T, labels, block=block, ridge=ridge)
        whole = fit(stamped, labels, ridge)
        rest = fit(stamped[scene.block :], labels[scene.block :], ridge)
        errors = labels[: scene.block] - stamped[: scene.block] @ rest
        scale = float(np.abs(asked @ whole).max())
        exact = max(np.abs(found.exact - asked @ rest).max(), np.abs(found.residuals - errors).max())
        law, without_share = pattern_law(phi, labels, block=scene.block, ridge=ridge, size=size)
        effect = size * float(whole[-1])
        leftover, leftover_error = _leftover(stamped, labels, whole, scene.block, ridge)
    return FeatureTrial(
        deletion_error=float(exact) / scale,
        first_order_error=float(np.abs(found.influence - asked @ rest).max()) / scale,
        law_error=abs(effect - law) / abs(effect),
        law_error_without_share=abs(effect - without_share) / abs(effect),
        leftover=leftover,
        leftover_error=leftover_error,
    )


def fit(phi: Array, labels: Array, ridge: float) -> Array:
    """Return `Phi^T (Phi Phi^T + ridge)^{-1} y`."""
    return np.asarray(phi.T @ np.linalg.solve(phi @ phi.T + ridge * np.eye(len(phi)), labels))


def pattern_law(phi: Array, labels: Array, *, block: int, ridge: float, size: float) -> tuple[float, float]:
    """Return `s^2 1.R e / (1 + s^2 1.R 1)` from the features without the pattern, and its numerator."""
    within = np.linalg.inv(phi @ phi.T + ridge * np.eye(len(phi)))[:block, :block]
    errors = labels[:block] - phi[:block] @ fit(phi[block:], labels[block:], ridge)
    numerator = size**2 * float((within @ errors).sum())
    return numerator / (1 + size**2 * float(within.sum())), numerator


def _leftover(phi: Array, labels: Array, whole: Array, block: int, ridge: float) -> tuple[float, float]:
    """Return what influence leaves of the last weight, and its distance from `1.Hr / 1.r`."""
    if ridge == 0:
        return float("nan"), float("nan")
    inverse = np.linalg.inv(phi.T @ phi + ridge * np.eye(phi.shape[1]))
    few = phi[:block]
    residual = labels[:block] - few @ whole
    left = float((whole - inverse @ few.T @ residual)[-1] / whole[-1])
    said = float((few @ inverse @ few.T @ residual).sum() / residual.sum())
    return left, abs(left - said)


def _with_pattern(phi: Array, size: float, *, on: int) -> Array:
    """Return the features with one more, of this size on the first rows and 0 on the others."""
    column = np.zeros((len(phi), 1))
    column[:on] = size
    return np.hstack([phi, column])


def _drawn(scene: StampedFeatures, streams: Streams) -> tuple[Array, Array, Array]:
    """Return features of samples and of queries, of mean square one in all, and the labels of the samples."""
    setting = Setting(kernel=scene.kernel, activation=scene.activation, d=scene.d, d_y=1, n=scene.n, width=scene.width)
    drawn = draw(setting, streams=streams, tests=QUERIES)
    rows = np.vstack([drawn.train.z, drawn.test.z])
    phi = refit.features(setting, rows, seeds=streams.seeds(Purpose.WEIGHTS)) / np.sqrt(setting.parameters)
    return phi[: scene.n], phi[scene.n :], drawn.train.g
