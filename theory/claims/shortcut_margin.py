"""Controlling the margin leaves the shortcut where it is: the same eigenfunctions in the same proportions."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import sympy as sp

from theory.activations import RELU
from theory.claim import Claim, Hypothesis, Point, Prediction, Provenance, Relation, Source, Status, Step, Test, Twin
from theory.cluster_scenes import KernelScene

TOLERANCE = 1e-9
"""Relative.  Descent is followed until a step is 1e-14, which for a kernel of condition 1000 leaves 1e-11."""
u = sp.Symbol("u", real=True)
"""`y f(x)` of a sample."""
m = sp.Symbol("m", positive=True)
"""`m*`, the margin that all samples come to have."""
PENALTY = 1 / (m * (1 + sp.exp(m)))
"""`lambda`, which falls from infinity to 0 as `m*` grows: each lambda has one `m*`."""
LOSS = sp.log(1 + sp.exp(-u)) + PENALTY * u**2 / 2

SETTINGS = tuple(
    KernelScene(
        core=Fraction(1),
        shortcut=Fraction(1),
        agreement=Fraction(9, 10),
        noise=Fraction(1, 4),
        d=d,
        n=24,
        activation=activation,
        penalty=penalty,
    )
    for activation, d in ((None, 72), (RELU, 48))
    for penalty in (Fraction(1, 10), Fraction(1, 2))
)


def points() -> Iterator[Point]:
    """Yield margins of a sample on both sides of `m*`, and near it."""
    for margin, best in (("-1", "1/2"), ("1/3", "1/2"), ("3/5", "2/3"), ("2", "13/8"), ("5", "3")):
        yield {u: sp.Rational(margin), m: sp.Rational(best)}


def derivation() -> Iterator[Step]:
    """Show that the loss of a sample is convex in its margin, and where its slope vanishes."""
    yield Step(
        left=sp.Derivative(LOSS, u),
        right=PENALTY * u - 1 / (1 + sp.exp(u)),
        because="zero where lambda u = 1 / (1 + e^u), which is u = m*: the same for every sample and every kernel",
    )
    yield Step(
        left=sp.Derivative(LOSS, (u, 2)),
        right=PENALTY + sp.exp(u) / (1 + sp.exp(u)) ** 2,
        because="positive, and K > 0 lets every sample have any output: the one minimum is f(X) = m* y",
    )
    yield Step(
        left=sp.Derivative(1 / PENALTY, m),
        right=1 + (1 + m) * sp.exp(m),
        because="positive: m* is larger for a smaller lambda, and any lambda has one",
    )


def _below(observable: str, about: str) -> Prediction:
    return Prediction(
        about=about,
        observable=observable,
        test=Test.IDENTITY,
        settings=SETTINGS,
        value=lambda _: TOLERANCE,
        resolution=TOLERANCE,
        trials=2,
        label="tolerance",
    )


MARGINS = _below("margin error", "descent on the penalised logistic loss: every margin is m*")
COMPOSITION = _below("composition error", "its outputs on fresh rows against m* times the interpolant of the labels")

CLAIM = Claim(
    title="With the margin controlled all samples have one margin, and the shortcut its old part",
    reading=(
        "Gradient descent on sum_i log(1 + e^(-y_i f_i)) + lambda f_i^2 / 2 ends, for any kernel K > 0, where every "
        "training margin is m*, 1/(1 + e^m*) = lambda m*: at m* times the predictor that interpolates the labels, with "
        "the same eigenfunctions in the same proportions. So no sample has a larger margin than another, and under "
        "this penalty the shortcut is not the work of large margins."
    ),
    statement=(LOSS, LOSS.subs(u, m)),
    relation=Relation.AT_LEAST,
    source=Source(
        key="pezeshki2021",
        anchor="spectral decoupling, our choice of margin control: what [lim2026] controls it by was not at hand",
        provenance=Provenance.DERIVED,
    ),
    hypotheses=(
        Hypothesis(
            text="K is invertible, so that any outputs can be had",
            examine=lambda _: (Status.HOLDS, "fewer samples than dimensions in each setting"),
        ),
    ),
    points=points,
    derivation=derivation,
    predictions=(MARGINS, COMPOSITION),
    twins=(
        Twin(
            slip="the penalty without its half",
            statement=(LOSS + PENALTY * u**2 / 2, (LOSS + PENALTY * u**2 / 2).subs(u, m)),
        ),
        Twin(slip="every margin is 1", predictions=(replace(MARGINS, observable="margin error of the hard margin"),)),
        Twin(
            slip="the penalty acts as a ridge",
            predictions=(replace(COMPOSITION, observable="composition error of a ridge"),),
        ),
    ),
    definitions={
        "u": "the margin y f(x) of a sample",
        "m": "m*, the margin of all samples in the end; the penalty is lambda = 1/(m (1 + e^m))",
    },
)
