"""Whether a trial fits into this machine: asked before it starts, for afterwards nobody is left to answer."""

from __future__ import annotations

import os

MATRICES = 8
"""Arrays of N x N doubles alive at once: kernel, queries, factor, its inverse, and the solver's copies (seen: the end
of 23 GiB at N = 20 000, where one is 3 GiB)."""


def require_memory(rows: int) -> None:
    """Raise ValueError, stating the need, for a problem of `rows` samples that exceeds the machine's memory."""
    need = MATRICES * 8 * rows**2
    if need > (have := _physical()):
        raise ValueError(
            f"N = {rows} needs about {need / 2**30:.0f} GiB for its matrices, and this machine has {have / 2**30:.0f}"
        )


def _physical() -> float:
    """Return the bytes of memory of this machine, or infinity where the system does not say."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE")) * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return float("inf")
