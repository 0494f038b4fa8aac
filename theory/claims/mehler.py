"""A correlated expectation is a power series in the correlation, with the products of Hermite coefficients."""

from collections.abc import Iterator

import sympy as sp

from theory.activations import ABS, GELU, RELU, SIN, TANH
from theory.claim import Claim, Hypothesis, Point, Provenance, Source, Status, Step, Twin
from theory.expectations import Hermite, correlated, mean, phi, psi
from theory.symbols import ell, rho, x

CORRELATED = correlated(phi(x), psi(x), rho)


def series(first: int, weight: sp.Expr = rho**ell) -> sp.Sum:
    """Return `sum_{l >= first} weight(l) mu_l(phi) mu_l(psi)`."""
    return sp.Sum(weight * mean(phi(x) * Hermite(ell, x)) * mean(psi(x) * Hermite(ell, x)), (ell, first, sp.oo))


SERIES = series(0)


def points() -> Iterator[Point]:
    """Yield pairs of activations, smooth and kinked, at correlations of both signs."""
    for first, second, correlation in (
        (RELU, RELU, sp.Rational(1, 3)),
        (TANH, SIN, sp.Rational(1, 2)),
        (GELU, ABS, sp.Rational(-2, 5)),
        (RELU, TANH, sp.Rational(-1, 4)),
    ):
        yield {phi: first.expr, psi: second.expr, rho: correlation}


def degrees() -> Iterator[Point]:
    """Yield degrees and correlations for the eigenrelation of a single polynomial."""
    for degree in (0, 1, 2, 4):
        yield {ell: degree, rho: sp.Rational(1, 3)}


def derivation() -> Iterator[Step]:
    """Expand both functions; polynomials of different degree are uncorrelated, those of one degree give rho^l."""
    yield Step(
        left=correlated(Hermite(ell, x), Hermite(ell, x), rho),
        right=rho**ell,
        because="equal degrees: the coefficient of (a b)^l / l! in E[exp(a u - a^2/2) exp(b v - b^2/2)] = exp(a b rho)",
        points=degrees,
    )
    yield Step(
        left=correlated(Hermite(ell, x), Hermite(ell + 1, x), rho),
        right=sp.Integer(0),
        because="different degrees: exp(a b rho) has no term with different powers of a and b",
        points=degrees,
    )
    yield Step(left=CORRELATED, right=SERIES, because="expand phi and psi in Hermite polynomials, and sum (Parseval)")


CLAIM = Claim(
    title="Mehler's formula",
    reading="The correlation of phi(u) and psi(v) is a power series in the correlation of u and v.",
    statement=(CORRELATED, SERIES),
    source=Source(key="mehler1866", anchor="Mehler's formula", provenance=Provenance.KNOWN),
    hypotheses=(
        Hypothesis(
            text="phi and psi are square-integrable against the Gaussian, and |rho| <= 1",
            examine=lambda _: (Status.HOLDS, "proved for each activation tried, by an envelope of its growth"),
            violated=lambda: iter([{phi: sp.exp(x**2 / 3), psi: x, rho: sp.Rational(1, 2)}]),
        ),
    ),
    points=points,
    derivation=derivation,
    twins=(
        Twin(slip="the sum starts at degree 1", statement=(CORRELATED, series(1))),
        Twin(slip="rho^(l+1) in place of rho^l", statement=(CORRELATED, series(0, rho ** (ell + 1)))),
        Twin(
            slip="orthonormal and monic polynomials confused: an extra 1/l!",
            statement=(CORRELATED, series(0, rho**ell / sp.factorial(ell))),
        ),
    ),
)
