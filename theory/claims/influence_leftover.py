"""What influence functions leave of a pattern: the part that its examples explain of their own residuals."""

from collections.abc import Iterator
from dataclasses import replace

import sympy as sp

from theory import block_deletion as d
from theory.claim import Claim, Hypothesis, Prediction, Provenance, Source, Status, Step, Test, Twin
from theory.rare_designs import RIDGED, SINGLE
from theory.rare_scene import StampedFeatures

from .block_left_out import EXACT
from .rare_pattern_law import OWN_FEATURE

LEFT = d.pattern.T * d.influenced * d.ones.T * d.residual
EXPLAINED = d.ones.T * d.leverage * d.residual * d.pattern.T * d.fit


def derivation() -> Iterator[Step]:
    """Read the weight of the pattern off the normal equations: all that holds it are the residuals of the block."""
    yield Step(
        left=d.influenced - d.fit_without,
        right=d.inverse * d.block.T * d.leverage * (d.unit[d.k] - d.leverage).inv() * d.residual,
        because="block-left-out: the first order omits (I - H)^{-1}, and misses H (I - H)^{-1} of the change",
    )
    yield Step(
        left=d.ridge * d.pattern.T * d.fit,
        right=d.size * d.ones.T * d.residual,
        because="the pattern is on the block alone: its normal equation",
    )
    yield Step(
        left=d.ridge * d.pattern.T * d.influenced,
        right=d.size * d.ones.T * d.leverage * d.residual,
        because="that of the influence, from which the statement follows by division",
    )
    yield Step(
        left=d.pattern.T * d.fit_without,
        right=sp.ZeroMatrix(1, 1),
        because="exact deletion leaves nothing: the rest has no such feature",
        points=d.instances,
    )


def _least(scene: StampedFeatures) -> float:
    """Return `s^2 / (s^2 + lambda)`: the leverage of one example that has a feature of its own."""
    square = scene.pattern**2
    return float(square / (square + scene.ridge))


LEFTOVER = replace(
    EXACT,
    about="what is left of the pattern's weight against 1.Hr / 1.r, by explicit solves: RF and NTK",
    observable="influence leftover error",
    settings=RIDGED,
)
ONE = Prediction(
    about="the share of the pattern's weight that influence functions leave, of one stamped example",
    observable="influence leftover",
    test=Test.AT_LEAST,
    settings=SINGLE,
    value=_least,
    resolution=0.05,
    trials=12,
    label="s^2 / (s^2 + lambda)",
)

CLAIM = Claim(
    title="What influence functions leave of a pattern",
    reading=(
        "Of the weight of the pattern, first-order influence leaves the share 1.Hr / 1.r: what its examples explain of "
        "their own residuals. For one example it is its leverage, at least s^2 / (s^2 + lambda), so that a long "
        "pattern stays almost whole; without a ridge r = 0, and nothing is deleted. Exact deletion leaves nothing."
    ),
    statement=(LEFT, EXPLAINED),
    source=Source(
        key="yang2022",
        anchor="abstract, claim (3), said of networks; for ridge regression",
        provenance=Provenance.DERIVED,
    ),
    hypotheses=(
        OWN_FEATURE,
        Hypothesis(
            text="lambda > 0 and 1.r is not 0, or there is nothing to take a share of",
            examine=lambda _: (Status.HOLDS, "at each instance"),
        ),
    ),
    points=d.ridged,
    derivation=derivation,
    predictions=(LEFTOVER, ONE),
    uses=("block-left-out",),
    twins=(
        Twin(
            slip="leverages (I - H)^{-1} H in place of H",
            statement=(
                LEFT,
                d.ones.T * (d.unit[d.k] - d.leverage).inv() * d.leverage * d.residual * d.pattern.T * d.fit,
            ),
        ),
        Twin(
            slip="influence functions delete as a refit does",
            predictions=(replace(LEFTOVER, observable="influence leftover as an error"),),
        ),
    ),
    definitions=d.DEFINITIONS,
)
