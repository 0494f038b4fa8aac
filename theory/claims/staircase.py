"""The staircase: at N = delta d^L / L! degree L is learned in part, those below wholly, those above not at all."""

from collections.abc import Iterator

import sympy as sp

from theory.claim import Claim, Point, Provenance, Relation, Source, Step
from theory.hypotheses import DATA, INTERPOLATION
from theory.scaling import (
    COEFFICIENTS,
    LEVELS,
    K,
    at_infinity,
    balance,
    gamma,
    h,
    points,
    step_balance,
    step_of,
    unlearned_energy,
)
from theory.sizes import low
from theory.symbols import alpha, delta, ell

from .alignment_law import finite, rival
from .e4_below_gamma_ntk import QUADRATIC
from .proportional_law import DIMENSION

SHARE = sp.Symbol("m", positive=True)
LEVEL = sp.Symbol("L", integer=True, positive=True)
c = sp.IndexedBase("c", real=True)
STEP = (c[LEVEL] * alpha**LEVEL * SHARE + sp.Sum(c[ell] * alpha**ell, (ell, LEVEL + 1, sp.oo))) / (
    c[LEVEL] * SHARE + sp.Sum(c[ell], (ell, LEVEL + 1, sp.oo))
)
GAMMA = sp.Function(r"\gamma")(delta * DIMENSION**LEVEL / sp.factorial(LEVEL), DIMENSION, alpha)


def derivation() -> Iterator[Step]:
    """Set h = 1/d to zero in the exact law: each mode's share is a rational function of h without a pole there."""
    for level in LEVELS:
        above = sp.Add(*COEFFICIENTS[level + 1 :])
        yield Step(
            left=at_infinity(balance(level)),
            right=COEFFICIENTS[level] * sp.factorial(level) / (sp.factorial(level) * COEFFICIENTS[level] + K)
            + sp.factorial(level) * above / K,
            because=(
                f"the balance at N = delta d^{level}/{level}!, kap = K/d^{level}, as d grows: degrees below {level} "
                "cost no samples in proportion, those above act as a ridge"
            ),
            points=points,
        )
        m = K / (sp.factorial(level) * COEFFICIENTS[level] + K)
        yield Step(
            left=at_infinity(balance(level)) - delta,
            right=-above
            * (sp.factorial(level) * COEFFICIENTS[level] + K)
            / (COEFFICIENTS[level] * K)
            * step_balance(level, m),
            because="so m, the unlearned share of degree L, solves s m^2 + (1 + s delta - s) m - 1 = 0, as at L = 1",
            points=with_delta,
        )
        yield Step(
            left=(at_infinity(unlearned_energy(level, in_y=True)) / at_infinity(unlearned_energy(level, in_y=False))),
            right=step_of(level, m),
            because=f"and the law becomes the step L = {level} of the staircase",
            points=points,
        )
        yield Step(
            left=(gamma(level) - step_of(level, m)) ** 2,
            right=(40 * h) ** 2,
            relation=Relation.AT_MOST,
            because="witness at finite d: the law is within 40/d of its limit",
            points=points,
        )


def with_delta() -> Iterator[Point]:
    """Yield the points with a number of samples for each of the d^L / L!."""
    for point, samples in zip(points(), ("1/2", "3", "10"), strict=True):
        yield {**point, delta: sp.Rational(samples)}


ON_THE_STEP = finite(QUADRATIC, "N = 2 d^2 / 2, where degree two is learned in part", trials=48)

CLAIM = Claim(
    title="The staircase: gamma at N of order d^L",
    reading=(
        "As d grows at N = delta d^L / L!, the alignment law becomes the proportional law with degree L in the place "
        "of degree 1: gamma descends in steps in log N / log d, and the paper's theorems are its first landing."
    ),
    statement=(GAMMA, STEP),
    relation=Relation.TENDS_TO,
    source=Source(key="simon2023", anchor="polynomial scaling of the eigenframework", provenance=Provenance.DERIVED),
    hypotheses=(INTERPOLATION, *DATA),
    derivation=derivation,
    predictions=(ON_THE_STEP,),
    twins=(rival(ON_THE_STEP, "the landing below: all of degree one learned, nothing of degree two", low),),
    uses=("alignment-law",),
    definitions={
        "c_{l}": "the energy of the kernel at degree l",
        "m": "the unlearned share of degree L: s m^2 + (1 + s delta - s) m - 1 = 0, s = c_L / sum_{l > L} c_l",
        "h": "1/d",
        "K": "kap d^L",
    },
)
