"""Coefficients as functions of the degree: those of quadrature, those of the textbook, and proved by a recurrence."""

from dataclasses import replace

import pytest
import sympy as sp

from theory import balls, degrees
from theory.activations import CATALOGUE, COS, ERF, EXP, GAUSSIAN, RELU, SIGN, SIN
from theory.degrees import Case, degree_formula, k, obeys_recurrence, slope, taylor_coefficient
from theory.hermite import HermiteSeries
from theory.quadrature import hermite_moments
from theory.registry import find_activation
from theory.symbols import ell, t

BITS = 128
NO_TRANSFORM = {"tanh", "sigmoid", "softplus", "silu", "mish", "gelu_tanh"}
CUT_EXPONENTIALS = {"elu", "selu", "celu"}
FORMULAS = (
    "sin(2*x + 1)",
    "x**2*exp(-x**2)",
    "exp(-(x - 1)**2)",
    "exp(-(x + 1)**2/2)*x",
    "max(x - 1, 0)",
    "max(x + 1, 0)**2",
    "abs(x + 2)",
    "step(x - 1/2)",
    "x*sin(x)",
    "1 + x*cos(2*x)",
    "sin(3*x)*cos(x)",
    "sin(x)**2",
    "exp(x) + max(x, 0)",
    "exp(x) + sin(x)",
    "erf(2*x - 1)",
    "erf(2*x) + erf(x)",
    "x**2*erf(x/2)",
    "2**x",
    "cosh(x/2)",
    "x*sinh(x)",
    "exp(x**2/5)",
    "x**2 - exp(-x)",
    "max(x, 0)**2 + sin(x)",
)
KNOWN = {
    "relu": (RELU, 2 * k, (-1) ** (k + 1) / (2**k * sp.factorial(k) * (2 * k - 1) * sp.sqrt(2 * sp.pi))),
    "sign": (SIGN, 2 * k + 1, sp.sqrt(2 / sp.pi) * (-1) ** k / (2**k * sp.factorial(k) * (2 * k + 1))),
    "erf": (
        ERF,
        2 * k + 1,
        2 * (-1) ** k / (sp.sqrt(sp.pi) * sp.sqrt(3) ** (2 * k + 1) * sp.factorial(k) * (2 * k + 1)),
    ),
    "sin": (SIN, 2 * k + 1, sp.exp(-sp.Rational(1, 2)) * (-1) ** k / sp.factorial(2 * k + 1)),
    "cos": (COS, 2 * k, sp.exp(-sp.Rational(1, 2)) * (-1) ** k / sp.factorial(2 * k)),
    "exp": (EXP, ell, sp.exp(sp.Rational(1, 2)) / sp.factorial(ell)),
    "gaussian": (GAUSSIAN, 2 * k, (-sp.Rational(1, 4)) ** k / (sp.sqrt(2) * sp.factorial(k))),
}
"""Activation, degree, and `mu_degree / sqrt(degree!)`, the coefficient of `t^degree` in the transform."""
CORES = {
    "exp(a t^2)": (sp.exp(-(t**2) / 4), 2 * k),
    "exp(q t)": (sp.exp(t / 3), ell),
    "exp(a t^2 + q t)": (sp.exp(-(t**2) / 3 + t), ell),
    "erf(b t)": (sp.erf(t / 2), 2 * k + 1),
    "erf(b t + c)": (sp.erf(t / sp.sqrt(3) + 1), ell),
    "erf(b t - c)": (sp.erf(2 * t - 1), ell),
    "sin(b t)": (sp.sin(2 * t), 2 * k + 1),
    "cos(b t)": (sp.cos(2 * t), 2 * k),
}
SPOILT = {
    "a sign that alternates": lambda term, degree: to_the_power(term, -1, degree),
    "a factor at each degree": lambda term, degree: to_the_power(term, sp.Rational(98, 97), degree),
    "a factor that grows": lambda term, degree: term.times(degree + 1),
}


def to_the_power(term, factor, degree):
    """Return the coefficient of `t^degree` times `factor^n`, `degree = n` or `2 n + (0 or 1)`."""
    variable = next(iter(degree.free_symbols))
    whole = int(degree.subs(variable, 0)) // int(degree.coeff(variable, 1))
    return replace(term, base=factor * term.base).times(factor**whole)


def named(activation):
    return activation.name


@pytest.mark.parametrize(
    "activation",
    [*(a for a in CATALOGUE if a.name not in NO_TRANSFORM | CUT_EXPONENTIALS), *map(find_activation, FORMULAS)],
    ids=named,
)
def test_the_formula_holds_at_every_degree_to_twenty(activation):
    formula, moments = HermiteSeries(activation).degrees, hermite_moments(activation, 20, BITS)
    for l, moment in enumerate(moments):
        value = formula.at(l)
        assert balls.number(value, BITS).overlaps(moment)
        assert moment.contains(0) or not balls.number(value * sp.Rational(98, 97), BITS).overlaps(moment)


@pytest.mark.parametrize("text", ["relu4", "gelu", "hard_tanh", "x**2*exp(-x**2)", "abs(x + 2)", "sin(2*x + 1)"])
def test_the_formula_is_the_derivative_of_the_transform(text):
    series = HermiteSeries(find_activation(text))
    for l in range(7):
        by_degree, by_derivative = (balls.number(v, BITS) for v in (series.degrees.at(l), series.by_derivative(l)))
        assert by_degree.overlaps(by_derivative)
        assert by_derivative.contains(0) or not (by_degree * 98 / 97).overlaps(by_derivative)


