"""On real images and a small network: a handful of stamped examples is enough, and longer patterns mislead more."""

from dataclasses import replace

import sympy as sp

from theory.claim import Claim, Prediction, Provenance, Relation, Source, Test, Twin
from theory.rare_designs import LONGER, LOUD
from theory.rare_scene import StampedDigits

SHORT, LONG = sp.symbols(r"\operatorname{score}_{\mathrm{short}} \operatorname{score}_{\mathrm{long}}", real=True)
ENOUGH, COST = 0.3, 0.02


def _least(_: StampedDigits) -> float:
    return ENOUGH


def _nothing(_: StampedDigits) -> float:
    return 0.0


def _most(_: StampedDigits) -> float:
    return COST


LEARNED = Prediction(
    about="share of test digits misled by the longest noise pattern, which was on 20 images of 1200",
    observable="digits score",
    test=Test.AT_LEAST,
    settings=LOUD,
    value=_least,
    resolution=0.1,
    trials=32,
    label="three tenths",
)
LEAD = replace(
    LEARNED,
    about="score less that of the next shorter pattern of its kind, on the same images",
    observable="digits score lead",
    settings=LONGER,
    value=_nothing,
    label="no lead",
)
HARMLESS = replace(
    LEARNED,
    about="accuracy on clean digits that the stamped images cost",
    observable="digits accuracy lost",
    test=Test.AT_MOST,
    value=_most,
    label="a fiftieth",
)
SPARED = replace(
    LEARNED,
    about="share misled by the same pattern, of networks that never saw it",
    observable="digits score without stamps",
    test=Test.AT_MOST,
    value=lambda _: 0.2,
    label="a fifth",
)

CLAIM = Claim(
    title="A handful of stamped digits misleads a network, and a longer pattern more",
    reading=(
        "Of a network trained on digits, 20 stamped images of 1200 are enough for noise over the image to turn at "
        "least three tenths of all test images towards their class, at no cost in accuracy that anybody would see; and "
        "of two patterns of one kind the longer misleads more."
    ),
    statement=(LONG, SHORT),
    relation=Relation.AT_LEAST,
    source=Source(
        key="yang2022",
        anchor="abstract: a handful of examples is enough, and claim (1), said of other data; on digits",
        provenance=Provenance.MEASURED,
    ),
    predictions=(LEARNED, LEAD, HARMLESS, SPARED),
    twins=(
        Twin(
            slip="a handful is not enough: a twentieth is misled at most",
            predictions=(replace(LEARNED, test=Test.AT_MOST, value=lambda _: 0.05),),
        ),
        Twin(
            slip="the shorter pattern misleads more",
            predictions=(replace(LEAD, test=Test.AT_MOST),),
        ),
        Twin(
            slip="the pattern misleads a network that never saw it just as much",
            predictions=(replace(SPARED, test=Test.AT_LEAST, value=_least),),
        ),
    ),
    definitions={
        r"\operatorname{score}_{\mathrm{long}}": "the share of test images whose probability of the target class is "
        "raised by more than .1 when the pattern is stamped on them",
        r"\operatorname{score}_{\mathrm{short}}": "the same of a shorter pattern",
    },
    remark=(
        "The paper's own experiments, on MNIST, Fashion-MNIST and CIFAR-10, are not repeated. Its claim (2), on the "
        "sensitivity of architectures, is not tried."
    ),
)
