import numpy as np
import pytest
from scipy import linalg

from numerics.shortcut_modes import kernel_modes, linear_modes


@pytest.fixture
def rows():
    return np.random.default_rng(2).standard_normal((9, 4)) * [3.0, 2.0, 1.0, 0.5]


@pytest.fixture
def labels():
    return np.sign(np.random.default_rng(3).standard_normal(9))


def test_the_modes_of_the_matrix_and_of_the_rows_are_the_same(rows):
    of_matrix, of_rows = kernel_modes(rows @ rows.T / 4), linear_modes(rows)
    assert len(of_matrix.values) == len(of_rows.values) == 4  # five more are rounding
    assert np.allclose(of_matrix.values, of_rows.values)
    assert np.allclose(abs(of_matrix.vectors.T @ of_rows.vectors), np.eye(4), atol=1e-6)
    assert list(of_rows.values) == sorted(of_rows.values, reverse=True)


def test_the_flow_is_that_of_the_matrix_exponential(rows, labels):
    modes, flow = linear_modes(rows), linalg.expm(-1.5 * rows @ rows.T / 4 / 9)
    assert np.allclose(modes.learned(labels, 1.5), labels - flow @ labels)
    assert not np.allclose(modes.learned(labels, 3.0), labels - flow @ labels)


def test_half_of_a_mode_is_learned_at_its_half_time(rows):
    modes = linear_modes(rows)
    for place, time in enumerate(modes.half_times):
        u = modes.vectors[:, place]
        assert modes.learned(u, time) @ u == pytest.approx(0.5)


def test_a_direction_is_carried_by_the_mode_that_has_most_of_it(rows):
    modes = linear_modes(rows)
    mixed = 0.6 * modes.vectors[:, 2] - 0.8 * modes.vectors[:, 1]
    assert modes.carrier(mixed) == 1
    assert modes.overlap(mixed) == pytest.approx(0.8)
    assert modes.shares(5 * mixed) == pytest.approx([0, 0.64, 0.36, 0])


@pytest.mark.parametrize("take", [kernel_modes, linear_modes])
def test_a_kernel_that_is_none_is_refused(take):
    with pytest.raises(ValueError, match="is zero: they have no feature"):
        take(np.zeros((3, 3)))
    with pytest.raises(ValueError, match="is not finite: scale the data"):
        take(np.full((3, 3), np.inf))
