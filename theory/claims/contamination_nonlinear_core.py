"""'Odd activations are safe' is false on a core that is not y z: a negative control."""

from collections.abc import Iterator
from fractions import Fraction

import sympy as sp

from theory import contamination as c
from theory.activations import ERF, SIN, TANH, Activation
from theory.claim import Claim, Hypothesis, Point, Prediction, Provenance, Source, Status, Step, Test
from theory.contamination_scene import ContaminationScene, Core, Start
from theory.evidence import Verdict
from theory.expectations import phi


def points() -> Iterator[Point]:
    """Yield odd activations."""
    for activation, *numbers in ((TANH, "1/2", "3/4", "1/3"), (ERF, "1/3", "1", "4/5"), (SIN, "2", "1/2", "1/7")):
        symbols = (c.a, c.w_core, c.background)
        yield {phi: activation.expr, **dict(zip(symbols, map(sp.Rational, numbers), strict=True))}


def mean_slope(radius: int) -> sp.Expr:
    """Return the mean of `phi'(w . u)` over a sphere in three dimensions: its projections are uniform (Archimedes)."""
    reach = radius * c.w_core
    return (phi(reach) - phi(-reach)) / (2 * reach)


FORCE = c.a * c.background / 2 * (mean_slope(1) - mean_slope(2))


def derivation() -> Iterator[Step]:
    """Average the slope over a sphere."""
    u = sp.Symbol("u", real=True)
    slopes = [sp.Integral(sp.cos(radius * c.w_core * u), (u, -1, 1)) / 2 for radius in (1, 2)]
    yield Step(
        left=c.a * c.background / 2 * (slopes[0] - slopes[1]),
        right=FORCE.replace(phi, sp.sin),
        because="for phi = sin: the integral of phi' over projections from -1 to 1; only a linear phi gives spheres of "
        "both radii the same",
    )


def scene(activation: Activation) -> ContaminationScene:
    """Return a descent on a core of two spheres in three dimensions, from weights of some size, and with biases."""
    return ContaminationScene(
        activation=activation,
        d_core=3,
        d_background=32,
        neurons=128,
        samples=128,
        steps=400,
        rate=Fraction(4, 5),
        fresh=True,
        momentum=Fraction(9, 10),
        core=Core.SPHERES,
        start=Start.DEFAULT,
    )


LEARNED = Prediction(
    about="mean background weight that odd networks learn on a core of two spheres",
    observable="background learned",
    test=Test.EQUAL,
    settings=tuple(map(scene, (TANH, ERF))),
    value=lambda _: 0.0,
    resolution=0.01,
    trials=12,
    label="none",
)

CLAIM = Claim(
    title="Odd activations are safe on any core: false",
    reading=(
        "On a core that is not y z an odd activation is contaminated too. The default core of the authors' code lies "
        "on spheres of radius 1 and 2 for the two classes: the slopes of the activation differ between them, and "
        "while the margins are active a weight on the background grows by the difference."
    ),
    statement=(FORCE, sp.Integer(0)),
    source=Source(
        key="zhang2024code",
        anchor="its default core, nonlinear=True; an over-claim of nobody's, made here to be refused",
        provenance=Provenance.DERIVED,
    ),
    hypotheses=(
        Hypothesis(
            text="all margins are below 1; three core features, so that the mean is elementary",
            examine=lambda _: (Status.HOLDS, "by construction; the code has 32 core features"),
        ),
    ),
    points=points,
    derivation=derivation,
    predictions=(LEARNED,),
    twins=(),
    expected=Verdict.REFUTED,
    definitions={"w_{c}": "the length of the weights on the core", **{k: c.DEFINITIONS[k] for k in ("a", "z_{b}")}},
    remark="The measured networks have biases, as in the code. A linear one learns no background there either.",
)
