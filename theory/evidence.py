"""The vocabulary of trust: what a check found, how, and how far it can be believed.

Main definitions
    `Verdict`: the scale, weakest first.  `Evidence`: one check and its outcome.  `Picture`: what a check saw, as data.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Verdict(IntEnum):
    """How a statement is known.  The order is the order of trust, so the weakest link is a minimum."""

    REFUTED = 0
    UNDECIDED = 1
    SAMPLED = 2
    NUMERIC = 3
    ENCLOSED = 4
    EXACT = 5

    @property
    def meaning(self) -> str:
        """The sentence that a reader of the verdict is entitled to."""
        return _MEANING[self]

    @property
    def holds(self) -> bool:
        """Whether the statement survived its checks (UNDECIDED did not)."""
        return self >= Verdict.SAMPLED


_MEANING = {
    Verdict.REFUTED: "a check found it false",
    Verdict.UNDECIDED: "no check was strong enough to decide",
    Verdict.SAMPLED: "a random experiment with stated false-alarm rate and power agrees",
    Verdict.NUMERIC: "two computations that share no code agree in floating point, at the points tried",
    Verdict.ENCLOSED: "ball arithmetic encloses both sides and they overlap, at the points tried",
    Verdict.EXACT: "exact arithmetic gives zero, and 40 digits agree, at the points tried; not a formal proof",
}


def weakest(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the least trusted of `verdicts`; of none at all, UNDECIDED: nothing checked is nothing known."""
    return min(verdicts, default=Verdict.UNDECIDED)


@dataclass(frozen=True, kw_only=True)
class Curve:
    """One line or one set of points of a picture; `error` is one standard error, or empty."""

    label: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    error: tuple[float, ...] = ()
    role: str = "sampled"
    """One of `sampled`, `law` (ours), `paper` (a limit or bound that the paper states), `rival` (a wrong twin),
    `spread` (sampled, where `error` is one standard deviation of a trial), `border` (where something changes)."""
    discrete: bool = False
    """Whether each point is marked: there is nothing between them, as between degrees."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What a check saw, as plain data: the report draws it, nobody else needs to."""

    title: str
    x_label: str
    y_label: str
    curves: tuple[Curve, ...]
    log_x: bool = False
    log_y: bool = False
    names: tuple[str, ...] = ()
    """What y = 0, 1, ... are called where y counts things, listed from the top down; empty where it measures."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One check: what was compared, how, and what came out."""

    about: str
    """What was compared, in words."""
    method: str
    """How: the rule, the quadrature, the test with its false-alarm rate and power."""
    finding: str
    """The numbers, in one sentence; where several settings were tried, those of the weakest."""
    verdict: Verdict
    points: int
    """Admissible points, instances or trials that were tried; zero can only be UNDECIDED."""
    details: tuple[str, ...] = ()
    """One line for each setting, where there are several."""
    seed: str = ""
    """Where the randomness came from, enough to draw it again; empty if there was none."""
    picture: Picture | None = None

    def __post_init__(self) -> None:
        if self.points == 0 and self.verdict is not Verdict.UNDECIDED:
            raise ValueError(f"{self.about}: a check that tried no point cannot be {self.verdict.name}")
