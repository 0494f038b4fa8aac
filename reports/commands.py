"""One function for each command: arguments in, a `Result` out; nothing is printed and no exit code chosen here."""

# ruff: noqa: PLC0415 - each command pays only for the layers that it uses: `list` must not wait for SciPy

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

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
    if args.extra is not None and not args.extra.is_dir():
        raise ValueError(f"--with {args.extra}: there is no such folder")
    if args.command == "verify":
        return verify(args, argv, paint)
    return {"derive": derive, "measure": measure, "list": catalogue, "explain": explain}[args.command](args)


def verify(args: argparse.Namespace, argv: Sequence[str], paint: Paint) -> Result:
    """Judge the claims, and write the report if one is wanted."""
    if args.report is not None:
        _require_report_extra()
        from .writing import check_writable, write_all

        check_writable(args.report, REPORT_NAMES)
    from numerics.experiment import Effort
    from numerics.verification import verify as judge

    from . import outcome, records, text

    with progress(quiet=args.quiet, verbose=args.verbose) as show:
        judgements = judge(args.claims, seed=args.seed, effort=Effort(args.effort), extra=args.extra, progress=show)
    status = outcome.status(judgements)
    data = {"seed": args.seed, "effort": args.effort, "claims": [records.judgement(j) for j in judgements]}
    if args.report is not None:
        from .collect import collect
        from .render_html import render

        origin = provenance(argv, args.seed)
        page = render(collect(judgements, effort=args.effort, provenance=origin))
        document = envelope("verify", status=status, data=data, diagnostics=(), provenance=origin)
        write_all(args.report, dict(zip(REPORT_NAMES, (page, dumps(document)), strict=True)))
    lines = text.verdicts(judgements, effort=args.effort, seed=args.seed, paint=paint)
    return Result(status=status, data=data, text=lines)


def _require_report_extra() -> None:
    missing = [name for name in ("jinja2", "latex2mathml", "matplotlib") if find_spec(name) is None]
    if missing:
        raise ValueError(f'a report needs {", ".join(missing)}: pip install "gammaphi[report]"')


def derive(args: argparse.Namespace) -> Result:
    """Derive everything about one activation."""
    from theory.evidence import Verdict, weakest
    from theory.portrait import portrait
    from theory.registry import find_activation

    from . import records, text

    drawn = portrait(find_activation(args.activation, args.extra), tuple(dict.fromkeys(args.at)))
    numbers = [row.value for row in drawn.hermite] + [v for values in drawn.at.values() for v in values.values()]
    least = weakest(number.verdict for number in numbers)
    status = {Verdict.REFUTED: Status.FAIL, Verdict.UNDECIDED: Status.INCONCLUSIVE}.get(least, Status.PASS)
    return Result(status=status, data=records.portrait(drawn), text=text.derived(drawn))


def measure(args: argparse.Namespace) -> Result:
    """Sample one setting."""
    from numerics.measurement import measure as sample
    from theory.registry import find_activation
    from theory.setting import Kernel, Query, Setting, spurious_dimensions

    from . import records, text

    setting = Setting(
        kernel=Kernel(args.kernel),
        activation=find_activation(args.activation, args.extra),
        d=args.d,
        d_y=spurious_dimensions(args.alpha, args.d),
        n=args.n,
        width=args.width,
        data=args.data,
        query=Query(args.query),
    )
    numbers = sample(setting, trials=args.trials, seed=args.seed).to_dict()
    data = {**numbers, "setting": records.setting(setting)}
    return Result(status=Status.PASS, data=data, text=text.measured(setting, numbers, seed=args.seed))


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
