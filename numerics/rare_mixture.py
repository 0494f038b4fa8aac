"""Ridge regression on a sample of the rare-pattern mixture, and what it does on fresh examples: the Monte Carlo.

The formulas of `theory.rare_ridge` play no part here: examples have as many coordinates as they have, the pattern lies
in a direction of its own, the fit is that of its sample, and an accuracy is a share of fresh examples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from theory.rare_scene import RareMixture

from .elementwise import Array
from .randomness import Purpose, Streams

CORE, PATTERN = np.array([3.0, 4.0]) / 5, np.array([5.0, -12.0]) / 13
"""Directions of the core feature and of the pattern: along no coordinate, each in two of its own."""


@dataclass(frozen=True, kw_only=True)
class MixtureTrial:
    """One fit and its tests."""

    score: float
    """What stamping the pattern adds to the output: `w . x_sp`."""
    reliance: float
    """`w . x_sp / w . x_inv`."""
    clean_accuracy: float
    spurious_accuracy: float
    spurious_margin: float
    """Mean of `y f(x)` over the spurious examples, in the units of the labels."""


def mixture_trial(scene: RareMixture, seed: int, trial: int) -> MixtureTrial:
    """Return what one sample of `scene.n` examples teaches, tried on as many clean and as many spurious ones."""
    streams = Streams(seed=seed, cell=str(scene), trial=trial)
    x, y = _sample(scene, streams.of(Purpose.DATA), float(scene.share), noise=float(scene.noise))
    w, b = ridge(x, y, float(scene.ridge))
    clean, labels = _sample(scene, streams.of(Purpose.TEST), 0.0)
    spurious, _ = _spurious(scene, streams.of(Purpose.QUERIES))
    core, pattern = _features(scene)
    margins = -(spurious @ w + b)
    return MixtureTrial(
        score=float(w @ pattern),
        reliance=float(w @ pattern / (w @ core)),
        clean_accuracy=float(np.mean(labels * (clean @ w + b) > 0)),
        spurious_accuracy=float(np.mean(margins > 0)),
        spurious_margin=float(np.mean(margins)),
    )


def ridge(x: Array, y: Array, penalty: float) -> tuple[Array, float]:
    """Return `w, b` of least `mean (y - w.x - b)^2 + penalty |w|^2`, the bias not penalised."""
    middle = x.mean(axis=0)
    centred = x - middle
    w = np.linalg.solve(centred.T @ centred / len(x) + penalty * np.eye(x.shape[1]), centred.T @ y / len(x))
    return w, float(y.mean() - w @ middle)


def _features(scene: RareMixture) -> tuple[Array, Array]:
    core, pattern = float(scene.core) ** 0.5 * CORE, float(scene.pattern) ** 0.5 * PATTERN
    nothing = np.zeros(2)
    return np.concatenate([core, nothing]), np.concatenate([nothing, pattern])


def _sample(scene: RareMixture, rng: np.random.Generator, share: float, *, noise: float = 0.0) -> tuple[Array, Array]:
    """Return examples and labels, with the pattern on a share of the class +1."""
    y = rng.choice([-1.0, 1.0], scene.n)
    present = (y > 0) & (rng.random(scene.n) < share)
    core, pattern = _features(scene)
    return np.outer(y, core) + np.outer(present, pattern) + _noise(scene, rng, noise), y


def _spurious(scene: RareMixture, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return examples of the class -1 with the pattern."""
    core, pattern = _features(scene)
    return pattern - core + _noise(scene, rng), np.full(scene.n, -1.0)


def _noise(scene: RareMixture, rng: np.random.Generator, more: float = 0.0) -> Array:
    variances = np.repeat([float(scene.core_noise), float(scene.pattern_noise)], 2) + more
    return np.asarray(rng.standard_normal((scene.n, 4)) * np.sqrt(variances))
