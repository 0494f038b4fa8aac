"""Small trials together, against one after another: `python benchmarks/together.py`.

Both ways give every trial the same digits.  Printed is one JSON document, with the fastest of a few runs of each.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable

from numerics.trials import run_trial, run_trials
from theory.activations import RELU
from theory.setting import Kernel, Setting

SIZES = ((20, None), (50, None), (100, None), (200, None), (300, None), (50, 400), (200, 2000))
"""N and width, at d = N."""


def fastest(run: Callable[[], object], repeats: int) -> float:
    """Return the seconds of the fastest run."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Time each size both ways."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    document = []
    for n, width in SIZES:
        setting = Setting(kernel=Kernel.RF, activation=RELU, d=n, d_y=n // 2, n=n, width=width)
        together = fastest(lambda s=setting: run_trials(s, seed=0, trials=range(given.trials)), given.repeats)
        alone = fastest(lambda s=setting: [run_trial(s, seed=0, trial=t) for t in range(given.trials)], given.repeats)
        document.append(
            {
                "setting": str(setting),
                "milliseconds_together": 1e3 * together / given.trials,
                "milliseconds_alone": 1e3 * alone / given.trials,
                "times_faster": alone / together,
            }
        )
    print(json.dumps(document, indent=2))


if __name__ == "__main__":
    main()
