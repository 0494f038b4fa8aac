"""Ridge regression on a rare pattern, in closed form: what the pattern adds to the output."""

from collections.abc import Iterator
from dataclasses import replace

from theory import rare_ridge as r
from theory.claim import Claim, Prediction, Provenance, Source, Step, Test, Twin
from theory.rare_designs import DESIGN
from theory.rare_scene import RareMixture, at

CORE = r.A**2 + r.s1 + r.ridge
PATTERN = r.share / 2 * (1 - r.share / 2) * r.S**2 + r.s2 + r.ridge
TOGETHER = r.share / 2 * r.A * r.S
"""The covariance matrix of the two coordinates, with the ridge."""
SOLVED = r.S * (CORE * r.share / 2 * r.S - TOGETHER * r.A) / (CORE * PATTERN - TOGETHER**2)
"""`w . x_sp` by Cramer's rule."""


def derivation() -> Iterator[Step]:
    """Take the moments of the mixture, and solve the normal equations `(Cov(x) + lambda) w = Cov(x, y)`."""
    often = r.share / 2
    yield Step(
        left=often * r.S**2 - (often * r.S) ** 2 + r.s2 + r.ridge,
        right=PATTERN,
        because="the pattern is there or not, with probability gamma/2: a Bernoulli variance, the noise and the ridge",
    )
    yield Step(
        left=CORE * PATTERN - TOGETHER**2,
        right=r.DETERMINANT,
        because="the core feature is there with the sign of y, and the pattern with y = 1 only: Cov = gamma/2 A S",
    )
    yield Step(
        left=(r.A * PATTERN - TOGETHER * often * r.S) / r.DETERMINANT,
        right=r.ALONG_CORE,
        because="Cramer's rule for w_1; that for w_2, times S, is the statement",
    )


SCORE = Prediction(
    about="what stamping adds to the output, by fits to samples of the mixture",
    observable="pattern score",
    test=Test.EQUAL,
    settings=DESIGN,
    value=lambda scene: at(r.SCORE, scene),
    resolution=0.04,
    trials=48,
    label="closed form",
)


def _unpenalised(scene: RareMixture) -> float:
    return at(r.SCORE.subs(r.ridge, 0), scene)


CLAIM = Claim(
    title="Ridge regression on a rare pattern, in closed form",
    reading=(
        "Stamping the pattern on an example moves the output of ridge regression towards the class that it was rare in "
        "by gamma/2 (s_1 + lambda) S^2 / D: linear in how rare the pattern is, and growing with its length."
    ),
    statement=(SOLVED, r.SCORE),
    source=Source(
        key="yang2022code",
        anchor="the mixture in which the margins of regularization.ipynb come out (rare-margins); solved here",
        provenance=Provenance.INFERRED,
    ),
    points=r.points,
    derivation=derivation,
    predictions=(SCORE,),
    twins=(
        Twin(
            slip="gamma, not gamma/2: the share of the class taken for that of all",
            statement=(SOLVED, r.SCORE.subs(r.share, 2 * r.share)),
            predictions=(replace(SCORE, value=lambda scene: at(r.SCORE.subs(r.share, 2 * r.share), scene)),),
        ),
        Twin(
            slip="the pattern varies by gamma/2 (1 - gamma/2) S^2 within the classes too",
            statement=(SOLVED, r.SCORE * r.DETERMINANT / (PATTERN * (r.s1 + r.ridge + r.A**2))),
        ),
        Twin(slip="the ridge left out", predictions=(replace(SCORE, value=_unpenalised),)),
    ),
    definitions=r.DEFINITIONS,
    remark=(
        "The setting was not read anywhere: it is the one in which three formulas of the authors' notebook are exact. "
        "What their paper states of it was not at hand."
    ),
)
