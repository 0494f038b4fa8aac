"""A pytest plugin for a run under coverage.py: each line is noted with the tests that ran it, each test with its time.

The mutation campaign reads both, so that a mutant meets only the tests that reach it, the quickest first.
"""

import hashlib
import json
import os
from collections.abc import Generator
from pathlib import Path

import coverage
import pytest

TESTS = Path("build/coverage/tests.json")
PACKAGES = ("theory", "numerics", "reports")
_seconds: dict[str, float] = {}
_failed: set[str] = set()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a test whose name holds an address, which is another one in the process that would run it again."""
    if strange := next((item.nodeid for item in items if " at 0x" in item.nodeid), None):
        raise pytest.UsageError(f"{strange} could not be run again by its name: give it an id")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Name what runs from here on after the test, and note the processor time that it takes, other processes too."""
    measuring = coverage.Coverage.current()
    if measuring is not None:
        measuring.switch_context(item.nodeid)
    before = sum(os.times()[:4])
    ended = yield
    _seconds[item.nodeid] = sum(os.times()[:4]) - before
    return ended


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note what did not pass: it is no witness."""
    if not report.passed:
        _failed.add(report.nodeid)


def pytest_sessionfinish() -> None:
    """Write the times, and which sources they are of; a run that adds to another keeps what that one saw."""
    before = json.loads(TESTS.read_text())["seconds"] if TESTS.exists() else {}
    passed = {name: seconds for name, seconds in (before | _seconds).items() if name not in _failed}
    TESTS.parent.mkdir(parents=True, exist_ok=True)
    TESTS.write_text(json.dumps({"seconds": passed, "sources": sources()}, indent=0))


def seen() -> dict[str, str]:
    """Return the digests of the sources that an earlier run saw; nothing where there was none."""
    return dict(json.loads(TESTS.read_text())["sources"]) if TESTS.exists() else {}


def sources(root: Path = Path()) -> dict[str, str]:
    """Return a digest of each source file, under its path."""
    files = sorted(path for package in PACKAGES for path in (root / package).rglob("*.py"))
    return {path.relative_to(root).as_posix(): digest(path) for path in files}


def digest(path: Path) -> str:
    """Return what tells one version of a file from another."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
