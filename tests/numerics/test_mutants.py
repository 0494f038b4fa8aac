"""Mutants of predictions are refuted on the trials of the claim; too coarse a resolution is found out."""

from dataclasses import replace
from fractions import Fraction

import pytest

from numerics.experiment import Effort
from numerics.mutants import mutants, sampled_mutants
from theory.activations import RELU, TANGENT_PHI2
from theory.claim import Claim, Prediction, Provenance, Source, Test, Twin
from theory.hypotheses import INTERPOLATION, MORE_SAMPLES, SAMPLES_BELOW_SQUARE, SAMPLES_BEYOND_DIMENSION
from theory.mutants import Outcome
from theory.predicted import gamma
from theory.setting import Kernel, Query, Setting
from theory.statements import F_RF, GAMMA_RF

SETTING = Setting(kernel=Kernel.RF, activation=RELU, d=20, d_y=5, n=60)
PREDICTION = Prediction(
    about="the mean alignment",
    observable="alignment",
    test=Test.EQUAL,
    settings=(SETTING,),
    value=gamma,
    resolution=0.02,
    trials=60,
)


def claim(prediction, *hypotheses):
    return Claim(
        title="the law at one setting",
        reading="",
        statement=(F_RF, GAMMA_RF),
        source=Source(key="bombari2024", anchor="none", provenance=Provenance.DERIVED),
        hypotheses=hypotheses,
        predictions=(prediction,),
        twins=(Twin(slip="half", predictions=(replace(prediction, value=lambda _: 0.5),)),),
    )


def outcomes(prediction, *hypotheses):
    found = sampled_mutants("c", claim(prediction, *hypotheses), seed=0, effort=Effort.NORMAL)
    return {mutant.mutant.removeprefix("prediction 1: "): mutant for mutant in found}


def test_what_is_said_of_other_settings_is_refuted():
    found = outcomes(PREDICTION)
    assert list(found) == [
        "alpha and 1 - alpha swapped",
        "N and d swapped",
        "the other kernel",
        "phi' in place of phi",
        "no core feature in place of a resampled one",
        "raised by 0.04",
        "lowered by 0.04",
    ]
    assert {m.outcome for m in found.values()} == {Outcome.KILLED}
    assert "against = " in found["N and d swapped"].reason


def test_too_few_trials_let_a_mutant_survive():
    assert outcomes(replace(PREDICTION, trials=2))["raised by 0.04"].outcome is Outcome.SURVIVED


def test_a_swap_that_changes_nothing_is_no_mutant():
    even = outcomes(replace(PREDICTION, settings=(replace(SETTING, d_y=10),)))
    assert "alpha and 1 - alpha swapped" not in even


@pytest.mark.parametrize(
    ("test", "shift", "outcome"), [(Test.AT_LEAST, -0.1, Outcome.KILLED), (Test.AT_MOST, 0.1, Outcome.KILLED)]
)
def test_an_inequality_is_turned_round(test, shift, outcome):
    found = outcomes(replace(PREDICTION, test=test, value=lambda s: gamma(s) + shift))
    assert found["turned round"].outcome is outcome


def test_too_few_parameters_are_refused():
    few = replace(PREDICTION, settings=(replace(SETTING, width=200),))
    found = outcomes(few, INTERPOLATION)["without K is invertible, so that the model interpolates"]
    assert found.outcome is Outcome.KILLED
    assert found.reason.startswith("refused: ")


def test_a_refusal_of_settings_that_could_be_measured_refutes_nothing(monkeypatch):
    def broken(*_, **__):
        raise ValueError("there is no such data")

    monkeypatch.setattr("numerics.mutants.examine", broken)
    assert {mutant.outcome for mutant in outcomes(PREDICTION).values()} == {Outcome.SURVIVED}


def test_settings_that_violate_are_made_where_that_matters():
    limit = replace(PREDICTION, test=Test.LIMIT, settings=(SETTING, replace(SETTING, d=40, d_y=10, n=120)))
    changed = MORE_SAMPLES.violated_by(limit)
    assert [(s.d, s.d_y, s.n) for s in changed.settings] == [(50, 12, 25), (100, 25, 50), (200, 50, 100)]
    assert SAMPLES_BEYOND_DIMENSION.violated_by(PREDICTION) is None  # no limit is taken
    assert INTERPOLATION.violated_by(PREDICTION) is None  # there is no width to narrow
    # of relu's kernel, degrees above two are left at N = d^2; of one of degree two there are none
    assert [s.n for s in SAMPLES_BELOW_SQUARE.violated_by(limit).settings] == [100, 196, 400]
    short = replace(
        limit, settings=tuple(replace(s, kernel=Kernel.NTK, activation=TANGENT_PHI2) for s in limit.settings)
    )
    assert SAMPLES_BELOW_SQUARE.violated_by(short) is None
    assert changed.settings[0].alpha == Fraction(12, 50)


def test_the_identity_is_held_against_the_wrong_projector():
    (found,) = (
        m
        for m in mutants(["lemma-4.1"], seed=0, effort=Effort.QUICK)
        if "prediction" in m.mutant and "span" in m.mutant
    )
    assert found.outcome is Outcome.KILLED
    assert "not below 1e-10" in found.reason


def test_the_query_is_confused_both_ways():
    zero = replace(PREDICTION, settings=(replace(SETTING, query=Query.ZERO),), value=lambda s: gamma(s) + 1)
    assert "a resampled query in place of none" in outcomes(zero)
