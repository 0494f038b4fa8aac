"""Whatever happens to the machine: output whole or as it was, one line, the right exit status."""

import os
import signal
import sys
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pytest

from reports.command_line import main
from reports.writing import write_all

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks, limits of resources and /dev/full")

OLD, NEW = {"a.html": "old a", "b.json": "old b"}, {"a.html": "new a", "b.json": "new b"}


def held(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


def break_at(monkeypatch, owner, name, count, error):
    """Make one call of a function fail."""
    true, calls = getattr(owner, name), []

    def fail(*args, **how):
        calls.append(1)
        if len(calls) == count:
            raise error
        return true(*args, **how)

    monkeypatch.setattr(owner, name, fail)


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), MemoryError(), KeyboardInterrupt()], ids=repr
)
@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("call", [(Path, "open"), (os, "fsync"), (Path, "replace")], ids=lambda call: call[1])
def test_a_fault_at_any_call_leaves_the_old_files(tmp_path, monkeypatch, call, count, error):
    write_all(tmp_path, OLD)
    break_at(monkeypatch, *call, count, error)
    with pytest.raises(type(error)):
        write_all(tmp_path, NEW)
    assert held(tmp_path) == OLD


def test_the_folder_and_the_reason_are_told(tmp_path, monkeypatch):
    break_at(monkeypatch, os, "fsync", 2, OSError(28, "No space left on device"))
    with pytest.raises(OSError, match=r"out: nothing was written: No space left on device$"):
        write_all(tmp_path / "out", NEW)
    assert held(tmp_path) == {}


def test_where_files_have_one_name_the_old_one_is_copied(tmp_path, monkeypatch):
    write_all(tmp_path, OLD)
    break_at(monkeypatch, Path, "hardlink_to", 1, OSError(1, "Operation not permitted"))
    break_at(monkeypatch, Path, "replace", 2, OSError(5, "Input/output error"))
    with pytest.raises(OSError, match="Input/output error"):
        write_all(tmp_path, NEW)
    assert held(tmp_path) == OLD


def test_what_waits_cannot_be_taken_for_output(tmp_path, monkeypatch):
    seen = []
    true = Path.replace

    def look(self, target):
        seen.extend(path.name for path in tmp_path.iterdir())
        return true(self, target)

    write_all(tmp_path, OLD)
    monkeypatch.setattr(Path, "replace", look)
    write_all(tmp_path, NEW)
    others = set(seen) - set(OLD)
    assert len(others) == 4
    assert all(name.startswith(".") and not name.endswith((".html", ".json")) for name in others)
    assert held(tmp_path) == NEW


def test_ctrl_c_between_two_replacements_waits_for_the_second(tmp_path, monkeypatch):
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    true = Path.replace

    def press(self, target):
        signal.raise_signal(signal.SIGINT)
        return true(self, target)

    write_all(tmp_path, OLD)
    monkeypatch.setattr(Path, "replace", press)
    try:
        with pytest.raises(KeyboardInterrupt):
            write_all(tmp_path, NEW)
    finally:
        signal.signal(signal.SIGINT, before)
    assert held(tmp_path) == NEW


def test_a_second_writer_waits_for_the_first(tmp_path, monkeypatch):
    true, between, free = Path.replace, Event(), Event()

    def slowly(self, target):
        made = true(self, target)
        if target.name == "a.html" and not between.is_set():
            between.set()
            free.wait(30)
        return made

    monkeypatch.setattr(Path, "replace", slowly)
    writers = [Thread(target=write_all, args=(tmp_path, texts)) for texts in (OLD, NEW)]
    writers[0].start()
    assert between.wait(30)
    writers[1].start()
    writers[1].join(0.3)  # enough to overtake, if nothing held it
    assert writers[1].is_alive()
    free.set()
    for writer in writers:
        writer.join(30)
    assert held(tmp_path) == NEW


@pytest.mark.parametrize("argv", [["list"], ["list", "--json"], ["cite"]])
def test_a_result_that_cannot_be_printed_is_one_line(argv, tmp_path):
    from tests.campaigns.fault_process import run

    ended = run(argv, folder=tmp_path, out="/dev/full")
    assert (ended.code, ended.err) == (2, "gammaphi: error: the result cannot be printed: No space left on device\n")


def test_ctrl_c_while_the_result_is_printed_is_one_line(capsys, monkeypatch):
    class Pressed:
        def write(self, _):
            raise KeyboardInterrupt

        def flush(self): ...
        def isatty(self):
            return False

    monkeypatch.setattr(sys, "stdout", Pressed())
    monkeypatch.setattr("reports.command_line._nothing_more", lambda: None)
    assert main(["cite"]) == 130
    assert capsys.readouterr().err == "gammaphi: error: interrupted\n"


@pytest.fixture
def prepared(tmp_path, monkeypatch):
    """The cheapest command of the campaign, and what it writes."""
    from tests.campaigns.fault_commands import COMMANDS, known, prepare

    prepare(tmp_path)
    (command,) = (command for command in COMMANDS if command.name == "sweep export")
    monkeypatch.chdir(tmp_path)
    return command, known(command, tmp_path)


def test_a_command_survives_the_faults_of_the_campaign(prepared, tmp_path):
    from tests.campaigns import fault_cases as cases

    command, files = prepared
    found = [
        *cases.called(command, files, tmp_path),
        *cases.limited_size(command, files, tmp_path),
        *cases.unprintable(command, files, tmp_path),
        *cases.killed(command, files, tmp_path, np.random.default_rng(1), 1),
        *cases.out_of_time(command, files, tmp_path),
        *cases.crowded(command, files, tmp_path),
    ]
    assert len(found) > 15
    assert [case for case in found if case.wrong] == []


def test_the_campaign_sees_a_writer_that_spoils_its_output(prepared, tmp_path, monkeypatch):
    from tests.campaigns import fault_cases as cases

    def carelessly(directory, texts):
        for name, text in texts.items():
            (directory / name).write_text(text)

    monkeypatch.setattr("reports.sweep_table.write_all", carelessly)
    command, files = prepared
    assert any(case.about("output") for case in cases.limited_size(command, files, tmp_path))


def test_the_campaign_sees_files_that_are_left_beside(prepared, tmp_path, monkeypatch):
    from tests.campaigns import fault_cases as cases

    monkeypatch.setattr(Path, "unlink", lambda self, missing_ok=False: None)  # noqa: ARG005 - its signature
    command, files = prepared
    assert any(case.about("beside") for case in cases.called(command, files, tmp_path))


@pytest.mark.slow
@pytest.mark.usefixtures("prepared")
def test_a_sweep_survives_the_faults_of_the_campaign(tmp_path):
    from tests.campaigns.fault_cases import swept

    found = list(swept(tmp_path, np.random.default_rng(2), 1))
    assert len(found) > 15
    assert [case for case in found if case.wrong] == []


def test_nothing_holds_a_lock_where_there_is_none(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fcntl", None)
    write_all(tmp_path, NEW)
    assert held(tmp_path) == NEW
