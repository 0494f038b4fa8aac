"""What the alignment law costs: `python benchmarks/law.py`.

The grid is evaluated in one process, cold; the oracle, ball arithmetic term by term, is timed on a few of its points.
"""

from __future__ import annotations

import time

import numpy as np

from numerics.finite_size import finite_size
from theory.activations import RELU
from theory.finite_size import FiniteSizeLaw, Modes
from theory.kernels import random_features

D = 100
SHARES = range(2, 98, 3)
SIZES = [int(n) for n in np.unique(np.geomspace(10, 6000, 34).astype(int))]
ORACLE = [(SHARES[3], SIZES[5]), (SHARES[16], SIZES[16]), (SHARES[28], SIZES[28])]


def main() -> None:
    """Evaluate the grid, and some of it by the oracle."""
    kernel = random_features(RELU)
    start = time.perf_counter()
    laws = {d_y: finite_size(kernel, D - d_y, d_y, SIZES) for d_y in SHARES}
    found = {(d_y, n): law.gamma[i] for d_y, law in laws.items() for i, n in enumerate(SIZES)}
    spread = [law.variance for law in laws.values()]
    fast = time.perf_counter() - start
    start = time.perf_counter()
    slow = {
        (d_y, n): float(
            FiniteSizeLaw(modes=Modes(kernel=kernel, d_x=D - d_y, d_y=d_y, degrees=16, terms=240), n=n).gamma.mid()
        )
        for d_y, n in ORACLE
    }
    each = (time.perf_counter() - start) / len(ORACLE)
    worst = max(abs(found[at] - value) for at, value in slow.items())
    print(f"{len(found)} points (N, alpha), mean and spread of {len(spread)} shares, cold: {fast:.2f} s")
    print(f"balls, a point: {each:.2f} s, {each * len(found) / fast:.0f} times as long; they differ by {worst:.1e}")


if __name__ == "__main__":
    main()
