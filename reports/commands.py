"""One function for each command: arguments in, a `Result` out; nothing is printed and no exit code chosen here."""

# ruff: noqa: PLC0415 - each command pays only for the layers that it uses: `list` must not wait for SciPy

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

from theory.setting import Kernel, Query, Setting, spurious_dimensions

from .envelope import Json, Status, dumps, envelope, provenance
from .terminal import Paint, progress

REPORT_NAMES = ("report.html", "report.json")


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a command found: as data for JSON, as text for people."""

    status: Status
    data: Json
    text: str
    diagnostics: tuple[str, ...] = ()


def run(args: argparse.Namespace, argv: Sequence[str], paint: Paint) -> Result:
    """Run the command that was parsed.  Bad input raises ValueError or OSError."""
    if args.extra is not None and not args.extra.exists():
        raise ValueError(f"--with {args.extra}: there is no such file or folder")
    if args.command == "verify":
        return verify(args, argv, paint)
    if args.command == "derive":
        return derive(args, argv)
    if args.command == "figures":
        from . import commands_figures

        return commands_figures.figures(args, argv)
    if args.command in ("predict", "compare"):
        from . import commands_law

        return commands_law.run(args, argv)
    if args.command == "freeze":
        from . import commands_freeze

        return commands_freeze.freeze(args, argv)
    if args.command in ("report", "cite"):
        from . import commands_report

        return commands_report.report(args, argv) if args.command == "report" else commands_report.cite()
    if args.command == "shortcuts":
        from . import commands_shortcuts

        return commands_shortcuts.shortcuts(args)
    if args.command == "rare":
        from . import commands_rare

        return commands_rare.rare(args)
    if args.command == "sweep":
        from . import commands_sweep

        return commands_sweep.run(args)
    if args.command == "measure":
        from . import commands_measure

        return commands_measure.measure(args)
    return {"order": order, "list": catalogue, "explain": explain}[args.command](args)


def verify(args: argparse.Namespace, argv: Sequence[str], paint: Paint) -> Result:
    """Judge the claims, and write the report if one is wanted."""
    prepare_report(args.report)
    names, extra = (args.claims, args.extra) if args.own is None else _of_own(args)
    if args.mutants:
        from .commands_mutants import mutants

        return mutants(args, names, extra, paint)
    from numerics.experiment import Effort
    from numerics.verification import verify as judge

    from . import outcome, records, text

    with progress(quiet=args.quiet, verbose=args.verbose) as show:
        judgements = judge(names, seed=args.seed, effort=Effort(args.effort), extra=extra, progress=show)
    status = outcome.status(judgements)
    data = {"seed": args.seed, "effort": args.effort, "claims": [records.judgement(j) for j in judgements]}
    if args.report is not None:
        from .collect import collect
        from .outline import outline
        from .render_html import render
        from .writing import write_all

        origin = provenance(argv, args.seed)
        page = render(outline(collect(judgements, effort=args.effort, provenance=origin)))
        document = envelope("verify", status=status, data=data, diagnostics=(), provenance=origin)
        write_all(args.report, dict(zip(REPORT_NAMES, (page, dumps(document)), strict=True)))
    lines = text.verdicts(judgements, effort=args.effort, seed=args.seed, paint=paint)
    return Result(status=status, data=data, text=lines)


def _of_own(args: argparse.Namespace) -> tuple[list[str], Path]:
    """Return which claims of the file of `--claims` are to be judged, and the file."""
    from theory.registry import own_claims

    if args.extra is not None:
        raise ValueError("--claims and --with both name files of your own; give one (a folder may hold everything)")
    mine = own_claims(args.own)
    strangers = [name for name in args.claims if name not in mine]
    if strangers:
        raise ValueError(f"{args.own} has no claim called {strangers[0]!r}; there are {', '.join(mine)}")
    return args.claims or list(mine), args.own


def prepare_report(folder: Path | None) -> None:
    """Refuse early, before anything is computed, what could not be written in the end."""
    if folder is None:
        return
    _require_report_extra()
    from .writing import check_writable

    check_writable(folder, REPORT_NAMES)


def _require_report_extra() -> None:
    missing = [name for name in ("latex2mathml", "markupsafe", "matplotlib") if find_spec(name) is None]
    if missing:
        raise ValueError(f'a report needs {", ".join(missing)}: pip install "gammaphi[report]"')


def derive(args: argparse.Namespace, argv: Sequence[str]) -> Result:
    """Derive everything about one activation, and write the report if one is wanted."""
    prepare_report(args.report)
    from theory.registry import find_activation

    activation = find_activation(args.activation, args.extra)  # before the rest is imported: a refusal does not wait
    from theory.derivation import derivation
    from theory.evidence import Verdict
    from theory.portrait import portrait
    from theory.setting import Query

    from . import records, text

    query = Query(args.query)
    drawn = portrait(activation, tuple(dict.fromkeys(args.at)), digits=args.digits, depth=args.depth, query=query)
    steps = derivation(activation, query=query) if args.steps or args.report is not None else ()
    least = min((*drawn.verdicts, *(verdict for chapter in steps for verdict in chapter.verdicts)))
    status = {Verdict.REFUTED: Status.FAIL, Verdict.UNDECIDED: Status.INCONCLUSIVE}.get(least, Status.PASS)
    data = records.portrait(drawn, steps)
    if args.report is not None:
        from .collect_derivation import collect
        from .outline import outline
        from .render_html import render
        from .writing import write_all

        origin = provenance(argv, None)
        page = render(outline(collect(drawn, steps, provenance=origin)))
        document = envelope("derive", status=status, data=data, diagnostics=(), provenance=origin)
        write_all(args.report, dict(zip(REPORT_NAMES, (page, dumps(document)), strict=True)))
    return Result(status=status, data=data, text=text.derived(drawn, steps if args.steps else ()))


def order(args: argparse.Namespace) -> Result:
    """Compare the gammas of activations."""
    from theory.activations import CATALOGUE
    from theory.degree_law import Law
    from theory.ordering import partial_order
    from theory.registry import find_activation

    from . import records, text

    named = [find_activation(name, args.extra) for name in args.activations]
    if len(named) == 1:
        raise ValueError("one activation has nothing to be compared with; name two or more, or none for all")
    found = partial_order(tuple(dict.fromkeys(named)) or CATALOGUE, Law(args.law))
    return Result(status=Status.PASS, data=records.order(found), text=text.ordered(found))


def setting_of(args: argparse.Namespace, *, n: int, alpha: Fraction, data: str = "sphere") -> Setting:
    """Return the setting that was typed, at one N and one alpha."""
    from theory.registry import find_activation

    return Setting(
        kernel=Kernel(args.kernel),
        activation=find_activation(args.activation, args.extra),
        d=args.d,
        d_y=spurious_dimensions(alpha, args.d),
        n=n,
        width=args.width,
        depth=args.depth,
        data=data,
        query=Query(args.query or Query.RESAMPLE),
    )


def catalogue(args: argparse.Namespace) -> Result:
    """Name the claims and the activations."""
    from theory.registry import activations, claims

    from . import records, text

    found, known = claims(args.extra), tuple(activations(args.extra).values())
    return Result(status=Status.PASS, data=records.catalogue(found, known), text=text.catalogue(found, known))


def explain(args: argparse.Namespace) -> Result:
    """Say what a claim states and how it would be checked."""
    from theory.registry import find_claim

    from . import text

    claim = find_claim(args.claim, args.extra)
    return Result(status=Status.PASS, data=None, text=text.explained(args.claim, claim))
