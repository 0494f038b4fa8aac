"""Contamination in exact numbers, each against a way that shares no code with it."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import sympy as sp
from scipy import integrate, optimize, signal, stats

from theory import balls
from theory import contamination as c
from theory.activations import ABS, CATALOGUE, GELU, RELU, SIGMOID, STEP, TANH, Activation
from theory.contamination_rate import contamination, contaminations, even_share, rate
from theory.contamination_ray import Leak, balance, balance_of, gaussian_ratio, leak, m, n, r, stationary_ratio
from theory.contamination_scene import ContaminationScene, Core, Start, ratio_learned
from theory.hermite import HermiteSeries
from theory.symbols import x

ODD = {"step", "sign", "erf", "sin", "tanh", "hard_tanh", "sigmoid", "h3", "cubic"}
SIZES = [(1, 1), (2, 1), (1, 3), (4, 4), (3, 8)]


def density(count: int, cells: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Return a grid and the probabilities of a sum of `count` uniform variables, each rounded to a cell's middle."""
    mass = np.ones(1)
    for _ in range(count):
        mass = signal.fftconvolve(mass, np.full(cells, 1 / cells))
    return (np.arange(len(mass)) + count / 2) / cells, mass


def on_a_grid(features: int, others: int, ratio: float) -> tuple[float, float, float]:
    """Return `E[(r G - C)_+]`, `E[G; r G > C]` and `E[C; r G > C]`, by convolution."""
    (at_core, core), (at_other, other) = density(features), density(others)
    below = np.searchsorted(at_core, ratio * at_other)
    share, mean = (np.concatenate([[0.0], np.cumsum(part)])[below] for part in (core, core * at_core))
    seen, passed = float(other @ (at_other * share)), float(other @ mean)
    return ratio * seen - passed, seen, passed


def test_the_planar_integrals_are_those_of_the_definition():
    ratio, z = 0.4, (np.arange(2000) + 0.5) / 2000
    passes = ratio * z[None, :] > z[:, None]
    found = [float(c.wrong_class(*m, ratios=[c.r]).doit().subs(c.r, ratio)) for m in ((), (c.background,), (c.core,))]
    wanted = [passes.mean(), (passes * z[None, :]).mean(), (passes * z[:, None]).mean()]
    assert np.allclose(found, wanted, atol=1e-6)


def test_the_integrals_over_two_core_features_are_those_of_the_definition():
    z = (np.arange(120) + 0.5) / 120
    first, second, background = np.meshgrid(z, z, z, indexing="ij")
    passes = background > first / 0.8 + second / 0.5
    ratios, features = sp.symbols("r_1 r_2", positive=True), c.cores(2)
    for moment, of in (((), 1), ((c.background,), background), ((features[0],), first), ((features[1],), second)):
        found = c.wrong_class(*moment, ratios=ratios).doit().subs(dict(zip(ratios, (0.8, 0.5), strict=True)))
        assert float(found) == pytest.approx((passes * of).mean(), rel=0.02)


def test_the_planar_root_is_the_one_real_root_and_is_stable():
    roots = np.roots([1, 0, 5, -3])
    (real,) = roots[np.abs(roots.imag) < 1e-12].real
    assert float(c.planar_root()) == pytest.approx(real, abs=1e-14)
    assert float(c.planar_root()) == pytest.approx(stationary_ratio(1, 1), abs=1e-11)
    core, background = c.planar_rates()
    slope = sp.diff((background - c.r * core).doit() / c.a, c.r)
    assert float(slope.subs(c.r, c.planar_root())) == pytest.approx(-0.49622, abs=5e-6)


@pytest.mark.parametrize(("features", "others"), SIZES)
@pytest.mark.parametrize("ratio", [Fraction(1, 3), Fraction(4, 5), Fraction(6, 5)])
def test_the_leak_and_its_slopes_are_those_of_convolved_densities(features, others, ratio):
    value, seen, passed = on_a_grid(features, others, float(ratio))
    exact, slope = (float(leak(features, others, ratio, order=order)) for order in (0, 1))
    assert exact == pytest.approx(value, abs=2e-3)
    assert slope == pytest.approx(seen, abs=4e-3)
    assert float(ratio) * slope - exact == pytest.approx(passed, abs=4e-3)


