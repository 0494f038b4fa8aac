"""`Portrait` and chapters -> `Derivation`: every sentence of the report on one activation is chosen here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import sympy as sp

from theory import balls
from theory.activations import Activation
from theory.claim import Relation
from theory.degrees import DegreeFormula
from theory.derivation import GAMMA, MU, Chapter
from theory.duals import kappa
from theory.evidence import Curve, Picture, Verdict, weakest
from theory.growth import envelope
from theory.hypotheses import DERIVATIVE_LIPSCHITZ, LIPSCHITZ
from theory.judgement import HypothesisFinding
from theory.portrait import Certified, Formula, Portrait, laws, why_no_tangent
from theory.setting import Kernel, Query, Setting
from theory.symbols import alpha
from theory.zero_query import Law

from . import document
from .blocks import Mark, Tone
from .collect import hypothesis, links, scale, verdict_mark, versions
from .document import Constant, Derivation, Hypothesis, Value, Values
from .envelope import Json
from .formulas import ELSEWHERE, latex, relation_latex, too_long

_PLACES = tuple(Fraction(n, 16) for n in range(1, 16))
_SEEN = 6
"""Digits that a picture needs; one more could not be seen."""
_PAPER = ("theorem_5_4_bound", "gamma_ntk")
"""The constants that the paper states; the others are ours."""
_TONES: dict[Verdict, Tone] = {Verdict.REFUTED: "bad", Verdict.UNDECIDED: "open"}


def collect(drawn: Portrait, steps: Sequence[Chapter], *, provenance: Mapping[str, Json]) -> Derivation:
    """Return the report on one activation: what was derived about it, and how."""
    phi = drawn.activation
    return Derivation(
        title=f"Derivation of {phi.name}",
        summary=_summary(drawn, steps),
        tone=_TONES.get(_least(drawn, steps), "good"),
        latex=rf"\phi(x) = {latex(phi.expr)}",
        remark=phi.remark,
        hypotheses=tuple(_hypotheses(phi)),
        degrees=() if drawn.degrees is None else tuple(_degrees(drawn.degrees)),
        coefficients=Values(
            heading=r"\mu_{\ell} = \mathbb{E}[\phi(g) h_{\ell}(g)]",
            rows=tuple(_value(latex(MU[row.degree]), row.value, row.closed_form) for row in drawn.hermite),
        ),
        dual=_constant("dual", kappa, drawn.dual),
        constants=tuple(_constant(key, _symbol(key), formula) for key, formula in drawn.formulas.items()),
        at=tuple(
            Values(
                heading=relation_latex(alpha, Relation.EQUAL, _rational(at)),
                rows=tuple(_value(latex(_symbol(key)), value) for key, value in values.items()),
            )
            for at, values in drawn.at.items()
        ),
        pictures=tuple(_pictures(drawn)),
        chapters=tuple(document.Chapter(title=c.title, links=links(c.findings)) for c in steps),
        scale=scale(),
        provenance=versions(provenance),
        command=str(provenance["command"]),
    )


def _least(drawn: Portrait, steps: Sequence[Chapter]) -> Verdict:
    return weakest((*drawn.verdicts, *(verdict for chapter in steps for verdict in chapter.verdicts)))


def _summary(drawn: Portrait, steps: Sequence[Chapter]) -> str:
    """Return one paragraph: how the steps and the numbers are known, and what has no closed form."""
    checked = [verdict for chapter in steps for verdict in chapter.verdicts]
    cited = sum(len(chapter.findings) for chapter in steps) - len(checked)
    parts = [f"Steps: {_counted(checked)}" + (f", {cited} cited and not checked here." if cited else ".")]
    parts.append(f"Numbers: {_counted(drawn.verdicts)}.")
    absent = {key for key in drawn.formulas if "ntk" in key and why_no_tangent(drawn.activation)}
    open_ = [key for key, f in (("dual", drawn.dual), *drawn.formulas.items()) if f.expr is None and key not in absent]
    parts.append(f"Without a closed form: {', '.join(open_)}." if open_ else "Everything has a closed form.")
    if absent:
        parts.append(f"Not defined, since phi jumps: {', '.join(sorted(absent))}.")
    return " ".join(parts)


def _counted(verdicts: Sequence[Verdict]) -> str:
    counts = Counter(verdicts)
    return ", ".join(f"{counts[verdict]} {verdict.name}" for verdict in sorted(counts, reverse=True)) or "none"


def _hypotheses(phi: Activation) -> Iterator[Hypothesis]:
    """Yield what the rules and the theorems suppose of phi, and how it stands."""
    bound = rf"\lvert\phi(x)\rvert \leq {latex(envelope(phi).expr)}"
    yield Hypothesis(text="E[phi(g)^2] < inf", mark=Mark(word="holds", tone="good"), figure=f"${bound}$")
    size = Setting(kernel=Kernel.RF, activation=phi, d=2, d_y=1, n=1)  # of a setting only its activation is examined
    for supposed, theorem in ((LIPSCHITZ, "5.4"), (DERIVATIVE_LIPSCHITZ, "6.3")):
        status, _ = supposed.examine(size)
        figure = f"supposed by Theorem {theorem}"
        yield hypothesis(HypothesisFinding(hypothesis=supposed, status=status, figure=figure))


def _degrees(formula: DegreeFormula) -> Iterator[str]:
    """Yield `mu_l` as functions of the degree, then the single degrees that they do not reach."""
    for case in formula.cases:
        stated = relation_latex(MU[case.degree], Relation.EQUAL, case.expr)
        yield rf"{stated}, \quad {latex(case.degree)} \geq {case.first}"
    for degree, value in formula.exceptions:
        yield relation_latex(MU[degree], Relation.EQUAL, value)


def _value(symbol: str, value: Certified, closed_form: sp.Expr | None = None) -> Value:
    long = closed_form is not None and too_long(closed_form)
    return Value(
        latex=symbol,
        decimals=value.value,
        within=value.radius,
        mark=verdict_mark(value.verdict),
        closed_form="" if closed_form is None or long else latex(closed_form),
        elsewhere=ELSEWHERE if long else "",
    )


def _constant(key: str, symbol: sp.Expr, formula: Formula) -> Constant:
    stated = "" if formula.expr is None else relation_latex(symbol, Relation.EQUAL, formula.expr)
    return Constant(key=key, symbol=latex(symbol), latex=stated, meaning=formula.meaning, note=formula.note)


def _symbol(key: str) -> sp.Symbol:
    """Return how a constant is written; those of deep kernels, such as `gamma_ntk_3`, carry the depth."""
    if key in GAMMA:
        return GAMMA[key]
    _, kernel, depth = key.split("_")
    return sp.Symbol(rf"\gamma_{{\mathrm{{{kernel.upper()}}}}}^{{({depth})}}", positive=True)


def _rational(at: Fraction) -> sp.Rational:
    return sp.Rational(at)


def _pictures(drawn: Portrait) -> Iterator[Picture]:
    """Yield the constants against alpha: those of one hidden layer, and apart from them what was asked for besides."""
    deep = {key: int(key.rsplit("_", 1)[1]) for key in drawn.formulas if re.fullmatch(r"gamma_(nngp|ntk)_\d+", key)}
    zero = [key for key in drawn.formulas if key.endswith("_zero")]
    known = laws(
        drawn.activation,
        depth=next(iter(deep.values()), None),
        query=Query.ZERO if zero else Query.RESAMPLE,
    )
    usual = [key for key in drawn.formulas if key not in deep and key not in zero]
    for title, keys in (("The constants", usual), ("The query with x = 0", zero), ("Deep kernels", [*deep])):
        curves = tuple(_curve(key, law) for key in keys if (law := known[key]) is not None)
        if curves:
            yield Picture(title=f"{title} against alpha", x_label="alpha", y_label="gamma", curves=curves)


def _curve(key: str, law: Law) -> Curve:
    """Return gamma at places between 0 and 1, without those where its series does not settle."""
    seen = {float(at): _ball(law, at) for at in _PLACES}
    points = {at: float(ball.mid()) for at, ball in seen.items() if balls.is_narrow(ball, _SEEN)}
    return Curve(label=key, x=tuple(points), y=tuple(points.values()), role="paper" if key in _PAPER else "law")


def _ball(law: Law, at: Fraction) -> balls.Ball:
    return law.ball(at, 64) if law.expr is None else balls.number(law.expr.subs(alpha, _rational(at)), 128)
