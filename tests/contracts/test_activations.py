"""The battery that every activation of the catalogue passes, with nothing said about any one of them."""

from fractions import Fraction

import flint
import mpmath as mp
import numpy as np
import pytest
import sympy as sp

from numerics.elementwise import vectorise
from theory import balls
from theory.activations import CATALOGUE, RELU
from theory.alignment import lower_end, theorem_5_4_bound, upper_end
from theory.hermite import HermiteSeries
from theory.kernels import random_features
from theory.portrait import portrait
from theory.quadrature import hermite_moments
from theory.symbols import rho, x

BITS = 128
POINTS = [Fraction(6 * k - 57, 20) for k in range(20)]
"""Twenty points off every kink, none of them whole."""

every = pytest.mark.parametrize("activation", CATALOGUE, ids=lambda activation: activation.name)


def farthest(expr: sp.Expr, meant: sp.Expr) -> float:
    """Return the largest distance of the numpy form of `expr` from the mpmath form of `meant`, per allowed rounding.

    A value is the outcome of a dozen operations on terms of at most `8 (1 + |x|)^4`, each rounded to 2^-53.
    """
    exact = sp.lambdify(x, meant, "mpmath")
    computed = vectorise(expr)(np.array([float(p) for p in POINTS]))
    with mp.workdps(40):
        off = [abs(mp.mpf(float(c)) - exact(mp.mpf(float(p)))) for c, p in zip(computed, POINTS, strict=True)]
        return max(float(o / (12 * 8 * (1 + abs(float(p))) ** 4 * 2**-53)) for o, p in zip(off, POINTS, strict=True))


@every
def test_the_numpy_form_is_the_mpmath_form(activation):
    assert farthest(activation.expr, activation.expr) < 1
    assert farthest(activation.expr * sp.Rational(98, 97), activation.expr) > 1e6


@every
def test_the_derivative_is_that_of_mpmath(activation):
    if activation.jumps:
        with pytest.raises(ValueError, match="jumps at 0, so its derivative is not a function"):
            _ = activation.derivative
    else:
        function = sp.lambdify(x, activation.expr, "mpmath")
        computed = vectorise(activation.derivative.expr)(np.array([float(p) for p in POINTS]))
        with mp.workdps(40):
            slopes = [float(mp.diff(function, mp.mpf(float(p)))) for p in POINTS]
        assert computed == pytest.approx(slopes, rel=1e-12, abs=1e-12)


@every
def test_coefficients_agree_by_three_ways_and_at_two_precisions(activation):
    series = HermiteSeries(activation)
    moments, finer = (hermite_moments(activation, 12, bits) for bits in (BITS, 2 * BITS))
    for degree in range(13):
        closed = series.coefficient(degree)
        ways = [series.ball(degree, BITS), finer[degree]]
        ways += [] if closed is None else [balls.number(closed, BITS)]
        assert [way for way in ways if not way.overlaps(moments[degree])] == []
        assert moments[degree].rad() < 1e-30


@every
def test_the_energy_is_the_sum_of_squares_and_the_tail(activation):
    series = HermiteSeries(activation)
    with balls.precision(BITS):
        total = sum((series.ball(l, BITS) * series.ball(l, BITS) for l in range(21)), flint.arb(0))
        tail = series.tail(20, BITS)
        assert series.energy(BITS).overlaps(total + tail * balls.unit_interval())
        assert not series.energy(BITS).overlaps(total * 98 / 97 + tail * 98 / 97 + flint.arb("1e-20"))
        assert tail <= series.tail(10, BITS)


@every
@pytest.mark.parametrize("at", [sp.Rational(-1, 2), sp.Rational(1, 3), sp.Rational(9, 10)], ids=str)
def test_the_dual_is_its_hermite_series(activation, at):
    kernel = random_features(activation)
    closed = [] if kernel.dual is None else [balls.number(kernel.dual.subs(rho, at), BITS)]
    with balls.precision(BITS):
        point = balls.rational(Fraction(int(at.p), int(at.q)))
        total = sum((kernel.ball(l, BITS) * balls.integer_power(point, l) for l in range(81)), flint.arb(0))
        total += kernel.series.tail(80, BITS) * abs(point) ** 81 * flint.arb(0, 1)
        assert total.rad() < 1e-4  # the widest: relu at 9/10
        assert [ball for ball in closed if not ball.overlaps(total)] == []
        assert [ball for ball in closed if (ball * 98 / 97).overlaps(total)] == []


@every
def test_the_portrait_holds_the_ends_and_the_bound_in_their_order(activation):
    at = Fraction(3, 8)
    values = {key: flint.arb(f"{v.value} +/- {v.radius}") for key, v in portrait(activation, [at]).at[at].items()}
    kernel = random_features(activation)
    for key, law in (
        ("gamma_rf_upper", upper_end(kernel)),
        ("gamma_rf_lower", lower_end(kernel)),
        ("theorem_5_4_bound", theorem_5_4_bound(kernel)),
    ):
        assert values[key].overlaps(law.ball(at, 200)), key
        assert not values[key].overlaps(law.ball(at, 200) * 98 / 97), key
    assert values["theorem_5_4_bound"].lower() > 0
    assert values["theorem_5_4_bound"].lower() <= values["gamma_rf_lower"].upper()
    assert values["gamma_rf_lower"].lower() <= values["gamma_rf_upper"].upper()
    assert values["gamma_rf_upper"].upper() < 1
    assert ("gamma_ntk" in values) == (not activation.jumps)


def test_the_catalogue_names_each_activation_once():
    names = [activation.name for activation in CATALOGUE]
    assert RELU in CATALOGUE
    assert len(set(names)) == len(names)
