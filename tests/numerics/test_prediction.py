"""The law at a setting: its keys and words, what it refuses, many settings at once, and one held against sampling."""

from dataclasses import replace

import numpy as np
import pytest

from numerics.finite_size import finite_size
from numerics.learning_curves import LearningCurve
from numerics.measurement import Measurement, measure
from numerics.prediction import Degree, degrees, heaviness, predict, predict_all
from numerics.zero_query import zero_gamma
from theory.activations import PHI2, PHI4, RELU, SIGN, TANH, Activation, hermite
from theory.kernels import random_features, tangent_features
from theory.setting import Kernel, Query, Setting
from theory.symbols import x


def at(**changes):
    return Setting(**{"kernel": Kernel.RF, "activation": RELU, "d": 60, "d_y": 24, "n": 150} | changes)


def test_its_keys_are_those_of_a_measurement():
    predicted = predict(at())
    assert list(predicted.to_dict()) == ["gamma", "sd", "test_accuracy", "spurious_accuracy", "test_mse"]
    assert set(predicted.to_dict()) <= set(Measurement.__dataclass_fields__)
    assert predicted.to_dict()["gamma"] == predicted.gamma


@pytest.mark.parametrize("width", [None, 400])
def test_the_numbers_are_those_of_the_law(width):
    found = predict(at(width=width))
    law = finite_size(random_features(RELU), 36, 24, [150])
    curve = LearningCurve(law=law, parameters=width)
    expected = (law.gamma, curve.test_accuracy, curve.spurious_accuracy, curve.test_error)
    del (numbers := found.to_dict())["sd"]
    assert list(numbers.values()) == [value[0] for value in expected]
    assert (found.effective_ridge, found.learned, found.energy) == (law.ridge[0], law.learned[0], 0.5)
    assert predict(at()).sd == np.sqrt(law.variance[0])


def test_few_neurons_add_the_spread_of_what_is_left_of_them(seed):
    """Gaussian vectors in 161 - 150 + 1 dimensions of correlation gamma, for a sample's features and its query's."""
    wide, narrow = predict(at()), predict(at(width=161))
    own, other = np.random.default_rng(seed).standard_normal((2, 200_000, 12))
    query = narrow.gamma * own + np.sqrt(1 - narrow.gamma**2) * other
    drawn = np.sum(query * own, axis=1) / np.sum(own**2, axis=1)
    squares = (drawn - narrow.gamma) ** 2
    error = squares.std() / len(squares) ** 0.5
    assert abs(narrow.sd**2 - wide.sd**2 - squares.mean()) < 4 * error
    assert abs(predict(at(width=160)).sd ** 2 - wide.sd**2 - squares.mean()) > 4 * error


def test_the_query_0_has_its_own_mean_and_neither_spread_nor_spurious_accuracy():
    found, resampled = predict(at(query=Query.ZERO)), predict(at())
    assert found.gamma == zero_gamma(finite_size(random_features(RELU), 36, 24, [150]), random_features(RELU))[0]
    assert found.sd is None
    assert found.gamma != pytest.approx(resampled.gamma, rel=0.1)
    assert found.test_accuracy == resampled.test_accuracy
    assert found.spurious_accuracy is None


def test_the_features_of_the_setting_are_those_of_the_law():
    assert predict(at(kernel=Kernel.NTK)).gamma < 0.9 * predict(at()).gamma
    deep = Setting(kernel=Kernel.NTK_DEEP, activation=RELU, d=50, d_y=15, n=400, depth=3)
    assert predict(deep).gamma == pytest.approx(0.0603, abs=5.1e-5)
    assert predict(replace(deep, depth=1)).gamma > 0.07


@pytest.mark.parametrize(
    ("learned", "word"),
    [(1.0, "learned"), (0.9, "learned"), (0.899, "half learned"), (0.101, "half learned"), (0.1, "not learned")],
)
def test_a_degree_has_a_word(learned, word):
    assert Degree(degree=2, energy=0.1, learned=learned).word == word


def test_the_degrees_are_learned_one_after_the_other():
    few, some, many = (predict(at(d=400, d_y=200, n=n)) for n in (20, 4000, 10**7))
    words = [[degree.word for degree in found.regime if degree.degree in (0, 1, 2)] for found in (few, some, many)]
    assert words == [
        ["learned", "not learned", "not learned"],
        ["learned", "learned", "not learned"],
        ["learned", "learned", "learned"],
    ]


def test_the_regime_lists_the_degrees_that_have_energy():
    regime = predict(at(activation=PHI4)).regime
    assert [degree.degree for degree in regime] == [0, 1, 2, 4]  # rho^4 has harmonics of degrees 0 and 2 too
    assert sum(degree.energy for degree in regime) == pytest.approx(1, rel=1e-12)
    assert all(degree.learned < 1 for degree in regime)


def test_what_is_learned_of_the_degrees_and_what_is_not_is_all_the_energy():
    """`sum_l share_l (1 - learned_l) kappa(1) = N kap`, as the balance has it."""
    law = finite_size(random_features(PHI4), 36, 24, [40, 150])
    energy, learned = degrees(law)
    np.testing.assert_allclose(energy @ (1 - learned) * law.modes.total, law.n * law.ridge, rtol=1e-11)
    assert not np.allclose(energy @ learned * law.modes.total, law.n * law.ridge, rtol=1e-3)


