"""The alignment law -> blocks: its pictures, how it stands against sampling, and the paper's figures from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .blocks import Block, Bullets, Figure, Section
from .document import LawComparison, PaperFigures, Plate, View
from .outline_parts import say

_DRAWN = "Computed, not sampled, with no parameter fitted; what the paper states is drawn as stated."
_RIVALS = "Laws one slip away, and wrong. Data that reject none of them say little for the law."


def comparison(page: LawComparison, prefix: str = "") -> Iterator[Block]:
    """Yield the rivals, the map of where the law starts to fail, and every setting."""
    yield say(page.remark, role="quiet")
    if page.rivals.rows:
        yield Section("Rivals", f"{prefix}rivals", (say(_RIVALS, role="quiet"), page.rivals))
    yield Section("Where the law starts to fail", f"{prefix}map", tuple(map(Figure, page.pictures)))
    yield Section("Settings", f"{prefix}settings", (page.settings,))


def pictures(views: Sequence[View], anchor: str) -> Section:
    """Return the pictures of the law as a chapter, each after what is to be seen in it."""
    inner = (
        Section(view.title, f"{anchor}-{number}", (say(view.words), *map(Figure, view.pictures)))
        for number, view in enumerate(views, start=1)
    )
    return Section("The law in pictures", anchor, (say(_DRAWN, role="quiet"), *inner))


def plates(page: PaperFigures, prefix: str = "") -> Iterator[Block]:
    """Yield the figures, each with its size and its pictures."""
    for number, plate in enumerate(page.plates, start=1):
        yield Section(plate.title, f"{prefix}figure-{number}", tuple(_plate(plate)))


def _plate(plate: Plate) -> Iterator[Block]:
    """Yield what is shown, how near the law comes, what is not as in the paper, and the pictures."""
    yield say(plate.words, role="quiet")
    if plate.found:
        counted, *far = plate.found
        yield say(counted)
        yield from [Bullets(tuple(far))] if far else []
    if plate.differs:
        yield say("What differs from the paper's own settings:")
        yield Bullets(plate.differs)
    else:
        yield say("No setting differs from what is known of the paper's.")
    yield from map(Figure, plate.pictures)
