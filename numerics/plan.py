"""What a trial will cost, before it starts: operations, bytes, and whether it fits; afterwards nobody can answer.

Operations are counted where they grow with a product of three sizes, bytes where they grow with a product of two.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

import numpy as np

from theory.setting import Kernel, Query, Setting

from .engine import Engine, Precision
from .streaming import AHEAD, BLOCK

GIB = 2.0**30
COMPOSED = 4
"""Arrays of N x N doubles beside a kernel of infinite width, while the dual is evaluated."""
PROBE = 2000
"""Rows of the matrix product by which the speed of this machine is found."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The cost of one trial: floating-point operations and bytes by what they are for."""

    setting: Setting
    engine: Engine
    operations: dict[str, float]
    solving: float
    """Operations of the factorisation and its solves, in double precision whatever the features are in."""
    memory: dict[str, float]

    @property
    def queries_on_disk(self) -> bool:
        """Whether the kernel between samples and queries is to be kept in a file, which changes none of its digits."""
        return sum(self.memory.values()) > self._budget

    def require(self) -> None:
        """Raise ValueError, stating the need, for a trial that does not fit even with its queries on disk."""
        least = sum(self.memory.values()) - (self.memory["queries"] if self.setting.width is not None else 0)
        if least > self._budget:
            given = "this machine has" if self.engine.memory is None else "allowed are"
            raise ValueError(
                f"N = {self.setting.n} needs about {least / GIB:.3g} GiB, and {given} {self._budget / GIB:.3g}"
            )

    def minutes(self, *, features: float, solving: float) -> float:
        """Return the time at so many operations a second in the precision of the features, and in double."""
        return (sum(self.operations.values()) / features + self.solving / solving) / 60

    def to_dict(self) -> dict[str, object]:
        """Return the counts under the keys of the report."""
        return {
            "operations": self.operations | {"inverse and solves": self.solving},
            "bytes": self.memory,
            "queries_on_disk": self.queries_on_disk,
        }

    @property
    def _budget(self) -> float:
        return _physical() if self.engine.memory is None else self.engine.memory


def plan(setting: Setting, *, engine: Engine, tests: int) -> Plan:
    """Return the cost of one trial of `setting` with `tests` test points."""
    n, d, width = setting.n, setting.d, setting.width
    operations = {"products of the data": 2.0 * d * n * (1.5 * n + tests)}
    memory = {
        "kernel": 8.0 * n**2,
        "queries": 8.0 * n**2,
        "tests": 24.0 * n * tests,
        "data": 16.0 * d * (2 * n + tests),
    }
    if width is None:
        memory["dual"] = 8.0 * COMPOSED * n**2
    else:
        # The samples, the halves of the queries that they do not share (`V_y y` is theirs), and the tests.
        fresh = 0 if setting.query is Query.ZERO else n * (d - setting.d_y) / d
        features = {
            "features": 2.0 * width * d * (n + fresh + tests),
            "products of features": 1.0 * width * n * (n + 2 * n + 2 * tests),
        }
        operations = features | (operations if setting.kernel is Kernel.NTK else {})
        size, block = np.dtype(engine.precision.dtype).itemsize, min(width, BLOCK)
        memory["features"] = float((AHEAD + 1) * block * size * ((2 * n + tests) + 2 * d))
    return Plan(
        setting=setting,
        engine=engine,
        operations=operations,
        solving=1.0 * n**3 + 2.0 * n**2 * tests,
        memory=memory,
    )


def speed(precision: Precision) -> float:
    """Return the operations a second of a matrix product on this machine, now: the fastest of three."""
    a = np.ones((PROBE, PROBE), dtype=precision.dtype)
    b = np.ones((PROBE, PROBE), dtype=precision.dtype)  # another array: the product with its own transpose is cheaper
    times = []
    for _ in range(3):
        start = time.perf_counter()
        a @ b
        times.append(time.perf_counter() - start)
    return 2.0 * PROBE**3 / min(times)


def _physical() -> float:
    """Return the bytes of memory of this machine, or infinity where the system does not say."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE")) * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return float("inf")
