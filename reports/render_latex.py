r"""Blocks -> LaTeX for an article: packages that every distribution has, figures as PDF files beside it.

No letter of a text is left to mean anything to TeX; a letter that pdfTeX's stock fonts lack is told by its number.
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
from .typst_math import typst_math

_PREAMBLE = Path(__file__).parent / "templates" / "report.tex"
_HEADINGS = ("section", "subsection", "subsubsection", "paragraph")
_LETTERS = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\symbol{34}", "`": r"\textasciigrave{}", "'": r"\textquotesingle{}", "-": "-{}",
    "·": r"\textperiodcentered{}", "±": r"\textpm{}", "\n": " ",
}  # fmt: skip
_PIECE = 8
"""Letters after which a long run without spaces may be broken."""
_BREAKABLE = 250
"""LaTeX of a term that is longer does not fit on a line, so nothing is gained by breaking between terms."""


def render(page: Page, folder: str) -> str:
    """Return the report; its figures are the files `figure-1.pdf`, ... of `folder`."""
    writer = _Writer(folder)
    parts = (
        _PREAMBLE.read_text().strip(),
        f"\\hypersetup{{pdftitle={{{words(page.title)}}}}}",
        f"\\title{{{words(page.title)}}}\n\\author{{}}\n\\date{{}}",
        "\\begin{document}\n\\maketitle",
        _paragraph(page.lead),
        "\\tableofcontents",
        *writer.blocks(page.blocks, 0),
        "\\end{document}",
    )
    return "\n\n".join(parts) + "\n"


def words(text: str) -> str:
    """Return characters that TeX takes for themselves; a run without spaces may break."""
    return "".join(_run(run) for run in re.findall(r"\s+|\S+", text))


def _run(run: str) -> str:
    pieces = [run[i : i + _PIECE] for i in range(0, len(run), _PIECE)] if len(run) > 2 * _PIECE else [run]
    return r"\mayend{}".join("".join(map(_letter, piece)) for piece in pieces)


def _letter(letter: str) -> str:
    if letter in _LETTERS:
        return _LETTERS[letter]
    if " " <= letter <= "~" or "À" <= letter <= "ÿ":
        return letter
    return rf"\texttt{{U+{ord(letter):04X}}}"


def text(inlines: Iterable[Inline]) -> str:
    """Return text within a paragraph."""
    return "".join(_atoms(inlines))


def _atoms(inlines: Iterable[Inline]) -> Iterator[str]:
    for atom in atoms(inlines):
        match atom:
            case Word(said):
                yield words(said)
            case Code(typed):
                yield rf"\texttt{{{words(typed)}}}"
            case Math(latex):
                yield f"${latex}$" if _is_formula(latex) else rf"\texttt{{{words(latex)}}}"
            case Mark():
                yield rf"\statusmark{{{atom.tone}}}{{{words(atom.word)}}}"
            case Ref(said, anchor):
                yield rf"\hyperlink{{{anchor}}}{{{text((said,))}}}"
            case _ as never:
                assert_never(never)


class _Writer:
    """LaTeX of blocks; the figures are numbered over the whole page."""

    def __init__(self, folder: str) -> None:
        self._folder, self._figures = folder, count(1)

    def blocks(self, found: Iterable[Block], level: int) -> Iterator[str]:
        for block in found:
            yield from self.block(block, level)

    def block(self, block: Block, level: int) -> Iterator[str]:
        """Yield the paragraphs of one block; headings within it are of `level`."""
        match block:
            case Paragraph():
                yield _paragraph(block)
            case Formula(latex):
                yield _formula(latex)
            case Listing(lines):
                yield "\n\n".join(rf"\texttt{{{words(line)}}}" for line in lines.splitlines())
            case Bullets(items):
                listed = "\n".join(rf"\item {text((item,))}" for item in items)
                yield f"\\begin{{itemize}}\n{listed}\n\\end{{itemize}}"
            case Table():
                yield _table(block)
            case Figure():
                yield self._figure(block)
            case Steps(steps):
                listed = "\n".join(map(_step, steps))
                yield f"\\begin{{enumerate}}\n{listed}\n\\end{{enumerate}}"
            case Facts(rows):
                yield "\n".join(rf"\definedas{{{text((term,))}}}{{{text((meaning,))}}}" for term, meaning in rows)
            case Section():
                heading = _HEADINGS[min(level, len(_HEADINGS) - 1)]
                yield rf"\anchorof{{{block.anchor}}}\{heading}{{{text((block.title,))}}}"
                yield from self.blocks(block.blocks, level + 1)
            case _ as never:
                assert_never(never)

    def _figure(self, figure: Figure) -> str:
        number, picture = next(self._figures), figure.picture
        series = " ".join(rf"\textbf{{{words(label)}}} {words(points)}." for label, points in figure.series)
        return "\n".join(
            (
                rf"Figure {number}. {text((picture.title,))}\par\nobreak",
                rf"\includegraphics[width=0.75\linewidth]{{{self._folder}/figure-{number}.pdf}}\par",
                rf"\quiet{{{words(figures.description(picture))}}}",
                rf"{{\scriptsize\raggedright {words(picture.x_label)}: {words(picture.y_label)}. {series}\par}}",
            )
        )


def _paragraph(block: Paragraph) -> str:
    found, tone = text(block.text), block.tone or "note"
    match block.role:
        case "plain" | "line":
            return found
        case "lead" | "sentence":
            return rf"{{\bfseries\color{{{tone}}}{found}\par}}"
        case "quiet":
            return rf"\quiet{{{found}}}"
        case "remark":
            return f"\\begin{{quote}}\n{found}\n\\end{{quote}}"
        case _ as never:
            assert_never(never)


def _is_formula(latex: str) -> bool:
    r"""Whether LaTeX is a formula and no more: `\input` between dollars would have TeX read a file, `%` hide a brace.

    Typst is told every formula of ours, so what it cannot be told is none.
    """
    try:
        typst_math(latex)
    except (ValueError, RecursionError):
        return False
    return not re.search(r"(?<!\\)[%#]", latex)


def _formula(latex: str) -> str:
    if not _is_formula(latex):
        return rf"\texttt{{{words(latex)}}}"
    kind = "longformula" if max(map(len, _terms(latex))) < _BREAKABLE else "wholeformula"
    return rf"\{kind}{{{latex}}}"


def _terms(latex: str) -> Iterator[str]:
    """Yield the parts of a formula between which TeX may break it: those that no brace nor fence encloses."""
    depth, start = 0, 0
    for found in re.finditer(r"\\left\b|\\right\b|\\[{}]|[{}]| [+=-] | \\[lg]eq ", latex):
        sign = found[0]
        depth += (sign in ("{", r"\left")) - (sign in ("}", r"\right"))
        if sign[0] == " " and depth == 0:
            yield latex[start : found.start()]
            start = found.end()
    yield latex[start:]


def _table(table: Table) -> str:
    room = 0.97 - 0.014 * len(table.heads)
    columns = "".join(rf">{{\raggedright\arraybackslash}}p{{{room * share:.3f}\linewidth}}" for share in shares(table))
    heads = " & ".join(rf"\textbf{{{text((head,))}}}" for head in table.heads)
    rows = "\n".join(" & ".join(text((cell,)) for cell in row) + r" \\" for row in table.rows)
    head = f"\\hline {heads} \\\\ \\hline \\endhead"
    return f"{{\\footnotesize\n\\begin{{longtable}}{{{columns}}}\n{head}\n{rows}\n\\hline\n\\end{{longtable}}}}"


def _step(step: Step) -> str:
    rule = rf"\ruleof{{{words(step.rule)}}}: {text((step.states,))}\par" if step.rule else ""
    parts = (
        rf"\item {_formula(step.latex)}",
        rf"{text((step.mark,))} {text((step.because,))}\par",
        rule,
        rf"\quiet{{{text((step.checked,))}}}",
    )
    return "\n".join(filter(None, parts))
