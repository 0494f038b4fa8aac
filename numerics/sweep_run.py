"""Runs the trials of a sweep that its ledger lacks, on whatever workers there are."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import current_thread, main_thread

from . import ledger
from .sweep import Sweep
from .sweep_trial import QUANTITIES, Task, versions
from .sweep_workers import workers

Progress = Callable[[int, int], None]
"""`(trials done, trials in all)`, before the first trial and after each."""


def run_sweep(
    sweep: Sweep,
    path: Path,
    *,
    jobs: int = 1,
    scheduler: str | None = None,
    resume: bool = False,
    progress: Progress = lambda done, of: None,  # noqa: ARG005
) -> None:
    """Run every trial of `sweep` and write it to the ledger at `path`; of a ledger that is resumed, what is missing.

    A trial that failed is tried again when the sweep is resumed: a missing file may have come back, and a singular
    kernel fails again in the same words.  Whatever ends this early leaves a ledger to resume.

    Raises ValueError as `numerics.ledger.writing`, and OSError where workers or files are lost.
    """
    made_by = versions()
    origin = dict(made_by) | {"quantities": " ".join(QUANTITIES)}
    with (
        workers(min(jobs, sweep.total), scheduler) as perform,
        ledger.writing(path, sweep, origin, resume=resume) as (book, found),
        _interrupts() as raise_if_interrupted,
    ):
        kept = {(outcome.place, outcome.trial) for outcome in found.outcomes if outcome.error is None}
        # Trial by trial, not cell by cell: every cell has something to show early, and the time left is an honest one.
        missing = [
            Task(place, trial, cell, sweep.seed, made_by, sweep.tests, sweep.precision)
            for trial in range(sweep.trials)
            for place, cell in enumerate(sweep.cells)
            if (place, trial) not in kept
        ]
        done = sweep.total - len(missing)
        progress(done, sweep.total)
        for outcome in perform(missing):
            book.record(outcome)
            done += 1
            progress(done, sweep.total)
            raise_if_interrupted()


@contextmanager
def _interrupts() -> Iterator[Callable[[], None]]:
    """Give what raises KeyboardInterrupt once Ctrl-C was pressed.

    Python raises it wherever it is, and where that is a destructor, of which a client of Dask has many, it is lost.
    """
    pressed = []

    def press(number: int, _: object) -> None:
        pressed.append(number)
        raise KeyboardInterrupt

    def raise_if_pressed() -> None:
        if pressed:
            raise KeyboardInterrupt

    # not where Ctrl-C is ignored, or somebody else's to handle
    ours = current_thread() is main_thread() and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if ours:
        signal.signal(signal.SIGINT, press)
    try:
        yield raise_if_pressed
    finally:
        if ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)
