"""A ledger gives back the bits that were put in, refuses what is not one, and sees a byte that changed."""

import math
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from numerics import ledger
from numerics.engine import Precision
from numerics.sweep import Cell, Outcome, Sweep

CELL = Cell("rf", "relu", None, 20, 5, 10, None, "sphere", "resample")
SWEEP = Sweep(cells=(CELL, CELL._replace(n=20)), trials=3, seed=4)
ORIGIN = {"gammaphi": "0.1.0", "quantities": "alignment"}
HARD = (0.1, 1 / 3, -0.0, 0.0, 5e-324, 1.7976931348623157e308, math.pi * 1e-300, math.inf, -math.inf, math.nan, 2.0)


def outcome(place, trial, value=0.25):
    return Outcome(place, trial, {"alignment": value})


def written(path, *outcomes, resume=False, sweep=SWEEP, origin=ORIGIN):
    with ledger.writing(path, sweep, origin, resume=resume) as (book, found):
        for one in outcomes:
            book.record(one)
    return found


@pytest.fixture
def path(tmp_path):
    return tmp_path / "sweep.db"


def test_floats_survive_to_the_last_bit(path):
    numbers = {f"q{i}": value for i, value in enumerate(HARD)}
    written(path, Outcome(0, 0, numbers))
    (found,) = ledger.read(path).outcomes
    assert [value.hex() for value in found.numbers.values()] == [value.hex() for value in HARD]
    assert list(found.numbers) == list(numbers)


def test_a_ledger_says_what_it_is_and_holds_its_trials_in_order(path):
    written(path, outcome(1, 2), outcome(0, 1), Outcome(1, 0, None, "singular"), outcome(0, 0))
    found = ledger.read(path)
    assert (found.sweep, found.origin) == (SWEEP, ORIGIN)
    assert [(one.place, one.trial) for one in found.outcomes] == [(0, 0), (0, 1), (1, 0), (1, 2)]
    assert found.failed == (Outcome(1, 0, None, "singular"),)


def test_a_ledger_is_never_overwritten(path):
    written(path, outcome(0, 0))
    before = path.read_bytes()
    with pytest.raises(ValueError, match=r"sweep\.db exists: it can be resumed, and is never overwritten"):
        written(path)
    assert path.read_bytes() == before


def test_a_ledger_that_appears_meanwhile_is_not_overwritten(path):
    path.write_text("somebody else's")
    with pytest.raises(FileExistsError):
        ledger._create(path, SWEEP, ORIGIN)
    assert [place.name for place in path.parent.iterdir()] == [path.name]
    assert path.read_text() == "somebody else's"


def test_to_resume_is_to_go_on_or_to_begin(path):
    assert written(path, outcome(0, 0), resume=True).outcomes == ()
    assert written(path, outcome(0, 1), resume=True).outcomes == (outcome(0, 0),)
    assert len(ledger.read(path).outcomes) == 2


def test_a_trial_that_is_run_again_replaces_what_failed(path):
    written(path, Outcome(0, 0, None, "no such file"))
    written(path, outcome(0, 0), resume=True)
    assert ledger.read(path).outcomes == (outcome(0, 0),)


def test_numbers_are_not_replaced_by_an_error(path):
    written(path, outcome(0, 0))
    written(path, Outcome(0, 0, None, "not enough memory"), Outcome(0, 1, None, "singular"), resume=True)
    assert ledger.read(path).outcomes == (outcome(0, 0), Outcome(0, 1, None, "singular"))


@pytest.mark.parametrize(
    ("sweep", "origin", "told"),
    [
        (Sweep(cells=SWEEP.cells, trials=3, seed=5), ORIGIN, "holds a sweep with seed = 4, not 5"),
        (Sweep(cells=SWEEP.cells, trials=4, seed=4), ORIGIN, "holds a sweep with trials = 3, not 4"),
        (replace(SWEEP, tests=1000), ORIGIN, "holds a sweep with tests = 500, not 1000"),
        (replace(SWEEP, precision=Precision.MIXED), ORIGIN, "holds a sweep with precision = double, not mixed"),
        (Sweep(cells=SWEEP.cells[:1], trials=3, seed=4), ORIGIN, "holds a sweep of other cells"),
        (Sweep(cells=SWEEP.cells[::-1], trials=3, seed=4), ORIGIN, "holds a sweep of other cells"),
        (SWEEP, ORIGIN | {"gammaphi": "0.2.0"}, "was begun with gammaphi 0.1.0, and this is 0.2.0"),
        (SWEEP, ORIGIN | {"quantities": "condition"}, "was begun with quantities alignment, and this is condition"),
    ],
)
def test_another_sweep_is_not_mixed_in(path, sweep, origin, told):
    written(path, outcome(0, 0))
    before = path.read_bytes()
    with pytest.raises(ValueError, match=rf"sweep\.db {told}$"):
        written(path, outcome(0, 1), resume=True, sweep=sweep, origin=origin)
    assert path.read_bytes() == before


