"""`Document` -> blocks: the claims, in the order in which a sceptic asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .blocks import Block, Bullets, Code, Facts, Figure, Formula, Inline, Math, Ref, Section, Table
from .document import Check, ClaimPage, Document, Twin
from .outline_parts import derivation, hypotheses, say, scale

_SCALE = "The verdict of a claim is that of its weakest link: no check lends its strength to another."
_TWINS = "Statements one slip away, and false. A check that accepts one of them shows nothing."
_ERRATA = "Statements that are here because they are false, whoever made them, and what holds instead."


def blocks(document: Document) -> Iterator[Block]:
    """Yield the verdicts, their scale, the errata, and then claim by claim."""
    yield Section("Verdicts", "verdicts", (verdicts(document.sections),))
    yield scale(document.scale, _SCALE)
    false = [page for page in document.sections if page.expected == "refuted"]
    if false:
        yield Section("Errata", "errata", (say(_ERRATA, role="quiet"), _errata(false)))
    yield from map(claim, document.sections)


def verdicts(pages: Sequence[ClaimPage]) -> Table:
    """Return one row for each claim; a reader may ask for those of one verdict."""
    return Table(
        label="Verdicts",
        heads=("Claim", "Verdict", "Expected", "As stated?", "Weakest link", "Source"),
        rows=tuple(
            (Ref(f"{p.title} `{p.id}`", p.anchor), p.verdict, p.expected, p.outcome, p.weakest_link, p.source)
            for p in pages
        ),
        by=1,
    )


def _errata(pages: Sequence[ClaimPage]) -> Table:
    return Table(
        label="Errata",
        heads=("Statement", "Source", "What holds", "Outcome"),
        rows=tuple((Ref(p.title, p.anchor), p.source, p.remark or p.reading, p.outcome) for p in pages),
    )


def claim(page: ClaimPage) -> Section:
    """Return all that is known of one claim."""
    return Section(page.title, page.anchor, tuple(_claim(page)))


def _claim(page: ClaimPage) -> Iterator[Block]:
    yield say(page.sentence, role="sentence", tone=page.outcome.tone)
    yield Formula(page.latex, "statement")
    yield say(page.reading)
    if page.definitions:
        yield Facts(tuple((Math(symbol), meaning) for symbol, meaning in page.definitions))
    yield say(*_source(page), role="quiet")
    if page.remark:
        yield say(f"Remark. {page.remark}", role="remark")
    if page.hypotheses:
        yield Section("Hypotheses", f"{page.anchor}-hypotheses", (hypotheses(page.hypotheses),))
    if page.links:
        yield Section("Derivation", f"{page.anchor}-derivation", (derivation(page.links),))
    if page.checks:
        found = tuple(block for check in page.checks for block in _check(check))
        yield Section("Evidence", f"{page.anchor}-evidence", found)
    if page.twins:
        wrong = tuple(block for twin in page.twins for block in _twin(twin))
        yield Section("Wrong twins", f"{page.anchor}-twins", (say(_TWINS, role="quiet"), *wrong))


def _source(page: ClaimPage) -> Iterator[Inline]:
    yield from (page.source, " · ", Code(page.id))
    for number, (name, anchor) in enumerate(page.uses):
        yield ", " if number else " · rests on "
        yield Ref(name, anchor) if anchor else Code(name)


def _check(check: Check) -> Iterator[Block]:
    yield say(check.mark, " ", check.about, role="line")
    yield Bullets(check.details) if check.details else say(check.finding)
    yield say(f"{check.method} ({check.extent})", role="quiet")
    if check.picture is not None:
        yield Figure(check.picture)


def _twin(twin: Twin) -> Iterator[Block]:
    yield say(twin.mark, " ", twin.slip, role="line")
    if twin.latex:
        yield Formula(twin.latex, "wrong statement")
    for check in twin.checks:
        yield say(f"{check.about}: {check.finding}", role="quiet")
