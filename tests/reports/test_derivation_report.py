"""The page on one activation says what was derived and how each step was checked, and nothing on it is markup."""

import re
from dataclasses import replace
from fractions import Fraction

import pytest
import sympy as sp

from reports.collect_derivation import collect
from reports.envelope import provenance
from reports.formulas import ELSEWHERE, latex, mathml
from reports.outline import outline
from reports.render_html import render
from theory.activations import ABS, RELU, STEP, Activation
from theory.derivation import derivation
from theory.evidence import Verdict
from theory.portrait import portrait
from theory.setting import Query
from theory.symbols import x

from .conftest import HOSTILE
from .test_report import FETCHING, Page

AT = (Fraction(1, 4), Fraction(4, 9))
ORIGIN = provenance(["derive", "relu", "--at", "1/4", "4/9"], None)


@pytest.fixture(scope="module")
def relu():
    return portrait(RELU, AT), derivation(RELU)


@pytest.fixture(scope="module")
def page(relu):
    return render(outline(collect(*relu, provenance=ORIGIN)))


def words(page):
    return "".join(Page(page).words)


def spoilt(chapters, verdict):
    """Return the chapters with another verdict on their very last step."""
    *others, last = chapters
    *findings, final = last.findings
    wrong = replace(final, evidence=replace(final.evidence, verdict=verdict))
    return (*others, replace(last, findings=(*findings, wrong)))


def test_the_same_activation_gives_the_same_bytes(relu, page):
    assert render(outline(collect(*relu, provenance=ORIGIN))) == page


def test_the_page_stands_alone(page):
    parsed = Page(page)
    assert not parsed.tags & FETCHING
    assert all(link.startswith("#") and link[1:] in parsed.ids for link in parsed.links)
    assert len(parsed.ids) == len(set(parsed.ids))
    assert not re.search(r"@import|url\((?!#)|src=", page)


def test_every_formula_is_on_the_page_and_every_number_in_full(relu, page):
    drawn, _ = relu
    said = words(page)
    for formula in (drawn.dual, *drawn.formulas.values()):
        assert formula.meaning in said
        assert formula.note in said
    constants = collect(*relu, provenance=ORIGIN).constants
    for constant, (key, formula) in zip(constants, drawn.formulas.items(), strict=True):
        assert constant.latex.endswith(f" = {latex(formula.expr)}")
        assert mathml(constant.latex) in page
        assert key in said
    numbers = [row.value for row in drawn.hermite] + [v for values in drawn.at.values() for v in values.values()]
    for number in numbers:
        assert f">{number.value}</td><td>{number.radius}</td>" in page


def test_the_coefficients_are_given_for_every_degree(relu):
    drawn, steps = relu
    lines = collect(drawn, steps, provenance=ORIGIN).degrees
    assert len(lines) == len(drawn.degrees.cases) + len(drawn.degrees.exceptions)
    assert lines[-1] == r"{\mu}_{1} = \frac{1}{2}"


def test_every_step_has_its_rule_its_check_and_its_verdict(relu, page):
    drawn, steps = relu
    found = collect(drawn, steps, provenance=ORIGIN)
    assert [chapter.title for chapter in found.chapters] == [chapter.title for chapter in steps]
    links = [link for chapter in found.chapters for link in chapter.links]
    findings = [finding for chapter in steps for finding in chapter.findings]
    said = words(page)
    for link, finding in zip(links, findings, strict=True):
        assert link.mark.word == finding.evidence.verdict.name
        assert link.checked == f"{finding.evidence.method}: {finding.evidence.finding}"
        assert f"{finding.step.rule.name}: {finding.step.rule.states}. Needs: {finding.step.rule.needs}." in said
        assert finding.step.because in said
        assert link.checked in said
    assert page.count('<p class="rule">') == len(links)


@pytest.mark.parametrize(("verdict", "tone"), [(Verdict.REFUTED, "bad"), (Verdict.UNDECIDED, "open")])
def test_one_step_that_fails_is_seen_at_the_top(relu, verdict, tone):
    drawn, steps = relu
    found = collect(drawn, spoilt(steps, verdict), provenance=ORIGIN)
    assert (found.tone, collect(drawn, steps, provenance=ORIGIN).tone) == (tone, "good")
    assert f"1 {verdict.name}" in found.summary
    assert f'<span class="mark {tone}">{verdict.name}</span> <span class="because">' in render(outline(found))


