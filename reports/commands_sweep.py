"""The commands about sweeps: run one, show what its ledger holds, export it."""

# ruff: noqa: PLC0415 - as in `commands`: what is refused at once does not wait for the rest to be imported

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from .commands import Result
from .envelope import Status
from .terminal import Bar, progress

if TYPE_CHECKING:
    from numerics.sweep import Sweep


def run(args: argparse.Namespace) -> Result:
    """Run the action that was parsed.  Bad input raises ValueError or OSError."""
    return {"run": perform, "show": show, "export": export}[args.action](args)


def perform(args: argparse.Namespace) -> Result:
    """Run the trials that the ledger lacks; a trial that failed makes the status FAIL."""
    if args.out is None and not args.dry_run:
        raise ValueError("--out FILE is required, unless with --dry-run")
    from numerics import ledger
    from numerics.sweep_run import run_sweep
    from numerics.sweep_spec import read

    from . import records_sweep, shipped, text_sweep

    sweep, bar = read(shipped.find(args.spec), data=args.images), Bar()
    if args.dry_run:
        return _planned(sweep, args.jobs)
    with progress(quiet=args.quiet, verbose=args.verbose) as tell:

        def count(done: int, of: int) -> None:
            if tell is not None:
                tell(bar.line(done, of))

        run_sweep(sweep, args.out, jobs=args.jobs, scheduler=args.scheduler, resume=args.resume, progress=count)
    contents = ledger.read(args.out)
    return Result(
        status=Status.FAIL if contents.failed else Status.PASS,
        data={"action": "run", **records_sweep.counts(contents)},
        text=text_sweep.ran(contents, args.out),
    )


def _planned(sweep: Sweep, jobs: int) -> Result:
    """Say what a sweep would cost; trials that do not fit make the status FAIL, as they would."""
    from numerics.sweep_plan import plan_sweep

    from . import records_sweep, text_sweep

    found = plan_sweep(sweep)
    return Result(
        status=Status.FAIL if found.refused else Status.PASS,
        data={"action": "plan", **records_sweep.planned(found)},
        text=text_sweep.planned(found, jobs=jobs),
    )


def show(args: argparse.Namespace) -> Result:
    """Say cell by cell what a ledger holds, beside the law; or print every trial as CSV."""
    if args.json and args.format == "csv":
        raise ValueError("--format csv prints a table and does not go with --json")
    from numerics import ledger

    contents = ledger.read(args.file)
    if args.format == "csv":
        from .sweep_table import to_csv

        return Result(status=Status.PASS, data=None, text=to_csv(contents))
    from numerics.sweep_summary import summarise

    from . import records_sweep, text_sweep

    cells = summarise(contents)
    data = {"action": "show", **records_sweep.counts(contents), "cells": [records_sweep.cell(cell) for cell in cells]}
    return Result(status=Status.PASS, data=data, text=text_sweep.shown(contents, cells))


def export(args: argparse.Namespace) -> Result:
    """Write every trial of a ledger as one table."""
    from .sweep_table import FORMATS, write

    if args.to.suffix not in FORMATS:
        raise ValueError(f"--to {args.to}: a table ends in {' or '.join(FORMATS)}")
    if args.to.exists() and args.file.exists() and args.to.samefile(args.file):
        raise ValueError(f"--to {args.to}: this is the ledger itself")
    from numerics import ledger

    from . import records_sweep

    contents = ledger.read(args.file)
    write(contents, args.to)
    data = {"action": "export", **records_sweep.counts(contents), "to": str(args.to)}
    return Result(status=Status.PASS, data=data, text=f"{len(contents.outcomes)} trials in {args.to}\n")
