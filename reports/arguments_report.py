"""What can be typed after `gammaphi report`; as in `arguments`, nothing but the standard library is imported."""

from __future__ import annotations

import argparse

from .argument_types import path

FORMATS = ("html", "pdf", "tex", "md", "json")
"""Of a report, in the order in which they are written."""


def formats(text: str) -> tuple[str, ...]:
    """Return the formats of a list with commas, each once and in the house order."""
    wanted = set(text.split(","))
    strangers = sorted(wanted - set(FORMATS))
    if strangers:
        raise argparse.ArgumentTypeError(f"{strangers[0]!r} is no format; there are {', '.join(FORMATS)}")
    return tuple(name for name in FORMATS if name in wanted)


def add(made: argparse.ArgumentParser) -> None:
    """Add what is written, where, and on what."""
    made.add_argument(
        "claims", nargs="*", metavar="CLAIM", help="names of claims, or patterns: 'theorem-*' (default: all)"
    )
    made.add_argument(
        "--activation",
        nargs="+",
        metavar="A",
        help="names or expressions, or all (default: a handful of the catalogue)",
    )
    made.add_argument("--out", required=True, type=path, metavar="DIR", help="write DIR/report.html and so on")
    made.add_argument(
        "--format", type=formats, default=FORMATS, metavar="F,...", help=f"of {','.join(FORMATS)} (default: all)"
    )
