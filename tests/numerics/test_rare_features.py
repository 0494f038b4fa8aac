"""Deletion from one inverse against plain refits, and the pattern law, each seen failing when it is spoilt."""

from dataclasses import replace

import numpy as np
import pytest

from numerics.block_deletion import delete
from numerics.rare_features import feature_trial, fit, pattern_law
from theory.rare_designs import DELETIONS, RIDGED, SINGLE


@pytest.fixture
def problem():
    """Features of nine samples and of three queries, and labels."""
    rng = np.random.default_rng(5)
    return rng.standard_normal((9, 30)), rng.standard_normal((3, 30)), rng.standard_normal(9)


@pytest.mark.parametrize("ridge", [0.0, 0.3])
@pytest.mark.parametrize("block", [[0], [2, 7, 4]], ids=str)
def test_deletion_is_a_refit_without_the_block(problem, block, ridge):
    phi, queries, labels = problem
    block = np.array(block)
    found = delete(phi @ phi.T, phi @ queries.T, labels, block=block, ridge=ridge)
    rest = fit(np.delete(phi, block, axis=0), np.delete(labels, block), ridge)
    assert found.base == pytest.approx(queries @ fit(phi, labels, ridge), abs=1e-12)
    assert found.exact == pytest.approx(queries @ rest, abs=1e-12)
    assert found.residuals == pytest.approx(labels[block] - phi[block] @ rest, abs=1e-12)
    assert np.abs(found.exact - found.base).max() > 0.01


def test_influence_is_the_first_order_of_deletion(problem):
    phi, queries, labels = problem
    block, ridge = np.array([1, 3]), 0.7
    found = delete(phi @ phi.T, phi @ queries.T, labels, block=block, ridge=ridge)
    inverse = np.linalg.inv(phi.T @ phi + ridge * np.eye(30))
    theta = inverse @ phi.T @ labels
    residual = labels[block] - phi[block] @ theta
    assert found.influence == pytest.approx(queries @ (theta - inverse @ phi[block].T @ residual), abs=1e-12)
    assert found.leverages == pytest.approx(np.diag(phi[block] @ inverse @ phi[block].T), abs=1e-12)

    def weighed(weight):
        """Return the outputs with the block counted `weight` times."""
        w = np.ones(9)
        w[block] = weight
        return queries @ np.linalg.solve(phi.T @ (w[:, None] * phi) + ridge * np.eye(30), phi.T @ (w * labels))

    slope = (weighed(1 + 1e-5) - weighed(1 - 1e-5)) / 2e-5
    assert found.base - slope == pytest.approx(found.influence, abs=1e-8)


def test_without_a_ridge_influence_changes_nothing(problem):
    phi, queries, labels = problem
    found = delete(phi @ phi.T, phi @ queries.T, labels, block=np.array([0, 5]), ridge=0.0)
    assert np.array_equal(found.influence, found.base)
    assert found.leverages == pytest.approx(1, abs=1e-15)


def test_a_singular_kernel_is_refused(problem):
    phi, queries, labels = problem
    few = phi[:, :4]
    with pytest.raises(ValueError, match=r"the kernel of 9 samples with ridge 0 is not positive definite"):
        delete(few @ few.T, few @ queries[:, :4].T, labels, block=np.array([0]), ridge=0.0)


@pytest.mark.parametrize("size", [0.3, 1.0, 4.0])
@pytest.mark.parametrize("ridge", [0.0, 0.1, 1.0])
def test_the_pattern_law_is_what_a_fit_with_the_pattern_gives(problem, ridge, size):
    phi, _, labels = problem
    stamped = np.hstack([phi, size * (np.arange(9) < 3)[:, None]])
    effect = size * fit(stamped, labels, ridge)[-1]
    law, numerator = pattern_law(phi, labels, block=3, ridge=ridge, size=size)
    assert law == pytest.approx(effect, abs=1e-12)
    assert numerator != pytest.approx(effect, rel=1e-3)


@pytest.mark.parametrize("scene", DELETIONS, ids=str)
def test_on_features_the_identities_hold_and_their_slips_do_not(scene, seed):
    found = feature_trial(scene, seed, 0)
    assert max(found.deletion_error, found.law_error) < 1e-11
    assert min(found.first_order_error, found.law_error_without_share) > 1e-3
    assert np.isnan(found.leftover) == (scene.ridge == 0)


@pytest.mark.parametrize("scene", [*RIDGED, *SINGLE], ids=str)
def test_what_influence_leaves_is_the_explained_part(scene, seed):
    found = feature_trial(scene, seed, 0)
    assert found.leftover_error < 1e-11
    if scene.block == 1:
        square = float(scene.pattern) ** 2
        assert 1 > found.leftover >= square / (square + float(scene.ridge))


def test_a_trial_is_reproduced_by_its_address_and_another_is_not(seed):
    scene = RIDGED[0]
    assert feature_trial(scene, seed, 0) == feature_trial(scene, seed, 0)
    assert feature_trial(scene, seed, 0).leftover != feature_trial(scene, seed, 1).leftover
    assert feature_trial(replace(scene, d=21), seed, 0).leftover != feature_trial(scene, seed, 0).leftover
