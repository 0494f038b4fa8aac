"""As alpha tends to 0, gamma is led by the first degree that is not learned and has energy."""

from collections.abc import Iterator

import sympy as sp

from theory.activations import EXP, GELU, RELU, SIN, TANH
from theory.claim import Claim, Hypothesis, Point, Provenance, Relation, Source, Status, Step, Twin
from theory.expectations import phi
from theory.symbols import alpha, x

from .degree_law import GAMMA, NON_LINEAR, TOTAL, WEIGHTS, energy_at, energy_from, gamma, laws

L = sp.Symbol("L", integer=True, positive=True)
LOWER_END = gamma(phi(x), 2)
SHARE = energy_at(phi(x), L) / energy_from(phi(x), 2)
"""`p_L`."""


def above(degree: sp.Expr, next_degree: sp.Expr) -> sp.Expr:
    """Return the bound: the share of one degree there, and all the rest at the next."""
    share = SHARE.subs(L, degree)
    return share * alpha**degree + (1 - share) * alpha**next_degree


def points() -> Iterator[Point]:
    """Yield activations with their first degree above 1, at alpha near 0 and away from it."""
    for activation, first in ((RELU, 2), (GELU, 2), (EXP, 2), (TANH, 3), (SIN, 3)):
        for share in ("1/100", "1/2", "9/10"):
            yield {phi: activation.expr, L: sp.Integer(first), alpha: sp.Rational(share)}


def derivation() -> Iterator[Step]:
    """Take the first term out of the sum; the rest has one more power of alpha, and is at most what it weighs."""
    first, *others = (c / TOTAL for c in WEIGHTS)
    rest = sp.Add(*(p * alpha**k for k, p in enumerate(others)))
    yield Step(
        left=GAMMA - first * alpha,
        right=alpha**2 * rest,
        because="the first term aside, each has a power of alpha more",
        points=laws,
    )
    yield Step(
        left=rest,
        right=1 - first,
        relation=Relation.AT_MOST,
        because="alpha <= 1, and the law sums to 1: this is the bound from above",
        points=laws,
    )
    yield Step(
        left=SHARE * alpha**L,
        right=LOWER_END,
        relation=Relation.AT_MOST,
        because="the rest is not negative: this is the bound from below, so gamma / alpha^L is in [p_L, p_L + alpha]",
    )


CLAIM = Claim(
    title="Small alpha: the first degree not learned leads",
    reading=(
        "With L the first degree above 1 that has energy, and p_L its share of the energy above degree 1, gamma at the "
        "lower end is at least p_L alpha^L and at most p_L alpha^L + (1 - p_L) alpha^(L+1). So gamma / alpha^L tends "
        "to p_L as alpha tends to 0: of two activations, the one with the higher first degree memorises less there."
    ),
    statement=(LOWER_END, above(L, L + 1)),
    relation=Relation.AT_MOST,
    source=Source(key="feller1968", anchor="generating functions, of degrees here", provenance=Provenance.DERIVED),
    hypotheses=(
        NON_LINEAR,
        Hypothesis(
            text="no degree from 2 to L - 1 has energy",
            examine=lambda _: (Status.HOLDS, "L = 3 for tanh and sin, which are odd; L = 2 for relu, gelu and exp"),
            violated=lambda: ({**point, L: sp.Integer(3)} for point in points() if point[phi] == RELU.expr),
        ),
    ),
    points=points,
    derivation=derivation,
    uses=("degree-law",),
    twins=(
        Twin(slip="the degree after the first leads", statement=(LOWER_END, above(L + 1, L + 2))),
        Twin(slip="the rest has two powers of alpha more", statement=(LOWER_END, above(L, L + 2))),
    ),
    definitions={"L": "the first degree above 1 that has energy"},
)
