"""The mean margins of the authors' notebook, which are what tells in which setting its formulas are meant."""

from collections.abc import Iterator
from dataclasses import replace

from theory import rare_ridge as r
from theory.claim import Claim, Prediction, Provenance, Source, Step, Test, Twin
from theory.rare_designs import DESIGN
from theory.rare_scene import RareMixture, at

UNIT = r.DETERMINANT / (r.s1 + r.ridge)
TWICE = r.CORE_MARGIN + r.share / 2 * (r.share - 1) * r.S**2
"""With gamma for gamma/2 in the place of the bias."""


def derivation() -> Iterator[Step]:
    """Take the output at the mean of each kind of example; the spurious ones are the statement."""
    yield Step(
        left=(r.A * r.ALONG_CORE - r.BIAS) * UNIT,
        right=r.CLEAN_MINUS,
        because="an example of class -1 without the pattern: `top` of the notebook",
    )
    yield Step(
        left=(r.A * r.ALONG_CORE + r.BIAS) * UNIT,
        right=r.CLEAN_PLUS,
        because="one of class +1 without the pattern: `top1`; the bias has paid for those that have it",
    )


def _margin(scene: RareMixture) -> float:
    return at(r.SPURIOUS / UNIT, scene)


MARGIN = Prediction(
    about="mean of y f(x) over examples of class -1 with the pattern, by fits to samples of the mixture",
    observable="stamped margin",
    test=Test.EQUAL,
    settings=DESIGN,
    value=_margin,
    resolution=0.04,
    trials=48,
    label="the notebook's top2",
    role="paper",
)

CLAIM = Claim(
    title="The three margins of the authors' notebook are those of this mixture",
    reading=(
        "In units of (s_1 + lambda) / D, the mean margin of a spurious example is t + gamma/2 (gamma/2 - 1) S^2, that "
        "of a clean one t +- gamma^2/4 S^2: the notebook's top2, top and top1."
    ),
    statement=((r.A * r.ALONG_CORE - r.S * r.ALONG_PATTERN - r.BIAS) * UNIT, r.SPURIOUS),
    source=Source(key="yang2022code", anchor="regularization.ipynb: top, top1, top2", provenance=Provenance.CODE),
    points=r.points,
    derivation=derivation,
    predictions=(MARGIN,),
    uses=("rare-ridge",),
    twins=(
        Twin(
            slip="a bias of -w.x_sp gamma: the share of the class in place of that of all",
            statement=((r.A * r.ALONG_CORE - r.S * r.ALONG_PATTERN - 2 * r.BIAS) * UNIT, r.SPURIOUS),
            predictions=(replace(MARGIN, value=lambda scene: at(TWICE / UNIT, scene)),),
        ),
        Twin(
            slip="a model without bias",
            statement=((r.A * r.ALONG_CORE - r.S * r.ALONG_PATTERN) * UNIT, r.SPURIOUS),
        ),
    ),
    definitions={**r.DEFINITIONS, "t": "A^2 T / (s_1 + lambda), T = gamma (1 - gamma)/2 S^2 + s_2 + lambda"},
    remark="The cell was read as it is quoted; what the paper says of these formulas was not at hand.",
)
