"""The law held against sampling, setting by setting: z-scores, ratios of spreads, and its rivals.

The number of trials follows from a pilot: as many as bring the standard error of the mean alignment to what was asked.
A p-value is that of Student's t over the trials; one for a whole design is the least of its settings times their number
(Bonferroni), which needs no independence.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import stats

from theory.setting import Query, Setting

from .measurement import Measurement, measure
from .prediction import Predicted, predict_all
from .rivals import rival_means, rival_spreads

PILOT = 8
PILOT_SEED = 1 << 64
"""Added to a seed, for draws of its own."""
FALSE_ALARM = 1e-3
"""Of a whole design: the law is rejected below, and so is a rival."""
ROUNDING = 1e-10
"""Of a prediction, whose cut-offs leave 1e-11 of the balance: a mean is not known better than that."""


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
        return self._deviation(self.predicted.gamma)

    @property
    def p(self) -> float:
        """The p-value of the law's mean."""
        return self._p_of_mean(self.predicted.gamma)

    @property
    def spread_p(self) -> float:
        """The p-value of the law's spread; NaN where none is predicted."""
        return self._p_of_spread(self.predicted.sd) if self.predicted.sd else math.nan

    @property
    def spread_ratio(self) -> float:
        """Sampled standard deviation of F over the predicted one; NaN where none is predicted."""
        return math.nan if not self.predicted.sd else self.measured.sd / self.predicted.sd

    @property
    def spread_error(self) -> float:
        """The standard error of `spread_ratio`."""
        return math.nan if not self.predicted.sd else self.measured.sd_se / self.predicted.sd

    @property
    def test_accuracy_off(self) -> float:
        """Sampled less predicted test accuracy; NaN where none is predicted."""
        return _off(self.measured.test_accuracy, self.predicted.test_accuracy)

    @property
    def spurious_accuracy_off(self) -> float:
        """Sampled less predicted spurious accuracy; NaN where none is predicted."""
        return _off(self.measured.spurious_accuracy, self.predicted.spurious_accuracy)

    @cached_property
    def rivals(self) -> dict[str, float]:
        """The p-value of each rival here; none for the query x = 0, of which no rival speaks."""
        if self.setting.query is Query.ZERO:
            return {}
        means = {name: self._p_of_mean(value) for name, value in rival_means(self.setting).items()}
        if self.setting.width is not None:  # the spread is known at infinite width only
            return means
        return means | {name: self._p_of_spread(value) for name, value in rival_spreads(self.setting).items()}

    def _p_of_mean(self, value: float) -> float:
        return self._p(self._deviation(value))

    def _deviation(self, value: float) -> float:
        """Return the sampled mean less `value` in standard errors; where trials do not vary, in units of rounding."""
        rounding = ROUNDING * max(abs(self.measured.gamma), abs(value))
        off = self.measured.gamma - value
        return off / max(self.measured.gamma_se, rounding) if off else 0.0

    def _p_of_spread(self, value: float) -> float:
        return self._p((self.measured.sd - value) / self.measured.sd_se if self.measured.sd_se else 0.0)

    def _p(self, z: float) -> float:
        return float(2 * stats.t.sf(abs(z), self.measured.trials - 1))


def _off(sampled: float, predicted: float | None) -> float:
    return math.nan if predicted is None else sampled - predicted


@dataclass(frozen=True, kw_only=True)
class RivalSummary:
    """How a rival fares over a design: where it is rejected, and the p-value of all settings together."""

    settings: int
    rejected: int
    p: float


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What a whole design of settings says of the law and of its rivals."""

    settings: int
    within_four: float
    """Share of the settings whose mean lies within four standard errors."""
    rms_z: float
    largest_error: float
    """The largest standard error among the means."""
    p: float
    spread_p: float
    """Of the spreads, which the law has to a few per cent only; NaN where none is predicted."""
    rivals: dict[str, RivalSummary]

    @property
    def rejected(self) -> bool:
        """Whether the means reject the law."""
        return self.p < FALSE_ALARM


def compare(
    settings: Sequence[Setting],
    *,
    error: float,
    most: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
    refused: Callable[[Setting, str], None] | None = None,
) -> list[Comparison]:
    """Predict and sample each setting, to a standard error of `error` or with `most` trials, at least `PILOT`.

    A setting that cannot be sampled, for its kernel is next to singular, is told to `refused` and left out; without
    that it raises ValueError.
    """
    found = []
    for number, predicted in enumerate(predict_all(settings), start=1):
        try:
            found.append(_hold(predicted, error=error, most=most, seed=seed))
        except ValueError as reason:
            if refused is None:
                raise
            refused(predicted.setting, str(reason))
        if progress is not None:
            progress(number, len(settings))
    return found


def _hold(predicted: Predicted, *, error: float, most: int, seed: int) -> Comparison:
    # The pilot is drawn apart and not counted: trials whose own spread stopped the sampling would make it look small.
    pilot = measure(predicted.setting, trials=PILOT, seed=seed + PILOT_SEED)
    wanted = math.ceil(PILOT * (1.1 * pilot.gamma_se / error) ** 2)  # a tenth more: the pilot's own error is noisy
    measured = measure(predicted.setting, trials=max(PILOT, min(most, wanted)), seed=seed)
    return Comparison(predicted=predicted, measured=measured)


def summarise(rows: Sequence[Comparison]) -> Summary:
    """Return how the means agree over a design, and which rivals its data reject."""
    z = np.array([row.z for row in rows])
    names = dict.fromkeys(name for row in rows for name in row.rivals)
    return Summary(
        settings=len(rows),
        within_four=float(np.mean(np.abs(z) <= 4)),
        rms_z=float(np.sqrt(np.mean(z**2))),
        largest_error=max(row.measured.gamma_se for row in rows),
        p=_together(row.p for row in rows),
        spread_p=_together(row.spread_p for row in rows if row.predicted.sd),
        rivals={name: _rival([row.rivals[name] for row in rows if name in row.rivals]) for name in names},
    )


def _rival(p: Sequence[float]) -> RivalSummary:
    rejected = sum(value * len(p) < FALSE_ALARM for value in p)
    return RivalSummary(settings=len(p), rejected=rejected, p=_together(p))


def _together(p: Iterable[float]) -> float:
    values = list(p)
    return min(1.0, len(values) * min(values)) if values else math.nan
