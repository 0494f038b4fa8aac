"""Deep kernels on arrays against enclosures, against their definition by quadrature, and against finite networks."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from numerics import kernels as numeric
from numerics.data import draw
from numerics.kernels import composed, ingredients, kernels
from numerics.leave_one_out import alignments_at
from numerics.measurement import measure
from numerics.randomness import Streams
from numerics.trials import run_trial
from theory.activations import CATALOGUE, RELU, STEP, TANH, Activation
from theory.deep_kernels import deep_ntk, nngp
from theory.kernels import random_features
from theory.setting import Kernel
from theory.sizes import features_of, kernel_of, network_of
from theory.symbols import x

HARD_TANH = next(a for a in CATALOGUE if a.name == "hard_tanh")
DEEP = [Kernel.NNGP_DEEP, Kernel.NTK_DEEP]
MAKERS = [nngp, deep_ntk]


def named(value):
    return getattr(value, "name", None) or getattr(value, "__name__", None)


def total(kernel):
    return float(kernel.total(128))


def deep(small, **changes):
    return small(**{"kernel": Kernel.NTK_DEEP, "width": None, "depth": 3} | changes)


def rows(setting):
    drawn = draw(setting, streams=Streams(seed=2, cell="deep", trial=0), tests=5)
    return drawn.train.z, (drawn.queries(setting.query), drawn.test.z)


def matrices(setting):
    z, queries = rows(setting)
    return kernels(setting, z, queries)


# -- the composition ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", MAKERS, ids=named)
@pytest.mark.parametrize("activation", [RELU, TANH, HARD_TANH], ids=named)
@pytest.mark.parametrize("depth", [1, 3])
def test_the_arrays_lie_in_the_balls(make, activation, depth):
    kernel = make(activation, depth)
    at = [Fraction(int(k), 1000) for k in np.random.default_rng(5).integers(1, 950, 12)]
    found = composed(kernel, np.array([float(a) for a in at]).reshape(3, 4)).ravel()
    enclosed = np.array([float(kernel.sum_ball(0, a, 128)) for a in at])
    other = np.array([float(make(activation, depth + 1).sum_ball(0, a, 128)) for a in at])
    assert np.abs(found - enclosed).max() < 1e-12 * total(kernel)
    assert np.abs(found - other).max() > 1e-3 * total(kernel)


def mean_of_product(f, r):
    """Return `E[f(u) f(v)]` at correlation r by the trapezoidal rule.

    For tanh, analytic up to `|Im| = pi / 2`, it errs by `exp(-pi^2 / step)`, 7e-18 at a quarter.
    """
    u, w = np.meshgrid(*[np.arange(-9, 9.125, 0.25)] * 2)
    density = np.exp(-(u**2 + w**2) / 2) / (2 * np.pi) * 0.25**2
    return float(np.sum(density * f(u) * f(r * u + np.sqrt(1 - r * r) * w)))


def slope_of_tanh(u):
    return np.cosh(u) ** -2


def arc_cosine(r):
    return (np.sqrt(1 - r * r) + r * np.arccos(-r)) / np.pi


BY_DEFINITION = {
    "tanh": (
        lambda r: mean_of_product(np.tanh, r) / mean_of_product(np.tanh, 1.0),
        lambda r: mean_of_product(slope_of_tanh, r) / mean_of_product(np.tanh, 1.0),
    ),
    "relu": (arc_cosine, lambda r: np.arccos(-r) / np.pi),
}


@pytest.mark.parametrize("activation", [RELU, TANH], ids=named)
@pytest.mark.parametrize("depth", [1, 2, 4])
def test_the_kernels_are_what_their_definition_gives_at_any_sign(activation, depth):
    value, slope = BY_DEFINITION[activation.name]
    at = np.random.default_rng(6).uniform(-0.95, 0.95, 8)
    sigmas = [at]
    for _ in range(depth):
        sigmas.append(np.array([value(r) for r in sigmas[-1]]))
    slopes = np.array([[slope(r) for r in sigma] for sigma in sigmas[:-1]])
    # the NTK as a sum over layers: Sigma_h times the slopes of all layers above h
    thetas = sum(sigma * slopes[h:].prod(axis=0) for h, sigma in enumerate(sigmas))
    ntk = deep_ntk(activation, depth)
    assert np.abs(composed(nngp(activation, depth), at) - sigmas[-1]).max() < 1e-12
    assert np.abs(composed(ntk, at) - thetas).max() < 1e-12 * total(ntk)
    assert np.abs(composed(ntk, at) - sum(sigmas)).max() > 1e-2


def finite_network(z, width, rng):
    """Return output kernel and gradient kernel of one drawn tanh network with two hidden layers, rows x rows."""
    norm = width * mean_of_product(np.tanh, 1.0)
    first, second = rng.standard_normal((z.shape[1], width)), rng.standard_normal((width, width)) / np.sqrt(norm)
    g1 = z @ first / np.sqrt(z.shape[1])
    g2 = np.tanh(g1) @ second
    back2 = rng.standard_normal(width) / np.sqrt(norm) * slope_of_tanh(g2)
    back1 = back2 @ second.T * slope_of_tanh(g1)
    last = np.tanh(g2) @ np.tanh(g2).T / norm
    middle = back2 @ back2.T * (np.tanh(g1) @ np.tanh(g1).T / norm)
    return last, last + middle + back1 @ back1.T * (z @ z.T / z.shape[1])


def test_wide_finite_networks_scatter_around_the_kernels(small):
    setting = deep(small, n=4, activation=TANH, depth=2)
    z, _ = rows(setting)
    rng = np.random.default_rng(9)
    drawn = np.array([finite_network(z, 600, rng) for _ in range(300)])
    se = drawn.std(axis=0, ddof=1) / np.sqrt(300)

    def scores(depth):
        exact = [kernels(deep(small, n=4, activation=TANH, depth=depth, kernel=k), z, ()).gram for k in DEEP]
        return np.abs((drawn.mean(axis=0) - exact) / se).max(axis=(1, 2))

    # A network of width k fluctuates by some 1 / sqrt(k) and is biased by some 1 / k: over n networks the bias is of
    # order sqrt(n / k) standard errors, here 0.7, and does not reach five.
    assert (scores(2) < 5).all()
    assert (scores(1) > 5).all()
    assert (scores(3) > 5).all()


# -- settings -----------------------------------------------------------------------------------------------------


def test_every_kernel_of_a_setting_is_the_one_it_names(small):
    made = [kernel_of(small()), kernel_of(small(kernel=Kernel.NTK))]
    made += [kernel_of(deep(small, kernel=kernel)) for kernel in DEEP]
    assert [kernel.name for kernel in made] == ["RF relu", "NTK relu", "NNGP relu, depth 3", "NTK relu, depth 3"]
    with pytest.raises(ValueError, match="ntk-deep is not one layer of features"):
        features_of(deep(small))
    with pytest.raises(ValueError, match="rf has no depth"):
        network_of(small())


@pytest.mark.parametrize("kernel", DEEP)
def test_matrices_hold_the_kernel_of_the_correlations_and_an_exact_diagonal(small, kernel):
    setting = deep(small, kernel=kernel)
    z, (queries, _) = rows(setting)
    found, expected = matrices(setting), kernel_of(setting)
    assert (found.gram == found.gram.T).all()
    assert (np.diag(found.gram) == total(expected)).all()
    assert abs(found.gram[0, 1] - composed(expected, z[0] @ z[1] / 10)) < 1e-14 * total(expected)
    assert found.cross[0].shape == (12, 12)
    assert abs(found.cross[0][2, 5] - composed(expected, z[2] @ queries[5] / 10)) < 1e-14 * total(expected)
    assert found.cross[1].shape == (12, 5)


def test_one_layer_trained_at_the_end_is_random_features(small):
    shallow = small(width=None, d=30, d_y=12, n=40)
    z, queries = rows(shallow)

    def at(setting):
        made = kernels(setting, z, queries)
        return made, alignments_at(made.gram, made.cross[0], parameters=setting.parameters)

    features, expected = at(shallow)
    network, found = at(deep(small, d=30, d_y=12, n=40, kernel=Kernel.NNGP_DEEP, depth=1))
    _, deeper = at(deep(small, d=30, d_y=12, n=40, kernel=Kernel.NNGP_DEEP, depth=2))
    scale = total(random_features(RELU))
    # the series of random features may err by its tolerance, of the diagonal
    assert np.abs(network.gram * scale - features.gram).max() < numeric.TOLERANCE * scale
    # and with the closed dual, by rounding alone, which the inverse multiplies by the condition
    dual = kernels(shallow, z, queries, dual=random_features(RELU).dual)
    expected = alignments_at(dual.gram, dual.cross[0], parameters=shallow.parameters)
    rounding = 40 * np.finfo(float).eps * np.linalg.cond(dual.gram)
    assert np.abs(found - expected).max() < rounding < 1e-10
    assert np.abs(deeper - expected).max() > 1e-2


def test_a_chunk_at_a_time_is_all_at_once(monkeypatch):
    kernel, at = deep_ntk(TANH, 2), np.random.default_rng(4).uniform(-0.9, 0.9, (7, 5))
    whole = composed(kernel, at)
    monkeypatch.setattr(numeric, "CHUNK", 4)
    assert np.array_equal(composed(kernel, at), whole)
    assert composed(kernel, np.empty((3, 0))).shape == (3, 0)


def test_depths_are_compared_on_the_same_data(small):
    one, three = (run_trial(deep(small, depth=depth), seed=1, trial=0) for depth in (1, 3))
    assert np.array_equal(one.test_labels, three.test_labels)
    assert not np.array_equal(one.alignments, three.alignments)


def test_the_alignment_of_three_layers_is_the_published_one(small):
    # The law at d = 50, N = 400, alpha = .3 is .0603 for three hidden layers, all trained.
    at = {"d": 50, "d_y": 15, "n": 400}
    found = measure(deep(small, **at), trials=8, seed=11)
    assert abs(found.gamma - 0.0603) < 5 * found.gamma_se
    assert found.gamma_se < 0.002
    for twin in (deep(small, depth=2, **at), deep(small, kernel=Kernel.NNGP_DEEP, **at)):
        wrong = measure(twin, trials=8, seed=11)
        assert abs(wrong.gamma - 0.0603) > 5 * wrong.gamma_se


def test_images_are_long_enough_for_a_deep_kernel(small):
    found = run_trial(deep(small, activation=TANH, d=144, d_y=80, n=60, data="digits"), seed=1, trial=0)
    assert found.training_residual < 1e-10
    assert 0.1 < found.alignments.mean() < 0.9


# -- what is refused ----------------------------------------------------------------------------------------------


def test_rows_of_other_norms_are_refused_in_one_line(small):
    with pytest.raises(ValueError, match=r"data gaussian: ntk-deep .* supposes \|z\|\^2 = d .* goes from") as refusal:
        matrices(deep(small, data="gaussian"))
    assert "\n" not in str(refusal.value)
    z, (queries, tests) = rows(deep(small))
    with pytest.raises(ValueError, match="supposes"):
        kernels(deep(small), z, (queries, 1.001 * tests))


def test_equal_samples_need_a_closed_form_or_a_smooth_activation(small):
    def twice(activation):
        setting = deep(small, activation=activation)
        z, _ = rows(setting)
        z[1] = z[0]
        return kernels(setting, z, ()).gram

    # z . z / d is 1 to rounding, eps, where the slope of relu is as steep as a root: 1 - sqrt(2 eps) / pi
    assert abs(twice(RELU)[0, 1] - 4) < 12 * np.sqrt(np.finfo(float).eps)
    assert abs(twice(TANH)[0, 1] - total(deep_ntk(TANH, 3))) < numeric.TOLERANCE * total(deep_ntk(TANH, 3))
    with pytest.raises(ValueError, match=r"correlation 1\.000000: .* leave out up to .* of NTK hard_tanh, depth 3"):
        twice(HARD_TANH)


@pytest.mark.parametrize("at", [0.6, -0.6])
def test_a_truncation_that_leaves_out_too_much_is_seen(monkeypatch, at):
    kernel, far = deep_ntk(TANH, 2), np.array([at, 0.1])
    exact = composed(kernel, far)
    monkeypatch.setattr(numeric, "TRUNCATION", 1e-3)
    with pytest.raises(ValueError, match="leave out up to"):
        composed(kernel, far)
    # put up with, the error stays below the bound that refused it
    monkeypatch.setattr(numeric, "TOLERANCE", 1.0)
    error = np.abs(composed(kernel, far) - exact).max() / total(kernel)
    assert error > 1e-10
    monkeypatch.setattr(numeric, "TOLERANCE", error)
    with pytest.raises(ValueError, match="leave out up to"):
        composed(kernel, far)


def test_the_ingredients_of_a_network_must_have_finite_means(small):
    assert [f.name for f in ingredients(deep(small, kernel=Kernel.NNGP_DEEP))] == ["relu"]
    assert ingredients(deep(small)) == (RELU, RELU.derivative)
    assert ingredients(small(kernel=Kernel.NTK)) == (RELU.derivative,)
    wild = Activation(name="wild", expr=sp.exp(x**2 / 3))
    with pytest.raises(ValueError, match="wild is not shown to be square-integrable"):
        measure(deep(small, activation=wild, kernel=Kernel.NNGP_DEEP), trials=2, seed=0)
    with pytest.raises(ValueError, match="step jumps"):
        measure(deep(small, activation=STEP), trials=2, seed=0)
    assert np.isfinite(matrices(deep(small, activation=STEP, kernel=Kernel.NNGP_DEEP)).gram).all()
