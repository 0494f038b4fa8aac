"""Laws on degrees: probabilities, means and exact zeros, against quadrature; a spoilt law is refused."""

from dataclasses import dataclass

import mpmath as mp
import pytest

from theory import balls
from theory.activations import (
    ABS,
    COS,
    CUBIC,
    ELU,
    ERF,
    EXP,
    GELU,
    H3,
    HARD_TANH,
    MISH,
    PHI2,
    RELU,
    SIGMOID,
    SILU,
    SIN,
    SOFTPLUS,
    STEP,
    TANH,
)
from theory.balls import Ball
from theory.degree_law import BITS, TERMS, DegreeLaw, Law
from theory.kernels import KernelSeries
from theory.registry import find_activation

SMOOTH = {
    "tanh": mp.tanh,
    "sigmoid": lambda g: 1 / (1 + mp.exp(-g)),
    "sin": mp.sin,
    "exp": mp.exp,
    "gelu": lambda g: g * mp.ncdf(g),
}


@dataclass(frozen=True, kw_only=True)
class Spoilt(KernelSeries):
    """A kernel one of whose coefficients is off by about a hundredth."""

    numerator: int = 98
    denominator: int = 97
    degree: int = 3

    def ball(self, degree: int, bits: int) -> Ball:
        """Return `c_l`, or a wrong one at one degree."""
        true = super().ball(degree, bits)
        with balls.precision(bits):
            return true * self.numerator / self.denominator if degree == self.degree else true

    def energy(self, first: int, bits: int) -> Ball:
        """Return the true energy."""
        return KernelSeries(name=self.name, activation=self.activation).energy(first, bits)


def mean_of(f, *, square=False) -> mp.mpf:
    """Return `E[f(g)]` by quadrature."""
    return mp.quad(lambda g: (f(g) ** 2 if square else f(g)) * mp.npdf(g), [-12, -4, 0, 4, 12])


def midpoint(ball: Ball) -> mp.mpf:
    return mp.mpf(balls.text(ball, 25)[0])


@pytest.mark.parametrize("activation", [TANH, SIGMOID, SIN, EXP, GELU], ids=lambda a: a.name)
def test_probabilities_and_mean_are_those_of_the_definition(activation):
    f, law = SMOOTH[activation.name], Law.RF_LOWER.of(activation)
    with mp.workdps(25):
        energy = mean_of(f, square=True) - mean_of(f) ** 2 - mean_of(lambda g: g * f(g)) ** 2
        slope = mean_of(lambda g: mp.diff(f, g), square=True) - mean_of(lambda g: mp.diff(f, g)) ** 2
        third = mean_of(lambda g: (g**3 - 3 * g) * f(g)) ** 2 / 6
        # quadrature cut at 12 leaves exp(-(12 - 1)^2 / 2), 1e-26; the numerical slope is good to half the digits
        found = midpoint(law.survival[2]) - midpoint(law.survival[3])
        assert abs(found - third / energy) < 1e-15
        assert abs(midpoint(law.mean) - slope / energy) < 1e-9
        assert abs(midpoint(law.mean) * 98 / 97 - slope / energy) > 1e-3


def test_the_law_of_a_polynomial_ends_with_it():
    law = Law.RF_UPPER.of(PHI2)
    assert [float(s) for s in law.survival[:5]] == pytest.approx([1, 0.5, 0, 0, 0], abs=2.0 ** (16 - BITS))
    assert abs(float(law.mean) - 1.5) < 1e-15
    assert float(law.excess) < 1e-30


def test_the_mean_is_infinite_where_the_function_jumps():
    for law in (Law.RF_LOWER.of(STEP), Law.NTK_LOWER.of(RELU), Law.NTK_LOWER.of(HARD_TANH)):
        assert law.has_infinite_mean
        assert law.mean is law.excess is law.tail(balls.flint.arb(1)) is None
        assert law.tail(balls.flint.arb(1) / 2) > 0
    assert not Law.RF_LOWER.of(RELU).has_infinite_mean
    assert Law.RF_LOWER.of(RELU).mean.is_finite()


