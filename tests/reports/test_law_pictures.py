"""The pictures of the law: their numbers are those of the law elsewhere, and what is said of them is seen in them."""

import math
from fractions import Fraction

import pytest

from numerics.prediction import predict
from reports.law_pictures import STAIRS, against_alpha, half_learned, ranking, regimes, spectra, staircase, views
from theory.activations import ABS, CATALOGUE, GELU, H3, RELU, SIGMOID, SIGN, SIN_COS, TANH
from theory.kernels import random_features
from theory.portrait import portrait
from theory.setting import Kernel, Setting


def at(activation=RELU, **changes):
    return Setting(**{"kernel": Kernel.RF, "activation": activation, "d": 100, "d_y": 50, "n": 100} | changes)


def points(picture, label):
    (curve,) = (c for c in picture.curves if c.label == label)
    return dict(zip(curve.x, curve.y, strict=True))


def is_the_law(curve):
    """Say whether gamma against alpha is what the law predicts at three shares."""
    return all(curve[d_y / 100] == pytest.approx(predict(at(d_y=d_y)).gamma, rel=1e-9) for d_y in (5, 50, 95))


def test_gamma_against_alpha_is_the_law_between_the_constants_of_the_activation():
    picture = against_alpha(Kernel.RF, RELU)
    assert is_the_law(points(picture, "N = d = 100"))
    wrong = against_alpha(Kernel.RF, GELU)  # differs by one per cent
    assert not is_the_law(points(wrong, "N = d = 100"))
    known = portrait(RELU, [Fraction(1, 4)]).at[Fraction(1, 4)]
    for label, key in (
        ("N/d -> 0", "gamma_rf_upper"),
        ("N/d -> infinity", "gamma_rf_lower"),
        ("bound of Theorem 5.4", "theorem_5_4_bound"),
    ):
        assert points(picture, label)[0.25] == pytest.approx(float(known[key].value), rel=1e-12)
    assert [curve.role for curve in picture.curves] == ["law", "law", "law", "paper"]


def test_of_tangent_features_the_limit_is_that_of_the_theorem():
    picture = against_alpha(Kernel.NTK, GELU)
    stated = portrait(GELU, [Fraction(3, 4)]).at[Fraction(3, 4)]["gamma_ntk"]
    assert points(picture, "Theorem 6.3, N/d -> infinity")[0.75] == pytest.approx(float(stated.value), rel=1e-12)
    law = points(picture, "N = d = 100")
    assert law[0.3] == pytest.approx(predict(at(GELU, kernel=Kernel.NTK, d_y=30)).gamma, rel=1e-9)
    assert picture.curves[-1].role == "paper"


@pytest.mark.parametrize("kernel", [Kernel.RF, Kernel.NTK])
def test_the_law_is_on_its_way_from_one_end_to_the_other(kernel):
    law, few, *_ = curves = against_alpha(kernel, TANH).curves
    assert all(low < here < high for low, here, high in zip(curves[2].y, law.y, few.y, strict=True))
    assert all(list(curve.y) == sorted(curve.y) for curve in curves)


def test_the_landings_of_the_staircase_are_partial_sums_of_the_exponential():
    """The kernel is `exp(rho - 1)`: by hand, degrees 1, 2, 3 away in turn from `exp(1/2)` and from `e`."""
    levels = dict.fromkeys(staircase(SIN_COS).curves[0].y)
    gone = [sum(0.5**k / math.factorial(k) for k in range(first)) for first in (1, 2, 3, 4)]
    gone_at_1 = [sum(1 / math.factorial(k) for k in range(first)) for first in (1, 2, 3, 4)]
    expected = [(math.exp(0.5) - a) / (math.e - b) for a, b in zip(gone, gone_at_1, strict=True)]
    assert list(levels) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("activation", STAIRS)
