"""The bound on what rounding did: above every error that exact arithmetic finds, refused where it is smaller."""

from dataclasses import replace

import numpy as np
import pytest

from numerics import error_bound
from numerics.entry_error import entry_error
from numerics.error_bound import Columns, Matrix, Rows, Solved, from_factor, from_residual
from numerics.leave_one_out import leave_one_out
from numerics.stacked import leave_one_out_stacked
from tests.campaigns.fifty_digits import NAMES, Exact
from tests.campaigns.instances import FAMILIES, instance
from tests.campaigns.stress import WRONG_BOUNDS, compare
from theory.activations import ERF, RELU, STEP
from theory.setting import Kernel, Setting

FEW = range(2 * len(FAMILIES))


def closely(value):
    """Return a comparison that numbers of the size of a rounding do not slip through."""
    return pytest.approx(value, rel=1e-12, abs=0)


def test_no_error_exceeds_its_bound():
    found = compare(FEW)
    assert len(found.compared) > 5 * len(FEW)
    assert [one for one in found.compared if one.violated] == []


@pytest.mark.parametrize("name", WRONG_BOUNDS)
def test_a_bound_that_is_too_small_is_seen(name):
    assert any(one.violated for one in compare(FEW, bound=WRONG_BOUNDS[name]).compared)


def test_the_bound_grows_with_the_error_of_the_entries():
    problem = instance(0, np.random.default_rng(1))
    given = {"queries": problem.queries, "tests": problem.tests, "labels": problem.labels, "parameters": np.inf}
    exact, rough = (leave_one_out(problem.gram, **given, entries=h).errors for h in (0.0, 1e-15))
    assert all(getattr(exact, name) < getattr(rough, name) for name in NAMES)


def test_entries_that_err_as_they_are_said_to_stay_within_the_bound():
    rng = np.random.default_rng(3)
    for number in FEW:
        problem = instance(number, rng)
        if np.linalg.cond(problem.gram) > 1e6:
            continue
        h, size = 1e-9, np.sqrt(problem.gram.diagonal())
        moved = 1 + h * np.triu(rng.uniform(-1, 1, problem.gram.shape))
        gram = problem.gram + (moved - 1 + (moved - 1).T) / 2 * np.outer(size, size)
        given = {"queries": problem.queries, "tests": problem.tests, "labels": problem.labels}
        found = leave_one_out(gram, **given, parameters=np.inf, entries=h)
        errors = Exact(problem.gram, **given).errors(found)
        assert all(errors[name] <= getattr(found.errors, name) for name in NAMES)
        without = leave_one_out(gram, **given, parameters=np.inf).errors
        assert errors["alignments"] > without.alignments  # else the part of the entries would not be tried


def test_the_scale_of_a_kernel_is_no_matter():
    rows, h = np.random.default_rng(1).standard_normal((12, 30)), 1e-12
    for stacked in (False, True):
        bounds = []
        for scale in (2.0**-200, 1.0, 2.0**200):
            arrays = {n: scale * rows @ rows[: 5 if n == "tests" else 12].T for n in ("gram", "queries", "tests")}
            if stacked:
                arrays = {n: array[None] for n, array in arrays.items()} | {"labels": np.ones((1, 12)), "entries": [h]}
                found = leave_one_out_stacked(**arrays, parameters=np.inf)[0]
            else:
                found = leave_one_out(**arrays, labels=np.ones(12), parameters=np.inf, entries=h)
            bounds.append([getattr(found.errors, name) for name in NAMES])
        assert np.allclose(bounds, bounds[1], rtol=1e-3)


def test_where_nothing_is_known_nothing_is_promised():
    gram = np.diag([1.0, 1.0, 1e-14])
    given = {"queries": np.eye(3), "tests": np.ones((3, 1)), "labels": np.ones(3), "parameters": np.inf}
    for found in (
        leave_one_out(gram, **given, entries=1e-13),
        leave_one_out_stacked(
            gram[None],
            **{n: v[None] if n != "parameters" else v for n, v in given.items()},
            entries=[1e-13],
        )[0],
    ):
        assert not found.errors.known
        assert np.isinf([getattr(found.errors, name) for name in NAMES]).all()


def rows_apart(apart, d=8):
    """Two rows of length `sqrt(d)` whose correlation is `1 - apart`."""
    rows = np.zeros((2, d))
    rows[0, 0], rows[1, 0], rows[1, 1] = 1, 1 - apart, np.sqrt(apart * (2 - apart))
    return rows * np.sqrt(d)


def test_entries_err_most_where_rows_nearly_agree_and_the_kernel_is_steep():
    def error(kernel, activation, apart):
        at = Setting(kernel=kernel, activation=activation, d=8, d_y=3, n=2)
        return entry_error(at, rows_apart(apart), ())

    # kappa of relu is smooth at 1; its tangent kernel has the slope 1 / sqrt(1 - rho)
    assert error(Kernel.RF, RELU, 1e-10) < 3 * error(Kernel.RF, RELU, 0.3)
    assert error(Kernel.NTK, RELU, 1e-10) > 1e4 * error(Kernel.NTK, RELU, 0.3)
    assert error(Kernel.NTK, RELU, 0.0) > 1e-9
    assert error(Kernel.RF, STEP, 1e-10) > 1e4 * error(Kernel.RF, STEP, 0.3)
    assert error(Kernel.NTK, ERF, 1e-10) < 1e-14


