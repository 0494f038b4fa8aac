"""A sweep for the terminal: what was run, and each cell beside the alignment law."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from pathlib import Path

from numerics.ledger import Contents
from numerics.plan import GIB
from numerics.sweep import Outcome, setting_of
from numerics.sweep_plan import SweepPlan
from numerics.sweep_summary import CellSummary

from .text import aligned
from .text_law import HEURISTIC

HEADS = ("setting", "trials", "failed", "alignment", "law", "test accuracy", "law", "spurious accuracy", "law")


def ran(contents: Contents, path: Path) -> str:
    """Return how many trials there are, which failed, and where they are."""
    cells = len(contents.sweep.cells)
    told = f"{len(contents.outcomes)} trials of {cells} {'cell' if cells == 1 else 'cells'} in {path}"
    return "\n".join([told, *failures(contents)]) + "\n"


def planned(found: SweepPlan, *, jobs: int) -> str:
    """Return how many trials there are, and what they would cost in operations, memory and time."""
    sweep = found.sweep
    work = [(name, f"{count:.2g}") for name, count in found.operations.items()]
    cells = f"{len(sweep.cells)} cells with {sweep.trials} trials each, {sweep.total} in all"
    minutes = f"about {found.minutes:.2g} minutes of work"
    memory = f"{sum(found.largest.memory.values()) / GIB:.2g} GiB for {found.largest.setting}"
    told = (
        f"{minutes} at the speed that one thread just had, {found.minutes / jobs:.2g} with {jobs} "
        f"{'process' if jobs == 1 else 'processes'}; beside this, small trials take a time of their own. "
        f"The largest trial takes {memory}."
    )
    refused = [f"does not fit: {line}" for line in found.refused]
    return "\n".join([cells, "", *aligned(("operations", ""), work), "", *textwrap.wrap(told, 100), *refused]) + "\n"


def shown(contents: Contents, cells: Sequence[CellSummary]) -> str:
    """Return the table of the cells, the trials that failed, and how to read it."""
    rows = [
        (
            str(cell.setting),
            f"{cell.done}/{cell.wanted}",
            str(cell.failed or "-"),
            *(
                text
                for key, (mean, error) in cell.means.items()
                for text in (_with_error(mean, error), _number(cell.law(key)))
            ),
        )
        for cell in cells
    ]
    told = f"Means over trials, with their standard errors; seed {contents.sweep.seed}. {HEURISTIC}"
    return "\n".join([*aligned(HEADS, rows), *failures(contents), "", *textwrap.wrap(told, 100)]) + "\n"


def failures(contents: Contents) -> list[str]:
    """Return a line for each cell of which trials failed, with the reason of the first."""
    cells: dict[int, list[Outcome]] = {}
    for outcome in contents.failed:
        cells.setdefault(outcome.place, []).append(outcome)
    return [
        f"failed: {setting_of(contents.sweep.cells[place])}: "
        f"{len(outcomes)} of its trials; trial {outcomes[0].trial}: {outcomes[0].error}"
        for place, outcomes in cells.items()
    ]


def _with_error(mean: float, error: float) -> str:
    return _number(mean) if math.isnan(error) else f"{_number(mean)} +- {error:.1g}"


def _number(value: float | None) -> str:
    return "-" if value is None or math.isnan(value) else f"{value:.5f}"