def test_the_descent_is_the_law_and_steeper_in_more_dimensions(activation):
    picture = staircase(activation)
    limit, *curves = picture.curves
    sharpness = []
    for curve, d in zip(curves, (1000, 200, 50), strict=True):
        place = len(curve.x) // 2
        n = round(d ** curve.x[place])
        assert curve.y[place] == pytest.approx(predict(at(activation, d=d, d_y=d // 2, n=n)).gamma, rel=1e-6)
        assert list(curve.y) == sorted(curve.y, reverse=True)
        landing = min(range(len(curve.x)), key=lambda i: abs(curve.x[i] - 1.5))
        sharpness.append(abs(curve.y[landing] - limit.y[2]))
    assert limit.x[1:3] == (1, 1)
    assert sharpness == sorted(sharpness)


@pytest.mark.parametrize(("activation", "degree"), [(a, l) for a, degrees in STAIRS.items() for l in degrees])
def test_half_of_a_degree_is_learned_where_the_line_is(activation, degree):
    (n,) = (half_learned(random_features(activation), degree, d) for d in (100,))

    def learned(samples):
        regime = predict(at(activation, n=round(samples))).regime
        return next(found.learned for found in regime if found.degree == degree)

    assert learned(n) == pytest.approx(0.5, abs=0.003)  # N is rounded
    assert learned(1.1 * n) > 0.52
    assert learned(0.9 * n) < 0.48


def test_the_lines_climb_like_powers_of_d():
    for curve, degree in zip(regimes(SIN_COS, (1, 2, 3)).curves, (1, 2, 3), strict=True):
        slope = math.log(curve.y[-1] / curve.y[-3]) / math.log(curve.x[-1] / curve.x[-3])
        assert slope == pytest.approx(degree, abs=0.05)


def test_spectra_are_the_squares_of_the_certified_coefficients():
    picture = spectra("two", (RELU, SIGN))
    for activation, energy in ((RELU, 0.5), (SIGN, 1.0)):
        rows = {row.degree: float(row.value.value) ** 2 / energy for row in portrait(activation, ()).hermite}
        assert points(picture, activation.name) == pytest.approx({l: c for l, c in rows.items() if c > 1e-20})
    assert sorted(points(picture, "sign")) == [1, 3, 5, 7, 9, 11]  # an odd function


def test_a_jump_falls_slower_than_a_kink_and_a_kink_slower_than_what_is_smooth():
    jump, kink = (points(spectra("", (one,)), one.name) for one in (SIGN, ABS))
    smooth = points(spectra("", (SIGMOID,)), "sigmoid")
    assert jump[11] / jump[5] > kink[12] / kink[6] > smooth[11] / smooth[5]


def test_the_ranking_is_that_of_the_law():
    picture = ranking(CATALOGUE)
    (curve,) = picture.curves
    assert len(picture.names) == len(CATALOGUE)
    assert list(curve.x) == sorted(curve.x)
    assert (picture.names[0], picture.names[-1]) == ("h3", "sigmoid")
    for one in (H3, RELU, SIGMOID):
        place = picture.names.index(one.name)
        assert curve.x[place] == pytest.approx(predict(at(one)).gamma, rel=1e-9)
        assert curve.y[place] == place


def test_every_picture_has_a_title_of_its_own_and_says_who_says_so():
    found = tuple(views())
    titles = [picture.title for view in found for picture in view.pictures]
    assert len(titles) == len(set(titles)) == 12
    assert all("(ours" in view.words for view in found)
    roles = {curve.role for view in found for picture in view.pictures for curve in picture.curves}
    assert roles == {"law", "paper"}


def test_what_is_drawn_as_stated_is_stated_of_such_functions():
    """Theorem 5.4 supposes phi to be Lipschitz, Theorem 6.3 phi'; the functions that are shown have no jump there."""
    for picture in next(views()).pictures:
        kernel, name = picture.title.split(": ")[1].split()
        activation = next(one for one in CATALOGUE if one.name == name)
        assert not (activation.derivative if kernel == "NTK" else activation).jumps
    assert RELU.derivative.jumps
