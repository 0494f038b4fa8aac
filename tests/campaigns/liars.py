"""The verifier attacked by claims files that lie: each is to be refused in its own words, its honest original to pass.

python -m tests.campaigns.liars [--record]
"""

from __future__ import annotations

import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from reports.campaigns import Campaign, Figure, Listing, conclude
from reports.command_line import main as gammaphi

from .lies import STATED, STATEMENTS, Lie
from .lies_measured import MEASURED, MEASUREMENTS

LIES = STATEMENTS + MEASUREMENTS
HONEST = {"a statement": STATED, "a measurement": MEASURED}
BEFORE = 48
"""How many ended with status 0 before `verify` looked for lies, of the 77 that there were then."""
ERROR = "gammaphi: error: "


def verified(text: str, folder: Path, name: str) -> tuple[int, str]:
    """Return the exit status of `gammaphi verify --claims` on a file of this text, and what was said to stderr."""
    path = folder / f"{name}.py"  # a file of each name is read once in a process
    path.write_text(text)
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = gammaphi(["verify", "--claims", str(path), "--quick", "--quiet"])
    return status, err.getvalue().strip()


def fault(lie: Lie, status: int, said: str) -> str | None:
    """Return what is wrong with how a lie was met, None where it was refused, in one line and for what it is."""
    if status == 0:
        return "passed"
    if not said.startswith(ERROR) or "\n" in said or "internal error" in said:
        return f"no line of refusal: status {status}, {said!r}"
    return None if lie.words in said else f"other words: {said}"


def met(lies: Sequence[Lie], folder: Path) -> Iterator[tuple[Lie, str, str | None]]:
    """Yield each lie with what was said of it, and what is wrong with that."""
    for number, lie in enumerate(lies):
        status, said = verified(lie.text, folder, f"lie_{number}_{len(lie.name)}")
        yield lie, said.removeprefix(ERROR).partition(": ")[2] or said, fault(lie, status, said)


def campaign(lies: Sequence[Lie] = LIES) -> Campaign:
    """Try every lie and every honest original."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        honest = [verified(text, folder, f"honest_{i}")[0] for i, text in enumerate(HONEST.values())]
        found = list(met(lies, folder))
    wrong = [(lie.name, why) for lie, _, why in found if why is not None]
    return Campaign(
        title="Claims files that lie",
        words=(
            "Each file is an honest claims file with one passage changed, so that it says something false, or nothing, "
            "through the package's own types. It is to be refused before anything is measured, in one line that names "
            f"the lie. Before the frame looked for lies, {BEFORE} of the first 77 ended with status 0, and one never "
            "ended. A claims file is Python and runs with the user's rights: one that leaves these types, and changes "
            "the package or the process, is not held by any of this; nor is one whose words do not say what it tries."
        ),
        command="make liars",
        figures=(
            Figure(
                what="lies refused, each in its own words",
                measured=f"{len(found) - len(wrong)} of {len(found)}",
                target="all",
                met=not wrong,
            ),
            Figure(
                what="honest originals that pass",
                measured=f"{honest.count(0)} of {len(honest)}",
                target="all",
                met=honest.count(0) == len(honest),
            ),
        ),
        listings=(
            Listing(
                title="What was said of each",
                head=("lie", "refused with"),
                rows=tuple((lie.name, why or said) for lie, said, why in found),
            ),
        ),
    )


def main() -> int:
    """Print the table, and record it if asked to."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--record", action="store_true", help="write the figures for the report")
    args = parser.parse_args()
    found = campaign()
    for name, said in found.listings[0].rows:
        sys.stdout.write(f"{name}\n    {said}\n")
    return conclude("liars", found, keep=args.record)


if __name__ == "__main__":
    sys.exit(main())
