r"""Ridge regression and a block of samples left out, as matrix expressions with exact instances.

`theta = Phi^T (K + lambda)^{-1} y`, `K = Phi Phi^T`, on the block S and the rest R; for `lambda = 0` it is the
minimum-norm interpolator.  The block carries a pattern, which is one feature of size s on S, where R has 0.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, NamedTuple

import sympy as sp
from sympy import QQ, MatrixSymbol
from sympy.polys.matrices import DomainMatrix

from . import exact
from .claim import Point

m, k, p = sp.symbols("m k p", integer=True, positive=True)
"""Samples of the rest and of the block, and features."""
ridge = sp.Symbol("lambda", nonnegative=True)
size = sp.Symbol("s", positive=True)
"""Size of the pattern."""
eta = sp.Symbol("eta", positive=True)
t = sp.Symbol("t", integer=True, positive=True)
"""Step and number of steps of a descent on the rest alone."""

rest, block = MatrixSymbol(r"\Phi_{R}", m, p), MatrixSymbol(r"\Phi_{S}", k, p)
query = MatrixSymbol(r"{\varphi}(z)", p, 1)
rest_labels, labels = MatrixSymbol("y_{R}", m, 1), MatrixSymbol("y_{S}", k, 1)
fit = MatrixSymbol(r"\theta", p, 1)
fit_without = MatrixSymbol(r"\theta_{-S}", p, 1)
complement = MatrixSymbol("Q", p, p)
"""`I - Phi_R^T (Phi_R Phi_R^T + lambda)^{-1} Phi_R`: for `lambda = 0` the projector of Lemma 4.1."""
inverse = MatrixSymbol("M", p, p)
"""`(Phi^T Phi + lambda)^{-1}`."""
leverage = MatrixSymbol("H", k, k)
"""`Phi_S M Phi_S^T`."""
dual = {
    (a, b): MatrixSymbol(f"G_{{{a}{b}}}", *shape) for (a, b), shape in {("R", "S"): (m, k), ("S", "S"): (k, k)}.items()
}
"""Blocks of `G = (K + lambda)^{-1}`."""
alpha_rest, alpha = MatrixSymbol(r"\alpha_{R}", m, 1), MatrixSymbol(r"\alpha_{S}", k, 1)
"""`G y`."""
alpha_without = MatrixSymbol(r"\alpha^{(-S)}_{R}", m, 1)
pattern = MatrixSymbol("v", p, 1)
"""The unit vector of the pattern's feature."""
ones = MatrixSymbol(r"\mathbb{1}", k, 1)
clean = MatrixSymbol("R_{SS}", k, k)
"""The block of `(K + lambda)^{-1}` without the pattern."""
clean_error = MatrixSymbol("e_{S}", k, 1)
"""`y_S - f_{-S}(S)` without the pattern: what the rest does not know of the block."""
later = MatrixSymbol(r"\theta_{t}", p, 1)
"""theta after t steps of descent, with weight decay lambda, on the rest alone."""

residual = labels - block * fit
"""r: what the fit of all leaves of the block's labels."""
error = labels - block * fit_without
"""`y_S - f_{-S}(S)`: the block-leave-out residual."""
influenced = fit - inverse * block.T * residual
"""The fit less the first-order influence of the block."""
unit = {n: sp.Identity(n) for n in (1, k, p)}

DEFINITIONS = {
    r"\theta": "ridge regression on all samples; for lambda = 0 the minimum-norm interpolator",
    r"\theta_{-S}": "the same without the block S",
    "Q": "I - Phi_R^T (Phi_R Phi_R^T + lambda)^{-1} Phi_R, for lambda = 0 the projector off the span of the rest",
    "M": "(Phi^T Phi + lambda)^{-1}",
    "H": "Phi_S M Phi_S^T, whose diagonal are the leverages of the block",
    "G": "(K + lambda)^{-1}, K the kernel of all samples; alpha = G y",
    "v": "the unit vector of the feature that is the pattern, s on the block and 0 on the rest",
    r"\lambda": "the ridge, added to the sum of squared errors",
}


class _Shape(NamedTuple):
    rest: int
    block: int
    features: int
    ridge: int


