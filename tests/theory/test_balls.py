"""A ball contains the value, whatever the precision; the precision is put back, whatever happens."""

from fractions import Fraction

import flint
import mpmath as mp
import pytest
import sympy as sp

from theory import balls
from theory.activations import ABS, CATALOGUE, GELU, RELU, SIGMOID, TANH
from theory.balls import evaluate, gaussian_mean, integer_power, is_narrow, number, precision, rational, taylor, text
from theory.hermite import ball_polynomial
from theory.symbols import t, x

EXPRESSIONS = (
    x**3 - 3 * x + sp.Rational(1, 7),
    sp.exp(-(x**2) / 2) * sp.cos(x) + sp.sin(2 * x),
    sp.log(1 + x**2) / sp.pi,
    sp.sqrt(1 + x**2) ** 3,
    (1 + x**2) ** sp.Rational(-3, 2),
    (2 + x**2) ** sp.Rational(1, 3),
    sp.tanh(x) + sp.sinh(x) - sp.cosh(x) / sp.E,
    sp.erf(x) * sp.erfc(x / 2),
    sp.asin(x / 3) + sp.acos(x / 4) + sp.atan(x),
    (1 + x**2) ** -4,
    sp.E ** (x / 2) * 2**x,
)
VALUES = (Fraction(-7, 5), Fraction(-1, 3), Fraction(0), Fraction(9, 8))


def inside(ball, truth, *, digits=55):
    """Return whether an mpmath value good to `digits` digits lies in `ball`."""
    with precision(400):
        exact = flint.arb(mp.nstr(truth, 65, strip_zeros=False), 10.0**-digits * max(1.0, abs(float(truth))))
        return ball.overlaps(exact)


@pytest.mark.parametrize("expr", EXPRESSIONS, ids=str)
@pytest.mark.parametrize("value", VALUES, ids=str)
def test_a_ball_contains_the_value(expr, value):
    with mp.workdps(70):
        truth = sp.lambdify(x, expr, "mpmath")(mp.mpf(value.numerator) / value.denominator)
    with precision(160):
        ball = evaluate(expr, {x: rational(value)})
        assert ball.rad() < 1e-44
        assert inside(ball, truth)
        assert not inside(ball * 98 / 97 + flint.arb("1e-30"), truth)


@pytest.mark.parametrize("expr", EXPRESSIONS, ids=str)
def test_two_precisions_overlap(expr):
    coarse, fine = (number(expr.subs(x, sp.Rational(2, 7)), bits) for bits in (64, 300))
    assert coarse.overlaps(fine)
    assert fine.rad() < 1e-80 < coarse.rad()


@pytest.mark.parametrize("exponent", range(-3, 6))
def test_an_integer_power_of_a_ball_is_right_at_zero_too(exponent):
    assert integer_power(flint.arb(3), exponent).overlaps(flint.arb(3) ** exponent)
    if exponent > 0:
        assert integer_power(flint.arb(0), exponent) == 0
        assert evaluate(x**exponent, {x: flint.arb(0)}) == 0
    elif exponent == 0:
        assert integer_power(flint.arb(0), 0) == 1
    else:
        assert not integer_power(flint.arb(0), exponent).is_finite()


def test_an_even_power_of_a_ball_about_zero_stays_finite():
    assert integer_power(flint.arb(0, 0.5), 4).overlaps(flint.arb(0.0625))
    assert integer_power(flint.arb(0, 0.5), 4).abs_upper() < 0.07


def test_the_precision_is_put_back_after_an_exception():
    before = flint.ctx.prec
    with pytest.raises(ZeroDivisionError), precision(before + 100):
        _ = flint.ctx.prec // 0
    assert flint.ctx.prec == before
    with precision(before + 100):
        assert flint.ctx.prec == before + 100
    assert flint.ctx.prec == before
    with pytest.raises(ValueError, match="no ball arithmetic for besselj"):
        number(sp.besselj(0, sp.Integer(1)), before + 50)
    assert flint.ctx.prec == before


def test_the_cap_of_power_series_is_put_back():
    before = flint.ctx.cap
    with pytest.raises(ValueError, match="no ball arithmetic"):
        taylor(sp.besselj(0, t), t, 5, 64)
    assert flint.ctx.cap == before


@pytest.mark.parametrize("expr", [sp.exp(t**2 / 3 - t), sp.erf(t) * t, sp.sin(t) / (2 + t), sp.tanh(t), 3 + 0 * t, t])
def test_taylor_coefficients_are_those_of_the_derivatives(expr):
    found = taylor(expr, t, 6, 128)
    derivatives = [expr.diff(t, l).subs(t, 0) / sp.factorial(l) if l else expr.subs(t, 0) for l in range(7)]
    assert len(found) == 7
    assert [l for l in range(7) if not number(sp.expand(derivatives[l]), 128).overlaps(found[l])] == []


@pytest.mark.parametrize(
    ("activation", "known"),
    [
        (RELU, lambda: 1 / mp.sqrt(2 * mp.pi)),
        (ABS, lambda: mp.sqrt(2 / mp.pi)),
        (SIGMOID, lambda: mp.mpf(1) / 2),
        (TANH, lambda: mp.mpf(0)),
        (GELU, lambda: 1 / (2 * mp.sqrt(mp.pi))),
    ],
    ids=lambda a: getattr(a, "name", ""),
)
def test_a_gaussian_mean_contains_the_known_one(activation, known):
    with mp.workdps(70):
        truth = known()
    ball = gaussian_mean(activation, None, 160)
    assert inside(ball, truth)
    assert ball.rad() < 1e-40
    with precision(160):
        assert not inside(ball + flint.arb("1e-30"), truth)


