"""The learning-curve law: test error, test accuracy and spurious accuracy, with no parameter fitted."""

from dataclasses import replace

import sympy as sp

from theory.activations import RELU
from theory.claim import Claim, Prediction, Provenance, Relation, Source, Test
from theory.hypotheses import DATA, INTERPOLATION
from theory.predicted import Value, curve_of
from theory.setting import Setting

from .alignment_law import DEFINITIONS, DESIGN, i, rival
from .fluctuation_law import R
from .width_independence import SETTINGS as FINITE_WIDTH

LABEL, SHARE = sp.IndexedBase("v"), sp.IndexedBase("q")
ERROR = sp.Symbol("E", positive=True)
WIDE = DESIGN[1:4]
NARROW = tuple(s for s in FINITE_WIDTH if s.activation is RELU and s.parameters >= 2 * s.n)


def _error(setting: Setting) -> float:
    return float(curve_of(setting).test_error.mid())


def _bias_alone(setting: Setting) -> float:
    return float(curve_of(setting).bias.mid())


def _at_infinite_width(setting: Setting) -> float:
    return _error(replace(setting, width=None))


def _spurious_without_alignment(setting: Setting) -> float:  # noqa: ARG001 - a value of every setting
    return 0.5


def _curve(attribute: str) -> Value:
    return lambda setting: float(getattr(curve_of(setting), attribute))


def _predict(observable: str, value: Value, *, settings: tuple[Setting, ...] = WIDE, resolution: float) -> Prediction:
    wide = settings is WIDE
    return Prediction(
        about=f"{observable}, {'infinite' if wide else 'finite'} width",
        observable=observable,
        test=Test.EQUAL,
        settings=settings,
        value=value,
        resolution=resolution,
        trials=64,
        label="learning-curve law",
    )


TEST_ERROR = _predict("test error", _error, resolution=0.06)
NARROW_ERROR = _predict("test error", _error, settings=NARROW, resolution=0.2)
TEST_ACCURACY = _predict("test accuracy", _curve("test_accuracy"), resolution=0.06)
SPURIOUS_ACCURACY = _predict("spurious accuracy", _curve("spurious_accuracy"), resolution=0.06)

CLAIM = Claim(
    title="The learning-curve law: errors and accuracies",
    reading=(
        "The test error and both accuracies of learning the sign of one coordinate of x follow from the same unlearned "
        "shares: the curves of the paper's figures, with no free parameter."
    ),
    statement=(ERROR, sp.Sum(SHARE[i] ** 2 * LABEL[i] ** 2, (i, 0, sp.oo)) / (1 - R)),
    relation=Relation.EQUAL,
    source=Source(
        key="simon2023", anchor="eigenframework; its random-feature form at width k", provenance=Provenance.HEURISTIC
    ),
    hypotheses=(INTERPOLATION, *DATA),
    predictions=(TEST_ERROR, NARROW_ERROR, TEST_ACCURACY, SPURIOUS_ACCURACY),
    twins=(
        rival(TEST_ERROR, "the factor 1/(1 - r) left out", _bias_alone),
        rival(NARROW_ERROR, "infinite width in place of k", _at_infinite_width),
        rival(TEST_ACCURACY, "no noise: twice the signal", lambda s: min(1.0, 2 * curve_of(s).test_accuracy - 0.5)),
        rival(SPURIOUS_ACCURACY, "nothing memorised", _spurious_without_alignment),
    ),
    uses=("alignment-law",),
    definitions={
        r"\kappa": DEFINITIONS[r"\kappa"],
        "q_{i}": "the unlearned share of degree i in x alone",
        "v_{i}": "the coefficient of the label sign(t) at degree i, t one coordinate of x",
        "r": "the share of the samples spent on modes learned",
    },
    remark=(
        "The accuracies take what is not signal for Gaussian, and F too. With few core dimensions that costs up to "
        ".014, which the tests here do not resolve."
    ),
)
