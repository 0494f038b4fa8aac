"""Faults of the machine under the commands that write: output whole or as it was, a true ledger, the right exit status.

python -m tests.campaigns.faults [--kills 2] [--record]
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from reports.campaigns import Campaign, Figure, Listing, conclude

from .fault_cases import (
    Case,
    called,
    crowded,
    kept_out,
    killed,
    limited_memory,
    limited_size,
    out_of_time,
    swept,
    unprintable,
)
from .fault_commands import COMMANDS, at_hand, known, prepare

KILLS = 2
FEWEST = 100
COMMAND = "make faults"
WORDS = (
    "Each command that writes files was run over the files of an earlier run while something failed: a call of the "
    "system at a chosen moment (disk full, read-only, broken, no memory, Ctrl-C), a limit on files or memory, a full "
    "or read-only file system, a terminal that cannot be written to, SIGKILL, SIGTERM or SIGINT at random moments, "
    "clocks that stand still, run backwards or jump by years, two processes with one output. Afterwards all files must "
    "be the old ones or the new ones (after SIGKILL or SIGTERM each by itself), nothing may lie beside them, the exit "
    "status must be the documented one, and stderr must hold one line; a sweep that was ended must resume to the "
    "numbers of one that was not. Processes are forks with results and drawn pages at hand, so that a moment at random "
    "is one of collecting and writing. What it does not show: power cuts, network file systems, other systems than "
    "Linux, Ctrl-C while Python itself starts."
)


def cases(folder: Path, kills: int) -> Iterator[Case]:
    """Yield every fault with what came of it."""
    rng = np.random.default_rng(7)
    with at_hand():
        prepare(folder)
        for command in COMMANDS:
            files = known(command, folder)
            yield from called(command, files, folder)
            yield from limited_size(command, files, folder)
            yield from unprintable(command, files, folder)
            yield from killed(command, files, folder, rng, kills)
            yield from out_of_time(command, files, folder)
            yield from crowded(command, files, folder)
            yield from kept_out(command, files, folder)
        yield from limited_memory(folder)
        yield from swept(folder, rng, kills)


def campaign(kills: int) -> Campaign:
    """Inject every fault and return the figures."""
    with tempfile.TemporaryDirectory() as folder:
        found = list(cases(Path(folder), kills))
    tried = [case for case in found if not case.skipped]
    wrong = [case for case in tried if case.wrong]
    kinds = {case.kind for case in tried}
    return Campaign(
        title="Faults of the machine",
        words=WORDS,
        command=COMMAND,
        figures=(
            Figure(
                what="faults injected",
                measured=f"{len(tried)}, of {len(kinds)} kinds",
                target=f"at least {FEWEST}",
                met=len(tried) >= FEWEST,
            ),
            *(
                Figure(
                    what=what,
                    measured=str(sum(case.about(word) for case in wrong)),
                    target="0",
                    met=not any(case.about(word) for case in wrong),
                )
                for what, word in (
                    ("outputs half written, mixed or lost", "output"),
                    ("files left beside the output (after SIGKILL and SIGTERM they may be: hidden)", "beside"),
                    ("wrong exit statuses", "status"),
                    ("tracebacks, or more than one line on stderr", "words"),
                    ("ledgers that lie, or do not resume", "ledger"),
                )
            ),
            Figure(
                what="faults that could not be injected here",
                measured=str(len(found) - len(tried)),
                target="told",
                met=True,
            ),
        ),
        listings=(_listing(found),),
    )


def _listing(found: Sequence[Case]) -> Listing:
    """Return one row for each kind of fault under each command, and one for each violation."""
    rows: dict[tuple[str, str], Counter[str]] = {}
    for case in found:
        ended = "not possible here" if case.skipped else case.wrong or f"exit status {case.code}"
        rows.setdefault((case.command, case.kind), Counter())[ended] += 1
    return Listing(
        title="what was injected, and what came of it",
        head=("command", "fault", "how it ended"),
        rows=tuple(
            (command, kind, ", ".join(f"{count} times {ended}" for ended, count in sorted(counts.items())))
            for (command, kind), counts in rows.items()
        ),
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the campaign, print its figures, and record them if asked; 1 if one misses its target."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=KILLS, help="kills of each command by each signal")
    options.add_argument("--record", action="store_true")
    args = options.parse_args(argv)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    found = campaign(args.kills)
    if not args.record:
        sys.stdout.writelines(f"{' | '.join(row)}\n" for row in found.listings[0].rows)
    return conclude("faults", found, keep=args.record)


if __name__ == "__main__":
    sys.exit(main())
