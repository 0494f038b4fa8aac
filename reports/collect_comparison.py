"""Comparisons of the law with sampling -> `LawComparison`: the report's sentences, tables and the map of its limits."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from numerics.comparison import Comparison, Summary
from theory.evidence import Curve, Picture

from . import text_law
from .blocks import Mark, Table
from .collect import versions
from .document import LawComparison
from .envelope import Json

LEVEL = 4.0
"""Standard errors: a mean further off is one of the few that the summary counts."""
SMALL = 50.0
"""Samples below which a bias of order 1/N has been seen."""
TIGHT = 2
"""Parameters for each sample below which they are called close to N, where the kernel turns singular."""

Score = Callable[[Comparison], float]


def collect(rows: Sequence[Comparison], summary: Summary, *, provenance: Mapping[str, Json]) -> LawComparison:
    """Return the report on a design: verdict, rivals, settings, and where the law starts to fail."""
    return LawComparison(
        title="The alignment law against sampling",
        summary=" ".join(text_law.verdict(summary)),
        tone="bad" if summary.rejected else "good",
        remark=text_law.HEURISTIC,
        rivals=Table(
            label="Rivals",
            heads=("Rival", "Settings that reject it", "p-value", "Verdict"),
            rows=tuple((*cells, _mark(fate)) for *cells, fate in text_law.rival_rows(summary)),
        ),
        settings=Table(label="Settings", heads=text_law.HEADS, rows=tuple(text_law.setting_rows(rows))),
        pictures=tuple(pictures(rows)),
        provenance=versions(provenance),
        command=str(provenance["command"]),
    )


def _mark(fate: str) -> Mark:
    """Return the mark of a rival: it is wrong, so its rejection is what was hoped for."""
    return Mark(word=fate, tone="good" if fate == "rejected" else "open")


def pictures(rows: Sequence[Comparison]) -> Iterator[Picture]:
    """Yield the map: mean and spread against N, and the spread against N over the parameters where these are finite."""
    yield _map(
        "Mean: deviation from the law in standard errors", "|z|", _groups(rows, _samples, lambda row: abs(row.z))
    )
    title, y_label = "Spread: relative error", "relative error of the sd"
    known = [row for row in rows if not math.isnan(row.spread_ratio)]
    if known:
        yield _map(title, y_label, _groups(known, _samples, _spread, _spread_error), level=0.0)
    finite = [row for row in known if row.setting.width is not None]
    if finite:
        curves = _groups(finite, lambda row: row.setting.n / row.setting.parameters, _spread, _spread_error)
        yield Picture(
            title=f"{title} as N nears the parameters",
            x_label="N / parameters",
            y_label=y_label,
            curves=(*curves, _level(curves, 0.0)),
            log_x=True,
        )


def _samples(row: Comparison) -> float:
    return float(row.setting.n)


def _spread(row: Comparison) -> float:
    return row.spread_ratio - 1


def _spread_error(row: Comparison) -> float:
    return row.spread_error


def _map(title: str, y_label: str, curves: tuple[Curve, ...], *, level: float = LEVEL) -> Picture:
    """Return points against N with their level, and with the border of small N where any N is below it."""
    borders = [_level(curves, level)]
    low, high = borders[0].x
    if low < SMALL < high:
        heights = [level, 0.0, *(y for curve in curves for y in curve.y)]
        borders.append(Curve(label=f"N = {SMALL:g}", x=(SMALL, SMALL), y=(min(heights), max(heights)), role="border"))
    return Picture(title=title, x_label="N", y_label=y_label, curves=(*curves, *borders), log_x=True)


def _level(curves: Sequence[Curve], level: float) -> Curve:
    """Return a horizontal line as long as the curves: the law itself, or what its deviations are to stay under."""
    places = [x for curve in curves for x in curve.x]
    name, role = (f"{level:g} standard errors", "border") if level else ("agreement", "law")
    return Curve(label=name, x=(min(places), max(places)), y=(level, level), role=role)


def _groups(rows: Sequence[Comparison], along: Score, value: Score, error: Score | None = None) -> tuple[Curve, ...]:
    """Return the points, one curve for each kernel and nearness of its parameters to N."""
    return tuple(
        Curve(
            label=name,
            x=tuple(along(row) for row in group),
            y=tuple(value(row) for row in group),
            error=tuple(error(row) for row in group) if error is not None else (),
        )
        for name in dict.fromkeys(_group(row) for row in rows)
        for group in [[row for row in rows if _group(row) == name]]
    )


def _group(row: Comparison) -> str:
    setting = row.setting
    if setting.width is None:
        return setting.kernel.upper()
    near = f"fewer than {TIGHT} N parameters" if setting.parameters < TIGHT * setting.n else "finite width"
    return f"{setting.kernel.upper()}, {near}"
