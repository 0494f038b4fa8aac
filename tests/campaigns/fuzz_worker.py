"""Runs a stretch of cases of one target in a process of its own, under limits, and tells what was wrong.

    python -m tests.campaigns.fuzz_worker TARGET SEED START STOP FOLDER

Prints a line of JSON for each fault, `[number, case in hex, fault]`, and one at the end, the seconds and bytes it took.
The number of the case at hand lies in `FOLDER/at`, for whoever finds this process dead.
"""

from __future__ import annotations

import json
import mmap
import resource
import sys
import time
from pathlib import Path

from . import fuzz_watch
from .fuzz_targets import TARGETS, case

CASES_BEFORE = 50
"""Run once without being judged: they import and fill what is kept, which is nobody's memory but the library's."""


def faults(target: str, seed: int, numbers: range, folder: Path, at: mmap.mmap):
    """Yield `[number, hex, fault]` of each case that is not answered as it should be."""
    for number in numbers:
        at[:8] = number.to_bytes(8, "little")
        content = case(target, seed, number)
        if found := judged(target, content, folder):
            yield [number, content.hex(), found]


def judged(target: str, content: bytes, folder: Path) -> str | None:
    """Return what is wrong with the answer to one case."""
    reading = TARGETS[target].lay(content, folder)
    return fuzz_watch.fault(reading, given=(folder,))


def main(argv: list[str]) -> None:
    """Run the stretch that the words name."""
    target, (seed, start, stop), folder = argv[0], map(int, argv[1:4]), Path(argv[4])
    with (folder / "at").open("r+b") as file:
        at = mmap.mmap(file.fileno(), 8)
    for number in range(CASES_BEFORE):
        judged(target, case(target, -1, number), folder)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    fuzz_watch.limit_memory()
    begun = time.process_time()
    for line in faults(target, seed, range(start, stop), folder, at):
        print(json.dumps(line), flush=True)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": time.process_time() - begun, "kilobytes": most - before}))


if __name__ == "__main__":
    main(sys.argv[1:])
