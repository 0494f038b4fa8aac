"""Blocks -> plain data for JSON, of which `schema/report.json` is the description."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import assert_never

from .blocks import (
    Block,
    Bullets,
    Code,
    Facts,
    Figure,
    Formula,
    Inline,
    Listing,
    Mark,
    Math,
    Page,
    Paragraph,
    Ref,
    Section,
    Steps,
    Table,
    Word,
    atoms,
)
from .envelope import Json

_SCHEMA = Path(__file__).parent / "schema" / "report.json"


def schema() -> dict[str, Json]:
    """Return the JSON Schema of `report.json`."""
    found: dict[str, Json] = json.loads(_SCHEMA.read_text())
    return found


def render(page: Page) -> dict[str, Json]:
    """Return the report as plain data."""
    return {"title": page.title, "lead": _block(page.lead), "blocks": [_block(block) for block in page.blocks]}


def _text(inlines: Iterable[Inline]) -> list[dict[str, Json]]:
    found: list[dict[str, Json]] = []
    for atom in atoms(inlines):
        match atom:
            case Word(words):
                found.append({"kind": "words", "text": words})
            case Code(typed):
                found.append({"kind": "code", "text": typed})
            case Math(latex):
                found.append({"kind": "math", "latex": latex})
            case Mark():
                found.append({"kind": "mark", **asdict(atom)})
            case Ref(words, anchor):
                found.append({"kind": "ref", "text": _text((words,)), "anchor": anchor})
            case _ as never:
                assert_never(never)
    return found


def _block(block: Block) -> dict[str, Json]:
    match block:
        case Paragraph():
            return {"kind": "paragraph", "role": block.role, "tone": block.tone, "text": _text(block.text)}
        case Formula(latex, label):
            return {"kind": "formula", "latex": latex, "label": label}
        case Listing(lines):
            return {"kind": "listing", "text": lines}
        case Bullets(items):
            return {"kind": "bullets", "items": [_text((item,)) for item in items]}
        case Table():
            rows = [[_text((cell,)) for cell in row] for row in block.rows]
            return {"kind": "table", "label": block.label, "heads": [_text((h,)) for h in block.heads], "rows": rows}
        case Figure(picture):
            return {"kind": "figure", **asdict(picture)}
        case Steps(steps):
            return {"kind": "steps", "steps": [_step(asdict(step)) for step in steps]}
        case Facts(rows):
            return {"kind": "facts", "rows": [[_text((term,)), _text((meaning,))] for term, meaning in rows]}
        case Section():
            inner = [_block(inner) for inner in block.blocks]
            return {"kind": "section", "title": _text((block.title,)), "anchor": block.anchor, "blocks": inner}
        case _ as never:
            assert_never(never)


def _step(fields: dict[str, Json]) -> dict[str, Json]:
    """Return a step with its texts taken apart, as every other text is."""
    return fields | {name: _text((fields[name],)) for name in ("because", "states", "checked")}
