"""Erratum E2: Theorem 6.3 under N > d alone, as the source text states it, which is false."""

from fractions import Fraction

from theory.activations import TANGENT_PHI2
from theory.claim import Claim, Prediction, Provenance, Relation, Source, Test
from theory.evidence import Verdict
from theory.hypotheses import INTERPOLATION, TANGENT_FEATURES
from theory.setting import Kernel
from theory.sizes import growing, low, proportional
from theory.statements import F_NTK

from .theorem_6_3 import CONSTANT

CLAIM = Claim(
    title="Theorem 6.3 as the source text states it: N > d alone",
    reading=(
        "The source text asks only for N > d. At N = 3 d, k = d and phi' = h0 + h1 every condition is met, and the "
        "alignment converges, but to the value of proportional-law, .3081, and not to gamma_NTK = .25."
    ),
    statement=(F_NTK, CONSTANT),
    relation=Relation.TENDS_TO,
    source=Source(key="sourcetext", anchor="conditions of Theorem 6.3", provenance=Provenance.SOURCE_TEXT),
    hypotheses=(INTERPOLATION, *TANGENT_FEATURES),
    predictions=(
        Prediction(
            about="N = 3 d and k = d, as d grows: the intercept is gamma_NTK",
            observable="alignment",
            test=Test.LIMIT,
            settings=growing(Kernel.NTK, TANGENT_PHI2, (50, 100, 200, 400), delta=Fraction(3), neurons=Fraction(1)),
            value=low,
            resolution=0.02,
            trials=8,
            label="gamma_NTK of Theorem 6.3",
            role="paper",
            beside=(("proportional law", "law", proportional),),
        ),
    ),
    twins=(),
    expected=Verdict.REFUTED,
    remark="Erratum E2. The statement needs N/d -> infinity, as in theorem-6.3.",
)
