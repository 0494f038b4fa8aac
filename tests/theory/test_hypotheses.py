"""Assumptions held against settings: met, broken, or of a kind that no single size can decide."""

from dataclasses import replace

import pytest
import sympy as sp

from theory import hypotheses as h
from theory.activations import (
    COS,
    CUBIC,
    ERF,
    EXP,
    GELU,
    H3,
    PHI2,
    PHI4,
    RELU,
    SIGMOID,
    SILU,
    SIN,
    SOFTPLUS,
    STEP,
    TANGENT_PHI2,
    TANH,
    Activation,
)
from theory.claim import Hypothesis, Prediction, Status, Test
from theory.setting import Kernel, Setting
from theory.symbols import x

SETTING = Setting(kernel=Kernel.NTK, activation=TANH, d=100, d_y=50, n=300, width=200)
LINEAR = Activation(name="linear", expr=2 * x)
ALL = [value for value in vars(h).values() if isinstance(value, Hypothesis)]


@pytest.mark.parametrize("activation", [RELU, TANH, SIN, ERF, COS], ids=lambda a: a.name)
def test_a_lipschitz_activation_is_seen_to_be_one(activation):
    assert h.LIPSCHITZ.examine(replace(SETTING, activation=activation))[0] is Status.HOLDS


@pytest.mark.parametrize("activation", [PHI2, PHI4, CUBIC, STEP, LINEAR], ids=lambda a: a.name)
def test_what_is_not_lipschitz_or_is_linear_breaks_the_assumption(activation):
    assert h.LIPSCHITZ.examine(replace(SETTING, activation=activation)) == (Status.VIOLATED, activation.name)


ROOT, ROOT_CUBED = (Activation(name=str(p), expr=sp.Abs(x) ** p) for p in (sp.Rational(1, 2), sp.Rational(3, 2)))


def test_a_slope_with_a_pole_breaks_the_assumption_and_is_no_error():
    assert h.LIPSCHITZ.examine(replace(SETTING, activation=ROOT))[0] is Status.VIOLATED
    assert h.DERIVATIVE_LIPSCHITZ.examine(replace(SETTING, activation=ROOT))[0] is Status.VIOLATED
    assert h.DERIVATIVE_LIPSCHITZ.examine(replace(SETTING, activation=ROOT_CUBED))[0] is Status.VIOLATED


@pytest.mark.parametrize(
    ("activation", "status"),
    [
        (TANH, Status.HOLDS),
        (TANGENT_PHI2, Status.HOLDS),
        (SIN, Status.HOLDS),
        (RELU, Status.VIOLATED),
        (CUBIC, Status.VIOLATED),
        (STEP, Status.VIOLATED),
        (LINEAR, Status.VIOLATED),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_the_derivative_is_asked_to_be_lipschitz_where_the_theorem_does(activation, status):
    assert h.DERIVATIVE_LIPSCHITZ.examine(replace(SETTING, activation=activation))[0] is status


@pytest.mark.parametrize(("n", "status"), [(101, Status.HOLDS), (100, Status.VIOLATED), (99, Status.VIOLATED)])
def test_more_samples_than_dimensions_are_counted(n, status):
    assert h.MORE_SAMPLES.examine(replace(SETTING, n=n)) == (status, f"N = {n}, d = 100")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"n": 19_999}, Status.HOLDS),
        ({"n": 20_000}, Status.VIOLATED),
        ({"n": 300, "kernel": Kernel.RF}, Status.VIOLATED),
        ({"n": 199, "kernel": Kernel.RF}, Status.HOLDS),
        ({"width": None}, Status.HOLDS),
    ],
    ids=str,
)
def test_interpolation_needs_more_parameters_than_samples(changes, status):
    assert h.INTERPOLATION.examine(replace(SETTING, **changes))[0] is status


@pytest.mark.parametrize(
    ("hypothesis", "ratio"),
    [
        (h.MANY_NEURONS, "2.8e+02"),  # 300 log(300)^3 / 200
        (h.NEURONS_BEYOND_ROOT, "0.23"),  # 10 log(100) / 200
        (h.FEW_NEURONS, "16"),  # 200 log(200)^4 / 100^2
        (h.MANY_PARAMETERS, "2.8"),  # 300 log(300)^3 / 20000
        (h.WIDTH_OF_ORDER_D, "2"),
    ],
    ids=lambda value: getattr(value, "text", ""),
)
def test_a_growth_condition_is_reported_by_its_ratio(hypothesis, ratio):
    assert hypothesis.examine(SETTING) == (Status.ASYMPTOTIC, f"the ratio is {ratio} at d=100, N=300, k=200")
    assert "infinite width" in hypothesis.examine(replace(SETTING, width=None))[1]


def test_samples_beyond_the_dimension_are_reported_by_their_ratio():
    assert h.SAMPLES_BEYOND_DIMENSION.examine(SETTING) == (Status.ASYMPTOTIC, "N / d = 3 at d=100, N=300")
    assert h.SAMPLES_BELOW_SQUARE.examine(SETTING) == (Status.ASYMPTOTIC, "N / d^2 = 0.03 at d=100, N=300")


@pytest.mark.parametrize(("d_y", "deviation"), [(50, "0.2"), (75, "0.28"), (20, "0.16")])
def test_the_norm_of_a_gaussian_core_is_reported_by_how_far_it_strays(d_y, deviation):
    # |x|^2 has the mean d_x and the variance 2 d_x
    _, figure = h.NORMS.examine(replace(SETTING, data="gaussian", d_y=d_y))
    assert figure == f"gaussian: |x|^2 / d_x = 1 up to a relative deviation of order {deviation}"


