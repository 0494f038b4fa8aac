"""The alignment law contains Theorem 6.3: d to infinity at N = delta d, then delta to infinity."""

from collections.abc import Iterator

import sympy as sp

from theory.alignment import c1, law_at, proportional_law, tail, tail_at, unlearned
from theory.claim import Claim, Hypothesis, Point, Provenance, Relation, Source, Status, Step, Twin
from theory.scaling import COEFFICIENTS, K, at_infinity, balance, points, step_balance, step_of, unlearned_energy
from theory.symbols import alpha, delta

from .proportional_law import DEFINITIONS, vanishing_share
from .staircase import with_delta

LIMIT = tail_at / tail
DROP = alpha * tail - tail_at
BOUND = c1 * DROP / tail**2 / (1 + c1 / tail * (delta - 1))


def many_samples() -> Iterator[Point]:
    """Yield sums of a kernel, alpha, and N/d above 1."""
    for values in ((1, "1/8", "3/4", "1/2", 3), ("1/4", "1/50", "1/11", "3/10", "40"), ("1/3", "2", "5", "7/10", 1000)):
        yield dict(zip((c1, tail_at, tail, alpha, delta), map(sp.Rational, values), strict=True))


def derivation() -> Iterator[Step]:
    """Set h = 1/d to zero in the finite-size law, then let the unlearned share of degree one vanish."""
    m = K / (COEFFICIENTS[1] + K)
    above = sp.Add(*COEFFICIENTS[2:])
    yield Step(
        left=at_infinity(balance(1)) - delta,
        right=-above * (COEFFICIENTS[1] + K) / (COEFFICIENTS[1] * K) * step_balance(1, m),
        because="the balance of the finite-size law at N = delta d, d -> infinity, is that of proportional-law",
        points=with_delta,
    )
    yield Step(
        left=at_infinity(unlearned_energy(1, in_y=True)) / at_infinity(unlearned_energy(1, in_y=False)),
        right=step_of(1, m),
        because="and so is the alignment, m = K / (c_1 + K) being the unlearned share of degree one",
        points=points,
    )
    yield vanishing_share()
    yield Step(
        left=law_at(unlearned) - LIMIT,
        right=c1 * unlearned * DROP / (tail * (c1 * unlearned + tail)),
        because="at most c_1 m (alpha B - A) / B^2, which vanishes with m",
        points=lambda: ({**point, unlearned: sp.Rational(1, 7)} for point in many_samples()),
    )


CLAIM = Claim(
    title="The alignment law implies Theorem 6.3",
    reading=(
        "In the limit d -> infinity at fixed N/d the finite-size law is the proportional law, which lies above the "
        "constant of Theorem 6.3 by at most a multiple of d/N."
    ),
    statement=(proportional_law() - LIMIT, BOUND),
    relation=Relation.AT_MOST,
    source=Source(key="simon2023", anchor="limits of the eigenframework", provenance=Provenance.DERIVED),
    hypotheses=(
        Hypothesis(
            text="N >= d, and A <= alpha^2 B, as for the sums of a kernel",
            examine=lambda _: (Status.HOLDS, "at each point tried"),
            violated=lambda: ({**point, tail_at: point[tail]} for point in many_samples()),
        ),
    ),
    points=many_samples,
    derivation=derivation,
    twins=(
        Twin(
            slip="it stays below the constant",
            statement=(proportional_law(), LIMIT),
        ),
        Twin(slip="it falls like (d/N)^2", statement=(proportional_law() - LIMIT, BOUND / delta)),
    ),
    definitions=DEFINITIONS,
    remark=("For tangent features c_l = (mu'_{l-1})^2, and A / B is gamma_NTK. A statement about the law: calculus."),
)
