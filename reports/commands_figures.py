"""The command `figures`: draw the paper's figures from the law, and sample them, each into a ledger beside the page."""

# ruff: noqa: PLC0415 - as in `commands`: each command pays only for the layers that it uses

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from .commands import Result, prepare_report
from .envelope import Status
from .terminal import Bar, Show, progress

if TYPE_CHECKING:
    from numerics.ledger import Contents

    from .shipped import Experiment

_OF_SAMPLES = ("full", "images", "jobs", "resume")


def figures(args: argparse.Namespace, argv: Sequence[str]) -> Result:
    """Draw the figures; a trial that failed makes the status FAIL."""
    prepare_report(args.report)
    given = [f"--{name}" for name in _OF_SAMPLES if getattr(args, name)]
    if given and not args.sampled:
        raise ValueError(f"{given[0]} is about samples, and needs --sampled")
    from . import paper_figures, records_law, shipped, text_law, text_sweep
    from .commands_law import write_page

    with progress(quiet=args.quiet, verbose=args.verbose) as show:
        found = _sampled(args, show) if args.sampled else []
        if show is not None:
            show("drawing the law")
        plates = (
            [] if args.full else [paper_figures.of_law(one, seed=args.seed) for one in shipped.synthetic(full=True)]
        )
        plates += [paper_figures.of_ledger(one, contents) for one, contents in found]
    failed = tuple(line for _, contents in found for line in text_sweep.failures(contents))
    status, data = Status.FAIL if failed else Status.PASS, records_law.plates(plates)
    write_page(args, argv, status, data, lambda origin: paper_figures.page(plates, provenance=origin))
    return Result(status=status, data=data, text=text_law.drawn(plates, args.report), diagnostics=failed)


def _sampled(args: argparse.Namespace, show: Show | None) -> list[tuple[Experiment, Contents]]:
    """Run what the ledgers in the folder of the report lack, and return what they hold.

    Everything is read, and every ledger that must not be there looked for, before the first trial.
    """
    from numerics import ledger
    from numerics.sweep_run import run_sweep

    from . import shipped

    wanted = (*shipped.synthetic(full=args.full), shipped.images(args.images or "digits", full=args.full))
    sweeps = {one: one.sweep(seed=args.seed) for one in wanted}
    paths = {one: args.report / f"{one.name}.db" for one in wanted}
    for path in paths.values():
        if path.exists() and not args.resume:
            raise ValueError(f"{path} exists: --resume goes on with it, and it is never overwritten")
    args.report.mkdir(parents=True, exist_ok=True)
    for one, sweep in sweeps.items():
        run_sweep(sweep, paths[one], jobs=args.jobs or 1, resume=args.resume, progress=_bar(one.name, show))
    return [(one, ledger.read(path)) for one, path in paths.items()]


def _bar(name: str, show: Show | None) -> Callable[[int, int], None]:
    """Return what shows the progress of one sweep."""
    bar = Bar()

    def tell(done: int, of: int) -> None:
        if show is not None:
            show(f"{name} {bar.line(done, of)}")

    return tell
