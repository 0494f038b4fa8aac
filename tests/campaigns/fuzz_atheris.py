"""The same targets under a fuzzer that sees which branches a case took, where it is installed: `pip install atheris`.

    python -m tests.campaigns.fuzz_atheris TARGET [-runs=N] [-seed=S] [FOLDER]

The options are libFuzzer's.  What is watched and what is a fault is as in `fuzz`; the first fault ends the run with its
case in a file `crash-...`.  It is no part of the suite: it needs a library that not every system has.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["theory", "numerics", "reports", "tomllib"]):
    from . import fuzz_watch
    from .fuzz_targets import TARGETS, case
    from .fuzz_worker import judged

JSON = ("arguments", "pages")
"""Targets whose cases are wrapped in JSON that is ours, and so not the fuzzer's to spoil."""


def main(argv: list[str]) -> None:
    """Fuzz one target."""
    target, *options = argv
    if target not in set(TARGETS) - set(JSON):
        raise SystemExit(f"no such target: {target}; there are {', '.join(sorted(set(TARGETS) - set(JSON)))}")
    folder, sound = Path(tempfile.mkdtemp()), Path(tempfile.mkdtemp())
    for number in range(200):  # to start from
        (sound / f"{number}").write_bytes(case(target, 0, number)[:20_000])
        judged(target, case(target, -1, number), folder)
    fuzz_watch.limit_memory()

    def once(content: bytes) -> None:
        if found := judged(target, content, folder):
            raise RuntimeError(found)

    atheris.Setup([sys.argv[0], *options, str(sound)], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
