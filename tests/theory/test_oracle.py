"""The witness: definitions by quadrature, with an error that covers the truth, apart from what it witnesses."""

import ast
from pathlib import Path

import mpmath as mp
import pytest
import sympy as sp

from theory import oracle
from theory.activations import ABS, ERF, GELU, RELU, SIN, STEP, TANH
from theory.expectations import Hermite, correlated, mean
from theory.symbols import ell, rho, x

MEANS = {
    "relu": (mean(RELU.expr), lambda: 1 / mp.sqrt(2 * mp.pi)),
    "the square of relu": (mean(RELU.expr**2), lambda: mp.mpf(1) / 2),
    "a step": (mean(STEP.expr), lambda: mp.mpf(1) / 2),
    "a kink off zero": (mean(sp.Max(x - 1, 0)), lambda: mp.npdf(1) - 1 + mp.ncdf(1)),
    "cases": (mean(sp.Piecewise((0, x < 1), (1, True))), lambda: 1 - mp.ncdf(1)),
    "an eighth moment": (mean(x**8), lambda: mp.mpf(105)),
    "an exponential": (mean(sp.exp(x)), lambda: mp.exp(mp.mpf(1) / 2)),
    "a cosine": (mean(sp.cos(2 * x)), lambda: mp.exp(-2)),
    "orthonormality": (mean(Hermite(5, x) ** 2), lambda: mp.mpf(1)),
    "a formula in means": (mean(x**2) + 3 * mean(x**4) ** 2, lambda: mp.mpf(28)),
}
PLANES = {
    "relu": (RELU, lambda r: (mp.sqrt(1 - r**2) + r * (mp.pi - mp.acos(r))) / (2 * mp.pi)),
    "erf": (ERF, lambda r: 2 / mp.pi * mp.asin(2 * r / 3)),
    "abs": (ABS, lambda r: 2 / mp.pi * (mp.sqrt(1 - r**2) + r * mp.asin(r))),
    "sin": (SIN, lambda r: mp.sinh(r) / mp.e),
    "step": (STEP, lambda r: mp.mpf(1) / 4 + mp.asin(r) / (2 * mp.pi)),
}


@pytest.mark.parametrize("name", MEANS)
def test_a_mean_is_the_known_one_within_its_error(name):
    expr, known = MEANS[name]
    found = oracle.value(expr)
    with mp.workdps(40):
        truth = known()
        assert abs(found.value - truth) <= found.error
        assert found.error < 1e-12 * max(1, abs(truth))
        assert abs(found.value - truth * 98 / 97) > found.error


@pytest.mark.parametrize("at", [sp.Rational(-1, 2), sp.Rational(1, 3), sp.Rational(3, 4)], ids=str)
@pytest.mark.parametrize("name", PLANES)
def test_a_correlated_mean_is_the_known_one_within_its_error(name, at):
    activation, known = PLANES[name]
    found = oracle.value(correlated(activation.expr, activation.expr, at))
    with mp.workdps(40):
        truth = known(mp.mpf(at.p) / at.q)
        assert abs(found.value - truth) <= found.error
        assert found.error < 1e-6
        assert abs(found.value - truth * 98 / 97) > found.error


@pytest.mark.parametrize("name", ["relu", "erf", "sin"])
def test_a_slope_in_rho_is_the_known_one_within_its_error(name):
    activation, known = PLANES[name]
    slope = sp.Derivative(correlated(activation.expr, activation.expr, rho), rho).subs(rho, sp.Rational(1, 3))
    found = oracle.value(slope)
    with mp.workdps(40):
        truth = mp.diff(known, mp.mpf(1) / 3)
        assert abs(found.value - truth) <= found.error
        assert abs(found.value - truth * 98 / 97) > found.error


def test_two_different_functions_may_be_correlated():
    found = oracle.value(correlated(x, TANH.expr, sp.Rational(1, 2)))
    half = oracle.value(mean(x * TANH.expr) / 2)
    assert abs(found.value - half.value) <= found.error + half.error


def test_the_error_grows_where_the_function_is_rough():
    smooth, rough = (oracle.value(mean(f)).error for f in (GELU.expr, sp.sqrt(sp.Abs(sp.cos(9 * x)))))
    assert rough > 1e6 * smooth


def test_infinite_sums_and_limits_are_not_its_business():
    assert oracle.value(sp.Sum(mean(x**2) ** ell, (ell, 0, sp.oo))) is None
    assert oracle.value(sp.Limit(rho, rho, 0)) is None


def test_the_witness_imports_only_the_statements_from_theory():
    tree = ast.parse(Path(oracle.__file__).read_text())
    ours = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.level > 0}
    named = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    named |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.level == 0}
    assert ours == {"expectations"}
    assert {name.split(".")[0] for name in named} & {"theory", "numerics", "flint", "numpy", "scipy"} == set()


def test_what_it_takes_from_the_statements_computes_nothing():
    taken = {"Correlated", "Mean"}
    tree = ast.parse(Path(oracle.__file__).read_text())
    (line,) = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.level > 0]
    assert {alias.name for alias in line.names} == taken
