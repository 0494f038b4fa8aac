r"""Gradient descent on `|Phi theta - G|^2 / 2`, as matrix expressions with exact instances, and how near it comes.

`theta_{t+1} = theta_t - eta Phi^T (Phi theta_t - G)` from any `theta_0`, towards `theta* = theta_0 + Phi^+ (G - Phi
theta_0)` (3).  In the eigenvectors of `K = Phi Phi^T` the distance is a sum of powers, `|theta_t - theta*|^2 = sum_i
c_i^2 (1 - eta lambda_i)^{2t}`; three eigenvalues are written out, and no step looks at how many there are.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice
from typing import Any

import sympy as sp
from sympy import QQ, MatrixSymbol
from sympy.polys.matrices import DomainMatrix

from . import exact
from .claim import Point
from .interpolation import fit, n, p

eta = sp.Symbol("eta", positive=True)
"""The step."""
t = sp.Symbol("t", integer=True, positive=True)
"""Steps taken."""

phi = MatrixSymbol(r"\Phi", n, p)
kernel = MatrixSymbol("K", n, n)
labels = MatrixSymbol("G", n, 1)
start = MatrixSymbol(r"\theta_{0}", p, 1)
now = MatrixSymbol(r"\theta_{t}", p, 1)
after = MatrixSymbol(r"\theta_{t+1}", p, 1)
identity = {size: sp.Identity(size) for size in (n, p)}

residual = phi * start - labels
"""What the start gets wrong."""
minimum_norm = phi.T * kernel.inv() * labels
"""`Phi^+ G`, which is `theta*` for `theta_0 = 0` only."""


def weights(of_step: sp.Expr = eta) -> sp.MatrixExpr:
    """Return `(I - eta K)^t K^{-1} (Phi theta_0 - G)`: the samples that `theta_t - theta*` is made of."""
    return (identity[n] - of_step * kernel) ** t * kernel.inv() * residual


LAMBDAS = sp.symbols("lambda_1:4", positive=True)
"""Eigenvalues of K, the smallest first."""
SHARES = sp.symbols("c_1:4", positive=True)
"""Lengths of `theta_0 - theta*` along their directions."""
SLOWEST = 1 - eta * LAMBDAS[0]
"""`1 - eta lambda_min`."""


def distance(steps: sp.Expr) -> sp.Expr:
    """Return `|theta_t - theta*|`."""
    return sp.sqrt(sp.Add(*(c**2 * (1 - eta * l) ** (2 * steps) for c, l in zip(SHARES, LAMBDAS, strict=True))))


DEFINITIONS = {
    r"\theta_{t}": "the parameters after t steps of gradient descent on |Phi theta - G|^2 / 2, from theta_0",
    r"\theta^{*}": "theta_0 + Phi^+ (G - Phi theta_0), the interpolator nearest to theta_0 (equation 3)",
    r"\eta": "the step",
    "K": "the kernel Phi Phi^T, with eigenvalues from lambda_min to lambda_max",
}


def spectra() -> Iterator[Point]:
    """Yield eigenvalues, shares, steps up to `1 / lambda_max` and their number, c_1 from almost none to almost all."""
    for *values, step, steps in (
        ("1/3", "1/2", 2, 1, "1/4", 3, "1/2", 1),
        (1, "11/10", 5, "1/9", 2, 7, "1/5", 6),
        ("1/20", 3, 4, 2, 1, "1/3", "1/8", 40),
        ("1/2", 3, 4, "1/100", 1, 1, "1/5", 2),
        ("1/2", 3, 4, 10, "1/10", "1/10", "1/5", 3),
    ):
        yield dict(zip((*LAMBDAS, *SHARES, eta, t), map(sp.Rational, (*values, step, steps)), strict=True))


def instances() -> Iterator[Point]:
    """Yield exact random instances, each step of the descent carried out: N to 5, p to 9, t to 5."""
    draw = random.Random(20240602)  # noqa: S311  (an identity test, not a secret)
    for count, size, steps in ((2, 4, 1), (3, 5, 2), (4, 9, 3), (5, 7, 5)):
        yield _instance(count, size, steps, draw)


def _instance(count: int, size: int, steps: int, draw: random.Random) -> dict[Any, Any]:
    def matrix(rows: int, columns: int) -> DomainMatrix:
        return exact.matrix([[draw.randint(-(10**6), 10**6) for _ in range(columns)] for _ in range(rows)])

    features, g, first, step = matrix(count, size), matrix(count, 1), matrix(size, 1), draw.randint(1, 10**6)
    gram = features * features.transpose()
    last, following = islice(_descent(features, g, first, QQ(step)), steps, steps + 2)
    return {
        phi: features, kernel: gram, labels: g, start: first, now: last, after: following,
        fit: first + features.transpose() * gram.lu_solve(g - features * first),
        eta: sp.Integer(step), t: sp.Integer(steps), identity[n]: _eye(count), identity[p]: _eye(size),
    }  # fmt: skip


def _descent(features: DomainMatrix, g: DomainMatrix, first: DomainMatrix, step: Any) -> Iterator[DomainMatrix]:
    while True:
        yield first
        first = first - step * (features.transpose() * (features * first - g))


def _eye(size: int) -> DomainMatrix:
    return DomainMatrix.eye(size, QQ).to_dense()
