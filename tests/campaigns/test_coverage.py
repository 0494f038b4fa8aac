"""The coverage campaign in small: what is noted of each test, and which figures miss."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from coverage import CoverageData

from tests.campaigns import coverage as campaign
from tests.campaigns.coverage_contexts import digest

ROOT = Path(__file__).resolve().parents[2]
TOY = "def sign(x):\n    if x > 0:\n        return 1\n    return -1\n"
TESTS = """
from theory.toy import sign

def test_above():
    assert sign(2) == 1

def test_wrong():
    assert sign(-2) == 1
"""


@pytest.fixture
def noted(tmp_path):
    """What a run under coverage leaves of a toy: the lines of each test, and the tests with their times."""
    (tmp_path / "theory").mkdir()
    for name, text in {"theory/__init__.py": "", "theory/toy.py": TOY, "test_toy.py": TESTS}.items():
        (tmp_path / name).write_text(text)
    pytest_run = ("pytest", "-q", "-p", "no:cacheprovider", "-p", "no:gammaphi", "-p", campaign.PLUGIN)
    command = [sys.executable, "-m", "coverage", "run", "--branch", "--source=theory", "--data-file=data", "-m"]
    outside = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    env = outside | {"PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT)))}
    done = subprocess.run([*command, *pytest_run], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert "1 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    data = CoverageData(basename=str(tmp_path / "data"))
    data.read()
    lines = data.contexts_by_lineno(str((tmp_path / "theory/toy.py").resolve()))
    return lines, json.loads((tmp_path / "build/coverage/tests.json").read_text()), tmp_path


def test_each_line_is_noted_with_its_tests_and_a_failing_one_is_no_witness(noted):
    lines, tests, folder = noted
    above, wrong = "test_toy.py::test_above", "test_toy.py::test_wrong"
    assert [sorted(lines[line]) for line in (2, 3, 4)] == [[above, wrong], [above], [wrong]]
    assert list(tests["seconds"]) == [above]
    assert tests["seconds"][above] >= 0
    assert tests["sources"]["theory/toy.py"] == digest(folder / "theory" / "toy.py")


def summary(branches, lines):
    counts = {"covered_branches": branches, "num_branches": 100, "covered_lines": lines, "num_statements": 100}
    return counts | {"percent_covered": (branches + lines) / 2, "percent_covered_display": "-"}


@pytest.mark.parametrize(
    ("branches", "lines", "met"),
    [(95, 95, [True, True]), (94, 100, [False, True]), (95, 94, [True, False]), (60, 70, [False, False])],
)
def test_a_figure_misses_below_its_target(branches, lines, met):
    files = {
        f"{package}/one.py": {"summary": summary(branches, lines)} for package in ("theory", "numerics", "reports")
    }
    found = campaign.campaign({"files": files, "totals": summary(branches, lines)})
    assert [figure.met for figure in found.figures] == met
    assert found.met is all(met)
    packages, low = found.listings
    assert packages.rows[0] == ("theory", f"{lines} of 100 ({lines}.0%)", f"{branches} of 100 ({branches}.0%)")
    assert len(low.rows) == (3 if branches + lines < 190 else 0)
