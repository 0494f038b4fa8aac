"""All Hermite moments from one set of nodes, against one rigorous integral for each."""

import cmath
import math

import flint
import pytest
import sympy as sp

from theory import balls, quadrature
from theory.activations import ABS, CATALOGUE, GELU, RELU, SIN, STEP, TANH, Activation
from theory.growth import envelope
from theory.hermite import ball_polynomial
from theory.quadrature import hermite_moments
from theory.registry import find_activation
from theory.symbols import x

BITS = 96


def named(activation):
    return activation.name


def contradicted(moments, activation, degrees, bits=BITS):
    """Return the degrees whose moment does not meet the general integrator's enclosure."""
    return [
        l for l in degrees if not moments[l].overlaps(balls.gaussian_mean(activation, ball_polynomial(l, bits), bits))
    ]


@pytest.mark.parametrize("activation", CATALOGUE, ids=named)
def test_moments_are_those_of_the_general_integrator(activation):
    moments = hermite_moments(activation, 12, BITS)
    assert contradicted(moments, activation, range(13)) == []
    assert max(moment.rad() for moment in moments) < 1e-24


@pytest.mark.parametrize("activation", [RELU, STEP, GELU, SIN], ids=named)
def test_moments_of_high_degree_too(activation):
    moments = hermite_moments(activation, 60, BITS)
    assert contradicted(moments, activation, (59, 60)) == []
    assert max(moment.rad() for moment in moments) < 1e-22


@pytest.mark.parametrize(
    "text",
    [
        "max(min(x, 1), -1)",
        "exp(x**2/5)",
        "1/(1 + x**2)",
        "abs(x - 1/3)*sin(3*x)",
        "sqrt(1 + x**2)",
        "tanh(4*x)",
        "atan(10*x - 2)",
        "1/(1 + 900*x**2)",
        "exp(-x**2)*cosh(x)",
        "sqrt(abs(x - 1/3))",
        "abs(x**2 - 2)**1.5",
    ],
)
def test_moments_of_a_formula_are_those_of_the_general_integrator(text):
    activation = find_activation(text)
    moments = hermite_moments(activation, 6, BITS)
    assert contradicted(moments, activation, range(7)) == []
    assert max(moment.rad() for moment in moments) < 1e-25


@pytest.mark.parametrize("power", [sp.Rational(1, 2), sp.Rational(3, 2), sp.Rational(1, 3)])
def test_moments_of_a_power_are_those_of_the_gamma_function(power):
    moments = hermite_moments(Activation(name="power", expr=sp.Abs(x) ** power), 2, BITS)
    p = flint.arb(flint.fmpq(power.p, power.q))
    with balls.precision(2 * BITS):
        mean = (p * flint.arb(2).log() / 2).exp() * ((p + 1) / 2).gamma() / flint.arb.pi().sqrt()
        assert moments[0].overlaps(mean)
        assert moments[2].overlaps(mean * p / flint.arb(2).sqrt())  # E[|g|^p (g^2 - 1)] = p E[|g|^p]
        assert not moments[0].overlaps(mean * 98 / 97)
        assert max(moment.rad() for moment in moments) < 1e-25


def test_a_thousand_degrees_add_up_to_the_energy():
    moments = hermite_moments(TANH, 960, 224)
    with balls.precision(224):
        left = balls.gaussian_mean(TANH, None, 224, square=True) - sum(mu * mu for mu in moments)
    assert 0 < left < 1e-20
    assert max(moment.rad() for moment in moments) < 1e-64


@pytest.mark.parametrize("activation", [RELU, TANH, ABS], ids=named)
def test_another_factor_is_noticed(activation):
    wrong = Activation(name="wrong", expr=activation.expr * sp.Rational(98, 97))
    moments = hermite_moments(wrong, 6, BITS)
    right = hermite_moments(activation, 6, BITS)
    nonzero = [l for l in range(7) if not right[l].contains(0)]
    assert nonzero
    assert contradicted(moments, activation, range(7)) == nonzero


@pytest.mark.parametrize("radius", [2, 3])
def test_a_line_cut_too_early_without_its_tail_is_noticed(monkeypatch, radius):
    monkeypatch.setattr(quadrature.balls, "cut", lambda *_, **__: (radius, -400.0))
    moments = hermite_moments(GELU, 2, BITS)
    monkeypatch.undo()
    assert contradicted(moments, GELU, range(3)) == [0, 1, 2]


def test_an_error_bound_left_out_is_noticed(monkeypatch):
    monkeypatch.setattr(quadrature, "_decay", lambda *_: flint.arb(2) ** -400)  # eight nodes will do, it says
    moments = hermite_moments(TANH, 3, BITS)
    monkeypatch.undo()
    assert contradicted(moments, TANH, range(4)) == [1, 3]


@pytest.mark.parametrize("activation", [RELU, TANH], ids=named)
def test_two_precisions_agree(activation):
    coarse, fine = (hermite_moments(activation, 40, bits) for bits in (BITS, 200))
    assert [l for l in range(41) if not coarse[l].overlaps(fine[l])] == []
    assert max(m.rad() for m in fine) < 1e-50


