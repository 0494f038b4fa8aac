"""Which tests meet a mutant: those seen to run its lines under coverage, its own file's first, then the quickest.

A value that is kept (a cache, a constant made at import) is made in one test and used in many, and only the first was
seen at the line.  So a test that is not selected might have killed a survivor: the share killed is understated.
"""

import ast
import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
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
        for test, seconds in tests:
            total += seconds
            if total <= FIRST or not early:
                early.append((test, seconds))
            elif total <= ALL:
                late.append((test, seconds))
        yield from (stage for stage in (early, late) if stage)

    def _ranked(self, mutant: Mutant) -> Sequence[Timed]:
        found = _by_line(self._data, mutant.path)
        seen: set[str] = set()
        for lines in surroundings(read(mutant.path), mutant.line):
            seen = {test for line in lines for test in found.get(line, ()) if test in self._seconds}
            if seen:
                break
        if lines.start == 1:  # what an import runs is also looked at by tests that look at every module
            seen |= {test for test in self._seconds if test.startswith(EVERY)}
        own = f"/test_{Path(mutant.path).stem}.py::"
        return sorted(((t, self._seconds[t]) for t in seen), key=lambda each: (own not in each[0], each[1]))


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
