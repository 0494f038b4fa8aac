"""Erratum E1: the lemma with the projector that the source text prints, which is false."""

from theory import interpolation as i
from theory.claim import Claim, Prediction, Provenance, Source, Test
from theory.evidence import Verdict
from theory.hypotheses import INTERPOLATION

from .lemma_4_1 import INSTANCES, TOLERANCE

CLAIM = Claim(
    title="Lemma 4.1 as the source text prints it",
    reading=(
        "The source text defines the projector in F as the one onto the span of the other samples' features. "
        "So stated the lemma is false; with the orthogonal complement it is lemma-4.1."
    ),
    statement=(i.stability, i.alignment(i.span) * i.self_stability),
    source=Source(key="sourcetext", anchor="term-by-term account of Lemma 4.1", provenance=Provenance.SOURCE_TEXT),
    hypotheses=(INTERPOLATION,),
    points=i.instances,
    predictions=(
        Prediction(
            about="explicit refits against F with the printed projector",
            observable="lemma error as printed",
            test=Test.IDENTITY,
            settings=INSTANCES[::2],
            value=lambda _: TOLERANCE,
            resolution=TOLERANCE,
            trials=2,
            label="tolerance",
        ),
    ),
    twins=(),
    expected=Verdict.REFUTED,
    definitions=i.DEFINITIONS,
    remark=(
        "Erratum E1. The source text also calls the squared norm 'the part shared with the other samples'; "
        "it is the part that is not shared."
    ),
)
