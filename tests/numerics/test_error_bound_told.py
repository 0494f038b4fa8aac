"""What the bound on rounding is told of a kernel, its inverse and its columns, against their definitions."""

import numpy as np
import pytest

from numerics.error_bound import NOTHING_KNOWN, from_factor, from_residual
from numerics.leave_one_out import leave_one_out
from numerics.stacked import leave_one_out_stacked
from numerics.symmetric import Factorised

N, TESTS = 9, 4
ENTRIES = (0.0, 1e-9)


@pytest.fixture
def problems():
    """Two problems, in which no two rows or columns have the same length."""
    rng = np.random.default_rng(3)
    factor = rng.normal(size=(2, N, 20)) * np.linspace(1, 3, N)[:, None]
    return {
        "gram": factor @ np.matrix_transpose(factor),
        "queries": rng.normal(size=(2, N, N)) * np.geomspace(1, 50, N),
        "tests": rng.normal(size=(2, N, TESTS)) * np.geomspace(30, 1, TESTS),
        "labels": rng.normal(size=(2, N)) * 7,
    }


def told(problems, monkeypatch, *, stacked):
    """Return, of the second problem, what the bound was given and what was found."""
    given = []

    def spy(rows, matrix, solved, *, entries):
        given.append((rows, matrix, solved, entries))
        return NOTHING_KNOWN

    monkeypatch.setattr(f"numerics.{'stacked' if stacked else 'leave_one_out'}.bound", spy)
    if stacked:
        found = leave_one_out_stacked(**problems, parameters=np.inf, entries=ENTRIES)[1]
    else:
        one = {name: array[1] for name, array in problems.items()}
        found = leave_one_out(**one, parameters=np.inf, entries=ENTRIES[1])
    return given[-1], found


def closely(value):
    return pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize("stacked", [False, True])
def test_the_bound_is_told_what_its_words_say(problems, monkeypatch, stacked):
    (_, matrix, solved, entries), found = told(problems, monkeypatch, stacked=stacked)
    gram, queries, tests, labels = (problems[name][1] for name in ("gram", "queries", "tests", "labels"))
    inverse = np.linalg.inv(gram)
    assert matrix.trace == closely(sum(gram[i, i] for i in range(N)))
    assert matrix.largest_entry == closely(gram.max())
    assert matrix.smallest_eigenvalue == closely(1 / np.linalg.norm(inverse, 2))
    assert matrix.diagonal == closely([inverse[i, i] for i in range(N)])
    assert matrix.lengths == closely([np.linalg.norm(row) for row in inverse])
    assert solved.queries.given == closely([np.linalg.norm(c) for c in queries.T])
    assert solved.queries.solved.max() == closely(max(np.linalg.norm(inverse @ c) for c in queries.T))
    assert solved.tests.given == closely([np.linalg.norm(c) for c in tests.T])
    assert solved.tests.solved == closely([np.linalg.norm(inverse @ c) for c in tests.T])
    assert solved.at_tests == closely(np.abs(inverse @ tests).max())
    assert solved.coefficients == closely(inverse @ labels)
    assert solved.stabilities == closely(inverse @ labels / np.diag(inverse))
    assert solved.scale == closely(np.abs(labels).max())
    assert entries == ENTRIES[1]
    assert found.training_residual == solved.residual / solved.scale
    assert found.sensitivity == closely(matrix.lengths.max())
    assert found.spectrum.largest == closely(np.linalg.norm(gram, 2))
    assert found.tests_without == closely(
        (tests.T @ solved.coefficients)[None, :] - (inverse @ tests) * solved.stabilities[:, None]
    )


@pytest.mark.parametrize("stacked", [False, True])
def test_the_residual_is_that_of_the_worst_label(problems, monkeypatch, stacked):
    """A solution moved by hand misses by what it was moved, and the largest miss is told."""
    moved = np.linalg.inv(problems["gram"][1])[:, 2] * 5 - np.linalg.inv(problems["gram"][1])[:, 6] * 8
    if stacked:
        true = np.linalg.inv
        # an inverse that is wrong in one row and one column, so that its solutions miss
        monkeypatch.setattr("numpy.linalg.inv", lambda k: true(k) + np.eye(N) * 1e-3)
    else:
        solve = Factorised.solve
        monkeypatch.setattr(Factorised, "solve", lambda self, right: solve(self, right) + moved)
    (_, _, solved, _), found = told(problems, monkeypatch, stacked=stacked)
    miss = problems["gram"][1] @ solved.coefficients - problems["labels"][1]
    assert solved.residual == closely(np.abs(miss).max())
    assert solved.residual > 1e-3
    assert found.training_residual == closely(solved.residual / np.abs(problems["labels"][1]).max())


def test_one_inverse_is_judged_by_its_factor(problems, monkeypatch):
    (rows, matrix, _, _), _ = told(problems, monkeypatch, stacked=False)
    right = from_factor(matrix)
    assert all(np.array_equal(getattr(rows, part), getattr(right, part)) for part in ("solved", "mixed", "given"))


def test_a_stacked_inverse_is_judged_by_its_residual(problems, monkeypatch):
    true = np.linalg.inv
    wrong = np.zeros((N, N))
    wrong[4, 7] = 1e-3
    monkeypatch.setattr("numpy.linalg.inv", lambda k: true(k) + wrong)
    (rows, matrix, _, _), _ = told(problems, monkeypatch, stacked=True)
    residuals = np.linalg.norm(wrong @ problems["gram"][1], axis=1)  # (X + W) K - I = W K
    assert rows.solved[4] == closely(from_residual(matrix, residuals).solved[4])
    assert rows.solved[np.arange(N) != 4].max() < 1e-11
