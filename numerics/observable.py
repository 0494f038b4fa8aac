"""A number that a trial gives, with what makes a prediction of it one that could fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from theory.scene import Scene
from theory.setting import Setting


@dataclass(frozen=True, kw_only=True)
class Observable:
    """A number for each trial, and what it means; `on_demand` if it is costly, or not defined at every setting."""

    name: str
    meaning: str
    function: Callable[[Any], float]
    """Of a trial of its kind."""
    of: type[Scene] = Setting
    """The kind of scene it is measured on."""
    on_demand: bool = False
    least: float = -100.0
    """Below it no mean lies that anybody has measured: a bound from below must be above it to say something."""
    most: float = 100.0
    """The same for a bound from above.  Labels have variance one, so a hundred is a model far worse than none."""
    scale: float = 1.0
    """How far it is from nothing learned to everything memorised; a deviation of a quarter of it is never a detail."""
    tolerance: float | None = None
    """Of an error: what rounding stays below, and an instance that is spoilt by one slip does not.  None: no error."""
