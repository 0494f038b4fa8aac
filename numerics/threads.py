"""How many threads the linear algebra may use: one for small matrices, which two threads only slow down.

On two busy cores two threads took three times as long as one at N = 80, spinning for each other; from about a thousand
rows on, a factorisation is worth sharing.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from functools import cache

from threadpoolctl import ThreadpoolController

SHARED = 1000
"""Rows from which every available thread is used."""


def threads(rows: int) -> AbstractContextManager[object]:
    """Return a context in which matrices of `rows` rows are worked on by as many threads as they are worth."""
    return nullcontext() if rows >= SHARED else one_thread()


def one_thread() -> AbstractContextManager[object]:
    """Return a context in which every call of the linear algebra stays on the thread that makes it."""
    limited: AbstractContextManager[object] = _controller().limit(limits=1)
    return limited


def allowed() -> int:
    """Return how many threads the linear algebra may use now: what a caller has left of what the machine has."""
    return max((int(pool["num_threads"]) for pool in _controller().info()), default=1)


@cache
def _controller() -> ThreadpoolController:
    """Return the control of every BLAS that is loaded: NumPy and SciPy each bring their own."""
    return ThreadpoolController()
