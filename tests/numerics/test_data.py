import sys

import numpy as np
import pytest

from numerics.data import Sample, draw
from numerics.randomness import Streams
from theory.setting import Query

STREAMS = Streams(seed=5, cell="data", trial=0)


def _archive(tmp_path, rows=30, **changes):
    rng = np.random.default_rng(0)
    arrays = {"x": rng.normal(size=(rows, 6)), "y": rng.normal(size=(rows, 4)), "g": rng.choice([-1.0, 1.0], rows)}
    path = tmp_path / "pool.npz"
    np.savez(path, **{name: array for name, array in (arrays | changes).items() if array is not None})
    return str(path)


def test_sphere_has_the_norms_of_the_theorem(small):
    drawn = draw(small(), streams=STREAMS, tests=7)
    assert np.allclose(np.linalg.norm(drawn.train.x, axis=1) ** 2, 6)
    assert np.allclose(np.linalg.norm(drawn.test.y, axis=1) ** 2, 4)
    assert drawn.train.z.shape == (12, 10)
    assert np.array_equal(drawn.train.g, np.sign(drawn.train.x[:, 0]))
    assert not np.allclose(drawn.fresh_x, drawn.train.x)


def test_gaussian_is_not_normalised(small):
    assert np.linalg.norm(draw(small(data="gaussian"), streams=STREAMS, tests=1).train.z, axis=1).std() > 0.1


@pytest.mark.parametrize("query", Query)
def test_a_query_keeps_the_spurious_feature_and_loses_the_core(small, query):
    drawn = draw(small(), streams=STREAMS, tests=1)
    queries = drawn.queries(query)
    assert np.array_equal(queries[:, 6:], drawn.train.y)
    assert np.array_equal(queries[:, :6], drawn.fresh_x if query is Query.RESAMPLE else np.zeros((12, 6)))


def test_digits_are_split_without_overlap(small):
    drawn = draw(small(data="digits", d=144, d_y=80, n=300), streams=STREAMS, tests=1)
    train, rest = ({row.tobytes() for row in part} for part in (drawn.train.x, drawn.test.x))
    assert len(drawn.train.g) + len(drawn.test.g) == 361
    assert not train & rest
    assert {row.tobytes() for row in drawn.fresh_x} <= rest
    assert np.allclose(np.linalg.norm(drawn.train.z, axis=1) ** 2, 144)
    assert set(drawn.train.g) == {-1.0, 1.0}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"d": 100, "d_y": 80}, "d = 144 fits, not 100"),
        ({"d": 144, "d_y": 80, "n": 340}, "at most 301"),
    ],
)
def test_digits_that_do_not_fit_are_refused(small, changes, message):
    with pytest.raises(ValueError, match=message):
        draw(small(data="digits", **changes), streams=STREAMS, tests=1)


def test_missing_sklearn_says_what_to_install(small, monkeypatch):
    from numerics import images

    for cached in (images.all_digits, images._digits):
        cached.cache_clear()
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ValueError, match=r"gammaphi\[data\]"):
        draw(small(data="digits", d=144, d_y=80), streams=STREAMS, tests=1)


def test_a_file_is_a_pool(small, tmp_path):
    drawn = draw(small(data=_archive(tmp_path)), streams=STREAMS, tests=1)
    assert drawn.train.x.shape == (12, 6)
    assert len(drawn.test.g) == 18


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"g": None}, "lacks the array 'g'"),
        ({"x": np.ones((30, 5))}, "x has 5 columns where the setting has d_x = 6"),
        ({"y": np.ones((30, 5))}, "y has 5 columns where the setting has d_y = 4"),
        ({"x": np.ones((29, 6))}, "x has shape"),
        ({"x": np.where(np.arange(30)[:, None] == 3, np.nan, np.ones((30, 6)))}, "x holds NaN at row 3"),
        ({"y": np.where(np.arange(30)[:, None] == 2, np.inf, np.ones((30, 4)))}, "y holds infinity at row 2"),
        ({"rows": 12}, "at most 10"),
        ({"x": np.array([["a"] * 6] * 30)}, "x is not an array of numbers"),
        ({"x": np.array([[object()] * 6] * 30)}, "x is not an array of numbers"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(small, tmp_path, changes, message):
    with pytest.raises(ValueError, match=message):
        draw(small(data=_archive(tmp_path, **changes)), streams=STREAMS, tests=1)


@pytest.mark.parametrize(("name", "message"), [("nowhere.npz", "no such file"), ("mnist", "none of sphere")])
def test_unknown_data_are_refused(small, name, message):
    with pytest.raises(ValueError, match=message):
        draw(small(data=name), streams=STREAMS, tests=1)


def test_a_broken_file_is_refused(small, tmp_path):
    path = tmp_path / "broken.npz"
    path.write_bytes(b"not a zip")
    with pytest.raises(ValueError, match=r"not an \.npz archive"):
        draw(small(data=str(path)), streams=STREAMS, tests=1)


def test_nan_is_refused():
    with pytest.raises(ValueError, match="g holds NaN at row 1"):
        Sample(x=np.ones((2, 1)), y=np.ones((2, 1)), g=np.array([1.0, np.nan]))


def test_labels_other_than_plus_and_minus_one_are_refused(tmp_path, small):
    path = _archive(tmp_path, g=np.array([1.0, -1.0, 0.0] * 10))
    with pytest.raises(ValueError, match=r"g holds 0 at row 2: labels must be \+1 or -1"):
        draw(small(data=path, n=5), streams=STREAMS, tests=7)
