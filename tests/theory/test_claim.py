"""A claim that says nothing, or that nothing could refute, cannot be made."""

from dataclasses import replace
from fractions import Fraction

import pytest

from theory.activations import RELU
from theory.claim import Claim, Prediction, Provenance, Source, Test, Twin, no_points, no_steps
from theory.evidence import Curve, Evidence, Picture, Verdict, weakest
from theory.judgement import Judgement, TwinFinding
from theory.setting import Kernel, Setting
from theory.symbols import alpha

SETTING = Setting(kernel=Kernel.RF, activation=RELU, d=10, d_y=5, n=5)
PREDICTION = Prediction(
    about="something",
    observable="alignment",
    test=Test.EQUAL,
    settings=(SETTING,),
    value=lambda _: 0.5,
    resolution=0.1,
    trials=4,
)
TWIN = Twin(slip="one more", statement=(alpha, alpha + 2))
CLAIM = Claim(
    title="title",
    reading="reading",
    statement=(alpha, alpha + 1),
    source=Source(key="bombari2024", anchor="Lemma 4.1", provenance=Provenance.PAPER),
    points=lambda: iter([{alpha: Fraction(1, 2)}]),
    twins=(TWIN,),
)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"statement": (alpha + alpha, 2 * alpha)}, "title: both sides are the same expression, so nothing is stated"),
        ({"twins": ()}, "title: a claim needs a wrong twin that its checks can be seen refusing"),
        ({"points": no_points}, "title: neither points nor predictions, so nothing could refute it"),
    ],
)
def test_a_claim_that_cannot_fail_is_refused(changes, line):
    with pytest.raises(ValueError, match=r".") as refusal:
        replace(CLAIM, **changes)
    assert str(refusal.value) == line


def test_a_statement_known_to_be_false_needs_no_twin():
    assert replace(CLAIM, twins=(), expected=Verdict.REFUTED).twins == ()


def test_a_prediction_alone_can_refute():
    assert replace(CLAIM, points=no_points, predictions=(PREDICTION,)).predictions == (PREDICTION,)
    assert list(no_points()) == list(no_steps()) == []


def test_a_twin_that_changes_nothing_is_refused():
    with pytest.raises(ValueError, match="twin 'none' changes nothing"):
        Twin(slip="none")


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"settings": ()}, "something: a prediction needs at least one setting"),
        ({"resolution": 0.0}, "something: the resolution must be positive, not 0"),
        ({"resolution": -1.0}, "something: the resolution must be positive, not -1"),
    ],
    ids=str,
)
def test_a_prediction_that_cannot_be_tested_is_refused(changes, line):
    with pytest.raises(ValueError, match=line):
        replace(PREDICTION, **changes)


def evidence(verdict, points=1):
    return Evidence(about="a check", method="by hand", finding="1 = 1", verdict=verdict, points=points)


@pytest.mark.parametrize("verdict", Verdict, ids=lambda v: v.name)
def test_evidence_without_points_can_only_be_undecided(verdict):
    assert evidence(verdict).verdict is verdict
    if verdict is Verdict.UNDECIDED:
        assert evidence(verdict, points=0).points == 0
    else:
        with pytest.raises(ValueError, match=f"a check that tried no point cannot be {verdict.name}"):
            evidence(verdict, points=0)


def test_what_evidence_does_not_say_is_not_there():
    found = evidence(Verdict.SAMPLED)
    assert (found.details, found.seed, found.picture) == ((), "", None)
    line = Curve(label="c", x=(0.0, 1.0), y=(1.0, 2.0))
    assert (line.error, line.role, line.discrete) == ((), "sampled", False)
    plain = Picture(title="t", x_label="x", y_label="y", curves=(line,))
    assert (plain.log_x, plain.log_y, plain.names) == (False, False, ())


def test_the_weakest_verdict_decides_and_nothing_is_known_of_nothing():
    assert weakest([Verdict.EXACT, Verdict.SAMPLED, Verdict.ENCLOSED]) is Verdict.SAMPLED
    assert weakest([Verdict.EXACT, Verdict.REFUTED, Verdict.UNDECIDED]) is Verdict.REFUTED
    assert weakest([]) is Verdict.UNDECIDED


def test_undecided_does_not_hold():
    assert {v for v in Verdict if not v.holds} == {Verdict.REFUTED, Verdict.UNDECIDED}


@pytest.mark.parametrize(
    ("verdict", "expected", "against", "right"),
    [
        (Verdict.NUMERIC, None, Verdict.REFUTED, True),
        (Verdict.NUMERIC, None, Verdict.UNDECIDED, False),
        (Verdict.NUMERIC, None, Verdict.EXACT, False),
        (Verdict.UNDECIDED, None, Verdict.REFUTED, False),
        (Verdict.REFUTED, None, Verdict.REFUTED, False),
        (Verdict.REFUTED, Verdict.REFUTED, Verdict.REFUTED, True),
        (Verdict.EXACT, Verdict.REFUTED, Verdict.REFUTED, False),
        (Verdict.UNDECIDED, Verdict.REFUTED, Verdict.REFUTED, False),
    ],
)
def test_a_judgement_is_as_expected_only_if_its_twins_were_refused(verdict, expected, against, right):
    judgement = Judgement(
        id="it",
        claim=replace(CLAIM, expected=expected),
        verdict=verdict,
        hypotheses=(),
        steps=(),
        evidence=(evidence(verdict),),
        twins=(TwinFinding(twin=TWIN, evidence=(evidence(against), evidence(Verdict.NUMERIC))),),
    )
    assert judgement.as_expected is right
