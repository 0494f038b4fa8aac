import numpy as np
import pytest
import sympy as sp

from numerics import refit
from numerics.data import draw
from numerics.dual_series import TOLERANCE, series
from numerics.kernels import feature, kernels
from numerics.randomness import Streams
from theory.activations import GELU, RELU, SIN, STEP, TANH, Activation
from theory.setting import Kernel, Query
from theory.symbols import rho, x

KAPPA = (sp.sqrt(1 - rho**2) + rho * (sp.pi - sp.acos(rho))) / (2 * sp.pi)
TANGENT = rho * (sp.pi - sp.acos(rho)) / (2 * sp.pi)
DUALS = {Kernel.RF: KAPPA, Kernel.NTK: TANGENT}


def _rows(setting):
    drawn = draw(setting, streams=Streams(seed=2, cell="kernel", trial=0), tests=5)
    return drawn.train.z, (drawn.queries(setting.query), drawn.test.z)


def _kernels(setting, **options):
    z, queries = _rows(setting)
    return kernels(setting, z, queries, seeds=[np.random.SeedSequence(7)], **options)


@pytest.mark.parametrize("kernel", DUALS)
def test_blocks_are_products_of_explicit_features(small, kernel):
    setting = small(kernel=kernel)
    z, queries = _rows(setting)
    phi = refit.features(setting, np.vstack([z, *queries]), seeds=np.random.SeedSequence(7))
    scale = setting.width * (setting.d if kernel is Kernel.NTK else 1)
    found = _kernels(setting)
    assert np.allclose(np.hstack([found.gram, *found.cross]), phi[:12] @ phi.T / scale, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("kernel", DUALS)
@pytest.mark.parametrize("query", Query)
def test_the_series_is_the_closed_dual(small, kernel, query):
    setting = small(kernel=kernel, width=None, query=query, d=60, d_y=24)
    series_path, closed = _kernels(setting), _kernels(setting, dual=DUALS[kernel])
    for a, b in zip((series_path.gram, *series_path.cross), (closed.gram, *closed.cross), strict=True):
        assert np.abs(a - b).max() <= TOLERANCE


def test_a_wrong_dual_is_seen(small):
    setting = small(width=None, d=60, d_y=24)
    assert np.abs(_kernels(setting).gram - _kernels(setting, dual=KAPPA * sp.Rational(98, 97)).gram).max() > 1e-3


def test_the_zero_query_scales_as_core_4_2_says(small):
    # ReLU is homogeneous: k([0, y], z') = sqrt(alpha) kappa(sqrt(alpha) t_y).
    setting = small(width=None, d=60, d_y=24, query=Query.ZERO)
    z, (queries, _) = _rows(setting)
    t = z[:, 36:] @ queries[:, 36:].T / 24
    r = np.sqrt(0.4) * t
    kappa = (np.sqrt(1 - r**2) + r * (np.pi - np.arccos(r))) / (2 * np.pi)
    assert np.abs(_kernels(setting).cross[0] - np.sqrt(0.4) * kappa).max() <= TOLERANCE


@pytest.mark.parametrize("activation", [RELU, GELU, TANH], ids=lambda a: a.name)
@pytest.mark.parametrize("kernel", DUALS)
def test_wide_kernels_approach_the_infinite_one_on_gaussian_data(small, kernel, activation):
    # Entry-wise means of iid neurons: 40 blocks of 500 give a standard error each; 5 of them, over 204 entries.
    setting = small(kernel=kernel, activation=activation, data="gaussian", width=500, d=40, d_y=16)
    z, queries = _rows(setting)
    wide = [kernels(setting, z, queries, seeds=[seeds]) for seeds in np.random.SeedSequence(3).spawn(40)]
    exact = _kernels(small(kernel=kernel, activation=activation, data="gaussian", width=None, d=40, d_y=16))
    entries = np.array([np.hstack([k.gram, *k.cross]) for k in wide])
    z_scores = (entries.mean(0) - np.hstack([exact.gram, *exact.cross])) / (entries.std(0, ddof=1) / np.sqrt(40))
    assert np.abs(z_scores).max() < 5


def test_the_series_of_sine_is_known():
    # sin(s g) has a_l = +- s^l e^(-s^2/2) / sqrt(l!) for odd l: the Weierstrass transform.
    found = series(SIN, np.array([0.5, 1.0, 1.5]))
    s = np.array([0.5, 1.0, 1.5])
    assert np.allclose(found.coefficients[:, 3], -(s**3) * np.exp(-(s**2) / 2) / np.sqrt(6), rtol=1e-12)
    assert np.abs(found.coefficients[:, 0::2]).max() < 1e-14
    assert np.allclose(found.power, (1 - np.exp(-2 * s**2)) / 2, rtol=1e-12)


def test_kinks_off_zero_are_cut_at_every_scale():
    # E[1(s g > 1) g] is the density at 1/s.
    late = Activation(name="late step", expr=sp.Heaviside(x - 1))
    scales = np.array([0.7, 1.0, 1.3])
    density = np.exp(-0.5 / scales**2) / np.sqrt(2 * np.pi)
    assert np.allclose(series(late, scales).coefficients[:, 1], density, rtol=1e-12)


def test_too_close_samples_are_refused_not_guessed(small):
    setting = small(width=None)
    z, queries = _rows(setting)
    z[1] = z[0]
    with pytest.raises(ValueError, match=r"correlation 1\.000000.*errs by up to"):
        kernels(setting, z, queries)


def test_a_divergent_expectation_is_refused():
    with pytest.raises(ValueError, match="do not settle"):
        series(Activation(name="wild", expr=sp.exp(x**2 / 3)), np.ones(1))


def test_tangent_features_of_a_jump_are_refused(small):
    with pytest.raises(ValueError, match="jumps"):
        feature(small(kernel=Kernel.NTK, activation=STEP))
