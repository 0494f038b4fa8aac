"""Means and errors by hand, and the law where it has something to say."""

import math

import pytest

from numerics.ledger import Contents
from numerics.prediction import predict
from numerics.sweep import Cell, Outcome, Sweep, setting_of
from numerics.sweep_summary import SUMMARISED, summarise

CELL = Cell("rf", "relu", None, 40, 16, 30, None, "sphere", "resample")
CELLS = (CELL, CELL._replace(n=60), CELL._replace(data="gaussian"), CELL._replace(query="zero"))


def outcome(place, trial, value):
    return Outcome(place, trial, {name: value + i for i, name in enumerate(SUMMARISED.values())})


@pytest.fixture
def cells():
    outcomes = (*(outcome(0, trial, value) for trial, value in enumerate((1.0, 2.0, 6.0))), outcome(1, 0, 5.0))
    failed = (Outcome(0, 3, None, "singular"), Outcome(2, 0, None, "singular"))
    return summarise(Contents(sweep=Sweep(cells=CELLS, trials=4, seed=0), origin={}, outcomes=(*outcomes, *failed)))


def test_the_mean_and_its_error_are_over_the_trials_that_did_not_fail(cells):
    # deviations from 3 are -2, -1, 3: variance 14 / 2, over three trials
    assert cells[0].means["gamma"] == pytest.approx((3.0, math.sqrt(7 / 3)))
    assert cells[0].means["test_accuracy"] == pytest.approx((4.0, math.sqrt(7 / 3)))
    assert [(cell.done, cell.failed, cell.wanted) for cell in cells] == [(4, 1, 4), (1, 0, 4), (1, 1, 4), (0, 0, 4)]


def test_one_trial_has_no_error_and_none_has_no_mean(cells):
    mean, error = cells[1].means["gamma"]
    assert mean == 5.0
    assert math.isnan(error)
    assert all(math.isnan(value) for at in (2, 3) for pair in cells[at].means.values() for value in pair)


def test_the_law_stands_beside_the_cell_that_it_is_of(cells):
    for place in (0, 1):
        law = predict(setting_of(CELLS[place])).to_dict()
        # asked for together or alone, the law is the same to the tolerance of its balance
        assert [cells[place].law(key) for key in SUMMARISED] == pytest.approx(
            [law[key] for key in SUMMARISED], rel=1e-9
        )
    assert cells[0].law("gamma") != cells[1].law("gamma")


def test_of_a_query_without_a_law_for_its_accuracy_the_mean_is_told(cells):
    assert cells[3].law("gamma") == pytest.approx(predict(setting_of(CELLS[3])).gamma, rel=1e-9)
    assert cells[3].law("gamma") != pytest.approx(cells[0].law("gamma"), rel=1e-3)
    assert cells[3].law("spurious_accuracy") is None


def test_off_the_spheres_the_law_says_nothing(cells):
    assert cells[2].predicted is None
    assert cells[2].law("gamma") is None
