"""What a sweep is: cells in words and numbers, so many trials of each, one seed; and what one trial of it gave.

Plain data, so that the same text can be stored, sent to another machine and compared.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from theory.registry import find_activation
from theory.setting import Kernel, Query, Setting

from .engine import Precision
from .trials import TESTS


class Cell(NamedTuple):
    """A `Setting` in words and numbers; `activation` is a name of the catalogue or a formula in x."""

    kernel: str
    activation: str
    depth: int | None
    d: int
    d_y: int
    n: int
    width: int | None
    data: str
    query: str


NUMBERS = ("seed", "trials", "tests", "precision")
"""What a sweep is beside its cells."""


@lru_cache(maxsize=4096)
def setting_of(cell: Cell) -> Setting:
    """Return the setting that `cell` names; ValueError where there is none."""
    named = cell._replace(kernel=Kernel(cell.kernel), query=Query(cell.query))
    return Setting(**named._asdict() | {"activation": find_activation(cell.activation)})


def cell_of(setting: Setting) -> Cell:
    """Return the name of a setting, whose activation must be known by its name or be a formula."""
    values = {field: getattr(setting, field) for field in Cell._fields}
    return Cell(
        **values
        | {
            "kernel": str(setting.kernel),
            "activation": setting.activation.name,
            "query": str(setting.query),
        }
    )


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """Trials `0 .. trials - 1` of each cell, all under one seed, each with `tests` test points."""

    cells: tuple[Cell, ...]
    trials: int
    seed: int
    tests: int = TESTS
    precision: Precision = Precision.DOUBLE

    @property
    def total(self) -> int:
        """How many trials there are in all."""
        return len(self.cells) * self.trials

    def to_json(self) -> str:
        """Return the sweep as text in ASCII; equal sweeps, and no others, give equal texts."""
        cells = [cell._asdict() for cell in self.cells]
        return json.dumps({name: getattr(self, name) for name in NUMBERS} | {"cells": cells})

    @classmethod
    def from_json(cls, text: str) -> Sweep:
        """Return the sweep that `to_json` wrote; ValueError for any other text."""
        try:
            parts = json.loads(text)
            cells = tuple(Cell(**cell) for cell in parts["cells"])
            numbers = {name: parts[name] for name in NUMBERS} | {"precision": Precision(parts["precision"])}
            return cls(cells=cells, **numbers)
        except (ValueError, TypeError, KeyError) as strange:
            raise ValueError("this text is not a sweep") from strange


class Outcome(NamedTuple):
    """What trial `trial` of cell number `place` gave: `numbers` by name, or the `error` that stopped it."""

    place: int
    trial: int
    numbers: dict[str, float] | None
    error: str | None = None
