"""Many small problems at once, against each by itself."""

import re

import numpy as np
import pytest

from numerics.leave_one_out import leave_one_out
from numerics.libraries import library
from numerics.stacked import leave_one_out_stacked

FIELDS = ("alignments", "stabilities", "on_queries", "on_tests", "tests_without")


@pytest.fixture
def problems():
    """Six problems of twenty samples and seven tests."""
    rng = np.random.default_rng(0)
    factor = rng.normal(size=(6, 20, 40))
    return {
        "gram": factor @ np.matrix_transpose(factor) / 20,
        "queries": rng.normal(size=(6, 20, 20)),
        "tests": rng.normal(size=(6, 20, 7)),
        "labels": np.sign(rng.normal(size=(6, 20))),
    }


@pytest.mark.parametrize("name", ["numpy", "torch", "jax"])
def test_a_stack_is_its_problems(problems, name):
    pytest.importorskip(name, reason=f"{name} is an extra, and not installed")
    found = leave_one_out_stacked(**problems, parameters=np.inf, library=library(name))
    assert len(found) == 6
    for place, one in enumerate(found):
        alone = leave_one_out(**{key: array[place] for key, array in problems.items()}, parameters=np.inf)
        for field in FIELDS:
            assert np.allclose(getattr(one, field), getattr(alone, field), rtol=1e-9, atol=1e-11), field
        assert np.isclose(one.sensitivity, alone.sensitivity, rtol=1e-10)
        assert np.isclose(one.spectrum.condition, alone.spectrum.condition, rtol=1e-10)
        assert one.training_residual < 1e-12


def test_a_trial_has_the_digits_that_it_has_by_itself(problems):
    together = leave_one_out_stacked(**problems, parameters=np.inf)
    for place in range(6):
        (alone,) = leave_one_out_stacked(
            **{key: array[place : place + 1] for key, array in problems.items()}, parameters=np.inf
        )
        assert all(np.array_equal(getattr(alone, field), getattr(together[place], field)) for field in FIELDS)


def test_problems_are_not_mixed_up(problems):
    swapped = {**problems, "labels": problems["labels"][::-1]}
    right, wrong = (leave_one_out_stacked(**p, parameters=np.inf)[0].stabilities for p in (problems, swapped))
    assert not np.allclose(right, wrong)


def test_the_singular_one_is_named(problems):
    problems["gram"][4, 3] = problems["gram"][4, 2]
    problems["gram"][4, :, 3] = problems["gram"][4, :, 2]
    with pytest.raises(ValueError, match=r"the kernel of trial 4 of 6 is singular; its smallest eigenvalue is"):
        leave_one_out_stacked(**problems, parameters=np.inf)


@pytest.mark.parametrize("trials", [1, 2, 3])
def test_an_eigenvalue_at_the_limit_is_none(trials):
    """Powers of two, so that nothing is rounded; one alone has no place."""
    least = 8 * np.finfo(float).eps * 4
    gram = np.stack([np.diag([least * (1 + 1e-15)] + [4.0] * 7)] * trials)
    given = {name: np.ones((trials, 8, 8)) for name in ("queries", "tests")} | {"labels": np.ones((trials, 8))}
    found = leave_one_out_stacked(gram, **given, parameters=np.inf)
    assert [one.spectrum.largest for one in found] == [4] * trials
    gram[-1, 0, 0] = least
    where = f" of trial {trials - 1} of {trials}" if trials > 1 else ""
    with pytest.raises(ValueError, match=f"^the kernel{where} is singular; its smallest eigenvalue is {least:.2e}"):
        leave_one_out_stacked(gram, **given, parameters=np.inf)


@pytest.mark.parametrize("name", ["gram", "queries", "tests", "labels"])
def test_nan_is_refused(problems, name):
    problems[name][1] = np.nan
    with pytest.raises(ValueError, match="NaN"):
        leave_one_out_stacked(**problems, parameters=np.inf)


def test_too_few_parameters_are_refused_with_the_first_kernel(problems):
    problems["gram"][0] = 7 * np.eye(20)
    with pytest.raises(ValueError, match=r"N = 20 samples need more than 20 parameters, .* eigenvalue is 7\.00e\+00,"):
        leave_one_out_stacked(**problems, parameters=20)


def test_a_residual_is_relative_to_the_labels_of_its_trial(problems):
    scaled = {**problems, "labels": problems["labels"] * 2.0 ** np.arange(-30, 30, 10)[:, None]}
    both = [leave_one_out_stacked(**p, parameters=np.inf) for p in (problems, scaled)]
    assert [one.training_residual for one in both[0]] == [one.training_residual for one in both[1]]


@pytest.mark.parametrize("count", [1, 3])
def test_a_kernel_is_singular_where_rounding_could_have_made_it_so(problems, count):
    few = {name: array[:count].copy() for name, array in problems.items()}
    least = 20 * np.finfo(float).eps * 5
    few["gram"][-1] = np.diag([1.01 * least] + [5.0] * 19)
    assert np.isclose(leave_one_out_stacked(**few, parameters=np.inf)[-1].spectrum.condition, 5 / (1.01 * least))
    few["gram"][-1] = np.diag([0.99 * least] + [5.0] * 19)
    where = " of trial 2 of 3" if count == 3 else ""
    with pytest.raises(
        ValueError, match=rf"^the kernel{where} is singular; its smallest eigenvalue is {0.99 * least:.2e}"
    ):
        leave_one_out_stacked(**few, parameters=np.inf)


@pytest.mark.parametrize("size", [1e-121, 1e121])
def test_one_kernel_near_the_ends_of_the_doubles_is_seen_among_others(problems, size):
    problems["gram"][3] = size * np.eye(20)
    with pytest.raises(ValueError, match=rf"the largest entry of the kernel is {re.escape(f'{size:.1e}')}, outside"):
        leave_one_out_stacked(**problems, parameters=np.inf)


def test_each_trial_is_judged_by_the_error_of_its_own_entries(problems):
    errors = [0.0, 1e-15, 1e-14, 1e-13, 1e-12, 1e-11]
    together = leave_one_out_stacked(**problems, parameters=np.inf, entries=errors)
    for place, one in enumerate(together):
        few = {key: array[place : place + 1] for key, array in problems.items()}
        (alone,) = leave_one_out_stacked(**few, parameters=np.inf, entries=errors[place : place + 1])
        (exact,) = leave_one_out_stacked(**few, parameters=np.inf)
        assert one.errors == alone.errors
        assert (one.errors == exact.errors) is (place == 0)
