"""Random designs: settings drawn over kernels, activations, dimensions, sample sizes and all of alpha, from a seed."""

from __future__ import annotations

from collections.abc import Sequence

from theory.activations import CATALOGUE
from theory.setting import Kernel, Setting

from .prediction import predict
from .randomness import stream

DIMENSIONS = (30, 400)
SAMPLES = (10, 1000)
"""The upper end is what a design of twenty settings takes minutes for; `most` may raise it."""
MOST_LAYERS = 4
CONDITION = 1e-7
"""A kernel whose effective ridge is a smaller share of kappa(1) is singular in doubles, or next to it."""


def random_settings(
    count: int, *, seed: int, kernels: Sequence[Kernel] = tuple(Kernel), most: int = SAMPLES[1]
) -> list[Setting]:
    """Return `count` settings at infinite width: d uniform, N log-uniform, d_y uniform over 1 ... d - 1, depth to 4.

    Each setting has a stream of its own, so a longer design begins with a shorter one.  A draw of which there is
    nothing to measure, as of a kernel with fewer modes than samples, is drawn again, and so is one whose F has tails
    too heavy for a test of means by Student's t (`numerics.prediction.HEAVY`).
    """
    return [_draw(seed, number, kernels, most) for number in range(count)]


def _draw(seed: int, number: int, kernels: Sequence[Kernel], most: int) -> Setting:
    rng = stream(seed, cell="design", trial=number)
    while True:
        d = int(rng.integers(DIMENSIONS[0], DIMENSIONS[1] + 1))
        n = round(SAMPLES[0] * (most / SAMPLES[0]) ** rng.random())
        kernel = kernels[int(rng.integers(len(kernels)))]
        activation = CATALOGUE[int(rng.integers(len(CATALOGUE)))]
        d_y = int(rng.integers(1, d))
        try:
            depth = int(rng.integers(1, MOST_LAYERS + 1)) if kernel.is_deep else None
            setting = Setting(kernel=kernel, activation=activation, d=d, d_y=d_y, n=n, depth=depth)
            predicted = predict(setting)
        except ValueError:
            continue
        if predicted.sd is not None and predicted.effective_ridge > CONDITION * predicted.energy:
            return setting
