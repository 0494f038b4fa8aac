"""The experiment of the authors' code in its theory configuration: ReLU is contaminated, a linear model is not."""

from dataclasses import replace
from fractions import Fraction

import sympy as sp

from theory.activations import RELU, Activation
from theory.claim import Claim, Hypothesis, Prediction, Provenance, Relation, Source, Status, Test, Twin
from theory.contamination_scene import ContaminationScene, Start

from .contamination_odd import IDENTITY

HASTE = 20
"""How much longer steps are than in the code, and how many fewer: the end moves by less than a hundredth."""


def scene(activation: Activation) -> ContaminationScene:
    """Return the code's theory configuration in the coordinates of its features: 20000 steps of 1/1000 made 1000."""
    return ContaminationScene(
        activation=activation,
        d_core=32,
        d_background=32,
        neurons=256,
        samples=1000,
        steps=20_000 // HASTE,
        rate=Fraction(HASTE, 1000),
        fresh=False,
        momentum=Fraction(9, 10),
        decay=Fraction(1, 1000),
        start=Start.DEFAULT,
    )


def _bound(observable: str, test: Test, value: float, activation: Activation = RELU) -> Prediction:
    return Prediction(
        about=f"{activation.name}: {observable} {test}",
        observable=observable,
        test=test,
        settings=(scene(activation),),
        value=lambda _: value,
        resolution=0.01,
        trials=6,
        label=str(test),
    )


INSIDE = _bound("hinge loss inside", Test.AT_MOST, 0.02)
OUTSIDE = _bound("hinge loss outside", Test.AT_LEAST, 0.7)
LEAST = _bound("contamination ratio", Test.AT_LEAST, 0.6)
MOST = _bound("contamination ratio", Test.AT_MOST, 0.8)
GROWTH = _bound("background growth", Test.AT_LEAST, 1.5)
LINEAR_INSIDE = _bound("hinge loss inside", Test.AT_MOST, 0.02, IDENTITY)
LINEAR_OUTSIDE = _bound("hinge loss outside", Test.AT_MOST, 0.03, IDENTITY)
LINEAR_NET = _bound("net background ratio", Test.AT_MOST, 0.08, IDENTITY)
LINEAR_GROWTH = _bound("background growth", Test.AT_MOST, 1.0, IDENTITY)

CLAIM = Claim(
    title="The authors' toy experiment: contamination of ReLU, and none of a linear model",
    reading=(
        "In the theory configuration of the authors' code a ReLU network has next to no loss on inputs like those it "
        "learned from, and a hinge loss of .7 or more where the background alone has turned: its neurons hold more "
        "than half as much background as core. With the identity for ReLU it learns the core alone."
    ),
    statement=(sp.Symbol("{L_in}", nonnegative=True), sp.Symbol("{L_out}", nonnegative=True)),
    relation=Relation.AT_MOST,
    source=Source(
        key="zhang2024code",
        anchor="toy.py with hinge loss, SGD, linear core and frozen output layer; numbers and bounds are ours",
        provenance=Provenance.MEASURED,
    ),
    hypotheses=(
        Hypothesis(
            text="steps of 1/50 for the code's 1/1000, a twentieth as many",
            examine=lambda _: (Status.ASYMPTOTIC, "the end point moves by less than .01"),
        ),
        Hypothesis(
            text="single precision, fresh inputs for both losses, where the code turns the background of its own",
            examine=lambda _: (Status.HOLDS, "a stricter test than the code's"),
        ),
    ),
    predictions=(
        INSIDE,
        OUTSIDE,
        LEAST,
        MOST,
        GROWTH,
        LINEAR_INSIDE,
        LINEAR_OUTSIDE,
        LINEAR_NET,
        LINEAR_GROWTH,
    ),
    twins=(
        Twin(
            slip="ReLU is as safe as a linear model",
            predictions=(replace(OUTSIDE, test=Test.AT_MOST, value=lambda _: 0.03),),
        ),
        Twin(
            slip="a linear model loses as much as ReLU",
            predictions=(replace(LINEAR_OUTSIDE, test=Test.AT_LEAST, value=lambda _: 0.7),),
        ),
    ),
    definitions={
        "L_in": "hinge loss on fresh inputs",
        "L_out": "hinge loss on fresh inputs with a background in [-1, 0]",
    },
    remark=(
        "The paper's own figures for this experiment were not at hand, and the bounds are not theirs. Only the margin "
        "fails: nearly all signs stay right."
    ),
)
