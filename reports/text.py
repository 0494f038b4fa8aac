"""Results for the terminal: plain lines, the verdict first, and nothing that only a colour would tell."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence

import sympy as sp
from sympy.printing.str import StrPrinter

from theory.activations import Activation
from theory.claim import Claim, Provenance, Relation
from theory.degrees import DegreeFormula
from theory.derivation import Chapter
from theory.judgement import Judgement
from theory.ordering import Comparison, Order, PartialOrder
from theory.portrait import Certified, Formula, Portrait
from theory.symbols import ell

from .formulas import ELSEWHERE, too_long
from .outcome import Outcome, outcome, sentence, summary, survived, weakest_link
from .records import expected
from .terminal import Paint

_TONES = {
    Outcome.AS_STATED: "good",
    Outcome.RIGHTLY_REFUTED: "good",
    Outcome.FAILED: "bad",
    Outcome.UNDECIDED: "open",
}
_UNCHECKED = (Provenance.KNOWN, Provenance.HEURISTIC)
_MARGIN = " " * 12
QUANTITIES = {
    "gamma": "mean alignment gamma",
    "sd": "its standard deviation",
    "test_accuracy": "test accuracy",
    "spurious_accuracy": "spurious accuracy",
    "test_mse": "test mean squared error",
}
"""What is measured and predicted of a setting, by key."""
_WIDE = 90


def verdicts(judgements: Sequence[Judgement], *, effort: str, seed: int, paint: Paint) -> str:
    """Return the verdict of each claim, and under it whatever is not plainly as stated."""
    widest = max((len(j.id) for j in judgements), default=0)
    lines: list[str] = []
    for j in judgements:
        word = paint(f"{j.verdict.name:<10}", _TONES[outcome(j)])
        lines.append(f"{word}  {j.id:<{widest}}  {j.claim.title}")
        if outcome(j) is not Outcome.AS_STATED:
            lines.append(_MARGIN + paint(sentence(j), _TONES[outcome(j)]))
        if not outcome(j).good:
            lines += _reasons(j, judgements)
    lines += ["", *textwrap.wrap(summary(judgements), 100), f"({effort} effort, seed {seed})"]
    return "\n".join(lines) + "\n"


def _reasons(j: Judgement, judgements: Sequence[Judgement]) -> list[str]:
    lines = [f"{_MARGIN}weakest link: {weakest_link(j, judgements)}"]
    lines += [f"{_MARGIN}{e.about}: {e.finding}" for e in j.evidence if e.verdict is j.verdict]
    for twin in j.twins:
        if not twin.killed:
            fate = "was accepted" if survived(twin) else "was not refused"
            lines.append(f"{_MARGIN}wrong twin {twin.twin.slip!r} {fate}")
    return lines


def derived(portrait: Portrait, steps: Sequence[Chapter] = ()) -> str:
    """Return the portrait of an activation: Hermite series, dual, gammas, their values, and the derivation if given."""
    phi = portrait.activation
    head = [f"{phi.name}: phi(x) = {phi.expr}"] + ([phi.remark] if phi.remark else [])
    rows = [
        (
            str(row.degree),
            row.value.value,
            row.value.radius,
            row.value.verdict.name,
            _short(row.closed_form),
        )
        for row in portrait.hermite
    ]
    parts = [
        head,
        [
            "Hermite coefficients mu_l = E[phi(g) h_l(g)]",
            *aligned(("l", "value", "within", "known", "closed form"), rows),
        ],
        *([_degrees(portrait.degrees)] if portrait.degrees else []),
        _formula("dual", portrait.dual),
        *(_formula(key, formula) for key, formula in portrait.formulas.items()),
        *(_values(f"alpha = {alpha}", values) for alpha, values in portrait.at.items()),
        *(_chapter(chapter) for chapter in steps),
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _short(closed_form: sp.Expr | None) -> str:
    if closed_form is None:
        return ""
    return ELSEWHERE if too_long(closed_form) else str(closed_form)


def _degrees(formula: DegreeFormula) -> list[str]:
    """Return the coefficients as functions of the degree."""
    cases = []
    for case in formula.cases:
        named = "" if case.degree == ell else "l = "
        cases.append(f"    mu_l = {_shown(case.expr)}, {named}{_shown(case.degree)} >= {case.first}")
    exceptions = [f"    mu_{degree} = {value}" for degree, value in formula.exceptions]
    return ["for every degree", *cases, *exceptions]


def _chapter(chapter: Chapter) -> list[str]:
    """Return some steps of the derivation: the formula, the rule that gave it, and how it was checked."""
    lines = [f"Derivation: {chapter.title}"]
    for number, finding in enumerate(chapter.findings, start=1):
        step, found = finding.step, finding.evidence
        lines.append(f"{number:>3}. {_stated(step.left, step.relation, step.right)}")
        if step.rule is not None:
            lines += [f"     {step.rule.name}: {step.because}", f"     needs: {step.rule.needs}"]
        lines.append(f"     {found.verdict.name}: {found.method}" if found else "     cited, not checked here")
    return lines


def ordered(found: PartialOrder) -> str:
    """Return which activation memorises more, as covering relations; what crosses and what is open besides."""
    same = [", ".join(names) for names in found.classes if len(names) > 1]
    crossing, open_ = found.having(Order.CROSSING), found.having(Order.UNDECIDED)
    blocks: tuple[tuple[str, list[str]], ...] = (
        (f"gamma under the law {found.law} ({found.certainty.name}): a > b means at every alpha in (0, 1)", []),
        ("The same gamma", same),
        ("Covering relations", [f"{higher} > {lower}" for higher, lower in found.covers]),
        ("Crossing", [_crossing(c) for c in crossing]),
        ("Undecided", [f"{c.first} and {c.second}: {c.reason}" for c in open_]),
        ("Left out", [f"{name}: {why}" for name, why in found.left_out]),
    )
    return (
        "\n\n".join(_block(heading, lines) for heading, lines in blocks if lines or heading.startswith("gamma")) + "\n"
    )


def _crossing(comparison: Comparison) -> str:
    return f"{comparison.first} and {comparison.second}: {comparison.reason}"


def _formula(key: str, formula: Formula) -> list[str]:
    closed = "no closed form" if formula.expr is None else str(formula.expr)
    return [f"{key} = {closed}", *(f"    {line}" for line in (formula.meaning, formula.note) if line)]


def _values(heading: str, values: Mapping[str, Certified]) -> list[str]:
    rows = [(key, value.value, value.radius, value.verdict.name) for key, value in values.items()]
    return aligned((heading, "value", "within", "known"), rows)


def catalogue(claims: Mapping[str, Claim], activations: Sequence[Activation]) -> str:
    """Return what there is to verify and to derive."""
    rows = [(name, expected(claim), claim.title) for name, claim in claims.items()]
    known = [(phi.name, str(phi.expr), phi.remark) for phi in activations]
    parts = (
        aligned(("claim", "expected", "title"), rows) if rows else ["no claims"],
        aligned(("activation", "phi(x)", ""), known),
    )
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def explained(name: str, claim: Claim) -> str:
    """Return what a claim states, where it comes from, and how it would be checked."""
    left, right = claim.statement
    steps = [
        f"{number}. {_stated(step.left, step.relation, step.right)}\n   because: {step.because}"
        + (f" ({step.grounds}: not checked here)" if step.grounds in _UNCHECKED else "")
        for number, step in enumerate(claim.derivation(), start=1)
    ]
    predictions = [
        f"{p.about}: {p.observable}, {p.test}, {len(p.settings)} settings, {p.trials} trials each, to {p.resolution:g}"
        for p in claim.predictions
    ]
    fate = "false, and here to be seen refuted" if expected(claim) == "refuted" else "to hold"
    blocks = (
        ("", [f"{name}: {claim.title}", claim.reading]),
        ("Statement", [_stated(left, claim.relation, right)]),
        ("Where", [f"{plain(symbol)}: {meaning}" for symbol, meaning in claim.definitions.items()]),
        ("Source", [str(claim.source)]),
        ("Expected", [fate]),
        ("Hypotheses", [h.text for h in claim.hypotheses]),
        ("Derivation", steps),
        ("Predictions", predictions),
        ("Wrong twins that its checks must refuse", [twin.slip for twin in claim.twins]),
        ("Rests on", list(claim.uses)),
        ("Remark", [claim.remark] if claim.remark else []),
    )
    return "\n\n".join(_block(heading, lines) for heading, lines in blocks if lines) + "\n"


def _block(heading: str, lines: Iterable[str]) -> str:
    indent = "  " if heading else ""
    return "\n".join(([heading] if heading else []) + [textwrap.indent(line, indent) for line in lines])


def _stated(left: object, relation: Relation, right: object) -> str:
    return f"{_shown(left)} {relation} {_shown(right)}"


def _shown(value: object) -> str:
    return plain(_Printer().doprint(value))


class _Printer(StrPrinter):  # type: ignore[misc]  # SymPy has no types
    """SymPy's text with derivatives as primes, and l for the degree."""

    def _print_Symbol(self, expr: sp.Symbol) -> str:
        return "l" if expr == ell else str(super()._print_Symbol(expr))

    def _print_hermite_prob(self, expr: sp.Expr) -> str:
        degree, place = (self._print(argument) for argument in expr.args)
        return f"He_({degree})({place})"

    def _print_Derivative(self, expr: sp.Derivative) -> str:
        function, count = expr.expr, expr.derivative_count
        if not isinstance(function, sp.core.function.AppliedUndef) or len(expr.variable_count) > 1:
            return str(super()._print_Derivative(expr))
        primes = "'" * count if count < 4 else f"^({count})"
        return f"{function.func}{primes}({', '.join(self._print(argument) for argument in function.args)})"


def plain(text: str) -> str:
    r"""Return symbols that are named in LaTeX as a terminal can show them: `\varphi(z_{1})` is `varphi(z_1)`."""
    text = text.replace(r"^{\prime}", "'")
    text = re.sub(r"\^\{([^{}]* [^{}]*)\}", r"^(\1)", text)
    text = re.sub(r"\\(left|right)(?![a-z])", "", text)
    text = re.sub(r"\\(?:mathrm|mathbb|operatorname)\{(\w+)\}", r"\1", text)
    text = re.sub(r"\\([A-Za-z]+)", r"\1", text)
    return re.sub(r"\{([^{}]*)\}", r"\1", text)


def aligned(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a table as lines, its columns aligned under their heads; a cell beyond `_WIDE` moves its own row alone."""
    columns = ([len(row[column]) for row in (heads, *rows)] for column in range(len(heads)))
    widths = [max(size for size in sizes if size <= _WIDE) for sizes in columns]
    lines = ("  ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)) for row in (heads, *rows))
    return [line.rstrip() for line in lines]
