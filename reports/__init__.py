"""The command line and the reports.  Imports nothing heavy, so that `gammaphi --help` answers at once.

`plot` draws what the layers below return.
"""

from typing import TYPE_CHECKING

from theory.lazy import lazily

if TYPE_CHECKING:
    from .plots import plot

__all__ = ["plot"]

__getattr__ = lazily(__name__, {"plot": "plots"})


def __dir__() -> list[str]:
    return __all__
