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
_LEAST = {"seed": 0, "trials": 1, "tests": 1}
MAX_PLACES = 40
"""Of a whole number in the text of a sweep."""


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
            cells = tuple(_cell(cell) for cell in parts["cells"])
            if not cells:
                raise ValueError("no cells")  # noqa: TRY301  (told as every other)
            numbers = {name: _whole(parts[name], least) for name, least in _LEAST.items()}
            return cls(cells=cells, precision=Precision(parts["precision"]), **numbers)
        except (ValueError, TypeError, KeyError, RecursionError) as strange:
            raise ValueError("this text is not a sweep") from strange


def _cell(fields: dict[str, object]) -> Cell:
    """Return a cell of JSON; ValueError or TypeError where a field is not of its type, or the sizes fit no setting."""
    cell = Cell(**fields)  # type: ignore[arg-type]  # what follows looks at each
    if cell.kernel not in list(Kernel) or cell.query not in list(Query):
        raise ValueError("no such kernel or query")
    if not isinstance(cell.activation, str) or not isinstance(cell.data, str):
        raise TypeError("not a text")
    for number in (cell.n, cell.width, cell.depth):
        if number is not None:
            _whole(number, 1)
    if _whole(cell.d_y, 1) >= _whole(cell.d, 2) or cell.n is None:
        raise ValueError("no such sizes")
    return cell


def _whole(value: object, least: int) -> int:
    if type(value) is not int or not least <= value < 10**MAX_PLACES:
        raise ValueError("not such a whole number")
    return value


class Outcome(NamedTuple):
    """What trial `trial` of cell number `place` gave: `numbers` by name, or the `error` that stopped it."""

    place: int
    trial: int
    numbers: dict[str, float] | None
    error: str | None = None

    def number(self, name: str) -> float | None:
        """Return one of the numbers, None where an error stopped the trial; ValueError where it is not kept."""
        if self.numbers is not None and name not in self.numbers:
            raise ValueError(f"trial {self.trial} of cell {self.place} holds no {name[:60]!a}")
        return None if self.numbers is None else self.numbers[name]
