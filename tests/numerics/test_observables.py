import numpy as np
import pytest

from numerics.observables import OBSERVABLES
from numerics.trials import run_trial
from theory.activations import PHI2
from theory.setting import Kernel, Query, Setting


def _values(setting, name, trials):
    return np.array([OBSERVABLES[name].function(run_trial(setting, seed=8, trial=t)) for t in range(trials)])


def test_a_trial_is_reproduced_by_its_address(small):
    one, two, other = (run_trial(small(), seed=1, trial=t) for t in (0, 0, 1))
    assert np.array_equal(one.alignments, two.alignments)
    assert not np.array_equal(one.alignments, other.alignments)


def test_activations_and_queries_are_compared_on_the_same_data(small):
    one, two, three = (run_trial(s, seed=1, trial=0) for s in (small(), small(activation=PHI2), small(width=61)))
    assert np.array_equal(one.test_labels, two.test_labels)
    assert not np.array_equal(one.test_labels, three.test_labels)
    assert np.array_equal(one.stabilities, run_trial(small(query=Query.ZERO), seed=1, trial=0).stabilities)


def test_every_observable_is_a_number(small):
    trial = run_trial(small(), seed=1, trial=0)
    assert all(np.isfinite(each.function(trial)) for each in OBSERVABLES.values() if each.of is Setting)
    assert all(name == observable.name for name, observable in OBSERVABLES.items())


@pytest.mark.parametrize("kernel", [Kernel.RF, Kernel.NTK])
def test_the_lemma_holds_and_its_printed_form_does_not(small, kernel):
    trial = run_trial(small(kernel=kernel), seed=1, trial=0)
    assert OBSERVABLES["lemma error"].function(trial) < 1e-9
    assert OBSERVABLES["lemma error as printed"].function(trial) > 0.1


def test_equation_six(small):
    setting = small(width=None, d=30, d_y=12, n=40)
    surplus = _values(setting, "stability surplus", 200)
    error = 4 * surplus.std(ddof=1) / np.sqrt(200)
    assert abs(surplus.mean()) < error
    # A tenth of the test error more would be seen.
    assert error < 0.1 * _values(setting, "test error", 10).mean()


def test_one_sample_has_no_covariance(small):
    trial = run_trial(small(n=1), seed=1, trial=0)
    assert np.isnan(OBSERVABLES["memorisation slack"].function(trial))
    assert np.isfinite(OBSERVABLES["alignment"].function(trial))


def test_memorisation_stays_below_the_bound_and_not_below_its_twin(small):
    setting = small(width=None, d=30, d_y=24, n=60)
    bound, twin = (_values(setting, name, 40) for name in ("memorisation slack", "memorisation slack squared gamma"))
    assert bound.mean() < 2 * bound.std(ddof=1) / np.sqrt(40)
    assert twin.mean() > bound.mean() + 0.05
