"""How much faster than the textbook recipe, and in how much less memory: `python benchmarks/recipe.py [--kernel ntk]`.

The recipe draws V, forms the N x p features, takes their pseudoinverse and asks the model, all in double precision and
in three hands: element by element, sample by sample, all at once.  Each hand, and ours, has a process of its own and
makes the same draw of data and weights; a run in which they disagree on what the model answers fails.  Printed is one
JSON document, with the seconds from the seed to both accuracies and the peak memory of each process.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction

import numpy as np

from numerics.elementwise import Array
from numerics.engine import Engine, Precision
from numerics.randomness import Purpose
from numerics.streaming import BLOCK, weights
from numerics.trials import draw_trial, run_trial
from theory.activations import PHI2, TANGENT_PHI2
from theory.setting import Kernel, Query, Setting, spurious_dimensions

AGREEMENT = 1e-6
"""Of mean margins, relative: a kernel of condition 1e6 leaves ten of sixteen digits."""
MIB = 2.0**20 if sys.platform == "darwin" else 2.0**10
"""What `ru_maxrss` counts, to a MiB."""
ROOT = math.sqrt(2)

Function = Callable[[Array], Array]
Answers = dict[str, Array]
"""What the model says on the test points and on the spurious queries, and the labels of both."""


def phi2(u: Array) -> Array:
    """Return `h_1 + h_2`, of a number or an array."""
    return u + (u * u - 1) / ROOT


def slope2(u: Array) -> Array:
    """Return `h_0 + h_1`, the slope of the tangent `phi_2`."""
    return 1 + u


def element_by_element(function: Function) -> Function:
    """Return `function` called for one number after another, as `np.vectorize` does, which boxes all of them."""
    return np.vectorize(function, otypes=[float])


def as_published(setting: Setting, seed: int, tests: int) -> Answers:
    """Apply the recipe with an activation of Python's numbers, to one point after another."""
    return recipe(setting, seed, tests, wrap=element_by_element, looped=True)


def sample_by_sample(setting: Setting, seed: int, tests: int) -> Answers:
    """Apply the recipe with an activation of arrays, to one point after another."""
    return recipe(setting, seed, tests, wrap=lambda function: function, looped=True)


def all_at_once(setting: Setting, seed: int, tests: int) -> Answers:
    """Apply the recipe with one matrix product for all test points, and one for all queries."""
    return recipe(setting, seed, tests, wrap=lambda function: function, looped=False)


def recipe(setting: Setting, seed: int, tests: int, *, wrap: Callable[[Function], Function], looped: bool) -> Answers:
    """Return the answers of `theta = Phi^+ G`, `looped` over the points or not."""
    streams, drawn, queries = draw_trial(setting, seed, 0, tests=tests)
    V = np.empty((setting.width or 0, setting.d))
    for block, first in enumerate(range(0, len(V), BLOCK)):
        V[first : first + BLOCK] = weights(streams.seeds(Purpose.WEIGHTS), block=block, width=len(V), d=setting.d)
    tangent = setting.kernel is Kernel.NTK
    phi = wrap(slope2 if tangent else phi2)

    def feature(z: Array) -> Array:
        inner = phi(V @ z)
        return np.outer(z, inner).ravel() if tangent else inner

    def features(Z: Array) -> Array:
        inner = phi(Z @ V.T)
        return (Z[:, :, None] * inner[:, None, :]).reshape(len(Z), -1) if tangent else inner

    theta = np.linalg.pinv(features(drawn.train.z)) @ drawn.train.g

    def ask(Z: Array) -> Array:
        return np.array([feature(z) @ theta for z in Z]) if looped else features(Z) @ theta

    return {
        "on_tests": ask(drawn.test.z),
        "on_queries": ask(queries),
        "test_labels": drawn.test.g,
        "labels": drawn.train.g,
    }


def ours(setting: Setting, seed: int, tests: int) -> Answers:
    """Return the same from one trial of this package."""
    trial = run_trial(setting, seed=seed, trial=0, tests=tests, engine=Engine(precision=Precision.MIXED))
    return {name: getattr(trial, name) for name in ("on_tests", "on_queries", "test_labels", "labels")}


HANDS = {hand.__name__: hand for hand in (as_published, sample_by_sample, all_at_once, ours)}