def test_the_tail_bound_is_one():
    law = Law.RF_LOWER.of(ABS)
    with mp.workdps(30):
        # c_{2k} of |x| by its Taylor series: the dual is (2/pi)(sqrt(1 - r^2) + r asin r)
        def coefficient(k: int) -> mp.mpf:
            return 2 / mp.pi * mp.binomial(2 * k - 2, k - 1) / mp.mpf(4) ** (k - 1) / (2 * k * (2 * k - 1))

        energy = 1 - 2 / mp.pi
        beyond = [coefficient(k) / energy for k in range(1, 2000)]
        part = sum((2 * k - TERMS) * p for k, p in enumerate(beyond, start=1) if 2 * k > TERMS)
    assert 0.5 * float(law.excess) < part < float(law.excess)  # 2000 terms leave the fraction sqrt(TERMS / 4000)
    with balls.precision(BITS):
        assert law.tail(balls.rational(1)) == law.excess
        assert law.tail(balls.flint.arb(1) / 2) < law.excess


@pytest.mark.parametrize(
    ("law", "activation", "without"),
    [
        (Law.RF_LOWER, TANH, (2, 4, 6)),
        (Law.RF_LOWER, SIGMOID, (2, 4, 6)),
        (Law.RF_LOWER, SILU, (3, 5, 7)),
        (Law.RF_LOWER, SOFTPLUS, (3, 5, 7)),
        (Law.RF_LOWER, COS, (3, 5, 7)),
        (Law.NTK_LOWER, SIGMOID, (2, 4, 6)),
        (Law.NTK_LOWER, SILU, (3, 5, 7)),
        (Law.RF_UPPER, COS, (1, 3, 5, 7)),
        (Law.RF_LOWER, MISH, ()),
        (Law.RF_LOWER, ELU, ()),
        (Law.RF_UPPER, ERF, (2, 4, 6)),
        (Law.RF_UPPER, find_activation("x*tanh(x)"), (1, 3, 5, 7)),  # even, and without closed forms
        (Law.RF_UPPER, find_activation("tanh(x) + 1"), (2, 4, 6)),
    ],
    ids=str,
)
def test_the_degrees_that_vanish_are_known_exactly(law, activation, without):
    found = law.of(activation)
    assert tuple(l for l in range(found.first, 8) if found.vanishes(l)) == without


def test_a_zero_that_the_balls_contradict_is_refused():
    law = Law.RF_LOWER.of(TANH)
    bent = DegreeLaw(activation=EXP, kernel=KernelSeries(name="bent", activation=EXP), first=2)
    bent.__dict__["_known_parts"] = law._known_parts
    with pytest.raises(ArithmeticError, match="degree 2 is 0 by symmetry, and is not by its ball"):
        bent.vanishes(2)


@pytest.mark.parametrize("activation", [H3, CUBIC, SIN, TANH], ids=lambda a: a.name)
def test_a_spoilt_law_is_refused(activation):
    sound, more, less = (Spoilt(name="spoilt", activation=activation, numerator=n) for n in (97, 98, 96))
    assert DegreeLaw(activation=activation, kernel=sound, first=2).excess < 1
    with pytest.raises(ArithmeticError, match="add up to more than 1"):
        _ = DegreeLaw(activation=activation, kernel=more, first=2).survival
    with pytest.raises(ArithmeticError, match="exceed the mean"):
        _ = DegreeLaw(activation=activation, kernel=less, first=2).excess


@pytest.mark.parametrize(
    ("law", "first", "second", "one"),
    [
        (Law.RF_LOWER, RELU, ABS, True),  # they differ by x / 2
        (Law.RF_UPPER, RELU, ABS, False),
        (Law.RF_LOWER, RELU, CUBIC, False),
        (Law.RF_LOWER, RELU, TANH, False),  # tanh has no closed form
        (Law.RF_LOWER, TANH, SIGMOID, False),
        (Law.RF_LOWER, TANH, TANH, True),
        (Law.RF_LOWER, TANH, find_activation("tanh(x) + 2*x"), True),
        (Law.RF_UPPER, TANH, find_activation("tanh(x) + 2*x"), False),
    ],
    ids=str,
)
def test_laws_are_one_only_where_that_is_shown(law, first, second, one):
    assert law.of(first).equals(law.of(second)) is one
    assert law.of(second).equals(law.of(first)) is one


@pytest.mark.parametrize("at", [0.5, 0.9, 0.999])
def test_without_a_mean_the_tail_is_bounded_by_a_geometric_series(at):
    law = Law.NTK_LOWER.of(RELU)
    assert float(law.tail(balls.flint.arb(at))) == pytest.approx(float(law.survival[-1]) / (1 - at), rel=1e-9)
