"""Thirty certified digits for every activation, and a witness that does not let a wrong one pass."""

from fractions import Fraction
from functools import cache

import flint
import mpmath as mp
import pytest
import sympy as sp

from theory.activations import CATALOGUE, ERF, RELU, STEP, TANH, Activation
from theory.duals import Dual, dual
from theory.evidence import Verdict
from theory.hermite import HermiteSeries
from theory.kernels import KernelSeries, random_features
from theory.portrait import DEGREES, certified, portrait, witness
from theory.setting import Query
from theory.symbols import rho, x

AT = (Fraction(1, 4), Fraction(1, 2))
LAWS = {
    "gamma_rf_upper": (1, 1, 0),
    "gamma_rf_lower": (2, 2, 0),
    "theorem_5_4_bound": (2, 1, 0),
    "gamma_ntk": (2, 2, 1),
}
"""Where the sums above and below start, and how often phi is differentiated first."""


@cache
def drawn(activation):
    return portrait(activation, AT)


def coefficients(function, degrees):
    """Return `E[f(g) h_l(g)]` by the trapezoidal rule of step 1/20.

    For f analytic in |Im z| < a the rule errs by about exp(-2 pi a 20): 1e-85 for tanh, where a = pi/2.
    """
    moments = [mp.mpf(0)] * degrees
    for k in range(-360, 361):
        z = mp.mpf(k) / 20
        term = function(z) * mp.npdf(z) / 20
        before, now = mp.mpf(0), mp.mpf(1)
        for l in range(degrees):
            moments[l] += term * now
            before, now = now, (z * now - mp.sqrt(l) * before) / mp.sqrt(l + 1)
    return moments


def series_gamma(function, degrees, at, *, top, bottom, shift):
    """Return gamma from a series cut after `degrees`; the tails of those asked for here are below 1e-45."""
    kernel = [mp.mpf(0)] * shift + [mu**2 for mu in coefficients(function, degrees)]
    energy = sum(mp.npdf(mp.mpf(k) / 20) * function(mp.mpf(k) / 20) ** 2 / 20 for k in range(-360, 361))
    above = sum(c * at**l for l, c in enumerate(kernel) if l >= top)
    return above / (energy - sum(kernel[:bottom]))


def relu_kernel(r):
    return (mp.sqrt(1 - r**2) + r * (mp.pi - mp.acos(r))) / (2 * mp.pi)


KNOWN = {
    ("relu", "gamma_rf_upper"): lambda a: (relu_kernel(a) - relu_kernel(0)) / (relu_kernel(1) - relu_kernel(0)),
    ("relu", "gamma_rf_lower"): lambda a: (
        (relu_kernel(a) - relu_kernel(0) - a / 4) / (relu_kernel(1) - relu_kernel(0) - mp.mpf(1) / 4)
    ),
    ("relu", "gamma_ntk"): lambda a: 2 / mp.pi * a * mp.asin(a),
    ("erf", "gamma_rf_upper"): lambda a: mp.asin(2 * a / 3) / mp.asin(mp.mpf(2) / 3),
    ("erf", "theorem_5_4_bound"): lambda a: (mp.asin(2 * a / 3) - 2 * a / 3) / mp.asin(mp.mpf(2) / 3),
    ("sin", "gamma_rf_upper"): lambda a: mp.sinh(a) / mp.sinh(1),
    ("sin", "gamma_ntk"): lambda a: a * (mp.cosh(a) - 1) / (mp.cosh(1) - 1),
    ("h1+h2", "gamma_rf_upper"): lambda a: (a + a**2) / 2,
    ("h1+h2", "gamma_ntk"): lambda a: a**2,
}


def radius(number):
    return mp.mpf(number.radius) + mp.mpf(10) ** -44


def holds(number, truth):
    """Return whether a certified number contains `truth`, itself good to 44 digits."""
    return abs(mp.mpf(number.value) - truth) <= radius(number)


@pytest.mark.parametrize("activation", CATALOGUE, ids=lambda a: a.name)
def test_thirty_digits_of_every_gamma_and_coefficient_are_certified(activation):
    found = drawn(activation)
    numbers = [v for values in found.at.values() for v in values.values()] + [row.value for row in found.hermite]
    assert len(numbers) == 2 * (4 - bool(activation.jumps)) + DEGREES + 1
    assert {number.verdict for number in numbers} == {Verdict.ENCLOSED}
    assert [n for n in numbers if float(n.radius) > 1e-29 * max(abs(float(n.value)), 1e-30)] == []


@pytest.mark.parametrize(("name", "key"), KNOWN, ids=" ".join)
@pytest.mark.parametrize("at", AT, ids=str)
def test_the_enclosure_holds_the_value_of_the_formula(name, key, at):
    (activation,) = [a for a in CATALOGUE if a.name == name]
    number = drawn(activation).at[at][key]
    with mp.workdps(50):
        truth = KNOWN[name, key](mp.mpf(at.numerator) / at.denominator)
        assert holds(number, truth)
        assert not holds(number, truth * (1 + mp.mpf(10) ** -28))


@pytest.mark.parametrize("key", LAWS)
def test_the_enclosure_for_tanh_holds_the_value_of_the_trapezoidal_rule(key):
    top, bottom, shift = LAWS[key]
    with mp.workdps(60):
        function = (lambda z: mp.sech(z) ** 2) if shift else mp.tanh
        truth = series_gamma(function, 72, mp.mpf(1) / 4, top=top, bottom=bottom, shift=shift)
        assert holds(drawn(TANH).at[Fraction(1, 4)][key], truth)
        assert not holds(drawn(TANH).at[Fraction(1, 4)][key], truth * (1 + mp.mpf(10) ** -28))


