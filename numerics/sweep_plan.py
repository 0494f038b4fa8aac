"""What a sweep will cost, before it starts: the plans of its trials, summed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from theory.setting import Setting

from .engine import Engine, Precision
from .images import images_of
from .plan import Plan, plan, speed
from .sweep import Sweep, setting_of
from .threads import one_thread


@dataclass(frozen=True, kw_only=True)
class SweepPlan:
    """The cost of all trials of a sweep, each of them on one thread."""

    sweep: Sweep
    operations: dict[str, float]
    """Of all trials, by what they are for."""
    minutes: float
    """Of all trials, one after another, at the speed that this machine showed."""
    largest: Plan
    """The trial that takes the most memory."""
    refused: tuple[str, ...]
    """A line for each cell whose trials do not fit."""


def plan_sweep(sweep: Sweep) -> SweepPlan:
    """Return the cost of a sweep at the speed of one thread, now."""
    engine = Engine(precision=sweep.precision)
    with one_thread():
        features = speed(sweep.precision)
        solving = features if sweep.precision is Precision.DOUBLE else speed(Precision.DOUBLE)
    settings = [setting_of(cell) for cell in sweep.cells]
    plans = [plan(setting, engine=engine, tests=_tests(setting, sweep.tests)) for setting in settings]
    operations: Counter[str] = Counter()
    for one in plans:
        operations.update(one.operations | {"inverse and solves": one.solving})
    return SweepPlan(
        sweep=sweep,
        operations={name: count * sweep.trials for name, count in operations.items()},
        minutes=sweep.trials * sum(one.minutes(features=features, solving=solving) for one in plans),
        largest=max(plans, key=lambda one: sum(one.memory.values())),
        refused=tuple(line for one in plans for line in _refusal(one)),
    )


def _tests(setting: Setting, tests: int) -> int:
    """Return how many test points a trial has: of images, all that are left over."""
    images = images_of(setting.data)
    return tests if images is None else len(images.load()[1]) - setting.n


def _refusal(one: Plan) -> list[str]:
    try:
        one.require()
    except ValueError as refused:
        return [f"{one.setting}: {refused}"]
    return []
