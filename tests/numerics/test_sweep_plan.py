"""The cost of a sweep is that of its trials, one after another, and of images by the test points that they leave."""

from dataclasses import replace

import pytest

from numerics import sweep_plan
from numerics.engine import Engine, Precision
from numerics.plan import plan
from numerics.sweep import Cell, Sweep, setting_of
from numerics.sweep_plan import plan_sweep
from numerics.threads import allowed

CELL = Cell("rf", "relu", None, 100, 40, 60, 5000, "sphere", "resample")
SWEEP = Sweep(cells=(CELL, CELL._replace(kernel="ntk", n=2000, width=None)), trials=3, seed=0, tests=70)
RATES = {Precision.DOUBLE: 1e9, Precision.MIXED: 4e9}


@pytest.fixture(autouse=True)
def threads(monkeypatch):
    """Return how many threads there were whenever the speed was asked for, which is stated here, not measured."""
    seen = []

    def speed(precision):
        seen.append(allowed())
        return RATES[precision]

    monkeypatch.setattr(sweep_plan, "speed", speed)
    return seen


@pytest.mark.parametrize("precision", list(Precision))
def test_the_cost_is_that_of_every_trial(precision, threads):
    found = plan_sweep(replace(SWEEP, precision=precision))
    plans = [plan(setting_of(cell), engine=Engine(precision=precision), tests=70) for cell in SWEEP.cells]
    assert found.operations == {
        "features": 3 * plans[0].operations["features"],
        "products of features": 3 * plans[0].operations["products of features"],
        "inverse and solves": 3 * (plans[0].solving + plans[1].solving),
        "products of the data": 3 * plans[1].operations["products of the data"],
    }
    features = sum(sum(one.operations.values()) for one in plans)
    solving = sum(one.solving for one in plans)
    assert found.minutes == pytest.approx(3 * (features / RATES[precision] + solving / 1e9) / 60)
    assert found.largest == plans[1]
    assert found.refused == ()
    assert set(threads) == {1}  # as trials have


def test_of_images_all_that_are_left_over_are_test_points():
    pytest.importorskip("sklearn", reason="the extra `data` is not installed")
    cell = Cell("rf", "relu", None, 80, 16, 61, 5000, "digits", "zero")
    found = plan_sweep(Sweep(cells=(cell,), trials=1, seed=0, tests=70))
    assert found.largest == plan(setting_of(cell), engine=Engine(), tests=300)  # of 361


def test_a_trial_that_does_not_fit_is_named():
    sweep = replace(SWEEP, cells=(CELL, CELL._replace(n=10**9)))
    (line,) = plan_sweep(sweep).refused
    assert line.startswith(
        "RF relu, sphere, d=100, N=1000000000, alpha=2/5, k=5000, resample: N = 1000000000 needs about"
    )
