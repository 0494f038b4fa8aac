"""The law in doubles, against its balls, the proportional limit, and itself at many sizes at once."""

from fractions import Fraction
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from numerics.finite_size import COARSE, TOLERANCE, finite_size
from numerics.harmonics import half_line
from theory.activations import ERF, EXP, PHI2, PHI4, RELU, SIGN, TANH
from theory.alignment import gamma_at, lower_end
from theory.deep_kernels import deep_ntk
from theory.finite_size import FiniteSizeLaw, Modes
from theory.kernels import random_features, tangent_features

ROUGH = [random_features(RELU), tangent_features(RELU), random_features(SIGN), deep_ntk(RELU, 3)]
SMOOTH = [random_features(TANH), random_features(ERF), tangent_features(ERF), tangent_features(TANH)]
QUICK = [random_features(EXP), random_features(PHI4)]
CASES = [
    *((kernel, (25, 25, n, 16, 300)) for n in (10, 200) for kernel in ROUGH + SMOOTH + QUICK),
    *((kernel, (200, 100, 6000, 8, 120)) for kernel in ROUGH + SMOOTH + QUICK),
    *((kernel, (500_000, 500_000, 6000, 4, 60)) for kernel in ROUGH + SMOOTH + QUICK),
    *((kernel, (*sizes, 50, 24, 240)) for sizes in ((3, 40), (40, 3)) for kernel in SMOOTH[:3] + QUICK),
    *((kernel, (1, 60, 100, 12, 120)) for kernel in SMOOTH + QUICK),
]
"""Kernels, and for each `d_x`, `d_y`, N, and the degrees and coefficients that make a ball narrow there."""


def name(value):
    return getattr(value, "name", str(value))


@cache
def balls_of(kernel, case):
    d_x, d_y, n, degrees, terms = case
    return FiniteSizeLaw(modes=Modes(kernel=kernel, d_x=d_x, d_y=d_y, degrees=degrees, terms=terms), n=n)


def agreement(kernel, case, found, *, tolerance=TOLERANCE):
    """Return, name by name, how far a law in doubles is from its ball, and how far it may be.

    The cut-offs move the balance by `tolerance`, so the ridge by `tolerance / (1 - r)` of itself, and as much the
    shares gamma, r and r_y.  The spread has `1 - r` below once more, and is a sum of some products of these.
    """
    law = balls_of(kernel, case)
    room = 10 * tolerance / (1 - float(found.learned[0])) ** 2
    rows = {
        "ridge": (law.ridge, found.ridge, float(law.ridge.mid())),
        "gamma": (law.gamma, found.gamma, 1.0),
        "learned": (law.learned, found.learned, 1.0),
        "learned in y": (law.learned_in_y, found.learned_in_y, 1.0),
        "variance": (law.variance, found.variance, float(law.variance.mid())),
    }
    return {
        key: (abs(float(value[0]) - float(ball.mid())), float(ball.rad()) + room * unit)
        for key, (ball, value, unit) in rows.items()
    }


@pytest.mark.parametrize(("kernel", "case"), CASES, ids=name)
def test_the_law_lies_in_its_ball(kernel, case):
    d_x, d_y, n, *_ = case
    found = finite_size(kernel, d_x, d_y, [n])
    law = balls_of(kernel, case)
    assert {key: off for key, off in agreement(kernel, case, found).items() if not off[0] <= off[1]} == {}
    for ball, width in ((law.ridge, 1e-8), (law.gamma, 1e-8), (law.variance, 1e-5), (law.learned, 1e-5)):
        assert ball.rad() < width * ball.mid()  # or the ball would say little


@pytest.mark.parametrize("kernel", [random_features(RELU), random_features(ERF), deep_ntk(RELU, 3)], ids=name)
def test_another_law_lies_outside(kernel):
    case = (200, 100, 6000, 8, 120)
    turned = agreement(kernel, case, finite_size(kernel, 100, 200, [6000]))  # the ridge does not ask which is core
    fewer = agreement(kernel, case, finite_size(kernel, 200, 100, [5999]))
    for off, names in ((turned, ("gamma", "learned in y", "variance")), (fewer, ("ridge", "gamma", "variance"))):
        assert all(off[key][0] > off[key][1] for key in names)


@pytest.mark.parametrize(("d_x", "d_y", "n"), [(3, 40, 50), (40, 3, 50), (1, 60, 30), (1, 60, 100)])
def test_in_few_dimensions_a_kink_costs_digits_and_no_more(d_x, d_y, n):
    """The coefficients of ReLU fall as `l^-2.5`, and one coordinate may be all there is to spread them."""
    kernel = random_features(RELU)
    law = balls_of(kernel, (d_x, d_y, n, 16, 240))
    allowed = float(law.gamma.rad()) + COARSE
    assert law.gamma.rad() < COARSE
    assert abs(finite_size(kernel, d_x, d_y, [n]).gamma[0] - float(law.gamma.mid())) < allowed
    assert abs(finite_size(kernel, d_y, d_x, [n]).gamma[0] - float(law.gamma.mid())) > allowed


