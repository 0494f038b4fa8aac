r"""Blocks -> Markdown as GitHub reads it: formulas between dollars, figures as files beside it.

A string is written in one of three ways, and in none has a sign of it a meaning, neither to CommonMark nor to GitHub's
tables, strikethrough, links or formulas:

- words, with a backslash before every sign that means something; a bare address, which is a link without any sign, is
  code;
- code, on one line, between fences longer than any run of backticks within;
- a formula, in signs that Markdown takes for letters: `\,` is `\thinspace`, `<` is `\lt`, and an underscore opens no
  emphasis.  What cannot be written so is no formula, and is code.

Two of them that would be read as one are kept apart by a space.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate, count, groupby
from typing import assert_never
from urllib.parse import quote

from . import figures
from .blocks import (
    Atom,
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

_BREAKS = re.compile("[\t-\r\x1c-\x1e\x85\u2028\u2029]")
"""What ends a line, or looks like several spaces, to some reader."""
_MEANT = re.compile(r"([\\`*_\[\]<>|~$&#])")
_OPENING = re.compile(r"^([-+=:^]|[0-9]+(?=[.)]))")
"""What begins a list, a rule, a table or, after a bracket, a note at the head of a text, and is not among `_MEANT`."""
_ADDRESS = re.compile(r"\w://|www\.|[\w.+-]@[\w-]+\.|^\(?@\w", re.IGNORECASE)
"""What GitHub makes a link without being asked: addresses of pages, of letters, of people."""
_TOUCHING = re.compile(r"[`$*]{2}|!\[|\$\w|\w\$")
"""The end of one piece and the head of the next that make a longer fence, an image, or no formula."""
_MATHS = {
    r"\,": r"\thinspace ", r"\:": r"\medspace ", r"\;": r"\thickspace ", r"\!": r"\negthinspace ",
    r"\{": r"\lbrace ", r"\}": r"\rbrace ", r"\|": r"\Vert ", r"\\": r"\cr ", r"\ ": r"\enspace ", "~": r"\enspace ",
    "<": r"\lt ", ">": r"\gt ", "|": r"\vert ", "*": r"\ast ", "[": r"\lbrack ", "]": r"\rbrack ", "&": "& ",
}  # fmt: skip
_MATHS_PIECE = re.compile(r"\\sqrt\[\w+\]|\\[A-Za-z]+|\\.|& ?|.", re.DOTALL)
_NO_MATHS = re.compile(r"[`$#%@]|\\(?![A-Za-z])")
"""The head of a piece that has no place in a formula, unless it is among `_MATHS`."""
_EMPHASIS = re.compile(r"(?<![A-Za-z0-9])_(?=\S)")
"""An underscore that may open emphasis; before a space, which TeX does not see, it may not."""


def render(page: Page, folder: str) -> str:
    """Return the report; its figures are the files `figure-1.svg`, ... of `folder`."""
    writer = _Writer(folder)
    entries = [f"- {_atom(Ref(s.title, s.anchor))}" for s in sections(page.blocks)]
    head = (f"# {words(page.title)}", _paragraph(page.lead), "\n".join(entries))
    return "\n\n".join((*head, *writer.blocks(page.blocks, 2))) + "\n"


def words(text: str) -> str:
    """Return characters that Markdown takes for themselves, also at the head of a line."""
    return _headed(_plain(text))


def code(typed: str) -> str:
    """Return letters as they are typed; the fence is longer than any run of backticks within."""
    typed = _on_one_line(typed) or " "  # two fences with nothing between are one
    stripped = typed.strip(" ") and typed[0] == typed[-1] == " "
    fence, room = _fence(typed, 1), " " if "`" in typed or stripped else ""
    return f"{fence}{room}{typed}{room}{fence}"


def maths(latex: str) -> str:
    """Return a formula in which nothing means anything to Markdown."""
    return _EMPHASIS.sub("_ ", "".join(_MATHS.get(piece, piece) for piece in _pieces(latex))).strip()


def text(inlines: Iterable[Inline]) -> str:
    """Return text on one line, of which nothing is markup but what the inlines are."""
    found = ""
    for piece in _written(inlines):
        found += " " * bool(_TOUCHING.fullmatch(found[-1:] + piece[:1])) + piece
    return _headed(found)


def _written(inlines: Iterable[Inline]) -> Iterator[str]:
    for kind, alike in groupby(atoms(inlines), type):
        if kind is Word:  # together, as an address may begin in one string and end in the next
            yield _plain("".join(atom.text for atom in alike if isinstance(atom, Word)))
        else:
            yield from map(_atom, alike)


def _atom(atom: Atom) -> str:
    match atom:
        case Word(said):
            return _plain(said)
        case Code(typed):
            return code(typed)
        case Math(latex):
            return f"${maths(latex)}$" if _is_maths(latex) else code(latex)
        case Mark():
            return _bold(_plain(atom.word))
        case Ref(said, anchor):
            shown = text((said,)).replace("]:", "] :")  # at the head of a line, a link's definition, even in code
            return f"[{shown}](#{quote(anchor)})"
        case _ as never:
            assert_never(never)


def _plain(text: str) -> str:
    """Return words as `words`, but for the head of a line."""
    line = _on_one_line(text)
    return re.sub("[^ ]+", lambda m: code(m[0]) if _ADDRESS.search(m[0]) else _MEANT.sub(r"\\\1", m[0]), line)


def _headed(line: str) -> str:
    """Return a line that begins no block."""
    return _OPENING.sub(lambda m: f"{m[1]}\\" if m[1].isdigit() else f"\\{m[1]}", line.strip(" "), count=1)


def _is_maths(latex: str) -> bool:
    """Say whether `maths` can write it: it says something, every sign has a place in a formula, and braces pair."""
    pieces, written = _pieces(latex), maths(latex)
    depths = [*accumulate(((piece == "{") - (piece == "}") for piece in pieces), initial=0)]
    return (
        written.rstrip("_") == written != ""
        and min(depths) == depths[-1] == 0
        and not any(piece not in _MATHS and _NO_MATHS.match(piece) for piece in pieces)
        and not _ADDRESS.search(latex)
        and written.isprintable()
    )


def _pieces(latex: str) -> list[str]:
    return _MATHS_PIECE.findall(_on_one_line(latex))


def _display(latex: str, room: str = "") -> str:
    """Return a formula on lines of its own, which begin no block, or the lines that are no formula."""
    if not _is_maths(latex):
        return f"\n{room}".join((_fence(latex, 3), _on_one_line(latex), _fence(latex, 3)))
    head = r"\displaystyle " if _OPENING.match(maths(latex)) else ""
    return f"$$\n{room}{head}{maths(latex)}\n{room}$$"


def _bold(line: str) -> str:
    return f"**{line.strip(' ')}**" if line.strip(" ") else ""


def _on_one_line(text: str) -> str:
    return _BREAKS.sub(" ", text)


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
                yield _display(latex)
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
                yield f'<a id="{quote(block.anchor)}"></a>'
                yield f"{'#' * min(level, 6)} {text((block.title,))}"
                yield from self.blocks(block.blocks, level + 1)
            case _ as never:
                assert_never(never)

    def _figure(self, figure: Figure) -> Iterator[str]:
        number = next(self._figures)
        yield f"**Figure {number}.** {text((figure.picture.title,))}"
        yield f"![{words(figures.description(figure.picture))}]({self._folder}/figure-{number}.svg)"
        yield "<details>\n<summary>The numbers of this picture</summary>"
        yield _table(figure.numbers)
        yield "</details>"


def _paragraph(block: Paragraph) -> str:
    found = text(block.text)
    match block.role:
        case "lead" | "remark":
            return f"> {found}"
        case "sentence":
            return _bold(found)
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
        _display(step.latex, room),
        f"{text((step.mark,))} {text((step.because,))}",
        *((f"{_bold(_plain(step.rule))}: {text((step.states,))}",) if step.rule else ()),
        text((step.checked,)),
    )
    return f"{number}. " + f"\n\n{room}".join(parts)
