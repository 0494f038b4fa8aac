"""Sums over neurons in blocks, against one product of all features; and what must not change them."""

from dataclasses import replace

import numpy as np
import pytest

from numerics import streaming
from numerics.elementwise import vectorise
from numerics.engine import Engine, Precision
from numerics.streaming import BLOCK, Network, products, weights
from numerics.threads import one_thread
from theory.activations import PHI2, RELU
from theory.symbols import x

WIDTH = 2 * BLOCK + 300
SEED = np.random.SeedSequence(5)
DOUBLE, MIXED = Engine(), Engine(precision=Precision.MIXED)


def _network(activation=PHI2, engine=DOUBLE, seeds=(SEED,), width=WIDTH):
    return Network(
        function=vectorise(activation.expr, x, engine.library), width=width, seeds=list(seeds), engine=engine
    )


@pytest.fixture
def points():
    """Thirteen samples in ten dimensions, queries that share six of them, queries of zeros and y, and five others."""
    rng = np.random.default_rng(1)
    z = rng.normal(size=(13, 10))
    fresh, zero = z.copy(), z.copy()
    fresh[:, :4] = rng.normal(size=(13, 4))
    zero[:, :4] = 0
    return z, (fresh, zero, rng.normal(size=(5, 10)))


def _materialised(z, queries, activation=PHI2):
    v = np.vstack([weights(SEED, block=b, width=WIDTH, d=10) for b in range(3)]).astype(float)
    features = [vectorise(activation.expr)(rows @ v.T) for rows in (z, *queries)]
    return [features[0] @ other.T for other in features]


@pytest.mark.parametrize("activation", [PHI2, RELU], ids=lambda a: a.name)
@pytest.mark.parametrize("tile", [4, 13, 1024])
def test_the_sums_are_those_of_all_features(points, activation, tile, monkeypatch):
    monkeypatch.setattr(streaming, "TILE", tile)
    found = products(_network(activation), *points, d_x=4)
    for ours, theirs in zip(found, _materialised(*points, activation), strict=True):
        assert np.allclose(ours, theirs, rtol=1e-12, atol=1e-9)
    assert np.array_equal(found[0], found[0].T)


def test_another_block_order_is_another_network(points):
    wrong = _materialised(points[0][:, ::-1], [])
    assert np.abs(products(_network(), points[0], (), d_x=4)[0] - wrong[0]).max() > 1


def test_threads_and_files_change_no_digit(points):
    shared = products(_network(), *points, d_x=4)
    with one_thread():
        alone = products(_network(), *points, d_x=4)
    filed = products(_network(), *points, d_x=4, on_disk=True)
    for first, *others in zip(shared, alone, filed, strict=True):
        assert all(np.array_equal(first, other) for other in others)


def test_trials_together_have_the_digits_that_they_have_alone(points):
    z, queries = points
    seeds = SEED.spawn(3)
    stacked = products(_network(seeds=seeds), np.stack([z] * 3), [np.stack([q] * 3) for q in queries], d_x=4)
    for place, seed in enumerate(seeds):
        alone = products(_network(seeds=[seed]), z[None], [q[None] for q in queries], d_x=4)
        assert all(np.array_equal(many[place], one[0]) for many, one in zip(stacked, alone, strict=True))
    assert not np.allclose(stacked[0][0], stacked[0][1])


def test_single_precision_features_are_summed_in_double(points):
    exact = products(_network(), *points, d_x=4)
    mixed = products(_network(engine=MIXED), *points, d_x=4)
    for fine, coarse in zip(exact, mixed, strict=True):
        error = np.abs(fine - coarse).max() / np.abs(fine).max()
        assert 1e-9 < error < 1e-6  # of the size of 2^-24, and not zero, which would be no single precision


@pytest.mark.parametrize("name", ["torch", "jax"])
@pytest.mark.parametrize("engine", [DOUBLE, MIXED], ids=["double", "mixed"])
def test_backends_agree_to_rounding(points, name, engine):
    pytest.importorskip(name, reason=f"{name} is an extra, and not installed")
    other = replace(engine, backend=name)
    for ours, theirs in zip(
        products(_network(engine=engine), *points, d_x=4), products(_network(engine=other), *points, d_x=4), strict=True
    ):
        assert isinstance(theirs, np.ndarray)
        assert np.abs(ours - theirs).max() < (1e-12 if engine is DOUBLE else 2e-6) * np.abs(ours).max()


def test_a_neuron_is_standard_and_its_block_its_own():
    drawn = weights(SEED, block=1, width=WIDTH, d=50)
    assert drawn.shape == (BLOCK, 50)
    assert drawn.dtype == np.float32
    # The variance of 102 400 squares: a standard error of sqrt(2 / 102400) = .0044, and five of them.
    assert abs(np.mean(drawn.astype(float) ** 2) * 50 - 1) < 0.022
    assert weights(SEED, block=2, width=WIDTH, d=50).shape == (300, 50)
    assert not np.array_equal(drawn, weights(SEED, block=0, width=WIDTH, d=50))


def test_an_error_in_a_lane_reaches_the_caller(points):
    def broken(_values):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        products(replace(_network(), function=broken), *points, d_x=4)
