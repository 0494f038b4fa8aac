"""Deep kernels against compositions by mpmath, which share no code with them; slips of the recursion are refused."""

from fractions import Fraction
from functools import cache

import flint
import mpmath
import pytest
import sympy as sp
from mpmath.calculus.quadrature import GaussLegendre

from theory import balls, deep_kernels
from theory.activations import CATALOGUE, ERF, GELU, PHI2, RELU, SIN, SOFTPLUS, STEP, TANH, Activation
from theory.alignment import lower_end, upper_end
from theory.deep_kernels import deep_ntk, nngp
from theory.kernels import random_features, tangent_features

BITS = 160
HALF = Fraction(1, 2)
HARD_TANH = next(a for a in CATALOGUE if a.name == "hard_tanh")
TOLERANCE = mpmath.mpf("1e-28")
"""The oracles work with 45 digits; numerical derivatives and quadrature leave them 30 and more."""


def named(value):
    return getattr(value, "name", None) or getattr(value, "__name__", None)


def agrees(ball, number) -> bool:
    """Return whether the ball is narrow and holds the oracle's number, up to the oracle's own error."""
    middle = mpmath.mpf(ball.mid().str(50, radius=False))
    return ball.rad() < flint.arb("1e-28") and abs(middle - number) < TOLERANCE


@pytest.fixture(autouse=True)
def _digits():
    with mpmath.workdps(45):
        yield


# -- the closed recursion of relu ---------------------------------------------------------------------------------


def arc_cosine(r):
    return (mpmath.sqrt(1 - r * r) + r * (mpmath.pi - mpmath.acos(r))) / mpmath.pi


def arc_slope(r):
    return 1 - mpmath.acos(r) / mpmath.pi


def relu_nngp(depth, r):
    for _ in range(depth):
        r = arc_cosine(r)
    return r


def relu_ntk(depth, r):
    """Return the NTK by its sum over the layers: `Sigma_h` times the slopes of the layers above h."""
    sigmas = [relu_nngp(h, r) for h in range(depth + 1)]
    slopes = [arc_slope(sigma) for sigma in sigmas[:-1]]
    return mpmath.fsum(sigma * mpmath.fprod(slopes[h:]) for h, sigma in enumerate(sigmas))


def without_slopes(depth, r):
    return mpmath.fsum(relu_nngp(h, r) for h in range(depth + 1))


def slope_one_layer_late(depth, r):
    theta = r
    for h in range(depth):
        theta = relu_nngp(h + 1, r) + theta * arc_slope(relu_nngp(h + 1, r))
    return theta


def lower_layer_added(depth, r):
    theta = r
    for h in range(depth):
        theta = relu_nngp(h, r) + theta * arc_slope(relu_nngp(h, r))
    return theta


def unnormalised(depth, r):
    for _ in range(depth):
        r = arc_cosine(r) / 2
    return r


@pytest.mark.parametrize("depth", [1, 2, 3, 5, 10])
@pytest.mark.parametrize(("kernel", "oracle"), [(nngp, relu_nngp), (deep_ntk, relu_ntk)], ids=["nngp", "ntk"])
def test_taylor_coefficients_are_those_of_the_composed_arc_cosines(kernel, oracle, depth):
    expected = mpmath.taylor(lambda r: oracle(depth, r), 0, 8)
    found = [kernel(RELU, depth).ball(degree, BITS) for degree in range(9)]
    assert all(agrees(ball, number) for ball, number in zip(found, expected, strict=True))
    assert not any(agrees(b, n * 98 / 97) for b, n in zip(found, expected, strict=True) if abs(n) > TOLERANCE)


@pytest.mark.parametrize("at", [Fraction(1, 4), HALF, Fraction(9, 10), Fraction(4095, 4096)], ids=str)
@pytest.mark.parametrize("depth", [2, 3, 10])
@pytest.mark.parametrize(("kernel", "oracle"), [(nngp, relu_nngp), (deep_ntk, relu_ntk)], ids=["nngp", "ntk"])
def test_values_are_those_of_the_composed_arc_cosines(kernel, oracle, depth, at):
    expected = oracle(depth, mpmath.mpf(at.numerator) / at.denominator)
    assert agrees(kernel(RELU, depth).sum_ball(0, at, BITS), expected)


