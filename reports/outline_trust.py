"""The trust chapter: what was done to the checker itself, as measured, each with the command that measures it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from . import campaigns
from .blocks import Block, Figure, Listing, Mark, Ref, Section, Table
from .outline_parts import say

_WORDS = (
    "A checker must be seen to refuse what is wrong, not to refuse what is right, and to stand what is hostile. These "
    "figures are from the runs that were last recorded with the package, each by the command that stands beside it; "
    "they are not computed with the report."
)


def trust(found: Mapping[str, campaigns.Campaign]) -> Section:
    """Return the chapter on the campaigns that are on record: one table of all figures, then each by itself."""
    parts = (Section(one.title, f"trust-{name}", tuple(_campaign(one))) for name, one in found.items())
    return Section("How the checker was checked", "trust", (say(_WORDS), _figures(found), *parts))


def _figures(found: Mapping[str, campaigns.Campaign]) -> Table:
    """Return every figure, what was asked of it, and whether it was met."""
    return Table(
        label="What was measured of the checker",
        heads=("Campaign", "Figure", "Measured", "Asked for", "Met?"),
        rows=tuple(
            (Ref(one.title, f"trust-{name}"), figure.what, figure.measured, figure.target, _mark(figure))
            for name, one in found.items()
            for figure in one.figures
        ),
        by=4,
    )


def _mark(figure: campaigns.Figure) -> Mark:
    return Mark(word="met", tone="good") if figure.met else Mark(word="MISSED", tone="bad")


def _campaign(one: campaigns.Campaign) -> Iterator[Block]:
    yield say(one.words)
    yield Listing(one.command)
    for listing in one.listings:
        yield say(f"{listing.title}.", role="line")
        yield Table(label=listing.title, heads=listing.head, rows=listing.rows)
    for picture in one.pictures:
        yield Figure(picture)
    yield say(f"Recorded with gammaphi {one.version}.", role="quiet")
