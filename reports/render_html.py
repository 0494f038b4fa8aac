"""Blocks -> one self-contained HTML page: MathML, inline SVG, no script, nothing fetched.

Whatever is said passes `Markup.format`, which escapes it; the two functions that wrap ready markup say who vouches for
it.  A reader filters a table by radio buttons and CSS alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import assert_never

from markupsafe import Markup

from theory.evidence import Verdict

from . import figures, formulas
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

_STYLE = Path(__file__).parent / "templates" / "style.css"
_DIGITS = re.compile(r"[+-]?[0-9]+\.[0-9]{12,}.*")
"""A number of so many digits that it may break over lines."""

_PAGE = Markup("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header>
<h1>{title}</h1>
{lead}
</header>
<nav aria-labelledby="contents">
<h2 id="contents">Contents</h2>
<ol>
{contents}
</ol>
</nav>
<main id="main" tabindex="-1">
{main}
</main>
</body>
</html>
""")
_LINES = Markup("\n")


def render(page: Page) -> str:
    """Return the page; the same blocks give the same bytes."""
    entry = Markup('<li><a href="#{}">{}</a></li>')
    writer = _Writer()
    whole = _PAGE.format(
        title=page.title,
        style=Markup(_STYLE.read_text()),  # noqa: S704 - our own file
        lead=writer.block(page.lead, 1),
        contents=_LINES.join(entry.format(s.anchor, text((s.title,))) for s in sections(page.blocks)),
        main=writer.blocks(page.blocks, 2),
    )
    return str(whole)


def text(inlines: Iterable[Inline]) -> Markup:
    """Return text as markup."""
    return Markup("").join(_atoms(inlines))


def _atoms(inlines: Iterable[Inline]) -> Iterator[Markup]:
    for atom in atoms(inlines):
        match atom:
            case Word(words):
                yield Markup("{}").format(words)
            case Code(typed):
                yield Markup("<code>{}</code>").format(typed)
            case Math(latex):
                yield _math(latex, display=False)
            case Mark():
                yield Markup('<span class="mark {}">{}</span>').format(atom.tone, atom.word)
            case Ref(words, anchor):
                yield Markup('<a href="#{}">{}</a>').format(anchor, text((words,)))
            case _ as never:
                assert_never(never)


def _math(latex: str, *, display: bool) -> Markup:
    return Markup(formulas.mathml(latex, display=display))  # noqa: S704 - formulas.mathml lets only MathML through


