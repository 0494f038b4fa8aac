"""The alignment law contains the bound of Theorem 5.4, at every N/d."""

from collections.abc import Iterator

import sympy as sp

from theory.alignment import c1, law_at, tail, tail_at, unlearned
from theory.claim import Claim, Hypothesis, Provenance, Relation, Source, Status, Step, Twin
from theory.scaling import COEFFICIENTS, K, at_infinity, points, step_of, unlearned_energy
from theory.symbols import alpha

from .proportional_law import DEFINITIONS, points_with_share

BOUND = tail_at / (c1 + tail)


def derivation() -> Iterator[Step]:
    """Take the limit of the finite-size law; what it adds to the bound is positive."""
    m = K / (COEFFICIENTS[1] + K)
    yield Step(
        left=at_infinity(unlearned_energy(1, in_y=True)) / at_infinity(unlearned_energy(1, in_y=False)),
        right=step_of(1, m),
        because="the finite-size law at N = delta d, d -> infinity, m the unlearned share of degree one",
        points=points,
    )
    yield Step(
        left=law_at(unlearned) - BOUND,
        right=c1
        * (alpha * unlearned * (c1 + tail) + tail_at * (1 - unlearned))
        / ((c1 * unlearned + tail) * (c1 + tail)),
        because="positive for every m from 0 to 1, that is, for every N/d",
        points=points_with_share,
    )


CLAIM = Claim(
    title="The alignment law implies the bound of Theorem 5.4",
    reading="At every fixed N/d the law lies above the lower bound of Theorem 5.4, by an amount that is written down.",
    statement=(BOUND, law_at(unlearned)),
    relation=Relation.AT_MOST,
    source=Source(key="simon2023", anchor="limits of the eigenframework", provenance=Provenance.DERIVED),
    hypotheses=(
        Hypothesis(
            text="0 <= m <= 1",
            examine=lambda _: (Status.HOLDS, "at each point tried"),
            violated=lambda: ({**point, unlearned: -sp.Rational(1, 2)} for point in points_with_share()),
        ),
    ),
    points=points_with_share,
    derivation=derivation,
    twins=(
        Twin(slip="the other way round", statement=(law_at(unlearned), BOUND)),
        Twin(
            slip="the bound with degree one in it", statement=((c1 * alpha + tail_at) / (c1 + tail), law_at(unlearned))
        ),
    ),
    definitions=DEFINITIONS,
    remark="A statement about the law; where N is of order d^2 the alignment may lie below the bound: staircase.",
)