@pytest.mark.parametrize("data", ["sphere", "gaussian", "digits"])
@pytest.mark.parametrize(
    ("hypothesis", "holding"),
    [
        (h.NORMS, {"sphere", "digits"}),
        (h.CONCENTRATION, {"sphere", "gaussian"}),
        (h.INDEPENDENCE, {"sphere", "gaussian"}),
    ],
    ids=lambda value: getattr(value, "text", ""),
)
def test_assumptions_on_the_data_hold_where_they_are_built_in(hypothesis, holding, data):
    expected = Status.HOLDS if data in holding else Status.ASYMPTOTIC
    status, figure = hypothesis.examine(replace(SETTING, data=data))
    assert status is expected
    assert figure.startswith(data)


@pytest.mark.parametrize("hypothesis", ALL, ids=lambda hypothesis: hypothesis.text)
def test_where_nothing_was_measured_nothing_is_said_to_hold(hypothesis):
    assert hypothesis.examine(None) == (Status.ASYMPTOTIC, "no setting was tried")


@pytest.mark.parametrize("activation", [GELU, SIGMOID, SOFTPLUS, SILU], ids=lambda a: a.name)
def test_a_bounded_slope_is_not_called_unbounded(activation):
    assert h.LIPSCHITZ.examine(replace(SETTING, activation=activation))[0] is not Status.VIOLATED


@pytest.mark.parametrize("activation", [ERF, GELU, SIGMOID, SOFTPLUS, SILU], ids=lambda a: a.name)
def test_a_bounded_second_derivative_is_not_called_unbounded(activation):
    assert h.DERIVATIVE_LIPSCHITZ.examine(replace(SETTING, activation=activation))[0] is not Status.VIOLATED


@pytest.mark.parametrize(
    ("activation", "flat"),
    [(SIN, True), (ERF, True), (EXP, False), (CUBIC, False)],
    ids=lambda v: getattr(v, "name", ""),
)
def test_a_flat_envelope_of_the_slope_is_proof_where_no_limit_is_known(monkeypatch, activation, flat):
    monkeypatch.setattr(sp, "limit", lambda *_: sp.nan)
    assert h._is_lipschitz.__wrapped__(activation) is flat


LIMIT = Prediction(
    about="a limit",
    observable="alignment",
    test=Test.LIMIT,
    settings=(replace(SETTING, d_y=25, activation=RELU), SETTING),
    value=lambda _: 0.0,
    resolution=0.1,
    trials=2,
    rate=0.5,
    size=lambda setting: float(setting.n),
)
"""Its first setting says which sizes violate, its second is no model for them."""


def sizes(prediction):
    return [(s.d, s.d_y, s.n, s.width) for s in prediction.settings]


@pytest.mark.parametrize(
    ("hypothesis", "violated"),
    [
        (h.MORE_SAMPLES, [(50, 12, 25, 100), (100, 25, 50, 200), (200, 50, 100, 400)]),
        (h.SAMPLES_BEYOND_DIMENSION, [(50, 12, 100, 100), (100, 25, 200, 200), (200, 50, 400, 400)]),
        (h.SAMPLES_BELOW_SQUARE, [(10, 2, 100, 20), (14, 3, 196, 28), (20, 5, 400, 40)]),
    ],
    ids=lambda value: getattr(value, "text", ""),
)
def test_too_few_or_too_many_samples_are_made_at_the_share_of_the_first_setting(hypothesis, violated):
    found = hypothesis.violated_by(LIMIT)
    assert sizes(found) == violated
    assert {s.activation for s in found.settings} == {RELU}
    assert ([found.size(s) for s in found.settings], found.rate) == ([float(d) for d, *_ in violated], 1.0)
    wide = replace(LIMIT, settings=(replace(LIMIT.settings[0], width=None),))
    assert {s.width for s in hypothesis.violated_by(wide).settings} == {None}
    assert hypothesis.violated_by(replace(LIMIT, test=Test.EQUAL)) is None


@pytest.mark.parametrize(
    ("activation", "linear", "beyond"),
    [(PHI2, True, False), (H3, False, True), (COS, False, True)],
    ids=lambda v: getattr(v, "name", ""),
)
def test_no_limit_is_changed_by_learning_what_the_kernel_has_not(activation, linear, beyond):
    of_features = replace(LIMIT, settings=(replace(SETTING, kernel=Kernel.RF, activation=activation),))
    for hypothesis in (h.MORE_SAMPLES, h.SAMPLES_BEYOND_DIMENSION):
        assert (hypothesis.violated_by(of_features) is not None) is linear
    assert (h.SAMPLES_BELOW_SQUARE.violated_by(of_features) is not None) is beyond


@pytest.mark.parametrize(("kernel", "width"), [(Kernel.RF, 300), (Kernel.NTK, 3)])
def test_the_widest_network_that_cannot_interpolate_is_made(kernel, width):
    narrow = h.INTERPOLATION.violated_by(replace(LIMIT, settings=(replace(SETTING, kernel=kernel),)))
    assert sizes(narrow) == [(100, 50, 300, width)]
    assert narrow.settings[0].parameters == 300
    assert h.INTERPOLATION.examine(narrow.settings[0])[0] is Status.VIOLATED
    for settings in ((replace(SETTING, n=99),), (SETTING, replace(SETTING, width=None))):
        assert h.INTERPOLATION.violated_by(replace(LIMIT, settings=settings)) is None
