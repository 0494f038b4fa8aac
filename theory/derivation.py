r"""The derivation of everything about one activation, as steps that a reader can follow and that were each checked.

Every formula is held against one witness that shares no code with it: the Gauss-Legendre moments of phi, with Parseval
for what they leave out.  What holds for all degrees is proved besides, by the recurrences of `theory.degrees`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import mpmath as mp
import sympy as sp

from . import balls, oracle
from .activations import Activation
from .arithmetic import CERTAINTY, flint
from .balls import Ball
from .checking import ORACLE, WIDE, check_link
from .claim import Relation, Step
from .degrees import Case, DegreeFormula, obeys_recurrence, slope, taylor_coefficient
from .duals import Dual, kappa
from .evidence import Evidence, Verdict, weakest
from .expectations import correlated, mean, phi
from .growth import envelope
from .hermite import HermiteSeries
from .judgement import StepFinding
from .kernels import KernelSeries, random_features, tangent_features
from .moments import Moments
from .portrait import laws, why_no_tangent
from .rules import DEGREES, GROWTH, INTEGRATION, MEHLER, PARSEVAL, PRICE, RECURRENCE, STEIN, TAYLOR
from .setting import Query
from .symbols import alpha, ell, rho, t, x
from .zero_query import Law, ZeroQueryLaw, stretched

ORDER = 120
"""Degrees of the witness: at |rho| = 1/2 the rest is below 2^-120 of the energy."""
BITS = 192
MU = sp.IndexedBase("mu", real=True)
GAMMA = {
    "gamma_rf_lower": sp.Symbol(r"\gamma_{\mathrm{RF}}^{\mathrm{lower}}", positive=True),
    "gamma_rf_upper": sp.Symbol(r"\gamma_{\mathrm{RF}}^{\mathrm{upper}}", positive=True),
    "theorem_5_4_bound": sp.Symbol(r"\gamma_{\mathrm{RF}}^{\mathrm{bound}}", positive=True),
    "gamma_ntk": sp.Symbol(r"\gamma_{\mathrm{NTK}}", positive=True),
    "gamma_rf_zero": sp.Symbol(r"\gamma_{\mathrm{RF}}^{x = 0}", positive=True),
    "gamma_ntk_zero": sp.Symbol(r"\gamma_{\mathrm{NTK}}^{x = 0}", positive=True),
}
"""How the constants are written; the keys are those of the portrait."""


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """Some steps of the derivation under one heading."""

    title: str
    findings: tuple[StepFinding, ...]

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """How each step that was checked is known."""
        return tuple(f.evidence.verdict for f in self.findings if f.evidence is not None)


def derivation(activation: Activation, *, query: Query = Query.RESAMPLE) -> tuple[Chapter, ...]:
    """Return the derivation of the Hermite series, the dual and every gamma in closed form, each step checked."""
    features = random_features(activation)
    seen = witness_of(activation)
    chapters = [growth_chapter(activation), hermite_chapter(features.series, seen), dual_chapter(features, seen)]
    slopes = None
    if not why_no_tangent(activation):
        tangent = tangent_features(activation)
        slopes = witness_of(activation.derivative)
        if features.base_dual and tangent.base_dual:
            chapters.append(slope_chapter(features.base_dual, tangent.base_dual))
    chapters.append(gamma_chapter(laws(activation, query=query), seen, slopes))
    return tuple(chapter for chapter in chapters if chapter.findings)


def growth_chapter(activation: Activation) -> Chapter:
    """Show that phi is square-integrable: what every rule needs.  The envelope is compared with phi at some points."""
    bound = envelope(activation).expr
    places = [sp.Rational(n, 3) for n in (-31, -13, -7, -2, 1, 5, 8, 17, 37)]
    held = []
    for place in places:
        branch = next(p for p in activation.pieces if p.lo < place <= p.hi or p.hi == sp.oo).expr
        value, limit = (balls.number(side.subs(x, place), BITS) for side in (branch, bound))
        refuted = Verdict.REFUTED if abs(value) > limit else Verdict.UNDECIDED
        held.append(CERTAINTY if abs(value) <= limit else refuted)
    step = Step(
        left=sp.Abs(phi(x)),
        right=bound,
        relation=Relation.AT_MOST,
        rule=GROWTH,
        because="so every mean below is finite",
    )
    evidence = Evidence(
        about="phi under its envelope",
        method="an inequality for each part of phi gives it for every x; balls confirm it at some",
        finding=f"holds at {held.count(CERTAINTY)} of {len(places)} points",
        verdict=weakest(held),
        points=len(places),
    )
    return Chapter(title="Growth", findings=(StepFinding(step=step, evidence=evidence),))


def hermite_chapter(series: HermiteSeries, witness: Moments) -> Chapter:
    """Derive the coefficients: the Weierstrass transform, the recurrences of its cores, and `mu_l` for all l."""
    return Chapter(title="Hermite coefficients", findings=tuple(_hermite_steps(series, witness)))


def _hermite_steps(series: HermiteSeries, witness: Moments) -> Iterator[StepFinding]:
    if series.transform is None:
        return
    image = series.transform
    yield _found(
        Step(
            left=mean(phi(x + t)),
            right=image,
            rule=STEIN,
            because="each term of phi has an elementary mean under a shifted Gaussian",
        ),
        [
            (f"t = {at}", witness.transform(at), image.subs(t, sp.Rational(at)))
            for at in (Fraction(-1, 3), Fraction(1, 2), Fraction(1))
        ],
    )
    formula = series.degrees
    if formula is None:
        return
    for core in _closure(formula.cores):
        for case in formula.cases:
            yield from _recurrence(core, case)
    for case in formula.cases:
        yield _all_degrees(formula, case, witness)


def _closure(cores: Iterable[sp.Expr]) -> tuple[sp.Expr, ...]:
    """Return the cores and those in their derivatives."""
    found: dict[sp.Expr, None] = {}
    waiting = list(cores)
    while waiting:
        core = waiting.pop(0)
        if core not in found:
            found[core] = None
            waiting += [term.core for term in slope(core)]
    return tuple(found)


def _recurrence(core: sp.Expr, case: Case) -> Iterator[StepFinding]:
    """Yield the coefficients of one core at degrees of one form, proved for all of them by their recurrence."""
    found = taylor_coefficient(core, case.degree)
    if found is None or found[0] is None:
        return
    equation = sp.Add(*(term.weight * t**term.power * term.core for term in slope(core)))
    coefficient = found[0].expression(case.variable)
    proved = obeys_recurrence(core, case.degree)
    start = found[1] + (not case.speaks_of(found[1]))
    degrees = [degree for degree in range(start, start + 9) if case.speaks_of(degree)]
    series = sp.Poly(sp.series(core, t, 0, start + 9).removeO(), t)
    agree = all(sp.simplify(replace(case, expr=coefficient).at(d) - series.coeff_monomial(t**d)) == 0 for d in degrees)
    yield StepFinding(
        step=Step(
            left=sp.Symbol(f"[t^{{{sp.latex(case.degree)}}}]") * core,
            right=coefficient,
            rule=RECURRENCE,
            because=f"E(t) = {core} solves E' = {equation}",
        ),
        evidence=Evidence(
            about=f"the Taylor coefficients of {core}",
            method="the recurrence is a symbolic identity in the degree; Taylor's series gives the first ones",
            finding=f"identity {'holds' if proved else 'fails'}; from degree {start} on, the first "
            f"{len(degrees)} of this form {'agree' if agree else 'differ'}",
            verdict=Verdict.EXACT if proved and agree else Verdict.REFUTED,
            points=len(degrees),
        ),
    )


def _all_degrees(formula: DegreeFormula, case: Case, witness: Moments) -> StepFinding:
    exceptions = [(l, value) for l, value in formula.exceptions if case.speaks_of(l)]
    besides = "".join(f"; mu_{l} = {value}" for l, value in exceptions)
    degrees = [l for l in range(41) if case.speaks_of(l)]
    return _found(
        Step(
            left=MU[case.degree],
            right=case.expr,
            rule=TAYLOR,
            because=f"sum over the terms of the transform, for {case.degree} >= {case.first}{besides}",
        ),
        [(f"l = {l}", witness.mu[l], formula.at(l)) for l in degrees],
    )


def dual_chapter(kernel: KernelSeries, witness: Moments) -> Chapter:
    """Derive `kappa(rho)`: Price's theorem, integration back, and Parseval at rho = 1; or Mehler's series."""
    base = kernel.base_dual
    if base is None:
        return Chapter(title="Dual activation", findings=(_mehler(kernel.activation, witness),))
    findings = [_dual_step(step, above, witness) for step, above in zip(base.steps, (None, *base.steps), strict=False)]
    at_one = base.expr.subs(rho, 1)
    parseval = Step(
        left=mean(phi(x) ** 2), right=at_one, rule=PARSEVAL, because="kappa(1), where the sum of the series is reached"
    )
    findings.append(_found(parseval, [("rho = 1", witness.energy, at_one)]))
    return Chapter(title="Dual activation", findings=tuple(findings))


def _mehler(activation: Activation, witness: Moments) -> StepFinding:
    """State the series, and hold it against the definition, integrated over both Gaussians."""
    at = Fraction(2, 5)
    defined = oracle.value(correlated(activation.expr, activation.expr, sp.Rational(at)))
    if defined is None:
        raise ArithmeticError(f"{activation.name}: no quadrature of E[phi(u) phi(v)]")
    value, radius = balls.text(witness.dual(at), 20)
    off = abs(defined.value - mp.mpf(value))
    error = defined.error + mp.mpf(radius)
    held = Verdict.NUMERIC if error < ORACLE else Verdict.UNDECIDED
    return StepFinding(
        step=Step(
            left=kappa,
            right=sp.Sum(MU[ell] ** 2 * rho**ell, (ell, 0, sp.oo)),
            rule=MEHLER,
            because="no elementary closed form was reached, so the series is the answer, with Parseval for its tail",
        ),
        evidence=Evidence(
            about="the series against the definition",
            method="moments enclosed, and double quadrature of phi(u) phi(v) in floating point",
            finding=f"rho = {at}: {value[:14]}, off by {mp.nstr(off, 2)}, good to {mp.nstr(error, 2)}",
            verdict=held if off <= error else Verdict.REFUTED,
            points=1,
        ),
    )


def _dual_step(step: Step, above: Step | None, witness: Moments) -> StepFinding:
    order = step.left.derivative_count if isinstance(step.left, sp.Derivative) else 0
    found = _found(
        step,
        [
            (f"rho = {at}", witness.dual(at, order), step.right.subs(rho, sp.Rational(at)))
            for at in (Fraction(-1, 2), Fraction(1, 3), Fraction(2, 5))
        ],
    )
    if above is None or found.evidence is None or step.rule is not INTEGRATION:
        return found
    back = check_link(step.right.diff(rho), above.right, Relation.EQUAL, _correlations(), about="its derivative")
    exact = back.verdict is Verdict.EXACT and found.evidence.verdict is CERTAINTY
    return replace(
        found,
        evidence=replace(
            found.evidence,
            method=f"{found.evidence.method}; its derivative is the line above, as {back.method}",
            verdict=Verdict.EXACT if exact else min(back.verdict, found.evidence.verdict),
        ),
    )


def _correlations() -> Iterator[dict[sp.Symbol, sp.Rational]]:
    for at in (sp.Rational(-3, 7), sp.Rational(2, 5)):
        yield {rho: at}


def slope_chapter(base: Dual, of_derivative: Dual) -> Chapter:
    """Derive the dual of phi' once more: by Price's theorem it is the derivative of kappa."""
    left, right = base.expr.diff(rho), of_derivative.expr
    found = check_link(left, right, Relation.EQUAL, _correlations(), about="the dual of phi' derived by itself")
    step = Step(
        left=sp.Derivative(kappa, rho),
        right=right,
        rule=PRICE,
        because="the dual of phi', which tangent features need, is the derivative of kappa",
    )
    return Chapter(title="Dual of the derivative", findings=(StepFinding(step=step, evidence=found),))


def gamma_chapter(known: Mapping[str, Law | None], features: Moments, slopes: Moments | None) -> Chapter:
    """Derive the constants from kappa; the witness takes each from its own series."""
    findings = [
        _found(
            Step(left=GAMMA[key], right=law.expr, rule=DEGREES, because=law.meaning),
            [
                (
                    f"alpha = {at}",
                    _seen(law, slopes if law.kernel.shift and slopes else features, at),
                    law.expr.subs(alpha, sp.Rational(at)),
                )
                for at in (Fraction(1, 4), Fraction(4, 9))
            ],
        )
        for key, law in known.items()
        if law is not None and law.expr is not None
    ]
    return Chapter(title="Constants gamma", findings=tuple(findings))


def _seen(law: Law, moments: Moments, at: Fraction) -> Ball:
    """Return the constant from the moments of phi, or for tangent features of phi', one degree below their kernel."""
    shift = law.kernel.shift
    with balls.precision(BITS):
        share = balls.rational(at)
        factor = balls.integer_power(share, shift)
        if isinstance(law, ZeroQueryLaw):
            narrow = witness_of(stretched(moments.activation, at))
            top = narrow.product(moments, law.first - shift, share.sqrt())
            return factor * top / moments.energy_from(law.first - shift)
        top = moments.sum_from(law.numerator_from - shift, at)
        return factor * top / moments.energy_from(law.denominator_from - shift)


