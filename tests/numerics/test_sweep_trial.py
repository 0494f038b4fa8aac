"""A task is the trial of the same address, on one thread, and what stops it is an outcome."""

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from numerics import sweep_trial
from numerics.engine import Engine, Precision
from numerics.observables import OBSERVABLES
from numerics.sweep import Cell, cell_of, setting_of
from numerics.sweep_trial import QUANTITIES, Task, run_task, versions
from numerics.trials import run_trial
from theory.activations import GELU
from theory.setting import Kernel, Query, Setting

CELL = Cell("rf", "relu", None, 10, 4, 12, 60, "sphere", "resample")


def task(cell=CELL, *, trial=0, seed=3, place=7):
    return Task(place, trial, cell, seed, versions())


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"width": None, "activation": GELU, "query": Query.ZERO, "data": "gaussian"},
        {"kernel": Kernel.NTK_DEEP, "width": None, "depth": 2},
    ],
)
def test_a_cell_is_its_setting_in_words(small, changes):
    setting = small(**changes)
    assert setting_of(cell_of(setting)) == setting
    assert all(value is None or type(value) in {str, int} for value in cell_of(setting))


def test_a_task_is_the_trial_of_its_address(small):
    ran = run_trial(small(), seed=3, trial=5)
    found = run_task(task(cell_of(small()), trial=5))
    assert (found.place, found.trial, found.error) == (7, 5, None)
    assert tuple(found.numbers) == QUANTITIES
    assert found.numbers["alignment"] == float(np.mean(ran.alignments))
    assert found.numbers["test_accuracy"] == OBSERVABLES["test accuracy"].function(ran)
    assert found.numbers["smallest_eigenvalue"] == ran.smallest_eigenvalue
    assert found.numbers["training_residual"] == ran.training_residual


def test_the_test_points_and_the_precision_reach_the_trial(monkeypatch):
    seen = []

    def run(*_, tests, engine, **how):
        seen.append((tests, engine))
        return run_trial(setting_of(CELL), tests=tests, engine=engine, **how)

    monkeypatch.setattr(sweep_trial, "run_trial", run)
    numbers = [run_task(task()._replace(tests=tests, precision="mixed")).numbers for tests in (40, 41)]
    assert seen == [(40, Engine(precision=Precision.MIXED)), (41, Engine(precision=Precision.MIXED))]
    assert numbers[0]["alignment"] == numbers[1]["alignment"]
    assert numbers[0]["alignment"] == pytest.approx(run_task(task()).numbers["alignment"], abs=1e-5)
    assert numbers[0]["alignment"] != run_task(task()).numbers["alignment"]
    assert numbers[0]["test_accuracy"] == round(40 * numbers[0]["test_accuracy"]) / 40


def test_another_trial_and_another_seed_are_other_numbers():
    numbers = [run_task(at).numbers["alignment"] for at in (task(), task(trial=1), task(seed=4), task())]
    assert len(set(numbers)) == 3
    assert numbers[0] == numbers[3]


def test_every_cheap_observable_is_kept_and_no_costly_one():
    cheap = {name.replace(" ", "_") for name, each in OBSERVABLES.items() if each.of is Setting and not each.on_demand}
    costly = {name.replace(" ", "_") for name, each in OBSERVABLES.items() if each.of is not Setting or each.on_demand}
    assert set(QUANTITIES) - cheap == {"training_residual", "smallest_eigenvalue"}
    assert costly
    assert costly & set(QUANTITIES) == set()


def test_a_kernel_without_an_inverse_is_an_outcome_with_a_reason():
    with pytest.raises(ValueError, match=r".") as refused:
        run_trial(setting_of(CELL._replace(width=5)), seed=3, trial=0)
    found = run_task(task(CELL._replace(width=5)))
    assert (found.numbers, found.error) == (None, " ".join(str(refused.value).split()))


def test_a_full_memory_is_an_outcome_and_a_bug_is_not(monkeypatch):
    def run(raised):
        def fail(*_, **__):
            raise raised

        monkeypatch.setattr(sweep_trial, "run_trial", fail)
        return run_task(task())

    assert run(MemoryError("8 PiB")).error == "not enough memory: 8 PiB"
    assert run(ValueError("two\nlines")).error == "two lines"
    with pytest.raises(TypeError, match="odd"):
        run(TypeError("odd"))


@pytest.mark.parametrize("n", [12, 1200])
def test_every_trial_has_one_thread_whatever_its_size(monkeypatch, n):
    seen = []

    def run(_, **how):
        seen.extend(pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas")
        return run_trial(setting_of(CELL), **how)

    monkeypatch.setattr(sweep_trial, "run_trial", run)
    run_task(task(CELL._replace(n=n)))
    assert set(seen) == {1}


def test_a_worker_of_another_version_is_refused():
    other = tuple((package, "0.0") if package == "numpy" else (package, have) for package, have in versions())
    with pytest.raises(ChildProcessError, match=r"a worker has numpy .*, and numpy 0\.0 is wanted"):
        run_task(task()._replace(versions=other))


def test_a_changed_line_of_code_is_another_version(monkeypatch, tmp_path):
    (tmp_path / "numerics").mkdir()
    changed = tmp_path / "numerics" / "kernels.py"
    monkeypatch.setattr(sweep_trial, "__file__", str(tmp_path / "numerics" / "sweep_trial.py"))
    seen = set()
    for line in ("scale = 1\n", "scale = 2\n", "scale = 1\n"):
        changed.write_text(line)
        seen.add(versions.__wrapped__())
    assert len(seen) == 2
