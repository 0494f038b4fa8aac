"""Branch coverage of the three packages by the tests that are not slow, subprocesses included.

    python -m tests.campaigns.coverage [--again | --add FILE ...] [--record]

leaves `build/coverage/data`, in which each line is noted with the tests that ran it, for the mutation campaign and for
`coverage html`; `--again` reads what an earlier run left, `--add` adds tests to it that were written since.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from reports.campaigns import Campaign, Figure, Listing, conclude

from .coverage_contexts import PACKAGES, TESTS, seen, sources

DATA = TESTS.with_name("data")
TAKEN = 0.95
PLUGIN = f"{__package__}.coverage_contexts"
RUN = ("run", "-m", "pytest", "-q", "-p", PLUGIN, "-m", "not slow")
WORDS = """\
The tests that are not slow are run under `coverage.py`, which notes each statement and each branch (a condition that \
holds, a condition that fails) of the three packages that they go through, in the processes that they start too. What \
is left out of the count is marked in the source or in `pyproject.toml`, with the reason. A line that was run is not a \
line that was checked: what the tests would notice is the subject of the changes below."""


def measure(added: Sequence[str] = ()) -> int:
    """Run the tests, or `added` ones, under coverage, put the data together and return the tests' exit status.

    Raises ValueError if tests are to be added to a run that saw other sources.
    """
    if added and seen() != sources():
        raise ValueError("the sources are not those that the earlier run saw: run all tests")
    for old in () if added else (*DATA.parent.glob("data*"), TESTS):
        old.unlink(missing_ok=True)
    done = subprocess.run([sys.executable, "-m", "coverage", *RUN, *added], check=False).returncode
    subprocess.run([sys.executable, "-m", "coverage", "combine", "--quiet", "--append"], check=True)
    return done


def counted() -> dict[str, Any]:
    """Return the report of coverage.py as data."""
    target = DATA.with_name("report.json")
    subprocess.run([sys.executable, "-m", "coverage", "json", "--quiet", "-o", str(target)], check=True)
    return dict(json.loads(target.read_text()))


def campaign(report: Mapping[str, Any]) -> Campaign:
    """Return the figures: branches, and statements with branches, as coverage.py counts them; each package's."""
    files = {path: found["summary"] for path, found in report["files"].items()}
    rows = [(package, *_row([s for path, s in files.items() if path.startswith(package)])) for package in PACKAGES]
    least = sorted((path for path in files if _share(files[path]) < TAKEN), key=lambda path: _share(files[path]))
    total = report["totals"]
    figures = (
        Figure(
            what="branches taken",
            measured=_of(total["covered_branches"], total["num_branches"]),
            target=f"at least {TAKEN:.0%}",
            met=total["covered_branches"] >= TAKEN * total["num_branches"],
        ),
        Figure(
            what="statements run and branches taken, together",
            measured=f"{total['percent_covered']:.1f} %",
            target=f"at least {TAKEN:.0%}",
            met=total["percent_covered"] >= 100 * TAKEN,
        ),
    )
    head = ("package", "statements", "branches")
    return Campaign(
        title="What the tests run through",
        words=WORDS,
        command="make coverage",
        figures=figures,
        listings=(
            Listing(title="The packages", head=head, rows=tuple(rows)),
            Listing(
                title=f"Files of which less than {TAKEN:.0%} is gone through",
                head=("file", "statements", "branches"),
                rows=tuple((path, *_row([files[path]])) for path in least),
            ),
        ),
    )


def _share(summary: Mapping[str, Any]) -> float:
    return float(summary["percent_covered"]) / 100


def _row(summaries: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """Return the statements and the branches of some files, as read."""
    pairs = (("covered_lines", "num_statements"), ("covered_branches", "num_branches"))
    statements, branches = (_of(*(sum(one[key] for one in summaries) for key in pair)) for pair in pairs)
    return statements, branches


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.1%})" if whole else "none"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the campaign and return 1 if a figure misses its target or a test fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.coverage", description=__doc__.splitlines()[0])
    kept = parser.add_mutually_exclusive_group()
    kept.add_argument("--again", action="store_true", help="read what an earlier run left")
    kept.add_argument("--add", nargs="+", default=(), metavar="FILE", help="run these tests alone, beside that run")
    parser.add_argument("--record", action="store_true", help="write the figures into reports/campaigns")
    options = parser.parse_args(arguments)
    try:
        failed = 0 if options.again else measure(options.add)
    except ValueError as wrong:
        parser.error(str(wrong))
    found = campaign(counted())
    return conclude("coverage", found, keep=options.record and not failed) or int(failed != 0)


if __name__ == "__main__":
    sys.exit(main())
