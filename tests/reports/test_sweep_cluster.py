"""A cluster of Dask, of real processes: one worker is killed, and no byte of the export changes."""

import json
import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from numerics import ledger
from reports.command_line import main

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("distributed") is None, reason="the extra `cluster` is not installed"),
]

ROOT = Path(__file__).resolve().parents[2]
SPEC = """
trials = 80
seed = 5
[[grid]]
kernel = ["rf", "ntk"]
activation = ["relu", "x*erf(x)"]
d = 20
n = [16, 40]
alpha = "2/5"
width = [inf, 60]
"""
LONGEST = 120
"""Seconds after which a process that should have spoken is taken for one that hangs."""


def start(*argv, **how):
    return subprocess.Popen([sys.executable, "-m", *map(str, argv)], cwd=ROOT, text=True, **how)


@pytest.fixture
def processes():
    """A list of processes that end with the test."""
    made = []
    yield made
    for process in made:
        process.kill()
        process.wait()


@pytest.fixture
def cluster(tmp_path, processes):
    """Return the address of a scheduler; `processes` holds it, then its two workers."""
    where = tmp_path / "scheduler.json"
    with (tmp_path / "cluster.log").open("w") as log:
        command = ["distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        processes.append(start(*command, "--scheduler-file", where, stdout=log, stderr=log))
        for _ in range(10 * LONGEST):
            if where.exists() and where.read_text():
                break
            time.sleep(0.1)
        address = json.loads(where.read_text())["address"]
        for _ in range(2):  # each a process that can be killed, with no nanny to begin it anew
            command = ["distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
            processes.append(start(*command, stdout=log, stderr=log))
    return address


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "spec.toml"
    path.write_text(SPEC)
    return path


def sweep(spec, out, processes, *more):
    """Start a sweep that tells every finished trial on stderr."""
    processes.append(
        start(
            "reports", "sweep", "run", spec, "--out", out, "-v", *more, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    )
    return processes[-1]


def after(process, trials):
    """Wait until `trials` trials are told."""
    for count, _ in enumerate(process.stderr):
        if count == trials:
            break


def export(path):
    table = path.with_suffix(".csv")
    assert main(["sweep", "export", str(path), "--to", str(table)]) == 0
    return table.read_bytes()


def here(spec):
    """Return the export of the same sweep in this process."""
    path = spec.with_name("here.db")
    assert main(["sweep", "run", str(spec), "--out", str(path), "-q"]) == 0
    return export(path)


def test_a_worker_that_is_killed_changes_no_byte(spec, processes, cluster):
    out = spec.with_name("there.db")
    process = sweep(spec, out, processes, "--scheduler", cluster)
    after(process, 100)
    processes[1].kill()
    _, err = process.communicate(timeout=2 * LONGEST)
    assert process.returncode == 0, err
    assert processes[1].wait() == -signal.SIGKILL
    assert export(out) == here(spec)
    assert export(out).count(b"\n") == 1 + 16 * 80


def test_a_scheduler_that_is_lost_is_one_line_and_the_sweep_is_resumed_here(spec, processes, cluster):
    out = spec.with_name("there.db")
    process = sweep(spec, out, processes, "--scheduler", cluster)
    after(process, 100)
    processes[0].kill()
    _, err = process.communicate(timeout=LONGEST)
    assert process.returncode == 2
    assert err.splitlines()[-1] == (
        "gammaphi: error: the scheduler was lost; what was finished is in the ledger, to be resumed"
    )
    assert 100 <= len(ledger.read(out).outcomes) < 16 * 80
    assert main(["sweep", "run", str(spec), "--out", str(out), "--resume", "-q"]) == 0
    assert export(out) == here(spec)


def test_an_interrupt_leaves_the_cluster_alone(spec, processes, cluster):
    out = spec.with_name("there.db")
    process = sweep(spec, out, processes, "--scheduler", cluster)
    after(process, 100)
    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=LONGEST)
    assert process.returncode == 130
    assert err.splitlines()[-1] == "gammaphi: error: interrupted"
    assert [worker.poll() for worker in processes[:3]] == [None, None, None]
    again = sweep(spec, out, processes, "--scheduler", cluster, "--resume")
    assert again.communicate(timeout=2 * LONGEST)[0].startswith("1280 trials of 16 cells")
    assert export(out) == here(spec)


def test_a_scheduler_that_does_not_answer_is_one_line_and_makes_no_file(spec, processes):
    out = spec.with_name("there.db")
    process = sweep(spec, out, processes, "--scheduler", "tcp://127.0.0.1:9")
    told, err = process.communicate(timeout=LONGEST)
    assert (process.returncode, told) == (2, "")
    assert err.splitlines()[-1] == "gammaphi: error: no scheduler answers at tcp://127.0.0.1:9"
    assert not out.exists()
