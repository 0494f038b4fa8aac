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


def run(folder, file):
    """Return what pytest said of one file of tests, under coverage and with the plugin."""
    pytest_run = ("pytest", "-q", "-p", "no:cacheprovider", "-p", "no:gammaphi", "-p", campaign.PLUGIN, file)
    command = [sys.executable, "-m", "coverage", "run", "--append", "--branch", "--source=theory", "--data-file=data"]
    outside = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    env = outside | {"PYTHONPATH": os.pathsep.join((str(folder), str(ROOT)))}
    done = subprocess.run(
        [*command, "-m", *pytest_run], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def lines_and_tests(folder):
    """Return the tests of each line, and what is kept of the tests."""
    data = CoverageData(basename=str(folder / "data"))
    data.read()
    lines = data.contexts_by_lineno(str((folder / "theory/toy.py").resolve()))
    return lines, json.loads((folder / "build/coverage/tests.json").read_text())


@pytest.fixture
def folder(tmp_path):
    """A toy whose tests were run under coverage."""
    (tmp_path / "theory").mkdir()
    for name, text in {"theory/__init__.py": "", "theory/toy.py": TOY, "test_toy.py": TESTS}.items():
        (tmp_path / name).write_text(text)
    said = run(tmp_path, "test_toy.py")
    assert "1 failed, 1 passed" in said, said
    return tmp_path


def test_each_line_is_noted_with_its_tests_and_a_failing_one_is_no_witness(folder):
    lines, tests = lines_and_tests(folder)
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


def test_what_is_added_stands_beside_what_was_seen(folder):
    (folder / "test_more.py").write_text("from theory.toy import sign\n\ndef test_below():\n    assert sign(-2) < 0\n")
    assert "1 passed" in run(folder, "test_more.py")
    lines, tests = lines_and_tests(folder)
    assert sorted(lines[4]) == ["test_more.py::test_below", "test_toy.py::test_wrong"]
    assert sorted(tests["seconds"]) == ["test_more.py::test_below", "test_toy.py::test_above"]


def test_nothing_is_added_to_what_was_seen_of_other_sources(folder, monkeypatch):
    monkeypatch.chdir(folder)
    (folder / "theory/toy.py").write_text(TOY + "\n")
    with pytest.raises(ValueError, match="not those that the earlier run saw"):
        campaign.measure(["test_more.py"])
    assert (folder / "build/coverage/tests.json").exists()


def test_a_test_that_could_not_be_named_again_is_refused(folder):
    named = "import pytest\n\n@pytest.mark.parametrize('x', [object()], ids=str)\ndef test_any(x):\n    assert x\n"
    (folder / "test_named.py").write_text(named)
    assert "could not be run again by its name: give it an id" in run(folder, "test_named.py")
