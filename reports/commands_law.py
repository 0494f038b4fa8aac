"""The commands about the alignment law: predict, and compare with sampling."""

# ruff: noqa: PLC0415 - as in `commands`: each command pays only for the layers that it uses

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from theory.setting import Setting

from . import document
from .commands import REPORT_NAMES, Result, prepare_report, setting_of
from .envelope import Json, Status, dumps, envelope, provenance
from .terminal import progress

_OF_A_GRID = ("kernel", "activation", "d", "n", "alpha")
_OF_A_MODEL = ("depth", "width", "query")


def run(args: argparse.Namespace, argv: Sequence[str]) -> Result:
    """Run the command that was parsed.  Bad input raises ValueError or OSError."""
    return predict(args) if args.command == "predict" else compare(args, argv)


def predict(args: argparse.Namespace) -> Result:
    """Say what the law expects at one setting: from its modes on spheres, from a pool of any other data."""
    from . import records_law, text_law

    setting = setting_of(args, n=args.n, alpha=args.alpha, data=args.data)
    if args.data == "sphere":
        if args.pool is not None:
            raise ValueError("--pool is for other data: on spheres the law needs none")
        from numerics.prediction import predict as expect

        found = expect(setting)
        return Result(status=Status.PASS, data=records_law.predicted(found), text=text_law.predicted(found))
    if args.pool is None:
        raise ValueError(f"--data {args.data} needs --pool M, the samples, more than N, that the law is read off")
    from numerics.pool import pool_law

    (point,) = pool_law(setting, [setting.n], pool=args.pool, seed=args.seed)
    return Result(
        status=Status.PASS,
        data=records_law.pooled(setting, point, pool=args.pool),
        text=text_law.pooled(setting, point, pool=args.pool, seed=args.seed),
    )


def compare(args: argparse.Namespace, argv: Sequence[str]) -> Result:
    """Hold the law against sampling over a grid or a random design, and write the report if one is wanted."""
    prepare_report(args.report)
    from numerics.comparison import PILOT, summarise
    from numerics.comparison import compare as hold

    from . import records_law, text_law

    if args.trials < PILOT:
        raise ValueError(f"--trials {args.trials}: a pilot alone takes {PILOT}")
    settings, left_out = _settings(args), list[str]()
    # of a random design a setting may be left out; one that was asked for may not
    refused = None if args.design is None else lambda setting, why: left_out.append(f"left out: {setting}: {why}")
    with progress(quiet=args.quiet, verbose=args.verbose) as show:

        def count(done: int, of: int) -> None:
            if show is not None:
                show(f"{done} of {of} settings compared")

        rows = hold(settings, error=args.error, most=args.trials, seed=args.seed, progress=count, refused=refused)
    if not rows:
        raise ValueError(f"no setting of the design could be sampled; {left_out[0]}")
    summary = summarise(rows)
    status = Status.FAIL if summary.rejected else Status.PASS
    data = records_law.compared(rows, summary, seed=args.seed)
    if args.report is not None:
        from .collect_comparison import collect

        write_page(args, argv, status, data, lambda origin: collect(rows, summary, provenance=origin))
    lines = text_law.compared(rows, summary, seed=args.seed)
    return Result(status=status, data=data, text=lines, diagnostics=tuple(left_out))


def _settings(args: argparse.Namespace) -> list[Setting]:
    """Return the settings of the grid that was typed, or of the random design."""
    given = [f"--{name}" for name in (*_OF_A_GRID, *_OF_A_MODEL) if getattr(args, name) is not None]
    if args.design is not None:
        if given:
            raise ValueError(f"--design draws its settings and does not go with {', '.join(given)}")
        from numerics.design import random_settings

        return random_settings(args.design, seed=args.seed)
    missing = [f"--{name}" for name in _OF_A_GRID if getattr(args, name) is None]
    if missing:
        raise ValueError(f"the following arguments are required without --design: {', '.join(missing)}")
    grid = (setting_of(args, n=n, alpha=alpha) for alpha in args.alpha for n in args.n)
    return list(dict.fromkeys(grid))


def write_page(
    args: argparse.Namespace,
    argv: Sequence[str],
    status: Status,
    data: Json,
    collect: Callable[[dict[str, Json]], document.LawComparison | document.PaperFigures],
) -> None:
    """Write the page that `collect` makes of the provenance, and the document, both or neither."""
    from .outline import outline
    from .render_html import render
    from .writing import write_all

    origin = provenance(argv, args.seed)
    page = render(outline(collect(origin)))
    whole = envelope(args.command, status=status, data=data, diagnostics=(), provenance=origin)
    write_all(args.report, dict(zip(REPORT_NAMES, (page, dumps(whole)), strict=True)))
