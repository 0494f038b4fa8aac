"""The mean squared stability of a sample is the generalisation error without it."""

from collections.abc import Iterator

from theory import interpolation as i
from theory.activations import GELU, RELU
from theory.claim import Claim, Prediction, Provenance, Source, Step, Test, Twin
from theory.hypotheses import INTERPOLATION
from theory.setting import Kernel, Setting
from theory.statements import ERROR, SQUARED_STABILITY, VARIANCE

SETTINGS = (
    Setting(kernel=Kernel.RF, activation=RELU, d=40, d_y=20, n=80),
    Setting(kernel=Kernel.RF, activation=GELU, d=40, d_y=20, n=80, width=800),
    Setting(kernel=Kernel.NTK, activation=RELU, d=40, d_y=20, n=80, width=40),
    Setting(kernel=Kernel.RF, activation=RELU, d=144, d_y=80, n=40, data="digits"),
)


def derivation() -> Iterator[Step]:
    """Interpolation turns the stability into a prediction error."""
    yield Step(
        left=i.v.T * i.fit,
        right=i.label,
        because="the full model interpolates: f(z_1, theta*) = g_1",
        points=i.instances,
    )
    yield Step(
        left=i.self_stability,
        right=i.label - i.v.T * i.fit_without,
        because="so S_{z_1}(z_1) = g_1 - f(z_1, theta*_{-1}); its mean square over z_1 is the error, by definition",
        points=i.instances,
    )


def _prediction(observable: str, about: str, value: float) -> Prediction:
    return Prediction(
        about=about,
        observable=observable,
        test=Test.EQUAL,
        settings=SETTINGS,
        value=lambda _: value,
        resolution=0.1,
        trials=240,
        label="equation (6)" if value == 0 else "the twin",
        role="paper" if value == 0 else "rival",
    )


CLAIM = Claim(
    title="Equation (6): mean squared stability is the generalisation error",
    reading="Over the draw of z_1, the mean of S_{z_1}(z_1)^2 equals the error of the model trained without z_1.",
    statement=(SQUARED_STABILITY, ERROR),
    source=Source(key="sourcetext", anchor="equation (6)", provenance=Provenance.SOURCE_TEXT),
    hypotheses=(INTERPOLATION,),
    derivation=derivation,
    predictions=(
        _prediction(
            "stability surplus",
            "mean of S^2 over the training set less the error of the leave-one-out models on fresh samples",
            0.0,
        ),
    ),
    twins=(
        Twin(
            slip="the variance of the label in place of the error: a model that has learned nothing",
            statement=(SQUARED_STABILITY, VARIANCE),
            predictions=(_prediction("squared stability", "mean of S^2 is the variance of the label", 1.0),),
        ),
    ),
    definitions=i.DEFINITIONS,
    remark="Erratum E3: the source text says that stability increases as the error falls; (6) says that S shrinks.",
)
