"""The derivation of everything about one activation: every step holds, and a spoilt one is refuted."""

from dataclasses import replace
from fractions import Fraction
from functools import cache

import flint
import pytest
import sympy as sp

from theory import balls, degrees
from theory import derivation as module
from theory.activations import ERF, PHI4, RELU, SIN_COS, STEP, TANH
from theory.degrees import taylor_coefficient
from theory.derivation import (
    derivation,
    dual_chapter,
    gamma_chapter,
    growth_chapter,
    hermite_chapter,
    slope_chapter,
    witness_of,
)
from theory.duals import dual
from theory.evidence import Verdict
from theory.growth import envelope
from theory.hermite import HermiteSeries
from theory.kernels import random_features
from theory.portrait import laws
from theory.registry import find_activation
from theory.rules import DEGREES, GROWTH, INTEGRATION, MEHLER, PARSEVAL, PRICE, RECURRENCE, STEIN, TAYLOR
from theory.setting import Query

WRONG = sp.Rational(98, 97)
HOLDS = {Verdict.ENCLOSED, Verdict.EXACT}


@cache
def witness(activation):
    return witness_of(activation)


@cache
def derived(name):
    return derivation(find_activation(name))


def rules(chapters):
    return {finding.step.rule for chapter in chapters for finding in chapter.findings}


def refuted(chapter):
    """Return the places of the steps that were refuted."""
    return [i for i, verdict in enumerate(chapter.verdicts) if verdict is Verdict.REFUTED]


@pytest.mark.parametrize(
    "name",
    [*("relu", "erf", "h1+h4", "sin+cos"), *(pytest.param(n, marks=pytest.mark.slow) for n in ("gelu", "hard_tanh"))],
)
def test_every_step_holds(name):
    for chapter in derived(name):
        assert len(chapter.verdicts) == len(chapter.findings) > 0
        doubtful = [f.step.rule for f in chapter.findings if f.evidence.verdict not in HOLDS]
        assert doubtful == ([MEHLER] if (name, chapter.title) == ("hard_tanh", "Dual activation") else [])
        assert [f for f in chapter.findings if not f.step.because] == []


def test_the_derivation_of_relu_names_every_rule():
    assert rules(derived("relu")) == {GROWTH, STEIN, RECURRENCE, TAYLOR, PRICE, INTEGRATION, PARSEVAL, DEGREES}


def test_the_last_step_of_the_dual_is_the_dual():
    (chapter,) = [c for c in derived("erf") if c.title == "Dual activation"]
    *_, last, parseval = chapter.findings
    assert last.step.right == dual(ERF).expr
    assert parseval.step.right == dual(ERF).expr.subs(module.rho, 1)


def test_without_a_closed_form_the_series_is_held_against_the_definition():
    (finding,) = dual_chapter(random_features(TANH), witness(TANH)).findings
    assert finding.step.rule is MEHLER
    assert finding.evidence.verdict is Verdict.NUMERIC
    first = finding.step.right.subs(sp.oo, 2).doit()
    assert first == module.MU[0] ** 2 + module.MU[1] ** 2 * module.rho + module.MU[2] ** 2 * module.rho**2
    assert finding.step.right.limits[0][2] is sp.oo
    value = balls.text(witness(TANH).dual(Fraction(2, 5)), 20)[0][:14]
    assert finding.evidence.finding.startswith(f"rho = 2/5: {value}, off by ")


def test_a_wrong_series_is_refuted_by_the_definition():
    wrong = replace(witness(TANH))
    wrong.__dict__["mu"] = [mu * 98 / 97 for mu in witness(TANH).mu]
    wrong.__dict__["rest"] = witness(TANH).rest
    assert refuted(dual_chapter(random_features(TANH), wrong)) == [0]


def test_a_jump_leaves_the_tangent_features_out():
    titles = [chapter.title for chapter in derivation(STEP)]
    assert "Dual of the derivative" not in titles
    assert "Constants gamma" in titles


@pytest.mark.parametrize("activation", [RELU, ERF, PHI4, SIN_COS], ids=lambda a: a.name)
def test_a_wrong_transform_is_refuted(activation):
    series = HermiteSeries(activation)
    right, formula = series.transform, series.degrees
    assert refuted(hermite_chapter(series, witness(activation))) == []
    spoilt = HermiteSeries(activation)
    spoilt.__dict__.update(transform=right * WRONG, degrees=formula)
    assert refuted(hermite_chapter(spoilt, witness(activation))) == [0]


