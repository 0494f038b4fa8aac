"""Dual = Hermite series = definition, at twenty correlations and to thirty digits, for every activation."""

from fractions import Fraction
from functools import cache
from itertools import pairwise

import flint
import mpmath as mp
import pytest
import sympy as sp

from theory import balls
from theory.activations import CATALOGUE, GELU, RELU, TANH, Activation
from theory.kernels import random_features
from theory.moments import Moments
from theory.symbols import rho, x

BITS = 160
POINTS = [Fraction(4 * k - 42, 50) for k in range(1, 21)]
"""From -.76 to .76."""
ENDS = (0, 1.5, 3.5, 7, 15)
"""Under exp, the fastest to grow, u has mean 1 + rho: 13 standard deviations below 15, where the weight is 1e-37."""


@cache
def series(activation):
    """Return the moments; beyond degree 300 the terms at .76 are below .76^301 = 1e-36 of the energy."""
    return Moments(activation=activation, order=300, bits=BITS)


@cache
def nodes(activation, count):
    """Return nodes on the line, cut at the kinks, and the weights times phi there, by Gauss-Legendre of `count`."""
    kinks = [mp.mpf(str(sp.N(b, 40))) for b in activation.breakpoints]
    cuts = sorted({*kinks, *(mp.mpf(e) for e in ENDS), *(-mp.mpf(e) for e in ENDS)})
    function = sp.lambdify(x, activation.expr, "mpmath")
    found = []
    with mp.workdps(50), balls.precision(BITS):
        rule = [flint.arb.legendre_p_root(count, k, weight=True) for k in range(count)]
        for lo, hi in pairwise(cuts):
            half, middle = (hi - lo) / 2, (hi + lo) / 2
            for node, weight in rule:
                u = middle + half * mp.mpf(node.mid().str(45, radius=False))
                value = flint.arb(mp.nstr(mp.mpf(function(u)), 45))
                found.append((flint.arb(mp.nstr(u, 45)), weight * flint.arb(mp.nstr(half, 45)) * value))
    return [(u.mid(), w.mid()) for u, w in found if w != 0]


def defined(activation, at, count):
    """Return `E[phi(u) phi(v)]` as a double sum of the density over the nodes."""
    points = nodes(activation, count)
    with balls.precision(BITS):
        r = balls.rational(at)
        scale = 1 - r * r
        narrow = [(u, w * (-u * u / (2 * scale)).exp()) for u, w in points]
        cross = r / scale
        inner = (w * sum((q * (cross * u * v).exp() for v, q in narrow), flint.arb(0)) for u, w in narrow)
        return (sum(inner, flint.arb(0)) / (2 * flint.arb.pi() * scale.sqrt())).mid()


def farthest(activation, points):
    """Return the largest distance of closed form and definition from the series, relative to the energy."""
    kernel, moments = random_features(activation), series(activation)
    off = []
    for at in points:
        with balls.precision(BITS):
            ways = [defined(activation, at, 44)]
            if kernel.dual is not None:
                ways.append(balls.number(kernel.dual.subs(rho, sp.Rational(at.numerator, at.denominator)), BITS))
            off += [abs(way - moments.dual(at)).upper() / moments.energy.upper() for way in ways]
    return max(float(o) for o in off)


@pytest.mark.parametrize("activation", [RELU, GELU, TANH], ids=lambda a: a.name)
def test_three_ways_to_the_dual_agree_to_thirty_digits(activation):
    assert farthest(activation, [POINTS[3]]) < 1e-30


@pytest.mark.slow
@pytest.mark.parametrize("activation", CATALOGUE, ids=lambda a: a.name)
def test_three_ways_to_the_dual_agree_at_twenty_points_to_thirty_digits(activation):
    assert farthest(activation, POINTS) < 1e-30


def test_a_dual_off_in_the_thirtieth_digit_is_seen():
    with balls.precision(BITS):
        spoilt = defined(RELU, POINTS[3], 44) * (1 + flint.arb("1e-29"))
        assert abs(spoilt - series(RELU).dual(POINTS[3])).lower() > flint.arb("1e-31")


def test_a_wrong_kink_is_seen():
    wrong = Activation(name="shifted", expr=RELU.expr.subs(x, x - sp.Rational(1, 10**6)))
    with balls.precision(BITS):
        assert abs(defined(wrong, POINTS[3], 44) - series(RELU).dual(POINTS[3])).lower() > flint.arb("1e-9")


def test_the_rule_is_fine_enough():
    with balls.precision(BITS):
        assert abs(defined(RELU, POINTS[-1], 44) - defined(RELU, POINTS[-1], 52)).upper() < flint.arb("1e-32")
