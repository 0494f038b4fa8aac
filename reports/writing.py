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
    if not directory.exists():  # rights do not tell everything: a folder of the system's own takes no other
        try:
            with tempfile.TemporaryDirectory(dir=standing):
                pass
        except OSError as refused:
            raise ValueError(f"{standing} takes no new folder, so no report can be written to {directory}") from refused


def write_all(directory: Path, texts: Mapping[str, str]) -> None:
    """Write each text to its name in `directory`, made if missing; a failure leaves no new file and no new folder.

    All texts lie complete beside their destinations before the first of them replaces anything.
    """
    check_writable(directory, tuple(texts))
    made = [path for path in (directory, *directory.parents) if not path.exists()]
    fresh = [directory / name for name in texts if not (directory / name).exists()]
    waiting: dict[Path, Path] = {}
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            waiting[_beside(directory, name, text)] = directory / name
        for temporary, destination in waiting.items():
            temporary.replace(destination)
    except BaseException:
        for path in (*waiting, *fresh):
            path.unlink(missing_ok=True)
        for path in made:  # innermost first; one that is not empty stays
            with contextlib.suppress(OSError):
                path.rmdir()
        raise


def _beside(directory: Path, name: str, text: str) -> Path:
    handle, path = tempfile.mkstemp(dir=directory, prefix=f".{name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        # mkstemp makes private files; a report is to be shown, as far as the user's own mask allows
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(path, 0o666 & ~mask)  # noqa: PTH101 - the same object that mkstemp named
    except BaseException:
        Path(path).unlink(missing_ok=True)
        raise
    return Path(path)