@pytest.mark.parametrize(("features", "others"), SIZES)
def test_the_balance_is_that_of_the_two_rates(features, others):
    ratio = 0.75
    _, seen, passed = on_a_grid(features, others, ratio)
    rates = (1 / 2 + passed / features, 1 / 2 - seen / others)
    assert float(balance(features, others, Fraction(3, 4))) == pytest.approx(rates[1] - ratio * rates[0], abs=3e-3)


@pytest.mark.parametrize(("features", "others"), SIZES)
def test_the_balance_of_a_symbolic_leak_is_the_exact_one(features, others):
    numbers = {n: features, m: others, r: sp.Rational(3, 4)}
    stated = balance_of(Leak(n, m, r, 0), Leak(n, m, r, 1)).subs(numbers).doit()
    assert stated == sp.Rational(*balance(features, others, Fraction(3, 4)).as_integer_ratio())


@pytest.mark.parametrize(("features", "others"), SIZES)
def test_each_order_is_the_derivative_of_the_one_before(features, others):
    at, step = Fraction(2, 3), Fraction(1, 10**6)
    for order in (0, 1):
        ends = [leak(features, others, at + sign * step, order=order) for sign in (1, -1)]
        assert float((ends[0] - ends[1]) / (2 * step)) == pytest.approx(
            float(leak(features, others, at, order=order + 1)), rel=1e-6
        )


def test_the_leak_is_a_number_where_all_is_given_and_nothing_before():
    half = sp.Rational(1, 2)
    assert Leak(1, 1, half, 0).doit() == sp.Rational(1, 24)
    assert Leak(n, 1, half, 0).doit() == Leak(n, 1, half, 0)
    assert Leak(1, 1, r, 0).diff(r) == Leak(1, 1, r, 1)
    assert sp.latex(Leak(n, 2, r, 1)) == r"\Lambda'_{n,2}\left(r\right)"


@pytest.mark.parametrize(("features", "others"), [*SIZES, (16, 16), (16, 4)])
def test_the_ratio_that_stays_is_where_the_balance_changes_sign(features, others):
    found = Fraction(stationary_ratio(features, others))
    below, above = (balance(features, others, found + shift) for shift in (-Fraction(1, 10**9), Fraction(1, 10**9)))
    assert below > 0 > above


def test_the_ratio_grows_with_the_number_of_features_and_falls_with_the_background_alone():
    assert all(a < b for a, b in pairwise(stationary_ratio(d, d) for d in (1, 2, 4, 8, 16)))
    assert all(a > b for a, b in pairwise(stationary_ratio(2, m) for m in (1, 2, 4, 8)))


@pytest.mark.parametrize(("features", "others"), [(1, 1), (4, 4), (4, 16), (64, 64)])
def test_the_gaussian_ratio_solves_its_equation(features, others):
    def left(ratio: float) -> float:
        at = (ratio * others - features) / 2 / np.sqrt((features + ratio**2 * others) / 12)
        return (1 - stats.norm.cdf(at)) / (1 + stats.norm.cdf(at)) - ratio

    assert gaussian_ratio(features, others) == pytest.approx(optimize.brentq(left, 0, 1, xtol=1e-13), abs=1e-11)


def test_the_activations_that_do_not_contaminate_are_the_odd_ones():
    assert {activation.name for activation in CATALOGUE if c.is_odd_but_for_a_constant(activation)} == ODD


@pytest.mark.parametrize("activation", [RELU, GELU, SIGMOID, STEP], ids=lambda activation: activation.name)
def test_a_rate_is_the_integral_of_its_definition(activation):
    of = sp.lambdify(x, activation.expr.rewrite(sp.Piecewise), ["numpy", "scipy"])

    def value(g: float) -> float:
        return g * (of(g + 1) - of(g - 1)) / 2 * stats.norm.pdf(g)

    expected = integrate.quad(value, -12, 12, points=[-1, 1], epsabs=1e-12)[0]
    assert float(contamination(activation).rate.value) == pytest.approx(expected, abs=1e-9)
    with balls.precision(128):
        assert float(rate(activation, 128).mid()) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("activation", [RELU, GELU, TANH], ids=lambda activation: activation.name)
