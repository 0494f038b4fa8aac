"""The constants gamma: closed forms, figures that others can be held to, and the order in which they must stand."""

from fractions import Fraction
from itertools import pairwise

import pytest
import sympy as sp

from theory import balls
from theory.activations import COS, CUBIC, ERF, GELU, PHI2, RELU, SIN, STEP, TANGENT_PHI2, TANH, Activation
from theory.alignment import (
    c1,
    fixed_point,
    gamma_at,
    law_at,
    lower_end,
    proportional_ball,
    proportional_law,
    quotient,
    root,
    tail,
    tail_at,
    theorem_5_4_bound,
    upper_end,
)
from theory.kernels import random_features, tangent_features
from theory.symbols import alpha, delta, x

HALF = Fraction(1, 2)
DELTAS = tuple(Fraction(n, 16) for n in (1, 4, 8, 16, 32, 64, 256))
KERNELS = (
    random_features(RELU),
    random_features(TANH),
    random_features(GELU),
    random_features(STEP),
    random_features(PHI2),
    random_features(CUBIC),
    tangent_features(RELU),
    tangent_features(SIN),
    tangent_features(TANGENT_PHI2),
)


def named(kernel):
    return kernel.name


every = pytest.mark.parametrize("kernel", KERNELS, ids=named)


def test_gamma_ntk_of_relu_is_an_arcsine():
    derived = lower_end(tangent_features(RELU)).expr
    assert sp.simplify(derived - 2 * alpha * sp.asin(alpha) / sp.pi) == 0
    assert sp.simplify(derived - 2 * sp.asin(alpha) / sp.pi) != 0


@pytest.mark.parametrize(
    ("law", "expected"),
    [
        (upper_end(random_features(RELU)), 0.4264),
        (lower_end(random_features(RELU)), 0.2239),
        (upper_end(random_features(TANH)), 0.4726),
        (lower_end(random_features(TANH)), 0.1052),
        (lower_end(tangent_features(TANGENT_PHI2)), 0.25),
        (upper_end(random_features(PHI2)), 0.375),
        (theorem_5_4_bound(random_features(PHI2)), 0.125),
    ],
    ids=lambda value: value.kernel.name if hasattr(value, "kernel") else str(value),
)
def test_gamma_at_one_half_is_the_published_figure(law, expected):
    assert abs(law(HALF) - expected) <= 5e-5


@pytest.mark.parametrize(
    ("law", "expected"),
    [
        (upper_end(random_features(ERF)), sp.asin(2 * alpha / 3) / sp.asin(sp.Rational(2, 3))),
        (upper_end(random_features(SIN)), sp.sinh(alpha) / sp.sinh(1)),
        (lower_end(random_features(COS)), (sp.cosh(alpha) - 1) / (sp.cosh(1) - 1)),
        (lower_end(random_features(PHI2)), alpha**2),
        (theorem_5_4_bound(random_features(PHI2)), alpha**2 / 2),
        (lower_end(tangent_features(CUBIC)), alpha**3),
    ],
    ids=lambda value: value.kernel.name if hasattr(value, "kernel") else str(value),
)
def test_the_closed_form_is_the_one_by_hand(law, expected):
    for at in (sp.Rational(1, 5), sp.Rational(3, 4)):
        assert abs(sp.N((law.expr - expected).subs(alpha, at), 40)) < 1e-35
        assert abs(sp.N((law.expr - expected * sp.Rational(98, 97)).subs(alpha, at), 40)) > 1e-5


@every
def test_the_closed_form_lies_in_the_ball_of_the_series(kernel):
    for law in (upper_end(kernel), lower_end(kernel), theorem_5_4_bound(kernel)):
        ball = law.ball(Fraction(3, 8), 160)
        assert ball.rad() < 1e-30
        assert law.expr is None or balls.number(law.expr.subs(alpha, sp.Rational(3, 8)), 160).overlaps(ball)


@every
def test_the_law_lies_between_the_bound_and_the_upper_end_and_falls_with_delta(kernel):
    bound, low, high = (end(kernel)(HALF) for end in (theorem_5_4_bound, lower_end, upper_end))
    values = [gamma_at(kernel, d)(HALF) for d in DELTAS]
    assert bound <= low
    assert low <= min(values)
    assert max(values) <= high
    assert all(later <= earlier for earlier, later in pairwise(values))


@every
def test_the_law_tends_to_its_ends(kernel):
    few, many = (gamma_at(kernel, d)(HALF) for d in (Fraction(1, 2**40), Fraction(2**40)))
    # first order in delta, and in 1/delta, with a constant of order one: 2^-40 is 1e-12
    assert abs(few - upper_end(kernel)(HALF)) < 1e-11
    assert abs(many - lower_end(kernel)(HALF)) < 1e-11


