"""The fluctuation law: the spread of the alignment over samples, at infinite width."""

import math
from dataclasses import replace

import sympy as sp

from theory.activations import RELU, SIGMOID
from theory.claim import Claim, Prediction, Provenance, Relation, Source, Test
from theory.hypotheses import DATA, INTERPOLATION
from theory.predicted import law_of, variance
from theory.setting import Kernel, Setting

from .alignment_law import DEFINITIONS, DESIGN, NOISE, SAMPLES, rival

GAMMA, R, R_Y, OVERLAP = sp.symbols(r"\gamma r r_y V_{x}", positive=True)
VARIANCE = sp.Symbol(r"\operatorname{Var} F(z_1^{s}, z_1)", positive=True)
OTHERS = (R**2 + R_Y**2 + 2 * GAMMA**2 * R**2 - 4 * GAMMA * R * R_Y) / (SAMPLES * (1 - R))
SETTINGS = (
    Setting(kernel=Kernel.RF, activation=SIGMOID, d=200, d_y=60, n=200),
    Setting(kernel=Kernel.RF, activation=SIGMOID, d=200, d_y=140, n=200),
    *(setting for setting in DESIGN if setting.activation is RELU and setting.n >= 200),
)
"""The first two have little to learn beyond degree one, so that the other samples decide the spread."""


def _spread(setting: Setting) -> float:
    return math.sqrt(variance(setting))


def _without_feedback(setting: Setting) -> float:
    law = law_of(setting)
    return math.sqrt(float((law.variance_of_query + law.variance_of_others * (1 - law.learned)).mid()))


def _without_y(setting: Setting) -> float:
    law = law_of(setting)
    gamma, r = law.gamma, law.learned
    others = (r * r + 2 * gamma * gamma * r * r) / (law.n * (1 - r))
    return math.sqrt(float((law.variance_of_query + others).mid()))


def _without_query(setting: Setting) -> float:
    return math.sqrt(float(law_of(setting).variance_of_others.mid()))


SPREAD = Prediction(
    about="random and tangent features, spread over the samples of a trial",
    observable="alignment spread",
    test=Test.EQUAL,
    settings=SETTINGS,
    value=_spread,
    resolution=0.012,
    trials=64,
    label="fluctuation law",
)

CLAIM = Claim(
    title="The fluctuation law: the spread of the alignment",
    reading=(
        "F varies over samples because the fresh core feature happens to overlap with the old one, and because the "
        "other samples are random; the second part grows as more of the samples are spent on modes that they learn."
    ),
    statement=(VARIANCE, OVERLAP / (SAMPLES * NOISE) ** 2 + OTHERS),
    relation=Relation.EQUAL,
    source=Source(key="simon2023", anchor="eigenframework, second moments", provenance=Provenance.HEURISTIC),
    hypotheses=(INTERPOLATION, *DATA),
    predictions=(SPREAD,),
    twins=(
        rival(SPREAD, "the factor 1/(1 - r) left out", _without_feedback),
        rival(SPREAD, "the terms with r_y left out", _without_y),
        rival(SPREAD, "the overlap of the fresh core feature left out", _without_query),
        rival(SPREAD, "1 - alpha in place of alpha", lambda s: _spread(replace(s, d_y=s.d - s.d_y))),
    ),
    uses=("alignment-law",),
    definitions={
        r"\kappa": DEFINITIONS[r"\kappa"],
        r"\gamma": "the mean of F: alignment-law",
        "r": "the share of the samples spent on modes learned: sum B (1 - q)^2 / N",
        "r_{y}": "the part of r in functions of y alone",
        "V_{x}": "the variance of the unlearned kernel at t_y = 1 over the overlap t_x of the two core features",
    },
    remark="For infinite width: as the parameters come down to N the spread grows beyond this.",
)
