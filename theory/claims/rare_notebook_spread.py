"""The deviation in the authors' notebook cell, which is that of the mixture for lengths of one only."""

from dataclasses import replace

from theory import rare_ridge as r
from theory.claim import Claim, Provenance, Source
from theory.evidence import Verdict
from theory.rare_scene import RareMixture, at

from .rare_accuracy import CLEAN, STAMPED


def _clean(scene: RareMixture) -> float:
    return at(r.clean_accuracy(r.NOTEBOOK_DEVIATION), scene)


def _stamped(scene: RareMixture) -> float:
    return at(r.spurious_accuracy(r.NOTEBOOK_DEVIATION), scene)


CLAIM = Claim(
    title="The standard deviation of the authors' notebook cell",
    reading=(
        "The cell takes t^2 s_1 + gamma^2/4 S^4 s_2 for the variance of the output. In this mixture it is t^2 s_1 / "
        "A^2 + gamma^2/4 S^2 s_2: a length too many in either term."
    ),
    statement=(r.DEVIATION**2, r.NOTEBOOK_DEVIATION**2),
    source=Source(key="yang2022code", anchor="regularization.ipynb: down", provenance=Provenance.CODE),
    points=r.points,
    predictions=(
        replace(CLEAN, value=_clean, label="the notebook's down", role="paper"),
        replace(STAMPED, value=_stamped, label="the notebook's down", role="paper"),
    ),
    twins=(),
    expected=Verdict.REFUTED,
    definitions=r.DEFINITIONS,
    remark=(
        "The two are the same for all gamma, lambda and noise if and only if A = S = 1. It is the authors' notebook "
        "cell that says so; their paper was not at hand, and may define things otherwise. The accuracies that follow "
        "are off by up to .05 where they were sampled."
    ),
)
