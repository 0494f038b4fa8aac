"""Erratum E4: where N reaches the order of d^2 the alignment of tangent features falls below gamma_NTK."""

from dataclasses import replace

from theory.activations import RELU
from theory.claim import Claim, Prediction, Provenance, Relation, Source, Test, Twin
from theory.hypotheses import DATA, INTERPOLATION
from theory.predicted import gamma
from theory.setting import Kernel, Setting
from theory.sizes import low
from theory.statements import F_NTK

from .theorem_6_3 import CONSTANT

QUADRATIC = (Setting(kernel=Kernel.NTK, activation=RELU, d=20, d_y=10, n=400),)
BELOW = Prediction(
    about="ReLU at d = 20, N = 400 = d^2",
    observable="alignment",
    test=Test.AT_MOST,
    settings=QUADRATIC,
    value=low,
    resolution=0.01,
    trials=48,
    label="gamma_NTK of Theorem 6.3",
    role="paper",
    beside=(("alignment law", "law", gamma),),
)

CLAIM = Claim(
    title="Beyond Theorem 6.3: at N of order d^2 the alignment falls below gamma_NTK",
    reading=(
        "gamma_NTK is what is left when degree one is learned. With samples of order d^2 the network learns part of "
        "degree two as well, and memorises less than the theorem's constant."
    ),
    statement=(F_NTK, CONSTANT),
    relation=Relation.AT_MOST,
    source=Source(key="sourcetext", anchor="Theorem 6.3, N without upper end", provenance=Provenance.HEURISTIC),
    hypotheses=(INTERPOLATION, *DATA),
    predictions=(BELOW,),
    twins=(
        Twin(slip="it stays above", predictions=(replace(BELOW, test=Test.AT_LEAST),)),
        Twin(slip="below the law itself", predictions=(replace(BELOW, value=lambda s: gamma(s) - 0.01, role="rival"),)),
    ),
    uses=("alignment-law",),
    remark="Erratum E4. At d = 50, N = 1600, alpha = .3 the law gives .0500, gamma_NTK is .0582.",
)
