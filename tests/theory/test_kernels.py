"""Dot-product kernels: their coefficients, their sums with the tail, and the two models as values of one type."""

from fractions import Fraction

import flint
import pytest
import sympy as sp

from theory import balls
from theory.activations import CATALOGUE, ERF, PHI2, RELU, STEP, TANGENT_PHI2, TANH
from theory.kernels import KernelSeries, random_features, tangent_features
from theory.symbols import rho

BITS = 128
SMOOTH = [a for a in CATALOGUE if not a.jumps]


def named(activation):
    return activation.name


@pytest.mark.parametrize("activation", CATALOGUE, ids=named)
def test_coefficients_are_squares_and_lie_in_their_balls(activation):
    kernel = random_features(activation)
    for degree in range(8):
        closed, ball = kernel.coefficient(degree), kernel.ball(degree, BITS)
        assert ball.lower() >= -flint.arb("1e-30")
        assert closed is None or balls.number(closed, BITS).overlaps(ball)


@pytest.mark.parametrize("activation", SMOOTH, ids=named)
def test_the_tangent_coefficients_are_degree_times_those_of_random_features(activation):
    features, tangent = random_features(activation), tangent_features(activation)
    assert tangent.coefficient(0) == 0
    assert tangent.ball(0, BITS) == 0
    with balls.precision(BITS):
        for degree in range(1, 10):
            expected = degree * features.ball(degree, BITS)
            assert tangent.ball(degree, BITS).overlaps(expected)
            assert expected.contains(0) or not tangent.ball(degree, BITS).overlaps(expected * 98 / 97)


@pytest.mark.parametrize("activation", [a for a in SMOOTH if random_features(a).dual is not None], ids=named)
def test_the_tangent_kernel_is_rho_times_the_slope_of_the_other(activation):
    expected = rho * random_features(activation).dual.diff(rho)
    for at in (sp.Rational(-2, 5), sp.Rational(3, 4)):
        assert abs(sp.N((tangent_features(activation).dual - expected).subs(rho, at), 40)) < 1e-35


@pytest.mark.parametrize("first", [0, 1, 2])
@pytest.mark.parametrize("kernel", [random_features(RELU), tangent_features(ERF), random_features(STEP)], ids=str)
def test_a_sum_is_the_dual_less_its_first_terms(kernel, first):
    ball = kernel.sum_ball(first, Fraction(1, 4), BITS)
    closed = balls.number(kernel.sum_expr(first, sp.Rational(1, 4)), BITS)
    assert ball.overlaps(closed)
    assert ball.rad() < 1e-30
    assert not ball.overlaps(closed * 98 / 97)


@pytest.mark.parametrize("kernel", [random_features(PHI2), tangent_features(TANGENT_PHI2)], ids=str)
def test_the_energy_is_the_sum_at_one(kernel):
    for first in (0, 1, 2):
        assert kernel.energy(first, BITS).overlaps(balls.number(kernel.energy_expr(first), BITS))
    assert not kernel.energy(1, BITS).overlaps(kernel.energy(2, BITS))


def test_a_kernel_without_closed_form_has_its_sums_all_the_same():
    kernel = random_features(TANH)
    assert kernel.dual is None
    assert kernel.coefficient(1) is None
    assert kernel.sum_expr(1, rho) is None
    coarse, fine = (kernel.sum_ball(1, Fraction(1, 2), bits) for bits in (96, 200))
    assert coarse.overlaps(fine)
    assert fine.rad() < 1e-45


def test_the_sum_of_a_polynomial_ends_at_its_degree():
    ball = random_features(PHI2).sum_ball(0, Fraction(1, 2), BITS)
    assert ball.overlaps(flint.arb(3) / 4)
    assert ball.rad() < 1e-30


def test_a_series_cut_short_keeps_a_ball_as_wide_as_its_rest(monkeypatch):
    kernel, at = random_features(TANH), flint.arb(15) / 16
    whole = kernel.sum_at(1, at, BITS)
    monkeypatch.setattr("theory.kernels.MOST_TERMS", 40)
    cut = kernel.sum_at(1, at, BITS)
    assert balls.is_narrow(whole, 30)
    assert not balls.is_narrow(cut, 15)
    assert cut.contains(whole)
    assert not (cut * 98 / 97).contains(whole)


def test_a_kink_without_closed_form_has_thirty_digits_at_nine_tenths():
    kernel = random_features(next(a for a in CATALOGUE if a.name == "hard_tanh"))
    coarse, fine = (kernel.sum_ball(1, Fraction(9, 10), bits) for bits in (160, 192))
    assert balls.is_narrow(coarse, 30)
    assert coarse.overlaps(fine)
    assert not coarse.overlaps(fine * 98 / 97)


def test_a_closed_form_takes_over_near_one_once_it_was_seen_in_the_ball_of_the_series(monkeypatch):
    kernel, at = random_features(RELU), flint.arb(4095) / 4096
    assert balls.is_narrow(kernel.sum_at(1, at, BITS), 30)
    wrong = kernel.dual * sp.Rational(98, 97)
    monkeypatch.setattr(KernelSeries, "dual", property(lambda _: wrong))
    with pytest.raises(ArithmeticError, match=r"RF relu: .* is contradicted by its series at 0\.9997"):
        kernel.sum_at(1, at, BITS)


def test_a_step_has_no_tangent_features():
    with pytest.raises(ValueError, match="step jumps at 0, so its derivative is not a function"):
        tangent_features(STEP)
