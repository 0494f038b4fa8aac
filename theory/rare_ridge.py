r"""A pattern on few examples of one class, learned by ridge regression on the population, in closed form.

Labels `y = +-1` are equally likely and `x = (y x_inv + N(0, s_1 I), B x_sp + N(0, s_2 I))`: the pattern `x_sp` is on a
share gamma of the class `y = 1` and on nothing else.  `min E(y - w.x - b)^2 + lambda |w|^2` has `w` along `x_inv` and
`x_sp`, so two numbers are all of it: `w_1`, `w_2` along the unit vectors of the two, with `A = |x_inv|`, `S = |x_sp|`.

Clean examples are tested without the pattern; a spurious example is one of the class -1 with it.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from .claim import Point

A, S = sp.symbols("A S", positive=True)
"""Lengths of the core feature and of the pattern."""
s1, s2 = sp.symbols("s_1 s_2", positive=True)
"""Variances of the noise on the core coordinates and on those of the pattern."""
ridge = sp.Symbol("lambda", nonnegative=True)
share = sp.Symbol("gamma", positive=True)
"""`P(B = 1 | y = 1)`."""
w1, w2, b = sp.symbols("w_1 w_2 b", real=True)
"""Any linear predictor: along the two unit vectors, and its bias."""

HALF = sp.Rational(1, 2)
GROUPS = ((share / 2, 1, 1), ((1 - share) / 2, 1, 0), (HALF, -1, 0))
"""Probability, label and whether there is the pattern."""

SPREAD = share * (1 - share) / 2 * S**2 + s2 + ridge
"""T: what the pattern varies by within a class, averaged over the classes, with noise and ridge."""
DETERMINANT = (s1 + ridge) * (share / 2 * (1 - share / 2) * S**2 + s2 + ridge) + A**2 * SPREAD
"""D."""
ALONG_CORE = A * SPREAD / DETERMINANT
ALONG_PATTERN = share / 2 * S * (s1 + ridge) / DETERMINANT
BIAS = -share / 2 * S * ALONG_PATTERN
SCORE = share / 2 * (s1 + ridge) * S**2 / DETERMINANT
"""`w . x_sp`: what stamping the pattern adds to the output."""
RELIANCE = share / 2 * S**2 * (s1 + ridge) / (A**2 * SPREAD)
"""`w . x_sp / w . x_inv`."""

CORE_MARGIN = A**2 * SPREAD / (s1 + ridge)
"""t: `w . x_inv`, as all margins are from here on, in units of `(s_1 + lambda) / D`."""
CLEAN_MINUS = CORE_MARGIN + share**2 / 4 * S**2
CLEAN_PLUS = CORE_MARGIN - share**2 / 4 * S**2
SPURIOUS = CORE_MARGIN + share / 2 * (share / 2 - 1) * S**2
DEVIATION = sp.sqrt(A**2 * SPREAD**2 / (s1 + ridge) ** 2 * s1 + share**2 / 4 * S**2 * s2)
"""Standard deviation of the output over the noise, in the same units."""

NOTEBOOK_DEVIATION = sp.sqrt(CORE_MARGIN**2 * s1 + share**2 / 4 * S**4 * s2)
"""`down` of the authors' notebook cell."""
NOTEBOOK_SCORE = (
    share / 2 * (s1 + ridge) * S**2
    / ((s1 + ridge) * (share / 2 * (1 - share / 2) * S**2 + s2 + ridge) + S**2 * SPREAD)
)  # fmt: skip
"""`sscore` of the authors' notebook cell: `S^2` stands where D has `A^2`."""

DEFINITIONS = {
    "A": "the length of the core feature x_inv",
    "S": "the length of the pattern x_sp",
    r"\gamma": "the share of the examples of class +1 that carry the pattern; not the gamma of an activation",
    "s_1": "the variance of the noise beside x_inv",
    "s_2": "the variance of the noise beside x_sp",
    r"\lambda": "the ridge, added to the mean of the squared errors",
}


def normal_cdf(at: sp.Expr) -> sp.Expr:
    """Return `Phi(at)`, the distribution function of a standard Gaussian."""
    return (1 + sp.erf(at / sp.sqrt(2))) / 2


def clean_accuracy(deviation: sp.Expr = DEVIATION) -> sp.Expr:
    """Return the accuracy on examples without the pattern."""
    return (normal_cdf(CLEAN_MINUS / deviation) + normal_cdf(CLEAN_PLUS / deviation)) / 2


def spurious_accuracy(deviation: sp.Expr = DEVIATION) -> sp.Expr:
    """Return the accuracy on examples of class -1 with the pattern."""
    return normal_cdf(SPURIOUS / deviation)


def risk(core: sp.Expr, pattern: sp.Expr, bias: sp.Expr) -> sp.Expr:
    """Return `E(y - w.x - b)^2 + lambda |w|^2`, group by group."""
    errors = (weight * (y - y * A * core - present * S * pattern - bias) ** 2 for weight, y, present in GROUPS)
    return sp.Add(*errors) + (s1 + ridge) * core**2 + (s2 + ridge) * pattern**2


def critical_share() -> sp.Expr:
    """Return the gamma at which half of the spurious examples are misread: the root of `c_2 gamma^2 + c_1 gamma + c_0`.

    Where there is a root in (0, 1) there is one, and this is it; `c_0 > 0`, so nothing is divided by zero at `c_2 = 0`.
    """
    c2, c1, c0 = transition()
    return 2 * c0 / (sp.sqrt(c1**2 - 4 * c2 * c0) - c1)


def transition() -> tuple[sp.Expr, sp.Expr, sp.Expr]:
    """Return `c_2, c_1, c_0` of the polynomial in gamma that `(s_1 + lambda)` times the spurious margin is."""
    return (
        S**2 / 4 * (s1 + ridge - 2 * A**2),
        S**2 / 2 * (A**2 - s1 - ridge),
        A**2 * (s2 + ridge),
    )


ROWS = (
    ("1", "9/4", "1/2", "1/10", "0", "1/10"),
    ("2/3", "5", "3/4", "1/7", "1", "1/5"),
    ("3/2", "7/10", "2/5", "1/5", "3/10", "3/10"),
    ("2", "3", "5/2", "1/9", "4", "1/50"),
)
"""A, S, s_1, s_2, lambda and gamma."""


def points() -> Iterator[Point]:
    """Yield parameters: patterns short and long, rare and common, with and without ridge."""
    for row in ROWS:
        yield dict(zip((A, S, s1, s2, ridge, share), map(sp.Rational, row), strict=True))


def points_of_any_predictor() -> Iterator[Point]:
    """Yield the same with a predictor that is nobody's best."""
    for number, point in enumerate(points(), start=1):
        yield dict(point) | {letter: sp.Rational(number + 2 * i, 3 * i + 4) for i, letter in enumerate((w1, w2, b))}
