"""The memorisation bound for random features."""

from collections.abc import Iterator
from dataclasses import replace

import sympy as sp

from theory import interpolation as i
from theory.activations import RELU, TANH
from theory.claim import Claim, Prediction, Provenance, Relation, Source, Step, Test, Twin
from theory.hypotheses import INTERPOLATION, RANDOM_FEATURES
from theory.setting import Kernel, Setting
from theory.statements import ERROR, GAMMA_RF, MEMORISATION, VARIANCE

SETTINGS = (
    Setting(kernel=Kernel.RF, activation=RELU, d=60, d_y=30, n=60, width=600),
    Setting(kernel=Kernel.RF, activation=TANH, d=60, d_y=30, n=60, width=600),
    Setting(kernel=Kernel.RF, activation=RELU, d=144, d_y=80, n=100, data="digits"),
)


def derivation() -> Iterator[Step]:
    """Lemma 4.1 isolates the part of the output that depends on g_1; Cauchy and Schwarz bound its covariance."""
    yield Step(
        left=i.u.T * i.fit,
        right=i.u.T * i.fit_without + i.alignment(i.complement) * i.self_stability,
        because="lemma-4.1 at z = z_1^s; the first term does not depend on g_1, so its covariance with g_1 is 0",
        points=i.instances,
    )
    stability = sp.Symbol("S_{z_1}(z_1)", real=True)
    yield Step(
        left=sp.Symbol(r"\operatorname{Cov}\left(\gamma S_{z_1}(z_1), g_1\right)", real=True),
        right=GAMMA_RF * sp.sqrt(sp.Symbol(rf"\mathbb{{E}}\left[{stability}^2\right]", nonnegative=True) * VARIANCE),
        because="F concentrates to gamma (theorem-5.4); then Cauchy and Schwarz, and equation-6 for the mean square",
        relation=Relation.AT_MOST,
        grounds=Provenance.KNOWN,
    )


def slack(settings: tuple[Setting, ...], observable: str, about: str) -> Prediction:
    """Return the prediction that a slack is at most 0."""
    return Prediction(
        about=about,
        observable=observable,
        test=Test.AT_MOST,
        settings=settings,
        value=lambda _: 0.0,
        resolution=0.02,
        trials=240,
        label="bound",
        role="paper",
    )


BOUND = slack(
    SETTINGS,
    "memorisation slack",
    "covariance of f(z_i^s) and g_i over the training set, less F sqrt(R Var g), F and R measured in the same trial",
)

CLAIM = Claim(
    title="Equation (11): memorisation is bounded by alignment times error (RF)",
    reading=(
        "The covariance between the output on the spurious feature alone and the label of its training sample is at "
        "most gamma_RF times the root of the generalisation error times the root of the variance of the label."
    ),
    statement=(MEMORISATION, GAMMA_RF * sp.sqrt(ERROR) * sp.sqrt(VARIANCE)),
    relation=Relation.AT_MOST,
    source=Source(key="sourcetext", anchor="equation (11)", provenance=Provenance.SOURCE_TEXT),
    hypotheses=(INTERPOLATION, *RANDOM_FEATURES),
    derivation=derivation,
    predictions=(BOUND,),
    uses=("lemma-4.1", "equation-6"),
    twins=(
        Twin(
            slip="gamma squared",
            predictions=(replace(BOUND, observable="memorisation slack squared gamma", about="the same with gamma^2"),),
        ),
    ),
    definitions=i.DEFINITIONS,
    remark=(
        "The paper gives gamma_RF no value, so the mean alignment of the trial stands for it; the bound is then a "
        "statement about one training set, which is why the trial is the unit."
    ),
)
