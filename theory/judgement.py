"""The outcome for one claim: every check that was made, and the verdict that the weakest of them allows."""

from __future__ import annotations

from dataclasses import dataclass

from .claim import Claim, Hypothesis, Status, Step, Twin
from .evidence import Evidence, Verdict


@dataclass(frozen=True, kw_only=True)
class StepFinding:
    """A step of the derivation and what its check found; None where the step is cited or heuristic."""

    step: Step
    evidence: Evidence | None


@dataclass(frozen=True, kw_only=True)
class HypothesisFinding:
    """A hypothesis, its status at the settings tried, and the figure that decides."""

    hypothesis: Hypothesis
    status: Status
    figure: str


@dataclass(frozen=True, kw_only=True)
class TwinFinding:
    """A wrong twin and the evidence against it; it is killed if that evidence refutes it."""

    twin: Twin
    evidence: tuple[Evidence, ...]

    @property
    def killed(self) -> bool:
        """Whether at least one check refused the twin."""
        return any(e.verdict is Verdict.REFUTED for e in self.evidence)


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """A claim, all that was checked of it, and the verdict: the minimum over its links, evidence and used claims."""

    id: str
    claim: Claim
    verdict: Verdict
    hypotheses: tuple[HypothesisFinding, ...]
    steps: tuple[StepFinding, ...]
    evidence: tuple[Evidence, ...]
    twins: tuple[TwinFinding, ...]

    @property
    def expected(self) -> str:
        """`holds`, or `refuted` for a statement that is here because it is false."""
        return "refuted" if self.claim.expected is Verdict.REFUTED else "holds"

    @property
    def as_expected(self) -> bool:
        """Whether the verdict is the expected one and every wrong twin was refused."""
        right = self.verdict is Verdict.REFUTED if self.expected == "refuted" else self.verdict.holds
        return right and all(t.killed for t in self.twins)
