"""A linear model gains nothing from a background that is independent of the label: Jensen over the label."""

from collections.abc import Iterator

import sympy as sp

from theory.claim import Claim, Hypothesis, Point, Provenance, Relation, Source, Status, Step, Twin
from theory.contamination import loss
from theory.symbols import x

margin = sp.Symbol("A", real=True)
"""The margin that the core alone gives, `w . z_C`."""
shift = sp.Symbol("g", real=True)
"""What background and bias add to the output, `u . z_B + b`."""

HINGE = sp.Max(0, 1 - x)
LOGISTIC = sp.log(1 + sp.exp(-x))
SQUARE = (1 - x) ** 2
SIGMOID = 1 / (1 + sp.exp(x))
"""A loss that is not convex."""


def points() -> Iterator[Point]:
    """Yield convex losses, on both sides of the margin and across the kink of the hinge."""
    for of_loss in (HINGE, LOGISTIC, SQUARE, sp.exp(-x)):
        for at, moved in (("1/2", "1/4"), ("9/8", "1/2"), ("-1/3", "-2"), ("2", "1/3")):
            yield {loss: of_loss, margin: sp.Rational(at), shift: sp.Rational(moved)}


def symbols() -> Iterator[Point]:
    """Yield margins and shifts alone, for a loss that is written out."""
    yield from ({margin: point[margin], shift: point[shift]} for point in points() if point[loss] is SQUARE)


def two_classes(right: sp.Expr = sp.Rational(1, 2)) -> sp.Expr:
    """Return the mean loss where the shift helps with this probability, and hurts otherwise."""
    return right * loss(margin + shift) + (1 - right) * loss(margin - shift)


def derivation() -> Iterator[Step]:
    """Write out what is lost for two losses that are strictly convex, then what a change of the background does."""
    yield Step(
        left=two_classes(),
        right=loss(margin),
        relation=Relation.AT_LEAST,
        because="y f = A + y g, with y = 1 and y = -1 equally likely whatever the features are: Jensen's inequality",
        grounds=Provenance.KNOWN,
    )
    square, logistic = (SQUARE.subs(x, margin), 1 + sp.exp(-margin))
    moved = [SQUARE.subs(x, margin + sign * shift) for sign in (1, -1)]
    yield Step(
        left=(moved[0] + moved[1]) / 2 - square,
        right=shift**2,
        because="for the square loss exactly g^2 is lost",
        points=symbols,
    )
    yield Step(
        left=(1 + sp.exp(-margin - shift)) * (1 + sp.exp(-margin + shift)) - logistic**2,
        right=sp.exp(-margin) * (sp.exp(shift / 2) - sp.exp(-shift / 2)) ** 2,
        because="for the logistic loss the mean of two logarithms exceeds the one: strictly, unless g = 0",
        points=symbols,
    )


CLAIM = Claim(
    title="A linear model is never better for a background",
    reading=(
        "The label is 1 or -1 with equal probability and independent of all features, the core being y z. For every "
        "convex loss and every linear model, the risk does not rise when all weights on the background, and the bias, "
        "are set to 0; and then no change of the background changes it. So a linear model need not be contaminated."
    ),
    statement=(loss(margin), two_classes()),
    relation=Relation.AT_MOST,
    source=Source(
        key="zhang2024",
        anchor="linear models, of which a review reports that background features cancel in the gradients; proved here",
        provenance=Provenance.DERIVED,
    ),
    hypotheses=(
        Hypothesis(
            text="both labels are equally likely, and independent of all features",
            examine=lambda _: (Status.HOLDS, "the two classes have weight 1/2 each; the first twin has others"),
        ),
        Hypothesis(
            text="the loss is convex",
            examine=lambda _: (Status.HOLDS, "hinge, logistic, square and exponential loss"),
            violated=lambda: iter([{loss: SIGMOID, margin: sp.Integer(-1), shift: sp.Rational(1, 2)}]),
        ),
    ),
    points=points,
    derivation=derivation,
    twins=(
        Twin(
            slip="the background goes with the label three times in four",
            statement=(loss(margin), two_classes(sp.Rational(3, 4))),
        ),
        Twin(slip="the other way round, as for a concave loss", statement=(two_classes(), loss(margin))),
    ),
    definitions={
        "A": "the margin that the core features give, w . z_C",
        "g": "what background and bias add to the output, u . z_B + b",
        r"\ell": "the loss, a convex function of y f",
    },
    remark=(
        "Taken pointwise in the features: the expectation over them keeps the inequality. The theorems of the paper "
        "were not at hand; this is a statement of ours in its setting."
    ),
)
