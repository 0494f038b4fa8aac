"""Where the recursion for inverse Hessians in the authors' code ends, which is not at an inverse."""

import random
from collections.abc import Iterator

import sympy as sp
from sympy import MatrixSymbol

from theory import exact
from theory.claim import Claim, Point, Provenance, Source, Twin

n = sp.Symbol("n", integer=True, positive=True)
hessian, start = MatrixSymbol("H", n, n), MatrixSymbol("v", n, 1)
unit = sp.Identity(n)
damp, scale = sp.symbols("d s", positive=True)
END = scale * (hessian + damp * scale * unit).inv() * start


def points() -> Iterator[Point]:
    """Yield symmetric positive Hessians, and vectors."""
    draw = random.Random(20220214)  # noqa: S311  (an identity test, not a secret)
    for size, damping, scaled in ((2, 3, 25), (3, 7, 100), (5, 2, 11)):
        root = exact.matrix([[draw.randint(-1000, 1000) for _ in range(size)] for _ in range(size)])
        vector = exact.matrix([[draw.randint(-(10**6), 10**6)] for _ in range(size)])
        identity = exact.matrix([[int(i == j) for j in range(size)] for i in range(size)])
        yield {
            hessian: root * root.transpose(), start: vector, unit: identity,
            damp: sp.Rational(damping, 100), scale: sp.Integer(scaled),
        }  # fmt: skip


CLAIM = Claim(
    title="The recursion for influence stands still at scale times the damped inverse",
    reading=(
        "h <- v + (1 - damp) h - H h / scale, the stochastic recursion of the authors' code, stands still at scale "
        "(H + damp scale)^{-1} v: the damping that acts is damp times scale, the inverse comes scale times as large. "
        "Whether a run gets there, with another batch at each step, is not asked here."
    ),
    statement=(start + END - damp * END - hessian * END / scale, END),
    source=Source(
        key="yang2022code",
        anchor="group influence: damp .01, scale 25 or 100; read as quoted",
        provenance=Provenance.CODE,
    ),
    points=points,
    twins=(
        Twin(
            slip="divided by the scale",
            statement=(start + END / scale - damp * END / scale - hessian * END / scale**2, END / scale),
        ),
        Twin(
            slip="damping not scaled",
            statement=(
                start
                + (1 - damp) * scale * (hessian + damp * unit).inv() * start
                - hessian * (hessian + damp * unit).inv() * start,
                scale * (hessian + damp * unit).inv() * start,
            ),
        ),
    ),
    definitions={"H": "the Hessian of the loss", "v": "the gradient", "d": "damp", "s": "scale", "END": "its end"},
)
