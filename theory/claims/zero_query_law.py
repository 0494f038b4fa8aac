"""The zero query at finite size: its own kernel above, the same balance below."""

from dataclasses import replace

import sympy as sp

from theory.activations import ERF, RELU
from theory.claim import Claim, Prediction, Provenance, Relation, Source, Test
from theory.hypotheses import DATA, INTERPOLATION
from theory.predicted import gamma, zero_gamma
from theory.setting import Kernel, Query, Setting

from .alignment_law import COUNT, DEFINITIONS, IN_ALL, UNLEARNED, j, rival

QUERY_VALUE = sp.IndexedBase("a")
ALIGNMENT = sp.Symbol(r"\mathbb{E}\,F([0, y_1], z_{1})", real=True)
IN_QUERY = sp.Sum(COUNT[0, j] * QUERY_VALUE[j] * UNLEARNED[0, j], (j, 0, sp.oo))
SETTINGS = tuple(
    Setting(kernel=kernel, activation=activation, d=60, d_y=d_y, n=n, query=Query.ZERO)
    for kernel, activation, d_y, n in (
        (Kernel.RF, RELU, 24, 150),
        (Kernel.RF, ERF, 30, 60),
        (Kernel.NTK, RELU, 24, 150),
    )
)
ZERO = Prediction(
    about="x set to zero, RF and NTK, N from d to 2.5 d",
    observable="alignment",
    test=Test.EQUAL,
    settings=SETTINGS,
    value=zero_gamma,
    resolution=0.012,
    trials=64,
    label="law of the query x = 0",
)

CLAIM = Claim(
    title="The zero query, at any N, d and alpha",
    reading=(
        "With x set to zero the numerator of the alignment law holds the kernel between [0, y] and a full sample, "
        "expanded in the same harmonics of y. It is another statement than that of the resampled query."
    ),
    statement=(ALIGNMENT, IN_QUERY / IN_ALL),
    relation=Relation.EQUAL,
    source=Source(key="simon2023", anchor="eigenframework, at a query off the sphere", provenance=Provenance.HEURISTIC),
    hypotheses=(INTERPOLATION, *DATA),
    predictions=(ZERO,),
    twins=(
        rival(ZERO, "the law of the resampled query", lambda s: gamma(replace(s, query=Query.RESAMPLE))),
        rival(ZERO, "norms forgotten", lambda s: zero_gamma(s) / float(s.alpha) ** 0.5),
    ),
    uses=("alignment-law", "zero-query"),
    definitions={**DEFINITIONS, "a_{j}": "the mean of the query's kernel against the Gegenbauer polynomial P_j of y"},
)
