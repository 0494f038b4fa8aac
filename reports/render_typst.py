"""Blocks -> typst, and typst -> PDF: tagged for readers who cannot see it, the same bytes for the same blocks.

Everything is written as calls with string literals, so that no letter of a text can be taken for markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import assert_never

from . import figures
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
    Step,
    Steps,
    Table,
    Word,
    atoms,
)
from .columns import shares
from .typst_math import quoted, typst_math

_RUN, _JOINT = re.compile(r"\S{24,}"), re.compile(r"(?<!\d)[/_.:]+(?=\w)")
_PRELUDE = Path(__file__).parent / "templates" / "report.typ"


def pdf(page: Page) -> bytes:
    """Return the report as PDF; needs the extra `pdf`."""
    import typst  # noqa: PLC0415 - an extra

    source = render(page).encode()
    return typst.compile(source, format="pdf", ignore_system_fonts=True, timestamp=0, pdf_standards="ua-1")


def render(page: Page) -> str:
    """Return the report as one typst file that needs nothing beside it.

    Raises ValueError for a formula that typst cannot be told.
    """
    writer = _Writer()
    head = (
        f"#set document(title: {quoted(page.title)}, date: none)",
        _PRELUDE.read_text(),
        f"#block(text(size: 22pt, weight: 700, {quoted(page.title)}))",
        f"#{_paragraph(page.lead)}",
        '#outline(title: "Contents", depth: 1)',
    )
    return "\n".join((*head, *(f"#{line}" for line in writer.blocks(page.blocks, 1)))) + "\n"


def text(inlines: Iterable[Inline]) -> str:
    """Return text as a code block of typst, whose parts are joined."""
    return "{ " + "; ".join(_atoms(inlines)) + " }"


def _atoms(inlines: Iterable[Inline]) -> Iterator[str]:
    for atom in atoms(inlines):
        match atom:
            case Word(words):
                yield f"[#{quoted(_breakable(words))}]"
            case Code(typed):
                yield f"raw({quoted(typed)})"
            case Math(latex):
                yield f"maths({quoted(latex)}, ${typst_math(latex)}$)"
            case Mark():
                yield f"mark({quoted(atom.tone)}, {quoted(atom.word)})"
            case Ref(words, anchor):
                yield f"link(label({quoted(anchor)}), {text((words,))})"
            case _ as never:
                assert_never(never)


def _breakable(words: str) -> str:
    """Return text whose runs without spaces, as the path of a test is, may break at their joints."""
    return _RUN.sub(lambda run: _JOINT.sub("\\g<0>\u200b", run[0]), words)


class _Writer:
    """Typst of blocks; the figures are numbered over the whole page."""

    def __init__(self) -> None:
        self._figures = count(1)

    def blocks(self, found: Iterable[Block], level: int) -> Iterator[str]:
        for block in found:
            yield from self.block(block, level)

    def block(self, block: Block, level: int) -> Iterator[str]:
        """Yield the calls for one block; headings within it are of `level`."""
        match block:
            case Paragraph():
                yield _paragraph(block)
            case Formula(latex):
                yield _formula(latex)
            case Listing(lines):
                yield f"listing({quoted(lines)})"
            case Bullets(items):
                yield f"list({', '.join(text((item,)) for item in items)})"
            case Table():
                yield _table(block)
            case Figure():
                yield self._figure(block)
            case Steps(steps):
                yield from (_step(number, step) for number, step in enumerate(steps, start=1))
            case Facts(rows):
                yield f"facts({''.join(f'({text((term,))}, {text((meaning,))}), ' for term, meaning in rows)})"
            case Section():
                yield f"[#heading(level: {level}, {text((block.title,))}) #label({quoted(block.anchor)})]"
                yield from self.blocks(block.blocks, level + 1)
            case _ as never:
                assert_never(never)

    def _figure(self, figure: Figure) -> str:
        picture = figure.picture
        drawn = figures.file(picture, "svg").decode()
        axes = f"{picture.x_label}: {picture.y_label}."
        series = (f"({quoted(label)}, {quoted(points)})" for label, points in figure.series)
        arguments = (
            str(next(self._figures)),
            quoted(drawn),
            quoted(figures.description(picture)),
            text((picture.title,)),
            quoted(axes),
            *series,
        )
        return f"figure-of({', '.join(arguments)})"


def _paragraph(block: Paragraph) -> str:
    words, tone = text(block.text), quoted(block.tone or "note")
    match block.role:
        case "plain":
            return f"block({words})"
        case "lead" | "sentence":
            return f"{block.role}({tone}, {words})"
        case "line":
            return f"line-of({words})"
        case "quiet" | "remark":
            return f"{block.role}({words})"
        case _ as never:
            assert_never(never)


def _formula(latex: str) -> str:
    return f"formula({quoted(latex)}, $ {typst_math(latex)} $)"


def _table(table: Table) -> str:
    heads = "".join(f"{text((head,))}, " for head in table.heads)
    cells = ", ".join(text((cell,)) for row in table.rows for cell in row)
    columns = "".join(f"{share:.3f}fr, " for share in shares(table))
    return f"grid-of(({columns}), ({heads}), {cells})"


def _step(number: int, step: Step) -> str:
    rule = f'block({{ strong({quoted(step.rule)}); ": "; {text((step.states,))} }})' if step.rule else "none"
    parts = (_formula(step.latex), text((step.mark,)), text((step.because,)), rule, text((step.checked,)))
    return f"step({number}, {', '.join(parts)})"
