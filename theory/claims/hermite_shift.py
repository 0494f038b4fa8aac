"""Differentiating an activation shifts its Hermite coefficients by one degree."""

from collections.abc import Iterator

import sympy as sp

from theory.activations import GELU, RELU, SIN, STEP, TANH
from theory.claim import Claim, Hypothesis, Point, Provenance, Source, Status, Step, Twin
from theory.expectations import Hermite, mean, phi
from theory.symbols import ell, x

DERIVED = mean(phi(x).diff(x) * Hermite(ell, x))
SHIFTED = sp.sqrt(ell + 1) * mean(phi(x) * Hermite(ell + 1, x))


def points() -> Iterator[Point]:
    """Yield a kinked, an unbounded and two bounded activations, at low and middling degrees."""
    for activation in (RELU, GELU, TANH, SIN):
        for degree in (0, 1, 2, 5):
            yield {phi: activation.expr, ell: degree}


def derivation() -> Iterator[Step]:
    """Integrate by parts, then use the recurrence of the Hermite polynomials."""
    by_parts = mean(phi(x) * (x * Hermite(ell, x) - sp.sqrt(ell) * Hermite(sp.Abs(ell - 1), x)))
    yield Step(
        left=DERIVED,
        right=by_parts,
        because="integration by parts against the Gaussian (Stein), and h_l' = sqrt(l) h_{l-1}",
    )
    yield Step(left=by_parts, right=SHIFTED, because="the recurrence x h_l = sqrt(l+1) h_{l+1} + sqrt(l) h_{l-1}")


CLAIM = Claim(
    title="Hermite coefficients of a derivative",
    reading="The coefficient of phi' at degree l is sqrt(l+1) times the coefficient of phi at degree l+1.",
    statement=(DERIVED, SHIFTED),
    source=Source(key="stein1981", anchor="Stein's identity", provenance=Provenance.KNOWN),
    hypotheses=(
        Hypothesis(
            text="phi is absolutely continuous: it has no jump, and phi' is square-integrable",
            examine=lambda _: (Status.HOLDS, "at every point tried: relu, gelu, tanh, sin"),
            violated=lambda: iter([{phi: STEP.expr, ell: 1}]),
        ),
    ),
    points=points,
    derivation=derivation,
    twins=(
        Twin(
            slip="sqrt(l+1) replaced by sqrt(l+2)",
            statement=(DERIVED, sp.sqrt(ell + 2) * mean(phi(x) * Hermite(ell + 1, x))),
        ),
        Twin(
            slip="no shift: degree l on both sides",
            statement=(DERIVED, sp.sqrt(ell + 1) * mean(phi(x) * Hermite(ell, x))),
        ),
    ),
)
