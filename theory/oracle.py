"""Definitions evaluated by mpmath quadrature: slow, obvious, and only ever a witness.

Nothing here is shared with what it witnesses: kinks are found anew, integrals are taken over the definition, and the
error of a value is estimated from two orders of quadrature.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import mpmath as mp
import sympy as sp
from mpmath.calculus.quadrature import GaussLegendre

from .expectations import Correlated, Mean

_REACH = 14
"""Beyond 14 standard deviations the Gaussian weight is below 1e-42."""


class Value(NamedTuple):
    """A number and an estimate of its error."""

    value: mp.mpf
    error: mp.mpf


_DIGITS = 20


def value(expr: sp.Basic) -> Value | None:
    """Return the value of an expression in `Mean`, `Correlated` and its slope in rho; None for infinite sums."""
    if expr.has(sp.Sum, sp.Limit):
        return None
    with mp.workdps(_DIGITS + 10):
        nodes = sorted(_integrals(expr), key=sp.default_sort_key)
        found = {node: _integral(node) for node in nodes}
        names = {node: sp.Dummy(real=True) for node in nodes}
        formula = sp.lambdify(list(names.values()), expr.xreplace(names).doit(), "mpmath")
        centre = formula(*(found[node].value for node in nodes))
        # first order in each: the errors are tiny against the values, or the check will say that it is undecided
        error = mp.mpf(10) ** (-_DIGITS)
        for i in range(len(nodes)):
            moved = [found[n].value + (found[n].error if i == j else 0) for j, n in enumerate(nodes)]
            error += abs(formula(*moved) - centre)
        return Value(centre, error)


def _integrals(expr: sp.Basic) -> set[sp.Basic]:
    """Return the outermost integrals of `expr`: a slope of a correlation, taken at a number, counts as one."""
    if isinstance(expr, (Mean, Correlated, sp.Subs)):
        return {expr}
    return set().union(*(_integrals(arg) for arg in expr.args)) if expr.args else set()


@lru_cache(maxsize=1024)
def _integral(node: sp.Basic) -> Value:
    """Return one integral; a claim, its steps and its twins ask for the same ones, at the one precision of `value`."""
    if isinstance(node, Mean):
        z = sp.Dummy("z", real=True)
        return _line(node.args[0](z).doit(), z)
    if isinstance(node, sp.Subs):  # SymPy's form of a derivative taken at a number
        derivative, variables, places = node.args
        if not isinstance(derivative.expr, Correlated):
            raise TypeError(f"no quadrature for {node}")
        return _plane(derivative.expr.subs(dict(zip(variables, places, strict=True))), slope=True)
    return _plane(node, slope=False)


def _kinks(expr: sp.Expr, z: sp.Symbol) -> list[mp.mpf]:
    """Return the zeros of the linear arguments of kinked functions."""
    found = set()
    for node in expr.atoms(sp.Max, sp.Min, sp.Abs, sp.Heaviside, sp.sign):
        for arg in node.args:
            slope = arg.diff(z)
            if slope.is_number and slope != 0:
                found.add(-arg.subs(z, 0) / slope)
    for node in expr.atoms(sp.core.relational.Relational):
        found |= set(sp.solve(node.lhs - node.rhs, z))
    return sorted(mp.mpf(str(sp.N(f, mp.mp.dps))) for f in found if f.is_real and abs(f) < _REACH)


def _ends(expr: sp.Expr, z: sp.Symbol) -> list[mp.mpf]:
    return sorted({mp.mpf(-_REACH), mp.mpf(0), mp.mpf(_REACH), mp.mpf(-4), mp.mpf(4), *_kinks(expr, z)})


def _line(expr: sp.Expr, z: sp.Symbol) -> Value:
    f = sp.lambdify(z, expr, "mpmath")
    found, error = mp.quad(lambda u: f(u) * mp.npdf(u), _ends(expr, z), maxdegree=7, error=True)
    return Value(mp.mpf(found), 10 * error)


_PANELS = (-12, -6, -3, 0, 3, 6, 12)
_ROUNDING = 1e-13
"""Of a sum of some 20 000 doubles of size one, added exactly by `fsum`, each good to a few units of 1e-16."""


def _plane(node: Correlated, *, slope: bool) -> Value:
    """`E[f(u) h(v)]` over the bivariate density, by tensor Gauss-Legendre on the cells between the kinks, in doubles.

    The slope in rho differentiates the density: `p'/p = (rho (1 - rho^2) + (1 + rho^2) u v - rho (u^2 + v^2)) /
    (1 - rho^2)^2`.
    """
    z = sp.Dummy("z", real=True)
    sides = [node.args[i](z).doit() for i in (0, 1)]
    rho = float(node.args[2])
    scale = 1 - rho**2

    def weight(u: float, v: float) -> float:
        density = math.exp(-(u * u - 2 * rho * u * v + v * v) / (2 * scale)) / (2 * math.pi * math.sqrt(scale))
        return density * (rho * scale + (1 + rho**2) * u * v - rho * (u * u + v * v)) / scale**2 if slope else density

    def total(degree: int) -> float:
        us, vs = (_panel_rule(side, z, degree) for side in sides)
        return math.fsum(wu * wv * weight(u, v) for u, wu in us for v, wv in vs)

    fine, coarse = total(4), total(3)
    return Value(mp.mpf(fine), mp.mpf(10 * abs(fine - coarse) + _ROUNDING))


def _panel_rule(expr: sp.Expr, z: sp.Symbol, degree: int) -> list[tuple[float, float]]:
    """Return nodes on the line and their weights times `expr` there."""
    f = sp.lambdify(z, expr, "mpmath")
    cuts = sorted({float(c) for c in (*_kinks(expr, z), *_PANELS)})
    points = []
    for a, b in pairwise(cuts):
        half, middle = (b - a) / 2, (a + b) / 2
        for s, w in _gauss_legendre(degree):
            u = middle + half * s
            points.append((u, half * w * float(f(u))))
    return points


@lru_cache
def _gauss_legendre(degree: int) -> list[tuple[float, float]]:
    return [(float(s), float(w)) for s, w in GaussLegendre(mp.mp).calc_nodes(degree, 53)]
