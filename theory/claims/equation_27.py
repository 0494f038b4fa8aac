"""The memorisation bound for tangent features."""

from dataclasses import replace

import sympy as sp

from theory import interpolation as i
from theory.activations import RELU, TANH
from theory.claim import Claim, Provenance, Relation, Source, Twin
from theory.hypotheses import INTERPOLATION, TANGENT_FEATURES
from theory.setting import Kernel, Setting
from theory.statements import ERROR, GAMMA_NTK, MEMORISATION, VARIANCE

from .equation_11 import derivation, slack

SETTINGS = (
    Setting(kernel=Kernel.NTK, activation=RELU, d=40, d_y=20, n=80, width=40),
    Setting(kernel=Kernel.NTK, activation=TANH, d=40, d_y=20, n=80, width=40),
    Setting(kernel=Kernel.NTK, activation=RELU, d=144, d_y=80, n=100, width=60, data="digits"),
)
BOUND = slack(
    SETTINGS,
    "memorisation slack",
    "covariance of f(z_i^s) and g_i over the training set, less F sqrt(R Var g), F and R measured in the same trial",
)

CLAIM = Claim(
    title="Equation (27): memorisation is bounded by alignment times error (NTK)",
    reading="The bound of equation (11), for tangent features and gamma_NTK.",
    statement=(MEMORISATION, GAMMA_NTK * sp.sqrt(ERROR) * sp.sqrt(VARIANCE)),
    relation=Relation.AT_MOST,
    source=Source(key="sourcetext", anchor="equation (27)", provenance=Provenance.SOURCE_TEXT),
    hypotheses=(INTERPOLATION, *TANGENT_FEATURES),
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
        "gamma stands for the alignment to which F concentrates at the size tried. With the limit gamma_NTK of "
        "theorem-6.3 in its place the bound would be smaller than the theorem supports at these N/d."
    ),
)
