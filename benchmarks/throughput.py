"""What share of the speed of a matrix product a draw at the paper's size reaches: `python benchmarks/throughput.py`.

The speed is that of the fastest of several products of square matrices (`numerics.plan.speed`), made between the draws
in the same process, with all threads.  Operations are those that are needed: half of a symmetric product, and `V_y y`
once for a sample and its query.  Printed is one JSON document.
"""

from __future__ import annotations

import argparse
import json
import time
from fractions import Fraction

from numerics.elementwise import vectorise
from numerics.engine import Engine, Precision
from numerics.plan import plan, speed
from numerics.randomness import Purpose
from numerics.streaming import Network, products
from numerics.trials import draw_trial, run_trial
from theory.activations import PHI2
from theory.setting import Kernel, Setting
from theory.symbols import x


def main() -> None:
    """Draw, and compare the speed of the sums over neurons, and of the whole trial, with that of a product."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--k", type=int, default=100_000, help="neurons")
    parser.add_argument("--precision", type=Precision, default=Precision.MIXED, choices=list(Precision))
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    setting = Setting(kernel=Kernel.RF, activation=PHI2, d=1000, d_y=500, n=1000, width=given.k, data="gaussian")
    engine, tests = Engine(precision=given.precision), 1000
    streams, drawn, queries = draw_trial(setting, 0, 0, tests=tests)
    network = Network(
        function=vectorise(PHI2.expr, x), width=given.k, seeds=[streams.seeds(Purpose.WEIGHTS)], engine=engine
    )
    speeds, sums, trials = [speed(given.precision)], [], []
    for _ in range(given.repeats):
        start = time.perf_counter()
        products(network, drawn.train.z, (queries, drawn.test.z), d_x=500)
        sums.append(time.perf_counter() - start)
        start = time.perf_counter()
        run_trial(setting, seed=0, trial=0, tests=tests, engine=engine)
        trials.append(time.perf_counter() - start)
        speeds.append(speed(given.precision))
    operations = sum(plan(setting, engine=engine, tests=tests).operations.values())
    document = {
        "setting": str(setting),
        "alpha": str(Fraction(1, 2)),
        "precision": given.precision,
        "product_gflops": max(speeds) / 1e9,
        "sums_seconds": sums,
        "trial_seconds": trials,
        "share_of_product_speed": {
            "sums over neurons": operations / min(sums) / max(speeds),
            "whole trial": operations / min(trials) / max(speeds),
        },
    }
    print(json.dumps(document, indent=2))


if __name__ == "__main__":
    main()