@pytest.mark.parametrize("text", ["sqrt(x**2 - 2*x + 1)", "sin(10**5*x)"])
def test_an_unseen_kink_and_a_wild_oscillation_are_refused(text):
    activation = find_activation(text)
    assert not activation.breakpoints
    with pytest.raises(ValueError, match=r"is not analytic near .*, or varies too fast there; no kink was found"):
        hermite_moments(activation, 2, BITS)


def test_a_part_left_out_without_its_bound_is_noticed(monkeypatch):
    monkeypatch.setattr(quadrature._Quadrature, "_top", lambda *_: flint.arb(2) ** -200)
    moments = hermite_moments(GELU, 2, BITS)
    monkeypatch.undo()
    assert contradicted(moments, GELU, range(3)) == [0, 1, 2]


@pytest.mark.parametrize("text", ["exp(x**2/5)", "x*exp(x/2)", "x**3 - x", "exp(x**2/10 + x)*cos(x)"])
@pytest.mark.parametrize(("middle", "half"), [(0.5, 0.25), (-3.0, 1.0), (6.0, 0.5)])
def test_the_bound_on_a_panel_lies_above_the_function_there(text, middle, half):
    activation = find_activation(text)
    rule = quadrature._Quadrature(growth=envelope(activation), order=4, bits=64)
    at, side = flint.arb(middle), flint.arb(half)
    bound = float(rule._top(activation.expr, at, side) / rule._weight(at, side, flint.arb(0)))
    function = sp.lambdify(x, activation.expr, "math")
    seen = max(abs(function(middle + half * k / 8)) for k in range(-8, 9))
    assert seen <= bound * (1 + 1e-12)
    assert bound < 20 * seen  # the envelope or a ball, whichever is lower


@pytest.mark.parametrize("order", [0, 1, 6, 30])
@pytest.mark.parametrize(
    ("middle", "wide", "high"), [(0.5, 0.25, 0.0), (-2.0, 1.0, 0.5), (3.0, 2.0, 2.0), (7.0, 1.0, 0.1)]
)
def test_the_bound_on_the_polynomials_lies_above_them_all_around(order, middle, wide, high):
    bound = quadrature._Quadrature(growth=envelope(RELU), order=order, bits=64)._weight(
        *map(flint.arb, (middle, wide, high))
    )
    for place in (complex(middle + wide * i / 4, high * j / 4) for i in range(-4, 5) for j in range(5)):
        before, now = 0j, cmath.exp(-place * place / 2) / math.sqrt(2 * math.pi)
        for degree in range(order + 1):
            assert abs(now) <= float(bound) * (1 + 1e-9)
            before, now = now, (place * now - math.sqrt(degree) * before) / math.sqrt(degree + 1)


@pytest.mark.parametrize("order", [0, 6, 30, 200])
def test_the_bound_on_the_polynomials_at_the_origin_is_not_far_above_them(order):
    # Mehler at r = 1 - 1/(2n + 2) asks for all degrees at once, which costs some 1.44 sqrt(n) of an even one.
    rule = quadrature._Quadrature(growth=envelope(RELU), order=order, bits=64)
    bound = float(rule._weight(flint.arb(0), flint.arb(0), flint.arb(0)))
    at_zero = math.sqrt(math.comb(order, order // 2) / 2**order) / math.sqrt(2 * math.pi)  # |h_n(0)| pdf(0), n even
    assert at_zero < bound < 1.6 * math.sqrt(order + 1) * at_zero


@pytest.mark.parametrize("expr", [sp.exp(x), sp.exp(-x), sp.cos(x), sp.sin(x) * sp.exp(x / 2), x**3 - 2], ids=str)
@pytest.mark.parametrize(("middle", "wide", "high"), [(0.5, 1.25, 0.75), (-2.0, 2.0, 2.0), (1.0, 2.0, 1.0)])
def test_the_bound_on_an_ellipse_lies_above_the_function_all_around(expr, middle, wide, high):
    function = sp.lambdify(x, expr, "cmath" if expr.has(sp.exp, sp.sin, sp.cos) else "math")
    turns = [cmath.exp(2j * cmath.pi * k / 64) for k in range(64)]
    seen = max(abs(function(complex(middle + wide * u.real, high * u.imag))) for u in turns)
    bound = float(quadrature._size(expr, *map(flint.arb, (middle, wide, high))))
    assert seen <= bound < 6 * seen


def test_a_pole_in_any_part_of_an_ellipse_is_seen():
    for angle in (0.0, 0.5, 1.0, 1.5):  # at .98 of the way to the ellipse, and well beyond the hull
        inside, beyond = (complex(far * 2 * math.cos(angle), far * math.sin(angle)) for far in (0.98, 3.0))
        ends = flint.arb(0), flint.arb(2), flint.arb(1)
        for place, seen in ((inside, True), (beyond, False)):
            a, b = sp.Rational(place.real), sp.Rational(place.imag)
            assert (quadrature._size(1 / ((x - a) ** 2 + b**2), *ends) is None) is seen
