"""One hostile case under watch: what a reader made of it, in how much time and memory, and what it touched on the way.

A reader may give a value or refuse in one printable line.  Everything else is a fault, and so is what it must not do
meanwhile: run code, start a process, talk to a network, write a file, open one that it was not given.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import sysconfig
import traceback
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

SECONDS = 2.0
"""Of processor time, for one case."""
ROOM = 2**30
"""Bytes that a process may take beside what it had before the first case."""
LONGEST = 600
"""Characters of a refusal."""
LIBRARIES = tuple({sys.base_prefix, sys.prefix, *map(sysconfig.get_path, ("stdlib", "purelib", "platlib"))})
PACKAGES = tuple(str(Path(__file__).resolve().parents[2] / name) for name in ("theory", "numerics", "reports", "tests"))
FORBIDDEN = ("os.", "subprocess.", "socket.", "shutil.", "ctypes.", "pickle.", "webbrowser.", "urllib.", "tempfile.")
HARMLESS = {"os.listdir", "os.scandir"}
"""An import does these."""
LOADERS = {"pickle", "shelve", "ctypes", "runpy"}
"""Modules that make code of bytes; nobody who reads data needs them."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class HangError(BaseException):
    """The time of a case is over; no reader may catch this, so it is no Exception."""


class Watch:
    """Hears what Python is made to do while it is entered.

    An audit hook cannot be taken away again, so one is set for good and is deaf outside.  `ast.parse` is heard as the
    compilation of `<unknown>`; a module that is loaded late, as code of a file of a library.
    """

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.listening = False
        self.given: tuple[str, ...] = ()
        sys.addaudithook(self.hear)

    @contextmanager
    def over(self, *given: Path):
        """Listen; the files and folders `given` may be read."""
        self.heard, self.given, self.listening = [], tuple(map(str, given)), True
        try:
            yield self.heard
        finally:
            self.listening = False

    def hear(self, event: str, args: tuple) -> None:
        if not self.listening:
            return
        if event == "compile":
            self.note(event, args[1], sound=str(args[1]).startswith((*LIBRARIES, *PACKAGES, "<unknown>")))
        elif event == "exec":
            name = args[0].co_filename
            self.note(event, name, sound=name.startswith((*LIBRARIES, *PACKAGES, "<frozen")))
        elif event == "open":
            known = str(args[0]).startswith((*LIBRARIES, *PACKAGES, *self.given))
            self.note(event, args[0], sound=known and not args[2] & WRITING)
        elif event == "import":
            self.note(event, args[0], sound=args[0].partition(".")[0] not in LOADERS)
        elif event.startswith(FORBIDDEN):
            self.note(event, "", sound=event in HARMLESS)

    def note(self, event: str, what: object, *, sound: bool) -> None:
        if not sound:
            self.heard.append(f"{event} {what}".strip())


WATCH = Watch()


@contextmanager
def time_limit(seconds: float):
    """Raise `HangError` once so much time of this processor is spent."""

    def over(*_: object) -> None:
        raise HangError

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def limit_memory(room: int = ROOM) -> None:
    """Let this process have `room` more bytes, for good."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + room
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def fault(
    read: Callable[[], object],
    *,
    given: tuple[Path, ...] = (),
    refusals: tuple[type[Exception], ...] = (ValueError,),
    seconds: float = SECONDS,
) -> str | None:
    """Return what is wrong with the way `read` answers, in a few words, or None."""
    try:
        with WATCH.over(*given) as heard, time_limit(seconds):
            said = _refusal(read, refusals)
    except HangError:
        said = f"did not answer within {seconds:g} s"
    if heard:
        return f"did: {heard[0][:LONGEST]}"
    return said


def _refusal(read: Callable[[], object], refusals: tuple[type[Exception], ...]) -> str | None:
    """Return what is wrong with an answer or a refusal."""
    try:
        wrong = read()
    except refusals as refusal:
        line = str(refusal)
        if _wanted_memory(refusal):
            return f"wanted more than {ROOM >> 20} MiB, and said {line[:80]!a}"
        return None if line and line.isprintable() and len(line) <= LONGEST else f"said {line[:200]!a}"
    except Exception as error:  # noqa: BLE001  (whatever it is, it is a fault)
        return f"raised {type(error).__name__}: {str(error)[:200]!a}"
    return None if wrong is None else f"gave {wrong!s:.200}"


def _wanted_memory(refusal: BaseException | None) -> bool:
    """Whether a refusal came about by asking for too much; `ast.parse` says the same of parentheses it cannot count."""
    while refusal is not None:
        frames = traceback.extract_tb(refusal.__traceback__)
        if isinstance(refusal, MemoryError) and not (frames and Path(frames[-1].filename).name == "ast.py"):
            return True
        refusal = refusal.__cause__ or refusal.__context__
    return False
