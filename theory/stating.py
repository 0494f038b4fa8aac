"""Theory speaks before anything is measured: while a claims file is read, or states a value, nothing may be drawn.

A value that was measured, and is then compared with the same draws, would always agree.  What draws or measures asks
`require_silence` first; what runs a program of a claims file does so inside `stating`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_STATING: ContextVar[tuple[str, str] | None] = ContextVar("stating", default=None)


@contextmanager
def stating(who: str, what: str) -> Iterator[None]:
    """Run a program of a claims file: `who` it is, and `what` it is doing, as `while it states a value`.

    An end of the program would otherwise leave with the exit status of the file's choice, and no verdict.
    """
    token = _STATING.set((who, what))
    try:
        yield
    except SystemExit:
        raise ValueError(f"{who}: it ends the program {what}; a claim only states") from None
    finally:
        _STATING.reset(token)


def require_silence(verb: str) -> None:
    """Raise ValueError, naming the claim, if what is about to `draw` or `measure` was asked to by a statement."""
    found = _STATING.get()
    if found is not None:
        who, what = found
        raise ValueError(f"{who}: it {verb}s {what}; what theory says is known before anything is drawn")