def test_the_rate_is_a_sum_over_even_degrees(activation):
    series = HermiteSeries(activation=activation)
    with balls.precision(128):
        mu = [float(series.ball(l, 128).mid()) for l in range(41)]
    total = sum(l * mu[l] / np.sqrt(float(sp.factorial(l))) for l in range(2, 41, 2))
    assert float(contamination(activation).rate.value) == pytest.approx(total, abs=1e-9)
    energy = sum(mu[l] ** 2 for l in range(2, 41, 2)) / sum(m**2 for m in mu[1:])
    assert float(contamination(activation).even_share.value) == pytest.approx(energy, abs=2e-3)  # the tail is cut


def test_a_table_has_the_largest_even_share_first_and_nothing_for_the_odd(monkeypatch):
    monkeypatch.setattr("theory.contamination_rate.CATALOGUE", (TANH, RELU, SIGMOID, ABS, STEP))
    first, second, *others = contaminations()
    assert [first.activation, second.activation] == [ABS, RELU]
    assert first.even_share.value.startswith("1.0000")
    assert first.vanishes is second.vanishes is False
    assert {one.activation for one in others} == {TANH, SIGMOID, STEP}
    assert all(one.vanishes and one.rate.value == one.even_share.value == "0" for one in others)


def test_a_constant_beside_an_odd_activation_changes_nothing():
    with balls.precision(128):
        assert abs(rate(SIGMOID, 128)).mid() < 1e-30
        assert float(even_share(Activation(name="tanh + 1", expr=1 + sp.tanh(x)), 128).mid()) == pytest.approx(
            0, abs=1e-20
        )


SCENE = ContaminationScene(
    activation=RELU, d_core=4, d_background=2, neurons=8, samples=64, steps=10, rate=Fraction(1, 2), fresh=True
)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"d_core": 0}, "d_core = 0: at least 1"),
        ({"neurons": 7}, "neurons = 7: an even number"),
        ({"samples": 1}, "samples = 1: at least 2"),
        ({"steps": 0}, "steps = 0"),
        ({"rate": Fraction(0)}, "rate = 0: a positive step"),
        ({"momentum": Fraction(1)}, "momentum = 1: a number from 0 to below 1"),
        ({"decay": Fraction(-1)}, "decay = -1: a number from 0 on"),
    ],
)
def test_a_scene_that_cannot_be_drawn_is_refused(changed, words):
    with pytest.raises(ValueError, match=words):
        replace(SCENE, **changed)


def test_a_scene_says_what_one_needs_to_draw_it():
    assert str(SCENE) == "relu, linear core, 4 + 2 features, 8 neurons, 64 fresh samples, 10 steps of 0.5, small start"
    other = replace(SCENE, momentum=Fraction(9, 10), core=Core.SPHERES, start=Start.DEFAULT, fresh=False)
    assert str(other).endswith("64 samples, 10 steps of 0.5, momentum 0.9, default start")
    assert "spheres core" in str(other)


def test_scenes_that_draw_the_same_are_equal_once_bare_and_others_are_not():
    assert replace(SCENE, activation=Activation(name="mine", expr=RELU.expr)).bare() == SCENE.bare()
    assert replace(SCENE, activation=GELU).bare() != SCENE.bare()
    assert replace(SCENE, steps=20).at_any_size() == SCENE.at_any_size() != replace(SCENE, d_core=5).at_any_size()
    assert list(SCENE.axes().values()) == [2.0, 4.0]


def test_the_slips_of_a_scene_have_other_ratios():
    said = {what: ratio_learned(slip) for what, slip in SCENE.slips()}
    assert said == {
        "core and background swapped": stationary_ratio(2, 4),
        "an odd activation in place of one that is not": 0.0,
    }
    odd = dict(replace(SCENE, activation=TANH).slips())
    assert ratio_learned(odd["relu in place of an odd activation"]) == ratio_learned(SCENE) == stationary_ratio(4, 2)


@pytest.mark.parametrize(
    ("changed", "words"), [({"activation": GELU}, "relu, and for odd"), ({"core": Core.SPHERES}, "a linear core only")]
)
def test_no_ratio_is_stated_where_none_is_known(changed, words):
    with pytest.raises(ValueError, match=words):
        ratio_learned(replace(SCENE, **changed))