@pytest.mark.parametrize("kernel", [random_features(RELU), tangent_features(RELU), random_features(TANH)], ids=name)
def test_many_sizes_at_once_are_each_one_alone(kernel):
    sizes = (10, 77, 600, 6000)
    together = finite_size(kernel, 60, 40, sizes)
    for i, n in enumerate(sizes):
        alone = finite_size(kernel, 60, 40, [n])
        room = 20 * TOLERANCE / (1 - alone.learned[0]) ** 2  # the cut-offs of each
        for key in ("gamma", "ridge", "variance"):
            assert getattr(together, key)[i] == pytest.approx(getattr(alone, key)[0], rel=room)
    assert all(later < earlier for earlier, later in pairwise(together.gamma))


@pytest.mark.parametrize("kernel", [random_features(RELU), tangent_features(RELU), deep_ntk(RELU, 3)], ids=name)
def test_as_d_grows_it_becomes_the_proportional_law(kernel):
    """The difference is of order `1/d`: ten times the dimensions leave a tenth of it, to a tenth of itself."""
    at, delta = Fraction(2, 5), Fraction(1, 2)
    limit = gamma_at(kernel, delta)(at)
    dimensions = [10**3, 10**4, 10**5, 10**6]
    off = [float(finite_size(kernel, d * 3 // 5, d * 2 // 5, [d // 2]).gamma[0]) - limit for d in dimensions]
    assert all(0.9 < earlier / (10 * later) < 1.1 for earlier, later in pairwise(off))
    assert abs(off[-1]) < 1e-5 < abs(lower_end(kernel)(at) - limit)


def test_with_many_samples_for_each_dimension_degree_1_is_learned():
    kernel = tangent_features(RELU)
    law = finite_size(kernel, 700_000, 300_000, [10**9])  # N/d = 1000, N/d^2 = 1/1000
    assert law.gamma[0] == pytest.approx(lower_end(kernel)(Fraction(3, 10)), abs=2e-3)
    assert law.unlearned[1, 0, 0] < 0.01
    assert law.unlearned[2, 0, 0] > 0.99


@pytest.mark.parametrize(
    ("kernel", "d", "d_y", "n", "recorded"),
    [
        (random_features(RELU), 50, 25, 200, (0.2863,)),
        (random_features(RELU), 50, 35, 4000, (0.2695,)),
        (random_features(RELU), 100, 30, 100, (0.2093, 0.0756)),
        (random_features(RELU), 100, 70, 1600, (0.4552, 0.0736)),
        (tangent_features(RELU), 50, 30, 50, (0.3848,)),
        (tangent_features(RELU), 50, 15, 1600, (0.0500,)),
        (deep_ntk(RELU, 3), 50, 15, 400, (0.0603, 0.0394)),
    ],
    ids=name,
)
def test_the_record_is_reproduced(kernel, d, d_y, n, recorded):
    law = finite_size(kernel, d - d_y, d_y, [n])
    found = (law.gamma[0], np.sqrt(law.variance[0]))[: len(recorded)]
    assert found == pytest.approx(recorded, abs=5.1e-5)  # half a unit of the fourth digit
    other = finite_size(kernel, d - d_y - 1, d_y + 1, [n])
    assert abs(other.gamma[0] - recorded[0]) > 5.1e-5


def test_a_kernel_without_more_modes_than_samples_is_refused():
    """`h1 + h2` with d_x = d_y = 20: 20 + 20 of degree 1, 400 + 209 + 209 of degree 2, and the constant."""
    assert finite_size(random_features(PHI2), 20, 20, [858]).ridge[0] > 0
    for sizes in ([859], [10, 2000]):
        with pytest.raises(ValueError, match=f"N = {max(sizes)}: the kernel has 859 modes"):
            finite_size(random_features(PHI2), 20, 20, sizes)


def test_where_all_degrees_matter_the_law_is_refused():
    with pytest.raises(ValueError, match=r"^N = 30, d_x = 2, d_y = 2: more than 96 degrees"):
        finite_size(tangent_features(RELU), 2, 2, [30])


@pytest.mark.parametrize(("d_x", "d_y"), [(3, 40), (1, 60), (2, 324)])
def test_next_to_alpha_one_the_kernel_itself_is_integrated(d_x, d_y):
    """With few core dimensions `rho` stays near 1, where the Taylor series of a kinked kernel hardly converges."""
    found = finite_size(random_features(SIGN), d_x, d_y, [50])
    assert found.modes.missing_on_x == 0
    t, w = half_line(d_x, 400)
    values = [2 / np.pi * np.arcsin((d_x * s * t + d_y) / (d_x + d_y)) for s in (1, -1)]
    whole = w @ sum(values) / 2
    assert found.modes.on_x[0] == pytest.approx(whole, rel=1e-6)
    assert found.modes.on_x[0] != pytest.approx(whole * 98 / 97, rel=1e-3)
    assert 0 < found.gamma[0] < 1
