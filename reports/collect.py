"""Judgements -> `Document`: every sentence of the report is chosen here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from theory.claim import Provenance, Status
from theory.evidence import Evidence, Verdict
from theory.judgement import HypothesisFinding, Judgement, StepFinding, TwinFinding

from . import envelope
from .blocks import Mark, Tone
from .document import Check, ClaimPage, Document, Hypothesis, Link, Twin
from .formulas import RELATIONS, latex, relation_latex
from .outcome import Outcome, outcome, sentence, status, summary, survived, weakest_link

TITLE = "Verification report"

_OUTCOME_TONES: dict[Outcome, Tone] = {
    Outcome.AS_STATED: "good",
    Outcome.RIGHTLY_REFUTED: "good",
    Outcome.FAILED: "bad",
    Outcome.UNDECIDED: "open",
}
_HYPOTHESIS_TONES: dict[Status, Tone] = {Status.HOLDS: "good", Status.VIOLATED: "bad", Status.ASYMPTOTIC: "open"}
_TONES_OF_ALL: dict[envelope.Status, Tone] = {
    envelope.Status.PASS: "good",
    envelope.Status.FAIL: "bad",
    envelope.Status.INCONCLUSIVE: "open",
}
_UNCHECKED = {
    Provenance.KNOWN: ("cited", "Not checked here: a known result, taken from the literature."),
    Provenance.HEURISTIC: ("heuristic", "Not checked here: a heuristic of statistical physics, not a proof."),
}


def collect(judgements: Sequence[Judgement], *, effort: str, provenance: Mapping[str, envelope.Json]) -> Document:
    """Return the report on `judgements`, in their order."""
    return Document(
        title=TITLE,
        summary=summary(judgements),
        tone=_TONES_OF_ALL[status(judgements)],
        scale=scale(),
        sections=tuple(_section(j, judgements) for j in judgements),
        provenance=versions({**provenance, "effort": effort}),
        command=str(provenance["command"]),
    )


def scale() -> tuple[tuple[Mark, str], ...]:
    """Return the verdicts from the strongest to the weakest, with what each entitles a reader to."""
    return tuple((verdict_mark(v), v.meaning) for v in sorted(Verdict, reverse=True))


def versions(provenance: Mapping[str, envelope.Json]) -> tuple[tuple[str, str], ...]:
    """Return what a result depends on besides the command, by name."""
    return tuple((name.replace("_", "-"), str(value)) for name, value in provenance.items() if name != "command")


def verdict_mark(verdict: Verdict) -> Mark:
    """Return the mark of a verdict on its own, where no expectation speaks: what holds is good."""
    tone: Tone = "good" if verdict.holds else "bad" if verdict is Verdict.REFUTED else "open"
    return Mark(word=verdict.name, tone=tone)


def _section(j: Judgement, others: Sequence[Judgement]) -> ClaimPage:
    claim, came = j.claim, outcome(j)
    present = {other.id for other in others}
    return ClaimPage(
        id=j.id,
        anchor=_anchor(j.id),
        title=claim.title,
        latex=relation_latex(claim.statement[0], claim.relation, claim.statement[1]),
        reading=claim.reading,
        source=str(claim.source),
        # an expected refutation must not look like a failure, so the verdict takes the colour of its outcome
        verdict=Mark(word=j.verdict.name, tone=_OUTCOME_TONES[came]),
        expected=j.expected,
        outcome=Mark(word=came.value, tone=_OUTCOME_TONES[came]),
        sentence=sentence(j),
        weakest_link=weakest_link(j, others),
        definitions=tuple(claim.definitions.items()),
        hypotheses=tuple(hypothesis(h) for h in j.hypotheses),
        links=links(j.steps),
        checks=tuple(_check(e, to_refute=j.expected == "refuted") for e in j.evidence),
        twins=tuple(_twin(t, j) for t in j.twins),
        uses=tuple((name, _anchor(name) if name in present else "") for name in claim.uses),
        remark=claim.remark,
    )


def _anchor(name: str) -> str:
    return "claim-" + re.sub(r"[^A-Za-z0-9_.-]", "-", name)


def hypothesis(found: HypothesisFinding) -> Hypothesis:
    """Return a hypothesis as it stands."""
    mark = Mark(word=found.status.value, tone=_HYPOTHESIS_TONES[found.status])
    return Hypothesis(text=found.hypothesis.text, mark=mark, figure=found.figure)


def links(steps: Sequence[StepFinding]) -> tuple[Link, ...]:
    """Return the derivation as a textbook writes it: what ends one line is not repeated at the head of the next."""
    found: list[Link] = []
    before: object = None
    for finding in steps:
        step = finding.step
        whole = relation_latex(step.left, step.relation, step.right)
        tail = f"{{}} {RELATIONS[step.relation]} {latex(step.right)}"
        checked, mark = _checked(finding)
        shown = tail if step.left == before else whole
        found.append(Link(latex=shown, because=step.because, checked=checked, mark=mark, rule=step.rule))
        before = step.right
    return tuple(found)


def _checked(finding: StepFinding) -> tuple[str, Mark]:
    if finding.evidence is not None:
        found = finding.evidence
        return f"{found.method}: {found.finding}", verdict_mark(found.verdict)
    word, why = _UNCHECKED.get(finding.step.grounds, ("unchecked", "Not checked here."))
    return why, Mark(word=word, tone="note")


def _check(found: Evidence, *, to_refute: bool) -> Check:
    mark = verdict_mark(found.verdict)
    if to_refute and found.verdict is Verdict.REFUTED:
        mark = Mark(word="REFUTED, as it should be", tone="good")
    return Check(
        about=found.about,
        method=found.method,
        finding=found.finding,
        details=found.details,
        extent=f"{found.points} tried" + (f"; {found.seed}" if found.seed else ""),
        mark=mark,
        picture=found.picture,
    )


def _twin(found: TwinFinding, j: Judgement) -> Twin:
    if found.killed:
        mark = Mark(word="refuted, as it should be", tone="good")
    elif survived(found):
        mark = Mark(word="ACCEPTED: the checks show nothing", tone="bad")
    else:
        mark = Mark(word="not refused", tone="open")
    sides = found.twin.statement
    return Twin(
        slip=found.twin.slip,
        latex=relation_latex(sides[0], j.claim.relation, sides[1]) if sides else "",
        mark=mark,
        checks=tuple(_check(e, to_refute=True) for e in found.evidence),
    )
