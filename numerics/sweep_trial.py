"""One trial of a sweep, run wherever it was sent: the same address gives the same bits."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import numpy as np
import scipy

from theory.setting import Setting

from .engine import Engine, Precision
from .observables import OBSERVABLES
from .sweep import Cell, Outcome, setting_of
from .threads import one_thread
from .trials import TESTS, Trial, run_trial

_CHEAP = tuple(name for name, each in OBSERVABLES.items() if each.of is Setting and not each.on_demand)
_OF_TRIAL = ("training_residual", "smallest_eigenvalue")
"""Fields of a trial that say how far its numbers can be trusted."""
QUANTITIES = (*(name.replace(" ", "_") for name in _CHEAP), *_OF_TRIAL)
"""What is kept of a trial, in the order of the tables."""

# Of a worker with several threads each would run a trial; but mpmath keeps its precision, and a BLAS its number of
# threads, for the whole process.
_ONE_AT_A_TIME = Lock()


class Task(NamedTuple):
    """A trial to be run: its place in the sweep, its address, and the versions that shall run it."""

    place: int
    trial: int
    cell: Cell
    seed: int
    versions: tuple[tuple[str, str], ...]
    tests: int = TESTS
    precision: str = Precision.DOUBLE


@cache
def versions() -> tuple[tuple[str, str], ...]:
    """Return what decides the bits of a number, with its version in this process.

    Ours is that of the code itself, which changes between releases too.
    """
    code = hashlib.sha256()
    for package in ("theory", "numerics"):
        for path in sorted((Path(__file__).parents[1] / package).rglob("*.py")):
            code.update(path.read_bytes())
    return ("gammaphi", f"code {code.hexdigest()[:12]}"), ("numpy", np.__version__), ("scipy", scipy.__version__)


def run_task(task: Task) -> Outcome:
    """Return `task` done; a trial that its data or its kernel forbid is an outcome too, with the reason.

    Raises ChildProcessError where this process has other versions than the one that asks.
    """
    for (package, wanted), (_, here) in zip(task.versions, versions(), strict=True):
        if here != wanted:
            raise ChildProcessError(f"a worker has {package} {here}, and {package} {wanted} is wanted")
    try:
        # One thread for every matrix, though a large one would be worth more: how a sum is shared out decides its last
        # bit, so a result would depend on the machine's cores, and on how many workers share them.  The cores are used
        # by running trials side by side.
        with _ONE_AT_A_TIME, one_thread():
            engine = Engine(precision=Precision(task.precision))
            ran = run_trial(setting_of(task.cell), seed=task.seed, trial=task.trial, tests=task.tests, engine=engine)
            return Outcome(task.place, task.trial, _reduced(ran))
    except (ValueError, MemoryError) as refused:
        why = f"not enough memory: {refused}" if isinstance(refused, MemoryError) else str(refused)
        return Outcome(task.place, task.trial, None, " ".join(why.split()))


def _reduced(trial: Trial) -> dict[str, float]:
    """Return the numbers that are kept, under `QUANTITIES`."""
    values = [OBSERVABLES[name].function(trial) for name in _CHEAP] + [getattr(trial, name) for name in _OF_TRIAL]
    return {name: float(value) for name, value in zip(QUANTITIES, values, strict=True)}
