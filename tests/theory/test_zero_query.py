"""The query whose core feature is 0: its dual of two variances, its series, and ReLU by hand."""

from fractions import Fraction

import mpmath as mp
import pytest
import sympy as sp

from theory import balls, oracle
from theory.activations import ERF, EXP, GELU, PHI4, RELU, SIN, STEP, TANH
from theory.duals import dual
from theory.expectations import correlated
from theory.kernels import random_features, tangent_features
from theory.symbols import alpha, rho, x
from theory.zero_query import _numerator, stretched, zero_gamma_at, zero_query

BITS = 128
AT = Fraction(1, 4)
KERNELS = {
    "RF relu": random_features(RELU),
    "NTK relu": tangent_features(RELU),
    "RF erf": random_features(ERF),
    "NTK erf": tangent_features(ERF),
    "RF sin": random_features(SIN),
    "RF h1+h4": random_features(PHI4),
    "RF step": random_features(STEP),
    "RF exp": random_features(EXP),
    "RF gelu": random_features(GELU),
}


def number(expr, **values):
    symbols = {"alpha": alpha, "rho": rho}
    return balls.number(expr.subs({symbols[name]: value for name, value in values.items()}), BITS)


def coefficients(function, degrees):
    """Return `E[f(g) h_l(g)]` by the trapezoidal rule of step 1/20, for f analytic near the line."""
    found = [mp.mpf(0)] * degrees
    for k in range(-300, 301):
        z = mp.mpf(k) / 20
        term = function(z) * mp.npdf(z) / 20
        before, now = mp.mpf(0), mp.mpf(1)
        for l in range(degrees):
            found[l] += term * now
            before, now = now, (z * now - mp.sqrt(l) * before) / mp.sqrt(l + 1)
    return found


def by_series(function, at, *, first, shift):
    """Return the constant from 70 degrees of the two series; the rest of the numerator is below `at^35`, or 1e-21."""
    wide, whole = (coefficients(lambda z, s=s: function(s * z), 70) for s in (mp.sqrt(at), mp.mpf(1)))
    energy = sum(mp.npdf(mp.mpf(k) / 20) * function(mp.mpf(k) / 20) ** 2 / 20 for k in range(-300, 301))
    top = sum(wide[l] * whole[l] * at ** (mp.mpf(l) / 2) for l in range(first - shift, 70))
    return at**shift * top / (energy - sum(mu**2 for mu in whole[: first - shift]))


@pytest.mark.parametrize("at", [sp.Rational(-1, 2), sp.Rational(2, 5)], ids=str)
@pytest.mark.parametrize("activation", [RELU, ERF, SIN, STEP, EXP, GELU, PHI4], ids=lambda a: a.name)
def test_the_dual_of_two_variances_is_its_definition(activation, at):
    share = sp.Rational(1, 4)
    defined = oracle.value(correlated(activation.expr.subs(x, x / 2), activation.expr, at))
    value = mp.mpf(sp.N(dual(activation, sp.sqrt(alpha)).expr.subs({alpha: share, rho: at}), 30))
    assert defined.error < 1e-6
    assert abs(defined.value - value) <= defined.error
    assert abs(defined.value - value * 98 / 97) > defined.error


@pytest.mark.parametrize("activation", [RELU, ERF, GELU, STEP], ids=lambda a: a.name)
def test_without_a_stretch_it_is_the_dual(activation):
    wide, plain = dual(activation, sp.sqrt(alpha)).expr, dual(activation).expr
    for at in (sp.Rational(-1, 3), sp.Rational(3, 5)):
        assert number(wide, alpha=1, rho=at).overlaps(number(plain, rho=at))
        assert not number(wide, alpha=sp.Rational(98, 97), rho=at).overlaps(number(plain, rho=at)) or activation is STEP


@pytest.mark.parametrize("name", KERNELS)
def test_the_closed_form_lies_in_the_ball_of_the_series(name):
    law = zero_query(KERNELS[name])
    for at in (AT, Fraction(1, 2)):
        closed, ball = number(law.expr, alpha=sp.Rational(at.numerator, at.denominator)), law.ball(at, BITS)
        assert closed.overlaps(ball)
        assert not (closed * 98 / 97).overlaps(ball)


@pytest.mark.parametrize(
    ("kernel", "function"),
    [
        (random_features(ERF), mp.erf),
        (tangent_features(ERF), lambda z: 2 / mp.sqrt(mp.pi) * mp.exp(-z * z)),
        (random_features(SIN), mp.sin),
        (random_features(TANH), mp.tanh),
        (tangent_features(TANH), lambda z: mp.sech(z) ** 2),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_the_constant_is_that_of_the_two_series_of_the_oracle(kernel, function):
    law = zero_query(kernel)
    with mp.workdps(30):
        truth = by_series(function, mp.mpf(AT.numerator) / AT.denominator, first=2, shift=kernel.shift)
        middle, radius = (mp.mpf(text) for text in balls.text(law.ball(AT, BITS), 25))
        error = radius + mp.mpf(10) ** -20
        assert abs(middle - truth) < error
        assert abs(middle * 98 / 97 - truth) > error


def test_for_relu_the_degrees_fall_by_half_a_power_more():
    """`c_l^0 = alpha^((l + 1)/2) c_l`, for ReLU is homogeneous."""
    kappa = (sp.sqrt(1 - rho**2) + rho * (sp.pi - sp.acos(rho))) / (2 * sp.pi)
    learned = 1 / (2 * sp.pi) + rho / 4
    rest = kappa - learned
    expected = sp.sqrt(alpha) * rest.subs(rho, sp.sqrt(alpha)) / rest.subs(rho, 1)
    law = zero_query(random_features(RELU))
    for at in (Fraction(1, 9), Fraction(1, 4), Fraction(5, 7)):
        share = sp.Rational(at.numerator, at.denominator)
        assert number(law.expr, alpha=share).overlaps(number(expected, alpha=share))
        assert law.ball(at, BITS).overlaps(number(expected, alpha=share))
        assert not law.ball(at, BITS).overlaps(number(expected * sp.sqrt(alpha), alpha=share))


def test_for_relu_the_tangent_features_see_a_step_which_no_stretch_changes():
    expected = alpha * (sp.pi - sp.acos(rho) - sp.pi / 2).subs(rho, sp.sqrt(alpha)) / (sp.pi / 2)
    law = zero_query(tangent_features(RELU))
    assert number(law.expr, alpha=sp.Rational(1, 4)).overlaps(number(expected, alpha=sp.Rational(1, 4)))
    assert law.ball(AT, BITS).overlaps(number(expected, alpha=sp.Rational(1, 4)))
    assert not law.ball(AT, BITS).overlaps(number(expected * sp.Rational(98, 97), alpha=sp.Rational(1, 4)))


def test_where_there_is_no_dual_there_is_a_ball_all_the_same():
    law = zero_query(random_features(TANH))
    assert law.expr is None
    assert 0 < law.ball(AT, BITS) < 1


def test_a_stretched_function_has_its_kinks_where_they_belong():
    wide = stretched(RELU, AT)
    assert wide.expr.subs(x, 6) == 3
    assert wide.breakpoints == (0,)


@pytest.mark.parametrize(("samples", "first"), [(Fraction(1, 10**6), 1), (Fraction(10**6), 2)])
def test_the_constant_between_the_ends_tends_to_both(samples, first):
    kernel, at = random_features(RELU), Fraction(2, 5)
    end = float(_numerator(kernel, first, at, 128) / kernel.energy(first, 128))
    assert zero_gamma_at(kernel, samples)(at) == pytest.approx(end, rel=1e-4)