SHAPES = (_Shape(2, 1, 6, 0), _Shape(3, 2, 5, 7), _Shape(3, 1, 4, 3), _Shape(4, 3, 9, 0), _Shape(2, 4, 5, 11))
"""Blocks of one to four; without ridge there are more features than samples, besides the pattern."""


def instances() -> Iterator[Point]:
    """Yield exact random instances, with ridge and without, block by block."""
    draw = random.Random(20220210)  # noqa: S311  (an identity test, not a secret)
    yield from (_instance(shape, draw) for shape in SHAPES)


def ridged() -> Iterator[Point]:
    """Yield those with a ridge: without one `Phi^T Phi` has no inverse, as there are more features than samples."""
    draw = random.Random(20220211)  # noqa: S311  (the same)
    yield from (_instance(shape, draw) for shape in SHAPES if shape.ridge)


def _instance(shape: _Shape, draw: random.Random) -> dict[Any, Any]:
    def matrix(rows: int, columns: int) -> DomainMatrix:
        return exact.matrix([[draw.randint(-(10**4), 10**4) for _ in range(columns)] for _ in range(rows)])

    a, b, width = shape.rest, shape.block, shape.features
    lam, s = shape.ridge * 10**6, draw.randint(1, 10**4)
    free = matrix(a + b, width - 1)
    column = exact.matrix([[0]] * a + [[s]] * b)
    phi, y = free.hstack(column), matrix(a + b, 1)
    found = _solved(phi, y, a, lam) | _without_pattern(free, y, a, lam)
    steps, step = 1 + draw.randint(0, 3), draw.randint(1, 10**3)
    unit_vector = exact.matrix([[0]] * (width - 1) + [[1]])
    return found | {
        rest: phi[:a, :].to_dense(), block: phi[a:, :].to_dense(), rest_labels: y[:a, :], labels: y[a:, :],
        query: matrix(width, 1), pattern: unit_vector, ones: exact.matrix([[1]] * b),
        later: _descent(phi[:a, :], y[:a, :], found[fit], lam=lam, step=step, steps=steps),
        ridge: sp.Integer(lam), size: sp.Integer(s), eta: sp.Integer(step), t: sp.Integer(steps),
        unit[k]: _eye(b), unit[1]: _eye(1), unit[p]: _eye(width),
    }  # fmt: skip


def _solved(phi: DomainMatrix, y: DomainMatrix, a: int, lam: int) -> dict[Any, Any]:
    """Return both fits, by their definition, and the blocks of what is inverted on the way."""
    g = _ridged(phi, lam)
    weights = g * y
    few, off = phi[:a, :], _ridged(phi[:a, :], lam)
    features = phi.shape[1]
    found = {
        fit: phi.transpose() * weights, alpha_rest: weights[:a, :], alpha: weights[a:, :],
        dual["R", "S"]: g[:a, a:], dual["S", "S"]: g[a:, a:],
        alpha_without: off * y[:a, :], fit_without: few.transpose() * off * y[:a, :],
        complement: _eye(features) - few.transpose() * off * few,
    }  # fmt: skip
    if not lam:
        return found
    middle = (phi.transpose() * phi + QQ(lam) * _eye(features)).inv()
    return found | {inverse: middle, leverage: phi[a:, :] * middle * phi[a:, :].transpose()}


def _without_pattern(free: DomainMatrix, y: DomainMatrix, a: int, lam: int) -> dict[Any, Any]:
    """Return the block of the inverse, and the block-leave-out residual by a fit to the rest alone."""
    few = free[:a, :]
    outputs = free[a:, :] * few.transpose() * _ridged(few, lam) * y[:a, :]
    return {clean: _ridged(free, lam)[a:, a:], clean_error: y[a:, :] - outputs}


def _ridged(phi: DomainMatrix, lam: int) -> DomainMatrix:
    """Return `(Phi Phi^T + lambda)^{-1}`."""
    return (phi * phi.transpose() + QQ(lam) * _eye(phi.shape[0])).inv()


def _descent(
    phi: DomainMatrix, y: DomainMatrix, theta: DomainMatrix, *, lam: int, step: int, steps: int
) -> DomainMatrix:
    for _ in range(steps):
        theta = theta - QQ(step) * (phi.transpose() * (phi * theta - y) + QQ(lam) * theta)
    return theta


def _eye(rows: int) -> DomainMatrix:
    return DomainMatrix.eye(rows, QQ).to_dense()
