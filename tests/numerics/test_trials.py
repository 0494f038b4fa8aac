"""Trials whole: together and alone, in both precisions, on every backend."""

from dataclasses import replace

import numpy as np
import pytest

from numerics import precision, trials
from numerics.engine import Engine, Precision
from numerics.trials import run_trial, run_trials
from theory.activations import ERF, PHI2, RELU
from theory.setting import Kernel, Query

DOUBLE, MIXED = Engine(), Engine(precision=Precision.MIXED)
VECTORS = ("labels", "alignments", "stabilities", "on_queries", "on_tests", "test_labels")
NUMBERS = ("test_error_without", "training_residual", "smallest_eigenvalue", "condition")


def _same(first, second):
    vectors = all(np.array_equal(getattr(first, name), getattr(second, name)) for name in VECTORS)
    return vectors and all(getattr(first, name) == getattr(second, name) for name in NUMBERS)


@pytest.mark.parametrize("changes", [{}, {"width": None}, {"kernel": Kernel.NTK}, {"data": "gaussian", "width": None}])
def test_a_trial_has_the_same_digits_alone_and_among_others(small, changes):
    setting = small(**changes)
    together = run_trials(setting, seed=3, trials=range(4))
    assert all(_same(one, run_trial(setting, seed=3, trial=place)) for place, one in enumerate(together))
    assert not _same(together[0], together[1])


def test_small_groups_are_the_same_trials(small, monkeypatch):
    whole = run_trials(small(), seed=0, trials=range(5))
    monkeypatch.setattr(trials, "IN_CACHE", 1)
    apart = run_trials(small(), seed=0, trials=range(5))
    assert all(_same(one, other) for one, other in zip(whole, apart, strict=True))


def test_one_large_trial_is_a_stack_of_one(small, monkeypatch):
    setting = small(n=60, width=300)
    stacked = run_trial(setting, seed=0, trial=1)
    monkeypatch.setattr(trials, "STACKED", 10)
    alone = run_trial(setting, seed=0, trial=1)
    for name in VECTORS:
        assert np.allclose(getattr(stacked, name), getattr(alone, name), rtol=1e-9, atol=1e-10), name


@pytest.mark.parametrize("kernel", [Kernel.RF, Kernel.NTK])
@pytest.mark.parametrize("activation", [RELU, PHI2, ERF], ids=lambda a: a.name)
@pytest.mark.parametrize("query", Query)
def test_the_error_of_single_precision_is_estimated_from_above(small, kernel, activation, query):
    setting = small(kernel=kernel, activation=activation, query=query, d=60, d_y=24, n=50, width=3000)
    exact, mixed = (run_trial(setting, seed=1, trial=0, engine=engine) for engine in (DOUBLE, MIXED))
    seen = np.abs(exact.alignments - mixed.alignments).max()
    assert mixed.precision is Precision.MIXED
    # Of the largest of fifty errors, by five standard deviations: above what is seen, and not a thousand times.
    assert 0 < seen < mixed.precision_error < 1000 * seen
    assert exact.precision_error == 0


def test_where_single_precision_is_not_good_enough_double_is_used(small, monkeypatch):
    monkeypatch.setattr(precision, "TOLERANCE", 1e-12)
    monkeypatch.setattr(trials, "TOLERANCE", 1e-12)
    found = run_trial(small(), seed=1, trial=0, engine=MIXED)
    assert found.precision is Precision.DOUBLE
    assert found.precision_error > 1e-12
    assert _same(found, run_trial(small(), seed=1, trial=0, engine=DOUBLE))


def test_a_kernel_next_to_singular_falls_back(small):
    # As many parameters as samples but one: the smallest eigenvalue is tiny, and single precision worth nothing.
    setting = small(n=40, width=41, d=30, d_y=12)
    assert run_trial(setting, seed=0, trial=0, engine=MIXED).precision is Precision.DOUBLE


@pytest.mark.parametrize("name", ["torch", "jax"])
@pytest.mark.parametrize("changes", [{}, {"kernel": Kernel.NTK}, {"n": 310, "width": 700, "d": 30}])
def test_backends_agree_to_rounding(small, name, changes):
    pytest.importorskip(name, reason=f"{name} is an extra, and not installed")
    setting = small(**changes)
    ours, theirs = (run_trial(setting, seed=2, trial=0, engine=replace(DOUBLE, backend=b)) for b in ("numpy", name))
    for vector in VECTORS:
        assert np.allclose(getattr(ours, vector), getattr(theirs, vector), rtol=1e-8, atol=1e-9 * ours.condition)


def test_queries_on_disk_change_no_digit(small):
    setting = small(n=350, width=900, d=30)
    whole = run_trial(setting, seed=0, trial=0)
    least = sum(trials.plan(setting, engine=DOUBLE, tests=500).memory.values())
    tight = Engine(memory=int(least) - 1)
    assert trials.plan(setting, engine=tight, tests=500).queries_on_disk
    assert _same(whole, run_trial(setting, seed=0, trial=0, engine=tight))


def test_the_place_of_image_files_draws_nothing(small, fabricated, tmp_path):
    found = []
    for place in (tmp_path / "here", tmp_path / "there"):
        place.mkdir()
        for name, content in fabricated.files["mnist"].items():
            (place / name).write_bytes(content)
        setting = small(data=f"mnist:{place}", d=28**2 + 16, d_y=16, n=10, width=None)
        found.append(run_trial(setting, seed=0, trial=0))
    assert _same(*found)


def test_a_neighbour_does_not_decide_the_precision(small, monkeypatch):
    errors = [run_trial(small(), seed=1, trial=trial, engine=MIXED).precision_error for trial in range(4)]
    monkeypatch.setattr(trials, "TOLERANCE", sorted(errors)[1])
    together = run_trials(small(), seed=1, trials=range(4), engine=MIXED)
    assert sorted(trial.precision for trial in together) == [Precision.DOUBLE] * 2 + [Precision.MIXED] * 2
    assert all(_same(one, run_trial(small(), seed=1, trial=i, engine=MIXED)) for i, one in enumerate(together))