def test_the_catalogue_lacks_no_formula_but_these():
    assert {a.name for a in CATALOGUE if HermiteSeries(a).degrees is None} == NO_TRANSFORM | CUT_EXPONENTIALS


@pytest.mark.parametrize("activation", CATALOGUE, ids=named)
def test_one_case_or_one_exception_speaks_of_each_degree(activation):
    formula = HermiteSeries(activation).degrees
    expected = 0 if formula is None else 1
    for l in range(12) if formula else ():
        cases = [c for c in formula.cases if c.speaks_of(l) and l >= c.first]
        assert len(cases) + [degree for degree, _ in formula.exceptions].count(l) == expected
    assert (formula is None) == (activation.name in NO_TRANSFORM | CUT_EXPONENTIALS)


@pytest.mark.parametrize("name", KNOWN)
def test_the_formula_is_that_of_the_textbook(name):
    activation, degree, coefficient = KNOWN[name]
    formula = HermiteSeries(activation).degrees
    (case,) = [c for c in formula.cases if c.degree == degree]
    ratio = sp.combsimp(case.expr / (coefficient * sp.sqrt(sp.factorial(degree))))
    values = [sp.simplify(ratio.subs(case.variable, n)) for n in range(case.first, 8)]
    assert values == [1] * len(values)
    assert [sp.simplify(v * sp.Rational(98, 97)) for v in values] != values


def test_the_zeros_of_relu_are_those_of_every_odd_degree_but_one():
    formula = HermiteSeries(RELU).degrees
    assert [l for l in range(1, 20, 2) if formula.at(l) != 0] == [1]


@pytest.mark.parametrize("name", CORES)
def test_each_line_of_the_table_is_taylors_series(name):
    core, degree = CORES[name]
    term, start = taylor_coefficient(core, degree)
    case = Case(degree=degree, expr=term.expression(next(iter(degree.free_symbols))), first=start)
    for l in (n for n in range(start, 7) if case.speaks_of(n)):
        taylor = core.diff(t, l).subs(t, 0) / sp.factorial(l)
        assert sp.simplify(case.at(l) - taylor) == 0
        assert sp.simplify(case.at(l) * sp.Rational(98, 97) - taylor) != 0 or taylor == 0


@pytest.mark.parametrize("name", CORES)
def test_each_line_of_the_table_obeys_its_recurrence(name):
    assert obeys_recurrence(*CORES[name])


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
@pytest.mark.parametrize("name", CORES)
def test_a_spoilt_line_does_not(monkeypatch, name, spoil):
    core, degree = CORES[name]

    def spoilt(asked, at):
        found = taylor_coefficient(asked, at)
        if asked != core or found is None or found[0] is None:
            return found
        return spoil(found[0], at), found[1]

    monkeypatch.setattr(degrees, "taylor_coefficient", spoilt)
    assert not obeys_recurrence(core, degree)


@pytest.mark.parametrize("name", CORES)
def test_a_line_one_degree_off_does_not(monkeypatch, name):
    core, degree = CORES[name]
    step = 1 if degree == ell else 2
    monkeypatch.setattr(
        degrees,
        "taylor_coefficient",
        lambda asked, at: taylor_coefficient(asked, at + (step if asked == core else 0)),
    )
    assert not obeys_recurrence(core, degree)


@pytest.mark.parametrize("name", CORES)
def test_the_slope_of_a_core_is_its_derivative(name):
    core, _ = CORES[name]
    total = sum(term.weight * t**term.power * term.core for term in slope(core))
    assert sp.simplify(core.diff(t) - total) == 0
    assert sp.simplify(core.diff(t) - total * sp.Rational(98, 97)) != 0


@pytest.mark.parametrize("core", [sp.exp(t) * sp.sin(t), sp.exp(-t) * sp.erf(t), sp.erf(t**2), sp.log(t + 2)], ids=str)
def test_what_is_not_in_the_table_has_no_formula(core):
    assert degree_formula(t * core) is None


@pytest.mark.parametrize(
    ("expr", "degree", "true", "right"),
    [
        (k, 4, sp.Integer(2), True),
        (k, 4, sp.Integer(1), False),
        (k, 4, sp.Integer(3), False),
        (1 / k, 0, sp.Integer(1), False),  # infinite
        (sp.sqrt(k + 2) * sp.sqrt(k), 4, 2 * sp.sqrt(2), True),
    ],
)
def test_a_formula_reaches_below_its_first_degree_only_where_it_is_right(expr, degree, true, right):
    assert degrees._is(Case(degree=2 * k, expr=expr, first=6), degree, true) is right


@pytest.mark.parametrize(
    ("form", "degree", "following"), [(ell, 3, 4), (2 * k, 2, 4), (2 * k + 1, 3, 5), (2 * k, 8, 9), (ell, 8, 9)]
)
def test_the_degrees_of_one_parity_go_on_in_twos_up_to_where_the_case_begins(form, degree, following):
    assert degrees._next(Case(degree=form, expr=sp.Integer(1), first=9), degree) == following


@pytest.mark.parametrize(("core", "degree"), [(sp.sin(t), 2 * k), (sp.cos(t), 2 * k + 1), (sp.erf(t), 2 * k)], ids=str)
def test_a_recurrence_between_zeros_holds(core, degree):
    assert taylor_coefficient(core, degree)[0] is None
    assert obeys_recurrence(core, degree)
