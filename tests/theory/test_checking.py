"""Links that are true come out at the strength of what was tried; links that are not come out refuted."""

from dataclasses import replace

import flint
import pytest
import sympy as sp

from theory import balls, checking, interpolation
from theory.activations import RELU, TANH
from theory.checking import check_link, check_statement, check_steps
from theory.claim import Claim, Provenance, Relation, Source, Step, Twin
from theory.enclosure import enclose
from theory.evidence import Verdict
from theory.expectations import Hermite, correlated, mean, phi
from theory.hermite import HermiteSeries
from theory.symbols import alpha, ell, rho, x

SLIP = sp.Rational(98, 97)
POINTS = [{alpha: sp.Rational(i, 7)} for i in range(1, 7)]
SQUARE = ((1 + alpha) ** 2, 1 + 2 * alpha + alpha**2)
MEAN = (mean(phi(x) * x), mean(phi(x).diff(x)))
MEAN_POINTS = [{phi: RELU.expr}, {phi: TANH.expr}]
DUAL = (correlated(RELU.expr, RELU.expr, rho), (sp.sqrt(1 - rho**2) + rho * (sp.pi - sp.acos(rho))) / (2 * sp.pi))
DUAL_POINTS = [{rho: sp.Rational(1, 3)}]
LEMMA = (interpolation.stability, interpolation.alignment(interpolation.complement) * interpolation.self_stability)

TRUE = {
    "a polynomial": (*SQUARE, POINTS, Verdict.EXACT),
    "matrices": (*LEMMA, list(interpolation.instances()), Verdict.EXACT),
    "a mean": (*MEAN, MEAN_POINTS, Verdict.ENCLOSED),
    "a correlated mean": (*DUAL, DUAL_POINTS, Verdict.NUMERIC),
}


def judge(left, right, points, relation=Relation.EQUAL):
    return check_link(left, right, relation, points, about="a link")


@pytest.mark.parametrize("case", TRUE)
def test_a_true_link_has_the_strength_of_its_means(case):
    left, right, points, verdict = TRUE[case]
    found = judge(left, right, points)
    assert found.verdict is verdict
    assert found.points == len(points)


@pytest.mark.parametrize("case", TRUE)
def test_a_link_that_is_off_by_a_hundredth_is_refuted(case):
    left, right, points, _ = TRUE[case]
    assert judge(left, SLIP * right, points).verdict is Verdict.REFUTED
    assert judge(SLIP * left, right, points).verdict is Verdict.REFUTED


@pytest.mark.parametrize("case", TRUE)
def test_a_link_without_points_is_undecided(case):
    left, right, _, _ = TRUE[case]
    found = judge(left, right, [])
    assert (found.verdict, found.points) == (Verdict.UNDECIDED, 0)


def test_one_bad_point_among_good_ones_decides():
    assert judge(alpha**2, alpha, [{alpha: sp.Integer(1)}]).verdict is not Verdict.REFUTED
    found = judge(alpha**2, alpha, [{alpha: sp.Integer(1)}, {alpha: sp.Rational(1, 2)}])
    assert found.verdict is Verdict.REFUTED
    assert "1 REFUTED" in found.finding
    assert "of 2 points" in found.finding


def test_what_holds_at_the_points_but_not_as_a_formula_is_not_exact():
    found = judge(alpha * (alpha - 1), sp.Integer(0) * alpha, [{alpha: sp.Integer(1)}])
    assert found.verdict is Verdict.ENCLOSED


def test_what_is_refuted_at_its_first_point_is_not_simplified(monkeypatch):
    points = [{alpha: sp.Rational(1, 3)}, {alpha: sp.Rational(1, 2)}]
    monkeypatch.setattr(sp, "simplify", lambda _: pytest.fail("simplified"))
    monkeypatch.setattr(sp, "cancel", lambda _: pytest.fail("simplified"))
    found = check_link((1 + alpha) ** 2, 1 + 3 * alpha + alpha**2, Relation.EQUAL, points, about="")
    assert found.verdict is Verdict.REFUTED
    with pytest.raises(pytest.fail.Exception, match="simplified"):
        check_link((1 + alpha) ** 2, 1 + 2 * alpha + alpha**2, Relation.EQUAL, points, about="")


