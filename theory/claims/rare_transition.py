"""From which share on the pattern decides: half of the spurious examples are misread at a root of a quadratic."""

from collections.abc import Iterator
from dataclasses import replace

import sympy as sp

from theory import rare_ridge as r
from theory.claim import Claim, Point, Provenance, Source, Step, Twin
from theory.rare_designs import CRITICAL
from theory.rare_scene import RareMixture

from .rare_accuracy import STAMPED

C2, C1, C0 = r.transition()
AT_ROOT = (r.s1 + r.ridge) * r.SPURIOUS.subs(r.share, r.critical_share())
OTHER = 2 * C0 / (-sp.sqrt(C1**2 - 4 * C2 * C0) - C1)
"""The other root, beyond 1 or negative."""


def points() -> Iterator[Point]:
    """Yield parameters with a transition."""
    rows = ((1, "5/2", "1/2", "1/10", "1/7"), ("2/3", 5, 3, "1/7", "1/2"), ("5/4", 4, 1, "1/3", "1/9"))
    for row in rows:
        yield dict(zip((r.A, r.S, r.s1, r.s2, r.ridge), map(sp.Rational, row), strict=True))


def shares() -> Iterator[Point]:
    """Yield the same with shares."""
    for point, share in zip(points(), ("1/10", "1/3", "3/4"), strict=True):
        yield dict(point) | {r.share: sp.Rational(share)}


def derivation() -> Iterator[Step]:
    """Write the margin as a polynomial in gamma: positive at 0 and falling at 1, so one root at most lies between."""
    polynomial = C2 * r.share**2 + C1 * r.share + C0
    yield Step(
        left=(r.s1 + r.ridge) * r.SPURIOUS,
        right=polynomial,
        because="rare-margins; it is A^2 (s_2 + lambda) > 0 at gamma = 0",
        points=shares,
    )
    yield Step(
        left=C2 + C1 + C0,
        right=r.A**2 * (r.s2 + r.ridge) - r.S**2 / 4 * (r.s1 + r.ridge),
        because="at gamma = 1: where this is negative a root lies in (0, 1)",
    )
    yield Step(
        left=2 * C2 + C1,
        right=-(r.A**2) * r.S**2 / 2,
        because="its slope at gamma = 1 is negative: if it is positive there it was so before, and there is no root",
    )


def _half(_: RareMixture) -> float:
    return 0.5


HALF = replace(
    STAMPED,
    about="accuracy on spurious examples at the critical share, by fits to samples of the mixture",
    settings=CRITICAL,
    value=_half,
)

CLAIM = Claim(
    title="The share from which a pattern outweighs the core feature",
    reading=(
        "Half of the spurious examples are misread at the gamma that solves a quadratic; there is one in (0, 1) if and "
        "only if A^2 (s_2 + lambda) < S^2/4 (s_1 + lambda), and beyond it the pattern decides."
    ),
    statement=(AT_ROOT, sp.Integer(0)),
    source=Source(key="yang2022code", anchor="the mixture of rare-ridge", provenance=Provenance.DERIVED),
    points=points,
    derivation=derivation,
    predictions=(HALF,),
    uses=("rare-margins", "rare-accuracy"),
    twins=(
        Twin(
            slip="without the ridge",
            statement=((r.s1 + r.ridge) * r.SPURIOUS.subs(r.share, r.critical_share().subs(r.ridge, 0)), sp.Integer(0)),
        ),
        Twin(
            slip="twice the share: gamma/2 taken for gamma",
            statement=((r.s1 + r.ridge) * r.SPURIOUS.subs(r.share, 2 * r.critical_share()), sp.Integer(0)),
        ),
        Twin(
            slip="one in three in place of one in two",
            predictions=(replace(HALF, value=lambda _: 1 / 3),),
        ),
    ),
    definitions=r.DEFINITIONS,
    remark="Where s_1 + lambda = A^2 the linear term vanishes, and the share is 2 sqrt(s_2 + lambda) / S.",
)
