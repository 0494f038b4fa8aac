"""A sweep runs what its ledger lacks, and gives the same ledger in whatever way it was run."""

import contextlib
import multiprocessing
import os
import re
import signal
import sys
import time

import pytest

from numerics import ledger, sweep_trial
from numerics.engine import Precision
from numerics.sweep import Cell, Sweep, setting_of
from numerics.sweep_run import run_sweep
from numerics.sweep_workers import _processes
from numerics.trials import run_trial

CELL = Cell("rf", "relu", None, 10, 4, 12, 60, "sphere", "resample")
SINGULAR = CELL._replace(width=5)
SWEEP = Sweep(cells=(CELL, CELL._replace(activation="x*erf(x)"), CELL._replace(n=8)), trials=4, seed=3)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "sweep.db"


@pytest.fixture
def asked(monkeypatch):
    """Count the trials that are run, and stop before the one at `asked.stop`."""

    class Asked(list):
        stop = None

    seen = Asked()

    def run(setting, *, seed, trial, **how):
        if len(seen) == seen.stop:
            raise KeyboardInterrupt
        seen.append((setting, seed, trial))
        return run_trial(setting, seed=seed, trial=trial, **how)

    monkeypatch.setattr(sweep_trial, "run_trial", run)
    return seen


def bits(path):
    """Return what a ledger holds, the floats as text that tells all of their bits."""
    return [
        (one.place, one.trial, one.error, {name: value.hex() for name, value in (one.numbers or {}).items()})
        for one in ledger.read(path).outcomes
    ]


def test_every_trial_of_every_cell_is_run_once_and_first_things_first(path, asked):
    told = []
    run_sweep(SWEEP, path, progress=lambda done, of: told.append((done, of)))
    assert asked == [(setting_of(cell), 3, trial) for trial in range(4) for cell in SWEEP.cells]
    assert told == [(done, 12) for done in range(13)]
    assert [(place, trial) for place, trial, *_ in bits(path)] == [(p, t) for p in range(3) for t in range(4)]


def test_the_test_points_and_the_precision_are_those_of_the_sweep(path, monkeypatch):
    seen = []

    def run(setting, *, tests, engine, **how):
        seen.append((tests, engine.precision))
        return run_trial(setting, tests=tests, engine=engine, **how)

    monkeypatch.setattr(sweep_trial, "run_trial", run)
    run_sweep(Sweep(cells=(CELL,), trials=2, seed=3, tests=41, precision=Precision.MIXED), path)
    assert seen == [(41, Precision.MIXED)] * 2


@pytest.mark.parametrize("stop", [0, 1, 5, 11])
def test_a_sweep_that_was_interrupted_is_resumed_to_the_same_ledger(tmp_path, path, asked, stop):
    run_sweep(SWEEP, tmp_path / "whole.db")
    del asked[:]
    asked.stop = stop
    with pytest.raises(KeyboardInterrupt):
        run_sweep(SWEEP, path)
    assert len(ledger.read(path).outcomes) == stop
    asked.stop = None
    told = []
    run_sweep(SWEEP, path, resume=True, progress=lambda done, _: told.append(done))
    assert len(asked) == 12
    assert told == list(range(stop, 13))
    assert bits(path) == bits(tmp_path / "whole.db")


def test_a_trial_that_fails_stops_nothing_and_is_tried_again(path, asked):
    sweep = Sweep(cells=(SINGULAR, CELL), trials=2, seed=3)
    run_sweep(sweep, path)
    before = bits(path)
    assert [(place, error is None) for place, _, error, _ in before] == [(0, False), (0, False), (1, True), (1, True)]
    del asked[:]
    run_sweep(sweep, path, resume=True)
    assert [setting.width for setting, *_ in asked] == [5, 5]
    assert bits(path) == before


def test_any_cell_by_itself_gives_the_same(tmp_path, path):
    run_sweep(SWEEP, path)
    alone = Sweep(cells=SWEEP.cells[2:], trials=2, seed=3)
    run_sweep(alone, tmp_path / "alone.db")
    assert [row[1:] for row in bits(tmp_path / "alone.db")] == [row[1:] for row in bits(path)[8:10]]


@pytest.fixture
def listening():
    """Ctrl-C is heard, also where the tests were started in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("listening")
def test_an_interrupt_that_a_destructor_swallows_is_heard_all_the_same(path, monkeypatch):
    def run(setting, *, seed, trial, **how):
        if trial == 1:
            with contextlib.suppress(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
        return run_trial(setting, seed=seed, trial=trial, **how)

    monkeypatch.setattr(sweep_trial, "run_trial", run)
    with pytest.raises(KeyboardInterrupt):
        run_sweep(SWEEP, path)
    assert [trial for _, trial, *_ in bits(path)] == [0, 1, 0, 0]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupt_that_is_ignored_stays_ignored(path, monkeypatch):
    def run(setting, *, seed, trial, **how):
        signal.raise_signal(signal.SIGINT)
        return run_trial(setting, seed=seed, trial=trial, **how)

    monkeypatch.setattr(sweep_trial, "run_trial", run)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        run_sweep(SWEEP, path)
    finally:
        signal.signal(signal.SIGINT, before)
    assert len(bits(path)) == SWEEP.total


@pytest.mark.parametrize("jobs", [2, pytest.param(4, marks=pytest.mark.slow)])
def test_processes_change_no_bit(tmp_path, jobs):
    sweep = Sweep(cells=(*SWEEP.cells, SINGULAR), trials=2, seed=3)
    run_sweep(sweep, tmp_path / "here.db")
    run_sweep(sweep, tmp_path / "there.db", jobs=jobs)
    assert len(bits(tmp_path / "here.db")) == 8
    assert bits(tmp_path / "there.db") == bits(tmp_path / "here.db")


def test_a_worker_that_is_killed_is_told_in_one_line():
    with (
        pytest.raises(ChildProcessError, match=r"a worker process was killed.* the ledger, to be resumed$"),
        _processes(1, os._exit) as perform,
    ):
        assert list(perform([1])) == []
    until = time.monotonic() + 20  # it has ended, but where another thread is told of it `join` waits for nothing
    while multiprocessing.active_children() and time.monotonic() < until:
        time.sleep(0.01)
    assert multiprocessing.active_children() == []


def test_what_is_finished_comes_before_what_ends_the_sweep():
    """`abs` stands for a trial, and None for the one whose bug ends the sweep."""
    found = []
    with pytest.raises(TypeError), _processes(1, abs) as perform:
        found.extend(perform([-1, -2, None]))
    assert sorted(found) == [1, 2]


def test_an_address_that_is_none_is_refused_and_nothing_is_made(path):
    with pytest.raises(ValueError, match=re.escape("scheduler 'here': an address such as tcp://host:8786 is wanted")):
        run_sweep(SWEEP, path, scheduler="here")
    assert list(path.parent.iterdir()) == []


def test_a_scheduler_without_distributed_says_what_to_install(path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ValueError, match=re.escape('pip install "gammaphi[cluster]"')):
        run_sweep(SWEEP, path, scheduler="tcp://127.0.0.1:9")
    assert list(path.parent.iterdir()) == []