def measured(name: str, setting: Setting, seed: int, tests: int) -> dict[str, float]:
    """Return what one hand found, and what it cost this process."""
    idle, start = peak(), time.perf_counter()
    answers = HANDS[name](setting, seed, tests)
    seconds, most = time.perf_counter() - start, peak()
    again = seconds
    if name == ours.__name__:  # the others take so long that what a process does once does not count
        start = time.perf_counter()
        HANDS[name](setting, seed, tests)
        again = time.perf_counter() - start
    tested, asked = answers["on_tests"] * answers["test_labels"], answers["on_queries"] * answers["labels"]
    return {
        "seconds": seconds,
        "seconds_again": again,
        "peak_mib": most,
        "idle_mib": idle,
        "test_accuracy": float(np.mean(tested > 0)),
        "spurious_accuracy": float(np.mean(asked > 0)),
        "test_margin": float(np.mean(tested)),
        "spurious_margin": float(np.mean(asked)),
    }


def peak() -> float:
    """Return the most memory that this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB


def disagreements(found: dict[str, dict[str, float]]) -> list[str]:
    """Return what each hand says otherwise than ours."""
    return [
        f"{name}: {key} {values[key]!r}, ours {found['ours'][key]!r}"
        for name, values in found.items()
        for what in ("test", "spurious")
        for key, tolerance in ((f"{what}_accuracy", 0.0), (f"{what}_margin", AGREEMENT))
        if not math.isclose(values[key], found["ours"][key], rel_tol=tolerance)
    ]


def setting_of(given: argparse.Namespace) -> Setting:
    """Return the setting that the arguments describe, or raise ValueError."""
    if given.tests < 1:
        raise ValueError(f"tests = {given.tests}: at least one test point is needed")
    kernel = Kernel(given.kernel)
    return Setting(
        kernel=kernel,
        activation=TANGENT_PHI2 if kernel is Kernel.NTK else PHI2,
        d=given.d,
        d_y=spurious_dimensions(given.alpha, given.d),
        n=given.n,
        width=given.k if given.k is not None else (100 if kernel is Kernel.NTK else 100_000),
        data="gaussian",
        query=Query(given.query),
    )


def arguments() -> argparse.ArgumentParser:
    """Return the command line; the defaults are the sizes of the paper's synthetic figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kernel", choices=("rf", "ntk"), default="rf")
    parser.add_argument("--n", type=int, default=1000, help="samples")
    parser.add_argument("--d", type=int, default=1000, help="dimensions")
    parser.add_argument("--k", type=int, help="neurons (100000, for ntk 100)")
    parser.add_argument("--tests", type=int, default=1000, help="test points")
    parser.add_argument("--alpha", type=Fraction, default=Fraction(1, 2), help="share of spurious dimensions")
    parser.add_argument("--query", choices=("zero", "resample"), default="resample")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--hands", nargs="+", choices=HANDS, default=list(HANDS), help="which to compare; ours always")
    parser.add_argument("--only", choices=HANDS, help=argparse.SUPPRESS)  # one hand, in this process
    return parser


def main() -> int:
    """Measure each hand in a process of its own, and print what was found; 1 if they disagree."""
    parser = arguments()
    given = parser.parse_args()
    try:
        setting = setting_of(given)
    except ValueError as refused:
        parser.error(str(refused))
    if given.only:
        print(json.dumps(measured(given.only, setting, given.seed, given.tests)))
        return 0
    found = {}
    for name in dict.fromkeys([*given.hands, "ours"]):
        command = [sys.executable, *sys.argv, "--only", name]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ourselves
        found[name] = json.loads(done.stdout)
    wrong = disagreements(found)
    document = {
        "setting": str(setting),
        "tests": given.tests,
        "seed": given.seed,
        "hands": found,
        "times_faster": {name: values["seconds"] / found["ours"]["seconds"] for name, values in found.items()},
        "times_faster_again": {
            name: values["seconds_again"] / found["ours"]["seconds_again"] for name, values in found.items()
        },
        "times_less_memory": {name: values["peak_mib"] / found["ours"]["peak_mib"] for name, values in found.items()},
        "disagreements": wrong,
    }
    print(json.dumps(document, indent=2))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
