"""Gamma is the generating function of a law on Hermite degrees: between 0 and alpha, increasing and convex."""

from collections.abc import Iterator

import sympy as sp

from theory.activations import EXP, GAUSSIAN, GELU, RELU, SIN, TANH
from theory.claim import Claim, Hypothesis, Point, Provenance, Relation, Source, Status, Step, Twin
from theory.expectations import Hermite, mean, phi
from theory.symbols import alpha, ell, x

WEIGHTS = sp.symbols("c_1:5", positive=True)
"""The energies of a law on the degrees 1 to 4: enough for every step, none of which looks at how many there are."""
TOTAL = sp.Add(*WEIGHTS)
GAMMA = sp.Add(*(c * alpha**l for l, c in enumerate(WEIGHTS, start=1))) / TOTAL
NON_LINEAR = Hypothesis(
    text="phi is square-integrable against the Gaussian, and not linear",
    examine=lambda _: (Status.HOLDS, "proved for each activation tried, by an envelope of its growth"),
)
DEFINITIONS = {"c_{l}": "the energy of the kernel at degree l, the probability of l once divided by the sum"}


def energy_at(f: sp.Expr, degree: sp.Expr) -> sp.Expr:
    """Return `mu_l(f)^2`."""
    return mean(f * Hermite(degree, x)) ** 2


def generated(f: sp.Expr, first: int) -> sp.Sum:
    """Return `sum_{l >= first} mu_l(f)^2 alpha^l`."""
    return sp.Sum(alpha**ell * energy_at(f, ell), (ell, first, sp.oo))


def energy_from(f: sp.Expr, first: int) -> sp.Expr:
    """Return `sum_{l >= first} mu_l(f)^2`, by Parseval."""
    return mean(f**2) - sp.Add(*(energy_at(f, sp.Integer(l)) for l in range(first)))


def gamma(f: sp.Expr, first: int) -> sp.Expr:
    """Return gamma where the degrees below `first` are learned."""
    return generated(f, first) / energy_from(f, first)


def points() -> Iterator[Point]:
    """Yield kinked and smooth activations, with and without a mean, at small and large alpha."""
    for activation in (RELU, TANH, GELU, EXP):
        for share in ("1/100", "1/2", "9/10"):
            yield {phi: activation.expr, alpha: sp.Rational(share)}


def smooth() -> Iterator[Point]:
    """Yield activations whose energies fall fast enough for their sum to be enclosed."""
    yield from ({phi: activation.expr} for activation in (SIN, EXP, GAUSSIAN))


def laws() -> Iterator[Point]:
    """Yield energies and shares."""
    for *energies, share in ((1, "1/3", "1/7", 2, "1/5"), ("1/9", 2, "1/4", "1/6", "2/3"), (3, "1/2", 5, 1, "9/10")):
        yield dict(zip((*WEIGHTS, alpha), map(sp.Rational, (*energies, share)), strict=True))


def derivation() -> Iterator[Step]:
    """Parseval makes the energies a law; the rest is the calculus of power series with non-negative coefficients."""
    survival = [sp.Add(*WEIGHTS[k:]) / TOTAL for k in range(len(WEIGHTS))]
    curvature = [l * (l - 1) * c * alpha ** (l - 2) for l, c in enumerate(WEIGHTS, start=1)]
    yield Step(
        left=energy_from(phi(x), 1),
        right=sp.Sum(energy_at(phi(x), ell), (ell, 1, sp.oo)),
        because="Parseval: the energies, over the variance of phi, are non-negative and sum to 1, so they are a law",
        points=smooth,
    )
    yield Step(left=sp.Subs(GAMMA, alpha, 0), right=sp.Integer(0), because="no degree is 0", points=laws)
    yield Step(left=sp.Subs(GAMMA, alpha, 1), right=sp.Integer(1), because="the law sums to 1", points=laws)
    yield Step(
        left=WEIGHTS[-1] * alpha ** len(WEIGHTS) / TOTAL,
        right=GAMMA,
        relation=Relation.AT_MOST,
        because="no term is negative, so any degree that has energy makes gamma positive",
        points=laws,
    )
    yield Step(
        left=1 - GAMMA,
        right=(1 - alpha) * sp.Add(*(s * alpha**k for k, s in enumerate(survival))),
        because="summation by parts; both factors are positive, so gamma < 1 for alpha < 1",
        points=laws,
    )
    yield Step(
        left=GAMMA,
        right=alpha * sp.Derivative(GAMMA, alpha),
        relation=Relation.AT_MOST,
        because="l alpha^l >= alpha^l: the slope is at least gamma / alpha > 0, so gamma increases strictly",
        points=laws,
    )
    yield Step(
        left=sp.Derivative(GAMMA, (alpha, 2)),
        right=sp.Add(*curvature) / TOTAL,
        because="no term is negative: gamma is convex",
        points=laws,
    )
    yield Step(
        left=sp.Subs(GAMMA - WEIGHTS[0] * alpha / TOTAL, alpha, 1),
        right=1 - WEIGHTS[0] / TOTAL,
        because="the bound of theorem-5.4 drops degree 1 above alone: at alpha = 1 it is below 1, so it is no such law",
        points=laws,
    )


CLAIM = Claim(
    title="Gamma is the generating function of a law on degrees",
    reading=(
        "Draw a Hermite degree with probability proportional to the energy of the kernel there, among the degrees not "
        "yet learned: gamma is the mean of alpha^degree. So 0 < gamma <= alpha < 1, gamma increases strictly and is "
        "convex, and it is 0 at alpha = 0 and 1 at alpha = 1. Stated here for the upper end, degrees one and up."
    ),
    statement=(gamma(phi(x), 1), alpha),
    relation=Relation.AT_MOST,
    source=Source(key="feller1968", anchor="generating functions, of degrees here", provenance=Provenance.DERIVED),
    hypotheses=(NON_LINEAR,),
    points=points,
    derivation=derivation,
    twins=(
        Twin(
            slip="degree 0 is counted above and not below",
            statement=(generated(phi(x), 0) / energy_from(phi(x), 1), alpha),
        ),
        Twin(slip="the bound of the lower end, alpha^2, for the upper end", statement=(gamma(phi(x), 1), alpha**2)),
    ),
    definitions=DEFINITIONS,
)
