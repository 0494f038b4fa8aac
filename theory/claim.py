"""What a claim is: a statement with its domain, its derivation, its predictions and the wrong twins it must survive.

Statements only: nothing here checks anything.  Symbolic links are judged in `theory.checking`, predictions in
`numerics.experiment`.

Main definitions
    `Claim`, and its parts `Source`, `Hypothesis`, `Step`, `Prediction`, `Twin`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any

import sympy as sp

from .evidence import Verdict
from .rules import Rule
from .scene import Scene

Point = Mapping[Any, Any]
"""An admissible point: a value for each free symbol (and each free function or matrix) of a statement."""


class Provenance(StrEnum):
    """Who says so.  Never blurred: a reader must not take ours for the paper's."""

    PAPER = "stated in the paper"
    RECALLED = "recalled from the paper, whose text was not at hand"
    SOURCE_TEXT = "as the source text states it"
    CODE = "as the authors' code is quoted"
    REPORTED = "as a review of the paper reports it"
    INFERRED = "inferred: a setting in which the authors' formulas come out"
    KNOWN = "known"
    DERIVED = "derived here"
    MEASURED = "found here, by experiment"
    HEURISTIC = "derived here by a heuristic of statistical physics"

    @property
    def tag(self) -> str:
        """The same in three letters, as the tables of the companion families have it."""
        return _TAGS[self]


_TAGS = {
    Provenance.PAPER: "SRC",
    Provenance.SOURCE_TEXT: "SRC",
    Provenance.CODE: "SRC",
    Provenance.REPORTED: "SRC",
    Provenance.RECALLED: "MEM",
    Provenance.INFERRED: "INF",
    Provenance.KNOWN: "STD",
    Provenance.DERIVED: "DER",
    Provenance.MEASURED: "NUM",
    Provenance.HEURISTIC: "DER",
}


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a statement comes from: a key of `docs/references.bib`, the place in it, and who says so."""

    key: str
    anchor: str
    provenance: Provenance

    def __str__(self) -> str:
        return f"{self.provenance} ({self.provenance.tag}): {self.anchor} [{self.key}]"


class Status(Enum):
    """How a hypothesis stands at a setting."""

    HOLDS = "holds"
    VIOLATED = "violated"
    ASYMPTOTIC = "asymptotic only"


@dataclass(frozen=True, kw_only=True)
class Hypothesis:
    """One assumption.  `examine(setting)` returns its status there and the figure that decides; None is no setting."""

    text: str
    examine: Callable[[Any], tuple[Status, str]]
    violated: Callable[[], Iterator[Point]] | None = None
    """Points that violate it and nothing else: the statement must be refused at one of them."""
    violated_by: Callable[[Prediction], Prediction | None] | None = None
    """The prediction at settings that violate it, where it must be refused; None where it would be true there too."""


class Relation(StrEnum):
    """How the two sides of a statement stand to each other."""

    EQUAL = "="
    AT_MOST = "<="
    AT_LEAST = ">="
    TENDS_TO = "->"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One link of a derivation, `left relation right`, and the rule that is said to give it.

    A step with `known` or `heuristic` grounds is not checked by itself and is printed so; every other is judged.
    """

    left: sp.Basic
    right: sp.Basic
    because: str
    rule: Rule | None = None
    """The named theorem that is applied, where one is."""
    relation: Relation = Relation.EQUAL
    grounds: Provenance = Provenance.DERIVED
    points: Callable[[], Iterator[Point]] | None = None
    """Admissible points of this link alone; the claim's own if None."""


