"""An expected refutation and a failure are told apart, by status and by words."""

import dataclasses

import pytest

from reports.envelope import Status
from reports.outcome import Outcome, outcome, sentence, status, summary, weakest_link
from theory.claim import Provenance, Source
from theory.evidence import Evidence, Verdict


def change(judgement, **changes):
    return dataclasses.replace(judgement, **changes)


@pytest.mark.parametrize(
    ("name", "came"),
    [
        ("exact", Outcome.AS_STATED),
        ("sampled", Outcome.AS_STATED),
        ("refuted", Outcome.RIGHTLY_REFUTED),
        ("failed", Outcome.FAILED),
        ("survivor", Outcome.FAILED),
        ("undecided", Outcome.UNDECIDED),
    ],
)
def test_the_outcome_of_each_kind(request, name, came):
    assert outcome(request.getfixturevalue(name)) is came


def test_a_false_statement_that_is_not_refuted_fails(refuted):
    wrong = change(refuted, verdict=Verdict.NUMERIC)
    assert outcome(wrong) is Outcome.FAILED
    assert sentence(wrong).startswith("FAILED")


def test_a_false_statement_that_nothing_decides_is_undecided(refuted):
    assert outcome(change(refuted, verdict=Verdict.UNDECIDED)) is Outcome.UNDECIDED


def test_a_twin_too_weakly_tested_leaves_its_claim_undecided(exact):
    weak = Evidence(about="twin", method="", finding="", verdict=Verdict.UNDECIDED, points=0)
    twins = tuple(change(twin, evidence=(weak,)) for twin in exact.twins)
    assert outcome(change(exact, twins=twins)) is Outcome.UNDECIDED
    untested = tuple(change(twin, evidence=()) for twin in exact.twins)
    assert status([change(exact, twins=untested)]) is Status.INCONCLUSIVE


def test_a_failure_outranks_a_weakly_tested_twin(failed):
    assert status([change(failed, twins=tuple(change(twin, evidence=()) for twin in failed.twins))]) is Status.FAIL


def test_of_no_claims_nothing_is_known():
    assert status([]) is Status.INCONCLUSIVE


def test_an_expected_refutation_and_a_failure_share_no_wording(refuted, failed):
    assert sentence(refuted) == "REFUTED, as it should be: the source text has this wrong"
    assert "as it should be" not in sentence(failed)
    assert "FAILED" in sentence(failed)
    assert "FAILED" not in sentence(refuted)


def test_the_source_text_is_blamed_only_for_its_own_statements(refuted):
    source = Source(key="k", anchor="a", provenance=Provenance.DERIVED)
    ours = change(refuted, claim=change(refuted.claim, source=source))
    assert "source text" not in sentence(ours)
    assert "as it should be" in sentence(ours)


def test_the_summary_counts_every_outcome(every):
    words = summary(every)
    assert "Of 7 claims, 4 came out as expected" in words
    assert "1 is false and here to be seen refuted, and was: e1_projector" in words
    assert "2 FAILED: broken, blind" in words
    assert "1 could not be decided: open" in words
    assert "None failed" in summary(every[:2])


def test_the_weakest_link_is_found_among_evidence_steps_and_used_claims(exact, sampled, undecided):
    assert weakest_link(sampled, []) == "both sides"
    by_step = change(exact, evidence=())
    assert weakest_link(by_step, []) == "step 1: Price's theorem"
    bare = change(undecided, evidence=(), steps=())
    assert weakest_link(bare, [change(exact, verdict=Verdict.UNDECIDED)]) == "the claim erf_dual that it uses"
    assert weakest_link(bare, [exact]) == "nothing was checked"
