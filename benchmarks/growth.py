"""How time and memory grow with k, N and d: `python benchmarks/growth.py`.

Each point is a process of its own, the fastest of a few trials in it; exponents are slopes of least squares in
logarithms.  A start that does not grow bends them: `off_a_line` says how well a constant and a linear part fit.
Printed is one JSON document.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time

import numpy as np

from numerics.engine import Engine, Precision
from numerics.trials import run_trial
from theory.activations import PHI2
from theory.setting import Kernel, Setting

BASE = {"k": 40_000, "n": 1000, "d": 1000}
ALONG = {
    "k": (20_000, 40_000, 80_000, 160_000),
    "n": (500, 1000, 2000, 4000),
    "d": (500, 1000, 2000, 4000),
}
MIB = 2.0**20 if sys.platform == "darwin" else 2.0**10
"""What `ru_maxrss` counts, to a MiB."""


def point(k: int, n: int, d: int, repeats: int) -> dict[str, float]:
    """Return the seconds of the fastest trial at one size, and the peak memory of this process."""
    setting = Setting(kernel=Kernel.RF, activation=PHI2, d=d, d_y=d // 2, n=n, width=k)
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run_trial(setting, seed=0, trial=0, engine=Engine(precision=Precision.MIXED))
        times.append(time.perf_counter() - start)
    return {"seconds": min(times), "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB}


def slope(places: list[int], values: list[float]) -> float:
    """Return the exponent p of the fit `values ~ places^p`."""
    return float(np.polyfit(np.log(places), np.log(values), 1)[0])


def off_a_line(places: list[int], values: list[float]) -> float:
    """Return the largest relative deviation from the line `a + b place` that fits relative errors best."""
    line = np.column_stack([np.ones(len(places)), places]) / np.array(values)[:, None]
    fitted = line @ np.linalg.lstsq(line, np.ones(len(places)))[0]
    return float(np.abs(fitted - 1).max())


def main() -> None:
    """Measure along k, N and d, and fit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--at", nargs=3, type=int, help=argparse.SUPPRESS)  # one point, in this process
    given = parser.parse_args()
    if given.at:
        print(json.dumps(point(*given.at, given.repeats)))
        return
    document = {}
    for name, places in ALONG.items():
        found = []
        for place in places:
            size = BASE | {name: place}
            command = [sys.executable, *sys.argv, "--at", *(str(size[key]) for key in ("k", "n", "d"))]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ourselves
            found.append(json.loads(done.stdout))
        seconds, peaks = ([one[key] for one in found] for key in ("seconds", "peak_mib"))
        document[name] = {
            "at": places,
            "seconds": seconds,
            "peak_mib": peaks,
            "exponent_of_time": slope(list(places), seconds),
            "off_a_line": off_a_line(list(places), seconds),
        }
    print(json.dumps({"base": BASE, "along": document}, indent=2))


if __name__ == "__main__":
    main()
