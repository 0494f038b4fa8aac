"""A command in a process of its own that something is done to: limits, signals, clocks, calls of the system that fail.

The process is a fork of this one, so that hundreds of them do not wait for their imports; what is done to it is real.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reports.command_line import main

Act = Callable[[], None]
"""Done in the process before the command begins."""
LONGEST = 120.0
"""Seconds after which a process is taken for one that hangs."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a process ended: its exit status, less the number of a signal, and what it said."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def plain(self) -> bool:
        """Whether stderr is no traceback, and one line of ours where the command did not succeed."""
        lines = [line for line in self.err.splitlines() if line.strip()]
        return len(lines) <= 1 and all(line.startswith("gammaphi: ") for line in lines)


def run(
    argv: list[str], *, folder: Path, act: Act = lambda: None, kill: tuple[float, int] | None = None, out: str = ""
) -> Ended:
    """Run `gammaphi argv` in `folder`; `kill` is `(seconds after it began, signal)`, `out` a file for its stdout."""
    begun, said = os.pipe(), [tempfile.TemporaryFile() for _ in range(2)]  # noqa: SIM115 - closed below
    child = _fork()
    if child == 0:
        os.close(begun[0])
        where = os.open(out, os.O_WRONLY) if out else said[0].fileno()
        _be(argv, folder, act, begun[1], (where, said[1].fileno()))
    os.close(begun[1])
    os.read(begun[0], 1)
    os.close(begun[0])
    start = time.monotonic()
    if kill is not None:
        time.sleep(kill[0])
        os.kill(child, kill[1])
    code = _wait(child, start)
    texts = []
    for file in said:
        with file:
            file.seek(0)
            texts.append(file.read().decode())
    return Ended(code=code, out=texts[0], err=texts[1], seconds=time.monotonic() - start)


def _fork() -> int:
    with warnings.catch_warnings():  # of threads in the parent: those of BLAS, which knows about forks
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _wait(child: int, start: float) -> int:
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() - start > LONGEST:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return -999
        time.sleep(0.002)


def _be(argv: list[str], folder: Path, act: Act, begun: int, streams: tuple[int, int]) -> None:
    """Be the command: what this returns to is never reached."""
    code = 70
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for number, stream in enumerate(streams, start=1):
            os.dup2(stream, number)
        sys.stdout, sys.stderr = (io.TextIOWrapper(os.fdopen(n, "wb"), line_buffering=n == 2) for n in (1, 2))
        os.chdir(folder)
        act()
        os.write(begun, b"!")
        code = main(argv)
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001 - what Python itself would print
        with contextlib.suppress(BaseException):
            traceback.print_exc()
        code = 1
    finally:
        with contextlib.suppress(BaseException):
            sys.stderr.flush()
        os._exit(code)


def limited(kind: int, size: int) -> Act:
    """Return what limits a resource; files that grow too long are an error, not a signal."""

    def act() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(kind, (size, resource.getrlimit(kind)[1]))

    return act


def memory(room: int) -> Act:
    """Return what leaves `room` bytes of address space beyond what the process has."""

    def act() -> None:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limited(resource.RLIMIT_AS, pages * resource.getpagesize() + room)()

    return act


ERRORS: dict[str, Callable[[], BaseException]] = {
    "disk full": lambda: OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
    "read-only": lambda: OSError(errno.EROFS, os.strerror(errno.EROFS)),
    "broken disk": lambda: OSError(errno.EIO, os.strerror(errno.EIO)),
    "out of memory": lambda: MemoryError("no room"),
    "Ctrl-C": KeyboardInterrupt,
}
CODES = {"out of memory": 2, "Ctrl-C": 130}
"""What a command answers to these; to every error of the system it answers 2."""
CALLS = {
    "make a folder": (Path, "mkdir"),
    "open a file": (Path, "open"),
    "reach the disk": (os, "fsync"),
    "keep the old file": (Path, "hardlink_to"),
    "replace a file": (Path, "replace"),
}


def failing(call: str, error: str, count: int) -> Act:
    """Return what makes the call of that number, and no other, fail."""

    def act() -> None:
        owner, name = CALLS[call]
        true, calls = getattr(owner, name), iter(range(1, 10**6))

        def fail(*args: object, **how: object) -> object:
            if next(calls) == count:
                broken = ERRORS[error]()
                raise broken
            return true(*args, **how)

        setattr(owner, name, fail)

    return act


def clocks(jump: float) -> Act:
    """Return what makes every reading of a clock lie `jump` seconds from the last, in the direction of its sign."""

    def act() -> None:
        for name in ("time", "monotonic", "perf_counter"):
            moments = (jump * i for i in range(10**9))
            setattr(time, name, lambda moments=moments: next(moments))

    return act


@contextlib.contextmanager
def mounted(folder: Path, *options: str) -> Iterator[bool]:
    """Mount a file system of its own at `folder`; give False where this user may not."""
    there = _may("mount", *options, str(folder))
    try:
        yield there
    finally:
        if there:
            _may("umount", str(folder))


def remount(folder: Path) -> None:
    """Make a file system read-only."""
    _may("mount", "-o", "remount,ro", str(folder))


def _may(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:  # there is no such program
        return False
