"""The pytest plugin: golden files and files of claims are collected as tests, one for each formula and each claim.

Collected are `*.gammaphi.json` (`gammaphi freeze`), and `*_claims.py` with a name `CLAIM` or `CLAIMS`; the ini option
`gammaphi_files` gives more patterns.  Every pytest of an environment loads this file, so it imports nothing but pytest
until there is something to collect.
"""

# ruff: noqa: PLC0415 - as the docstring says

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from numerics.experiment import Effort

GOLDEN, CLAIMS = "*.gammaphi.json", "*_claims.py"
_EXPOSES = re.compile(rb"^CLAIMS?\b", re.MULTILINE)

Check = Callable[[], list[str]]
"""What is wrong, one line each."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the ini options."""
    parser.addini("gammaphi_files", "golden files and files of claims, besides the usual names", "args", default=[])
    parser.addini("gammaphi_effort", "quick, normal or full, for the claims of Python files", default="normal")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.File | None:
    """Return the collector of a golden file or of a file of claims, and None for every other."""
    named = any(file_path.match(pattern) for pattern in parent.config.getini("gammaphi_files"))
    if file_path.suffix == ".json" and (named or file_path.match(GOLDEN)):
        return GoldenFile.from_parent(parent, path=file_path)
    if file_path.suffix == ".py" and (named or _is_of_claims(file_path, parent.config)):
        return ClaimsFile.from_parent(parent, path=file_path)
    return None


def _is_of_claims(path: Path, config: pytest.Config) -> bool:
    """Whether a file that nobody named is ours to run.

    `test_claims.py` is a test, and `insurance_claims.py` may be a program: such a file must not be run for its name.
    """
    if not path.match(CLAIMS) or any(path.match(pattern) for pattern in config.getini("python_files")):
        return False
    return bool(_EXPOSES.search(path.read_bytes()))


class Failure(Exception):  # noqa: N818  (it is no error but a finding)
    """What is wrong with one formula or claim, one line each."""


class Finding(pytest.Item):
    """One activation or one claim."""

    def __init__(self, *, check: Check, **named: Any) -> None:
        super().__init__(**named)
        self.check = check

    def runtest(self) -> None:
        """Compute, and raise `Failure` with every line of what is wrong; what cannot be computed is one line too."""
        try:
            wrong = self.check()
        except (ValueError, ArithmeticError) as refused:  # the second where two derivations contradict each other
            wrong = [str(refused)]
        if wrong:
            raise Failure(*wrong)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the lines, each with the name of the activation or claim, in place of a traceback."""
        if isinstance(excinfo.value, Failure):
            return "\n".join(f"{self.name}: {line}" for line in excinfo.value.args)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return the file and the name."""
        return self.path, None, self.name


class _Checked(pytest.File):
    """A file whose checks are found when it is collected; what is wrong with the file is one line."""

    def checks(self) -> Iterable[tuple[str, Check]]:
        """Return each check with its name; ValueError or OSError if the file is not what it should be."""
        raise NotImplementedError

    def collect(self) -> Iterator[pytest.Item]:
        """Yield one item for each formula and claim."""
        try:
            found = list(self.checks())
        except (ValueError, OSError) as refused:
            raise self.CollectError(str(refused)) from None
        for name, check in found:
            yield Finding.from_parent(self, name=name, check=check)


class GoldenFile(_Checked):
    """A file that `gammaphi freeze` wrote."""

    def checks(self) -> Iterator[tuple[str, Check]]:
        """Yield a check for each frozen formula and claim."""
        from theory.registry import find_activation

        from . import frozen, golden

        held = golden.read(self.path)
        for name in held.formulas:
            find_activation(name, held.extra)
            yield name, partial(frozen.formula_differences, held, name)
        for name in held.claims:
            yield name, partial(frozen.claim_differences, held, name)


class ClaimsFile(_Checked):
    """A Python file that exposes `CLAIM` or `CLAIMS`."""

    def checks(self) -> Iterator[tuple[str, Check]]:
        """Yield a check for each claim: it is to come out as stated, and every wrong twin to be refused."""
        from numerics.experiment import Effort
        from theory.registry import own_claims

        effort = self.config.getini("gammaphi_effort")
        if effort not in set(Effort):
            raise ValueError(f"gammaphi_effort is {effort!r}, not one of {', '.join(Effort)}")
        for name in own_claims(self.path):
            yield name, partial(self._failures, name, Effort(effort))

    def _failures(self, name: str, effort: Effort) -> list[str]:
        from . import frozen

        return frozen.failures(frozen.judged(self.path, name, effort, seed=0))
