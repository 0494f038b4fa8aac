"""Which tests meet a mutant: those seen to run its lines under coverage, its own file's first, then the quickest.

A value that is kept is made in one place and used in many.  So of what an import runs, a constant, the tests that name
the module are asked too, and of what a test runs, a cache, at last the others of the module's own file.  Still a test
that is not selected might have killed a survivor: the share killed is understated.
"""

import ast
import json
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path

from coverage import CoverageData

from .coverage_contexts import TESTS, digest
from .mutation_operators import Mutant, read

FIRST, ALL = 3.0, 20.0
"""Seconds of processor time, as taken under coverage, of the tests that a mutant meets first, and at most."""
EVERY = "tests/architecture/test_values.py"
Timed = tuple[str, float]


class Selection:
    """What a run under coverage saw."""

    def __init__(self, data: Path, tests: Path = TESTS) -> None:
        if not (data.exists() and tests.exists()):
            raise ValueError(f"there is no {data} or no {tests}: run `make coverage` first")
        noted = json.loads(tests.read_text())
        self._seconds: dict[str, float] = noted["seconds"]
        self._sources: dict[str, str] = noted["sources"]
        self._data = CoverageData(basename=str(data))
        self._data.read()

    def require(self, *paths: str) -> None:
        """Raise ValueError if one of the files is not the one that was seen."""
        for path in sorted(paths):
            if self._sources.get(path) != digest(Path(path)):
                raise ValueError(f"{path} is not the one that `make coverage` saw; run it again")

    def stages(self, mutant: Mutant) -> Iterator[list[Timed]]:
        """Yield the tests in the order in which they are tried: a quick handful, then others, `ALL` seconds in sum."""
        tests = self._ranked(mutant)
        early, late, total = [], [], 0.0
        for test, seconds in [each for each in tests if each[1] <= ALL] or tests[:1]:
            if total + seconds > ALL and early:
                continue  # a quicker one may have its turn
            total += seconds
            (late if early and total > FIRST else early).append((test, seconds))
        yield from (stage for stage in (early, late) if stage)

    def _ranked(self, mutant: Mutant) -> Sequence[Timed]:
        found = _by_line(self._data, mutant.path)
        seen: set[str] = set()
        for lines in surroundings(read(mutant.path), mutant.line):
            seen = {test for line in lines for test in found.get(line, ()) if test in self._seconds}
            if seen:
                break
        general: set[str] = set()
        own = {test for test in self._seconds if f"/test_{Path(mutant.path).stem}.py::" in test}
        if lines.start == 1:  # what an import runs, other lines or none may use
            files = {test.partition("::")[0] for test in self._seconds}
            users = {file for file in files if mentions(Path(file), mutant.path)}
            seen |= {test for test in self._seconds if test.partition("::")[0] in users}
            general = {test for test in self._seconds if test.startswith(EVERY)}
        ranked = (general, seen & own, seen - own, own - seen)
        quickest_first = (sorted(tests, key=self._seconds.__getitem__) for tests in ranked)
        return [(test, self._seconds[test]) for tests in quickest_first for test in tests]


@cache
def mentions(tests: Path, path: str) -> bool:
    """Return whether a file of tests names the module at a path."""
    package, _, module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".").rpartition(".")
    named = rf"\b{re.escape(package)}\.{module}\b|^from {re.escape(package)} import\b.*\b{module}\b"
    return tests.exists() and re.search(named, tests.read_text(), re.MULTILINE) is not None


@lru_cache(maxsize=2)
def _by_line(data: CoverageData, path: str) -> dict[int, list[str]]:
    return data.contexts_by_lineno(str(Path(path).resolve()))


def surroundings(source: str, line: int) -> Iterator[range]:
    """Yield the statement at a line of a function, then the function, then the module, which an import runs."""
    tree = ast.parse(source)
    inside = [
        node
        for node in ast.walk(tree)
        if isinstance(node, (ast.stmt, ast.excepthandler)) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    inside.sort(key=lambda node: (node.end_lineno or 0) - node.lineno)
    functions = [node for node in inside if isinstance(node, ast.FunctionDef)]
    if functions and functions[0].lineno < line and inside[0] is not functions[0]:
        body = getattr(inside[0], "body", None)
        yield range(inside[0].lineno, body[0].lineno if body else (inside[0].end_lineno or line) + 1)
    for function in functions:
        yield range(function.body[0].lineno, (function.end_lineno or line) + 1)
    yield range(1, source.count("\n") + 2)
