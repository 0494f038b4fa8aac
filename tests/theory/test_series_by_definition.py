"""Hermite coefficients and the gammas from their definitions, by sums and integrals of mpmath that share no code."""

from fractions import Fraction
from functools import cache

import mpmath as mp
import pytest

from theory import balls
from theory.activations import ERF, GELU, RELU, STEP, TANH
from theory.alignment import lower_end, proportional_ball, theorem_5_4_bound, upper_end
from theory.hermite import HermiteSeries
from theory.kernels import random_features, tangent_features

BITS = 128
DIGITS = 30
ERROR = mp.mpf("1e-25")
"""Of the sums and integrals below, which keep 30 digits; the balls have 38."""

FUNCTIONS = {
    "relu": lambda z: max(z, mp.mpf(0)),
    "step": lambda z: mp.mpf(z > 0),
    "gelu": lambda z: z * mp.ncdf(z),
    "erf": mp.erf,
    "tanh": mp.tanh,
}
SLOPES = {"erf": lambda z: 2 / mp.sqrt(mp.pi) * mp.exp(-z * z), "tanh": lambda z: mp.sech(z) ** 2}


def integrated(name, degree):
    """Return `E[phi(g) h_l(g)]` by quadrature, cut at 0; beyond 13 the weight is below 1e-37."""

    def weighted(z):
        before, now = mp.mpf(0), mp.mpf(1)
        for l in range(degree):
            before, now = now, (z * now - mp.sqrt(l) * before) / mp.sqrt(l + 1)
        return FUNCTIONS[name](z) * mp.npdf(z) * now

    return mp.quad(weighted, [-13, -6, -2, 0, 2, 6, 13])


@cache
def summed(function, degrees):
    """Return `E[f(g) h_l(g)]^2`, l below `degrees`, by the trapezoidal rule of step 1/20."""
    found = [mp.mpf(0)] * degrees
    for k in range(-300, 301):
        z = mp.mpf(k) / 20
        weight, before, now = function(z) * mp.npdf(z) / 20, mp.mpf(0), mp.mpf(1)
        for l in range(degrees):
            found[l] += weight * now
            before, now = now, (z * now - mp.sqrt(l) * before) / mp.sqrt(l + 1)
    return [mu * mu for mu in found]


def energy(function):
    """Return `E[f(g)^2]` by the same rule."""
    return mp.fsum(function(mp.mpf(k) / 20) ** 2 * mp.npdf(mp.mpf(k) / 20) / 20 for k in range(-300, 301))


def sums(name, at, *, tangent):
    """Return `c_1`, `S_2(alpha)` and `S_2(1)`: 90 degrees, and beyond at most `.4^90` of the energy."""
    function = SLOPES[name] if tangent else FUNCTIONS[name]
    c = [*([mp.mpf(0)] if tangent else []), *summed(function, 90)]  # tangent features: those of phi', one degree up
    return c[1], mp.fsum(v * at**l for l, v in enumerate(c) if l > 1), energy(function) - c[0] - c[1]


def arc_cosine_sums(at):
    """Return the same for ReLU, from the kernel that its textbook has."""

    def kappa(r):
        return (mp.sqrt(1 - r * r) + r * (mp.pi - mp.acos(r))) / (2 * mp.pi)

    c0, c1 = 1 / (2 * mp.pi), mp.mpf(1) / 4
    return c1, kappa(at) - c0 - c1 * at, kappa(mp.mpf(1)) - c0 - c1


def share(c1, rest, delta):
    """Return m by halving: at the ridge kap = c_1 m / (1 - m) / d, N = delta d counts the modes that are learned."""

    def surplus(m):
        ridge = c1 * m / (1 - m)  # times d
        return c1 / (c1 + ridge) + rest / ridge - delta

    low, high = mp.mpf(0), mp.mpf(1)
    for _ in range(110):
        middle = (low + high) / 2
        low, high = (middle, high) if surplus(middle) > 0 else (low, middle)
    return low


def off(ball, value):
    """Return how far a ball's middle is from a value, relative to it."""
    return abs(mp.mpf(balls.text(ball, DIGITS)[0]) / value - 1)


@pytest.fixture(autouse=True)
def _digits():
    with mp.workdps(DIGITS):
        yield


@pytest.mark.parametrize("activation", [RELU, STEP, GELU, ERF, TANH], ids=lambda a: a.name)
def test_the_coefficients_are_integrals(activation):
    for degree in (0, 1, 2, 3, 6):
        ball, value = HermiteSeries(activation).ball(degree, BITS), integrated(activation.name, degree)
        if abs(value) < ERROR:
            assert ball.contains(0)
            continue
        assert off(ball, value) < ERROR
        assert off(ball, value * 98 / 97) > ERROR


def gammas(kernel, at, delta, known):
    """Return pairs of a ball and the value by definition: both ends, the bound, the proportional law."""
    c1, top, rest = known
    share_of_linear = share(c1, rest, mp.mpf(delta.numerator) / delta.denominator)
    a = mp.mpf(at.numerator) / at.denominator
    return [
        (upper_end(kernel).ball(at, BITS), (c1 * a + top) / (c1 + rest)),
        (lower_end(kernel).ball(at, BITS), top / rest),
        (theorem_5_4_bound(kernel).ball(at, BITS), top / (c1 + rest)),
        (
            proportional_ball(kernel, at, delta, BITS),
            (c1 * a * share_of_linear + top) / (c1 * share_of_linear + rest),
        ),
    ]


@pytest.mark.parametrize("delta", [Fraction(1, 2), Fraction(3)], ids=str)
@pytest.mark.parametrize(
    ("name", "tangent"), [("relu", False), ("erf", False), ("tanh", False), ("erf", True), ("tanh", True)]
)
def test_the_gammas_are_those_of_the_definition(name, tangent, delta):
    at = Fraction(2, 5)
    number = mp.mpf(2) / 5
    known = arc_cosine_sums(number) if name == "relu" else sums(name, number, tangent=tangent)
    activation = {"relu": RELU, "erf": ERF, "tanh": TANH}[name]
    kernel = tangent_features(activation) if tangent else random_features(activation)
    for ball, value in gammas(kernel, at, delta, known):
        assert off(ball, value) < ERROR
        assert off(ball, value * 98 / 97) > ERROR
