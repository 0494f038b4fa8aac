"""The proportional law lies between its ends, and falls as the samples grow."""

from collections.abc import Iterator

import sympy as sp

from theory.alignment import c1, law_at, proportional_law, root, tail, tail_at, unlearned
from theory.claim import Claim, Hypothesis, Point, Provenance, Relation, Source, Status, Step, Twin
from theory.symbols import alpha, delta

from .proportional_law import DEFINITIONS
from .proportional_law import points as law_points

MORE = sp.Symbol("epsilon", positive=True)
"""Samples more, for each dimension."""
LAW = proportional_law()
UPPER = (c1 * alpha + tail_at) / (c1 + tail)
LOWER = tail_at / tail
DROP = alpha * tail - tail_at
"""`alpha B - A`, positive."""


def points() -> Iterator[Point]:
    """Yield kernels, shares and sample sizes, with few and with many samples more; m is free for the steps."""
    for point, more, m in zip(law_points(), ("1/10", "1", "100"), ("1/3", "1/7", "9/10"), strict=True):
        yield {**point, MORE: sp.Rational(more), unlearned: sp.Rational(m)}


def derivation() -> Iterator[Step]:
    """Show that gamma rises with the unlearned share of degree 1, and that the share falls as the samples grow."""
    s = c1 / tail
    yield Step(
        left=sp.Integer(0),
        right=DROP,
        relation=Relation.AT_MOST,
        because="A = S_2(alpha) <= alpha^2 B, since alpha^l <= alpha^2 from degree 2 on: degree-law",
    )
    yield Step(
        left=law_at(unlearned) - LOWER,
        right=c1 * unlearned * DROP / (tail * (c1 * unlearned + tail)),
        because="positive for m > 0: the law is above its lower end",
    )
    yield Step(
        left=UPPER - law_at(unlearned),
        right=c1 * (1 - unlearned) * DROP / ((c1 + tail) * (c1 * unlearned + tail)),
        because="positive for m < 1: the law is below its upper end",
    )
    yield Step(
        left=sp.Derivative(law_at(unlearned), unlearned),
        right=c1 * DROP / (c1 * unlearned + tail) ** 2,
        because="positive: gamma increases with the unlearned share",
    )
    yield Step(
        left=sp.Derivative(root(), delta),
        right=-s * root() / sp.sqrt((1 + s * delta - s) ** 2 + 4 * s),
        because="negative: the unlearned share falls as the samples grow, from 1 at delta = 0",
    )


CLAIM = Claim(
    title="The proportional law lies between its ends and falls with N/d",
    reading=(
        "With more samples the alignment of the proportional law is smaller; it starts at the upper end at N/d = 0 and "
        "stays above the lower end."
    ),
    statement=(LAW.subs(delta, delta + MORE), LAW),
    relation=Relation.AT_MOST,
    source=Source(key="simon2023", anchor="proportional limit of the eigenframework", provenance=Provenance.DERIVED),
    hypotheses=(
        Hypothesis(
            text="0 < alpha < 1 and A <= alpha^2 B, as for the sums of a kernel",
            examine=lambda _: (Status.HOLDS, "at each point tried"),
            violated=lambda: ({**point, tail_at: 2 * point[alpha] * point[tail]} for point in points()),
        ),
    ),
    points=points,
    derivation=derivation,
    uses=("degree-law",),
    twins=(
        Twin(slip="the other way round", statement=(LAW, LAW.subs(delta, delta + MORE))),
        Twin(slip="it falls below the lower end", statement=(LAW.subs(delta, delta + MORE), LOWER)),
    ),
    definitions={**DEFINITIONS, r"\epsilon": "samples more, for each dimension"},
    remark="A statement about the formula, which is calculus; that alignment follows the formula is proportional-law.",
)
