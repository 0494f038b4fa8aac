"""`Derivation` -> blocks: one activation, from its definition to its constants and how each step is known."""

from __future__ import annotations

from collections.abc import Iterator

from .blocks import Block, Code, Figure, Formula, Inline, Math, Section, Table
from .document import Constant, Derivation, Value, Values
from .outline_parts import derivation, hypotheses, say

SCALE = "A step is held against a witness that shares no code with it."
_EVERY = "For every degree."
_EACH = "No formula for every degree is known: each coefficient is enclosed by itself."


def blocks(page: Derivation, prefix: str = "") -> Iterator[Block]:
    """Yield the sections on one activation; `prefix` keeps their anchors apart from those of another."""
    remark = (say(f"Remark. {page.remark}", role="remark"),) if page.remark else ()
    supposed = Section("Hypotheses", f"{prefix}hypotheses", (hypotheses(page.hypotheses),))
    yield Section("Activation", f"{prefix}activation", (Formula(page.latex, "activation"), *remark, supposed))
    yield Section("Hermite coefficients", f"{prefix}coefficients", tuple(_coefficients(page)))
    yield Section("Dual activation", f"{prefix}dual", tuple(_constant(page.dual)))
    yield Section("Constants", f"{prefix}constants", tuple(_constants(page)))
    chapters = tuple(
        Section(chapter.title, f"{prefix}derivation-{number}", (derivation(chapter.links),))
        for number, chapter in enumerate(page.chapters, start=1)
    )
    yield Section("Derivation", f"{prefix}derivation", chapters)


def _coefficients(page: Derivation) -> Iterator[Block]:
    yield say(_EVERY if page.degrees else _EACH, role="quiet")
    for latex in page.degrees:
        yield Formula(latex, "coefficients")
    yield _values(page.coefficients, closed_forms=True)


def _constants(page: Derivation) -> Iterator[Block]:
    for constant in page.constants:
        yield from _constant(constant)
    yield from map(_values, page.at)
    yield from map(Figure, page.pictures)


def _constant(found: Constant) -> Iterator[Block]:
    if found.latex:
        yield Formula(found.latex, found.key)
    symbol = () if found.latex else (" · ", Math(found.symbol))
    yield say(Code(found.key), *symbol, " · ", found.meaning)
    if found.note:
        yield say(found.note, role="quiet")


def _values(found: Values, *, closed_forms: bool = False) -> Table:
    last = ("Closed form",) if closed_forms else ()
    return Table(
        label="Certified values",
        heads=(Math(found.heading), "Value", "Within", "Known", *last),
        rows=tuple((*_cells(row), *((_closed(row),) if closed_forms else ())) for row in found.rows),
    )


def _cells(row: Value) -> tuple[Inline, ...]:
    return Math(row.latex), row.decimals, row.within, row.mark


def _closed(row: Value) -> Inline:
    return Math(row.closed_form) if row.closed_form else row.elsewhere
