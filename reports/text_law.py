"""The alignment law for the terminal: one setting, a comparison, the figures that were drawn."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from pathlib import Path

from numerics.comparison import FALSE_ALARM, Comparison, Summary
from numerics.pool import PoolPoint
from numerics.prediction import Predicted
from theory.setting import Kernel, Setting

from .document import Plate
from .text import QUANTITIES, aligned

HEURISTIC = "The alignment law is a heuristic of statistical physics, and no theorem of the paper."
HEADS = ("setting", "predicted", "sampled", "se", "z", "sd ratio", "test off", "spurious off")
"""Of the table of settings; the last two are sampled less predicted accuracy."""


def predicted(found: Predicted) -> str:
    """Return what the law says of a setting, and which degrees its samples learn."""
    numbers = found.to_dict()
    rows = [(name, _number(numbers[key])) for key, name in QUANTITIES.items()]
    regime = [(str(d.degree), f"{d.energy:.5f}", f"{d.learned:.5f}", d.word) for d in found.regime]
    return _lines(
        str(found.setting),
        "",
        *aligned(("", "predicted"), rows),
        "",
        *(
            aligned(("degree", "share of kappa(1)", "learned", ""), regime)
            if regime
            else ["all of the kernel's energy is in high degrees, of which nothing is learned"]
        ),
        "",
        f"effective ridge {found.effective_ridge:.5g}, kappa(1) = {found.energy:.5g}",
        *(
            ["Of tangent features the mean is that of infinite width, which few neurons may miss."]
            if found.setting.kernel is Kernel.NTK and found.setting.width is not None
            else []
        ),
        HEURISTIC,
    )


def pooled(at: Setting, point: PoolPoint, *, pool: int, seed: int) -> str:
    """Return the law read off pools of data, with its error and what the error means."""
    rows = [(QUANTITIES["gamma"], _number(point.gamma), f"{point.gamma_se:.1g}")]
    meant = (
        "over independent pools"
        if at.data == "gaussian"
        else "over random splits of these data, which says nothing of data that were never seen"
    )
    return _lines(
        str(at),
        "",
        *aligned(("", "predicted", "standard error"), rows),
        "",
        f"effective ridge {point.effective_ridge:.5g}, from pools of {pool} samples, seed {seed}",
        f"The standard error is that of the mean {meant}.",
        HEURISTIC,
    )


def compared(rows: Sequence[Comparison], summary: Summary, *, seed: int) -> str:
    """Return the law beside sampling, setting by setting, then what all of them say of it and of its rivals."""
    rivals = rival_rows(summary)
    told = (*verdict(summary), HEURISTIC, f"Seed {seed}.")
    return _lines(
        *aligned(HEADS, setting_rows(rows)),
        "",
        *([*aligned(("rival", "rejects it", "p", ""), rivals), ""] if rivals else []),
        *(line for sentence in told for line in textwrap.wrap(sentence, 100)),
    )


def setting_rows(rows: Sequence[Comparison]) -> list[tuple[str, ...]]:
    """Return the cells of the table of settings, under `HEADS`."""
    return [
        (
            str(row.setting),
            _number(row.predicted.gamma),
            _number(row.measured.gamma),
            f"{row.measured.gamma_se:.1g}",
            f"{row.z:+.2f}",
            "-" if math.isnan(row.spread_ratio) else f"{row.spread_ratio:.3f} ({row.spread_error:.1g})",
            _off(row.test_accuracy_off),
            _off(row.spurious_accuracy_off),
        )
        for row in rows
    ]


def rival_rows(summary: Summary) -> list[tuple[str, str, str, str]]:
    """Return for each rival its name, how many settings reject it, its p-value, and what that makes of it."""
    return [
        (name, f"{r.rejected} of {r.settings}", f"{r.p:.2g}", "rejected" if r.p < FALSE_ALARM else "not rejected")
        for name, r in summary.rivals.items()
    ]


def verdict(summary: Summary) -> tuple[str, ...]:
    """Return in sentences whether the law is rejected, how close its means are, and which rivals these data leave."""
    fate = "REJECTED" if summary.rejected else "not rejected"
    settings = "1 setting" if summary.settings == 1 else f"{summary.settings} settings"
    left = [name for name, *_, fate_of in rival_rows(summary) if fate_of != "rejected"]
    told = [
        f"The law's means are {fate}: p = {summary.p:.2g} over {settings}, false-alarm rate {FALSE_ALARM:g}.",
        f"{summary.within_four:.1%} of the means lie within four of their standard errors.",
        f"Root-mean-square z {summary.rms_z:.2f}, largest standard error {summary.largest_error:.2g}.",
    ]
    if not math.isnan(summary.spread_p):
        told.append(f"Its spreads, which it has to a few per cent only: p = {summary.spread_p:.2g}.")
    if left:
        told.append(f"Wrong too, but not rejected by these data: {'; '.join(left)}.")
    return tuple(told)


def drawn(plates: Sequence[Plate], folder: Path) -> str:
    """Return which figures were drawn, how near the law came to the samples, and where they are."""
    rows = [(plate.title, f"{len(plate.pictures)} pictures") for plate in plates]
    found = [line for plate in plates if plate.found for line in ("", plate.title, *plate.found)]
    return _lines(*aligned(("figure", ""), rows), *found, "", str(folder / "report.html"), HEURISTIC)


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.5f}" if abs(value) >= 1e-3 or value == 0 else f"{value:.2e}"  # digits, not zeros


def _off(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:+.4f}"


def _lines(*lines: str) -> str:
    return "\n".join(lines) + "\n"
