"""What a report is about, as plain data: claims, one activation, the law; `outline` says in which blocks and order.

LaTeX stands where a formula stands.  Strings may hold `code` in backticks and $LaTeX$ between dollars.
"""

from __future__ import annotations

from dataclasses import dataclass

from theory.evidence import Picture
from theory.rules import Rule

from .blocks import Mark, Table, Tone


@dataclass(frozen=True, kw_only=True)
class Hypothesis:
    """An assumption, how it stands, and the figure that decides."""

    text: str
    mark: Mark
    figure: str


@dataclass(frozen=True, kw_only=True)
class Link:
    """A step of a derivation; `checked` says how, or that it is taken from elsewhere."""

    latex: str
    because: str
    checked: str
    mark: Mark
    rule: Rule | None = None


@dataclass(frozen=True, kw_only=True)
class Check:
    """A piece of evidence."""

    about: str
    method: str
    finding: str
    details: tuple[str, ...]
    extent: str
    mark: Mark
    picture: Picture | None


@dataclass(frozen=True, kw_only=True)
class Twin:
    """A statement one slip away, and what refused it."""

    slip: str
    latex: str
    mark: Mark
    checks: tuple[Check, ...]


@dataclass(frozen=True, kw_only=True)
class ClaimPage:
    """One claim."""

    id: str
    anchor: str
    title: str
    latex: str
    reading: str
    source: str
    verdict: Mark
    expected: str
    outcome: Mark
    sentence: str
    weakest_link: str
    definitions: tuple[tuple[str, str], ...]
    hypotheses: tuple[Hypothesis, ...]
    links: tuple[Link, ...]
    checks: tuple[Check, ...]
    twins: tuple[Twin, ...]
    uses: tuple[tuple[str, str], ...]
    """`(id, anchor)` of the claims that this one rests on; the anchor is empty where they are not in the report."""
    remark: str


@dataclass(frozen=True, kw_only=True)
class Document:
    """The report."""

    title: str
    summary: str
    tone: Tone
    scale: tuple[tuple[Mark, str], ...]
    sections: tuple[ClaimPage, ...]
    provenance: tuple[tuple[str, str], ...]
    command: str


@dataclass(frozen=True, kw_only=True)
class Value:
    """A certified number: what it is of, its decimals, the radius within which the truth lies."""

    latex: str
    decimals: str
    within: str
    mark: Mark
    closed_form: str = ""
    """LaTeX, empty where there is none or it is too long for a table."""
    elsewhere: str = ""
    """Where a closed form stands that is too long."""


@dataclass(frozen=True, kw_only=True)
class Constant:
    """A derived function; `latex` is empty where there is no closed form, and `note` says what to use."""

    key: str
    symbol: str
    latex: str
    meaning: str
    note: str


@dataclass(frozen=True, kw_only=True)
class Values:
    """Certified numbers under one heading, in LaTeX."""

    heading: str
    rows: tuple[Value, ...]


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """Some steps of a derivation under one heading."""

    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True, kw_only=True)
class Derivation:
    """The report on one activation."""

    title: str
    summary: str
    tone: Tone
    latex: str
    remark: str
    hypotheses: tuple[Hypothesis, ...]
    degrees: tuple[str, ...]
    """`mu_l` as functions of the degree, in LaTeX; empty where none is known."""
    coefficients: Values
    dual: Constant
    constants: tuple[Constant, ...]
    at: tuple[Values, ...]
    pictures: tuple[Picture, ...]
    chapters: tuple[Chapter, ...]
    scale: tuple[tuple[Mark, str], ...]
    provenance: tuple[tuple[str, str], ...]
    command: str


@dataclass(frozen=True, kw_only=True)
class LawComparison:
    """The report on the alignment law against sampling; `rivals` has no rows where none of them speaks."""

    title: str
    summary: str
    tone: Tone
    remark: str
    rivals: Table
    settings: Table
    pictures: tuple[Picture, ...]
    provenance: tuple[tuple[str, str], ...]
    command: str


@dataclass(frozen=True, kw_only=True)
class View:
    """Pictures of the law, and in one sentence what is to be seen in them."""

    title: str
    words: str
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, kw_only=True)
class Plate:
    """One figure of the paper: what it shows, at which size, and its pictures."""

    title: str
    words: str
    pictures: tuple[Picture, ...]
    differs: tuple[str, ...] = ()
    """What is not as in the paper, a line each."""
    found: tuple[str, ...] = ()
    """How near the law comes to the samples, in a sentence, then a line for each point that is far; empty without."""


@dataclass(frozen=True, kw_only=True)
class PaperFigures:
    """The report that shows figures of the paper."""

    title: str
    summary: str
    tone: Tone
    plates: tuple[Plate, ...]
    provenance: tuple[tuple[str, str], ...]
    command: str
