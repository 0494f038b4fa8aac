"""Deep kernels against compositions by mpmath, which share no code with them; slips of the recursion are refused."""

from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import comb

import flint
import mpmath
import numpy as np
import pytest
import sympy as sp
from mpmath.calculus.quadrature import GaussLegendre
from scipy.optimize import brentq

from theory import balls
from theory.activations import CATALOGUE, ERF, GELU, PHI2, RELU, SIN, SOFTPLUS, STEP, TANH, Activation
from theory.alignment import lower_end, proportional_ball, theorem_5_4_bound, upper_end
from theory.deep_kernels import deep_ntk, nngp
from theory.kernels import KernelSeries, random_features, tangent_features
from theory.layers import Layer, substitute
from theory.symbols import alpha, rho, x

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
    return [node for a in range(-21, 21, 2) for node in rule.get_nodes(a, a + 2, 6, mpmath.mp.prec)]


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
        SOFTPLUS, lambda z: mpmath.log1p(mpmath.exp(z)), lambda z: 1 / (1 + mpmath.exp(-z)), 160, id="softplus"
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


@pytest.mark.parametrize("activation", [RELU, ERF, PHI2], ids=named)
def test_the_series_and_the_closed_form_of_a_layer_agree_on_a_power_series(activation):
    order, one = 16, Layer(f=activation, phi=activation)
    with balls.precision(BITS):
        inner = flint.arb_series([flint.arb(1) / 2, flint.arb(1) / 3, 0, flint.arb(1) / 6], prec=order)
        found = substitute(one.features, inner, order, BITS) / one.features.total(BITS)
        closed = one.at_series(inner, order, BITS)
        for degree in range(order):
            assert found[degree].overlaps(closed[degree])
            assert found[degree].rad() < flint.arb("1e-30")
            assert found[degree].contains(0) or not (found[degree] * 98 / 97).overlaps(closed[degree])


def test_a_series_cut_short_still_holds_the_truth(monkeypatch):
    one = Layer(f=RELU, phi=RELU)
    monkeypatch.setattr("theory.layers.MOST_TERMS", 30)
    with balls.precision(BITS):
        inner = flint.arb_series([flint.arb(4) / 5, flint.arb(1) / 5], prec=4)
        cut = substitute(one.features, inner, 4, BITS) / one.features.total(BITS)
        closed = one.at_series(inner, 4, BITS)
        assert all(cut[m].contains(closed[m]) for m in range(4))
        assert all(cut[m].rad() > flint.arb("1e-10") for m in range(4))


def test_a_wrong_closed_form_is_contradicted_by_the_coefficients(monkeypatch):
    right = random_features(ERF).dual
    monkeypatch.setattr(KernelSeries, "dual", property(lambda _: right + rho**3 * (1 - rho) / 97))
    with pytest.raises(ArithmeticError, match=r"erf: .* is contradicted by coefficient 3"):
        nngp(ERF, 2).ball(1, 144)


# -- the laws ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kernel", [nngp(RELU, 3), deep_ntk(RELU, 3), deep_ntk(TANH, 2)], ids=named)
def test_the_laws_of_a_deep_kernel_stand_in_their_order(kernel):
    bound, low, high = (law(kernel)(HALF) for law in (theorem_5_4_bound, lower_end, upper_end))
    falling = [float(proportional_ball(kernel, HALF, Fraction(n, 4))) for n in (1, 4, 16, 64)]
    assert 0 < bound <= low < falling[-1]
    assert falling[0] < high < 0.5
    assert all(later < earlier for earlier, later in pairwise(falling))


@pytest.mark.parametrize("kernel", [nngp, deep_ntk], ids=["nngp", "ntk"])
def test_deeper_relu_networks_memorise_less(kernel):
    gammas = [lower_end(kernel(RELU, depth))(HALF) for depth in (1, 2, 3, 5, 8)]
    assert all(deeper < shallower for shallower, deeper in pairwise(gammas))


def test_depth_need_not_lower_gamma():
    # the slope of softplus is below 1 at 1: its NTK tends to a limit, from which side is its own affair
    gammas = [upper_end(deep_ntk(SOFTPLUS, depth))(HALF) for depth in (1, 3, 8)]
    assert gammas[0] > gammas[1] + 1e-4
    assert gammas[2] > gammas[1] + 1e-4


