"""A ledger, cell by cell: how many trials there are, what they say on average, and what the alignment law says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from theory.setting import Setting

from .ledger import Contents
from .prediction import Predicted, predict_all
from .sweep import Outcome, setting_of

SUMMARISED = {"gamma": "alignment", "test_accuracy": "test_accuracy", "spurious_accuracy": "spurious_accuracy"}
"""Quantities of a trial, by the key under which the law predicts them."""


@dataclass(frozen=True, kw_only=True)
class CellSummary:
    """One cell: of `wanted` trials, `done` are finished, `failed` of them with an error."""

    setting: Setting
    wanted: int
    done: int
    failed: int
    means: dict[str, tuple[float, float]]
    """Mean over trials and its standard error, by key; NaN where there are no trials, or one alone."""
    predicted: Predicted | None
    """What the law says there, None where it says nothing."""

    def law(self, key: str) -> float | None:
        """Return what the law says of one quantity."""
        return None if self.predicted is None else self.predicted.to_dict()[key]


def summarise(contents: Contents, *, law: bool = True) -> list[CellSummary]:
    """Return the summary of every cell, in the order of the sweep, with what the law says if that is wanted."""
    settings = [setting_of(cell) for cell in contents.sweep.cells]
    outcomes: list[list[Outcome]] = [[] for _ in settings]
    for outcome in contents.outcomes:
        outcomes[outcome.place].append(outcome)
    laws = _laws(settings) if law else [None] * len(settings)
    return [
        CellSummary(
            setting=setting,
            wanted=contents.sweep.trials,
            done=len(ran),
            failed=sum(outcome.error is not None for outcome in ran),
            means={key: _mean(ran, name) for key, name in SUMMARISED.items()},
            predicted=predicted,
        )
        for setting, ran, predicted in zip(settings, outcomes, laws, strict=True)
    ]


def _mean(outcomes: Sequence[Outcome], name: str) -> tuple[float, float]:
    values = np.array([outcome.number(name) for outcome in outcomes if outcome.numbers is not None])
    if len(values) < 2:
        return (float(values[0]) if len(values) else math.nan), math.nan
    return float(values.mean()), float(values.std(ddof=1) / math.sqrt(len(values)))


def _laws(settings: Sequence[Setting]) -> list[Predicted | None]:
    """Return what the law says of each setting; those that differ in N alone are asked for together."""
    found: dict[Setting, Predicted | None] = dict.fromkeys(settings)
    for family in dict.fromkeys(replace(setting, n=1) for setting in settings):
        members = [setting for setting in found if replace(setting, n=1) == family]
        try:
            found |= zip(members, predict_all(members), strict=True)
        except ValueError:  # other data than spheres, or a kernel that the law cannot evaluate
            continue
    return [found[setting] for setting in settings]
