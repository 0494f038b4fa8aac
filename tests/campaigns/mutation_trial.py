"""One mutant before its tests: a fresh process in which the module has the changed source, and no file is touched.

The processes come from a fork server that has the large libraries in memory and none of ours, so a trial costs its
tests.  A mutant that uses far more processor time or memory than the tests ever did is killed, as a failing test would.
"""

import importlib.abc
import importlib.machinery
import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from enum import Enum
from types import ModuleType

LIBRARIES = ["pytest", "hypothesis", "sympy", "mpmath", "flint", "numpy", "threadpoolctl"]
LIBRARIES += [f"scipy.{part}" for part in ("integrate", "linalg", "sparse.linalg", "special", "stats")]
OURS = ("theory", "numerics", "reports")
MEMORY = 12 << 30
"""Bytes of address space: several times what the tests need."""


class Outcome(Enum):
    """How a trial ended."""

    SURVIVED = "survived"
    KILLED = "killed"
    TOO_LONG = "killed by its use of time"
    NO_TESTS = "no test was run"


def trial(module: str, source: str, tests: Sequence[str], *, seconds: float) -> Outcome:
    """Run `tests`, to the first failure, with `source` as `module`'s, for `seconds` of processor time at most."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LIBRARIES)
    process = context.Process(target=_run, args=(module, source, list(tests), seconds))
    process.start()
    process.join(4 * seconds + 30)  # one that waits uses no processor time
    late = process.exitcode is None
    with suppress(ProcessLookupError):
        os.killpg(process.pid or 0, signal.SIGKILL)  # with whatever it started
    process.join()
    if late or process.exitcode in {-signal.SIGXCPU, -signal.SIGKILL}:
        return Outcome.TOO_LONG
    return {0: Outcome.SURVIVED, 5: Outcome.NO_TESTS}.get(process.exitcode or 0, Outcome.KILLED)


def _run(module: str, source: str, tests: list[str], seconds: float) -> None:
    """Run the tests, in the process that was made for it, and leave with pytest's status."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 5))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    if early := [name for name in sys.modules if name.split(".")[0] in OURS]:
        raise RuntimeError(f"{early[0]} was imported before its mutant")
    sys.meta_path.insert(0, Mutated(module, source))
    import pytest

    sys.exit(pytest.main(["-x", "-q", "--assert=plain", "--tb=no", "--no-header", "-p", "no:cacheprovider", *tests]))


class Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module where it is, and runs a source of our own in its place."""

    def __init__(self, module: str, source: str) -> None:
        self._module, self._source = module, source

    def find_spec(self, name, path=None, target=None):  # noqa: ARG002
        found = importlib.machinery.PathFinder.find_spec(name, path) if name == self._module else None
        if found is not None:
            found.loader = self
        return found

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._source, str(module.__file__), "exec"), module.__dict__)  # noqa: S102
