"""Gradient descent from small weights ends on the ray: the ratio of background to core, sampled."""

from dataclasses import replace
from fractions import Fraction

import sympy as sp

from theory.activations import RELU
from theory.claim import Claim, Hypothesis, Prediction, Provenance, Relation, Source, Status, Test, Twin
from theory.contamination_ray import DEFINITIONS, gaussian_ratio, m, n, stationary_ratio
from theory.contamination_scene import ContaminationScene, ratio_learned


def _scene(core: int, background: int) -> ContaminationScene:
    """Return a descent at weights so small that every margin stays below 1; fewer features are noisier each."""
    return ContaminationScene(
        activation=RELU,
        d_core=core,
        d_background=background,
        neurons=8,
        samples=1024 if background <= 4 else 256,
        steps=500,
        rate=Fraction(1, 10**4),
        fresh=True,
    )


AS_MANY = tuple(_scene(features, features) for features in (1, 4, 16, 64))


def _gaussian(scene: ContaminationScene) -> float:
    return gaussian_ratio(scene.d_core, scene.d_background)


RATIO = Prediction(
    about="background over core weights after stochastic gradient descent, as many features of either kind",
    observable="contamination ratio",
    test=Test.EQUAL,
    settings=AS_MANY,
    value=ratio_learned,
    resolution=0.005,
    trials=12,
    label="exact ratio",
    beside=(("Gaussian sums", "rival", _gaussian),),
)
UNEQUAL = replace(
    RATIO,
    about="the same with more features in the background, and with more in the core",
    settings=(_scene(4, 16), _scene(2, 1)),
)


def _of_background_alone(scene: ContaminationScene) -> float:
    return stationary_ratio(scene.d_background, scene.d_background)


CLAIM = Claim(
    title="Gradient descent ends at the ratio that stays",
    reading=(
        "A two-layer rectifier network descends the hinge loss on fresh inputs, from small random weights. While all "
        "margins are below 1, its neurons of either sign come to hold r* times as much of the background as of the "
        "core, the ratio of contamination-ray, though no weights were equal to begin with."
    ),
    statement=(sp.Symbol("{w_b(t)/w_c(t)}", positive=True), sp.Function("r^{*}")(n, m)),
    relation=Relation.TENDS_TO,
    source=Source(
        key="zhang2024", anchor="the linear core of its code, without biases; ours", provenance=Provenance.DERIVED
    ),
    hypotheses=(
        Hypothesis(
            text="all margins stay below 1",
            examine=lambda scene: (
                Status.HOLDS,
                "500 steps of 1/10000 reach an output of 0.2 at most" if scene else "no scene was tried",
            ),
        ),
        Hypothesis(
            text="neurons that see something: one whose weights are all negative never moves",
            examine=lambda _: (Status.HOLDS, "the ratio is that of mean weights, to which such a neuron adds nothing"),
        ),
    ),
    predictions=(RATIO, UNEQUAL),
    twins=(
        Twin(
            slip="the sums of features taken for Gaussian, which at one feature of each kind is off by .017",
            predictions=(replace(RATIO, value=_gaussian),),
        ),
        Twin(
            slip="core and background grow alike, as they would if no input of the wrong class passed",
            predictions=(replace(RATIO, value=lambda _: 1.0),),
        ),
        Twin(
            slip="the number of core features taken for that of the background",
            predictions=(replace(UNEQUAL, value=_of_background_alone),),
        ),
    ),
    uses=("contamination-ray",),
    definitions={
        "w_b(t)": "the mean weight on the background after t steps",
        "w_c(t)": "the same on the core",
        **DEFINITIONS,
    },
    remark=(
        "There is a reason why every neuron with positive weights gets there: what it climbs, E[(C + G)_+] - "
        "E[(G - C)_+], is concave and of degree one, so its direction has one maximum. How fast is not stated."
    ),
)
