"""The ledger of a sweep: one SQLite file that says what the sweep is and holds each finished trial, in any order.

A trial is one transaction, so a process that is killed leaves a whole ledger behind, of all trials that it finished.
SQLite itself does not see a changed byte inside a row, so every row carries a checksum.
"""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from .sweep import NUMBERS, Outcome, Sweep

APPLICATION = 0x67616D6D
"""The mark of our files among those of SQLite: `gamm`."""
SCHEMA = 1
TOLD = 160
"""Characters of an error that are passed on: it may quote the file."""
PATIENCE = 60
"""Seconds to wait for another process that writes."""

_TABLES = {
    "sweep": "CREATE TABLE sweep (spec TEXT NOT NULL, origin TEXT NOT NULL, crc INTEGER NOT NULL)",
    "trials": """CREATE TABLE trials (
  cell INTEGER NOT NULL, trial INTEGER NOT NULL, numbers TEXT, error TEXT, crc INTEGER NOT NULL,
  PRIMARY KEY (cell, trial)
) WITHOUT ROWID""",
}
"""By name, as SQLite keeps them to the letter."""
_RECORD = """
INSERT INTO trials VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
SET numbers = excluded.numbers, error = excluded.error, crc = excluded.crc WHERE trials.error IS NOT NULL
"""
"""Another process that writes the same ledger may have numbers where this one ran out of memory: they stay."""

Origin = dict[str, str]
"""What made the numbers: packages and their versions, and the quantities that are kept, in one text."""


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a ledger holds; outcomes by cell, then trial."""

    sweep: Sweep
    origin: Origin
    outcomes: tuple[Outcome, ...]

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The trials that ended in an error."""
        return tuple(outcome for outcome in self.outcomes if outcome.error is not None)


