r"""Blocks -> Markdown as GitHub reads it: formulas between dollars, figures as files beside it.

A backslash before punctuation means something to Markdown too, so formulas are written without any: `\,` as
`\thinspace`, `<` as `\lt`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import count
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
    sections,
)

_MEANT = re.compile(r"([\\`*_\[\]<>|~$&])")
_OPENING = re.compile(r"^(\s*)([#+=-]|[0-9]+(?=[.)]))")
"""What begins a heading, a list or a rule at the head of a line."""
_MATHS = {
    r"\,": r"\thinspace ", r"\:": r"\medspace ", r"\;": r"\thickspace ", r"\!": r"\negthinspace ",
    r"\{": r"\lbrace ", r"\}": r"\rbrace ", r"\|": r"\Vert ", r"\\": r"\cr ", r"\ ": r"\enspace ",
    "<": r"\lt ", ">": r"\gt ", "|": r"\vert ", "*": r"\ast ",
}  # fmt: skip
_MATHS_PIECE = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)


def render(page: Page, folder: str) -> str:
    """Return the report; its figures are the files `figure-1.svg`, ... of `folder`."""
    writer = _Writer(folder)
    entries = [f"- [{text((s.title,))}](#{s.anchor})" for s in sections(page.blocks)]
    head = (f"# {words(page.title)}", _paragraph(page.lead), "\n".join(entries))
    return "\n\n".join((*head, *writer.blocks(page.blocks, 2))) + "\n"


def words(text: str) -> str:
    """Return characters that Markdown takes for themselves."""
    return _OPENING.sub(lambda m: f"{m[1]}\\{m[2]}" if not m[2].isdigit() else f"{m[1]}{m[2]}\\", _plain(text))


def maths(latex: str) -> str:
    """Return a formula in which nothing means anything to Markdown."""
    return "".join(_MATHS.get(piece, piece) for piece in _MATHS_PIECE.findall(_on_one_line(latex))).strip()


def _plain(text: str) -> str:
    return _MEANT.sub(r"\\\1", _on_one_line(text))


def _on_one_line(text: str) -> str:
    return re.sub(r"[\n\r]", " ", text)


def text(inlines: Iterable[Inline]) -> str:
    """Return text on one line."""
    return "".join(_atoms(inlines))


def _atoms(inlines: Iterable[Inline]) -> Iterator[str]:
    for number, atom in enumerate(atoms(inlines)):
        match atom:
            case Word(said):
                yield words(said) if number == 0 else _plain(said)
            case Code(typed):
                yield code(typed)
            case Math(latex):
                yield f"${maths(latex)}$"
            case Mark():
                yield f"**{_plain(atom.word)}**"
            case Ref(said, anchor):
                yield f"[{text((said,))}](#{anchor})"
            case _ as never:
                assert_never(never)


def code(typed: str) -> str:
    """Return letters as they are typed; the fence is longer than any run of backticks within."""
    typed = _on_one_line(typed)  # an empty line would end the paragraph, and make markup of what follows
    fence, room = _fence(typed, 1), " " if "`" in typed else ""
    return f"{fence}{room}{typed}{room}{fence}"


def _fence(typed: str, least: int) -> str:
    return "`" * max(least, *(len(run) + 1 for run in re.findall("`+", typed)), 0)


class _Writer:
    """Markdown of blocks; the figures are numbered over the whole page."""

    def __init__(self, folder: str) -> None:
        self._folder, self._figures = folder, count(1)

    def blocks(self, found: Iterable[Block], level: int) -> Iterator[str]:
        for block in found:
            yield from self.block(block, level)

    def block(self, block: Block, level: int) -> Iterator[str]:
        """Yield the parts of one block, to be set apart by empty lines; headings within it are of `level`."""
        match block:
            case Paragraph():
                yield _paragraph(block)
            case Formula(latex):
                yield f"$$\n{maths(latex)}\n$$"
            case Listing(lines):
                yield "\n".join((_fence(lines, 3), lines, _fence(lines, 3)))
            case Bullets(items):
                yield "\n".join(f"- {text((item,))}" for item in items)
            case Table():
                yield _table(block)
            case Figure():
                yield from self._figure(block)
            case Steps(steps):
                yield "\n\n".join(_step(number, step) for number, step in enumerate(steps, start=1))
            case Facts(rows):
                yield "\n".join(f"- {text((term,))}: {text((meaning,))}" for term, meaning in rows)
            case Section():
                yield f'<a id="{block.anchor}"></a>'
                yield f"{'#' * min(level, 6)} {text((block.title,))}"
                yield from self.blocks(block.blocks, level + 1)
            case _ as never:
                assert_never(never)

    def _figure(self, figure: Figure) -> Iterator[str]:
        number = next(self._figures)
        yield f"**Figure {number}.** {text((figure.picture.title,))}"
        yield f"![{_plain(figures.description(figure.picture))}]({self._folder}/figure-{number}.svg)"
        yield "<details>\n<summary>The numbers of this picture</summary>"
        yield _table(figure.numbers)
        yield "</details>"


def _paragraph(block: Paragraph) -> str:
    found = text(block.text)
    match block.role:
        case "lead" | "remark":
            return f"> {found}"
        case "sentence":
            return f"**{found}**"
        case "plain" | "line" | "quiet":
            return found
        case _ as never:
            assert_never(never)


def _table(table: Table) -> str:
    lines = [table.heads, *table.rows]
    shown = [f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines]
    return "\n".join((shown[0], "|" + " --- |" * len(table.heads), *shown[1:]))


def _cell(cell: Inline) -> str:
    # a bar ends a cell even within code, unless a backslash stands before it
    return re.sub(r"(?<!\\)\|", r"\\|", text((cell,)))


def _step(number: int, step: Step) -> str:
    room = " " * (len(str(number)) + 2)
    parts = (
        f"$$\n{room}{maths(step.latex)}\n{room}$$",
        f"{text((step.mark,))} {text((step.because,))}",
        *((f"**{_plain(step.rule)}**: {text((step.states,))}",) if step.rule else ()),
        text((step.checked,)),
    )
    return f"{number}. " + f"\n\n{room}".join(parts)
