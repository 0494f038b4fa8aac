"""Mutation testing of the code itself: the leave-one-out core in full, and of `theory/` a random sample.

    python -m tests.campaigns.mutation [--sample 500] [--seed 1] [--module theory/hermite.py ...] [--jobs 1] [--record]

It reads what `make coverage` saw, changes no file, and keeps each result in `build/mutation.jsonl`, so that a run that
was broken off goes on where it was.  `theory/claims/` is left out: those files are statements, and their mutants are
statements too, which the checks of the claims must refuse (`gammaphi verify --mutants`).
"""

import argparse
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple
from functools import partial
from pathlib import Path

from .mutation_operators import Mutant, changes, mutants, read
from .mutation_results import Kept, Result, explanation
from .mutation_selection import Selection
from .mutation_trial import Outcome, trial

CORE = ("numerics/leave_one_out.py", "numerics/symmetric.py", "numerics/stacked.py", "theory/interpolation.py")
EACH = 100
"""Of so many mutants one is tried without its change."""
DATA, KEPT = Path("build/coverage/data"), Path("build/mutation.jsonl")


def every(paths: Iterable[str]) -> list[Mutant]:
    """Return all mutants of some files."""
    return [mutant for path in paths for mutant in mutants(path, read(path)) if changes(mutant, read(path))]


def sampled(paths: Iterable[str], *, size: int, seed: int) -> tuple[list[Mutant], int]:
    """Return a sample of the mutants of some files, none twice, and out of how many places it was drawn.

    Each place draws a number of its own and the smallest are taken, so a file that is added or changed leaves the rest
    of the sample as it was, and a longer sample begins with a shorter one.  What is no mutant is passed over.
    """
    places = [mutant for path in paths for mutant in mutants(path, read(path))]
    places.sort(key=lambda place: random.Random(f"{seed} {astuple(place)}").random())  # noqa: S311 - not a secret
    drawn = (mutant for mutant in places if changes(mutant, read(mutant.path)))
    return [mutant for _, mutant in zip(range(size), drawn, strict=False)], len(places)


def theory() -> list[str]:
    """Return the files of `theory/` that are sampled."""
    files = (path.as_posix() for path in sorted(Path("theory").rglob("*.py")))
    return [path for path in files if not path.startswith("theory/claims/") and path not in CORE]


def tried(mutant: Mutant, *, selection: Selection, source: str | None = None) -> Result:
    """Return what the tests that reach a mutant make of it, or of another `source` in its place."""
    original = read(mutant.path)
    module = mutant.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    outcome, count = Outcome.NO_TESTS, 0
    for stage in selection.stages(mutant):
        limit = 10 + 3 * sum(seconds for _, seconds in stage)
        count += len(stage)
        outcome = trial(module, source or mutant.source(original), [test for test, _ in stage], seconds=limit)
        if outcome is not Outcome.SURVIVED:
            break
    return Result(mutant.path, mutant.line, *mutant.change(original), outcome.value, count)


def controls(found: Sequence[Mutant], selection: Selection) -> list[Result]:
    """Return what the same trials make of files without a change, for one mutant in `EACH`."""
    return [tried(mutant, selection=selection, source=read(mutant.path)) for mutant in found[::EACH]]


def shown(results: Iterable[Result]) -> Iterator[Result]:
    """Print each survivor when it is met, with its explanation."""
    for number, result in enumerate(results, 1):
        if result.survived:
            sys.stdout.write(
                f"{number}: {result.path}:{result.line}, {result.tests} tests\n- {result.before}\n+ {result.after}\n"
                f"{explanation(result) or 'NOT EXPLAINED'}\n\n"
            )
            sys.stdout.flush()
        yield result


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the campaign and return 1 if a figure misses its target."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.mutation", description=__doc__.splitlines()[0])
    parser.add_argument("--sample", type=int, default=500, help="how many mutants of theory/ (500)")
    parser.add_argument("--seed", type=int, default=1, help="of the sample (1)")
    parser.add_argument("--module", nargs="+", metavar="FILE", help="all mutants of these files, and nothing else")
    parser.add_argument("--jobs", type=int, default=1, help="mutants at a time (1)")
    parser.add_argument("--again", action="store_true", help="try survivors that are not explained anew")
    parser.add_argument("--record", action="store_true", help="write the figures into reports/campaigns")
    options = parser.parse_args(arguments)
    try:
        selection = Selection(DATA)
        core = every(options.module or CORE)
        sample, places = ([], 0) if options.module else sampled(theory(), size=options.sample, seed=options.seed)
        selection.require(*{mutant.path for mutant in (*core, *sample)})
    except (OSError, ValueError) as wrong:
        parser.error(str(wrong))
    kept, try_it = Kept(KEPT, again=options.again), partial(tried, selection=selection)
    with ThreadPoolExecutor(options.jobs) as pool:
        found = [*shown(pool.map(lambda mutant: kept.result(mutant, try_it), (*core, *sample)))]
    if options.module:
        sys.stdout.write(f"killed: {sum(not result.survived for result in found)} of {len(found)}\n")
        return 0
    unchanged = controls([*core, *sample], selection)
    return _end(found[: len(core)], found[len(core) :], unchanged, options, places)


def _end(
    core: Sequence[Result],
    sample: Sequence[Result],
    unchanged: Sequence[Result],
    options: argparse.Namespace,
    places: int,
) -> int:
    """Print the figures, and record them; what imports our packages is imported after the trials, not before."""
    from reports.campaigns import conclude

    from .mutation_report import campaign

    measured = campaign(core, sample, unchanged, seed=options.seed, places=places)
    return conclude("mutation", measured, keep=options.record)


if __name__ == "__main__":
    sys.exit(main())