def test_the_coefficients_of_erf_are_those_of_its_definition():
    with mp.workdps(60):
        truth = coefficients(mp.erf, DEGREES + 1)
        assert [row.degree for row in drawn(ERF).hermite if not holds(row.value, truth[row.degree])] == []


@pytest.mark.parametrize("activation", [RELU, ERF], ids=lambda a: a.name)
def test_a_wrong_coefficient_is_contradicted(monkeypatch, activation):
    right = HermiteSeries.coefficient
    wrong = sp.Rational(98, 97)
    witness(random_features(activation))
    monkeypatch.setattr(HermiteSeries, "coefficient", lambda self, l: right(self, l) * (wrong if l == 1 else 1))
    with pytest.raises(ArithmeticError, match=rf"^{activation.name}: mu_1 = .* is contradicted by quadrature$"):
        witness(random_features(activation))


@pytest.mark.parametrize("activation", [RELU, ERF], ids=lambda a: a.name)
def test_a_wrong_dual_is_contradicted(monkeypatch, activation):
    right = random_features(activation).base_dual.expr
    wrong = Dual(expr=right + rho / 10**6, steps=())
    monkeypatch.setattr(KernelSeries, "base_dual", property(lambda _: wrong))
    with pytest.raises(ArithmeticError, match=r"the dual .* is contradicted by quadrature"):
        portrait(activation, AT)


def test_a_wrong_coefficient_of_degree_one_is_seen_in_the_closed_form_of_gamma(monkeypatch):
    right = KernelSeries.coefficient
    monkeypatch.setattr(KernelSeries, "coefficient", lambda self, l: right(self, l) * (2 if l == 1 else 1))
    with pytest.raises(ArithmeticError, match="is contradicted by its series at alpha = 1/4"):
        portrait(RELU, AT)


@pytest.mark.parametrize(
    ("expr", "why"), [(2 * x + 1, "is linear"), (x, "is linear"), (x - x + 3, "is linear")], ids=str
)
def test_an_affine_activation_is_refused(expr, why):
    with pytest.raises(ValueError, match=why):
        portrait(Activation(name="flat", expr=expr), AT)


@pytest.mark.parametrize("alpha", [Fraction(0), Fraction(1), Fraction(3, 2), Fraction(-1, 2)], ids=str)
def test_an_alpha_outside_the_open_interval_is_refused(alpha):
    with pytest.raises(ValueError, match=rf"alpha = {alpha} is outside \(0, 1\)"):
        portrait(RELU, (Fraction(1, 2), alpha))


def test_what_is_not_square_integrable_is_refused():
    with pytest.raises(ValueError, match="not shown to be square-integrable"):
        portrait(Activation(name="wild", expr=sp.exp(x**2)), AT)


def test_a_step_has_no_tangent_gamma_and_says_why():
    found = drawn(STEP)
    assert found.formulas["gamma_ntk"].expr is None
    assert "jumps" in found.formulas["gamma_ntk"].note
    assert [at for at, values in found.at.items() if "gamma_ntk" in values] == []
    assert drawn(RELU).formulas["gamma_ntk"].expr is not None


def test_what_has_a_closed_form_needs_no_word_and_what_has_none_says_so():
    notes = {a: {key: f.note for key, f in portrait(a, AT[1:]).formulas.items()} for a in (ERF, TANH)}
    assert set(notes[ERF]) == set(notes[TANH]) == set(LAWS)
    assert set(notes[ERF].values()) == {""}
    assert set(notes[TANH].values()) == {"no closed form: the series, with its tail enclosed, is the answer"}


def test_a_ball_that_stays_wide_is_undecided():
    assert certified(lambda _: flint.arb(1, 1e-9)).verdict is Verdict.UNDECIDED
    assert certified(lambda _: flint.arb(1, 1e-40)).verdict is Verdict.ENCLOSED
    assert certified(lambda bits: flint.arb(1, 2.0 ** (40 - bits / 2))).verdict is Verdict.ENCLOSED  # more bits help


def test_two_precisions_that_disagree_are_refused():
    with pytest.raises(ArithmeticError, match=r"^two precisions disagree: "):
        certified(lambda bits: flint.arb(bits, 1e-40))


def test_the_portrait_holds_the_dual_and_the_coefficients_for_all_degrees():
    assert drawn(RELU).dual.expr == dual(RELU).expr
    assert drawn(RELU).degrees == HermiteSeries(RELU).degrees
    assert drawn(TANH).degrees is None
    assert "no closed form" in drawn(TANH).dual.note


@pytest.mark.parametrize("digits", [1, 8, 60])
def test_as_many_digits_as_asked_for_are_certified(digits):
    found = portrait(ERF, AT[:1], digits=digits).at[AT[0]]["gamma_rf_upper"]
    with mp.workdps(80):
        truth = KNOWN["erf", "gamma_rf_upper"](mp.mpf(1) / 4)
        assert abs(mp.mpf(found.value) - truth) <= mp.mpf(found.radius) < mp.mpf(10) ** -digits


@pytest.mark.parametrize("digits", [0, -3, 1001])
def test_a_number_of_digits_that_cannot_be_had_is_refused(digits):
    with pytest.raises(ValueError, match=rf"^{digits} digits: from 1 to 1000 can be had$"):
        portrait(RELU, AT, digits=digits)


def test_a_depth_and_another_query_add_their_constants():
    plain = set(drawn(ERF).formulas)
    assert set(portrait(ERF, AT[:1], query=Query.ZERO).formulas) - plain == {"gamma_rf_zero", "gamma_ntk_zero"}
    assert set(portrait(ERF, AT[:1], depth=2).formulas) - plain == {"gamma_nngp_2", "gamma_ntk_2"}