def test_a_cited_step_is_not_taken_for_a_checked_one(relu):
    drawn, (first, *others) = relu
    cited = replace(first, findings=tuple(replace(finding, evidence=None) for finding in first.findings))
    found = collect(drawn, (cited, *others), provenance=ORIGIN)
    assert f"{len(first.findings)} cited and not checked here" in found.summary
    assert {link.mark.tone for link in found.chapters[0].links} == {"note"}


def test_a_hostile_name_and_remark_are_words(relu):
    drawn, steps = relu
    hostile = replace(drawn, activation=replace(RELU, name=HOSTILE, remark=f"{HOSTILE} `{HOSTILE}`"))
    page = render(outline(collect(hostile, steps, provenance=provenance(["derive", HOSTILE], None))))
    assert "<script" not in page
    assert words(page).count('<script>alert("x")</script>') >= 4


def test_the_picture_shows_each_constant_where_it_is(relu):
    (picture,) = collect(*relu, provenance=ORIGIN).pictures
    drawn, _ = relu
    assert [curve.label for curve in picture.curves] == list(drawn.formulas)
    for curve in picture.curves:
        seen = dict(zip(curve.x, curve.y, strict=True))
        assert seen[0.25] == pytest.approx(float(drawn.at[Fraction(1, 4)][curve.label].value), rel=1e-12)
        assert list(curve.y) == sorted(curve.y)


def test_what_a_jump_takes_away_is_said():
    drawn = portrait(STEP, AT)
    found = collect(drawn, (), provenance=ORIGIN)
    assert [h.mark.word for h in found.hypotheses] == ["holds", "violated", "violated"]
    (ntk,) = (c for c in found.constants if c.key == "gamma_ntk")
    assert (ntk.latex, ntk.note) == ("", "phi jumps, so it has no tangent features")
    assert "gamma_ntk" not in [curve.label for curve in found.pictures[0].curves]
    assert ntk.note in words(render(outline(found)))
    assert found.summary.endswith("Everything has a closed form. Not defined, since phi jumps: gamma_ntk.")


@pytest.mark.slow
def test_a_missing_closed_form_is_said():
    soft = Activation(name="soft", expr=sp.log(1 + sp.exp(x)))
    found = collect(portrait(soft, AT[:1]), (), provenance=ORIGIN)
    assert found.degrees == ()
    assert "Without a closed form: dual, gamma_rf_lower" in found.summary
    assert "No formula for every degree is known" in words(render(outline(found)))
    assert all(len(curve.x) > 10 for curve in found.pictures[0].curves)


@pytest.mark.slow
def test_deep_kernels_and_the_zero_query_have_pictures_of_their_own():
    drawn = portrait(ABS, AT[:1], depth=2, query=Query.ZERO)
    found = collect(drawn, (), provenance=ORIGIN)
    assert [[curve.label for curve in picture.curves] for picture in found.pictures[1:]] == [
        ["gamma_rf_zero", "gamma_ntk_zero"],
        ["gamma_nngp_2", "gamma_ntk_2"],
    ]
    assert next(c.symbol for c in found.constants if c.key == "gamma_nngp_2") == r"\gamma_{\mathrm{NNGP}}^{(2)}"
    assert page_is_whole(render(outline(found)))


def page_is_whole(page):
    """Return whether every formula was set and every picture drawn."""
    return page.count("<svg") == 3 and '<code class="latex">' not in page


@pytest.mark.parametrize(("form", "long"), [(sp.sqrt(2), False), (sp.sqrt(10**119 + 1), True)])
def test_a_closed_form_that_leaves_the_page_stands_elsewhere(relu, form, long):
    drawn, _ = relu
    row = replace(drawn.hermite[0], closed_form=form)
    found = collect(replace(drawn, hermite=(row,)), (), provenance=ORIGIN)
    (value,) = found.coefficients.rows
    assert (value.closed_form, value.elsewhere) == (("", ELSEWHERE) if long else (latex(form), ""))
    assert (ELSEWHERE in words(render(outline(found)))) is long
