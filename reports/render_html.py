"""A page of `document` -> one self-contained HTML page: MathML, inline SVG, no script, nothing fetched.

Every string is escaped by the template engine; the three functions here that return markup escape what they wrap.
"""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from theory.evidence import Picture

from . import figures, formulas
from .document import Derivation, Document, LawComparison, PaperFigures

_TEMPLATES = Path(__file__).parent / "templates"
_PAGES = {
    Document: "report.html",
    Derivation: "derivation.html",
    LawComparison: "comparison.html",
    PaperFigures: "paper_figures.html",
}
_SPECIAL = re.compile(r"(`[^`]+`|\$[^$]+\$)")


def render(document: Document | Derivation | LawComparison | PaperFigures) -> str:
    """Return the page; the same document gives the same bytes."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    numbers = count(1)

    def draw(picture: Picture) -> Markup:
        return Markup(figures.svg(picture, prefix=f"figure-{next(numbers)}"))  # noqa: S704 - figures.svg escapes

    environment.filters |= {"display": display, "inline": inline, "rich": rich, "draw": draw}
    return environment.get_template(_PAGES[type(document)]).render(document=document)


def display(latex: str) -> Markup:
    """Return LaTeX as a formula on a line of its own."""
    return Markup(formulas.mathml(latex))  # noqa: S704 - formulas.mathml lets nothing but MathML through


def inline(latex: str) -> Markup:
    """Return LaTeX as a formula within a line."""
    return Markup(formulas.mathml(latex, display=False))  # noqa: S704 - as above


def rich(text: str) -> Markup:
    """Return text with `code` in backticks and $LaTeX$ between dollars set as such, everything else escaped."""
    return Markup("").join(_set(part) for part in _SPECIAL.split(text))


def _set(part: str) -> Markup:
    if not _SPECIAL.fullmatch(part):
        return escape(part)
    return inline(part[1:-1]) if part[0] == "$" else Markup("<code>{}</code>").format(part[1:-1])
