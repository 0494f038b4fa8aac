"""The law held against sampling, setting by setting: z-scores of means, ratios of spreads, and how many agree.

The number of trials follows from a pilot: as many as bring the standard error of the mean alignment to what was asked.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from theory.setting import Setting

from .measurement import Measurement, measure
from .prediction import Predicted, predict_all

PILOT = 8
FEWEST_SAMPLES = 50
"""From this N on the law's spread and accuracies are held to account: below, terms of order 1/N are seen."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One setting: what the law predicts and what was sampled."""

    predicted: Predicted
    measured: Measurement

    @property
    def setting(self) -> Setting:
        """The setting that was sampled."""
        return self.predicted.setting

    @property
    def z(self) -> float:
        """The deviation of the mean alignment in standard errors."""
        return (self.measured.gamma - self.predicted.gamma) / self.measured.gamma_se

    @property
    def spread_ratio(self) -> float:
        """Sampled standard deviation of F over the predicted one."""
        return self.measured.sd / self.predicted.sd

    @property
    def test_accuracy_off(self) -> float:
        """Sampled less predicted test accuracy."""
        return self.measured.test_accuracy - self.predicted.test_accuracy

    @property
    def spurious_accuracy_off(self) -> float:
        """Sampled less predicted spurious accuracy; NaN where none is predicted."""
        predicted = self.predicted.spurious_accuracy
        return math.nan if predicted is None else self.measured.spurious_accuracy - predicted


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What a whole design of settings says of the law."""

    settings: int
    within_four: float
    """Share of the settings whose mean lies within four standard errors."""
    rms_z: float
    largest_error: float
    """The largest standard error among the means."""


def compare(
    settings: Sequence[Setting],
    *,
    error: float,
    most: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> list[Comparison]:
    """Predict and sample each setting, to a standard error of `error` or with `most` trials, at least `PILOT`."""
    found = []
    for number, predicted in enumerate(predict_all(settings), start=1):
        pilot = measure(predicted.setting, trials=PILOT, seed=seed)
        wanted = math.ceil(PILOT * (1.1 * pilot.gamma_se / error) ** 2)  # a tenth more: the pilot's own error is noisy
        trials = max(PILOT, min(most, wanted))
        measured = pilot if trials == PILOT else measure(predicted.setting, trials=trials, seed=seed)
        found.append(Comparison(predicted=predicted, measured=measured))
        if progress is not None:
            progress(number, len(settings))
    return found


def summarise(rows: Sequence[Comparison]) -> Summary:
    """Return how the means agree over a design."""
    z = np.array([row.z for row in rows])
    return Summary(
        settings=len(rows),
        within_four=float(np.mean(np.abs(z) <= 4)),
        rms_z=float(np.sqrt(np.mean(z**2))),
        largest_error=max(row.measured.gamma_se for row in rows),
    )
