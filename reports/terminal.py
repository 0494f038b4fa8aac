"""The terminal: colour where it is wanted, progress where somebody is looking."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from typing import TextIO

_CODES = {"good": "32", "bad": "1;31", "open": "33", "dim": "2"}
_CLEAR = "\r\x1b[K"
_BAR = 30

Paint = Callable[[str, str], str]
"""`(text, tone) -> text`, where the tone is `good`, `bad`, `open` or `dim`."""

Show = Callable[[str], None]


def painter(stream: TextIO) -> Paint:
    """Return what colours text for `stream`, or leaves it alone: no terminal, or nobody wants it (no-color.org)."""
    if not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return lambda text, _: text
    return lambda text, tone: f"\x1b[{_CODES[tone]}m{text}\x1b[0m"


@contextlib.contextmanager
def progress(*, quiet: bool, verbose: bool) -> Iterator[Show | None]:
    """Show progress on stderr: line by line if verbose, one changing line on a terminal, and else not at all."""
    if quiet:
        yield None
    elif verbose:
        yield lambda message: print(message, file=sys.stderr, flush=True)
    elif sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        try:
            yield _rewrite
        finally:
            _rewrite("")
    else:
        yield None


class Bar:
    """Progress as one line: a bar, the rate and the time left.

    What was done before the first call fills the bar, and says nothing of how long one trial takes.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun: tuple[int, float] | None = None

    def line(self, done: int, of: int) -> str:
        """Return the line for `done` of `of` trials, now."""
        now = self._clock()
        first, start = self._begun = self._begun or (done, now)
        filled = _BAR * done // of
        told = f"[{'#' * filled}{'.' * (_BAR - filled)}] {done} of {of} trials"
        if done == first or now <= start:
            return told
        rate = (done - first) / (now - start)
        left = round((of - done) / rate)
        return f"{told}, {rate:.3g} a second, {left // 3600}:{left // 60 % 60:02}:{left % 60:02} left"


def note(message: str) -> None:
    """Say one line on stderr, whether or not anybody is looking."""
    print(message, file=sys.stderr, flush=True)


def _rewrite(message: str) -> None:
    columns = shutil.get_terminal_size().columns
    sys.stderr.write(_CLEAR + message[: max(columns - 1, 0)])
    sys.stderr.flush()
