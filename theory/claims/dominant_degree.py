"""Higher dominant degrees memorise less: the naive reading, which is false."""

from collections.abc import Iterator

import sympy as sp

from theory.activations import CUBIC, RELU
from theory.claim import Claim, Point, Provenance, Relation, Source, Step
from theory.evidence import Verdict
from theory.expectations import phi, psi
from theory.symbols import alpha, x

from .degree_law import NON_LINEAR, energy_at, energy_from, gamma

LARGE = sp.Rational(9, 10)


def gamma_ntk(f: sp.Expr) -> sp.Expr:
    """Return the constant of theorem-6.3."""
    return alpha * gamma(f.diff(x), 1)


def points() -> Iterator[Point]:
    """Yield relu, dominated by degree 2, and x^3, which is all degree 3: at a small alpha and at a large one."""
    for share in (sp.Rational(1, 4), LARGE):
        yield {phi: RELU.expr, psi: CUBIC.expr, alpha: share}


def derivation() -> Iterator[Step]:
    """Show what dominates, and the two values."""
    yield Step(
        left=energy_at(phi(x).diff(x), sp.Integer(1)) / energy_from(phi(x).diff(x), 1),
        right=2 / sp.pi,
        because="relu has .637 of its law at degree 2, and the rest at degrees 4, 6, ..., of infinite mean",
    )
    yield Step(
        left=gamma_ntk(psi(x)),
        right=alpha**3,
        because="x^3 has all of its law at degree 3",
    )
    yield Step(
        left=2 / sp.pi * LARGE * sp.asin(LARGE),
        right=LARGE**3,
        relation=Relation.AT_MOST,
        because="gamma_NTK of relu is (2/pi) alpha asin(alpha): at alpha = 9/10 it is .642, against .729",
    )


CLAIM = Claim(
    title="Activations with a higher dominant degree memorise less",
    reading=(
        "The source text says that dominant higher-order Hermite coefficients lead to less memorisation. As an order "
        "of activations by the degree of their largest share this is false: the tangent law of relu is dominated by "
        "degree 2 and that of x^3 by degree 3, yet at alpha = 9/10 it is x^3 that aligns more. The whole law decides: "
        "degree-order."
    ),
    statement=(gamma_ntk(psi(x)), gamma_ntk(phi(x))),
    relation=Relation.AT_MOST,
    source=Source(key="sourcetext", anchor="role of activation functions", provenance=Provenance.SOURCE_TEXT),
    hypotheses=(NON_LINEAR,),
    points=points,
    derivation=derivation,
    twins=(),
    expected=Verdict.REFUTED,
    remark=(
        "Of the pairs that the source text names, phi_2 = h1 + h2 and phi_4 = h1 + h4, it is true: there one law "
        "dominates the other."
    ),
)