def test_the_ends_are_told_apart():
    kernel = random_features(RELU)
    assert upper_end(kernel)(HALF) - lower_end(kernel)(HALF) > 0.2
    assert gamma_at(kernel, Fraction(1))(HALF) - lower_end(kernel)(HALF) > 0.01


@pytest.mark.parametrize("law", [upper_end, lower_end, theorem_5_4_bound])
@every
def test_gamma_increases_with_alpha_and_is_convex(kernel, law):
    values = [law(kernel)(Fraction(n, 8)) for n in range(1, 7)]
    slopes = [b - a for a, b in pairwise(values)]
    assert min(slopes) > 0
    assert all(b >= a - 1e-15 for a, b in pairwise(slopes))
    assert values[0] > 0
    assert values[-1] < 1


def test_misprint_e2_gets_its_two_numbers():
    kernel = tangent_features(TANGENT_PHI2)
    assert lower_end(kernel)(HALF) == 0.25
    assert abs(gamma_at(kernel, Fraction(3))(HALF) - 0.3081) < 5e-5


def test_the_root_solves_the_fixed_point_and_is_a_share():
    assert sp.simplify(fixed_point(root())) == 0
    for values in ((1, 2, 3), (5, sp.Rational(1, 9), sp.Rational(1, 2)), (sp.Rational(1, 50), 4, 100)):
        m = root().subs(dict(zip((c1, tail, delta), values, strict=True)))
        assert 0 < m.evalf() < 1


def test_the_law_as_an_expression_is_the_law_in_balls():
    kernel = random_features(RELU)
    bits, d = 160, Fraction(3, 2)
    with balls.precision(bits):
        values = {
            c1: kernel.ball(1, bits),
            tail_at: kernel.sum_ball(2, HALF, bits),
            tail: kernel.energy(2, bits),
            alpha: balls.rational(HALF),
            delta: balls.rational(d),
        }
        evaluated = balls.evaluate(proportional_law(), values)
        assert evaluated.overlaps(proportional_ball(kernel, HALF, d, bits))
        assert not evaluated.overlaps(proportional_ball(kernel, HALF, 2 * d, bits))


def test_the_law_at_the_two_shares_is_its_ends():
    assert sp.simplify(law_at(sp.Integer(0)) - tail_at / tail) == 0
    assert sp.simplify(law_at(sp.Integer(1)) - (c1 * alpha + tail_at) / (c1 + tail)) == 0


def test_a_kernel_without_degree_one_has_one_gamma_at_every_delta():
    kernel = random_features(COS)
    values = {gamma_at(kernel, d)(HALF) for d in DELTAS}
    assert max(values) - min(values) < 1e-15
    assert abs(values.pop() - lower_end(kernel)(HALF)) < 1e-15


@pytest.mark.parametrize("law", [upper_end, lower_end, theorem_5_4_bound])
def test_an_activation_without_higher_degrees_is_refused(law):
    linear = Activation(name="linear", expr=3 * x - 1)
    with pytest.raises(ValueError, match="linear is linear: the theorems suppose a non-linear activation"):
        law(random_features(linear))
    with pytest.raises(ValueError, match="is constant, so its integral is linear"):
        law(tangent_features(linear))


@pytest.mark.parametrize("at", [Fraction(1, 3), Fraction(2, 5), Fraction(80, 144)], ids=str)
def test_a_share_that_is_no_binary_fraction_has_its_gamma(at):
    assert abs(upper_end(random_features(PHI2))(at) - float(at + at**2) / 2) < 1e-15
    assert abs(lower_end(tangent_features(TANGENT_PHI2))(at) - float(at**2)) < 1e-15


@pytest.mark.parametrize("at", [Fraction(7, 8), Fraction(31, 32)], ids=str)
def test_a_closed_form_gives_gamma_up_to_one(at):
    by_hand = float((2 * alpha * sp.asin(alpha) / sp.pi).subs(alpha, sp.Rational(at.numerator, at.denominator)))
    assert abs(lower_end(tangent_features(RELU))(at) - by_hand) < 1e-15


@pytest.mark.parametrize(
    ("top", "bottom"),
    [
        (1 - sp.sqrt(1 - alpha**2), 1 - sp.pi / 2),
        (alpha * (2 - sp.pi), 3 - sp.pi),
        (alpha**2 - 1, alpha - 2),
        (sp.asin(alpha) - alpha, 2 - sp.pi),
        (1 - alpha, sp.sqrt(2) - 2),
        (1 + alpha, sp.pi - 3),
    ],
    ids=str,
)
def test_a_quotient_is_one_fraction_with_a_positive_lower_half(top, bottom):
    found = quotient(top, bottom)
    assert sp.fraction(found)[1].subs(alpha, sp.Rational(1, 2)).evalf() > 0
    for at in (sp.Rational(1, 7), sp.Rational(1, 2), sp.Rational(9, 10)):
        assert sp.N((found - top / bottom).subs(alpha, at), 30, chop=1e-25) == 0
