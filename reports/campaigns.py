"""What a campaign against the checker itself measured: mutants, false alarms, stress, fuzz, coverage, as last recorded.

A campaign is too long for a report to run; its command prints what it finds and, with `--record`, writes it here, so
that the trust chapter can show the figures as measured, beside the command that measures them again.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from theory.evidence import Curve, Picture

from .envelope import dumps, version
from .writing import write_all

FOLDER = Path(__file__).parent / "measured"
ORDER = ("mutants", "calibration", "witnesses", "liars", "stress", "faults", "fuzz", "supply", "coverage", "mutation")
"""The chapter's order: first that the checker refuses, then that it cannot be fooled, then that it cannot be broken."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number of a campaign, as a reader sees it, and what was asked of it."""

    what: str
    measured: str
    target: str
    met: bool


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Rows worth keeping: survivors and why, equivalents and why, the cells of a calibration."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """What one command found; `version` is the package's when it was run."""

    title: str
    words: str
    """What was done, in plain language: strings may hold `code` in backticks."""
    command: str
    figures: tuple[Figure, ...]
    listings: tuple[Listing, ...] = ()
    pictures: tuple[Picture, ...] = ()
    version: str = version("gammaphi")

    @property
    def met(self) -> bool:
        """Whether every figure is what was asked for."""
        return all(figure.met for figure in self.figures)

    def text(self) -> str:
        """Return the figures for a terminal, a line each."""
        lines = [
            f"{'met   ' if f.met else 'MISSED'}  {f.what}: {f.measured} (asked for: {f.target})" for f in self.figures
        ]
        return "\n".join([self.title, *lines]) + "\n"


def record(name: str, campaign: Campaign, folder: Path = FOLDER) -> None:
    """Write a campaign, whole or not at all."""
    if name not in ORDER:
        raise ValueError(f"no campaign is called {name!r}; there are {', '.join(ORDER)}")
    write_all(folder, {f"{name}.json": dumps(asdict(campaign))})


def conclude(name: str, found: Campaign, *, keep: bool) -> int:
    """Print what a campaign found, record it if it is to be kept, and return the exit status: 1 if a figure misses."""
    sys.stdout.write(found.text())
    if keep:
        record(name, found)
    return 0 if found.met else 1


def recorded(folder: Path = FOLDER) -> dict[str, Campaign]:
    """Return every campaign on record, in the chapter's order."""
    files = {name: folder / f"{name}.json" for name in ORDER}
    return {name: _campaign(json.loads(path.read_text())) for name, path in files.items() if path.exists()}


def rows(found: Mapping[str, Campaign]) -> str:
    """Return the campaigns as a Markdown table, each with its first figure and whatever was missed."""
    lines = ["| what was done | by | found |", "|---|---|---|"]
    for one in found.values():
        first, *others = one.figures
        told = [first, *(figure for figure in others if not figure.met)]
        lines.append(f"| {one.title} | `{one.command}` | {'; '.join(f'{f.what}: {f.measured}' for f in told)} |")
    return "\n".join(lines)


def _campaign(fields: dict[str, Any]) -> Campaign:
    """Return the campaign of a file of ours, with the tuples that JSON made lists."""
    return Campaign(
        **fields
        | {
            "figures": tuple(Figure(**one) for one in fields["figures"]),
            "listings": tuple(Listing(**_tuples(one)) for one in fields["listings"]),
            "pictures": tuple(
                Picture(**_tuples(one) | {"curves": tuple(Curve(**_tuples(curve)) for curve in one["curves"])})
                for one in fields["pictures"]
            ),
        }
    )


def _tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _tuples(entry) for key, entry in value.items()}
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
