"""One kernel in the memory that it has: its factor, its inverse, and norms and eigenvalues by Lanczos iteration."""

import numpy as np
import pytest

from numerics import symmetric
from numerics.symmetric import ROUGH, Factorised, Inverse, Spectrum, extremes, norm_of_product


def kernel(eigenvalues, seed=0):
    """A matrix with given eigenvalues, in a basis drawn at random."""
    n = len(eigenvalues)
    basis, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(n, n)))
    return (basis * eigenvalues) @ basis.T


def test_no_second_array_is_made():
    gram = kernel(np.linspace(1, 2, 12))
    factorised = Factorised(gram)
    inverse = factorised.invert()
    assert np.shares_memory(inverse.lower, gram)
    assert np.allclose(np.tril(inverse.lower), np.tril(np.linalg.inv(kernel(np.linspace(1, 2, 12)))))


def test_the_factor_is_written_over_the_kernel():
    gram = kernel(np.linspace(1, 2, 12))
    factor = np.linalg.cholesky(gram)
    given = np.triu(gram, 1)
    assert np.shares_memory(Factorised(gram)._work, gram)
    lower, upper = np.tril(gram), np.triu(gram)
    assert np.allclose(upper, factor.T)
    assert np.allclose(lower - np.diag(np.diag(lower)), given.T)


@pytest.mark.parametrize("rule", ["linear", "geometric", "clustered"])
def test_lanczos_iteration_finds_three_digits(monkeypatch, rule):
    monkeypatch.setattr("numerics.symmetric.SMALL", 10)
    rules = {"linear": np.linspace(1, 2, 300), "geometric": np.geomspace(1, 1e4, 300)}
    values = rules.get(rule, np.concatenate([1 + np.arange(150) * 1e-3, 2 - np.arange(150) * 1e-3]))
    found = Factorised(kernel(values)).invert().spectrum
    assert found.smallest == pytest.approx(values.min(), rel=1e-3)
    assert found.largest == pytest.approx(values.max(), rel=1e-3)


@pytest.mark.parametrize("small", [39, 40, 41])
@pytest.mark.parametrize("scale", [1e-6, 1.0])
def test_the_norm_of_a_product_is_the_longest_column_or_bounds_it(monkeypatch, small, scale):
    gram, columns = kernel(np.geomspace(1, 100, 40)), scale * np.random.default_rng(1).normal(size=(40, 6))
    inverse = Factorised(gram.copy()).invert()
    monkeypatch.setattr("numerics.symmetric.SMALL", small)
    solved, found = np.linalg.solve(gram, columns), norm_of_product(inverse, columns)
    if small >= 40:
        assert found == pytest.approx(np.linalg.norm(solved, axis=0).max(), rel=1e-12)
    else:
        assert np.linalg.norm(solved, 2) <= found <= 1.06 * np.linalg.norm(solved, 2)


def test_a_rough_norm_is_raised_by_what_it_may_lack(monkeypatch):
    monkeypatch.setattr("numerics.symmetric.SMALL", 1)
    lacking = 9.0 / (1 + ROUGH)  # of the square of the norm, 3
    monkeypatch.setattr("numerics.symmetric.eigsh", lambda *_, **__: np.array([lacking]))
    inverse = Inverse(lower=np.diag([1.0, 3.0]), spectrum=Spectrum(smallest=1 / 3, largest=1.0))
    assert norm_of_product(inverse, np.eye(2)) == pytest.approx(3, rel=1e-14)


def test_of_no_columns_the_norm_is_nothing():
    assert norm_of_product(Factorised(kernel(np.linspace(1, 2, 5))).invert(), np.ones((5, 0))) == 0


def test_a_square_that_rounding_made_negative_is_nothing(monkeypatch):
    monkeypatch.setattr("numerics.symmetric.SMALL", 1)
    monkeypatch.setattr(symmetric, "eigsh", lambda *_, **__: np.array([-1e-30]))
    inverse = Inverse(lower=np.eye(3), spectrum=Spectrum(smallest=1.0, largest=1.0))
    assert norm_of_product(inverse, np.zeros((3, 3))) == 0


@pytest.mark.parametrize("largest", [4.0, 0.5, 2e-9])
def test_a_singular_matrix_is_refused_with_the_share_of_its_largest_eigenvalue(largest):
    found = Spectrum(smallest=-3e-17 * largest, largest=largest)
    said = f"its smallest eigenvalue is {-3e-17 * largest:.2e}, which is -3.0e-17 of the largest"
    assert extremes(found) == said
    assert found.condition == pytest.approx(-1 / 3e-17)


def test_whole_rows_are_unfolded_from_one_triangle(monkeypatch):
    """Strips and tiles that do not divide the rows, and tiles that begin inside."""
    monkeypatch.setattr("numerics.symmetric.TILE", 7)
    monkeypatch.setattr("numerics.symmetric.STRIP", 3)
    whole = kernel(np.linspace(1, 2, 17))
    upper = np.triu(np.full((17, 17), np.nan), 1)
    inverse = Inverse(lower=np.tril(whole) + upper, spectrum=Spectrum(smallest=1.0, largest=2.0))
    unfolded = np.tril(whole) + np.tril(whole, -1).T
    for start in (0, 7, 14):
        assert np.array_equal(inverse.rows(start), unfolded[start : start + 7])
