"""Results as plain data for JSON; formulas as LaTeX, and as text that SymPy reads where a caller wants to compute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy as sp

from theory.activations import Activation
from theory.claim import Claim, Step
from theory.degrees import DegreeFormula
from theory.derivation import Chapter
from theory.evidence import Evidence, Verdict
from theory.judgement import Judgement, StepFinding, TwinFinding
from theory.ordering import PartialOrder
from theory.portrait import Certified, Formula, HermiteRow, Portrait
from theory.setting import Setting

from .envelope import Json
from .formulas import latex, relation_latex


def judgement(found: Judgement) -> dict[str, Json]:
    """Return one claim with everything that was checked of it."""
    claim = found.claim
    return {
        "id": found.id,
        "title": claim.title,
        "verdict": found.verdict.name,
        "expected": found.expected,
        "as_expected": found.as_expected,
        "statement": relation_latex(claim.statement[0], claim.relation, claim.statement[1]),
        "source": source(claim),
        "hypotheses": [
            {"text": h.hypothesis.text, "status": h.status.value, "figure": h.figure} for h in found.hypotheses
        ],
        "steps": [_judged(finding) for finding in found.steps],
        "evidence": [evidence(e) for e in found.evidence],
        "twins": [twin(t) for t in found.twins],
    }


def source(claim: Claim) -> dict[str, Json]:
    """Return where a claim comes from."""
    return {"key": claim.source.key, "anchor": claim.source.anchor, "provenance": str(claim.source.provenance)}


def evidence(found: Evidence) -> dict[str, Json]:
    """Return one check; its picture is for the report alone."""
    return {
        "about": found.about,
        "method": found.method,
        "finding": found.finding,
        "details": list(found.details),
        "verdict": found.verdict.name,
        "points": found.points,
        "seed": found.seed,
    }


def twin(found: TwinFinding) -> dict[str, Json]:
    """Return a wrong twin and what its checks said."""
    return {"slip": found.twin.slip, "killed": found.killed, "evidence": [evidence(e) for e in found.evidence]}


def step(link: Step) -> dict[str, Json]:
    """Return one link of a derivation."""
    return {
        "left": latex(link.left),
        "right": latex(link.right),
        "relation": str(link.relation),
        "rule": None if link.rule is None else link.rule.name,
        "because": link.because,
        "grounds": str(link.grounds),
    }


def _judged(finding: StepFinding) -> dict[str, Json]:
    found = finding.evidence
    return {
        **step(finding.step),
        "verdict": None if found is None else found.verdict.name,
        "finding": None if found is None else found.finding,
    }


def portrait(drawn: Portrait, steps: Sequence[Chapter] = ()) -> dict[str, Json]:
    """Return everything derived about one activation; the formulas lie beside `dual`, under their own keys."""
    return {
        "activation": activation(drawn.activation),
        "hermite": [_hermite(row) for row in drawn.hermite],
        "degrees": None if drawn.degrees is None else _degrees(drawn.degrees),
        "dual": formula(drawn.dual),
        "derivation": [
            {"title": chapter.title, "steps": [_judged(finding) for finding in chapter.findings]} for chapter in steps
        ],
        **{key: formula(value) for key, value in drawn.formulas.items()},
        "at": [
            {"alpha": str(alpha), "values": {key: certified(value) for key, value in values.items()}}
            for alpha, values in drawn.at.items()
        ],
    }


def _hermite(row: HermiteRow) -> dict[str, Json]:
    return {"degree": row.degree, **certified(row.value), **_closed(row.closed_form)}


def _degrees(formula: DegreeFormula) -> dict[str, Json]:
    """Return `mu_l` for all l: a formula for each form of degree, and single degrees that it does not reach."""
    return {
        "cases": [{"degree": str(c.degree), "first": c.first, **_closed(c.expr)} for c in formula.cases],
        "exceptions": [{"degree": degree, **_closed(value)} for degree, value in formula.exceptions],
    }


def order(found: PartialOrder) -> dict[str, Json]:
    """Return how the gammas of activations stand to each other."""
    return {
        "law": str(found.law),
        "certainty": found.certainty.name,
        "classes": [list(names) for names in found.classes],
        "covers": [list(pair) for pair in found.covers],
        "comparisons": [
            {
                "first": c.first,
                "second": c.second,
                "order": str(c.order),
                "reason": c.reason,
                "higher_at": None if c.higher_at is None else str(c.higher_at),
                "lower_at": None if c.lower_at is None else str(c.lower_at),
            }
            for c in found.comparisons
        ],
        "left_out": [{"activation": name, "reason": reason} for name, reason in found.left_out],
    }


def certified(value: Certified) -> dict[str, Json]:
    """Return a number as text, with its radius and how it is known."""
    return {"value": value.value, "radius": value.radius, "verdict": value.verdict.name}


def formula(value: Formula) -> dict[str, Json]:
    """Return a closed form, or null where there is none and the note says what to use."""
    return {**_closed(value.expr), "meaning": value.meaning, "note": value.note}


def _closed(expr: sp.Expr | None) -> dict[str, Json]:
    return {"closed_form": None if expr is None else str(expr), "latex": None if expr is None else latex(expr)}


def activation(phi: Activation) -> dict[str, Json]:
    """Return an activation: its name and its formula."""
    return {"name": phi.name, "expression": str(phi.expr), "latex": latex(phi.expr), "remark": phi.remark}


def setting(at: Setting) -> dict[str, Json]:
    """Return a setting, with the share of spurious dimensions exactly."""
    return {
        "kernel": str(at.kernel),
        "activation": at.activation.name,
        "d": at.d,
        "d_y": at.d_y,
        "n": at.n,
        "alpha": str(at.alpha),
        "width": "inf" if at.width is None else at.width,
        "depth": at.depth,
        "data": at.data,
        "query": str(at.query),
    }


def catalogue(claims: Mapping[str, Claim], activations: Sequence[Activation]) -> dict[str, Json]:
    """Return what there is to verify and to derive."""
    return {
        "claims": [
            {"id": name, "title": claim.title, "expected": expected(claim), "source": source(claim)}
            for name, claim in claims.items()
        ],
        "activations": [activation(phi) for phi in activations],
    }


def expected(claim: Claim) -> str:
    """Return `refuted` for a statement that is here because it is false, else `holds`."""
    return "refuted" if claim.expected is Verdict.REFUTED else "holds"
