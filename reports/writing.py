"""Several files written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import current_thread, main_thread
from types import FrameType


def check_writable(directory: Path, names: Mapping[str, object] | tuple[str, ...]) -> None:
    """Refuse, with ValueError, a folder in which `names` could not be written: before anything long is computed."""
    standing = next((p for p in (directory, *directory.parents) if p.exists()), Path())
    if not standing.is_dir():
        raise ValueError(f"{standing} is not a folder, so no report can be written to {directory}")
    if not os.access(standing, os.W_OK | os.X_OK):
        raise ValueError(f"{standing} is not writable, so no report can be written to {directory}")
    for name in names:
        if (directory / name).is_dir():
            raise ValueError(f"{directory / name} is a folder, so no report can be written over it")
        if (inner := (directory / name).parent).exists() and not inner.is_dir():
            raise ValueError(f"{inner} is not a folder, so no report can be written to it")
    if not directory.exists():  # rights do not tell everything: a folder of the system's own takes no other
        try:
            with tempfile.TemporaryDirectory(dir=standing):
                pass
        except OSError as refused:
            raise ValueError(f"{standing} takes no new folder, so no report can be written to {directory}") from refused


def write_all(directory: Path, texts: Mapping[str, str | bytes]) -> None:
    """Write each text or bytes to its name in `directory`; a failure leaves what was there, and nothing new.

    A name may lead into a folder within, and whatever folder is missing is made.  All texts lie complete, and on the
    disk, beside their destinations before the first of them replaces anything; a process killed between two
    replacements leaves each file whole.  Raises ValueError as `check_writable`, OSError with the folder named.
    """
    check_writable(directory, tuple(texts))
    folders = {(directory / name).parent for name in texts} | {directory}
    made = {path for folder in folders for path in (folder, *folder.parents) if not path.exists()}
    token = secrets.token_hex(4)  # names are known before there are files: an interrupt leaves none unknown
    waiting = {_beside(directory / name, token): directory / name for name in texts}
    try:
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        for temporary, text in zip(waiting, texts.values(), strict=True):
            _write(temporary, text.encode() if isinstance(text, str) else text)
        with _uninterrupted(), _alone(directory):
            _place(waiting)
    except BaseException as ended:
        for path in waiting:
            with contextlib.suppress(OSError):
                path.unlink()
        for path in sorted(made, reverse=True):  # innermost first; one that is not empty stays
            with contextlib.suppress(OSError):
                path.rmdir()
        if isinstance(ended, OSError):
            raise OSError(f"{directory}: nothing was written: {ended.strerror or ended}") from ended
        raise


def _place(waiting: Mapping[Path, Path]) -> None:
    """Replace every destination by what waits beside it; if one cannot be, all are as they were."""
    kept = {_beside(path, f"old{temporary.suffix}"): path for temporary, path in waiting.items() if path.exists()}
    placed: list[Path] = []
    try:
        for old, path in kept.items():
            _keep(path, old)
        for temporary, path in waiting.items():
            temporary.replace(path)
            placed.append(path)
    except BaseException:
        before = {path: old for old, path in kept.items()}
        for path in placed:
            if path in before:
                before[path].replace(path)
            else:
                path.unlink()
        raise
    finally:
        for old in kept:
            old.unlink(missing_ok=True)


def _keep(path: Path, beside: Path) -> None:
    """Give a file a second name, or where the file system has no such thing, a copy."""
    try:
        beside.hardlink_to(path)
    except OSError:
        shutil.copy2(path, beside)


def _beside(path: Path, token: str) -> Path:
    """Return a name beside `path` that no reader takes for it: hidden, and with another ending."""
    return path.with_name(f".{path.name}.{token}")


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())  # else a power cut may leave the new name and not what it names


@contextlib.contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Let another process that writes to the same folder wait: of two reports there shall be one, not half of each."""
    handle = None
    with contextlib.suppress(ImportError, OSError):  # systems, and network folders, that know no locks
        import fcntl  # noqa: PLC0415 - not on every system

        handle = os.open(directory, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait until the end: between two replacements it would leave files of two reports."""
    if current_thread() is not main_thread() or not callable(before := signal.getsignal(signal.SIGINT)):
        yield
        return
    pressed: list[tuple[int, FrameType | None]] = []
    signal.signal(signal.SIGINT, lambda number, frame: pressed.append((number, frame)))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        before(*pressed[0])