def test_the_closed_gamma_of_two_layers_lies_in_its_ball():
    law = lower_end(nngp(RELU, 2))
    closed = balls.number(law.expr.subs(alpha, sp.Rational(2, 5)), BITS)
    assert law.ball(Fraction(2, 5), BITS).overlaps(closed)
    assert not lower_end(nngp(RELU, 1)).ball(Fraction(2, 5), BITS).overlaps(closed)


def nodes(n, count):
    """Return Gauss nodes and weights for one coordinate of a uniform point on the unit sphere of R^n."""
    a, k = (n - 3) / 2, np.arange(1, count)
    off = np.sqrt(k * (k + 2 * a) / ((2 * k + 2 * a + 1) * (2 * k + 2 * a - 1)))
    values, vectors = np.linalg.eigh(np.diag(off, 1) + np.diag(off, -1))
    return values, vectors[0] ** 2


def harmonics(n, degree, t):
    """Return the Gegenbauer polynomials `P_0 ... P_degree` of the sphere in R^n at t, `P_i(1) = 1`."""
    found = [np.ones_like(t), t]
    for i in range(1, degree):
        found.append(((2 * i + n - 2) * t * found[i] - i * found[i - 1]) / (i + n - 2))
    return np.array(found)


def multiplicity(n, i):
    return comb(n + i - 1, i) - (comb(n + i - 3, i - 2) if i >= 2 else 0)


def finite_size_gamma(kernel, d_x, d_y, samples):
    """Return the alignment at finite size: the share of the kernel's energy not yet learned that is in y alone."""
    degree = 8
    (t_x, w_x), (t_y, w_y) = nodes(d_x, 120), nodes(d_y, 120)
    coefficients = [
        float(kernel.ball(l, 256)) for l in range(64)
    ]  # two points seldom correlate above .6, and .6^64 < 1e-14
    gram = np.polynomial.Polynomial(coefficients)((d_x * t_x[:, None] + d_y * t_y) / (d_x + d_y))
    eigenvalues = (harmonics(d_x, degree, t_x) * w_x) @ gram @ (harmonics(d_y, degree, t_y) * w_y).T
    counts = np.array([[multiplicity(d_x, i) * multiplicity(d_y, j) for j in range(9)] for i in range(9)], dtype=float)
    rest = float(kernel.total(128)) - (counts * eigenvalues).sum()
    log_level = brentq(
        lambda u: (counts * eigenvalues / (eigenvalues + np.exp(u))).sum() + rest / np.exp(u) - samples, -30, 10
    )
    energy = counts * eigenvalues * np.exp(log_level) / (eigenvalues + np.exp(log_level))
    return energy[0].sum() / (energy.sum() + rest)


def test_depth_counts_hidden_layers_in_the_published_figure():
    # relu, infinite width, d = 50: the law was .2863 for random features (N = 200, alpha = 1/2) and .0603 for the NTK
    # of depth 3 (N = 400, alpha = .3), both to four digits
    assert abs(finite_size_gamma(nngp(RELU, 1), 25, 25, 200) - 0.2863) < 5e-5
    assert abs(finite_size_gamma(deep_ntk(RELU, 3), 35, 15, 400) - 0.0603) < 5e-5
    assert abs(finite_size_gamma(deep_ntk(RELU, 2), 35, 15, 400) - 0.0603) > 1e-2
    assert abs(finite_size_gamma(nngp(RELU, 3), 35, 15, 400) - 0.0603) > 1e-2


# -- what is refused ---------------------------------------------------------------------------------------------


def test_a_network_without_hidden_layer_or_without_signal_or_with_jumps_is_refused():
    with pytest.raises(ValueError, match="depth 0: a network has at least one hidden layer"):
        nngp(RELU, 0)
    with pytest.raises(ValueError, match="nought is zero, so no weights give its preactivations variance one"):
        nngp(Activation(name="nought", expr=sp.Integer(0)), 2)
    with pytest.raises(ValueError, match="step jumps at 0, so its derivative is not a function"):
        deep_ntk(STEP, 2)


@pytest.mark.parametrize("kernel", [nngp, deep_ntk], ids=["nngp", "ntk"])
def test_a_deep_linear_network_has_no_gamma(kernel):
    linear = Activation(name="linear", expr=3 * x - 1)
    with pytest.raises(ValueError, match="linear is linear: the theorems suppose a non-linear activation"):
        lower_end(kernel(linear, 3))
