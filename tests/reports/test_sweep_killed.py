"""A sweep that is killed at any moment, resumed until it is done, exports the bytes of one that was never killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from numerics import ledger
from reports.command_line import main

ROOT = Path(__file__).resolve().parents[2]
SPEC = """
trials = {trials}
seed = 5
[[grid]]
kernel = ["rf", "ntk"]
activation = ["relu", "x*erf(x)"]
d = 10
n = 8
alpha = "2/5"
width = 60
[[grid]]  # too few neurons: every trial fails
kernel = "rf"
activation = "relu"
d = 10
n = 8
alpha = "2/5"
width = 3
"""
LONGEST = 120
"""Seconds after which a process that should have ended is taken for one that hangs."""


def start(spec, out, *more):
    """Start a sweep in a process group of its own, which tells every finished trial on stderr."""
    command = [sys.executable, "-m", "reports", "sweep", "run", str(spec), "--out", str(out), "--resume", "-v", *more]
    return subprocess.Popen(
        command, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )


def after(process, trials):
    """Wait until `trials` trials of this run are told."""
    for count, _ in enumerate(process.stderr):
        if count == trials:
            break


def end(process):
    """Wait for the end of everything that the process began: whoever lives on holds its stderr open."""
    _, err = process.communicate(timeout=LONGEST)
    return process.returncode, err


def export(path):
    table = path.with_suffix(".csv")
    assert main(["sweep", "export", str(path), "--to", str(table)]) == 0
    return table.read_bytes()


def done(path):
    return len(ledger.read(path).outcomes) if path.exists() else 0


@pytest.fixture
def whole(tmp_path):
    """Return a function that writes the specification, and the export of a sweep that nobody killed."""

    def run(trials):
        spec = tmp_path / "spec.toml"
        spec.write_text(SPEC.format(trials=trials))
        assert main(["sweep", "run", str(spec), "--out", str(tmp_path / "whole.db"), "-q"]) == 1
        return spec, export(tmp_path / "whole.db")

    return run


def kill(process, *, moment):
    """Kill the parent after so many trials and a part of one; before 0, so many seconds ahead of the second."""
    if moment >= 0:
        after(process, int(moment))
        time.sleep(moment % 1 / 50)
    else:
        time.sleep(2 + moment)
    os.kill(process.pid, signal.SIGKILL)
    assert end(process)[0] == -signal.SIGKILL


def assert_resumed(spec, out, expected, *, moments, jobs):
    before = 0
    for moment in moments:
        kill(start(spec, out, "--jobs", str(jobs)), moment=moment)
        assert done(out) >= max(before, int(moment))  # nothing that was told to be finished is lost
        before = done(out)
        assert before < expected.count(b"\n") - 1
    assert main(["sweep", "run", str(spec), "--out", str(out), "--resume", "-q"]) == 1
    assert export(out) == expected


def test_three_kills_change_no_byte(tmp_path, whole, seed):
    spec, expected = whole(trials=60)
    moments = np.random.default_rng(seed).uniform(0, 40, size=3)
    assert_resumed(spec, tmp_path / "killed.db", expected, moments=moments, jobs=1)


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_twenty_kills_change_no_byte(tmp_path, whole, seed, jobs):
    spec, expected = whole(trials=600)
    rng = np.random.default_rng(seed + jobs)
    moments = [*rng.uniform(-2, 0, size=6), *rng.uniform(0, 40, size=14)]
    rng.shuffle(moments)
    assert_resumed(spec, tmp_path / "killed.db", expected, moments=moments, jobs=jobs)


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupt_ends_everything_and_loses_nothing_that_was_told(tmp_path, whole, jobs):
    spec, expected = whole(trials=200)
    out = tmp_path / "interrupted.db"
    process = start(spec, out, "--jobs", str(jobs))
    after(process, 30)
    os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does, to the workers too
    code, err = end(process)
    assert code == 130
    assert [line for line in err.splitlines() if " trials" not in line] == ["gammaphi: error: interrupted"]
    assert 30 <= done(out) < expected.count(b"\n") - 1
    assert main(["sweep", "run", str(spec), "--out", str(out), "--resume", "-q"]) == 1
    assert export(out) == expected