class Test(StrEnum):
    """How measured values are held against a prediction."""

    __test__ = False  # not a test case, whatever pytest makes of the name

    IDENTITY = "identity"
    """The observable is an error; it must stay below `value` on every instance.  Gives NUMERIC."""
    EQUAL = "equal"
    """The mean over trials equals `value`, at each setting.  Gives SAMPLED."""
    AT_LEAST = "at least"
    """The mean over trials is at least `value`, at each setting.  Gives SAMPLED."""
    AT_MOST = "at most"
    """The mean over trials is at most `value`, at each setting.  Gives SAMPLED."""
    LIMIT = "limit"
    """The means at growing sizes, fitted by `a + b size**-rate`, have `a` equal to `value`.  Gives SAMPLED."""


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """What theory says a measurement will give; never how to measure it.

    `observable` names an entry of `numerics.observables`.  `value(setting)` is what the statement says it is there.
    `resolution` is the smallest deviation that would matter: a test that could not see it leaves the claim UNDECIDED.
    """

    about: str
    observable: str
    test: Test
    settings: tuple[Scene, ...]
    value: Callable[[Any], float]
    resolution: float
    trials: int
    label: str = "predicted"
    """What `value` is called in the picture."""
    role: str = "law"
    """Whose value it is, as the role of its curve: `law` (ours) or `paper`."""
    rate: float = 1.0
    """For LIMIT: the power of `size(setting)` by which the mean approaches its limit."""
    size: Callable[[Any], float] = lambda setting: float(getattr(setting, "d", 1))  # of one size no limit is asked
    size_label: str = "d"
    beside: tuple[tuple[str, str, Callable[[Any], float]], ...] = ()
    """Other curves of the picture, `(label, role, value)`: the paper's limit beside our law."""

    def __post_init__(self) -> None:
        if not self.settings:
            raise ValueError(f"{self.about}: a prediction needs at least one setting")
        if self.resolution <= 0:
            raise ValueError(f"{self.about}: the resolution must be positive, not {self.resolution:g}")


@dataclass(frozen=True, kw_only=True)
class Twin:
    """A statement one slip away from the claim, and false: the check of the claim must refute it.

    `statement` replaces the claim's sides, `predictions` its predictions; a twin changes at least one of them.
    """

    slip: str
    """What was changed, in words."""
    statement: tuple[sp.Basic, sp.Basic] | None = None
    predictions: tuple[Prediction, ...] = ()

    def __post_init__(self) -> None:
        if self.statement is None and not self.predictions:
            raise ValueError(f"twin {self.slip!r} changes nothing")


def no_points() -> Iterator[Point]:
    """Return no admissible point: for statements that are only measured."""
    return iter(())


def no_steps() -> Iterator[Step]:
    """Return no step: for statements that are only measured."""
    return iter(())


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A statement `lhs relation rhs` under hypotheses, with everything needed to judge it.

    The sides are kept apart and never joined by `Eq`, which SymPy may decide at construction.  `expected` is REFUTED
    for a statement that is known to be false and is here to be seen refused; None means that it is to hold.
    """

    title: str
    reading: str
    """The statement in plain language."""
    statement: tuple[sp.Basic, sp.Basic]
    relation: Relation = Relation.EQUAL
    source: Source
    hypotheses: tuple[Hypothesis, ...] = ()
    points: Callable[[], Iterator[Point]] = no_points
    derivation: Callable[[], Iterator[Step]] = no_steps
    predictions: tuple[Prediction, ...] = ()
    twins: tuple[Twin, ...]
    uses: tuple[str, ...] = ()
    """Identifiers of the claims that this one rests on."""
    expected: Verdict | None = None
    remark: str = ""
    """What a reader should know besides: an erratum, a limit of the evidence."""
    definitions: Mapping[str, str] = field(default_factory=dict)
    """LaTeX of the less common symbols and what they mean."""

    def __post_init__(self) -> None:
        lhs, rhs = self.statement
        if lhs == rhs:
            raise ValueError(f"{self.title}: both sides are the same expression, so nothing is stated")
        if not self.twins and self.expected is not Verdict.REFUTED:
            raise ValueError(f"{self.title}: a claim needs a wrong twin that its checks can be seen refusing")
        if self.points is no_points and not self.predictions:
            raise ValueError(f"{self.title}: neither points nor predictions, so nothing could refute it")