def _found(step: Step, comparisons: Sequence[tuple[str, Ball, sp.Expr]]) -> StepFinding:
    """Return the step with what came of holding its formula against the witness at each place."""
    verdicts, figures = [], []
    for place, seen, formula in comparisons:
        with balls.precision(BITS):
            value = balls.number(formula, BITS)
            verdicts.append(_compared(value, seen))
            figures.append(f"{place}: {value.str(12, radius=False)}, seen {seen.str(12)}")
    least = weakest(verdicts)
    return StepFinding(
        step=step,
        evidence=Evidence(
            about=step.because,
            method="enclosed, and so is the same from Gauss-Legendre moments of phi: they overlap",
            finding=figures[verdicts.index(least)],
            details=tuple(figures),
            verdict=least,
            points=len(comparisons),
        ),
    )


def _compared(value: Ball, seen: Ball) -> Verdict:
    """Return what two balls say of each other; to overlap is worth something only where both are narrow."""
    if not (value.is_finite() and seen.is_finite()):
        return Verdict.UNDECIDED
    if not value.overlaps(seen):
        return Verdict.REFUTED
    narrow = (value - seen).rad() < flint.arb(WIDE) * max(abs(value).upper(), flint.arb(1))
    return CERTAINTY if narrow else Verdict.UNDECIDED


def witness_of(activation: Activation) -> Moments:
    """Return the Gauss-Legendre moments of an activation."""
    return Moments(activation=activation, order=ORDER, bits=BITS)
