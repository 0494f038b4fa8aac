"""Predictions beside samples: the scores of fabricated measurements, and how many trials a pilot asks for."""

import math
from dataclasses import fields

import pytest

from numerics import comparison
from numerics.comparison import PILOT, PILOT_SEED, Comparison, compare, summarise
from numerics.measurement import Measurement, measure
from numerics.prediction import predict
from theory.activations import RELU
from theory.setting import Kernel, Query, Setting


def at(**changes):
    return Setting(**{"kernel": Kernel.RF, "activation": RELU, "d": 30, "d_y": 12, "n": 40} | changes)


def fabricated(**values):
    numbers = {field.name: 0 for field in fields(Measurement)} | {"trials": 100, "seed": 1}
    return Measurement(**numbers | values)


def row(setting, off, *, error=0.01):
    predicted = predict(setting)
    measured = fabricated(
        gamma=predicted.gamma + off,
        gamma_se=error,
        sd=1.5 * (predicted.sd or 1),
        sd_se=0.1 * (predicted.sd or 1),
        test_accuracy=predicted.test_accuracy + 0.25,
        spurious_accuracy=0.5,
    )
    return Comparison(predicted=predicted, measured=measured)


def test_the_scores_of_a_fabricated_measurement():
    found = row(at(), -0.03)
    assert found.z == pytest.approx(-3)
    assert found.spread_ratio == pytest.approx(1.5)
    assert found.spread_error == pytest.approx(0.1)
    assert found.test_accuracy_off == pytest.approx(0.25)
    assert found.spurious_accuracy_off == pytest.approx(0.5 - predict(at()).spurious_accuracy)
    assert found.setting == at()


def test_where_no_spurious_accuracy_is_predicted_none_is_off():
    assert math.isnan(row(at(query=Query.ZERO), 0).spurious_accuracy_off)


def test_a_p_value_is_that_of_students_t():
    """Of 100 trials: 0.0034 beyond three standard errors, from a table; a Gaussian's would be .0027."""
    assert row(at(), -0.03).p == pytest.approx(0.0034, abs=5e-5)
    assert row(at(), 0).p == 1


def test_the_data_reject_a_rival_and_not_the_law():
    rows = [row(at(n=n), off, error=0.001) for n, off in ((20, 0.001), (40, -0.002))]
    found = summarise(rows)
    assert found.p == pytest.approx(2 * min(one.p for one in rows))  # Bonferroni
    assert not found.rejected
    turned = found.rivals["1 - alpha in place of alpha"]
    assert (turned.settings, turned.rejected) == (2, 2)
    assert turned.p < 1e-20
    assert summarise([row(at(), 0.01, error=0.001)]).rejected
    assert row(at(query=Query.ZERO), 0).rivals == {}


def test_a_summary_counts_what_lies_within_four_standard_errors():
    rows = [row(at(n=n), off, error=0.01 * n / 10) for n, off in ((10, 0.03), (20, -0.06), (30, 0.03), (40, 0.2))]
    found = summarise(rows)
    assert (found.settings, found.within_four) == (4, 0.75)
    assert found.rms_z == pytest.approx(((9 + 9 + 1 + 25) / 4) ** 0.5)
    assert found.largest_error == pytest.approx(0.04)


@pytest.fixture
def pilots(monkeypatch):
    """Replace sampling by measurements of standard error `.08 / sqrt(trials)`, and keep what was asked for."""
    asked = []

    def measured(setting, *, trials, seed):
        asked.append((setting.n, trials, seed))
        return fabricated(gamma=predict(setting).gamma, gamma_se=0.08 / trials**0.5, trials=trials, seed=seed)

    monkeypatch.setattr(comparison, "measure", measured)
    return asked


def test_trials_follow_the_pilot(pilots):
    """`(1.1 x .08 / error)^2` trials: 77.44 for .01; no more than `most`, no fewer than the pilot."""
    seen = []
    found = compare([at(), at(n=50)], error=0.01, most=200, seed=3, progress=lambda *step: seen.append(step))
    apart = 3 + PILOT_SEED  # what decided how many are drawn is not counted among them
    assert pilots == [(40, PILOT, apart), (40, 78, 3), (50, PILOT, apart), (50, 78, 3)]
    assert all(0.8 * 0.01 < one.measured.gamma_se < 0.01 for one in found)
    assert seen == [(1, 2), (2, 2)]


@pytest.mark.parametrize(("error", "most", "trials"), [(0.01, 20, 20), (0.05, 200, PILOT), (0.01, 2, PILOT)])
def test_trials_stay_within_their_limits(pilots, error, most, trials):
    (found,) = compare([at()], error=error, most=most, seed=3)
    assert found.measured.trials == trials
    assert len(pilots) == 2


def test_a_comparison_is_what_was_measured():
    setting = at()
    (found,) = compare([setting], error=0.004, most=60, seed=3)
    assert PILOT < found.measured.trials <= 60
    assert found.measured == measure(setting, trials=found.measured.trials, seed=3)
    assert found.predicted == predict(setting)
    assert abs(found.z) < 4


def test_what_cannot_be_sampled_is_told_and_left_out_or_raised(pilots, monkeypatch):
    sampled = comparison.measure

    def singular(setting, **options):
        if setting.n == 50:
            raise ValueError("the kernel is singular")
        return sampled(setting, **options)

    monkeypatch.setattr(comparison, "measure", singular)
    told = []
    rows = compare([at(n=50), at()], error=0.01, most=20, seed=3, refused=lambda *what: told.append(what))
    assert [row.setting for row in rows] == [at()]
    assert told == [(at(n=50), "the kernel is singular")]
    with pytest.raises(ValueError, match="singular"):
        compare([at(n=50), at()], error=0.01, most=20, seed=3)
    assert pilots


def test_trials_that_do_not_vary_are_held_to_rounding():
    """At N = 1 the query x = 0 has one alignment, and no standard error to divide by."""
    assert row(at(), 0, error=0).z == 0
    assert row(at(), 0, error=0).p == 1
    assert abs(row(at(), 1e-12, error=0).z) < 1
    assert row(at(), 1e-3, error=0).p < 1e-12


def test_the_spread_of_the_law_is_held_to_what_its_rivals_are():
    found = row(at(), 0)  # sampled at 1.5 of it, with an error of .1
    assert found.spread_p == pytest.approx(found._p_of_spread(found.predicted.sd))
    assert summarise([found, found]).spread_p == pytest.approx(2 * found.spread_p)
    assert found.spread_p < 1e-5
    assert math.isnan(row(at(query=Query.ZERO), 0).spread_p)
    assert math.isnan(summarise([row(at(query=Query.ZERO), 0)]).spread_p)
