"""The checks refute the mutants of our claims; where a check is made blind, mutants survive and are named."""

from dataclasses import replace

import pytest
import sympy as sp

from theory import mutants
from theory.claim import Claim, Hypothesis, Provenance, Relation, Source, Status, Twin
from theory.claims import hermite_shift, lemma_4_1, proportional_ends, small_alpha
from theory.mutants import Outcome, symbolic_mutants
from theory.symbols import alpha

HALF, THIRD = sp.Rational(1, 2), sp.Rational(1, 3)
CLAIM = Claim(
    title="a quadratic below alpha",
    reading="",
    statement=(alpha * (1 - alpha), alpha - alpha**2),
    source=Source(key="bombari2024", anchor="none", provenance=Provenance.DERIVED),
    points=lambda: iter([{alpha: THIRD}, {alpha: HALF}]),
    twins=(Twin(slip="twice", statement=(2 * alpha * (1 - alpha), alpha - alpha**2)),),
)


def outcomes(claim):
    """Return the mutants by what was changed."""
    return {mutant.mutant: mutant for mutant in symbolic_mutants("c", claim)}


@pytest.mark.parametrize("claim", [lemma_4_1.CLAIM, hermite_shift.CLAIM, proportional_ends.CLAIM])
def test_the_mutants_of_our_claims_are_killed_or_say_nothing_false(claim):
    found = outcomes(claim)
    assert len(found) > 40
    assert [m for m in found.values() if m.outcome is Outcome.SURVIVED] == []
    assert sum(m.outcome is Outcome.EQUIVALENT for m in found.values()) <= 1
    assert all(m.reason for m in found.values())


def test_a_mutant_is_refuted_with_the_figures_or_shown_to_be_the_same():
    found = outcomes(CLAIM)
    scaled = found["statement: scaled by 98/97, on the left"]
    assert (scaled.outcome, scaled.reason) == (Outcome.KILLED, "0.224513172967 = 0.222222222222")
    swapped = found["statement: alpha and 1 - alpha swapped, on the right"]
    assert (swapped.outcome, swapped.reason) == (Outcome.EQUIVALENT, "the same expression, once it is evaluated")


def test_points_that_cannot_tell_let_a_mutant_survive():
    blind = replace(CLAIM, statement=(alpha**3, sp.Rational(1, 8)), points=lambda: iter([{alpha: HALF}]))
    swapped = outcomes(blind)["statement: alpha and 1 - alpha swapped, on the left"]
    assert swapped.outcome is Outcome.SURVIVED
    assert swapped.reason.startswith("1 ENCLOSED of 1 points")


def test_a_check_that_sees_nothing_lets_every_mutant_survive(monkeypatch):
    monkeypatch.setattr(mutants, "refutation", lambda *_: None)
    found = outcomes(CLAIM)
    assert {m.outcome for m in found.values()} == {Outcome.SURVIVED, Outcome.EQUIVALENT}
    assert found["statement: scaled by 98/97, on the left"].outcome is Outcome.SURVIVED


def test_a_check_that_breaks_down_has_refuted_nothing(monkeypatch):
    def broken(*_):
        raise ValueError("no enclosure is known of this")

    monkeypatch.setattr(mutants, "refutation", broken)
    with pytest.raises(ValueError, match="no enclosure is known"):
        outcomes(CLAIM)


def test_what_is_no_real_number_at_a_point_is_refuted_there():
    roots = replace(CLAIM, statement=(sp.sqrt(1 - alpha**2), sp.sqrt((1 - alpha) * (1 + alpha))))
    turned = [m for what, m in outcomes(roots).items() if m.reason.startswith("not a real number")]
    assert turned
    assert {m.outcome for m in turned} == {Outcome.KILLED}


def test_an_inequality_is_refuted_past_its_nearest_point_and_reversed():
    found = outcomes(replace(CLAIM, statement=(alpha**2, alpha), relation=Relation.AT_MOST))
    assert found["statement: >= in place of <="].outcome is Outcome.KILLED
    (past,) = (m for what, m in found.items() if "past the other" in what)
    assert past.outcome is Outcome.KILLED
    room = found["statement: alpha and 1 - alpha swapped, on the right"]
    assert room.outcome is Outcome.EQUIVALENT
    assert room.reason.startswith("true as well, for the inequality has room: 2 ENCLOSED of 2 points")


def test_a_hypothesis_that_may_be_dropped_is_found_out():
    def with_hypothesis(share):
        idle = Hypothesis(
            text="alpha is a third",
            examine=lambda _: (Status.HOLDS, ""),
            violated=lambda: iter([{alpha: share}]),
        )
        claim = replace(
            CLAIM, statement=(alpha**2 * 3, alpha), hypotheses=(idle,), points=lambda: iter([{alpha: THIRD}])
        )
        return outcomes(claim)["statement: without alpha is a third"].outcome

    assert with_hypothesis(HALF) is Outcome.KILLED
    assert with_hypothesis(THIRD) is not Outcome.KILLED  # which is no violation at all


def test_the_hypotheses_of_our_claims_are_needed():
    for claim in (small_alpha.CLAIM, proportional_ends.CLAIM, hermite_shift.CLAIM):
        (dropped,) = mutants._without_hypotheses("c", claim)
        assert dropped.outcome is Outcome.KILLED


def test_an_explanation_is_of_a_mutant_that_would_have_survived():
    from theory.registry import claims

    symbolic = [(name, what) for name, what in mutants.EXPLAINED if not what.startswith("prediction")]
    assert symbolic == [
        ("dominant-degree", next(what for name, what in mutants.EXPLAINED if name == "dominant-degree"))
    ]
    for name, what in symbolic:
        (mutant,) = (m for m in symbolic_mutants(name, claims()[name]) if m.mutant == what)
        assert (mutant.outcome, mutant.reason) == (Outcome.EQUIVALENT, mutants.EXPLAINED[name, what])


def test_what_a_slip_of_the_false_theorem_says_is_the_law():
    from theory.predicted import gamma, zero_gamma
    from theory.registry import claims

    largest = claims()["theorem-6.3-as-printed"].predictions[0].settings[-1]
    assert (round(zero_gamma(largest), 4), round(gamma(largest), 4)) == (0.3080, 0.3083)
