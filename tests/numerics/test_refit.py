import numpy as np
import pytest

from numerics import refit


@pytest.fixture
def instance():
    rng = np.random.default_rng(4)
    return rng.normal(size=(8, 30)), rng.normal(size=8), rng.normal(size=30), rng.normal(size=(6, 30))


def test_the_fit_interpolates_and_moves_only_in_the_span(instance):
    phi, labels, start, _ = instance
    moved = refit.minimum_norm_fit(phi, labels, start) - start
    assert np.allclose(phi @ (start + moved), labels)
    assert np.linalg.matrix_rank(np.vstack([phi, moved])) == 8


def test_lemma_holds_with_the_complement_and_fails_as_printed(instance):
    phi, labels, start, points = instance
    surface = refit.stability(phi, labels, start, without=2, at=points)
    at_sample = refit.stability(phi, labels, start, without=2, at=phi[2:3])[0]
    scale = np.abs(surface).max()
    assert np.abs(surface - refit.alignment(phi, of=2, at=points) * at_sample).max() < 1e-12 * scale
    assert np.abs(surface - refit.alignment_as_printed(phi, of=2, at=points) * at_sample).max() > 0.1 * scale


def test_infinite_and_huge_features_are_refused(small):
    with pytest.raises(ValueError, match="infinitely many"):
        refit.features(small(width=None), np.ones((2, 10)), seeds=np.random.SeedSequence(0))
    with pytest.raises(ValueError, match="too many"):
        refit.features(small(width=10**8), np.ones((2, 10)), seeds=np.random.SeedSequence(0))
