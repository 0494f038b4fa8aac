"""Two processes against one on the same sweep: `python benchmarks/processes.py [SPEC.toml]`.

Whole commands, start and imports included; both must leave the same table.  Printed is one JSON document.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SMOKE = Path(__file__).parents[1] / "examples" / "sweeps" / "smoke.toml"


def run(spec: Path, folder: Path, jobs: int) -> tuple[float, str]:
    """Return the seconds of a sweep, and its table."""
    ledger, table = folder / f"{jobs}.db", folder / f"{jobs}.csv"
    command = [sys.executable, "-m", "reports", "sweep"]
    start = time.perf_counter()
    subprocess.run([*command, "run", spec, "--out", ledger, "--jobs", str(jobs), "-q"], check=True, capture_output=True)  # noqa: S603
    seconds = time.perf_counter() - start
    subprocess.run([*command, "export", ledger, "--to", table], check=True, capture_output=True)  # noqa: S603
    return seconds, table.read_text()


def main() -> None:
    """Run the sweep both ways, and compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("spec", nargs="?", type=Path, default=SMOKE)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = {jobs: run(given.spec, Path(folder), jobs) for jobs in (1, 2)}
    if found[1][1] != found[2][1]:
        raise SystemExit("the two tables differ")
    seconds = {f"{jobs} processes": taken for jobs, (taken, _) in found.items()}
    print(
        json.dumps({"spec": given.spec.name, "seconds": seconds, "times_faster": found[1][0] / found[2][0]}, indent=2)
    )


if __name__ == "__main__":
    main()
