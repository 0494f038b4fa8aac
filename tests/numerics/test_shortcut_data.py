from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from numerics.randomness import Purpose, Streams
from numerics.shortcut_data import clusters, means, patched_digits, streams
from theory.cluster_scenes import ClusterScene

SCENE = ClusterScene(
    core=Fraction(2), shortcut=Fraction(3), agreement=Fraction(9, 10), noise=Fraction(1, 4), conflict_noise=Fraction(4),
    d=5, n=40_000,
)  # fmt: skip


@pytest.fixture
def drawn():
    return clusters(SCENE, streams(SCENE, 3, 0).of(Purpose.DATA), SCENE.n)


def test_the_clusters_have_their_shares_means_and_variances(drawn):
    assert drawn.aligned.mean() == pytest.approx(0.9, abs=0.01)
    assert drawn.y.mean() == pytest.approx(0, abs=0.03)
    centred = drawn.x * drawn.y[:, None]
    for place, (rows, noise) in enumerate(((drawn.aligned, 0.25), (~drawn.aligned, 4.0))):
        assert np.allclose(centred[rows].mean(axis=0), means(SCENE)[place], atol=0.15)
        assert np.allclose(centred[rows].var(axis=0), noise, rtol=0.1)


def test_the_agreement_may_be_another_one(drawn):
    rng = streams(SCENE, 3, 0).of(Purpose.TEST)
    assert clusters(SCENE, rng, 100, agreement=1.0).aligned.all()
    assert not clusters(SCENE, rng, 100, agreement=0.0).aligned.any()
    assert not drawn.aligned.all()


def test_a_trial_is_drawn_again_and_no_other_is_it(drawn):
    again = clusters(SCENE, streams(SCENE, 3, 0).of(Purpose.DATA), SCENE.n)
    assert np.array_equal(again.x, drawn.x)
    for scene, seed, trial in ((SCENE, 4, 0), (SCENE, 3, 1), (replace(SCENE, agreement=Fraction(4, 5)), 3, 0)):
        assert not np.array_equal(clusters(scene, streams(scene, seed, trial).of(Purpose.DATA), 10).x, drawn.x[:10])


def test_digits_carry_their_attribute_in_the_corner_and_nowhere_else():
    stream = Streams(seed=0, cell="digits", trial=0)
    train, test = patched_digits(Fraction(9, 10), 2.0, stream, train=250)
    assert np.array_equal(train.x[:, :2], np.outer(2.0 * train.a, [1, 1]))
    assert train.aligned.mean() == pytest.approx(0.9, abs=0.06)
    assert test.aligned.mean() == pytest.approx(0.5, abs=0.15)
    assert (len(train.x), len(train.x) + len(test.x)) == (250, 361)
    plain, _ = patched_digits(Fraction(1, 2), 2.0, stream, train=250)
    assert np.array_equal(plain.x[:, 2:], train.x[:, 2:])


@pytest.mark.parametrize("train", [0, 361])
def test_digits_need_some_to_train_on_and_some_to_test_on(train):
    with pytest.raises(
        ValueError, match=f"train = {train}: of 361 digits some are to be trained on, and some tested on"
    ):
        patched_digits(Fraction(1, 2), 2.0, Streams(seed=0, cell="digits", trial=0), train=train)
