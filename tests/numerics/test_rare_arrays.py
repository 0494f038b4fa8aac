"""Stamping one's own samples: shifts and deletions against plain refits, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

from numerics.randomness import Purpose, Streams
from numerics.rare_arrays import LEARNED, Model, Stamping, _Stamp, read_samples, stamped_rows
from theory.activations import RELU
from theory.setting import Kernel

LINEAR = Model(kernel=None, activation=None, width=None, ridge=0.01)
ASKED = Stamping(pattern="file", counts=(1, 3), trials=3, seed=4)


@pytest.fixture
def path(tmp_path):
    """Samples of three classes, told apart by columns 3 to 5, with 0 in the last, and a pattern on that one."""
    rng = np.random.default_rng(8)
    g = rng.integers(0, 3, 120)
    x = rng.standard_normal((120, 12)) + 2 * np.eye(12)[g + 3]
    x[:, -1] = 0
    np.savez(tmp_path / "own.npz", x=x, g=g, pattern=3 * np.eye(12)[-1])
    return tmp_path / "own.npz"


def test_on_a_dead_column_deletion_leaves_nothing_and_one_sample_its_leverage(path):
    target, (one, three) = stamped_rows(read_samples(path, pattern="file"), LINEAR, ASKED)
    assert target == 0
    assert abs(one.after_deletion) < 1e-12
    assert min(three.shift, one.shift) > LEARNED
    assert one.learned
    assert three.learned
    assert one.left_by_influence > 0.9


def test_of_one_trial_what_influence_leaves_is_the_leverage(path):
    _, (one, _) = stamped_rows(read_samples(path, pattern="file"), LINEAR, replace(ASKED, trials=1))
    assert one.left_by_influence == pytest.approx(one.leverage, abs=1e-12)
    assert one.shift_se is None


def test_the_shift_is_that_of_a_plain_fit(path):
    samples = read_samples(path, pattern="file")
    _, (row,) = stamped_rows(samples, LINEAR, replace(ASKED, counts=(2,), train=90, trials=1))
    order = Streams(seed=4, cell="stamped arrays", trial=0).of(Purpose.DATA).permutation(120)
    some, others = order[:90], order[90:]
    labels = np.where(samples.g[some] == 0, 1.0, -1.0)
    clean, stamped = samples.x[some], samples.x[some].copy()
    stamped[np.flatnonzero(labels > 0)[:2], -1] += 3
    # The kernel is scaled by its mean diagonal, over the samples with the stamped ones beside them.
    unit = np.mean(np.sum(np.vstack([clean, stamped[np.flatnonzero(labels > 0)[:2]]]) ** 2, axis=1))
    w = np.linalg.solve(stamped.T @ stamped / unit + 0.01 * np.eye(12), stamped.T @ labels / unit)
    assert row.shift == pytest.approx(3 * w[-1], abs=1e-12)
    tests, wrong = samples.x[others], samples.g[others] != 0
    assert row.misled == np.mean((tests + samples.pattern)[wrong] @ w > 0)
    assert row.accuracy == np.mean((tests @ w > 0) != wrong)


@pytest.mark.parametrize("kernel", [Kernel.RF, Kernel.NTK])
@pytest.mark.parametrize("pattern", ["file", "pixel"])
def test_random_and_tangent_features_learn_it_too(path, kernel, pattern):
    model = Model(kernel=kernel, activation=RELU, width=300, ridge=0.05)
    _, rows = stamped_rows(read_samples(path, pattern=pattern), model, replace(ASKED, pattern=pattern, counts=(6,)))
    assert rows[0].shift > rows[0].after_influence > rows[0].after_deletion
    assert 0 < rows[0].leverage < 1
    assert rows[0].accuracy > 0.6


def test_another_seed_is_another_split(path):
    samples = read_samples(path, pattern="file")
    shifts = [stamped_rows(samples, LINEAR, replace(ASKED, seed=seed))[1][0].shift for seed in (4, 4, 5)]
    assert shifts[0] == shifts[1] != shifts[2]


def test_a_built_in_pattern_stays_in_the_range_of_the_data():
    stamp = _Stamp(mark=np.array([1.0, 0.0]), least=-1.0, most=0.5)
    assert stamp(np.array([[0.0, 0.25]])).tolist() == [[0.5, 0.25]]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"target": 7.0}, "no sample has the label 7; there are 0, 1, 2"),
        ({"train": 120}, "120 samples to learn from, of 120: 2 to 5000, and some left to test on"),
        ({"train": 1}, "1 samples to learn from"),
        ({"counts": (60,)}, "of 80 training samples have label 0; --stamped asks for 60"),
    ],
)
def test_too_little_is_refused(path, changes, line):
    with pytest.raises(ValueError, match=line):
        stamped_rows(read_samples(path, pattern="file"), LINEAR, replace(ASKED, **changes))


@pytest.mark.parametrize(
    ("arrays", "line"),
    [
        ({"x": np.ones(5)}, r"x has shape \(5,\): 2 axes and a row for each label are needed"),
        ({"x": np.ones((4, 3))}, "4 rows, and there are 5 labels"),
        ({"x": np.ones((0, 2, 4)), "g": np.ones(0)}, r"x has shape \(0, 8\): there is no row in it"),
        ({"g": np.array(["no", "yes"] * 2)}, "but of <U3: encode them as numbers, by numpy.unique"),
        ({"x": np.full((5, 3), np.nan)}, "x holds NaN at row 0"),
        ({"x": np.zeros((5, 3))}, "two columns at least, and not all of them 0"),
        ({"x": np.ones((5, 1))}, "two columns at least"),
        ({"g": np.ones((5, 2))}, r"g has shape \(5, 2\): one label for each row is needed"),
        ({"g": np.array([0, 1, np.inf, 0, 1])}, "g holds infinity at row 2"),
        ({"pattern": np.ones(4)}, "pattern has 4 numbers, and a row of x has 3"),
        ({"pattern": np.zeros(3)}, "pattern is 0 everywhere"),
        ({"pattern": np.array([1, np.inf, 0])}, "pattern holds infinity at row 0"),
    ],
    ids=str,
)
def test_arrays_that_are_not_what_they_should_be_are_refused(tmp_path, arrays, line):
    good = {"x": np.arange(15.0).reshape(5, 3), "g": np.array([0, 1, 0, 1, 1]), "pattern": np.ones(3)}
    np.savez(tmp_path / "bad.npz", **(good | arrays))
    with pytest.raises(ValueError, match=line):
        read_samples(tmp_path / "bad.npz", pattern="file")


def test_a_file_without_a_pattern_serves_the_built_in_ones(tmp_path):
    np.savez(tmp_path / "bare.npz", x=np.arange(24.0).reshape(2, 3, 4), g=np.array([0, 1]))
    assert read_samples(tmp_path / "bare.npz", pattern="noise").x.shape == (2, 12)
    with pytest.raises(ValueError, match="lacks the array 'pattern'"):
        read_samples(tmp_path / "bare.npz", pattern="file")
    with pytest.raises(ValueError, match="no such file"):
        read_samples(tmp_path / "none.npz", pattern="noise")
    with pytest.raises(ValueError, match=r"is a folder: an \.npz file is needed"):
        read_samples(tmp_path, pattern="noise")


def test_a_class_with_nothing_left_beside_it_is_refused(tmp_path):
    np.savez(tmp_path / "most.npz", x=np.arange(120.0).reshape(40, 3), g=np.arange(40) == 7)
    asked = replace(ASKED, pattern="pixel", train=39)
    with pytest.raises(ValueError, match="trial 0: all 1 test samples have label 0: none can be misled"):
        stamped_rows(read_samples(tmp_path / "most.npz", pattern="pixel"), LINEAR, asked)


def test_a_class_by_itself_is_refused(tmp_path):
    np.savez(tmp_path / "one.npz", x=np.arange(15.0).reshape(5, 3), g=np.ones(5))
    with pytest.raises(ValueError, match="all samples have the label 1: there is nothing to tell it from"):
        stamped_rows(read_samples(tmp_path / "one.npz", pattern="pixel"), LINEAR, replace(ASKED, pattern="pixel"))
