"""Every format says everything: each sentence, formula, mark, cell and figure of a report, or the loss is seen."""

import io
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from pypdf import PdfReader

from numerics.experiment import Effort
from numerics.verification import verify
from reports import (
    collect_derivation,
    figures,
    outline_law,
    render_html,
    render_json,
    render_latex,
    render_markdown,
    render_typst,
)
from reports.blocks import (
    Bullets,
    Code,
    Facts,
    Figure,
    Formula,
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
from reports.collect import collect
from reports.formulas import mathml
from reports.law_pictures import views
from reports.outline import whole
from reports.typst_math import typst_math
from theory.activations import RELU
from theory.derivation import derivation
from theory.portrait import portrait

TEX = {
    r"\textbackslash{}": "\\", r"\textasciicircum{}": "^", r"\textasciitilde{}": "~", r"\textless{}": "<",
    r"\textgreater{}": ">", r"\textbar{}": "|", r"\symbol{34}": '"', r"\textasciigrave{}": "`",
    r"\textquotesingle{}": "'", r"\textperiodcentered{}": "·", r"\textpm{}": "±", r"\mayend{}": "", "-{}": "-",
}  # fmt: skip
"""What a reader of LaTeX sees; written apart from the renderer, which has its own table."""


@pytest.fixture(scope="module")
def page() -> Page:
    """Return a whole report on one claim, with its twins, and on one activation, with its figure."""
    origin = {"command": 'gammaphi report "x*erf(x)" --quick', "seed": 0, "python": "3"}
    claims = collect(verify(["hermite-shift"], seed=0, effort=Effort.QUICK), effort="quick", provenance=origin)
    relu = collect_derivation.collect(portrait(RELU, ()), derivation(RELU), provenance=origin)
    spoken = replace(claims.sections[0], remark=r"50% of #1 & `a_b` \ {x} ~ ^ <tag> 'q' a|b $\frac{1}{2}$ * _c_ [d](e)")
    return whole(replace(claims, sections=(spoken,)), [relu], None)


@pytest.fixture(scope="module")
def drawn() -> Page:
    """Return a report whose one chapter is the law in pictures."""
    chapter = outline_law.pictures(tuple(views()), "pictures")
    return Page(title="The law", lead=Paragraph(("No more than its pictures.",), "lead", "good"), blocks=(chapter,))


def wanted(blocks) -> Iterator[tuple[str, str]]:
    """Yield `(kind, what)` for everything that the blocks say: words, code, math, mark or figure."""
    for block in blocks:
        match block:
            case Paragraph(text):
                yield from said(text)
            case Formula(latex):
                yield "math", latex
            case Listing(text):
                yield "code", text
            case Bullets(items):
                yield from said(items)
            case Table():
                yield from said(cell for row in (block.heads, *block.rows) for cell in row)
            case Figure(picture):
                yield "figure", picture.title
                yield from said((picture.x_label, picture.y_label, *(c.label for c in picture.curves), *picture.names))
                along = "x" if picture.names else "y"
                yield from (("words", f"{value:.6g}") for curve in picture.curves for value in getattr(curve, along))
            case Steps(steps):
                for step in steps:
                    yield "math", step.latex
                    yield from said((step.mark, step.because, step.rule, step.states, step.checked))
            case Facts(rows):
                yield from said(part for row in rows for part in row)
            case Section(title, _, inner):
                yield from said((title,))
                yield from wanted(inner)


def said(inlines) -> Iterator[tuple[str, str]]:
    for atom in atoms(inlines):
        match atom:
            case Word(text):
                yield "words", text
            case Code(text):
                yield "code", text
            case Math(latex):
                yield "math", latex
            case Mark():
                yield "mark", atom.word
            case Ref(text):
                yield from said((text,))


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


class Words(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_data(self, data):
        self.found.append(data)


class Html:
    def __init__(self, page):
        self.source = render_html.render(page)
        self.words = squeezed("".join(Words(self.source).found))

    def says(self, kind, what):
        if kind == "math":
            return mathml(what) in self.source or mathml(what, display=False) in self.source
        return squeezed(what) in self.words

    def shows(self):
        return self.source.count("<svg")


class Markdown:
    def __init__(self, page):
        self.source = render_markdown.render(page, "figures")
        self.words = squeezed(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", self.source))

    def says(self, kind, what):
        return squeezed(render_markdown.maths(what) if kind == "math" else what) in self.words

    def shows(self):
        return len(set(re.findall(r"\(figures/(figure-\d+\.svg)\)", self.source)))


class Latex:
    def __init__(self, page):
        self.source = render_latex.render(page, "figures")
        text = self.source
        for macro, letter in TEX.items():
            text = text.replace(macro, letter)
        self.words = squeezed(re.sub(r"\\([{}$&#%_])", r"\1", text))

    def says(self, kind, what):
        return what in self.source if kind == "math" else squeezed(what) in self.words

    def shows(self):
        return len(set(re.findall(r"\{figures/(figure-\d+\.pdf)\}", self.source)))


class Pdf:
    """The words are read off the PDF; a formula is looked for in what it is compiled from."""

    def __init__(self, page):
        self.source = render_typst.render(page)
        self.reader = PdfReader(io.BytesIO(render_typst.pdf(page)))
        texts = (sheet.extract_text() for sheet in self.reader.pages)
        self.words = squeezed("".join(re.sub(r"\n?\d+\s*$", "", text) for text in texts))  # less the page numbers

    def says(self, kind, what):
        if kind == "math":
            return f"${typst_math(what)}$" in self.source or f"$ {typst_math(what)} $" in self.source
        return squeezed(what) in self.words

    def shows(self):
        return self.source.count("#figure-of(")


class Json:
    def __init__(self, page):
        self.source = json.dumps(render_json.render(page))
        self.strings, self.figures = set(), 0
        self._walk(json.loads(self.source))

    def _walk(self, value):
        if isinstance(value, dict):
            self.figures += value.get("kind") == "figure"
            self._walk(list(value.values()))
        elif isinstance(value, list):
            for entry in value:
                self._walk(entry)
        else:
            self.strings.add(f"{value:.6g}" if isinstance(value, float) else value)

    def says(self, _kind, what):
        return what in self.strings

    def shows(self):
        return self.figures


FORMATS = (Html, Markdown, Latex, Pdf, Json)


def lost(rendered, page) -> list[tuple[str, str]]:
    """Return what `page` says and the rendered one does not."""
    found = [(kind, what) for kind, what in wanted((page.lead, *page.blocks)) if not rendered.says(kind, what)]
    shown = [kind for kind, _ in wanted(page.blocks)].count("figure")
    return found + [("figures", f"{shown}")] * (rendered.shows() != shown)


def without(blocks, kind):
    """Return the blocks less every block of `kind`, at any depth."""
    kept = tuple(block for block in blocks if not isinstance(block, kind))
    return tuple(
        replace(block, blocks=without(block.blocks, kind)) if isinstance(block, Section) else block for block in kept
    )


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_everything(page, form):
    assert lost(form(page), page) == []


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_what_is_seen_in_the_pictures_of_the_law(drawn, form):
    assert lost(form(drawn), drawn) == []
    figure = next(one for one in _figures(drawn.blocks) if one.picture.names)
    nameless = Figure(replace(figure.picture, names=tuple("-" * len(figure.picture.names))))
    alone = replace(drawn, blocks=(figure,))
    assert lost(form(alone), alone) == []
    assert ("words", "gaussian") in lost(form(replace(alone, blocks=(nameless,))), alone)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", [Paragraph, Formula, Listing, Bullets, Table, Figure, Steps, Facts, Section])
def test_a_block_that_is_dropped_is_seen(page, form, kind):
    page = replace(page, blocks=(*page.blocks, Bullets(("an item of its own",))))
    assert lost(form(replace(page, blocks=without(page.blocks, kind))), page) != []


@pytest.mark.parametrize(
    ("form", "module", "name"),
    [
        (Html, render_html, "_step"),
        (Markdown, render_markdown, "_step"),
        (Latex, render_latex, "_step"),
        (Pdf, render_typst, "_step"),
        (Json, render_json, "_step"),
    ],
)
def test_a_renderer_that_drops_how_a_step_was_checked_is_seen(page, form, module, name, monkeypatch):
    whole_step = getattr(module, name)

    def careless(*arguments):
        *number, step = arguments
        bare = step | {"checked": ""} if isinstance(step, dict) else replace(step, checked="")
        return whole_step(*number, bare)

    monkeypatch.setattr(module, name, careless)
    assert lost(form(page), page) != []


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_blocks_give_the_same_text(page, form):
    assert form(page).source == form(page).source


def test_the_same_blocks_give_the_same_bytes(page):
    assert render_typst.pdf(page) == render_typst.pdf(page)
    (picture,) = (block.picture for block in _figures(page.blocks))
    for kind in ("svg", "pdf"):
        assert figures.file(picture, kind) == figures.file(picture, kind)
        for trace in (b"CreationDate", b"dc:date", b"matplotlib.org"):
            assert trace not in figures.file(picture, kind)


def _figures(blocks):
    for block in blocks:
        if isinstance(block, Section):
            yield from _figures(block.blocks)
        elif isinstance(block, Figure):
            yield block
