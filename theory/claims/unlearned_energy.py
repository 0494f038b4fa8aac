"""What a sample has beyond the others: the denominator that alignment and a rare pattern share."""

from collections.abc import Iterator
from dataclasses import replace

import sympy as sp

from theory import interpolation as interp
from theory.activations import RELU
from theory.claim import Claim, Prediction, Provenance, Relation, Source, Step, Test
from theory.hypotheses import DATA, INTERPOLATION
from theory.predicted import Value, unlearned_share
from theory.setting import Kernel, Setting

from .alignment_law import DEFINITIONS, ENERGY, IN_ALL, NOISE, SAMPLES, rival, sphere_points

WHOLE = sp.Symbol(r"\kappa(1)", positive=True)
LEFT = sp.Symbol(r"\frac{|Q \varphi(z_1)|^2}{|\varphi(z_1)|^2}", positive=True)
Q, V = interp.complement, interp.v


def _derivation() -> Iterator[Step]:
    yield Step(
        left=V.T * Q * V,
        right=V.T * V - V.T * interp.span * V,
        because="|Q v|^2 is what the others do not span; a Schur complement, `1/[K^{-1}]_11`, is the same",
        points=interp.instances,
    )
    yield Step(
        left=ENERGY - ENERGY * ENERGY / (ENERGY + NOISE),
        right=NOISE * ENERGY / (ENERGY + NOISE),
        because="what a mode keeps of its energy is kappa times its part in the balance, which adds up to N",
        points=sphere_points,
    )
    yield Step(
        left=LEFT * WHOLE,
        right=IN_ALL,
        because="a fresh sample has, beyond N others, the energy that they have not learned",
        grounds=Provenance.HEURISTIC,
    )


GROWING = tuple(Setting(kernel=Kernel.RF, activation=RELU, d=n // 2, d_y=n // 4, n=n) for n in (60, 120, 240, 480))
LAST = GROWING[-1]
RATIO = Prediction(
    about="what is left of a sample's features, in N kappa, as N grows with d",
    observable="unlearned energy over N kappa",
    test=Test.LIMIT,
    settings=GROWING,
    value=lambda _: 1.0,
    resolution=0.012,
    trials=32,
    label="the law",
    size=lambda setting: float(setting.n),
    size_label="N",
)


def _in_its_place(share: float) -> Value:
    """Return what the ratio would tend to if the sample kept another share of its features."""
    return lambda _: share / unlearned_share(LAST)


CLAIM = Claim(
    title="The unlearned energy: what a sample has beyond the others",
    reading=(
        "The share of a sample's features that lies outside the span of the others is N times the effective ridge. It "
        "is what the alignment is a share of, and what a rare pattern has to outweigh: of one example with an extra "
        "feature of norm S, the effect on whatever is stamped is the leave-one-out error times S^2 / (S^2 + N kappa)."
    ),
    statement=(LEFT, SAMPLES * NOISE / WHOLE),
    relation=Relation.EQUAL,
    source=Source(key="simon2023", anchor="eigenframework, on a product of spheres", provenance=Provenance.HEURISTIC),
    hypotheses=(INTERPOLATION, *DATA),
    derivation=_derivation,
    predictions=(RATIO,),
    twins=(
        rival(RATIO, "2 N samples in place of N", _in_its_place(unlearned_share(replace(LAST, n=2 * LAST.n)))),
        rival(RATIO, "kappa in place of N kappa", lambda _: 1 / LAST.n),
        rival(RATIO, "the learned energy in its place", _in_its_place(1 - unlearned_share(LAST))),
    ),
    uses=("alignment-law",),
    definitions={
        "Q": interp.DEFINITIONS["Q"],
        r"\kappa(1)": "the kernel of a sample with itself",
        r"\kappa": DEFINITIONS[r"\kappa"],
    },
    remark="At finite N a bias of order 1/N remains: at N = 120 random features of ReLU keep .2889, the law has .2880.",
)