@pytest.mark.parametrize("wrong", [without_slopes, slope_one_layer_late, lower_layer_added, unnormalised])
def test_a_recursion_with_a_slip_is_refused(wrong):
    at = mpmath.mpf(1) / 2
    for kernel in (nngp(RELU, 2), deep_ntk(RELU, 2)):
        assert abs(mpmath.mpf(kernel.sum_ball(0, HALF, BITS).mid().str(40, radius=False)) - wrong(2, at)) > 1e-2


# -- activations without closed form: coefficients by quadrature, power series by hand ---------------------------


def nodes_of_the_line():
    """Return Gauss-Legendre nodes and weights on panels of length 2 that break at -1 and 1, up to 21.

    By Cauchy and Schwarz what lies beyond is below `exp(-21^2/4) = 1e-48` times the norm of the function.
    """
    rule = GaussLegendre(mpmath.mp)
    return [node for a in range(-21, 21, 2) for node in rule.get_nodes(a, a + 2, 5, mpmath.mp.prec)]


@cache
def layer(function, derivative, terms):
    """Return `E[f(g) h_l(g)]^2 / E[phi(g)^2]`, l < terms, for f = phi and f = phi', by quadrature."""
    roots = [mpmath.sqrt(l) for l in range(terms + 1)]
    moments, energy = [[mpmath.mpf(0)] * terms for _ in range(2)], mpmath.mpf(0)
    for z, weight in nodes_of_the_line():
        mass = weight * mpmath.npdf(z)
        values = [f(z) for f in (function, derivative)]
        energy += mass * values[0] ** 2
        before, now = mpmath.mpf(0), mass
        for l in range(terms):
            for moment, value in zip(moments, values, strict=True):
                moment[l] += value * now
            before, now = now, (z * now - roots[l] * before) / roots[l + 1]
    return [[m**2 / energy for m in moment] for moment in moments]


def product(a, b):
    return [mpmath.fsum(a[i] * b[m - i] for i in range(m + 1)) for m in range(len(a))]


def composed(outer, inner):
    """Return `sum_l outer_l inner^l` as a power series, power by power."""
    total, power = [mpmath.mpf(0)] * len(inner), [mpmath.mpf(1)] + [mpmath.mpf(0)] * (len(inner) - 1)
    for coefficient in outer:
        total = [t + coefficient * p for t, p in zip(total, power, strict=True)]
        power = product(power, inner)
    return total


def series(value, slope, depth, order):
    """Return the Taylor coefficients of the NNGP and the NTK from those of the layer and of its slope."""
    sigma = [mpmath.mpf(m == 1) for m in range(order)]
    theta = sigma
    for _ in range(depth):
        carried = product(theta, composed(slope, sigma))
        sigma = composed(value, sigma)
        theta = [a + b for a, b in zip(sigma, carried, strict=True)]
    return sigma, theta


OPEN = [
    # an odd function leaves 0 where it is, so degrees below the order are all that enter
    pytest.param(TANH, mpmath.tanh, lambda z: mpmath.sech(z) ** 2, 8, id="tanh"),
    pytest.param(HARD_TANH, lambda z: min(max(z, -1), 1), lambda z: mpmath.mpf(abs(z) < 1), 8, id="hard_tanh"),
    # it has poles at +-i pi, so its squared coefficients fall like exp(-2 pi sqrt(l)): 1e-34 at degree 160
    pytest.param(
        SOFTPLUS,
        lambda z: mpmath.log1p(mpmath.exp(z)),
        lambda z: 1 / (1 + mpmath.exp(-z)),
        160,
        id="softplus",
        marks=pytest.mark.slow,
    ),
]


