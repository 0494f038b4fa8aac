"""The spurious score in the authors' notebook cell, in whose denominator one length stands for the other."""

from dataclasses import replace

from theory import rare_ridge as r
from theory.claim import Claim, Provenance, Source
from theory.evidence import Verdict
from theory.rare_scene import at

from .rare_ridge import SCORE

CLAIM = Claim(
    title="The spurious score of the authors' notebook cell",
    reading="The cell has S^2 T in the denominator of the score, where the determinant D of the mixture has A^2 T.",
    statement=(r.SCORE, r.NOTEBOOK_SCORE),
    source=Source(key="yang2022code", anchor="regularization.ipynb: sscore", provenance=Provenance.CODE),
    points=r.points,
    predictions=(
        replace(SCORE, value=lambda scene: at(r.NOTEBOOK_SCORE, scene), label="the notebook's sscore", role="paper"),
    ),
    twins=(),
    expected=Verdict.REFUTED,
    definitions=r.DEFINITIONS,
    remark=(
        "Equal if and only if A = S, for 1/(the notebook's) - 1/(the mixture's) is a positive multiple of S^2 - A^2. "
        "It is the authors' notebook cell that says so; their paper was not at hand, and may define the score "
        "otherwise. At the plotted parameters the cell gives about a quarter of what is sampled."
    ),
)