def test_many_settings_are_each_one_alone_and_keep_their_order():
    settings = [
        at(n=300), at(kernel=Kernel.NTK), at(n=20), at(query=Query.ZERO), at(n=300), at(activation=TANH, width=700),
        at(d_y=30), at(n=150),
    ]  # fmt: skip
    together = predict_all(settings)
    assert [found.setting for found in together] == settings
    for found, setting in zip(together, settings, strict=True):
        alone = predict(setting)
        for key, value in alone.to_dict().items():
            # sizes share their cut-offs, which move what they find by 1e-11 over powers of 1 - r
            assert found.to_dict()[key] == (value if value is None else pytest.approx(value, rel=1e-8))
    assert together[0].gamma < together[7].gamma < together[2].gamma
    assert predict_all([]) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"data": "gaussian"}, "data 'gaussian'.*spheres"),
        ({"data": "digits"}, "data 'digits'.*spheres"),
        ({"activation": PHI2, "d": 40, "d_y": 20, "n": 859}, "N = 859: the kernel has 859 modes"),
        ({"width": 150}, "150 parameters do not exceed N = 150"),
        ({"kernel": Kernel.NTK, "activation": SIGN}, "sign"),
        ({"kernel": Kernel.NTK, "d": 4, "d_y": 2, "n": 30}, "more than 96 degrees"),
        ({"activation": Activation(name="steep", expr=x**2 * 2 ** (x**2))}, "steep"),
    ],
    ids=["gaussian", "digits", "rank", "width", "jump", "rough", "growth"],
)
def test_what_the_law_says_nothing_of_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        predict(at(**changes))


def test_tangent_features_have_d_parameters_for_each_neuron():
    """The error is that of as many random features, from `AMPLE` for each sample on; the spread is not known."""
    few, ample, wide = (predict(at(kernel=Kernel.NTK, width=k)) for k in (9, 10, None))  # 540, 600 for 150 samples
    assert few.gamma == ample.gamma == wide.gamma
    assert few.test_mse is few.test_accuracy is few.spurious_accuracy is few.sd is ample.sd is None
    curve = LearningCurve(law=finite_size(tangent_features(RELU), 36, 24, [150]), parameters=600)
    assert ample.test_mse == curve.test_error[0] > wide.test_mse
    with pytest.raises(ValueError, match="120 parameters do not exceed N = 150"):
        predict(at(kernel=Kernel.NTK, width=2))


def test_one_sample_fewer_than_modes_is_allowed():
    assert 0 < predict(at(activation=PHI2, d=40, d_y=20, n=858)).gamma < 0.5


def test_a_sampled_mean_agrees_and_refuses_the_other_share():
    setting = at(d_y=30, n=60)
    found = measure(setting, trials=60, seed=5)
    assert abs(found.gamma - predict(setting).gamma) < 4 * found.gamma_se
    assert abs(found.sd / predict(setting).sd - 1) < 4 * found.sd_se / found.sd + 0.024  # the law is stated to 2.4 %
    uneven = at(d_y=20, n=60)
    found = measure(uneven, trials=60, seed=5)
    assert abs(found.gamma - predict(uneven).gamma) < 4 * found.gamma_se
    assert abs(found.gamma - predict(replace(uneven, d_y=40)).gamma) > 4 * found.gamma_se


def test_where_the_noise_is_far_from_gaussian_neither_spread_nor_accuracies_are_told():
    """Two layers of h3 make `rho^9`: sampled accuracies were .643 and .996 where the Gaussian step gave .58 and .76."""
    heavy = predict(Setting(kernel=Kernel.NNGP_DEEP, depth=2, activation=hermite(3), d=100, d_y=50, n=300))
    assert heavy.sd is heavy.test_accuracy is heavy.spurious_accuracy is None
    assert 0 < heavy.gamma < 0.01
    assert 0.9 < heavy.test_mse < 1
    light = predict(Setting(kernel=Kernel.NTK, activation=hermite(3), d=123, d_y=56, n=224))
    assert light.spurious_accuracy == pytest.approx(0.931, abs=0.005)  # sampled .931 (5); .972 were F constant


@pytest.mark.parametrize(
    ("degree", "expected"), [(1, 0), (2, 105 / 9 - 3), (3, 0.4**2 * (10395 / 225 - 3))], ids=["one", "two", "three"]
)
def test_the_kurtosis_of_the_noise_is_that_of_its_degrees(degree, expected):
    """`rho^2` is of degree 2 but for its mean; `rho^3` has d modes of `3/d^2` besides `d^3/6` of `6/d^3`: 9 to 6."""
    law = finite_size(random_features(hermite(degree, degree + 2)), 50000, 50000, [10])
    assert heaviness(law)[0] == pytest.approx(expected / 10, abs=1e-3)


@pytest.mark.filterwarnings("error")
def test_the_kurtosis_of_many_degrees_is_a_number():
    """With d = 4 and N = 30 degrees to 96 are kept, whose double factorials are beyond all doubles."""
    law = finite_size(random_features(RELU), 2, 2, [30])
    assert law.modes.degrees == 96
    assert np.isfinite(heaviness(law)).all()
