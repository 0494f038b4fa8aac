"""How often true statements are refuted: `examine` at each seed, exact intervals, and tails by resampling.

A cell, a statement at a level, is off where its alarms are too many for the stated rate at a level of .05 over the
number of cells (Bonferroni).  Two thousand seeds do not resolve the rate of a claim, so beside them the same rule, on
means resampled from all trials of a statement, whose own mean is then exactly the truth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from numerics.elementwise import Array
from numerics.experiment import Observe, examine
from numerics.randomness import stream
from numerics.verification import FALSE_ALARM
from theory.claim import Test
from theory.evidence import Verdict

from .calibration_cases import Case, Table

LEVELS = (5e-2, 1e-2, 1e-3, FALSE_ALARM)
WRONGLY_OFF = 0.05
"""Chance that any of all cells is called off although every rate is what it says."""
BATCH = 1 << 22
"""Numbers that are resampled at a time."""

Counted = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def alarms(case: Case, seeds: Sequence[int], observe: Observe) -> Counted:
    """Return whether the statement is refuted, levels x seeds; what holds at a level is not asked at smaller ones."""
    found = np.zeros((len(LEVELS), len(seeds)), dtype=np.bool_)
    for column, seed in enumerate(seeds):
        for row, level in enumerate(LEVELS):
            found[row, column] = refuted(case, seed, level, observe)
            if not found[row, column]:
                break
    return found


def refuted(case: Case, seed: int, level: float, observe: Observe) -> bool:
    """Return whether the statement, which is true, is refuted at one seed."""
    evidence = examine(case.prediction, seed=seed, effort=case.effort, false_alarm=level, observe=observe)
    return evidence.verdict is Verdict.REFUTED


@dataclass(frozen=True, kw_only=True)
class Rate:
    """So many alarms in so many tries, and the exact interval of their rate at 95 % (Clopper and Pearson)."""

    alarms: int
    tries: int

    @property
    def interval(self) -> tuple[float, float]:
        """Both ends; of no tries, everything."""
        if not self.tries:
            return 0.0, 1.0
        exact = stats.binomtest(self.alarms, self.tries).proportion_ci(confidence_level=0.95, method="exact")
        return float(exact.low), float(exact.high)

    def above(self, rate: float, *, chance: float) -> bool:
        """Return whether so many alarms, or more, have less than `chance` at `rate`."""
        return float(stats.binom.sf(self.alarms - 1, self.tries, rate)) < chance

    def __str__(self) -> str:
        if not self.tries:
            return "no such run"
        low, high = self.interval
        return f"{self.alarms / self.tries:.2g} ({low:.2g} to {high:.2g})"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One statement at one level."""

    case: Case
    level: float
    rate: Rate

    @property
    def allowed(self) -> float:
        """The stated rate; where the truth is a reference, what the rule gives two of its errors away."""
        if not self.case.shift:
            return self.level
        dof, both = self.case.trials - 1, self.case.prediction.test is Test.EQUAL
        margin = stats.t.isf(self.level / (2 if both else 1), dof)
        wrong_way = stats.nct.cdf(-margin, dof, self.case.shift) if both else 0.0
        return float(stats.nct.sf(margin, dof, self.case.shift) + wrong_way)


def cells(tried: Sequence[tuple[Case, Counted]]) -> list[Cell]:
    """Return every statement at every level."""
    return [
        Cell(case=case, level=level, rate=Rate(alarms=int(row.sum()), tries=row.size))
        for case, found in tried
        for level, row in zip(LEVELS, found, strict=True)
    ]


def off(found: Sequence[Cell]) -> list[Cell]:
    """Return the cells with too many alarms, one of which is found by chance alone once in twenty campaigns."""
    return [cell for cell in found if cell.rate.above(cell.allowed, chance=WRONGLY_OFF / len(found))]


def pooled(tried: Sequence[tuple[Case, Counted]]) -> list[tuple[float, float]]:
    """Return the mean rate over all statements at each level, and its standard error; the unit is the seed."""
    each = np.mean([found for _, found in tried], axis=0)
    return [(float(row.mean()), float(row.std(ddof=1) / np.sqrt(row.size))) for row in each]


def any_alarm(tried: Sequence[tuple[Case, Counted]]) -> list[Rate]:
    """Return at each level how many seeds have an alarm in any statement."""
    each = np.any([found for _, found in tried], axis=0)
    return [Rate(alarms=int(row.sum()), tries=row.size) for row in each]


def resampled(case: Case, table: Table, *, tries: int, seed: int) -> list[Rate]:
    """Return the rate at each level of the t test of means of trials drawn with replacement, at their own mean."""
    (setting,) = case.prediction.settings
    population = table[setting, case.prediction.observable].ravel()
    rng = stream(seed, cell=case.name, trial=0)
    counts, done = np.zeros(len(LEVELS), dtype=np.int64), 0
    while done < tries:
        size = min(tries - done, BATCH // case.trials)
        counts += _refusals(case, rng.choice(population, size=(size, case.trials)), float(population.mean()))
        done += size
    return [Rate(alarms=int(count), tries=tries) for count in counts]


def _refusals(case: Case, sample: Array, truth: float) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    t = (sample.mean(axis=1) - truth) / (sample.std(axis=1, ddof=1) / np.sqrt(case.trials))
    wrong = {Test.EQUAL: np.abs(t), Test.AT_LEAST: -t, Test.AT_MOST: t}[case.prediction.test]
    sides = 2 if case.prediction.test is Test.EQUAL else 1
    return np.array([np.count_nonzero(wrong > stats.t.isf(level / sides, case.trials - 1)) for level in LEVELS])
