"""Whether a ridge protects from a pattern depends on how rare it is, and at one share it does nothing at all."""

from collections.abc import Iterator
from dataclasses import replace

import sympy as sp

from theory import rare_ridge as r
from theory.claim import Claim, Point, Provenance, Source, Step, Twin
from theory.rare_designs import COMMON, CROSSING, RARER
from theory.rare_scene import RareMixture, at

from .rare_accuracy import STAMPED

MORE = sp.Symbol("h", positive=True)
"""Ridge more."""
TURN = r.share * (1 - r.share) / 2 * r.S**2 - (r.s1 - r.s2)
"""Negative where more ridge means less reliance on the pattern."""
TILT, REACH = sp.symbols("q c", positive=True)
"""`w_2 / w_1`, and `(1 - gamma/2) S`, what stamping adds to the coordinate less its mean."""


def points() -> Iterator[Point]:
    """Yield parameters on both sides of the crossing, with a ridge more."""
    for point, h in zip(r.points(), ("1/2", 3, 7, "1/9"), strict=True):
        yield dict(point) | {MORE: sp.Rational(h)}


def tilts() -> Iterator[Point]:
    """Yield directions of w, lengths and variances."""
    for row in ((1, 2, "1/2", "1/10", "1/3"), ("3/2", "1/3", "2/5", "1/5", 2), ("1/4", 1, 2, 3, "1/7")):
        yield dict(zip((r.A, REACH, r.s1, r.s2, TILT), map(sp.Rational, row), strict=True))


def derivation() -> Iterator[Step]:
    """Turn from reliance to accuracy: the more w leans on the pattern, the more spurious examples are misread."""
    spread = r.s1 + TILT**2 * r.s2
    yield Step(
        left=sp.Derivative((r.A - TILT * REACH) / sp.sqrt(spread), TILT),
        right=-(REACH * r.s1 + r.A * TILT * r.s2) / spread ** sp.Rational(3, 2),
        because="top2 / sd in terms of w_2 / w_1; it falls as reliance grows, so the accuracy has the opposite sign",
        points=tilts,
    )


def _as_of_the_rare(scene: RareMixture) -> float:
    """Return what the ridge does for the rare pattern, whatever the share."""
    return at(r.spurious_accuracy(), replace(scene, share=RARER[0].share))


ACCURACY = replace(
    STAMPED,
    about="accuracy on spurious examples: at the crossing, of a rarer pattern and of a commoner one, with more ridge",
    settings=(*CROSSING, *RARER, *COMMON),
)

CLAIM = Claim(
    title="Whether a ridge protects from a pattern hangs on how rare it is",
    reading=(
        "More ridge lowers the ratio w.x_sp / w.x_inv, and so raises the accuracy on spurious examples, if and only if "
        "gamma (1 - gamma)/2 S^2 < s_1 - s_2: where few examples of the class have the pattern, or all but few. "
        "Between it does the opposite; where both sides are equal, all ridges have one accuracy."
    ),
    statement=(
        r.RELIANCE.subs(r.ridge, r.ridge + MORE) - r.RELIANCE,
        r.share * r.S**2 * MORE / (2 * r.A**2) * TURN / (r.SPREAD * r.SPREAD.subs(r.ridge, r.ridge + MORE)),
    ),
    source=Source(
        key="yang2022code",
        anchor="the mixture of rare-ridge; the curves of several ridges cross",
        provenance=Provenance.DERIVED,
    ),
    points=points,
    derivation=derivation,
    predictions=(ACCURACY,),
    uses=("rare-ridge", "rare-accuracy"),
    twins=(
        Twin(
            slip="gamma (1 - gamma) S^2 without its half",
            statement=(
                r.RELIANCE.subs(r.ridge, r.ridge + MORE) - r.RELIANCE,
                r.share
                * r.S**2
                * MORE
                / (2 * r.A**2)
                * (2 * TURN + r.s1 - r.s2)
                / (r.SPREAD * r.SPREAD.subs(r.ridge, r.ridge + MORE)),
            ),
        ),
        Twin(
            slip="what a ridge does to a rare pattern it does to any",
            predictions=(replace(ACCURACY, value=_as_of_the_rare),),
        ),
    ),
    definitions={**r.DEFINITIONS, "h": "ridge more"},
    remark=(
        "At the plotted parameters, A = 1, S^2 = 5, s_1 = 1/2, s_2 = 1/10, the crossing is at gamma = 1/5, and the "
        "accuracy there is Phi(.55 / sqrt(.505)) = .7805 for every ridge; and again at 4/5."
    ),
)
