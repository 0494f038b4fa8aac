"""Accuracy on clean and on spurious examples, after ridge regression on a rare pattern."""

from collections.abc import Iterator
from dataclasses import replace

import sympy as sp

from theory import rare_ridge as r
from theory.claim import Claim, Prediction, Provenance, Source, Step, Test, Twin
from theory.expectations import Mean, mean
from theory.rare_designs import DESIGN
from theory.rare_scene import RareMixture, at
from theory.symbols import x


def right(margin: sp.Expr) -> Mean:
    """Return the probability that an output of this mean margin has the right sign."""
    return mean(sp.Heaviside(margin + r.DEVIATION * x))


def derivation() -> Iterator[Step]:
    """Add the variances of the two directions; within a group the output is Gaussian, which is the statement."""
    yield Step(
        left=(r.ALONG_CORE**2 * r.s1 + r.ALONG_PATTERN**2 * r.s2) * (r.DETERMINANT / (r.s1 + r.ridge)) ** 2,
        right=r.DEVIATION**2,
        because="w lies along x_inv and x_sp, and the noise on either is independent",
    )


def _measured(observable: str, value: sp.Expr, about: str) -> Prediction:
    return Prediction(
        about=f"accuracy on {about}, by fits to samples of the mixture",
        observable=observable,
        test=Test.EQUAL,
        settings=DESIGN,
        value=lambda scene: at(value, scene),
        resolution=0.03,
        trials=48,
        label="closed form",
    )


CLEAN = _measured("clean accuracy", r.clean_accuracy(), "clean examples")
STAMPED = _measured("stamped accuracy", r.spurious_accuracy(), "examples of class -1 with the pattern")


def _as_clean(scene: RareMixture) -> float:
    return at(r.clean_accuracy(), scene)


CLAIM = Claim(
    title="Accuracy on clean and on spurious examples",
    reading=(
        "Of the examples of class -1 that carry the pattern, Phi(top2 / sd) are read rightly. A long pattern misleads "
        "even if it is on a few per cent of its class, while the accuracy on clean examples hardly falls."
    ),
    statement=(right(r.SPURIOUS), r.spurious_accuracy()),
    source=Source(
        key="yang2022code",
        anchor="the mixture of rare-ridge; with the deviation put right (rare-notebook-spread)",
        provenance=Provenance.INFERRED,
    ),
    points=r.points,
    derivation=derivation,
    predictions=(CLEAN, STAMPED),
    uses=("rare-ridge", "rare-margins"),
    twins=(
        Twin(
            slip="spurious examples are read as clean ones are",
            statement=(right(r.SPURIOUS), r.clean_accuracy()),
            predictions=(replace(STAMPED, value=_as_clean),),
        ),
        Twin(
            slip="the variance taken for the standard deviation",
            statement=(right(r.SPURIOUS), r.spurious_accuracy(r.DEVIATION**2)),
        ),
    ),
    definitions=r.DEFINITIONS,
)
