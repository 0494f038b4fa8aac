"""What stamping does, as a leave-out error times an alignment: why a handful of examples is enough."""

from collections.abc import Iterator
from dataclasses import replace

import sympy as sp

from theory import block_deletion as d
from theory.claim import Claim, Hypothesis, Provenance, Source, Status, Step, Twin

from .block_left_out import EXACT

HELD = d.ones.T * d.clean * d.ones
EFFECT = d.size * d.pattern.T * d.fit
LAW = d.size**2 * d.ones.T * d.clean * d.clean_error * (d.unit[1] + d.size**2 * HELD).inv()


def derivation() -> Iterator[Step]:
    """Add the pattern to the kernel as a matrix of rank one (Sherman and Morrison)."""
    yield Step(
        left=d.size * d.pattern.T * d.fit,
        right=d.size**2 * d.ones.T * d.alpha,
        because="theta = Phi^T alpha, and the pattern is s on the block",
    )
    yield Step(
        left=(d.unit[1] + d.size**2 * HELD) * d.ones.T * d.alpha,
        right=d.ones.T * d.clean * d.clean_error,
        because="K = K_clean + s^2 1 1^T: Sherman and Morrison; and (R y)_S = R_SS e_S, by block-left-out",
    )


MEASURED = replace(
    EXACT,
    about="what stamping adds to the output, by a fit with the pattern, against the law: RF and NTK",
    observable="pattern law error",
)

OWN_FEATURE = Hypothesis(
    text="the pattern is a feature of its own: 0 on all other samples, and a stamp changes no other feature",
    examine=lambda _: (Status.HOLDS, "by construction; of pixels that go through random features it does not"),
)

CLAIM = Claim(
    title="The rare-pattern law: stamping is leave-out error times alignment",
    reading=(
        "A pattern of size s on k examples adds to any stamped input s^2 1.R e / (1 + s^2 1.R 1): if the rest errs by "
        "e on each of them, e times an alignment s^2 p / (1 + s^2 p) below 1, p = 1.R 1: the product of Lemma 4.1 "
        "again. The alignment, though not always the effect, grows with s and falls with the ridge."
    ),
    statement=(EFFECT, LAW),
    source=Source(
        key="yang2022",
        anchor="abstract: a handful of examples is enough, and claim (1); for ridge regression on any features",
        provenance=Provenance.DERIVED,
    ),
    hypotheses=(OWN_FEATURE,),
    points=d.instances,
    derivation=derivation,
    predictions=(MEASURED,),
    uses=("block-left-out",),
    twins=(
        Twin(
            slip="without what the pattern takes from itself",
            statement=(EFFECT, d.size**2 * d.ones.T * d.clean * d.clean_error),
            predictions=(replace(MEASURED, observable="pattern law error without its own share"),),
        ),
        Twin(
            slip="s in place of s^2 below",
            statement=(
                EFFECT,
                d.size**2 * d.ones.T * d.clean * d.clean_error * (d.unit[1] + d.size * HELD).inv(),
            ),
        ),
        Twin(slip="98/97 times as much", statement=(EFFECT, sp.Rational(98, 97) * LAW)),
    ),
    definitions={
        **d.DEFINITIONS,
        "R_{SS}": "the block of (K + lambda)^{-1} of the features without the pattern",
        "e_{S}": "what the fit to the rest gets wrong on the block, without the pattern",
    },
)