@pytest.mark.parametrize(("activation", "function", "derivative", "terms"), OPEN)
def test_without_closed_form_the_taylor_coefficients_are_enclosed(activation, function, derivative, terms):
    value, slope = layer(function, derivative, terms)
    for depth in (2, 3):
        expected = series(value, slope, depth, 8)
        for kernel, numbers in zip((nngp(activation, depth), deep_ntk(activation, depth)), expected, strict=True):
            found = [kernel.ball(degree, BITS) for degree in range(8)]
            assert all(agrees(ball, number) for ball, number in zip(found, numbers, strict=True))
            assert not agrees(found[1], numbers[1] * 98 / 97)


@pytest.mark.slow
def test_without_closed_form_the_value_at_a_point_is_enclosed():
    value, slope = layer(*OPEN[2].values[1:])
    sigma = theta = mpmath.mpf(9) / 10
    for _ in range(3):
        carried = theta * mpmath.polyval(slope[::-1], sigma)
        sigma = mpmath.polyval(value[::-1], sigma)
        theta = sigma + carried
    at = Fraction(9, 10)
    assert agrees(nngp(SOFTPLUS, 3).sum_ball(0, at, BITS), sigma)
    assert agrees(deep_ntk(SOFTPLUS, 3).sum_ball(0, at, BITS), theta)
    assert not agrees(nngp(SOFTPLUS, 3).sum_ball(0, at, BITS), theta)


def test_a_kink_without_closed_form_has_thirty_digits_at_nine_tenths():
    coarse, fine = (deep_ntk(HARD_TANH, 2).sum_ball(2, Fraction(9, 10), bits) for bits in (BITS, 192))
    assert balls.is_narrow(coarse, 30)
    assert coarse.overlaps(fine)
    assert not coarse.overlaps(fine * 98 / 97)


# -- how the kernels stand to each other ---------------------------------------------------------------------------


@pytest.mark.parametrize("activation", [RELU, TANH, GELU, PHI2, STEP], ids=named)
def test_the_nngp_of_depth_one_is_random_features_normalised(activation):
    deep, shallow = nngp(activation, 1), random_features(activation)
    with balls.precision(BITS):
        for degree in range(20):
            expected = shallow.ball(degree, BITS) / shallow.total(BITS)
            assert deep.ball(degree, BITS).overlaps(expected)
            assert expected.contains(0) or not deep.ball(degree, BITS).overlaps(expected * 98 / 97)
    assert upper_end(deep).ball(HALF, BITS).overlaps(upper_end(shallow).ball(HALF, BITS))


@pytest.mark.parametrize("activation", [RELU, TANH, GELU, PHI2], ids=named)
def test_the_ntk_of_depth_one_adds_the_tangent_features_to_the_random_ones(activation):
    deep, last, first = deep_ntk(activation, 1), random_features(activation), tangent_features(activation)
    with balls.precision(BITS):
        for degree in range(1, 20):
            both = (last.ball(degree, BITS) + first.ball(degree, BITS)) / last.total(BITS)
            assert deep.ball(degree, BITS).overlaps(both)
        assert not deep.ball(1, BITS).overlaps(first.ball(1, BITS) / last.total(BITS))


@pytest.mark.parametrize("activation", [RELU, TANH, SOFTPLUS], ids=named)
def test_the_sum_at_one_is_a_geometric_series_of_the_slope(activation):
    with balls.precision(BITS):
        slope = tangent_features(activation).total(BITS) / random_features(activation).total(BITS)
        for depth in (1, 2, 4):
            assert nngp(activation, depth).total(BITS) == 1
            expected = sum((balls.integer_power(slope, h) for h in range(depth + 1)), flint.arb(0))
            assert deep_ntk(activation, depth).total(BITS).overlaps(expected)
            assert not deep_ntk(activation, depth).total(BITS).overlaps(expected - 1)


