"""Lemma 4.1 for several samples and any ridge: what a block changes is alignment times its leave-out residual."""

from collections.abc import Iterator
from dataclasses import replace

import sympy as sp

from theory import block_deletion as d
from theory.claim import Claim, Prediction, Provenance, Source, Step, Test, Twin
from theory.rare_designs import DELETIONS

SEEN = d.query.T * d.complement * d.block.T
WITHIN = d.block * d.complement * d.block.T
TOLERANCE = 1e-10
"""Relative to the largest output.  The kernels inverted have conditions below 10^4, in doubles."""


def derivation() -> Iterator[Step]:
    """Follow the block in the space that the rest leaves, then in the inverse of the kernel."""
    yield Step(
        left=d.fit - d.fit_without,
        right=d.complement * d.block.T * d.dual["S", "S"] * d.error,
        because="beyond the rest, the fit is ridge regression of what the rest leaves over, on what it leaves of S",
    )
    yield Step(
        left=WITHIN + d.ridge * d.unit[d.k],
        right=d.dual["S", "S"].inv(),
        because="the block of an inverse is the inverse of the Schur complement: G_SS^{-1} = k(S, S) + lambda",
    )
    yield Step(
        left=d.error,
        right=d.dual["S", "S"].inv() * d.alpha,
        because="so the block-leave-out residual needs no refit",
    )
    yield Step(
        left=d.alpha_without,
        right=d.alpha_rest - d.dual["R", "S"] * d.dual["S", "S"].inv() * d.alpha,
        because="nor do the coefficients of the rest: exact deletion from one inverse",
    )
    yield Step(
        left=d.fit_without,
        right=d.fit - d.inverse * d.block.T * (d.unit[d.k] - d.leverage).inv() * d.residual,
        because="the same in the parameters, where there is a ridge",
        points=d.ridged,
    )


EXACT = Prediction(
    about="deletion from one inverse against fits without the block: RF and NTK, with ridge and without",
    observable="block deletion error",
    test=Test.IDENTITY,
    settings=DELETIONS,
    value=lambda _: TOLERANCE,
    resolution=TOLERANCE,
    trials=2,
    label="tolerance",
)

CLAIM = Claim(
    title="A block left out: alignment times the block's own residual",
    reading=(
        "Leaving a block S out of ridge regression changes the output at z by k(z, S) [k(S, S) + lambda]^{-1} times "
        "what the rest gets wrong on S, where k is the kernel that the rest leaves over. One sample and no ridge is "
        "Lemma 4.1; and all of it follows from one inverse, without a refit."
    ),
    statement=(d.query.T * (d.fit - d.fit_without), SEEN * d.dual["S", "S"] * d.error),
    source=Source(key="bombari2024", anchor="Lemma 4.1, for a block and with a ridge", provenance=Provenance.DERIVED),
    points=d.instances,
    derivation=derivation,
    predictions=(EXACT,),
    twins=(
        Twin(
            slip="the residual of the fit of all in place of the block-leave-out residual",
            statement=(d.query.T * (d.fit - d.fit_without), SEEN * d.dual["S", "S"] * d.residual),
            predictions=(replace(EXACT, observable="block deletion error to first order"),),
        ),
        Twin(
            slip="the ridge forgotten in the alignment",
            statement=(d.query.T * (d.fit - d.fit_without), SEEN * WITHIN.inv() * d.error),
        ),
        Twin(
            slip="98/97 times the alignment",
            statement=(
                d.query.T * (d.fit - d.fit_without),
                sp.Rational(98, 97) * SEEN * d.dual["S", "S"] * d.error,
            ),
        ),
    ),
    definitions=d.DEFINITIONS,
)
