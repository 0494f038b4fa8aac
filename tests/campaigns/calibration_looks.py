"""Looks that follow looks: where more trials are drawn after some were seen, and what that does to the false alarms.

There are two such places.  `compare` draws a pilot of eight trials, takes from their spread how many there shall be,
and counts the pilot among them: the spread is then too small where the pilot's was, for it stopped the sampling.  And a
reader may repeat a run with more effort on the same seed, whose trials begin with those of the smaller run.  A claim's
own number of trials is fixed before the first is drawn, and so is a sweep's, resumed or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from unittest import mock

import numpy as np

from numerics import comparison
from numerics.elementwise import Array
from numerics.engine import Precision
from numerics.experiment import Effort, Observe
from numerics.measurement import Measurement
from numerics.prediction import Predicted
from numerics.randomness import stream
from theory.setting import Setting

from .calibration_cases import RANDOM, Case
from .calibration_rates import LEVELS, WRONGLY_OFF, Rate, refuted

MOST = 400
"""Trials at most, as `compare` has it by default."""
WANTED = (2.0, 3.0, 4.0, 6.0, 10.0)
"""Standard deviation of a trial over the standard error that is asked for; 1.21 times its square is what is drawn."""
LOOKS = len(LEVELS) * (len(WANTED) + 1)


@dataclass(frozen=True, kw_only=True)
class Look:
    """What was looked at again, and the rate at each level."""

    name: str
    rates: tuple[Rate, ...]
    promised: float
    """How often a level is looked at: the rate is at most so many times the level."""

    @property
    def target(self) -> str:
        """What is asked of the rates, in words."""
        most = "the level" if self.promised == 1 else f"{self.promised:g} times the level, once for each look"
        return f"at most {most}, tested as above"

    @property
    def met(self) -> bool:
        """Whether no rate is above, by an exact test with a chance of .05 for all looks together."""
        chance = WRONGLY_OFF / LOOKS
        pairs = zip(LEVELS, self.rates, strict=True)
        return not any(rate.above(min(1.0, self.promised * level), chance=chance) for level, rate in pairs)


def pilots(runs: int, seed: int) -> list[Look]:
    """Return how often `compare` rejects a true mean of Gaussian trials, for each error that may be asked of it."""
    return [_pilot(wanted, runs, seed) for wanted in WANTED]


def _pilot(wanted: float, runs: int, seed: int) -> Look:
    rng = stream(seed, cell=f"pilot {wanted}", trial=0)
    p = np.empty(runs)
    with mock.patch.object(comparison, "measure", lambda _, *, trials, seed: _measured(rows[seed % len(rows)], trials)):
        for run in range(runs):
            if run % 1000 == 0:
                rows = rng.standard_normal((1000, MOST))
            p[run] = comparison._hold(_predicted(RANDOM), error=1 / wanted, most=MOST, seed=run).p
    rates = tuple(Rate(alarms=int(np.sum(p < level)), tries=runs) for level in LEVELS)
    return Look(name=f"compare, some {max(comparison.PILOT, round(1.21 * wanted**2))} trials", rates=rates, promised=1)


def _measured(row: Array, trials: int) -> Measurement:
    """Return the mean of the first `trials` numbers with its standard error; of the rest nothing is known."""
    values = row[:trials]
    known = {"gamma": float(values.mean()), "gamma_se": float(values.std(ddof=1) / np.sqrt(trials)), "trials": trials}
    unknown = dict.fromkeys(Measurement.__dataclass_fields__, float("nan"))
    return Measurement(**unknown | known | {"precision": Precision.DOUBLE, "seed": 0})


def _predicted(setting: Setting) -> Predicted:
    """Return what says that the mean is zero."""
    unknown = dict.fromkeys(Predicted.__dataclass_fields__)
    return Predicted(**unknown | {"setting": setting, "gamma": 0.0})


def efforts(case: Case, seeds: Sequence[int], observe: Observe, *, trials: int) -> Look:
    """Return how often a true statement is refuted by any of a quick, a normal and a full run at one seed."""
    asked = replace(case.prediction, trials=trials)
    looks = [replace(case, prediction=asked, effort=effort) for effort in Effort]
    rates = []
    for level in LEVELS:
        alarms = sum(any(refuted(look, seed, level, observe) for look in looks) for seed in seeds)
        rates.append(Rate(alarms=alarms, tries=len(seeds)))
    sizes = ", ".join(str(look.trials) for look in looks)
    return Look(name=f"quick, normal and full effort ({sizes} trials)", rates=tuple(rates), promised=len(looks))