class _Writer:
    """Markup of blocks; what is counted over the whole page is counted here."""

    def __init__(self) -> None:
        self._figures, self._filters = count(1), count(1)

    def blocks(self, found: Iterable[Block], level: int) -> Markup:
        return _LINES.join(self.block(block, level) for block in found)

    def block(self, block: Block, level: int) -> Markup:
        """Return one block; headings within it are of `level`."""
        match block:
            case Paragraph():
                return _paragraph(block)
            case Formula(latex, label):
                return _boxed("statement", label, _math(latex, display=True))
            case Listing(lines):
                return Markup('<pre tabindex="0"><code>{}</code></pre>').format(lines)
            case Bullets(items):
                item = Markup("<li>{}</li>")
                listed = _LINES.join(item.format(text((entry,))) for entry in items)
                return Markup('<ul class="details">\n{}\n</ul>').format(listed)
            case Table():
                return self._table(block)
            case Figure():
                return self._figure(block)
            case Steps(steps):
                listed = _LINES.join(_step(number, step) for number, step in enumerate(steps, start=1))
                return Markup('<ol class="derivation">\n{}\n</ol>').format(listed)
            case Facts(rows):
                row = Markup("<dt>{}</dt><dd>{}</dd>")
                return Markup("<dl>\n{}\n</dl>").format(
                    _LINES.join(row.format(text((a,)), text((b,))) for a, b in rows)
                )
            case Section():
                return self._section(block, level)
            case _ as never:
                assert_never(never)

    def _section(self, section: Section, level: int) -> Markup:
        heading = f"h{min(level, 6)}"
        return Markup(
            '<section id="{anchor}">\n<{h}>{title} <a class="anchor" href="#{anchor}" '
            'aria-label="Link to this section"></a></{h}>\n{inner}\n</section>'
        ).format(
            anchor=section.anchor,
            h=heading,
            title=text((section.title,)),
            inner=self.blocks(section.blocks, level + 1),
        )

    def _figure(self, figure: Figure) -> Markup:
        number = next(self._figures)
        drawn = Markup(figures.svg(figure.picture, prefix=f"figure-{number}"))  # noqa: S704 - figures.svg escapes
        return Markup(
            "<figure>\n<figcaption>Figure {}. {}</figcaption>\n{}\n<details>\n"
            "<summary>The numbers of this picture</summary>\n{}\n</details>\n</figure>"
        ).format(number, text((figure.picture.title,)), drawn, self._table(figure.numbers))

    def _table(self, table: Table) -> Markup:
        head = Markup('<th scope="col">{}</th>')
        heads = Markup("").join(head.format(text((cell,))) for cell in table.heads)
        rows = _LINES.join(_row(row, table.by) for row in table.rows)
        body = Markup("<table>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody>\n</table>").format(heads, rows)
        if table.by is None:
            return _boxed("wide", table.label, body)
        return Markup('<div class="filtered">\n{}\n{}\n</div>').format(
            self._filter(table, table.by), _boxed("wide", table.label, body)
        )

    def _filter(self, table: Table, by: int) -> Markup:
        """Return one radio button for each verdict that occurs; the style sheet hides the rows of the others."""
        words = {cell.word for row in table.rows if isinstance(cell := row[by], Mark)}
        name = f"filter-{next(self._filters)}"
        button = Markup('<label><input type="radio" name="{}" value="{}"{}> {}</label>')
        shown = [v.name for v in sorted(Verdict, reverse=True) if v.name in words]
        buttons = [
            button.format(name, "all", Markup(" checked"), "all"),
            *(button.format(name, w, "", w) for w in shown),
        ]
        return Markup('<fieldset class="filter">\n<legend>Show</legend>\n{}\n</fieldset>').format(_LINES.join(buttons))


def _boxed(kind: str, label: str, inner: Markup) -> Markup:
    """Return what may be wider than the page in a box that scrolls, by keys too."""
    return Markup('<div class="{}" tabindex="0" role="group" aria-label="{}">{}</div>').format(kind, label, inner)


def _paragraph(block: Paragraph) -> Markup:
    words = text(block.text)
    match block.role:
        case "plain":
            return Markup("<p>{}</p>").format(words)
        case "remark":
            return Markup('<aside class="remark"><p>{}</p></aside>').format(words)
        case _:
            kind = f"{block.role} {block.tone}" if block.tone else block.role
            return Markup('<p class="{}">{}</p>').format(kind, words)


def _step(number: int, step: Step) -> Markup:
    rule = Markup('<p class="rule"><strong>{}</strong>: {}</p>\n').format(step.rule, text((step.states,)))
    return Markup(
        '<li class="{}">\n{}\n<p>{} <span class="because">{}</span></p>\n{}<p class="quiet">{}</p>\n</li>'
    ).format(
        step.mark.tone,
        _boxed("formula", f"step {number}", _math(step.latex, display=True)),
        text((step.mark,)),
        text((step.because,)),
        rule if step.rule else "",
        text((step.checked,)),
    )


def _row(row: tuple[Inline, ...], by: int | None) -> Markup:
    first, *others = row
    mark = None if by is None else row[by]
    word = Markup(' data-word="{}"').format(mark.word) if isinstance(mark, Mark) else ""
    cells = Markup("").join(_cell(cell) for cell in others)
    return Markup('<tr{}><th scope="row">{}</th>{}</tr>').format(word, text((first,)), cells)


def _cell(cell: Inline) -> Markup:
    long = isinstance(cell, str) and _DIGITS.fullmatch(cell)
    kind = Markup(' class="decimals"') if long else ""
    return Markup("<td{}>{}</td>").format(kind, text((cell,)))
