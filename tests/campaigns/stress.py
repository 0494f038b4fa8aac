"""Numbers where numbers are hard: the error bound against exact arithmetic, and the corners of a measurement.

python -m tests.campaigns.stress [--instances 240] [--record]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from numerics.error_bound import ErrorBound
from numerics.leave_one_out import LeaveOneOut, leave_one_out
from numerics.prediction import predict
from numerics.stacked import leave_one_out_stacked
from reports.campaigns import Campaign, Figure, Listing, conclude
from theory.predicted import law_of
from theory.registry import find_activation
from theory.setting import Kernel, Setting

from .corners import CORNERS, Corner, Found, tried
from .fifty_digits import NAMES, Exact
from .instances import Instance, instance

SEED = 11
INSTANCES = 240
FEWEST = 200
COMMAND = "make stress"
WORDS = (
    "Random leave-one-out problems with conditions from 10 to 1e14 were solved as a trial is, by both of its ways, and "
    "each of the five arrays that come back was held against ball arithmetic of a hundred digits, which starts from "
    "the same matrices and shares no code: no error may exceed the bound that comes with it. Then `gammaphi measure` "
    "was run where numbers are hard (samples that nearly agree, N next to the number of parameters, data from 1e-310 "
    "to 1e300, d = 2, N = 1, single precision beyond its range): each answer was held against the same arithmetic, "
    "from rows and weights on. The law in doubles, which `gammaphi predict` prints, was held against the law in balls "
    "at the ends of its sizes. What it does not show: other data, sizes above some 40 samples, deep kernels, and array "
    "libraries other than NumPy."
)

Bound = Callable[[LeaveOneOut], ErrorBound]


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One array of one solved problem: its largest error, the bound, and the condition of the kernel."""

    instance: int
    family: str
    way: str
    name: str
    error: float
    bound: float
    condition: float

    @property
    def violated(self) -> bool:
        """Whether the error exceeds the bound."""
        return not self.error <= self.bound


@dataclass(frozen=True, kw_only=True)
class Solved:
    """All comparisons, and how many problems were refused or left without a bound."""

    compared: tuple[Compared, ...]
    refused: int


def solved(problem: Instance) -> Iterator[tuple[str, LeaveOneOut | None]]:
    """Yield a problem solved by each way of `numerics`, or None where it is refused or nothing is known."""
    given = {"gram": problem.gram, "queries": problem.queries, "tests": problem.tests, "labels": problem.labels}
    ways: dict[str, Callable[[], LeaveOneOut]] = {
        "alone": lambda: leave_one_out(**given, parameters=np.inf),
        "stacked": lambda: leave_one_out_stacked(
            **{name: array[None] for name, array in given.items()}, parameters=np.inf
        )[0],
    }
    for way, solve in ways.items():
        try:
            found = solve()
        except ValueError:
            yield way, None
        else:
            yield way, found if found.errors.known else None


def compare(numbers: range, *, bound: Bound = lambda found: found.errors) -> Solved:
    """Return every error beside its `bound`, on the problems of these numbers."""
    compared, refused = [], 0
    for number in numbers:
        problem = instance(number, np.random.default_rng([SEED, number]))
        exact = Exact(problem.gram, problem.queries, problem.tests, problem.labels)
        for way, found in solved(problem):
            if found is None:
                refused += 1
                continue
            errors, bounds = exact.errors(found), bound(found)
            compared += [
                Compared(
                    instance=number,
                    family=problem.family,
                    way=way,
                    name=name,
                    error=errors[name],
                    bound=getattr(bounds, name),
                    condition=found.spectrum.condition,
                )
                for name in NAMES
            ]
    return Solved(compared=tuple(compared), refused=refused)


def divided(by: Callable[[LeaveOneOut], float]) -> Bound:
    """Return a wrong bound: the right one over `by`."""
    return lambda found: ErrorBound(**{name: getattr(found.errors, name) / by(found) for name in NAMES})


WRONG_BOUNDS: dict[str, Bound] = {
    "a thousandth of it": divided(lambda _: 1e3),
    "without the condition": divided(lambda found: found.spectrum.condition),
}
"""Bounds that must be seen violated: else the problems would not try the right one."""


def corners(chosen: Sequence[Corner] = CORNERS) -> dict[str, tuple[str, Found]]:
    """Return what was wanted and what was found in each corner."""
    with tempfile.TemporaryDirectory() as folder:
        return {corner.name: (corner.wanted, tried(corner, Path(folder))) for corner in chosen}


def astray(wanted: str, found: Found) -> bool:
    """Whether a corner has not come out as it must: an answer where there is one, and never a silent wrong number."""
    return found.outcome == "WRONG" or (wanted in ("right", "refused") and found.outcome != wanted)


