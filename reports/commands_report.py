"""The commands `report`, everything in one report and many formats, and `cite`, how to cite paper and software."""

# ruff: noqa: PLC0415 - as in `commands`: what is refused at once does not wait for the rest to be imported

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from theory.activations import Activation

from .blocks import Page, Section
from .campaigns import recorded
from .commands import Result
from .document import Derivation, Document, LawComparison, View
from .envelope import Json, Status, envelope, provenance
from .outline import whole
from .terminal import note, progress

HANDFUL = ("relu", "gelu", "tanh", "erf", "sin", "h1+h2")
_AT = (Fraction(1, 4), Fraction(1, 2))
_SETTINGS = {"quick": 4, "normal": 12, "full": 30}
"""Random settings of the law's part."""
_TRIALS = {"quick": 60, "normal": 200, "full": 400}
_ERROR = 0.002

Subject = TypeVar("Subject")
Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Part(Generic[Subject]):
    """A subject of the report: its page, its data for JSON, and how it came out."""

    page: Subject
    data: Json
    status: Status


def report(args: argparse.Namespace, argv: Sequence[str]) -> Result:
    """Judge the claims, derive the activations, hold the law against sampling, and write all of it in every format."""
    from . import formats
    from .writing import check_writable

    formats.require(args.format)
    check_writable(args.out, formats.names(args.format))
    activations = _chosen(args)
    origin = provenance(argv, args.seed)
    with progress(quiet=args.quiet, verbose=args.verbose) as show:
        tell = show or _silent
        claims = _judged(args, origin, tell)
        derived = [_derived(activation, origin, tell) for activation in activations]
        views, kin = _drawn(args, tell), _kin(args, tell)
        law = _compared(args, origin, tell)
    found = {claims.status, *(part.status for part in derived), *([law.status] if law else [])}
    status = next((status for status in (Status.FAIL, Status.INCONCLUSIVE) if status in found), Status.PASS)
    data = {
        "seed": args.seed,
        "effort": args.effort,
        "claims": claims.data,
        "activations": [part.data for part in derived],
        "law": law.data if law else None,
    }
    pages, of_law = [part.page for part in derived], law.page if law else None
    page = whole(claims.page, pages, of_law, views=views, mechanisms=kin, campaigns=recorded())
    _write(args, page, envelope("report", status=status, data=data, diagnostics=(), provenance=origin))
    shown = "".join(f"{args.out / f'report.{name}'}\n" for name in args.format)
    return Result(status=status, data=data, text=f"{claims.page.summary}\n{shown}")


def _write(args: argparse.Namespace, page: Page, document: dict[str, Json]) -> None:
    """Write every format, or none; how long each took is told."""
    from . import formats
    from .render_json import render
    from .writing import write_all

    tell = _silent if args.quiet else note
    whole_document = {**document, "data": {**document["data"], "page": render(page)}}
    write_all(args.out, formats.files(page, args.format, document=whole_document, tell=tell))


def _silent(_: str) -> None:
    """Tell nobody."""


def _chosen(args: argparse.Namespace) -> list[Activation]:
    """Return the activations that were asked for, and refuse a claim that there is not: before anything is judged."""
    from theory.activations import CATALOGUE
    from theory.registry import chosen, find_activation

    chosen(args.claims, args.extra)
    if args.activation == ["all"]:
        return list(CATALOGUE)
    return list(dict.fromkeys(find_activation(name, args.extra) for name in args.activation or HANDFUL))


def _judged(args: argparse.Namespace, origin: dict[str, Json], tell: Tell) -> Part[Document]:
    from numerics.experiment import Effort
    from numerics.verification import verify as judge

    from . import outcome, records
    from .collect import collect

    judgements = judge(args.claims, seed=args.seed, effort=Effort(args.effort), extra=args.extra, progress=tell)
    return Part(
        page=collect(judgements, effort=args.effort, provenance=origin),
        data=[records.judgement(j) for j in judgements],
        status=outcome.status(judgements),
    )


def _derived(activation: Activation, origin: dict[str, Json], tell: Tell) -> Part[Derivation]:
    from theory.derivation import derivation
    from theory.portrait import portrait

    from . import records
    from .collect_derivation import collect

    tell(f"deriving {activation.name}")
    drawn, steps = portrait(activation, _AT), derivation(activation)
    page = collect(drawn, steps, provenance=origin)
    status = {"bad": Status.FAIL, "open": Status.INCONCLUSIVE}.get(page.tone, Status.PASS)
    return Part(page=page, data=records.portrait(drawn, steps), status=status)


def _drawn(args: argparse.Namespace, tell: Tell) -> tuple[View, ...]:
    """Return the law in pictures, or nothing where the law's part is not wanted."""
    if args.law == 0:
        return ()
    from .law_pictures import views

    tell("drawing the law")
    return tuple(views())


def _kin(args: argparse.Namespace, tell: Tell) -> Section | None:
    """Return the chapter on the four mechanisms, or nothing where the law's part, on which it rests, is not wanted."""
    if args.law == 0:
        return None
    from numerics.mechanisms import exposures
    from theory.activations import CATALOGUE

    from .outline_mechanisms import mechanisms
    from .shortcut_pictures import views

    tell("the four mechanisms")
    return mechanisms(exposures(CATALOGUE), tuple(views()))


def _compared(args: argparse.Namespace, origin: dict[str, Json], tell: Tell) -> Part[LawComparison] | None:
    """Return the law's part, or None where it is not wanted."""
    count = _SETTINGS[args.effort] if args.law is None else args.law
    if not count:
        return None
    from numerics.comparison import compare, summarise
    from numerics.design import random_settings

    from . import records_law
    from .collect_comparison import collect

    rows = compare(
        random_settings(count, seed=args.seed),
        error=_ERROR,
        most=_TRIALS[args.effort],
        seed=args.seed,
        progress=lambda done, of: tell(f"{done} of {of} settings of the law compared"),
        refused=lambda setting, why: tell(f"left out: {setting}: {why}"),
    )
    if not rows:
        return None
    summary = summarise(rows)
    return Part(
        page=collect(rows, summary, provenance=origin),
        data=records_law.compared(rows, summary, seed=args.seed),
        status=Status.FAIL if summary.rejected else Status.PASS,
    )


def cite() -> Result:
    """Return how to cite the paper, and this software with its version."""
    from .citation import paper, software

    data = {"paper": paper(), "software": software()}
    return Result(status=Status.PASS, data=data, text="\n".join(data.values()))
