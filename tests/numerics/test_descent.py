from itertools import islice, pairwise

import numpy as np
import pytest

from numerics import descent, refit
from numerics.observables import OBSERVABLES
from numerics.trials import run_trial
from theory.setting import Kernel


@pytest.fixture
def problem():
    """Features with eigenvalues 1, 3 and 4 of the kernel, and an error that has a share in each of their directions."""
    rng = np.random.default_rng(11)
    left, right = (np.linalg.qr(rng.normal(size=(size, 3)))[0] for size in (3, 9))
    phi = left @ np.diag(np.sqrt([1.0, 3.0, 4.0])) @ right.T
    start = rng.normal(size=9)
    return phi, phi @ start + left @ np.array([0.5, 1.0, -1.0]), start


def path(problem, step, steps):
    return list(islice(descent.descend(*problem, step=step), steps + 1))


def test_a_step_goes_down_the_gradient_of_half_the_square_loss(problem):
    phi, labels, start = problem
    first, second = path(problem, 0.1, 1)
    bumps = 1e-6 * np.eye(9)
    loss = [0.5 * np.sum((phi @ (start + bump) - labels) ** 2) for bump in (*bumps, *-bumps)]
    gradient = (np.array(loss[:9]) - np.array(loss[9:])) / 2e-6
    assert np.array_equal(first, start)
    assert np.allclose(second, start - 0.1 * gradient, rtol=0, atol=1e-9)


def test_it_ends_at_the_interpolator_nearest_to_the_start_and_at_no_other(problem):
    phi, labels, start = problem
    end = path(problem, 0.25, 200)[-1]
    assert np.allclose(end, refit.minimum_norm_fit(phi, labels, start), atol=1e-12)
    assert np.allclose(phi @ end, labels, atol=1e-12)
    assert np.linalg.norm(end - np.linalg.pinv(phi) @ labels) > 0.1


def test_the_rate_is_that_of_the_smallest_eigenvalue(problem):
    fitted = refit.minimum_norm_fit(*problem)
    distances = [np.linalg.norm(theta - fitted) for theta in path(problem, 0.25, 60)]
    ratios = [after / before for before, after in pairwise(distances)]
    assert ratios[0] < 0.7
    assert ratios[-1] == pytest.approx(1 - 0.25 * 1, abs=1e-8)


def test_the_closed_form_is_followed_from_the_start_only(problem):
    phi, labels, _ = problem
    assert descent.closed_form_error(*problem) < 1e-13
    assert descent.closed_form_error(*problem, from_start=False) > 0.1
    assert descent.closed_form_error(phi, labels, np.zeros(9), from_start=False) < 1e-13  # there the two are one


@pytest.mark.parametrize(("wrong", "error"), [(98 / 97, 1 / 97), (1.1, 0.1), (4.0, 3.0)])
def test_the_bounds_of_the_ratio_refuse_another_rate(problem, wrong, error):
    # The ratio reaches 1 - eta, so r = 1 - wrong eta lies eta (wrong - 1) below it: `error`, in units of eta.
    assert descent.rate_error(*problem) < 1e-8
    found = descent.rate_error(*problem, slowest=lambda _: wrong)
    assert found == pytest.approx(error, abs=1e-3)


def test_a_rate_that_is_far_too_slow_is_refused(problem):
    assert descent.rate_error(*problem, slowest=lambda _: 0.5) > 0.1


def test_it_arrives_below_twice_the_inverse_of_the_largest_eigenvalue_and_not_beyond(problem):
    assert descent.distance_left(*problem, factor=1.9) <= descent.CLOSE * (1 + 1e-6)
    assert descent.distance_left(*problem, factor=2.1) > 1
    assert descent.distance_left(*problem, factor=0.1) > descent.CLOSE  # shorter steps have not yet arrived


def test_a_kernel_that_would_take_too_long_is_refused():
    phi = np.diag([1.0, 1e-3])
    with pytest.raises(ValueError, match=r"needs 1\.38e\+07 steps at the condition 1e\+06.*at most 20000"):
        descent.closed_form_error(phi, np.ones(2), np.zeros(2))


@pytest.mark.parametrize("kernel", [Kernel.RF, Kernel.NTK])
def test_a_trial_is_descended_on_its_own_features_and_labels(small, kernel):
    trial = run_trial(small(kernel=kernel, d=30, d_y=12, width=120), seed=3, trial=0)
    found = {name: OBSERVABLES[name].function(trial) for name in descent.MEASURES}
    assert found["descent error"] < 1e-12
    assert found["descent rate error"] < 1e-6
    assert found["descent distance"] <= descent.CLOSE + 1e-10
    assert found["descent error without the start"] > 0.1
    assert found["descent rate error of the largest eigenvalue"] > 1
    assert found["descent rate error of the mean kernel"] > 0.1
    assert found["descent distance beyond the step"] > 1
