"""Enclose an expression at a point: means by rigorous quadrature, infinite sums with a bound on their tail."""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from . import balls
from .activations import Activation
from .arithmetic import flint
from .balls import Ball
from .expectations import Correlated, Hermite, Mean
from .quadrature import hermite_moments
from .symbols import x

_TERMS = 160


def enclose(expr: sp.Basic, bits: int = 160) -> Ball | None:
    """Return a ball that contains the value of `expr`, or None where this module has no rigorous way to it."""
    if expr.has(Correlated, sp.Limit):
        return None
    sums = sorted((s for s in expr.atoms(sp.Sum)), key=sp.default_sort_key)
    found = {s: _sum(s, bits) for s in sums}
    if any(ball is None for ball in found.values()):
        return None
    names = {s: sp.Dummy() for s in sums}
    values = {names[s]: found[s] for s in sums}
    rest = expr.xreplace(names)
    means = sorted(rest.atoms(Mean), key=sp.default_sort_key)
    inner = {m: sp.Dummy() for m in means}
    values |= {inner[m]: _mean(m.body.doit(), bits) for m in means}
    with balls.precision(bits):
        return balls.evaluate(rest.xreplace(inner).doit(), values)


@lru_cache(maxsize=512)
def _mean(body: sp.Expr, bits: int) -> Ball:
    return balls.gaussian_mean(Activation(name=str(body), expr=body), None, bits)


@lru_cache(maxsize=64)
def _moments(body: sp.Expr, bits: int) -> tuple[list[Ball], Ball]:
    """Return the Hermite moments of an expression, and the energy beyond them."""
    activation = Activation(name=str(body), expr=body)
    moments = hermite_moments(activation, _TERMS, bits)
    with balls.precision(bits):
        left = balls.gaussian_mean(activation, None, bits, square=True)
        for mu in moments:
            left -= mu * mu
        return moments, flint.arb(max(left.upper(), flint.arb(0)))


def _sum(node: sp.Sum, bits: int) -> Ball | None:
    """Enclose `sum_{l >= l0} w(l) E[f h_l] E[h h_l]`, w(l) = 1 or a monomial in l times a power of a number below 1.

    By Cauchy and Schwarz the terms beyond L are at most `sqrt(T_f T_h) sup_{l > L} |w(l)|`, T the energies beyond L;
    the supremum is at L + 1, for from there on the ratio of successive weights is at most 1.
    """
    (index, start, end), term = node.limits[0], node.function
    powers = [factor.as_base_exp() for factor in sp.Mul.make_args(term)]
    means = [base for base, power in powers if isinstance(base, Mean) for _ in range(int(power))]
    if end != sp.oo or len(means) != 2:
        return None
    weight = sp.Mul(*(base**power for base, power in powers if not isinstance(base, Mean)))
    bodies = [sp.cancel(m.body / Hermite(index, x)).doit() for m in means]
    first, second = (_moments(body, bits) for body in bodies)
    with balls.precision(bits):
        weights = [balls.evaluate(weight.subs(index, l).doit(), {}) for l in range(int(start), _TERMS + 3)]
        last, after = weights[-2], weights[-1]
        if not abs(after) <= abs(last):
            return None
        total = sum(
            (w * first[0][l] * second[0][l] for l, w in enumerate(weights[:-2], start=int(start))), flint.arb(0)
        )
        tail = (first[1] * second[1]).sqrt() * abs(last)
        return total + flint.arb(tail.upper()) * flint.arb(0, 1)
