r"""The finite-size law as d grows with `N = delta d^L / L!`, symbolically: its limits are values of rational functions.

With `h = 1/d`, a kernel `c_0 + ... + c_3 rho^3` and `kap = K h^L`, every mode's share of the balance and of the energy
is a rational function of h without a pole at 0, so its limit is its value there: no limit is taken by `sympy.limit`.
The number of coefficients plays no part: it has to exceed L, the step of the staircase, by two for all cases to occur.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import sympy as sp

from .claim import Point
from .sphere import dimension, eigenvalue
from .symbols import alpha, delta

h = sp.Symbol("h", positive=True)
"""`1/d`."""
K = sp.Symbol("K", positive=True)
"""`kap d^L`."""
COEFFICIENTS = sp.symbols("c_0:4", positive=True)
LEVELS = (1, 2)


@cache
def modes() -> dict[tuple[int, int], tuple[sp.Expr, sp.Expr]]:
    """Return `(B_ij, lambda_ij)` for `d_x = (1 - alpha)/h` and `d_y = alpha/h`."""
    d_x, d_y = (1 - alpha) / h, alpha / h
    kernel = dict(enumerate(COEFFICIENTS))
    return {
        (i, l - i): (
            sp.factor(dimension(i, d_x) * dimension(l - i, d_y)),
            sp.cancel(eigenvalue(i, l - i, kernel, d_x, d_y)),
        )
        for l in range(len(COEFFICIENTS))
        for i in range(l + 1)
    }


@cache
def balance(level: int) -> sp.Expr:
    """Return `L! h^L sum B lambda / (lambda + kap)`, which is to be delta, without poles at h = 0."""
    shares = (h**level * b * value / (value + K * h**level) for b, value in modes().values())
    return sp.factorial(level) * sp.Add(*map(sp.cancel, shares))


@cache
def unlearned_energy(level: int, *, in_y: bool) -> sp.Expr:
    """Return `sum B lambda q` over all modes, or over those in y alone, without poles at h = 0."""
    kap = K * h**level
    kept = (b * value * kap / (value + kap) for (i, _), (b, value) in modes().items() if i == 0 or not in_y)
    return sp.Add(*map(sp.cancel, kept))


def gamma(level: int) -> sp.Expr:
    """Return the law at `d = 1/h`."""
    return unlearned_energy(level, in_y=True) / unlearned_energy(level, in_y=False)


def at_infinity(expr: sp.Expr) -> sp.Expr:
    """Return the value at h = 0."""
    return sp.Subs(expr, h, 0)


def step_of(level: int, share: sp.Expr) -> sp.Expr:
    """Return `(c_L alpha^L m + sum_{l > L} c_l alpha^l) / (c_L m + sum_{l > L} c_l)`: a step of the staircase."""
    first, above = COEFFICIENTS[level], list(enumerate(COEFFICIENTS))[level + 1 :]
    top = first * alpha**level * share + sp.Add(*(c * alpha**l for l, c in above))
    return top / (first * share + sp.Add(*(c for _, c in above)))


def step_balance(level: int, share: sp.Expr) -> sp.Expr:
    """Return `s m^2 + (1 + s delta - s) m - 1`, `s = c_L / sum_{l > L} c_l`."""
    s = COEFFICIENTS[level] / sp.Add(*COEFFICIENTS[level + 1 :])
    return s * share**2 + (1 + s * delta - s) * share - 1


def points() -> Iterator[Point]:
    """Yield kernels, shares of y, and a dimension and a ridge for the steps that have them."""
    for *values, share, d, ridge_ in (
        ("1/10", "1/4", "1/8", "1/2", "1/3", 50, "2/3"),
        (2, "1/9", "3/4", "1/5", "2/3", 7, "1/50"),
        ("1/2", 1, "1/30", "1/7", "1/10", 400, 3),
    ):
        known = (*COEFFICIENTS, alpha, h, K)
        yield dict(zip(known, map(sp.Rational, (*values, share, f"1/{d}", ridge_)), strict=True))
