"""Samples with a label and an attribute that mostly agrees with it: Gaussian clusters, and digits with a patch."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from theory.cluster_scenes import ClusterScene

from .elementwise import Array
from .images import images_of
from .randomness import Purpose, Streams

PATCH = 2
"""Pixels of the patch: the first of the first row, which no digit reaches."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Clustered:
    """Rows `x` (N x d) with labels `y` and attributes `a`, each +1 or -1."""

    x: Array
    y: Array
    a: Array

    @property
    def aligned(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which rows have an attribute that agrees with their label."""
        return np.asarray(self.a == self.y)


def clusters(scene: ClusterScene, rng: np.random.Generator, rows: int, *, agreement: float | None = None) -> Clustered:
    """Draw `rows` samples of the four clusters, with another agreement than the scene's where one is given."""
    y = _signs(rng, rows)
    a = np.where(rng.random(rows) < (float(scene.agreement) if agreement is None else agreement), y, -y)
    deviations = np.where(a == y, *(np.sqrt(float(noise)) for noise in scene.noises))
    x = rng.standard_normal((rows, scene.d)) * deviations[:, None]
    x[:, 0] += float(scene.core) * y
    x[:, 1] += float(scene.shortcut) * a
    return Clustered(x=x, y=y, a=a)


def streams(scene: ClusterScene, seed: int, trial: int) -> Streams:
    """Return the streams of a trial; what learns from the samples is no part of their address."""
    return Streams(seed=seed, cell=f"clusters {scene.sample}", trial=trial)


def means(scene: ClusterScene) -> Array:
    """Return the means of the aligned and of the conflicting cluster with label +1 (2 x d)."""
    found = np.zeros((2, scene.d))
    found[:, 0] = float(scene.core)
    found[:, 1] = float(scene.shortcut), -float(scene.shortcut)
    return found


def patched_digits(
    agreement: Fraction, brightness: float, stream: Streams, *, train: int
) -> tuple[Clustered, Clustered]:
    """Return training and test digits, 1 and 7, whose patch in the corner is bright or dark as the attribute says.

    The attribute agrees with the label in a share `agreement` of the training set, and in half of the test set.
    Raises ValueError where nothing is left to test on, and where scikit-learn is missing.
    """
    images = images_of("digits")
    assert images is not None  # noqa: S101  (the name is that of a pool)
    x, y = images.load()
    if not 0 < train < len(y):
        raise ValueError(f"train = {train}: of {len(y)} digits some are to be trained on, and some tested on")
    order = stream.of(Purpose.DATA).permutation(len(y))
    drawn = stream.of(Purpose.QUERIES).random(len(y))
    agrees = drawn < np.where(np.arange(len(y)) < train, float(agreement), 0.5)
    rows, labels = x[order].copy(), y[order]
    a = np.where(agrees, labels, -labels)
    rows[:, :PATCH] = brightness * a[:, None]
    parts = (slice(0, train), slice(train, None))
    first, second = (Clustered(x=rows[part], y=labels[part], a=a[part]) for part in parts)
    return first, second


def _signs(rng: np.random.Generator, rows: int) -> Array:
    return np.where(rng.random(rows) < 0.5, 1.0, -1.0)
