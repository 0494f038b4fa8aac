"""With what a trial is computed: array library, precision and memory; none of them changes what is computed.

Random numbers are drawn by NumPy on the host whatever the backend, so that backends agree to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .libraries import Library, library


class Precision(StrEnum):
    """Of the features and their products; what is summed over blocks of neurons, and every solve, is double in both."""

    DOUBLE = "double"
    MIXED = "mixed"

    @property
    def dtype(self) -> str:
        """The name of the type of the features."""
        return "float32" if self is Precision.MIXED else "float64"


@dataclass(frozen=True, kw_only=True)
class Engine:
    """A backend by name, a precision, and the bytes that a trial may use (None: what the machine has).

    Raises ValueError for a backend that is unknown or cannot be imported.
    """

    backend: str = "numpy"
    precision: Precision = Precision.DOUBLE
    memory: int | None = None

    def __post_init__(self) -> None:
        library(self.backend)

    @property
    def library(self) -> Library:
        """The backend itself."""
        return library(self.backend)


DOUBLE = Engine()
"""NumPy, double precision, all memory: what a trial is computed with unless something else is asked for."""
