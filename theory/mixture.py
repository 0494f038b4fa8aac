r"""The linear kernel on any Gaussian mixture, as matrix expressions with exact instances.

`p = sum_k pi_k N(mu_k, sigma_k^2 I)`.  The operator of the kernel takes `<v, .>` to `<M v, .>`, `M = E[x x^T]`.  Of a
Gaussian no more than its first two moments enters, which the corners `mu_k + sigma_k (+-1, ..., +-1)` have too: so an
instance has exact nodes `X` with weights `W` for the mixture.  Its eigenvectors are those of a rational rotation, and
the means, which need not be orthogonal, are made to have them.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import sympy as sp
from sympy import QQ, MatrixSymbol
from sympy.polys.matrices import DomainMatrix

from . import exact
from .claim import Point

d, k, n = sp.symbols("d k n", integer=True, positive=True)
"""Dimensions, clusters and nodes."""
variance = sp.Symbol("v", positive=True)
"""`sum_k pi_k sigma_k^2`."""
eta = sp.Symbol("eta", positive=True)
t = sp.Symbol("t", integer=True, positive=True)
"""The step of gradient descent, and how many are taken."""

nodes = MatrixSymbol("X", d, n)
node_weights = MatrixSymbol("W", n, n)
labels = MatrixSymbol("Y", n, 1)
means = MatrixSymbol(r"\mu", d, k)
cluster_weights = MatrixSymbol(r"\Pi", k, k)
vectors = MatrixSymbol("V", d, d)
shifts = MatrixSymbol("A", d, d)
values = MatrixSymbol(r"\Lambda", d, d)
now = MatrixSymbol("w_{t}", d, 1)
following = MatrixSymbol("w_{t+1}", d, 1)
identity = sp.Identity(d)

moments = nodes * node_weights * nodes.T
"""`M = E[x x^T]`."""
correlation = nodes * node_weights * labels
"""`m = E[y x]`."""
between = means * cluster_weights * means.T
"""`sum_k pi_k mu_k mu_k^T`."""
operator = nodes.T * moments * vectors
"""`E[<x', x> <v, x>]` at every node `x'`, for every eigenvector v."""


def learned(of_step: sp.Expr = eta) -> sp.MatrixExpr:
    """Return `V Lambda^-1 (I - (I - eta Lambda)^t) V^T m`: the predictor after t steps, mode by mode."""
    return vectors * values.inv() * (identity - (identity - of_step * values) ** t) * vectors.T * correlation


DEFINITIONS = {
    "X": "nodes that have the first two moments of the mixture, as its Gaussians have",
    "W": "their weights",
    "Y": "the labels of their clusters",
    r"\mu": "the means of the clusters",
    r"\Pi": "the weights pi_k of the clusters",
    "v": "the mean variance sum_k pi_k sigma_k^2",
    "V": "the eigenvectors v_i, orthonormal",
    "A": "the eigenvalues a_i of sum_k pi_k mu_k mu_k^T",
    r"\Lambda": "the eigenvalues lambda_i of the kernel",
    "w_{t}": "the linear predictor after t steps of gradient descent from zero on half the mean square loss",
    r"\eta": "the step",
}

_SQUARES = ((1, 2, 2), (1, 2, 4, 2), (2, 3, 6), (2, 4, 5, 6))
"""Whole numbers whose squares sum to a square: the weights of the clusters are these shares, with rational roots."""


def instances() -> Iterator[Point]:
    """Yield mixtures of three or four clusters in two to four dimensions, each with every step carried out."""
    draw = random.Random(20260203)  # noqa: S311  (an identity test, not a secret)
    for size, roots, steps in zip((4, 2, 3, 4), _SQUARES, (1, 2, 3, 5), strict=True):
        yield _instance(size, roots, steps, draw)


def _instance(size: int, roots: tuple[int, ...], steps: int, draw: random.Random) -> dict[Any, Any]:
    clusters, norm = len(roots), sum(r * r for r in roots)
    rotation, inner = _rotation(size, draw), _rotation(clusters, draw)
    lengths = [draw.randint(1, 40) for _ in range(min(size, clusters))]
    stretched = exact.matrix([[lengths[i] if i == j else 0 for j in range(clusters)] for i in range(size)])
    # mu Pi^(1/2) = V diag(lengths) Q, so that sum_k pi_k mu_k mu_k^T = V diag(lengths^2) V^T
    root = math.isqrt(norm)
    scale = _diagonal([Fraction(root, r) for r in roots])
    centres = rotation * stretched * inner * scale
    deviations = [Fraction(draw.randint(1, 30), 10) for _ in roots]
    shares = [Fraction(r * r, norm) for r in roots]
    spread = sum((p * b * b for p, b in zip(shares, deviations, strict=True)), Fraction(0))
    squares = [Fraction(length**2) for length in lengths] + [Fraction(0)] * (size - len(lengths))
    x, w, y = _quadrature(centres, shares, deviations, [(-1) ** draw.randint(0, 1) for _ in roots])
    step = Fraction(1, draw.randint(10, 99))
    at = [DomainMatrix.zeros((size, 1), QQ).to_dense()]
    for _ in range(steps + 1):
        at.append(at[-1] - _rational(step) * (x * w * (x.transpose() * at[-1] - y)))
    return {
        nodes: x, node_weights: w, labels: y, means: centres, cluster_weights: _diagonal(shares),
        vectors: rotation, shifts: _diagonal(squares), values: _diagonal([a + spread for a in squares]),
        variance: sp.Rational(spread), identity: _diagonal([Fraction(1)] * size),
        now: at[-2], following: at[-1], eta: sp.Rational(step), t: sp.Integer(steps),
    }  # fmt: skip


def _quadrature(
    centres: DomainMatrix, shares: list[Fraction], deviations: list[Fraction], signs: list[int]
) -> tuple[DomainMatrix, DomainMatrix, DomainMatrix]:
    """Return nodes, weights and labels: every corner of every cluster."""
    size = centres.shape[0]
    columns, weights, ys = [], [], []
    for place, (share, deviation, sign) in enumerate(zip(shares, deviations, signs, strict=True)):
        centre = [centres[i, place].element for i in range(size)]
        for corner in product((-1, 1), repeat=size):
            columns.append([m + _rational(deviation * e) for m, e in zip(centre, corner, strict=True)])
            weights.append(share / 2**size)
            ys.append(sign)
    return (
        DomainMatrix([list(row) for row in zip(*columns, strict=True)], (size, len(columns)), QQ),
        _diagonal(weights),
        exact.matrix([[sign] for sign in ys]),
    )


def _rotation(size: int, draw: random.Random) -> DomainMatrix:
    """Return a rational orthogonal matrix: two reflections, in directions of whole numbers."""
    made = _diagonal([Fraction(1)] * size)
    for _ in range(2):
        u = exact.matrix([[draw.choice((-3, -2, -1, 1, 2, 3, 4))] for _ in range(size)])
        square = (u.transpose() * u)[0, 0].element
        made = made * (_diagonal([Fraction(1)] * size) - (QQ(2) / square) * (u * u.transpose()))
    return made


def _diagonal(entries: list[Fraction]) -> DomainMatrix:
    rows = [[_rational(entry) if i == j else QQ(0) for j in range(len(entries))] for i, entry in enumerate(entries)]
    return DomainMatrix(rows, (len(entries), len(entries)), QQ)


def _rational(value: Fraction) -> Any:
    return QQ(value.numerator, value.denominator)
