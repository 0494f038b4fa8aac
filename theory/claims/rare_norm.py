"""Longer patterns are learned more easily: the score grows with S^2, at every share, ridge and noise."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import sympy as sp

from theory import rare_ridge as r
from theory.claim import Claim, Point, Provenance, Source, Step, Twin
from theory.rare_designs import PLOTTED
from theory.rare_scene import RareMixture, at

from .rare_ridge import SCORE

Q, MORE = sp.symbols("q h", positive=True)
"""`S^2`, and what is added to it."""
GROWTH = r.share / 2 * (r.s1 + r.ridge) * (r.s2 + r.ridge) * (r.A**2 + r.s1 + r.ridge)
LENGTHS = tuple(replace(PLOTTED, pattern=Fraction(q)) for q in (1, 5, 25))


def of_square(expr: sp.Expr, square: sp.Expr) -> sp.Expr:
    """Return an expression with `S^2 = square`."""
    return expr.subs(r.S, sp.sqrt(square))


def points() -> Iterator[Point]:
    """Yield the parameters, with squares of lengths and what is added to them."""
    for point, q, h in zip(r.points(), (5, "1/3", 25, 2), ("1/2", 3, 7, "1/9"), strict=True):
        yield dict(point) | {Q: sp.Rational(q), MORE: sp.Rational(h)}


def derivation() -> Iterator[Step]:
    """Divide by the score what does not depend on the length; the rare end is where D is that of no pattern."""
    yield Step(
        left=of_square(r.DETERMINANT, Q) - Q * (of_square(r.DETERMINANT, Q + 1) - of_square(r.DETERMINANT, Q)),
        right=(r.s2 + r.ridge) * (r.A**2 + r.s1 + r.ridge),
        because="D is a line in S^2, and this is where it starts: score = gamma/2 (s_1 + lambda) S^2 / D grows",
    )
    yield Step(
        left=(r.SCORE / r.share).subs(r.share, 0),
        right=r.S**2 * (r.s1 + r.ridge) / (2 * (r.s2 + r.ridge) * (r.A**2 + r.s1 + r.ridge)),
        because="as gamma -> 0 the score is gamma times this: of a rare pattern the squared length is what counts",
    )


LONGER = replace(
    SCORE, about="the score of patterns of three lengths, by fits to samples of the mixture", settings=LENGTHS
)


def _proportional(scene: RareMixture) -> float:
    return at(r.SCORE, PLOTTED) * float(scene.pattern / PLOTTED.pattern)


CLAIM = Claim(
    title="Patterns of larger norm are learned more easily",
    reading=(
        "In ridge regression the score rises strictly with S^2, whatever the share, the noise and the ridge: the first "
        "claim of the abstract, exact in this model. For rare patterns it is proportional to gamma S^2."
    ),
    statement=(
        of_square(r.SCORE, Q + MORE) - of_square(r.SCORE, Q),
        GROWTH * MORE / (of_square(r.DETERMINANT, Q) * of_square(r.DETERMINANT, Q + MORE)),
    ),
    source=Source(
        key="yang2022",
        anchor="abstract, claim (1), said of networks; for ridge regression",
        provenance=Provenance.DERIVED,
    ),
    points=points,
    derivation=derivation,
    predictions=(LONGER,),
    uses=("rare-ridge",),
    twins=(
        Twin(
            slip="the noise on the pattern plays no part",
            statement=(
                of_square(r.SCORE, Q + MORE) - of_square(r.SCORE, Q),
                GROWTH / (r.s2 + r.ridge) * MORE / (of_square(r.DETERMINANT, Q) * of_square(r.DETERMINANT, Q + MORE)),
            ),
        ),
        Twin(
            slip="proportional to S^2 at every share",
            predictions=(replace(LONGER, value=_proportional),),
        ),
    ),
    definitions={**r.DEFINITIONS, "q": "S^2, the squared length of the pattern", "h": "what is added to it"},
)
