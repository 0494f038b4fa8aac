"""The main job: judge claims, symbolically and by measurement, together with the wrong twins they must survive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from theory.checking import check_statement, check_steps
from theory.claim import Claim, Hypothesis, Prediction, Status, Twin
from theory.evidence import Evidence, weakest
from theory.judgement import HypothesisFinding, Judgement, TwinFinding
from theory.registry import chosen, claims
from theory.scene import Scene

from .admission import admissions
from .experiment import Effort, examine

FALSE_ALARM = 6e-5
"""Of each prediction: with 72 sampled ones a run of all true claims is disturbed at most once in 231."""

Report = Callable[[str], None]


def verify(
    names: Sequence[str], *, seed: int, effort: Effort, extra: Path | None = None, progress: Report | None = None
) -> list[Judgement]:
    """Judge the named claims (all if none is named; `rare-*` names several), each after the claims that it uses.

    A claim's verdict is the weakest over its statement, its checked steps, its predictions and the claims it uses.
    Raises ValueError, before anything is measured, for a claim that no check of it could refuse.
    """
    known, wanted = claims(extra), chosen(names, extra)
    needed = set().union(*(_with_used(name, known) for name in wanted))
    done: dict[str, Judgement] = {}
    for name, claim, at in admissions(needed, known, seed=seed):
        if progress is not None:
            progress(name)
        done[name] = judge(name, claim, seed=at, effort=effort, used=[done[u] for u in claim.uses])
    return [judgement for name, judgement in done.items() if name in wanted]


def _with_used(name: str, known: dict[str, Claim]) -> set[str]:
    return {name}.union(*(_with_used(used, known) for used in known[name].uses))


def judge(name: str, claim: Claim, *, seed: int, effort: Effort, used: Sequence[Judgement]) -> Judgement:
    """Judge one claim; `used` are the judgements of the claims that it rests on."""
    steps = check_steps(claim)
    evidence = _evidence(claim, claim.predictions, None, seed, effort)
    links = [finding.evidence.verdict for finding in steps if finding.evidence is not None]
    return Judgement(
        id=name,
        claim=claim,
        verdict=weakest([*links, *(e.verdict for e in evidence), *(j.verdict for j in used)]),
        hypotheses=tuple(_examine(h, claim.predictions) for h in claim.hypotheses),
        steps=steps,
        evidence=evidence,
        twins=tuple(_try(claim, twin, seed, effort) for twin in claim.twins),
    )


def _evidence(
    claim: Claim, predictions: tuple[Prediction, ...], twin: Twin | None, seed: int, effort: Effort
) -> tuple[Evidence, ...]:
    """Return the evidence on the statement, if it has points, and on each prediction."""
    changed = twin.statement if twin else None
    symbolic = check_statement(claim, changed) if twin is None or changed else None
    measured = (examine(p, seed=seed, effort=effort, false_alarm=FALSE_ALARM) for p in predictions)
    return (*((symbolic,) if symbolic else ()), *measured)


def _try(claim: Claim, twin: Twin, seed: int, effort: Effort) -> TwinFinding:
    return TwinFinding(twin=twin, evidence=_evidence(claim, twin.predictions, twin, seed, effort))


_ORDER = (Status.HOLDS, Status.ASYMPTOTIC, Status.VIOLATED)


def _examine(hypothesis: Hypothesis, predictions: tuple[Prediction, ...]) -> HypothesisFinding:
    """Return how a hypothesis stands where it stands worst, over all settings that were measured."""
    settings: list[Scene | None] = [s for p in predictions for s in p.settings]
    findings = [hypothesis.examine(setting) for setting in settings or [None]]
    status, figure = max(findings, key=lambda finding: _ORDER.index(finding[0]))
    return HypothesisFinding(hypothesis=hypothesis, status=status, figure=figure)
