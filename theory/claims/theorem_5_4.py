"""Theorem 5.4: the alignment of random features concentrates, above a bound."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from theory.activations import RELU, TANH
from theory.alignment import c1, proportional_law, tail, tail_at
from theory.claim import Claim, Prediction, Provenance, Relation, Source, Step, Test, Twin
from theory.hypotheses import INTERPOLATION, RANDOM_FEATURES
from theory.setting import Kernel, Setting
from theory.sizes import bound, growing, high, low, proportional
from theory.statements import GAMMA_RF, energy, generating, mu

from .proportional_law import points as law_points

SETTINGS = growing(Kernel.RF, RELU, (50, 100, 200), delta=Fraction(1), neurons=Fraction(8))


def derivation() -> Iterator[Step]:
    """Compare the bound with the proportional law, which lies above it at every delta."""
    yield Step(
        left=tail_at / (c1 + tail),
        right=proportional_law(),
        because="proportional-law: dropping c_1 alpha m > 0 above and replacing m <= 1 by 1 below can only lower it",
        relation=Relation.AT_MOST,
        points=law_points,
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
        beside=(
            ("proportional law (ours)", "law", proportional),
            ("upper end", "rival", high),
            ("lower end", "paper", low),
        ),
    )


ABOVE = _test(Test.AT_LEAST, "the mean alignment stays above the bound (N = d, k = 8 d)", bound)
BELOW_ONE = replace(ABOVE, about="the mean alignment stays below 1", test=Test.AT_MOST, value=lambda _: 1.0, beside=())
CONCENTRATES = Prediction(
    about="the spread of the alignment over samples vanishes as d grows",
    observable="alignment spread",
    test=Test.LIMIT,
    settings=growing(Kernel.RF, TANH, (50, 100, 200), delta=Fraction(1), neurons=Fraction(8)),
    value=lambda _: 0.0,
    resolution=0.03,
    trials=24,
    rate=0.5,
)

CLAIM = Claim(
    title="Theorem 5.4: random-feature alignment concentrates to a positive constant",
    reading=(
        "F_RF(z_1^s, z_1) concentrates to a constant strictly between 0 and 1, at least the ratio of the energy of "
        "phi at degrees two and up, damped by alpha^l, to its energy at degrees one and up."
    ),
    statement=(GAMMA_RF, generating(mu, 2) / energy(mu, 1)),
    relation=Relation.AT_LEAST,
    source=Source(key="bombari2024", anchor="Theorem 5.4", provenance=Provenance.PAPER),
    hypotheses=(INTERPOLATION, *RANDOM_FEATURES),
    derivation=derivation,
    predictions=(ABOVE, BELOW_ONE, CONCENTRATES),
    uses=("proportional-law",),
    twins=(
        Twin(
            slip="the sum above starts at degree 1",
            statement=(GAMMA_RF, generating(mu, 1) / energy(mu, 1)),
            predictions=(replace(ABOVE, about="the alignment stays above the upper end", value=high),),
        ),
        Twin(
            slip="the spread tends to .05, so nothing concentrates",
            predictions=(replace(CONCENTRATES, about="the spread does not vanish", value=lambda _: 0.05),),
        ),
    ),
    remark=(
        "The paper gives gamma_RF no value; proportional-law does. The checked step derives the bound from our law, "
        "by a route that is not the paper's proof."
    ),
)