@pytest.mark.parametrize("width", [1e-10, 1e-25])
def test_a_wide_ball_decides_nothing(monkeypatch, width):
    exact = checking.enclose

    def widened(expr, bits):
        with balls.precision(bits):
            return exact(expr, bits) + flint.arb(0, width)

    monkeypatch.setattr(checking, "enclose", widened)
    expected = Verdict.UNDECIDED if width > checking.WIDE else Verdict.EXACT
    assert judge(*SQUARE, POINTS).verdict is expected


def test_no_enclosure_decides_nothing(monkeypatch):
    monkeypatch.setattr(checking, "enclose", lambda *_: None)
    assert judge(*SQUARE, POINTS).verdict is Verdict.UNDECIDED


def test_balls_do_not_pass_where_the_definition_disagrees(monkeypatch):
    exact = checking.enclose
    monkeypatch.setattr(checking, "enclose", lambda expr, bits: exact(expr, bits) * flint.arb("1.01"))
    assert judge(*MEAN, MEAN_POINTS).verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        (alpha**2, alpha, Verdict.ENCLOSED),
        (alpha, alpha**2, Verdict.REFUTED),
        (sp.Rational(1, 2) * alpha, sp.Rational(49, 97) * alpha, Verdict.ENCLOSED),
        (sp.Rational(49, 97) * alpha, sp.Rational(1, 2) * alpha, Verdict.REFUTED),
    ],
    ids=str,
)
def test_an_inequality_is_refuted_the_wrong_way_round(left, right, verdict):
    assert judge(left, right, POINTS, Relation.AT_MOST).verdict is verdict


def test_an_inequality_of_means_is_judged_by_their_balls():
    square, points = mean(phi(x)) ** 2, [{phi: RELU.expr}]
    assert judge(square, mean(phi(x) ** 2), points, Relation.AT_MOST).verdict is Verdict.ENCLOSED
    assert judge(mean(phi(x) ** 2), square, points, Relation.AT_MOST).verdict is Verdict.REFUTED


def test_a_limit_is_not_decided_at_any_point():
    points = [{rho: sp.Rational(1, 3)}]
    slow = sp.Limit(1 / sp.sqrt(1 + alpha), alpha, sp.oo)
    late = sp.Limit(alpha / (sp.Integer(10) ** 200 + alpha), alpha, sp.oo)
    assert judge(slow, sp.Integer(0), points).verdict is Verdict.UNDECIDED
    assert judge(late, sp.Integer(0), points).verdict is Verdict.UNDECIDED


def test_a_sum_is_cut_with_the_energy_of_its_terms_beyond():
    share = sp.Rational(9, 10)
    found = enclose(sp.Sum(share**ell * mean(RELU.expr * Hermite(ell, x)) ** 2, (ell, 0, sp.oo)), 128)
    with balls.precision(128):
        beyond = HermiteSeries(RELU).tail(160, 128) * balls.rational(share) ** 161
        assert beyond * 97 / 98 < flint.arb(found.rad()) < beyond * 98 / 97


def test_an_infinite_sum_is_held_against_the_definition():
    terms = mean(phi(x) * Hermite(ell, x)) ** 2
    series, short = (sp.Sum(rho**ell * terms, (ell, first, sp.oo)) for first in (0, 1))
    points = [{phi: RELU.expr, rho: sp.Rational(1, 3)}]
    defined = correlated(phi(x), phi(x), rho)
    assert judge(defined, series, points).verdict is Verdict.NUMERIC
    assert judge(defined, short, points).verdict is Verdict.REFUTED


def claim(**changes):
    fields = {
        "title": "a square",
        "reading": "a square",
        "statement": SQUARE,
        "source": Source(key="bombari2024", anchor="nowhere", provenance=Provenance.DERIVED),
        "points": lambda: iter(POINTS),
        "twins": (Twin(slip="none", statement=(SQUARE[0], alpha)),),
    }
    return Claim(**fields | changes)


def test_a_statement_and_its_twin_are_judged_at_the_points_of_the_claim():
    stated = claim()
    assert check_statement(stated).verdict is Verdict.EXACT
    assert check_statement(stated, stated.twins[0].statement).verdict is Verdict.REFUTED


def test_a_claim_whose_points_run_dry_has_no_evidence():
    assert check_statement(claim(points=lambda: iter(()))) is None


