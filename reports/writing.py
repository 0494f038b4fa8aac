"""Several files written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


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
    """Write each text or bytes to its name in `directory`; a failure leaves no new file nor folder.

    A name may lead into a folder within, and whatever folder is missing is made.  All texts lie complete beside their
    destinations before the first of them replaces anything.
    """
    check_writable(directory, tuple(texts))
    folders = {(directory / name).parent for name in texts} | {directory}
    made = {path for folder in folders for path in (folder, *folder.parents) if not path.exists()}
    fresh = [directory / name for name in texts if not (directory / name).exists()]
    waiting: dict[Path, Path] = {}
    try:
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            waiting[_beside(directory / name, text)] = directory / name
        for temporary, destination in waiting.items():
            temporary.replace(destination)
    except BaseException:
        for path in (*waiting, *fresh):
            path.unlink(missing_ok=True)
        for path in sorted(made, reverse=True):  # innermost first; one that is not empty stays
            with contextlib.suppress(OSError):
                path.rmdir()
        raise


def _beside(destination: Path, text: str | bytes) -> Path:
    handle, path = tempfile.mkstemp(dir=destination.parent, prefix=f".{destination.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode() if isinstance(text, str) else text)
        # mkstemp makes private files; a report is to be shown, as far as the user's own mask allows
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(path, 0o666 & ~mask)  # noqa: PTH101 - the same object that mkstemp named
    except BaseException:
        Path(path).unlink(missing_ok=True)
        raise
    return Path(path)
