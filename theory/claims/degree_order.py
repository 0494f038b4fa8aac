"""Higher degrees memorise less: true of laws on degrees, of which one dominates the other."""

from collections.abc import Iterator
from itertools import accumulate

import sympy as sp

from theory.activations import COS, CUBIC, ERF, RELU, SIN
from theory.claim import Claim, Point, Provenance, Relation, Source, Step, Twin
from theory.expectations import phi, psi
from theory.symbols import alpha, x

from .degree_law import NON_LINEAR, gamma

FIRST = sp.symbols("p_1:4", positive=True)
SECOND = sp.symbols("q_1:4", positive=True)
"""Two laws on the degrees 1 to 4; the last probability is what the others leave of 1."""


def generating(law: tuple[sp.Symbol, ...]) -> sp.Expr:
    """Return `sum_l p_l alpha^l`."""
    return sp.Add(*(p * alpha**l for l, p in enumerate((*law, 1 - sp.Add(*law)), start=1)))


def cumulative(law: tuple[sp.Symbol, ...]) -> sp.Expr:
    """Return `sum_k P_k alpha^k`, `P_k = p_1 + ... + p_k < 1`."""
    return sp.Add(*(p * alpha**k for k, p in enumerate(accumulate(law), start=1)))


def mean_degree(law: tuple[sp.Symbol, ...]) -> sp.Expr:
    """Return `sum_l l p_l`."""
    return sp.Add(*(l * p for l, p in enumerate((*law, 1 - sp.Add(*law)), start=1)))


DIFFERENCE = generating(FIRST) - generating(SECOND)
D = cumulative(FIRST) - cumulative(SECOND)


def points() -> Iterator[Point]:
    """Yield two laws and a share; the first law dominates in no more than one of them."""
    for *laws, share in (
        ("1/2", "1/4", "1/8", "1/3", "1/4", "1/4", "1/5"),
        ("1/2", "1/16", "1/16", "1/4", "1/2", "1/8", "2/3"),
        ("1/5", "2/5", "1/10", "1/6", "1/6", "1/2", "9/10"),
    ):
        yield dict(zip((*FIRST, *SECOND, alpha), map(sp.Rational, (*laws, share)), strict=True))


def dominated() -> Iterator[Point]:
    """Yield pairs of activations, the law of the second on higher degrees than that of the first: `P_k >= Q_k`."""
    for lower, higher in ((CUBIC, SIN), (SIN, ERF), (COS, RELU)):
        for share in ("1/4", "9/10"):
            yield {phi: lower.expr, psi: higher.expr, alpha: sp.Rational(share)}


def without_dominance() -> Iterator[Point]:
    """Yield a pair that is ordered although `P_3 < Q_3`: .876 for relu, .951 for sin."""
    for share in ("1/4", "9/10"):
        yield {phi: RELU.expr, psi: SIN.expr, alpha: sp.Rational(share)}


def derivation() -> Iterator[Step]:
    """Sum by parts, and read the sign of the difference off the cumulative laws."""
    yield Step(
        left=generating(FIRST),
        right=(1 - alpha) * cumulative(FIRST) + alpha ** (len(FIRST) + 1),
        because="summation by parts (Abel), p_k = P_k - P_{k-1}; the last cumulative probability is 1 for every law",
    )
    yield Step(
        left=gamma(psi(x), 2),
        right=gamma(phi(x), 2),
        relation=Relation.AT_MOST,
        because="no term is negative where P_k >= Q_k for all k: lower end of x^3 and sin, sin and erf, cos and relu",
        points=dominated,
    )
    yield Step(
        left=gamma(psi(x), 2),
        right=gamma(phi(x), 2),
        relation=Relation.AT_MOST,
        because="dominance suffices and is not needed: relu is above sin, though P_3 = .876 < Q_3 = .951",
        points=without_dominance,
    )
    yield Step(
        left=sp.Subs(D, alpha, 1),
        right=mean_degree(SECOND) - mean_degree(FIRST),
        because="near alpha = 1 the mean degrees decide: the law of the smaller mean memorises more",
    )


CLAIM = Claim(
    title="The order of activations is the order of their laws on degrees",
    reading=(
        "With P_k and Q_k the cumulative laws on degrees of two activations, the difference of their gammas is "
        "(1 - alpha) sum_k (P_k - Q_k) alpha^k. So if degrees of the second are higher in the sense of stochastic "
        "dominance, P_k >= Q_k for every k, the second memorises no more at any alpha. Near alpha = 0 the first degree "
        "at which the laws differ decides, near alpha = 1 their means: where these disagree, the gammas cross."
    ),
    statement=(DIFFERENCE, (1 - alpha) * D),
    source=Source(
        key="shaked2007", anchor="usual stochastic order and Laplace transform order", provenance=Provenance.DERIVED
    ),
    hypotheses=(NON_LINEAR,),
    points=points,
    derivation=derivation,
    uses=("degree-law",),
    twins=(
        Twin(slip="the factor 1 - alpha is missing", statement=(DIFFERENCE, D)),
        Twin(slip="the cumulative laws one degree late", statement=(DIFFERENCE, (1 - alpha) * alpha * D)),
    ),
    definitions={
        "p_{l}": "the probability of degree l under the first law",
        "q_{l}": "the same under the second",
    },
    remark="The partial order of the catalogue that follows from it is decided by `theory.ordering`.",
)