def predictions() -> dict[str, float]:
    """Return how far the law in doubles lies outside its ball, relative to it, at the ends of its sizes."""
    ends = [(3, 1, 1), (3, 2, 1), (3, 2, 7), (50, 49, 1), (50, 1, 20), (400, 399, 30), (400, 1, 30)]
    found = {}
    for kernel in (Kernel.RF, Kernel.NTK):
        for name in ("relu", "x**3 - 3*x + x/10**6"):
            for d, d_y, n in ends:
                setting = Setting(kernel=kernel, activation=find_activation(name), d=d, d_y=d_y, n=n)
                found[str(setting)] = _apart(setting)
    return found


def _apart(setting: Setting) -> float:
    """Return the relative distance from the ball, or 0 where the law refuses the setting."""
    try:
        found = predict(setting).gamma
    except ValueError:
        return 0.0
    ball = law_of(setting).gamma
    return max(0.0, abs(found - float(ball.mid())) - float(ball.rad())) / found


def campaign(count: int) -> Campaign:
    """Run everything and return its figures."""
    right, found, laws = compare(range(count)), corners(), predictions()
    wrong = {name: compare(range(count // 4), bound=bound) for name, bound in WRONG_BOUNDS.items()}
    return Campaign(
        title="Numbers where numbers are hard",
        words=WORDS,
        command=COMMAND,
        figures=(*_of_bound(right, wrong), *_of_corners(found), _of_laws(laws)),
        listings=(_by_array(right), _by_corner(found)),
    )


def _of_bound(right: Solved, wrong: dict[str, Solved]) -> Iterator[Figure]:
    instances = {one.instance for one in right.compared}
    conditions = [one.condition for one in right.compared]
    violations = sum(one.violated for one in right.compared)
    yield Figure(
        what="random problems whose bound was held against exact arithmetic",
        measured=f"{len(instances)}, each by two ways where it is not refused, of conditions "
        f"{min(conditions):.0e} to {max(conditions):.0e}",
        target=f"at least {FEWEST}",
        met=len(instances) >= FEWEST,
    )
    yield Figure(
        what="errors above their bound",
        measured=f"{violations} of {len(right.compared)}",
        target="0",
        met=violations == 0,
    )
    for name, found in wrong.items():
        seen = sum(one.violated for one in found.compared)
        yield Figure(
            what=f"the same with a wrong bound, {name}",
            measured=f"{seen} of {len(found.compared)} above it",
            target="seen",
            met=seen > 0,
        )
    yield Figure(
        what="problems refused as singular, or left without any bound",
        measured=f"{right.refused} of {right.refused + len(right.compared) // len(NAMES)} solutions",
        target="less than a third",
        met=right.refused < len(right.compared) // len(NAMES) / 2,
    )


def _of_corners(found: dict[str, tuple[str, Found]]) -> Iterator[Figure]:
    outcomes = Counter(one.outcome for _, one in found.values())
    silent = outcomes.pop("WRONG", 0)
    lost = sum(astray(wanted, one) for wanted, one in found.values())
    yield Figure(
        what="wrong numbers without a word, in the corners of `gammaphi measure`",
        measured=f"{silent} of {len(found)} ({', '.join(f'{n} {name}' for name, n in sorted(outcomes.items()))})",
        target="0",
        met=silent == 0,
    )
    yield Figure(
        what="corners that have an answer and did not give it, or have none and gave one",
        measured=str(lost),
        target="0",
        met=lost == 0,
    )


def _of_laws(laws: dict[str, float]) -> Figure:
    worst = max(laws.values())
    return Figure(
        what="largest distance of `gammaphi predict` from the ball of its law",
        measured=f"{worst:.1e} of gamma, at {len(laws)} settings",
        target="1e-9",
        met=worst <= 1e-9,
    )


def _by_array(right: Solved) -> Listing:
    rows = []
    for name in NAMES:
        ratios = [one.bound / one.error for one in right.compared if one.name == name and one.error > 0]
        rows.append((name.replace("_", " "), *(f"{np.percentile(ratios, share):.0f}" for share in (0, 50, 90))))
    return Listing(
        title="how far the bound lies above the error", head=("array", "least", "median", "90 %"), rows=tuple(rows)
    )


def _by_corner(found: dict[str, tuple[str, Found]]) -> Listing:
    rows = [
        (name, one.outcome, f"{one.error:.0e}" if one.bound else "", f"{one.bound:.0e}" if one.bound else "", one.words)
        for name, (_, one) in found.items()
    ]
    return Listing(title="the corners", head=("corner", "outcome", "error", "bound", "what is said"), rows=tuple(rows))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the campaign, print its figures, and record them if asked; 1 if one misses its target."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--instances", type=int, default=INSTANCES)
    options.add_argument("--record", action="store_true")
    args = options.parse_args(argv)
    found = campaign(args.instances)
    return conclude("stress", found, keep=args.record)


if __name__ == "__main__":
    sys.exit(main())
