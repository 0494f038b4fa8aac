"""All N leave-one-out problems at once, against N refits: `python benchmarks/left_out.py`.

A refit leaves sample i out and fits again, once by the pseudoinverse of the features, as the definition says, and once
by solving with the kernel of the others, which the features no longer enter.  A few refits are made, and N of them
counted.  All three give the stability and the alignment of a sample, and must agree.  Printed is one JSON document.
"""

from __future__ import annotations

import argparse
import json
import time

import numpy as np

from numerics import refit
from numerics.elementwise import Array
from numerics.kernels import kernels
from numerics.leave_one_out import leave_one_out
from numerics.randomness import Purpose
from numerics.trials import draw_trial
from theory.activations import RELU
from theory.setting import Kernel, Setting

AGREEMENT = 1e-8
"""Of alignments and stabilities: the kernel has a condition of some thousands."""


def by_features(phi: Array, at: Array, labels: Array, i: int) -> tuple[float, float]:
    """Return `F(q_i, z_i)` and `S_i(z_i)` by fitting without sample i, from features."""
    others = np.delete(phi, i, axis=0)
    inverse = np.linalg.pinv(others)
    rest = phi[i] - inverse @ (others @ phi[i])
    missed = labels[i] - phi[i] @ (inverse @ np.delete(labels, i))
    return float(at[i] @ rest / (rest @ rest)), float(missed)


def by_kernel(gram: Array, cross: Array, labels: Array, i: int) -> tuple[float, float]:
    """Return the same from the kernel of the other samples."""
    keep = np.arange(len(gram)) != i
    others, own, query = gram[np.ix_(keep, keep)], gram[keep, i], cross[keep, i]
    solved = np.linalg.solve(others, np.column_stack([own, labels[keep]]))
    alignment = (cross[i, i] - query @ solved[:, 0]) / (gram[i, i] - own @ solved[:, 0])
    return float(alignment), float(labels[i] - own @ solved[:, 1])


def main() -> None:
    """Time all three, and see that they agree."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=1000, help="samples")
    parser.add_argument("--k", type=int, default=4000, help="neurons")
    parser.add_argument("--refits", type=int, default=5, help="of each kind")
    given = parser.parse_args()
    setting = Setting(kernel=Kernel.RF, activation=RELU, d=300, d_y=150, n=given.n, width=given.k)
    streams, drawn, queries = draw_trial(setting, 0, 0)
    seeds, labels = streams.seeds(Purpose.WEIGHTS), drawn.train.g
    matrices = kernels(setting, drawn.train.z, (queries,), seeds=[seeds])
    gram, (cross,) = matrices.gram, matrices.cross
    phi, at = (refit.features(setting, rows, seeds=seeds) for rows in (drawn.train.z, queries))
    start = time.perf_counter()
    found = leave_one_out(gram, queries=cross, tests=np.empty((given.n, 0)), labels=labels, parameters=given.k)
    seconds = {"all at once": time.perf_counter() - start}
    worst = 0.0
    for name, fit in (
        ("features", lambda i: by_features(phi, at, labels, i)),
        ("kernel", lambda i: by_kernel(gram, cross, labels, i)),
    ):
        start = time.perf_counter()
        fitted = [fit(i) for i in range(given.refits)]
        seconds[f"refits by {name}"] = (time.perf_counter() - start) / given.refits * given.n
        ours = [(found.alignments[i], found.stabilities[i]) for i in range(given.refits)]
        worst = max(worst, float(np.abs(np.array(fitted) - np.array(ours)).max()))
    if worst > AGREEMENT:
        raise SystemExit(f"refits and leave-one-out differ by {worst:.1e}")
    ratios = {name: value / seconds["all at once"] for name, value in seconds.items()}
    print(json.dumps({"setting": str(setting), "seconds": seconds, "times": ratios, "they_differ_by": worst}, indent=2))


if __name__ == "__main__":
    main()
