"""The law from one pool: against explicit ridge fits, against training at size N, and wrong twins of it refused."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import brentq

from numerics import refit
from numerics.data import draw
from numerics.leave_one_out import alignments_at
from numerics.measurement import measure
from numerics.pool import EPSILON, PoolModes, _matrices, pool_law, pool_modes
from numerics.randomness import Purpose, Streams
from theory.activations import RELU, Activation, x
from theory.setting import Kernel, Query, Setting

POOLS = 20
TRIALS = 100
SPHERE = Setting(kernel=Kernel.RF, activation=RELU, d=50, d_y=25, n=1)
DIGITS = Setting(kernel=Kernel.RF, activation=RELU, d=144, d_y=80, n=1, data="digits")
LINEAR = replace(SPHERE, activation=Activation(name="linear", expr=x))


def _pool_in_features(setting):
    """Return features of a pool and of its queries, and the modes of their kernel."""
    streams = Streams(seed=3, cell="explicit", trial=0)
    drawn = draw(setting, streams=streams, tests=1)
    rows = np.vstack([drawn.train.z, drawn.queries(setting.query)])
    phi, at = np.split(refit.features(setting, rows, seeds=streams.seeds(Purpose.WEIGHTS)), 2)
    return phi, at, pool_modes(phi @ phi.T, phi @ at.T)


def _rounding(modes, ridge):
    """A bound on the relative error of `(K + delta I)^-1`: M eps times the condition."""
    return len(modes.values) * EPSILON * (modes.values[-1] + ridge) / (modes.values[0] + ridge)


def _left_by_ridge_fit(phi, without, at, ridge):
    """Return `k_-i(z, z_i)`: phi(z_i) less its explicit ridge fit by the features of the others, seen from z."""
    others = np.delete(phi, without, axis=0)
    covariance = others.T @ others
    fitted = np.linalg.solve(covariance + ridge * np.eye(len(covariance)), covariance @ phi[without])
    return at @ (phi[without] - fitted)


@pytest.mark.parametrize("query", Query)
@pytest.mark.parametrize("kernel", [Kernel.RF, Kernel.NTK])
@pytest.mark.parametrize("ridge", [0.3, 30.0])
def test_the_residual_kernel_is_that_of_explicit_ridge_fits(small, kernel, query, ridge):
    phi, at, modes = _pool_in_features(small(kernel=kernel, query=query))
    on_itself = [_left_by_ridge_fit(phi, i, phi[i], ridge) for i in range(12)]
    on_query = [_left_by_ridge_fit(phi, i, at[i], ridge) for i in range(12)]
    # The fit solves in p dimensions, where the smallest eigenvalue is the ridge itself.
    rounding = phi.shape[1] * EPSILON * (modes.values[-1] + ridge) / ridge
    assert np.abs(modes.unlearned(ridge) - on_itself).max() < rounding * modes.values[-1]
    scale = modes.values[-1] / min(on_itself)
    assert np.abs(modes.alignments(ridge) - np.divide(on_query, on_itself)).max() < rounding * scale**2
    assert rounding * scale**2 < 1e-6


def test_without_ridge_it_is_the_mean_alignment_of_the_pool(small):
    phi, at, modes = _pool_in_features(small())
    expected = np.diag(alignments_at(phi @ phi.T, phi @ at.T, parameters=60))
    assert np.abs(modes.alignments(0.0) - expected).max() < _rounding(modes, 0.0) * np.abs(expected).max()


@pytest.mark.parametrize("n", [1, 4, 11])
def test_the_ridge_leaves_n_degrees_of_freedom(small, n):
    phi, _, modes = _pool_in_features(small())
    gram, ridge = phi @ phi.T, modes.ridge(n)
    assert abs(np.trace(np.linalg.solve(gram + ridge * np.eye(12), gram)) - n) < 12 * _rounding(modes, ridge)
    # Written with delta / kap: `M - delta tr G = N`.
    assert abs(12 - ridge * np.trace(np.linalg.inv(gram + ridge * np.eye(12))) - n) < 12 * _rounding(modes, ridge)


def test_equal_eigenvalues_have_their_ridge():
    # sum s / (s + delta) = 3 / (1 + delta) = n, where the lower end of the bracket is the root itself for n = 2.
    modes = pool_modes(np.eye(3), np.eye(3))
    assert [modes.ridge(1), modes.ridge(2)] == pytest.approx([2.0, 0.5], rel=1e-14)


def test_the_linear_kernel_has_its_effective_ridge_and_alignment():
    setting = replace(LINEAR, d=200, d_y=80)
    for point in pool_law(setting, (20, 100), pool=400, seed=7, pools=5):
        # d eigenvalues 1 / d: d / (1 + d kap) = N.  At M = N the residual |Q z_i|^2 / d has mean (d - N + 1) / d
        # (exact for Gaussian rows) where the law says (d - N) / d: a share of 1 / (d - N), which shrinks as M grows.
        law = 1 / point.n - 1 / 200
        assert abs(point.effective_ridge - law) < law / (200 - point.n)
        assert abs(point.gamma - 0.4) < 4 * point.gamma_se < 0.02


@cache
def _measured(setting):
    return measure(setting, trials=TRIALS, seed=7)


@cache
def _law(setting, sizes, pool):
    return pool_law(setting, sizes, pool=pool, seed=7, pools=POOLS)


def _z(gamma, gamma_se, setting):
    """Return the distance to what is measured by training on `setting.n` samples, in standard errors."""
    measured = _measured(setting)
    return float(abs(gamma - measured.gamma) / np.hypot(gamma_se, measured.gamma_se))


@pytest.mark.parametrize(
    ("setting", "sizes", "pool"),
    [
        (SPHERE, (25, 50, 100, 200), 400),
        pytest.param(*(replace(SPHERE, query=Query.ZERO), (50, 200), 400), marks=pytest.mark.slow),
        pytest.param(*(replace(SPHERE, width=250), (50, 200), 400), marks=pytest.mark.slow),
        pytest.param(*(replace(SPHERE, kernel=Kernel.NTK, width=100), (50, 200), 400), marks=pytest.mark.slow),
        (DIGITS, (30, 100, 200), 300),
        (replace(DIGITS, query=Query.ZERO), (30, 100, 200), 300),
    ],
    ids=["sphere", "sphere, zero", "narrow", "ntk", "digits", "digits, zero"],
)
def test_it_agrees_with_training_at_each_size(setting, sizes, pool):
    # Splits of the digits share their images, in the pools and in the trials: both bars are those of the mean over
    # splits of the same 361 images, which both estimate.
    for point in _law(setting, sizes, pool):
        assert _z(point.gamma, point.gamma_se, replace(setting, n=point.n)) < 4
        assert point.gamma_se < 0.003
        assert 0 < point.effective_ridge < point.ridge


def test_one_curve_crosses_many_standard_errors():
    curve = _law(SPHERE, (25, 50, 100, 200), 400)
    assert all(b.gamma < a.gamma - 20 * a.gamma_se for a, b in zip(curve, curve[2:], strict=False))
    assert all(b.ridge < a.ridge for a, b in pairwise(curve))


def _over_pools(statistic, setting, pool):
    values = np.array([statistic(*_matrices(replace(setting, n=pool), 7, trial)) for trial in range(POOLS)])
    return float(values.mean()), float(values.std(ddof=1) / POOLS**0.5)


def _explicit(gram, queries, n, statistic):
    """Return a statistic of `[k(z_i^s, Z) G]_i`, `1 / G_ii` and delta, with an explicit inverse."""
    ridge = pool_modes(gram, queries).ridge(n)
    inverse = np.linalg.inv(gram + ridge * np.eye(len(gram)))
    return statistic(np.sum(inverse * queries.T, axis=1), 1 / np.diag(inverse), ridge)


@pytest.mark.parametrize(
    ("statistic", "right"),
    [
        (lambda on_query, inverted, ridge: np.mean(on_query * inverted / (inverted - ridge)), True),
        (lambda on_query, inverted, _ridge: np.mean(on_query * inverted / inverted), False),
    ],
    ids=["as it is", "delta forgotten"],
)
def test_the_explicit_inverse_agrees_and_its_twin_is_refused(statistic, right):
    gamma, gamma_se = _over_pools(lambda *pool: _explicit(*pool, 100, statistic), SPHERE, 400)
    assert (_z(gamma, gamma_se, replace(SPHERE, n=100)) < 4) is right
    assert (gamma == pytest.approx(_law(SPHERE, (25, 50, 100, 200), 400)[2].gamma, rel=1e-9)) is right


def test_the_pool_taken_for_the_sample_is_refused():
    gamma, gamma_se = _over_pools(lambda *pool: pool_modes(*pool).alignments(0.0).mean(), SPHERE, 400)
    assert _z(gamma, gamma_se, replace(SPHERE, n=100)) > 4


def test_the_other_query_is_refused():
    for setting in (SPHERE, DIGITS):
        (point,) = _law(replace(setting, query=Query.ZERO), (100,), 300)
        assert _z(point.gamma, point.gamma_se, replace(setting, n=100)) > 4


def test_the_ratio_of_means_is_refused_on_digits():
    """F is a ratio for each image, and images differ in what is unlearned of them."""
    setting = replace(DIGITS, query=Query.ZERO)

    def ratio_of_means(on_query, inverted, ridge):
        return np.mean(on_query * inverted) / np.mean(inverted - ridge)

    gamma, gamma_se = _over_pools(lambda *pool: _explicit(*pool, 200, ratio_of_means), setting, 300)
    assert _z(gamma, gamma_se, replace(setting, n=200)) > 4


def _ridge_by_mean_of_inverses(modes, n):
    """Return the delta with `M - delta / kap = n` for `kap = mean_i (1 / G_ii) / M`."""
    pool = len(modes.values)

    def surplus(logarithm):
        ridge = np.exp(logarithm)
        return pool - ridge * pool / np.mean(1 / (modes.of_samples @ (1 / (modes.values + ridge)))) - n

    return np.exp(brentq(surplus, -10, 10))


@pytest.mark.parametrize(
    ("ridge_of", "right"),
    [(PoolModes.ridge, True), (_ridge_by_mean_of_inverses, False)],
    ids=["trace", "mean of inverses"],
)
def test_samples_of_unequal_weight_need_the_trace(ridge_of, right):
    """Features times `w_i` divide F by `w_i` and change nothing else without ridge, where a span is all that counts."""
    setting = replace(SPHERE, query=Query.ZERO)
    weights = np.tile([0.25, 4.0], 200)[:, None]

    def unweighted_alignment(gram, queries):
        modes = pool_modes(weights * gram * weights.T, weights * queries)
        return np.mean(weights[:, 0] * modes.alignments(ridge_of(modes, 50)))

    gamma, gamma_se = _over_pools(unweighted_alignment, setting, 400)
    assert (_z(gamma, gamma_se, replace(setting, n=50)) < 4) is right


def test_the_seed_decides_and_the_sizes_do_not(small):
    first = pool_law(small(), (4, 9), pool=20, seed=1, pools=2)
    assert first == pool_law(small(n=3), (9, 4), pool=20, seed=1, pools=2)[::-1]
    assert first[0].gamma != pool_law(small(), (4,), pool=20, seed=2, pools=2)[0].gamma


@pytest.mark.parametrize(
    ("setting", "sizes", "options", "message"),
    [
        (SPHERE, (5, 20), {"pool": 20}, r"N = 20 is not between 1 and 19, the sizes below a pool of 20"),
        (SPHERE, (0,), {"pool": 20}, r"N = 0 is not between 1 and 19"),
        (SPHERE, (5,), {"pool": 20, "pools": 1}, "1 pools have no standard error"),
        (DIGITS, (5,), {"pool": 302}, r"a pool of 302: .* at most 301"),
        (replace(LINEAR, d=10, d_y=4), (9, 10), {"pool": 30}, r"N = 10 is too many: eigenvalue 11 of .* is rounding"),
        (replace(SPHERE, width=15), (15,), {"pool": 30}, r"N = 15 is too many: eigenvalue 16 of .* is rounding"),
    ],
)
def test_what_has_no_answer_is_refused(setting, sizes, options, message):
    with pytest.raises(ValueError, match=message) as refused:
        pool_law(setting, sizes, seed=1, **options)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("gram", "queries", "message"),
    [
        (np.full((2, 2), np.nan), np.eye(2), "the kernel holds NaN or infinity"),
        (np.eye(2), np.full((2, 2), np.inf), "a query holds NaN or infinity"),
        (np.diag([1.0, 0.0]), np.eye(2), "the kernel of sample 1 with itself is zero"),
    ],
)
def test_matrices_without_alignments_are_refused(gram, queries, message):
    with pytest.raises(ValueError, match=message):
        pool_modes(gram, queries)