@pytest.mark.parametrize("activation", [RELU, ERF, SIN_COS], ids=lambda a: a.name)
def test_a_wrong_formula_for_all_degrees_is_refuted(activation):
    series = HermiteSeries(activation)
    formula, steps = series.degrees, len(hermite_chapter(series, witness(activation)).findings)
    for i, case in enumerate(formula.cases):
        cases = list(formula.cases)
        cases[i] = replace(case, expr=case.expr * WRONG)
        spoilt = HermiteSeries(activation)
        spoilt.__dict__["degrees"] = replace(formula, cases=tuple(cases))
        expected = [] if case.expr == 0 else [steps - len(cases) + i]
        assert refuted(hermite_chapter(spoilt, witness(activation))) == expected


def test_a_wrong_exception_is_refuted():
    series = HermiteSeries(RELU)
    formula = series.degrees
    spoilt = HermiteSeries(RELU)
    spoilt.__dict__["degrees"] = replace(formula, exceptions=tuple((l, v * WRONG) for l, v in formula.exceptions))
    assert refuted(hermite_chapter(spoilt, witness(RELU))) == [len(hermite_chapter(series, witness(RELU)).findings) - 1]


def test_a_constant_factor_obeys_the_recurrence_and_is_seen_in_the_first_coefficients(monkeypatch):
    def spoilt(core, degree):
        found = taylor_coefficient(core, degree)
        return found if found is None or found[0] is None else (found[0].times(WRONG), found[1])

    monkeypatch.setattr(degrees, "taylor_coefficient", spoilt)
    monkeypatch.setattr(module, "taylor_coefficient", spoilt)
    series = HermiteSeries(SIN_COS)
    chapter = hermite_chapter(series, witness(SIN_COS))
    seen = [f.evidence for f in chapter.findings if f.step.rule is RECURRENCE]
    assert {evidence.verdict for evidence in seen} == {Verdict.REFUTED}
    assert all("identity holds" in evidence.finding and "differ" in evidence.finding for evidence in seen)


@pytest.mark.parametrize("activation", [RELU, ERF, PHI4, SIN_COS], ids=lambda a: a.name)
def test_a_wrong_step_of_the_dual_is_refuted_there(activation):
    right = dual(activation)
    for i, step in enumerate(right.steps):
        steps = (*right.steps[:i], replace(step, right=step.right * WRONG), *right.steps[i + 1 :])
        kernel = random_features(activation)
        kernel.__dict__["base_dual"] = replace(right, steps=steps)
        found = refuted(dual_chapter(kernel, witness(activation)))
        # the line below is the integral of this one, and no longer is
        below = i + 1 < len(steps) and steps[i + 1].rule is INTEGRATION
        assert found == ([i, i + 1] if below else [i])


def test_a_wrong_energy_is_refuted_by_parseval():
    kernel, right = random_features(RELU), dual(RELU)
    kernel.__dict__["base_dual"] = replace(right, expr=right.expr * WRONG)
    assert refuted(dual_chapter(kernel, witness(RELU))) == [len(right.steps)]


@pytest.mark.parametrize("activation", [RELU, ERF, PHI4], ids=lambda a: a.name)
def test_a_wrong_dual_of_the_derivative_is_refuted(activation):
    base, slope = dual(activation), dual(activation.derivative)
    assert slope_chapter(base, slope).verdicts == (Verdict.EXACT,)
    assert refuted(slope_chapter(base, replace(slope, expr=slope.expr * WRONG))) == [0]


def test_a_wrong_constant_is_refuted_and_no_other():
    pair = witness(ERF), witness(ERF.derivative)
    known = laws(ERF, query=Query.ZERO)
    assert set(gamma_chapter(known, *pair).verdicts) == {Verdict.ENCLOSED}
    for key, law in known.items():
        spoilt = replace(law)
        spoilt.__dict__["expr"] = law.expr * WRONG
        beside = "gamma_rf_lower" if key == "gamma_rf_upper" else "gamma_rf_upper"
        assert refuted(gamma_chapter({beside: known[beside], key: spoilt}, *pair)) == [1]


def test_an_envelope_too_low_is_refuted(monkeypatch):
    assert refuted(growth_chapter(RELU)) == []
    low = replace(envelope(RELU), constant=envelope(RELU).constant / 8)
    monkeypatch.setattr(module, "envelope", lambda _: low)
    assert refuted(growth_chapter(RELU)) == [0]


def test_a_wide_witness_or_none_decides_nothing():
    one = flint.arb(1)
    assert module._compared(one, one) is Verdict.ENCLOSED
    assert module._compared(one, flint.arb(1, 1e-9)) is Verdict.UNDECIDED
    assert module._compared(one, flint.arb.nan()) is Verdict.UNDECIDED
    assert module._compared(one, flint.arb("1.001")) is Verdict.REFUTED
