"""A page of `document` -> the blocks of a report, in the order of reading; and all of them as one report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never

from . import outline_claims, outline_derivation, outline_law
from .blocks import Block, Page, Section, Tone
from .campaigns import Campaign
from .document import Derivation, Document, LawComparison, PaperFigures, View
from .outline_parts import provenance, say, scale
from .outline_trust import trust

Subject = Document | Derivation | LawComparison | PaperFigures

TITLE = "Spurious features, memorised: the theory, checked and derived"
_WORST: tuple[Tone, ...] = ("bad", "open")


def outline(page: Subject) -> Page:
    """Return the report on one subject."""
    return Page(
        title=page.title,
        lead=say(page.summary, role="lead", tone=page.tone),
        blocks=(*_blocks(page), provenance(page.provenance, page.command)),
    )


def _blocks(page: Subject) -> Iterator[Block]:
    match page:
        case Document():
            yield from outline_claims.blocks(page)
        case Derivation():
            yield from outline_derivation.blocks(page)
            yield scale(page.scale, outline_derivation.SCALE)
        case LawComparison():
            yield from outline_law.comparison(page)
        case PaperFigures():
            yield from outline_law.plates(page)
        case _ as never:
            assert_never(never)


def whole(
    claims: Document,
    activations: Sequence[Derivation],
    law: LawComparison | None,
    *,
    views: Sequence[View] = (),
    mechanisms: Section | None = None,
    campaigns: Mapping[str, Campaign] | None = None,
) -> Page:
    """Return one report on everything: claims, activations, the law in pictures and in samples, its kin, and trust."""
    taken = [_name(page.title) for page in activations]
    anchors = [f"{name}-{number}" if name in taken[:number] else name for number, name in enumerate(taken)]
    parts = [
        *outline_claims.blocks(claims),
        *(_part(page, f"activation-{anchor}") for page, anchor in zip(activations, anchors, strict=True)),
        *([outline_law.pictures(views, "pictures")] if views else []),
        *([_part(law, "law")] if law is not None else []),
        *([mechanisms] if mechanisms is not None else []),
        *([trust(campaigns)] if campaigns else []),
        provenance(claims.provenance, claims.command),
    ]
    pages: list[Subject] = [claims, *activations, *([law] if law is not None else [])]
    worst: Tone = next((tone for tone in _WORST if any(page.tone == tone for page in pages)), "good")
    return Page(title=TITLE, lead=say(claims.summary, role="lead", tone=worst), blocks=tuple(parts))


def _part(page: Derivation | LawComparison, anchor: str) -> Section:
    """Return a subject as one section of a larger report."""
    prefix = f"{anchor}-"
    inner = (
        outline_derivation.blocks(page, prefix)
        if isinstance(page, Derivation)
        else outline_law.comparison(page, prefix)
    )
    return Section(page.title, anchor, (say(page.summary, role="sentence", tone=page.tone), *inner))


def _name(title: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", title.removeprefix("Derivation of ")).strip("-")