@pytest.mark.parametrize("activation", CATALOGUE, ids=lambda a: a.name)
def test_the_energy_contains_that_of_the_definition(activation):
    function = sp.lambdify(x, activation.expr, "mpmath")
    with mp.workdps(30):
        kinks = (mp.mpf(str(sp.N(place, 30))) for place in activation.breakpoints)
        ends = sorted({-14, -7, -3, 0, 3, 7, 14, *kinks})  # beyond 14 a square of degree 8 weighs less than 1e-32
        truth = mp.quad(lambda z: function(z) ** 2 * mp.npdf(z), ends)
    ball = gaussian_mean(activation, None, 128, square=True)
    assert inside(ball, truth, digits=20)
    assert not inside(ball * 98 / 97, truth, digits=20)


def test_a_mean_with_a_factor_is_enclosed_at_two_precisions():
    coarse, fine = (gaussian_mean(TANH, ball_polynomial(7, bits), bits) for bits in (80, 200))
    assert coarse.overlaps(fine)
    assert fine.rad() < 1e-50 < coarse.rad()


@pytest.mark.parametrize("value", [1 / mp.mpf(3), mp.mpf(10) ** 20 / 7, -(mp.mpf(10) ** -12) / 11, mp.mpf(2)])
@pytest.mark.parametrize("width", [0.0, 1e-40, 1e-25, 1e-3])
def test_the_printed_radius_contains_every_value_of_the_ball(value, width):
    with precision(256):
        ball = flint.arb(mp.nstr(value, 70)) + flint.arb(0, width)
        shown, radius = text(ball, 30)
        for end in (ball.lower(), ball.upper(), ball.mid()):
            assert abs(end - flint.arb(shown)) <= flint.arb(radius)
        assert flint.arb(radius) <= 2 * ball.rad() + abs(ball) * flint.arb("1e-28") + flint.arb("1e-60")


def test_a_ball_about_zero_is_written_zero_with_its_radius():
    assert text(flint.arb(0, 1e-40), 30)[0] == "0"
    assert float(text(flint.arb(0, 1e-40), 30)[1]) >= 1e-40
    assert text(flint.arb(0), 30) == ("0", "0")


def test_no_digits_are_printed_of_what_is_not_finite():
    with pytest.raises(ArithmeticError, match="no finite enclosure"):
        text(flint.arb.nan())


@pytest.mark.parametrize(("width", "narrow"), [(1e-40, True), (1e-31, True), (1e-29, False), (1.0, False)])
def test_a_ball_is_narrow_if_its_digits_are_known(width, narrow):
    assert is_narrow(flint.arb(1, width), 30) is narrow
    assert is_narrow(flint.arb(0, width), 30) is (width < 1e-59)


def test_the_unit_interval_holds_its_ends_and_nothing_far_off():
    assert all(balls.unit_interval().contains(v) for v in (0, 1, 0.5))
    assert not balls.unit_interval().contains(1.01)


@pytest.mark.parametrize(
    "function", [sp.log, sp.sqrt, lambda z: z ** sp.Rational(1, 3)], ids=["log", "sqrt", "cube root"]
)
def test_a_box_across_a_branch_cut_has_no_analytic_value(function):
    # Cauchy's bound is of an analytic function: a finite box there would be a wrong bound.
    across = flint.acb(flint.arb(-1, 0.5), flint.arb(0, 0.5))
    beside = flint.acb(flint.arb(1, 0.5), flint.arb(0, 0.5))
    assert not balls.evaluate(function(x), {x: across}, analytic=True).is_finite()
    assert balls.evaluate(function(x), {x: beside}, analytic=True).is_finite()
    assert balls.evaluate(function(x), {x: across}).is_finite()


@pytest.mark.parametrize("function", [sp.asin, sp.acos, sp.atan], ids=str)
@pytest.mark.parametrize("sign", [1, -1])
def test_an_inverse_function_has_no_analytic_value_across_either_of_its_cuts(function, sign):
    def finite(along, off):
        """Return whether a small box (of a large one the library knows little) has a value; its place by the cuts."""
        real, imaginary = (along, off) if function is not sp.atan else (off, along)
        box = flint.acb(flint.arb(real, 0.01), flint.arb(imaginary, 0.01))
        return balls.evaluate(function(x), {x: box}, analytic=True).is_finite()

    assert not finite(2 * sign, 0)
    assert not finite(sign, 0.005)
    assert not finite(0.995 * sign, -0.005)
    assert finite(0.25 * sign, 0)
    assert finite(2 * sign, 1)
    assert finite(2 * sign, -1)


@pytest.mark.parametrize("polynomial", [x**5 - x - 1, x**5 - 4 * x + 2, x**7 + x**3 - 6, x**5 + x + 3], ids=str)
def test_a_root_without_radicals_lies_in_its_ball(polynomial):
    for root in sp.Poly(polynomial, x).real_roots():
        with balls.precision(64):
            ball = balls.number(root, 64)
        with balls.precision(300):
            truth = flint.arb(str(sp.N(root, 120)))
            assert ball.contains(truth)
            assert not ball.contains(truth * 98 / 97)
            assert balls.number(root, 300).overlaps(truth)