def test_opposite_rows_are_near_too():
    at = Setting(kernel=Kernel.NTK, activation=RELU, d=8, d_y=3, n=2)
    rows = rows_apart(1e-10) * np.array([[1], [-1]])
    assert entry_error(at, rows, ()) > 1e-12


def test_a_query_that_is_a_sample_counts():
    at = Setting(kernel=Kernel.NTK, activation=RELU, d=8, d_y=3, n=2)
    rows = rows_apart(0.3)
    assert entry_error(at, rows, (rows[:1].copy(),)) > 1e3 * entry_error(at, rows, ())


def test_sums_in_any_order():
    assert error_bound.gather(10) == closely(10 * 2.0**-53)
    assert error_bound.gather(2**52) == 1  # a half over a half


MATRIX = Matrix(
    trace=5.0, largest_entry=4.0, smallest_eigenvalue=0.25, diagonal=np.array([4.0, 9.0]), lengths=np.array([5.0, 10.0])
)


def test_the_parts_of_the_error_of_a_row_are_those_of_the_book():
    g, u = 4 * 2.0**-53, 2.0**-53  # n + 2 products
    rows = from_factor(MATRIX)
    assert rows.solved == closely(g * 5 * np.array([5, 10]))
    assert rows.mixed == closely(2 * g * np.sqrt(5 * 13) * np.array([2, 3]))
    assert rows.given == closely(g * np.sqrt(13) * np.array([2, 3]))
    assert not rows.column.any()
    rows = from_residual(MATRIX, np.array([u, 3 * u]))
    assert rows.solved == closely(u * np.array([1, 3]) + 2 * u * 5 * np.array([5, 10]) + u)
    assert not np.any([rows.mixed, rows.given, rows.column])


def test_a_row_errs_by_all_its_parts_against_the_longest_columns():
    rows = Rows(solved=np.array([2.0]), mixed=np.array([3.0]), given=np.array([5.0]), column=np.array([7.0]))
    columns = Columns(given=np.array([4.0, 1.0]), solved=np.array([1.0, 9.0]))
    assert rows.against(columns) == [2 * 9 + 3 * 6 + 5 * 4 + 7]


@pytest.mark.parametrize(
    ("solved", "mixed", "given", "safe"),
    [(0.0, 0.0, 0.0, 1), (1.25, 0, 0, 4), (0, 1.25, 0, 4), (0, 0, 2.5, 4), (2.5, 0, 0, np.inf)],
)
def test_lengths_known_to_a_share_cost_a_factor(solved, mixed, given, safe):
    parts = {"solved": solved / 2, "mixed": mixed, "given": given}  # over l = 1/4, sqrt(l) = 1/2 and |x| = 5
    rows = Rows(**{name: np.array([part, 0.0]) for name, part in parts.items()}, column=np.zeros(2))
    assert error_bound._safety(rows, MATRIX) == pytest.approx(safe)
    lost = replace(MATRIX, smallest_eigenvalue=error_bound.gather(2) * 5)
    assert error_bound._safety(rows, lost) == np.inf


@pytest.mark.parametrize("stacked", [False, True])
def test_without_tests_nothing_about_them_can_err(stacked):
    given = {"gram": 4 * np.eye(3) - 1, "queries": np.eye(3), "tests": np.ones((3, 0)), "labels": np.ones(3)}
    if stacked:
        (found,) = leave_one_out_stacked(**{n: array[None] for n, array in given.items()}, parameters=np.inf)
    else:
        found = leave_one_out(**given, parameters=np.inf)
    assert found.errors.known
    assert (found.errors.on_tests, found.errors.tests_without) == (0, 0)


def test_the_bound_on_one_sample_is_the_sum_of_its_parts_by_hand():
    h, b, u, residual = 1e-6, 1e-7, 2.0**-53, 1e-5
    matrix = Matrix(
        trace=4.0, largest_entry=4.0, smallest_eigenvalue=4.0, diagonal=np.array([0.25]), lengths=np.array([0.25])
    )
    rows = Rows(solved=np.zeros(1), mixed=np.array([b]), given=np.zeros(1), column=np.zeros(1))
    solved = Solved(
        queries=Columns(given=np.array([3.0]), solved=np.array([0.75])),
        tests=Columns(given=np.array([2.0]), solved=np.array([0.5])),
        at_tests=0.5, coefficients=np.array([2.0]), stabilities=np.array([-8.0]), residual=residual, scale=8.0,
    )  # fmt: skip
    found = error_bound.bound(rows, matrix, solved, entries=h)
    one, two = u / (1 - u), 2 * u / (1 - 2 * u)
    least, c = 4 - 4 * one, one / 4
    safe = 1 / (1 - 4 * (h / least + b / least**0.5 + c)) ** 2
    left = residual + two * (4 * 2 + 8) + h * 4 * 2
    diagonal = safe * (h / 4 + b / 2 + c)
    stability = (safe * left / 4 + 8 * diagonal) / (0.25 - diagonal) + 32 * u
    at_test = safe * (h * 0.5 + b + c * 2 + h)
    on_tests = safe * (0.5 * left + (one * 2 + 4 * h) * 2)
    without = 0.5 * stability + (8 + stability) * at_test + 16 * u
    assert found.alignments == closely(safe * (h * 0.75 + b * 1.5 + c * 3 + h))
    assert found.stabilities == closely(stability)
    assert found.on_queries == closely(safe * (0.75 * left + (one * 3 + 4 * h) * 2))
    assert found.on_tests == closely(on_tests)
    assert found.tests_without == closely(without * (1 + 4 * u) + on_tests + 16 * u)