class Ledger:
    """A ledger that is being written, by one process."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path, self._connection = path, connection

    def record(self, outcome: Outcome) -> None:
        """Write one finished trial, in a transaction of its own; only a trial that failed before is replaced."""
        numbers = None if outcome.numbers is None else json.dumps(outcome.numbers)  # repr of a float: all of its bits
        row = (outcome.place, outcome.trial, numbers, outcome.error)
        with _plainly(self._path), self._connection:
            self._connection.execute(_RECORD, (*row, _crc(*row)))


@contextmanager
def writing(path: Path, sweep: Sweep, origin: Origin, *, resume: bool) -> Iterator[tuple[Ledger, Contents]]:
    """Open the ledger of `sweep` for writing, made anew unless `resume` finds one; give what it holds already.

    Raises ValueError where `path` exists and is not to be resumed, or is not the ledger of this sweep and origin.
    """
    if path.exists() and not resume:
        raise ValueError(f"{path} exists: it can be resumed, and is never overwritten")
    if not path.exists():
        _create(path, sweep, origin)
    found = read(path)
    _require_same(path, found, sweep, origin)
    with _plainly(path), closing(sqlite3.connect(path, timeout=PATIENCE)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")  # whoever reads does not wait for us, nor we for them
        # A power cut may cost the last trials, never the file; they are run again.
        connection.execute("PRAGMA synchronous = NORMAL")
        try:
            yield Ledger(path, connection), found
        finally:
            # One file again, that can be copied, and read where nothing can be written; not while somebody reads it.
            connection.execute("PRAGMA busy_timeout = 0")
            with suppress(sqlite3.OperationalError):
                connection.execute("PRAGMA journal_mode = DELETE")


def _create(path: Path, sweep: Sweep, origin: Origin) -> None:
    """Make an empty ledger, which appears under its name whole or not at all, and over no other file."""
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as refused:
        raise ValueError(f"{path} cannot be made: {refused.strerror}") from refused
    os.close(handle)
    try:
        with _plainly(path), closing(sqlite3.connect(beside)) as connection, connection:
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute(f"PRAGMA user_version = {SCHEMA}")
            connection.executescript(";\n".join(_TABLES.values()))
            row = (sweep.to_json(), json.dumps(origin))
            connection.execute("INSERT INTO sweep VALUES (?, ?, ?)", (*row, _crc(*row)))
        mask = os.umask(0)  # mkstemp makes private files
        os.umask(mask)
        Path(beside).chmod(0o666 & ~mask)
        path.hardlink_to(beside)  # a rename would replace what another process has made meanwhile
    finally:
        Path(beside).unlink()


def read(path: Path) -> Contents:
    """Return what a ledger holds at this moment, while a sweep may be writing to it; nothing of it is changed.

    Raises ValueError for a file that is no ledger, of another schema, or damaged.
    """
    if not path.is_file():
        raise ValueError(f"{path}: there is no such file")
    _settle(path)
    with _plainly(path), closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        connection.execute("BEGIN")  # one moment for all that follows
        (mark,), (schema,) = (
            connection.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version")
        )
        if mark != APPLICATION:
            raise ValueError(f"{path} is not the ledger of a sweep")
        if schema != SCHEMA:
            raise ValueError(f"{path} is a ledger of schema {schema}, and this is schema {SCHEMA}")
        if dict(connection.execute("SELECT name, sql FROM sqlite_master")) != _TABLES:
            raise ValueError(f"{path} is not the ledger of a sweep: it has other tables")  # views could run for ever
        if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("its pages do not fit together")
        spec, origin, crc = connection.execute("SELECT spec, origin, crc FROM sweep").fetchone() or ("", "", None)
        if crc != _crc(spec, origin):
            raise sqlite3.DatabaseError("its sweep does not match its checksum")
        rows = connection.execute("SELECT cell, trial, numbers, error, crc FROM trials ORDER BY cell, trial")
        outcomes = tuple(_outcome(*row) for row in rows)
        sweep = Sweep.from_json(spec)
        if not all(outcome.place < len(sweep.cells) and outcome.trial < sweep.trials for outcome in outcomes):
            raise sqlite3.DatabaseError("it holds a trial that is none of its sweep")
        return Contents(sweep=sweep, origin=_origin(origin), outcomes=outcomes)


def _settle(path: Path) -> None:
    """Let SQLite undo what a process had begun when it was killed: whoever may only read cannot, and is refused."""
    if path.with_name(f"{path.name}-journal").exists():
        with _plainly(path), closing(sqlite3.connect(path, timeout=PATIENCE)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _outcome(place: int, trial: int, numbers: str | None, error: str | None, crc: int) -> Outcome:
    if not (type(place) is type(trial) is int and place >= 0 and trial >= 0):
        raise sqlite3.DatabaseError("it holds a trial without a place")
    if crc != _crc(place, trial, numbers, error):
        raise sqlite3.DatabaseError(f"trial {trial} of cell {place} does not match its checksum")
    if numbers is None and isinstance(error, str):
        return Outcome(place, trial, None, error)
    found = _parsed(numbers)
    if error is not None or not isinstance(found, dict) or not all(type(v) is float for v in found.values()):
        raise sqlite3.DatabaseError(f"trial {trial} of cell {place} holds neither numbers nor an error")
    return Outcome(place, trial, found)


def _origin(text: str) -> Origin:
    found = _parsed(text)
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise sqlite3.DatabaseError("what made it is not told in texts")
    if "quantities" not in found:
        raise sqlite3.DatabaseError("it does not tell which quantities it keeps")
    return found


def _parsed(text: object) -> object:
    """Return what JSON says, None where the text is none."""
    try:
        return json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None


def _crc(*values: object) -> int:
    try:
        return zlib.crc32(json.dumps(values).encode())
    except TypeError:  # SQLite gives bytes where somebody put them
        raise sqlite3.DatabaseError("it holds bytes where texts are needed") from None


def _require_same(path: Path, found: Contents, sweep: Sweep, origin: Origin) -> None:
    """Refuse to mix two sweeps in one ledger, or numbers that need not agree to the last bit."""
    for name in NUMBERS:
        there, here = getattr(found.sweep, name), getattr(sweep, name)
        if there != here:
            raise ValueError(f"{path} holds a sweep with {name} = {there}, not {here}")
    if found.sweep.cells != sweep.cells:
        raise ValueError(f"{path} holds a sweep of other cells")
    for name, there in found.origin.items():
        if origin.get(name) != there:
            raise ValueError(f"{path} was begun with {name} {there}, and this is {origin.get(name)}")


@contextmanager
def _plainly(path: Path) -> Iterator[None]:
    """Tell what SQLite complains of in one line: a damaged file as bad input, a full disk as what the system says."""
    try:
        yield
    except sqlite3.DatabaseError as broken:
        # SQLITE_ERROR is a file that is not understood; the others say what happened to it: locked, full, unreadable
        code = getattr(broken, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        if isinstance(broken, sqlite3.OperationalError) and code & 0xFF != sqlite3.SQLITE_ERROR:
            raise OSError(f"{path}: {broken}") from broken
        why = ascii(str(broken))[1:-1][:TOLD]
        raise ValueError(f"{path} is no ledger, or a damaged one: {why}") from broken
