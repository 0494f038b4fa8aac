"""Theorem 5.4: the alignment of random features concentrates, above a bound."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from theory.activations import RELU, TANH
from theory.alignment import c1, law_at, tail, tail_at, unlearned
from theory.claim import Claim, Prediction, Provenance, Relation, Source, Step, Test, Twin
from theory.hypotheses import INTERPOLATION, RANDOM_FEATURES
from theory.setting import Kernel, Setting
from theory.sizes import bound, growing, high, proportional
from theory.statements import GAMMA_RF, energy, generating, mu

from .proportional_law import DEFINITIONS, points_with_share

SETTINGS = growing(Kernel.RF, RELU, (50, 100, 200), delta=Fraction(1), neurons=Fraction(8))


def derivation() -> Iterator[Step]:
    """Compare the bound with the proportional law, which lies above it at every delta."""
    yield Step(
        left=tail_at / (c1 + tail),
        right=law_at(unlearned),
        because=(
            "proportional-law, 0 < m < 1 the unlearned share of the linear part: dropping c_1 alpha m above and "
            "replacing m by 1 below can only lower it"
        ),
        relation=Relation.AT_MOST,
        points=points_with_share,
    )


def _test(test: Test, about: str, value: Callable[[Setting], float]) -> Prediction:
    return Prediction(
        about=about,
        observable="alignment",
        test=test,
        settings=SETTINGS,
        value=value,
        resolution=0.02,
        trials=16,
        label="bound of Theorem 5.4",
        role="paper",
        beside=(("proportional law", "law", proportional),),
    )


ABOVE = _test(Test.AT_LEAST, "the mean alignment stays above the bound (N = d, k = 8 d)", bound)
BELOW_ONE = replace(ABOVE, about="the mean alignment stays below 1", test=Test.AT_MOST, value=lambda _: 1.0, label="1")
CONCENTRATES = Prediction(
    about="the spread of the alignment over samples vanishes as d grows",
    observable="alignment spread",
    test=Test.LIMIT,
    settings=growing(Kernel.RF, TANH, (50, 100, 200), delta=Fraction(1), neurons=Fraction(8)),
    value=lambda _: 0.0,
    resolution=0.03,
    trials=48,
    rate=0.5,
    role="paper",
    label="0",
)

CLAIM = Claim(
    title="Theorem 5.4: random-feature alignment concentrates to a positive constant",
    reading=(
        "F_RF(z_1^s, z_1) concentrates to a constant strictly between 0 and 1, at least the ratio of the energy of "
        "phi at degrees two and up, damped by alpha^l, to its energy at degrees one and up."
    ),
    statement=(GAMMA_RF, generating(mu, 2) / energy(mu, 1)),
    relation=Relation.AT_LEAST,
    source=Source(key="bombari2024", anchor="Theorem 5.4", provenance=Provenance.RECALLED),
    hypotheses=(INTERPOLATION, *RANDOM_FEATURES),
    derivation=derivation,
    predictions=(ABOVE, BELOW_ONE, CONCENTRATES),
    uses=("proportional-law",),
    twins=(
        Twin(
            slip="the sum above starts at degree 1",
            statement=(GAMMA_RF, generating(mu, 1) / energy(mu, 1)),
            predictions=(
                replace(
                    ABOVE,
                    about="the alignment stays above the upper end",
                    value=high,
                    label="S_1(alpha) / S_1(1)",
                    role="rival",
                ),
            ),
        ),
        Twin(
            slip="the spread tends to .05, so nothing concentrates",
            predictions=(
                replace(CONCENTRATES, about="the spread does not vanish", value=lambda _: 0.05, role="rival"),
            ),
        ),
    ),
    definitions=DEFINITIONS,
    remark=(
        "The paper gives gamma_RF no value; proportional-law does. The checked step derives the bound from our law, "
        "by a route that is not the paper's proof."
    ),
)
