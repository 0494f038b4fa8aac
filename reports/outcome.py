"""What a verdict means for its claim, in words that cannot be mistaken.

The same verdict REFUTED is a success for a statement that is here because it is false, and a failure for any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from theory.claim import Provenance
from theory.evidence import Verdict, weakest
from theory.judgement import Judgement, TwinFinding

from .envelope import Status


class Outcome(Enum):
    """What came of a claim; the value is the short word for tables."""

    AS_STATED = "as stated"
    RIGHTLY_REFUTED = "false, as expected"
    FAILED = "FAILED"
    UNDECIDED = "undecided"

    @property
    def good(self) -> bool:
        """Whether this is what the claim was to show."""
        return self in (Outcome.AS_STATED, Outcome.RIGHTLY_REFUTED)


def survived(twin: TwinFinding) -> bool:
    """Whether the checks accepted a wrong twin: none refused it, and none was too weak to tell."""
    return not twin.killed and weakest(e.verdict for e in twin.evidence).holds


def outcome(judgement: Judgement) -> Outcome:
    """Return what came of a claim; a failure outranks everything that is undecided."""
    to_refute = judgement.expected == "refuted"
    contrary = judgement.verdict.holds if to_refute else judgement.verdict is Verdict.REFUTED
    if contrary or any(survived(twin) for twin in judgement.twins):
        return Outcome.FAILED
    if not judgement.as_expected:
        return Outcome.UNDECIDED
    return Outcome.RIGHTLY_REFUTED if to_refute else Outcome.AS_STATED


def sentence(judgement: Judgement) -> str:
    """Return the outcome of a claim as one sentence."""
    to_refute, verdict = judgement.expected == "refuted", judgement.verdict
    if verdict is Verdict.UNDECIDED:
        return "UNDECIDED: no check was strong enough to decide"
    if to_refute and verdict.holds:
        return f"FAILED: {verdict.name}, but this statement is false and was to be refuted"
    if not to_refute and verdict is Verdict.REFUTED:
        return "FAILED: this statement was to hold, and a check found it false"
    slips = [twin.twin.slip for twin in judgement.twins if survived(twin)]
    if slips:
        return f"FAILED: the checks also accept a wrong twin ({'; '.join(slips)}), so they show nothing"
    if not judgement.as_expected:
        return f"UNDECIDED: {verdict.name}, but no check was strong enough to refuse every wrong twin"
    if not to_refute:
        return f"{verdict.name}, as stated"
    misprint = judgement.claim.source.provenance is Provenance.SOURCE_TEXT
    why = "the source text has this wrong" if misprint else "this statement is here because it is false"
    return f"REFUTED, as it should be: {why}"


def status(judgements: Sequence[Judgement]) -> Status:
    """Return `fail` if any claim failed, else `inconclusive` if any is undecided or there is none, else `pass`."""
    outcomes = {outcome(judgement) for judgement in judgements}
    if Outcome.FAILED in outcomes:
        return Status.FAIL
    return Status.INCONCLUSIVE if Outcome.UNDECIDED in outcomes or not outcomes else Status.PASS


def summary(judgements: Sequence[Judgement]) -> str:
    """Return one paragraph: how many claims came out as they were to, and which are false on purpose."""
    by_outcome = {kind: [j for j in judgements if outcome(j) is kind] for kind in Outcome}
    total, held, false = len(judgements), by_outcome[Outcome.AS_STATED], by_outcome[Outcome.RIGHTLY_REFUTED]
    parts = [f"Of {total} {'claim' if total == 1 else 'claims'}, {len(held) + len(false)} came out as expected."]
    if held:
        parts.append(f"{len(held)} {'holds' if len(held) == 1 else 'hold'} as stated.")
    if false:
        parts.append(
            f"{len(false)} {'is' if len(false) == 1 else 'are'} false and here to be seen refuted, "
            f"and {'was' if len(false) == 1 else 'were'}: {_names(false)}."
        )
    failed, open_ = by_outcome[Outcome.FAILED], by_outcome[Outcome.UNDECIDED]
    parts.append(f"{len(failed)} FAILED: {_names(failed)}." if failed else "None failed.")
    parts.append(f"{len(open_)} could not be decided: {_names(open_)}." if open_ else "None is undecided.")
    return " ".join(parts)


def weakest_link(judgement: Judgement, others: Sequence[Judgement]) -> str:
    """Return the words for the first check, step or used claim that has the verdict of the whole."""
    for evidence in judgement.evidence:
        if evidence.verdict is judgement.verdict:
            return evidence.about
    for number, finding in enumerate(judgement.steps, start=1):
        if finding.evidence is not None and finding.evidence.verdict is judgement.verdict:
            return f"step {number}: {finding.step.because}"
    for other in others:
        if other.id in judgement.claim.uses and other.verdict is judgement.verdict:
            return f"the claim {other.id} that it uses"
    return "nothing was checked"


def _names(judgements: Sequence[Judgement]) -> str:
    return ", ".join(judgement.id for judgement in judgements)
