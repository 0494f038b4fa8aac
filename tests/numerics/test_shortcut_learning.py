import numpy as np
import pytest

from numerics.shortcut_learning import (
    LinearNetwork,
    control_margin,
    controlled_margin,
    descend,
    flow_distance,
    least_squares,
    linear_network,
    train_pair,
)


@pytest.fixture
def sample():
    rng = np.random.default_rng(8)
    x = rng.standard_normal((30, 4)) + np.array([1, 0.5, 0, 0])
    return x, np.sign(x[:, 0] + 0.3 * rng.standard_normal(30))


def test_a_step_goes_down_the_gradient_of_half_the_mean_square_loss(sample):
    x, y = sample

    def loss(w):
        return np.mean((x @ w - y) ** 2) / 2

    bumps = 1e-6 * np.eye(4)
    gradient = np.array([loss(bump) - loss(-bump) for bump in bumps]) / 2e-6
    assert np.allclose(descend(x, y, step=0.1, steps=1), -0.1 * gradient, atol=1e-9)
    assert np.allclose(descend(x, y, step=0.3, steps=2000), least_squares(x, y), atol=1e-10)


@pytest.mark.parametrize("penalty", [0.01, 0.1, 1.0, 7.0])
def test_the_margin_is_where_the_penalised_loss_of_one_sample_is_least(penalty):
    m = controlled_margin(penalty)
    around = m + np.array([-1e-3, 0, 1e-3])
    losses = np.log1p(np.exp(-around)) + penalty * around**2 / 2
    assert losses[1] < min(losses[0], losses[2])
    assert 1 / (1 + np.exp(m)) == pytest.approx(penalty * m, rel=1e-12)


def test_the_margin_of_one_tenth():
    assert controlled_margin(0.1) == pytest.approx(1.6335062, abs=5e-8)


def test_a_controlled_descent_ends_at_the_least_loss_and_says_where_it_does_not_end(sample):
    x, y = sample
    rows, labels = np.hstack([x, np.eye(30)]), y
    gram = rows @ rows.T
    alpha = control_margin(gram, labels, penalty=0.2)
    assert np.allclose(labels * (gram @ alpha), controlled_margin(0.2), atol=1e-10)
    with pytest.raises(ValueError, match="the margin does not settle in 20000 steps"):
        control_margin(x @ x.T + 1e-9 * np.eye(30), y, penalty=0.2)


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_the_tangent_kernel_is_the_product_of_gradients(depth):
    network = linear_network(np.random.default_rng(depth), d=3, width=4, depth=depth)
    gradients = []
    for place, layer in enumerate(network.layers):
        for index in np.ndindex(layer.shape):
            ends = []
            for bump in (1e-6, -1e-6):
                moved = [one.copy() for one in network.layers]
                moved[place][index] += bump
                ends.append(LinearNetwork(layers=tuple(moved)).predictor)
            gradients.append((ends[0] - ends[1]) / 2e-6)
    gradients = np.array(gradients)
    assert np.allclose(network.tangent_kernel(), gradients.T @ gradients, atol=1e-7)


def test_a_pair_starts_at_zero_and_moves_as_its_kernel_says(sample):
    x, y = sample
    network = linear_network(np.random.default_rng(5), d=4, width=50, depth=2)
    start, first, *_ = train_pair(network, x, y, step=1e-3, steps=1)
    assert np.array_equal(start, np.zeros(4))
    assert np.allclose(first, 1e-3 * network.tangent_kernel() @ x.T @ y / 30, rtol=1e-4)


def test_a_wide_network_follows_the_flow_of_two_layers_and_of_no_other_number(sample):
    near, far = (
        flow_distance(
            linear_network(np.random.default_rng(6), d=4, width=width, depth=2), *sample, step=0.02, steps=100
        )
        for width in (6400, 100)
    )
    assert near < far / 2
    assert near < 0.05
    network = linear_network(np.random.default_rng(6), d=4, width=6400, depth=2)
    assert flow_distance(network, *sample, step=0.02, steps=100, layers=1.0) > 0.2