def _other_database(path):
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE sweep (spec, origin, crc)")
    connection.close()


def _other_schema(path):
    written(path)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda path: path.write_text("trials = 2\n" * 1000), "is no ledger, or a damaged one"),
        (lambda path: path.write_bytes(b""), "is not the ledger of a sweep"),
        (_other_database, "is not the ledger of a sweep"),
        (_other_schema, "is a ledger of schema 99, and this is schema 1"),
        (Path.mkdir, "there is no such file"),
    ],
    ids=["text", "empty", "other database", "other schema", "folder"],
)
def test_what_is_no_ledger_is_refused_and_left_alone(path, make, told):
    make(path)
    before = path.read_bytes() if path.is_file() else None
    for attempt in (lambda: ledger.read(path), lambda: written(path, outcome(0, 0), resume=True)):
        with pytest.raises(ValueError, match=told) as refused:
            attempt()
        assert "\n" not in str(refused.value)
    assert (path.read_bytes() if path.is_file() else None) == before


def _spoilt(path, old, new):
    data = path.read_bytes()
    assert data.count(old) == 1
    path.write_bytes(data.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"0.123456789", b"0.123456788", "trial 1 of cell 0 does not match its checksum"),
        (b'"trials": 3', b'"trials": 4', "its sweep does not match its checksum"),
        (b'{"gammaphi": "0.1.0"', b'{"gammaphi": "0.1.1"', "its sweep does not match its checksum"),
    ],
)
def test_a_changed_byte_is_seen(path, old, new, told):
    written(path, outcome(0, 0), outcome(0, 1, 0.123456789))
    assert ledger.read(path).outcomes[1].numbers["alignment"] == 0.123456789
    _spoilt(path, old, new)
    with pytest.raises(ValueError, match=rf"sweep\.db is no ledger, or a damaged one: {told}"):
        ledger.read(path)


def test_a_row_that_moved_to_another_trial_is_seen(path):
    written(path, outcome(0, 0))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE trials SET trial = 2")
    connection.close()
    with pytest.raises(ValueError, match="trial 2 of cell 0 does not match its checksum"):
        ledger.read(path)


def test_a_file_cut_short_is_seen(path):
    written(path, *(outcome(0, trial, 1 / (trial + 3)) for trial in range(2000)))
    path.write_bytes(path.read_bytes()[:-8192])
    with pytest.raises(ValueError, match="damaged"):
        ledger.read(path)


def test_it_can_be_read_while_it_is_written_and_reading_writes_nothing(path):
    with ledger.writing(path, SWEEP, ORIGIN, resume=False) as (book, _):
        for trial in range(3):
            book.record(outcome(0, trial))
            before = path.read_bytes()
            assert len(ledger.read(path).outcomes) == trial + 1
            assert path.read_bytes() == before
    before = path.read_bytes()
    assert len(ledger.read(path).outcomes) == 3
    assert path.read_bytes() == before
    assert [place.name for place in path.parent.iterdir()] == [path.name]


def test_what_a_killed_writer_left_is_read_whole_and_left_as_it_is(path):
    """The two files, as they lie while a writer has them open, are those of a writer that was killed."""
    left = path.with_name("left.db")
    with ledger.writing(path, SWEEP, ORIGIN, resume=False) as (book, _):
        book.record(outcome(0, 0))
        book.record(outcome(0, 1))
        shutil.copy(path, left)
        shutil.copy(f"{path}-wal", f"{left}-wal")
    before = left.read_bytes()
    assert len(ledger.read(left).outcomes) == 2
    assert left.read_bytes() == before
    assert len(written(left, outcome(0, 2), resume=True).outcomes) == 2
    assert len(ledger.read(left).outcomes) == 3


def test_what_a_killed_writer_had_begun_is_undone(path):
    """The file and its journal, as they lie in the middle of a transaction that has reached the disk."""
    left = path.with_name("left.db")
    written(path, *(outcome(0, trial, 1 / (trial + 3)) for trial in range(3)))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript("PRAGMA cache_size = 1; BEGIN; CREATE TABLE more (what TEXT)")
        connection.executemany("INSERT INTO more VALUES (?)", [("x" * 1000,)] * 100)
        shutil.copy(path, left)
        shutil.copy(f"{path}-journal", f"{left}-journal")
        connection.execute("ROLLBACK")
    assert left.read_bytes() != path.read_bytes()
    assert ledger.read(left) == ledger.read(path)
    assert len(written(left, outcome(1, 0), resume=True).outcomes) == 3


def test_what_was_recorded_stays_when_the_writer_fails(path):
    def fails():
        with ledger.writing(path, SWEEP, ORIGIN, resume=False) as (book, _):
            book.record(outcome(0, 0))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fails()
    assert ledger.read(path).outcomes == (outcome(0, 0),)
    assert [place.name for place in path.parent.iterdir()] == [path.name]


def test_a_folder_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(ValueError, match="cannot be made: No such file or directory"):
        written(tmp_path / "nowhere" / "sweep.db")
