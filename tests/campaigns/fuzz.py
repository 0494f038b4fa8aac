"""Hostile input by the million: every reader of a stranger's bytes answers, or refuses in one line, and does no more.

    python -m tests.campaigns.fuzz [--target [NAME ...]] [--cases N] [--seed S] [--record]

A case is decided by its target, its number and the seed.  Each target is run in a process of its own that may take
1 GiB more than it had, and each case has 2 s of processor time; a process that dies or no longer listens is a fault of
the case that it had at hand, and the next one goes on behind it.  What came of a target is kept in `build/fuzz`, and
what is printed and recorded is of all targets that were run under this seed, each as it was run last.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from reports.campaigns import Campaign, Figure, Listing, record

from . import fuzz_watch
from .fuzz_targets import TARGETS, case

ROOT = Path(__file__).resolve().parents[2]
FINDINGS = Path(__file__).with_name("fuzz_findings.json")
"""What was found and mended: target, case in hex, what it did.  The suite tries each again."""
KEPT = ROOT / "build" / "fuzz"
"""What came of each target, by seed: a run that is cut short goes on with the targets that it lacks."""
NOWHERE = bytes([255] * 8)
PATIENCE = 60
"""Seconds without a new case after which a process does not listen to its own limits any more."""
COMMAND = "make fuzz"


@dataclass
class Ran:
    """What came of one target: how many cases, each fault with its number and its case, and what it took."""

    target: str
    cases: int
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    seconds: float = 0.0
    kilobytes: int = 0


def run(target: str, *, cases: int, seed: int, patience: float = PATIENCE) -> Ran:
    """Return what came of so many cases of one target."""
    ran, start = Ran(target=target, cases=cases), 0
    # in memory where there is such a place: a case is a file that is read once
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:  # noqa: S108
        at = Path(folder) / "at"
        while start < cases:
            at.write_bytes(NOWHERE)
            command = [
                sys.executable,
                "-m",
                f"{__package__}.fuzz_worker",
                target,
                *map(str, (seed, start, cases)),
                folder,
            ]
            with (Path(folder) / "out").open("w+") as out, subprocess.Popen(command, cwd=ROOT, stdout=out) as worker:
                _watch(worker, at, patience)
                out.seek(0)
                lines = [json.loads(line) for line in out]
            ran.faults += [tuple(line) for line in lines if isinstance(line, list)]
            if lines and isinstance(lines[-1], dict):
                ran.seconds, ran.kilobytes = (
                    ran.seconds + lines[-1]["seconds"],
                    max(ran.kilobytes, lines[-1]["kilobytes"]),
                )
                break
            if at.read_bytes() == NOWHERE:
                raise RuntimeError(f"{target}: the process ended before its first case")
            number = int.from_bytes(at.read_bytes()[:8], "little")
            ran.faults.append((number, case(target, seed, number).hex(), f"ended its process, {worker.returncode}"))
            start = number + 1
    return ran


def _watch(worker: subprocess.Popen, at: Path, patience: float) -> None:
    """Wait for a process, and end it where its case does not change any more."""
    seen, since = b"", time.monotonic()
    while True:
        try:
            worker.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            now = at.read_bytes()
            if now != seen or now == NOWHERE:  # to import takes as long as it takes
                seen, since = now, time.monotonic()
            elif time.monotonic() - since > patience:
                worker.kill()
        else:
            return


def campaign(found: list[Ran], seed: int) -> Campaign:
    """Return what is shown of a run."""
    total, faults = sum(ran.cases for ran in found), sum(len(ran.faults) for ran in found)
    mended = json.loads(FINDINGS.read_text())
    return Campaign(
        title="Hostile input",
        words=(
            f"Formulas, files and command lines that nobody would write, drawn from seed {seed}: by the grammar or the "
            "structure of a sound one and then spoilt, with checksums made right, or blindly. Each case is read in a "
            f"process that may take {fuzz_watch.ROOM >> 20} MiB beyond what it had, with {fuzz_watch.SECONDS:g} s of "
            "processor time, under an audit hook that hears code compiled or run, processes, sockets, and files opened "
            "that are not the case. A good answer is a value that fits, or a refusal of one printable line. Reports "
            "are written of hostile strings and their structure compared with that of plain words. That no fault is "
            "left among these cases does not show that there is none: what is not drawn is not tried, and SQLite, NumPy"
            " and SymPy are watched from outside only. Deriving from a formula that was read is not timed here."
        ),
        command=COMMAND,
        figures=(
            Figure(what="cases in all", measured=f"{total}", target="1000000 or more", met=total >= 10**6),
            Figure(
                what="cases that crashed, hung, took too much, ran code or said more than a line",
                measured=f"{faults}",
                target="0",
                met=faults == 0,
            ),
        ),
        listings=(
            Listing(
                title="What was read",
                head=("target", "cases", "faults", "processor time, s", "MiB at most, beyond the start"),
                rows=tuple(
                    (
                        TARGETS[ran.target].what,
                        f"{ran.cases}",
                        f"{len(ran.faults)}",
                        f"{ran.seconds:.0f}",
                        f"{ran.kilobytes / 1024:.0f}",
                    )
                    for ran in found
                ),
            ),
            Listing(
                title="What was found before and mended, a line for each kind",
                head=("target", "what it did"),
                rows=tuple((TARGETS[one["target"]].what, one["did"]) for one in mended if one["did"]),
            ),
        ),
    )


def report(ran: Ran) -> Iterator[str]:
    """Yield a line for a target, and for each of its first faults."""
    yield f"{ran.target}: {ran.cases} cases, {len(ran.faults)} faults, {ran.seconds:.0f} s, {ran.kilobytes >> 10} MiB"
    for number, content, fault in ran.faults[:5]:
        yield f"  {number}: {fault}\n    {content[:200]}"


def main(argv: list[str] | None = None) -> int:
    """Run the campaign, print it, and return 1 if a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", nargs="*", default=list(TARGETS), help="none: only what is kept (default: all)")
    parser.add_argument("--cases", type=int, help="of each target (default: a million in all)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--record", action="store_true", help="keep what was found for the report")
    args = parser.parse_args(argv)
    if strange := set(args.target) - TARGETS.keys():
        parser.error(f"no such target: {', '.join(sorted(strange))}; there are {', '.join(TARGETS)}")
    kept = KEPT / f"{args.seed}"
    kept.mkdir(parents=True, exist_ok=True)
    for target in args.target:
        ran = run(target, cases=args.cases or TARGETS[target].cases, seed=args.seed)
        (kept / f"{target}.json").write_text(json.dumps(asdict(ran)))
        print("\n".join(report(ran)), flush=True)
    files = [kept / f"{target}.json" for target in TARGETS]
    made = campaign([Ran(**json.loads(file.read_text())) for file in files if file.exists()], args.seed)
    print(made.text())
    if args.record:
        record("fuzz", made)
    return 0 if all(figure.met for figure in made.figures[args.cases is not None :]) else 1


if __name__ == "__main__":
    sys.exit(main())