@pytest.mark.parametrize("grounds", Provenance, ids=lambda g: g.name)
def test_a_cited_or_heuristic_step_is_not_judged(grounds):
    step = Step(left=SQUARE[0], right=alpha, because="so they say", grounds=grounds)
    (finding,) = check_steps(claim(derivation=lambda: iter([step])))
    cited = grounds in {Provenance.KNOWN, Provenance.HEURISTIC}
    assert (finding.evidence is None) == cited
    assert cited or finding.evidence.verdict is Verdict.REFUTED


def test_a_step_may_bring_its_own_points():
    step = Step(left=alpha**2, right=alpha, because="at 1", points=lambda: iter([{alpha: sp.Integer(1)}]))
    (own,) = check_steps(claim(derivation=lambda: iter([step])))
    (claims_own,) = check_steps(claim(derivation=lambda: iter([replace(step, points=None)])))
    assert own.evidence.verdict.holds
    assert claims_own.evidence.verdict is Verdict.REFUTED


def test_at_least_is_at_most_turned_round():
    assert judge(alpha, alpha**2, POINTS, Relation.AT_LEAST).verdict is Verdict.ENCLOSED
    assert judge(alpha**2, alpha, POINTS, Relation.AT_LEAST).verdict is Verdict.REFUTED


def test_an_inequality_of_matrices_is_not_taken_for_an_equality():
    left, right = interpolation.stability, 2 * interpolation.stability
    for relation in (Relation.AT_MOST, Relation.AT_LEAST, Relation.TENDS_TO):
        assert judge(left, right, list(interpolation.instances()), relation).verdict is Verdict.UNDECIDED
    assert judge(left, right, list(interpolation.instances())).verdict is Verdict.REFUTED


def test_the_method_names_a_quadrature_only_where_one_was_made():
    assert "quadrature" not in judge(alpha**2, alpha, POINTS, Relation.AT_MOST).method
    assert "quadrature" in judge(mean(phi(x)), mean(phi(x) * 1), [{phi: RELU.expr}]).method


BALLS = "both sides enclosed by balls"
ONE_SIDE = "quadrature of the definition on one side, balls or quadrature on the other"


@pytest.mark.parametrize(
    ("verdict", "relation", "sides", "method"),
    [
        (Verdict.EXACT, Relation.EQUAL, SQUARE, "a symbolic zero, confirmed to 40 digits"),
        (Verdict.EXACT, Relation.EQUAL, LEMMA, "exact rational instances"),
        (Verdict.NUMERIC, Relation.EQUAL, DUAL, ONE_SIDE),
        (Verdict.NUMERIC, Relation.EQUAL, MEAN, ONE_SIDE),
        (Verdict.REFUTED, Relation.EQUAL, MEAN, "compared at each point by every means at hand"),
        (Verdict.UNDECIDED, Relation.AT_MOST, SQUARE, "compared at each point by every means at hand"),
        (Verdict.ENCLOSED, Relation.AT_MOST, SQUARE, f"{BALLS}, one below the other"),
        (Verdict.ENCLOSED, Relation.AT_MOST, MEAN, f"{BALLS}, one below the other"),
        (Verdict.ENCLOSED, Relation.EQUAL, SQUARE, f"{BALLS} that overlap"),
        (Verdict.ENCLOSED, Relation.EQUAL, MEAN, f"{BALLS} that overlap; quadrature of the definition agrees"),
        (
            Verdict.ENCLOSED,
            Relation.EQUAL,
            (MEAN[0], alpha),
            f"{BALLS} that overlap; quadrature of the definition agrees",
        ),
    ],
)
def test_the_method_says_what_gave_the_verdict(verdict, relation, sides, method):
    assert checking._method(verdict, *sides, relation) == method


@pytest.mark.parametrize("relation", [Relation.AT_MOST, Relation.AT_LEAST, Relation.EQUAL])
def test_exact_balls_that_are_equal_satisfy_every_relation_but_a_limit(relation):
    half = sp.Rational(1, 2)
    assert checking._compare_balls(half, half, relation).verdict is Verdict.ENCLOSED
    assert checking._compare_balls(half, half, Relation.TENDS_TO).verdict is Verdict.UNDECIDED
