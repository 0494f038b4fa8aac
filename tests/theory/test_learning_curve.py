"""Learning curves of the theory layer: the label's coefficients, and figures on record."""

import mpmath as mp
import pytest

from numerics import learning_curves
from numerics.finite_size import finite_size
from theory.activations import PHI2, PHI4, RELU
from theory.finite_size import FiniteSizeLaw, Modes
from theory.kernels import random_features
from theory.learning_curve import LearningCurve, sign_coefficients
from theory.predicted import curve_of
from theory.setting import Kernel, Setting


def curve(activation, d, n, parameters=None):
    modes = Modes(kernel=random_features(activation), d_x=d // 2, d_y=d // 2)
    return LearningCurve(law=FiniteSizeLaw(modes=modes, n=n), parameters=parameters)


@pytest.mark.parametrize("n", [2, 3, 8, 60])
def test_the_coefficients_of_the_sign_are_its_integrals(n):
    """`v_i = sqrt(B_i) E[sign P_i]`, i = 1 and 3, with `P_3 = ((n + 2) t^3 - 3 t) / (n - 1)`, in the angle."""
    found = sign_coefficients(n, 3)
    with mp.workdps(30):
        mass = mp.quad(lambda a: mp.cos(a) ** (n - 2), [0, mp.pi / 2])

        def mean(p):
            return mp.quad(lambda a: p(mp.sin(a)) * mp.cos(a) ** (n - 2), [0, mp.pi / 2]) / mass

        first = mp.sqrt(n) * mean(lambda t: t)
        count = mp.mpf(n * (n + 4) * (n - 1)) / 6 if n > 2 else mp.mpf(2)
        third = mp.sqrt(count) * mean(lambda t: ((n + 2) * t**3 - 3 * t) / (n - 1))
    for ball, expected in ((found[1], first), (found[3], third)):
        assert abs(float(ball.mid()) - float(expected)) < 1e-14
        assert abs(float(ball.mid()) * 98 / 97 - float(expected)) > 1e-4
    assert float(found[0].mid()) == float(found[2].mid()) == 0


@pytest.mark.parametrize(
    ("activation", "d", "n", "parameters", "accuracy"),
    [(PHI2, 500, 1000, 8000, 0.762), (PHI2, 500, 1000, 40000, 0.800), (PHI4, 100, 400, None, 0.874)],
)
def test_test_accuracies_on_record(activation, d, n, parameters, accuracy):
    assert curve(activation, d, n, parameters).test_accuracy == pytest.approx(accuracy, abs=5e-4)


def test_what_finite_width_costs_vanishes_as_it_grows():
    wide, wider, widest = (
        float(curve(RELU, 60, 120, parameters).test_error.mid()) for parameters in (1200, 12000, None)
    )
    assert wide > wider > widest
    assert (wider - widest) == pytest.approx((wide - widest) / 10, rel=0.15)  # of order N/k


def test_a_setting_is_taken_at_its_number_of_parameters():
    setting = Setting(kernel=Kernel.NTK, activation=RELU, d=40, d_y=20, n=60, width=10)
    assert curve_of(setting).parameters == 400
    assert 0.5 < curve_of(setting).spurious_accuracy < curve_of(setting).test_accuracy < 1


@pytest.mark.parametrize(
    ("activation", "d_x", "d_y", "n", "parameters"),
    [(RELU, 20, 30, 60, None), (RELU, 30, 20, 90, 900), (PHI4, 2000, 500, 3000, None)],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_accuracies_are_those_of_the_code_in_floating_point(activation, d_x, d_y, n, parameters):
    """That code is held against draws from the Gaussian model; what this one shares with it is the model alone."""
    kernel = random_features(activation)
    ours = LearningCurve(law=FiniteSizeLaw(modes=Modes(kernel=kernel, d_x=d_x, d_y=d_y), n=n), parameters=parameters)
    floating = learning_curves.LearningCurve(law=finite_size(kernel, d_x, d_y, [n]), parameters=parameters)
    assert ours.test_accuracy == pytest.approx(floating.test_accuracy[0], abs=1e-4)
    assert ours.spurious_accuracy == pytest.approx(floating.spurious_accuracy[0], abs=1e-4)
    assert ours.spurious_accuracy != pytest.approx(floating.test_accuracy[0], abs=1e-2)
