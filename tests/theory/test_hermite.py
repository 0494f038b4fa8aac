"""Hermite series: the orthonormal convention and no other, Parseval with its tail, shift and parity."""

from fractions import Fraction

import flint
import pytest
import sympy as sp

from theory import balls
from theory.activations import ABS, CATALOGUE, COS, ERF, GELU, PHI4, RELU, SIN, STEP, TANH
from theory.hermite import HermiteSeries, ball_polynomial, polynomial
from theory.symbols import x

BITS = 128
ODD = (ERF, SIN, TANH)
EVEN = (ABS, COS)


def named(activation):
    return activation.name


def gaussian(expr):
    """Return `E[expr(g)]` of a polynomial, exactly: E[g^(2n)] = (2n - 1)!!."""
    terms = sp.Poly(expr, x).terms()
    return sum((c * sp.factorial2(n - 1) for (n,), c in terms if n % 2 == 0), sp.Integer(0))


def is_orthonormal(family):
    """Return whether the polynomials of degrees 0 to 6 are, by exact moments."""
    return all(
        sp.simplify(gaussian(sp.expand(family(m) * family(n))) - (1 if m == n else 0)) == 0
        for m in range(7)
        for n in range(m + 1)
    )


def test_the_polynomials_are_orthonormal():
    assert is_orthonormal(polynomial)


@pytest.mark.parametrize(
    "family",
    [
        lambda l: sp.hermite(l, x),
        lambda l: sp.hermite_prob(l, x),
        lambda l: sp.expand(sp.hermite(l, x) / sp.sqrt(2**l * sp.factorial(l))),
    ],
    ids=["physicists", "monic", "physicists normalised"],
)
def test_another_convention_is_refused(family):
    assert not is_orthonormal(family)


def test_the_sign_and_the_second_degree_are_those_of_the_convention():
    assert polynomial(0) == 1
    assert sp.expand(polynomial(2) - (x**2 - 1) / sp.sqrt(2)) == 0
    assert all(sp.LC(polynomial(l), x) > 0 for l in range(8))


@pytest.mark.parametrize("degree", [0, 1, 2, 7, 30])
def test_the_recurrence_in_balls_gives_the_polynomial(degree):
    with balls.precision(BITS):
        point = balls.rational(Fraction(4, 3))
        expected = balls.evaluate(polynomial(degree), {x: point})
        assert ball_polynomial(degree, BITS)(point).overlaps(expected)
        assert not (ball_polynomial(degree, BITS)(point) * 98 / 97).overlaps(expected)


@pytest.mark.parametrize("activation", CATALOGUE, ids=named)
@pytest.mark.parametrize("degree", [0, 5, 30])
def test_a_partial_sum_and_its_tail_enclose_the_energy(activation, degree):
    series = HermiteSeries(activation)
    with balls.precision(BITS):
        head = sum((series.ball(l, BITS) * series.ball(l, BITS) for l in range(degree + 1)), flint.arb(0))
        tail, energy = series.tail(degree, BITS), series.energy(BITS)
        assert tail >= 0
        assert (head + tail).overlaps(energy) or head + tail >= energy
        assert head.lower() <= energy.upper()


@pytest.mark.parametrize("activation", [RELU, TANH, STEP], ids=named)
def test_the_tail_is_not_nothing(activation):
    series = HermiteSeries(activation)
    assert series.tail(10, BITS) > 1e-9
    assert series.tail(30, BITS) < series.tail(10, BITS)


def test_the_tail_of_a_polynomial_vanishes_beyond_its_degree():
    series = HermiteSeries(PHI4)
    with balls.precision(BITS):
        assert 1 <= series.tail(3, BITS) < 1 + flint.arb("1e-30")
        assert 0 <= series.tail(4, BITS) < flint.arb("1e-30")
    assert [l for l in range(9) if series.coefficient(l) != (1 if l in (1, 4) else 0)] == []


@pytest.mark.parametrize("activation", [a for a in CATALOGUE if not a.jumps], ids=named)
def test_a_derivative_shifts_the_coefficients(activation):
    mu, mu_prime = HermiteSeries(activation), HermiteSeries(activation.derivative)
    with balls.precision(BITS):
        for l in range(10):
            shifted = flint.arb(l + 1).sqrt() * mu.ball(l + 1, BITS)
            here = mu_prime.ball(l, BITS)
            assert here.overlaps(shifted)
            assert here.contains(0) or not here.overlaps(shifted * 98 / 97)


@pytest.mark.parametrize(("activation", "parity"), [*((a, 1) for a in ODD), *((a, 0) for a in EVEN)], ids=str)
def test_an_odd_function_has_odd_degrees_and_an_even_one_even(activation, parity):
    series = HermiteSeries(activation)
    assert [l for l in range(14) if l % 2 != parity and not series.ball(l, BITS).contains(0)] == []
    assert [l for l in range(14) if l % 2 == parity and series.ball(l, BITS).contains(0)] == []


def test_the_coefficients_of_relu_are_those_by_hand():
    root = sp.sqrt(2 * sp.pi)
    by_hand = [1 / root, sp.Rational(1, 2), 1 / (root * sp.sqrt(2)), 0, -1 / (root * sp.sqrt(24))]
    assert [sp.simplify(HermiteSeries(RELU).coefficient(l) - c) for l, c in enumerate(by_hand)] == [0] * 5


@pytest.mark.parametrize("activation", [RELU, GELU, ERF, STEP], ids=named)
def test_the_derivatives_of_the_transform_give_the_coefficients_in_whatever_order_they_are_asked_for(activation):
    series = HermiteSeries(activation)
    for l in (3, 0, 6, 1, 2, 5, 4):
        closed = balls.number(series.by_derivative(l), BITS)
        assert closed.overlaps(series.ball(l, BITS))
        assert closed.contains(0) or not (closed * 98 / 97).overlaps(series.ball(l, BITS))


def test_degrees_beyond_a_batch_are_had_too():
    series = HermiteSeries(GELU)
    assert series.ball(95, BITS).contains(0)
    assert not series.ball(96, BITS).contains(0)
    assert HermiteSeries(TANH).ball(41, BITS).overlaps(HermiteSeries(TANH).ball(41, 200))
