"""The outcome for one claim: every check that was made, and the verdict that the weakest of them allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import display
from .claim import Claim, Hypothesis, Status, Step, Twin
from .evidence import Evidence, Verdict


@dataclass(frozen=True, kw_only=True)
class StepFinding:
    """A step of the derivation and what its check found; None where the step is cited or heuristic."""

    step: Step
    evidence: Evidence | None

    def to_dict(self) -> dict[str, str | None]:
        """Return as text what the step says, why, and its verdict, None where it is cited or heuristic."""
        verdict = None if self.evidence is None else self.evidence.verdict.name
        said = f"{self.step.left} {self.step.relation} {self.step.right}"
        return {"step": said, "because": self.step.because, "verdict": verdict}


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

    def to_dict(self) -> dict[str, Any]:
        """Return as text what is stated and what was found: `statement`, `expected`, `verdict`, `steps`, `twins`."""
        left, right = self.claim.statement
        return {
            "statement": f"{left} {self.claim.relation} {right}",
            "expected": self.expected,
            "verdict": self.verdict.name,
            "steps": [finding.to_dict() for finding in self.steps],
            "twins": [{"slip": t.twin.slip, "killed": t.killed} for t in self.twins],
        }

    def _repr_html_(self) -> str:
        return display.judgement(self)
