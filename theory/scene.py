"""What the trials of a measurement are drawn from, whatever is measured there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar, Self


class Scene(ABC):
    """A model with all its numbers: a frozen dataclass, told apart by its fields, from which a seed draws trials.

    `theory.setting.Setting` is that of the core, samples seen through a kernel; each companion family has its own.
    """

    LOGARITHMIC: ClassVar[frozenset[str]] = frozenset()
    """The axes whose positive values are drawn on a logarithmic scale."""

    @abstractmethod
    def __str__(self) -> str:
        """Return what a reader needs to know to draw the same."""

    @abstractmethod
    def axes(self) -> dict[str, float]:
        """Return what a picture may have on its horizontal axis: the first that tells its scenes apart is taken."""

    def bare(self) -> Self:
        """Return the scene without the names that draw nothing: two scenes that draw the same become equal."""
        return self

    def at_any_size(self) -> Self:
        """Return the scene without the size at which a slip may show, though it does not where the claim is tried."""
        return self

    def slips(self) -> Iterator[tuple[str, Self]]:
        """Yield scenes that a hurried reader could take for this one, and how; what is said there is to be refuted."""
        yield from ()