@pytest.mark.parametrize("kernel", [nngp(RELU, 4), deep_ntk(TANH, 3), nngp(STEP, 2)], ids=named)
def test_no_coefficient_is_negative_and_together_they_stay_below_the_total(kernel):
    coefficients = [kernel.ball(degree, BITS) for degree in range(60)]
    assert all(c.upper() >= 0 for c in coefficients)
    assert max(coefficients[3:], key=lambda c: c.upper()).lower() > 0
    left = kernel.energy(60, BITS)
    assert left.lower() > 0
    assert left.upper() < kernel.energy(3, BITS).lower()


def test_correlations_flow_to_the_fixed_point_of_the_layer():
    # step: kh = 1/2 + asin / pi sends 0 to 1/2 to 2/3; softplus has kh'(1) = .32 < 1, so everything flows to 1
    assert nngp(STEP, 2).ball(0, BITS).overlaps(flint.arb(2) / 3)
    fixed = mpmath.findroot(lambda r: mpmath.mpf(1) / 2 + mpmath.asin(r) / mpmath.pi - r, (0.7, 0.9), solver="bisect")
    # kh' < .52 there, and .52^40 < 1e-11
    assert abs(float(nngp(STEP, 40).ball(0, BITS)) - float(fixed)) < 1e-11
    assert 1 - float(nngp(SOFTPLUS, 20).ball(0, BITS)) < 0.33**18
    assert nngp(SOFTPLUS, 20).ball(0, BITS) < 1


# -- closed forms -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kernel", [nngp(RELU, 2), deep_ntk(RELU, 2), deep_ntk(ERF, 2), nngp(SIN, 4)], ids=named)
def test_the_closed_form_has_the_sums_and_the_coefficients_of_the_kernel(kernel):
    for first in (0, 1, 2):
        closed = balls.number(kernel.sum_expr(first, sp.Rational(3, 8)), BITS)
        assert kernel.sum_ball(first, Fraction(3, 8), BITS).overlaps(closed)
        assert not kernel.sum_ball(first, Fraction(3, 8), BITS).overlaps(closed * 98 / 97)
        assert kernel.energy(first, BITS).overlaps(balls.number(kernel.energy_expr(first), BITS))
    for degree in range(4):
        assert kernel.ball(degree, BITS).overlaps(balls.number(kernel.coefficient(degree), BITS))


def test_a_composition_too_long_to_read_has_no_closed_form_and_has_its_values():
    kernel = deep_ntk(RELU, 10)
    assert kernel.dual is None
    assert kernel.coefficient(1) is None
    assert lower_end(kernel).expr is None
    assert balls.is_narrow(lower_end(kernel).ball(HALF, BITS), 30)


def test_a_closed_form_is_shown_up_to_the_length_that_is_read_and_not_beyond(monkeypatch):
    length = sp.count_ops(nngp(ERF, 2).dual)
    for most, shown in ((length + 1, True), (length, True), (length - 1, False)):
        monkeypatch.setattr(deep_kernels, "_READABLE", most)
        assert (nngp(ERF, 2).dual is not None) is shown


# -- what is refused ---------------------------------------------------------------------------------------------


def test_a_network_without_hidden_layer_or_without_signal_or_with_jumps_is_refused():
    with pytest.raises(ValueError, match="depth 0: a network has at least one hidden layer"):
        nngp(RELU, 0)
    with pytest.raises(ValueError, match="nought is zero, so no weights give its preactivations variance one"):
        nngp(Activation(name="nought", expr=sp.Integer(0)), 2)
    with pytest.raises(ValueError, match="step jumps at 0, so its derivative is not a function"):
        deep_ntk(STEP, 2)


@pytest.mark.parametrize("degree", [20, 40, 100])
def test_a_series_is_at_most_twice_as_long_as_is_asked_for(monkeypatch, degree):
    lengths = []
    monkeypatch.setattr(deep_kernels, "_taylor", lambda _, order, __: lengths.append(order) or range(order))
    assert nngp(ERF, 2).ball(degree, BITS) == degree
    (length,) = lengths
    assert degree < length <= 2 * degree
