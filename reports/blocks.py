"""The vocabulary of a report: a few kinds of block, which every format knows and beside which it knows nothing.

Text is a sequence of inlines.  A plain string among them may hold `code` in backticks and $LaTeX$ between dollars;
everything else in it is words.  LaTeX is the language of formulas.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from theory.evidence import Picture

Tone = Literal["good", "bad", "open", "note"]
"""What a mark or a sentence tells at a glance: fine, wrong, undecided, or not checked here."""


@dataclass(frozen=True)
class Code:
    """Letters as they are typed."""

    text: str


@dataclass(frozen=True)
class Math:
    """A formula within a line."""

    latex: str


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A word that is also shown in a colour and a shape."""

    word: str
    tone: Tone


@dataclass(frozen=True)
class Ref:
    """Text that leads to an anchor of the same report."""

    text: str
    anchor: str


@dataclass(frozen=True)
class Word:
    """Characters without any meaning of their own: what `atoms` makes of the words of a string."""

    text: str


Inline = str | Code | Math | Mark | Ref
Atom = Word | Code | Math | Mark | Ref
Role = Literal["plain", "lead", "sentence", "line", "quiet", "remark"]


@dataclass(frozen=True)
class Paragraph:
    """Text; the role says what it is to the reader: the summary of all, the outcome of a claim, a method, a remark."""

    text: tuple[Inline, ...]
    role: Role = "plain"
    tone: Tone | None = None


@dataclass(frozen=True)
class Formula:
    """A formula on a line of its own; the label is what a reader who cannot see it is told first."""

    latex: str
    label: str


@dataclass(frozen=True)
class Listing:
    """Lines as they are typed."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """Items without an order."""

    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """Cells under their heads; `by` is the column whose marks a reader may filter the rows by."""

    label: str
    heads: tuple[Inline, ...]
    rows: tuple[tuple[Inline, ...], ...]
    by: int | None = None


@dataclass(frozen=True)
class Figure:
    """What was seen: drawn, said in words, and with its numbers."""

    picture: Picture

    @property
    def numbers(self) -> Table:
        """Every point that is drawn."""
        curves = self.picture.curves
        errors = [curve.role for curve in curves if curve.error]
        of_error = ("standard deviation" if errors[0] == "spread" else "standard error",) if errors else ()
        return Table(
            label=f"The numbers of: {self.picture.title}",
            heads=("curve", self.picture.x_label, self.picture.y_label, *of_error),
            rows=tuple(
                (curve.label, f"{x:.6g}", self._height(y), *((error,) if errors else ()))
                for curve in curves
                for x, y, error in zip(curve.x, curve.y, _errors(curve.error, len(curve.x)), strict=True)
            ),
        )

    def _height(self, y: float) -> str:
        """Return y in digits, or by its name where it has one."""
        return self.picture.names[int(y)] if self.picture.names else f"{y:.6g}"

    @property
    def series(self) -> tuple[tuple[str, str], ...]:
        """The same numbers where there is no room for a table: each curve with its points."""
        found: dict[str, list[str]] = {curve.label: [] for curve in self.picture.curves}
        for label, x, y, *error in self.numbers.rows:
            found[str(label)].append(f"{x}: {y}" + (f" ± {error[0]}" if any(error) else ""))
        return tuple((label, "; ".join(points)) for label, points in found.items())


def _errors(found: tuple[float, ...], points: int) -> Iterable[str]:
    return (f"{error:.2g}" for error in found) if found else ("",) * points


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step of a derivation: the formula, by which rule, in which words, and how it was checked."""

    latex: str
    mark: Mark
    because: str
    rule: str
    """The name of the theorem that is applied, empty where none is."""
    states: str
    """What that theorem states, needs, and where it is from."""
    checked: str


@dataclass(frozen=True)
class Steps:
    """A derivation, numbered from 1."""

    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Facts:
    """Terms, each with what it means."""

    rows: tuple[tuple[Inline, Inline], ...]


@dataclass(frozen=True)
class Section:
    """Blocks under a title; the anchor is permanent."""

    title: str
    anchor: str
    blocks: tuple[Block, ...]


Block = Paragraph | Formula | Listing | Bullets | Table | Figure | Steps | Facts | Section


@dataclass(frozen=True, kw_only=True)
class Page:
    """A report: what it is, what came out, and all the rest."""

    title: str
    lead: Paragraph
    blocks: tuple[Block, ...]


_SPECIAL = re.compile(r"(`[^`]+`|\$[^$]+\$)")


def atoms(text: Iterable[Inline]) -> Iterator[Atom]:
    """Yield `text` with its strings taken apart into words, code and formulas."""
    for inline in text:
        if not isinstance(inline, str):
            yield inline
            continue
        for part in filter(None, _SPECIAL.split(inline)):
            if not _SPECIAL.fullmatch(part):
                yield Word(part)
            else:
                yield Math(part[1:-1]) if part[0] == "$" else Code(part[1:-1])


def figures(blocks: Iterable[Block]) -> Iterator[Figure]:
    """Yield every figure in the order of reading, which is how they are numbered."""
    for block in blocks:
        if isinstance(block, Figure):
            yield block
        elif isinstance(block, Section):
            yield from figures(block.blocks)


def sections(blocks: Iterable[Block]) -> Iterator[Section]:
    """Yield the sections among `blocks`, without those within them."""
    return (block for block in blocks if isinstance(block, Section))
