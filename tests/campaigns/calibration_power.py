"""What a wrong statement meets: how often it is refuted, and how often it passes, against how wrong it is.

The same draws are held against values that are off by a multiple of the resolution.  Each resolution is the one that
the rule asks of a run whose trials spread as trials do, so that about half of all runs are strong enough: the hardest
case.  Promised is power .99 at the resolution to those alone, for no other run earns SAMPLED.  A one-sided statement is
asked for no resolution: of it all runs count, at the deviation that its rule prints.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from numerics.confidence import POWER, limit_test
from numerics.experiment import Effort, Observe, examine
from numerics.verification import FALSE_ALARM
from theory.claim import Prediction, Test
from theory.evidence import Curve, Picture, Verdict
from theory.setting import Setting

from .calibration_cases import Case, Table
from .calibration_rates import Rate

EFFECTS = (0.0, 0.4, 0.6, 0.8, 1.0, 1.2)
"""In units of the resolution."""
ONE_SIDED = (Test.AT_LEAST, Test.AT_MOST)
ONE_SIDED_POWER = 0.95
"""The shifted t of the rule gives .99; that the spread is an estimate costs a percent at 48 trials."""


@dataclass(frozen=True, kw_only=True)
class Power:
    """Verdicts on one statement: effects x seeds."""

    case: Case
    verdicts: np.ndarray[tuple[int, int], np.dtype[np.int64]]

    @property
    def strong(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """The seeds at which the true statement earned SAMPLED; of a one-sided one, all."""
        if self.case.prediction.test in ONE_SIDED:
            return np.ones(self.verdicts.shape[1], dtype=np.bool_)
        return np.asarray(self.verdicts[0] == Verdict.SAMPLED)

    @property
    def promised(self) -> float:
        """The power at the resolution."""
        return ONE_SIDED_POWER if self.case.prediction.test in ONE_SIDED else POWER

    def refuted(self, effect: float) -> Rate:
        """Return how many of the strong runs refute a statement that is off by `effect`."""
        row = self.verdicts[EFFECTS.index(effect)][self.strong]
        return Rate(alarms=int(np.sum(row == Verdict.REFUTED)), tries=row.size)

    def passed(self, effect: float) -> Rate:
        """Return how many of all runs let it pass."""
        row = self.verdicts[EFFECTS.index(effect)]
        return Rate(alarms=int(np.sum(row == Verdict.SAMPLED)), tries=row.size)

    def picture(self) -> Picture:
        """Return the curves."""
        strong = tuple(rate.alarms / max(rate.tries, 1) for rate in map(self.refuted, EFFECTS))
        everyone = tuple(float(np.mean(row == Verdict.REFUTED)) for row in self.verdicts)
        passing = tuple(rate.alarms / rate.tries for rate in map(self.passed, EFFECTS))
        return Picture(
            title=f"power: {self.case.name}",
            x_label="deviation / resolution",
            y_label="share of runs",
            curves=(
                Curve(label="refuted, of the runs that are strong enough", x=EFFECTS, y=strong),
                Curve(label="refuted, of all", x=EFFECTS, y=everyone, role="spread"),
                Curve(label="passed as SAMPLED, of all", x=EFFECTS, y=passing, role="rival"),
                Curve(label=f"{self.promised:g}", x=(0.0, EFFECTS[-1]), y=(self.promised,) * 2, role="law"),
            ),
        )


def power(case: Case, table: Table, seeds: Sequence[int], observe: Observe) -> Power:
    """Examine the statement at every effect and seed, at the false-alarm rate of a claim."""
    prediction = replace(case.prediction, trials=case.trials, resolution=_resolution(case, table))
    found = [[_verdict(prediction, effect, seed, observe) for seed in seeds] for effect in EFFECTS]
    return Power(case=case, verdicts=np.array(found))


def _verdict(prediction: Prediction, effect: float, seed: int, observe: Observe) -> Verdict:
    sign = -1 if prediction.test is Test.AT_MOST else 1  # the way that makes it false
    wrong = replace(prediction, value=_off(prediction.value, sign * effect * prediction.resolution))
    return examine(wrong, seed=seed, effort=Effort.NORMAL, false_alarm=FALSE_ALARM, observe=observe).verdict


def _off(value: Callable[[Setting], float], by: float) -> Callable[[Setting], float]:
    return lambda setting: value(setting) + by


def _resolution(case: Case, table: Table) -> float:
    """Return `(t_(1-a/2) + t_.99) se`, se that of most runs: from the spread of all trials, for a fit the median."""
    prediction, trials = case.prediction, case.trials
    values = [table[setting, prediction.observable] for setting in prediction.settings]
    if prediction.test is Test.LIMIT:
        sizes = [prediction.size(setting) for setting in prediction.settings]
        rule = {"sizes": sizes, "rate": prediction.rate, "value": 0.0, "false_alarm": FALSE_ALARM, "resolution": 1.0}
        error = float(np.median([limit_test(cells, **rule).error for cells in np.stack(values, axis=1)[:100]]))
        dof = len(values) * (trials - 1)  # at most: a fit that leans on one size has fewer, and fewer strong runs
    else:
        error, dof = float(values[0].std(ddof=1)) / trials**0.5, trials - 1
    sides = 1 if prediction.test in ONE_SIDED else 2
    return float(stats.t.ppf(1 - FALSE_ALARM / sides, dof) + stats.t.ppf(POWER, dof)) * error
