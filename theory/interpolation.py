r"""Minimum-norm interpolation and what leaving one sample out does to it, as matrix expressions with exact instances.

Rows of features: `Phi_{-1}` (the other samples), `v = varphi(z_1)`, `u = varphi(z)`.  The fits are
`theta* = theta_0 + Phi^+ (G - Phi theta_0)` (3), on all samples and without the first.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import sympy as sp
from sympy import QQ, MatrixSymbol
from sympy.polys.matrices import DomainMatrix

from . import exact
from .claim import Point

n, p = sp.symbols("N p", integer=True, positive=True)

others = MatrixSymbol(r"\Phi_{-1}", n - 1, p)
u = MatrixSymbol(r"{\varphi}(z)", p, 1)
v = MatrixSymbol(r"\varphi(z_{1})", p, 1)
fit = MatrixSymbol(r"\theta^{*}", p, 1)
fit_without = MatrixSymbol(r"\theta^{*}_{-1}", p, 1)
complement = MatrixSymbol("Q", p, p)
span = MatrixSymbol(r"P_{\Phi_{-1}}", p, p)
labels_without = MatrixSymbol("G_{-1}", n - 1, 1)
label = MatrixSymbol("g_{1}", 1, 1)
shift = fit - fit_without
"""`theta* - theta*_{-1}`: what the first sample changes."""

stability = u.T * shift
"""`S_{z_1}(z) = f(z, theta*) - f(z, theta*_{-1})` (Definition 3.1, equation 5)."""
self_stability = v.T * shift
"""`S_{z_1}(z_1)`."""

DEFINITIONS = {
    r"\theta^{*}": "the minimum-norm interpolator of all N samples, nearest to theta_0 (equation 3)",
    r"\theta^{*}_{-1}": "the same without the first sample",
    "Q": "the projector onto the orthogonal complement of the other samples' features",
    r"P_{\Phi_{-1}}": "the projector onto their span",
}


def alignment(projector: MatrixSymbol) -> sp.MatrixExpr:
    """Return `F(z, z_1) = varphi(z)^T Q varphi(z_1) / |Q varphi(z_1)|^2` (8), with the projector given."""
    return u.T * projector * v * (v.T * projector * v).inv()


def instances() -> Iterator[Point]:
    """Yield exact random instances: integer features, labels and starting point, N from 2 to 5, p from 4 to 9."""
    draw = random.Random(20240601)  # noqa: S311  (an identity test, not a secret)
    for count, size in ((2, 4), (3, 5), (4, 9), (5, 7)):
        yield _instance(count, size, draw)


def _instance(count: int, size: int, draw: random.Random) -> dict[Any, Any]:
    def matrix(rows: int, columns: int) -> DomainMatrix:
        return exact.matrix([[draw.randint(-(10**6), 10**6) for _ in range(columns)] for _ in range(rows)])

    rest, first, query = matrix(count - 1, size), matrix(size, 1), matrix(size, 1)
    g_rest, g_first, start = matrix(count - 1, 1), matrix(1, 1), matrix(size, 1)
    onto = rest.transpose() * (rest * rest.transpose()).inv() * rest
    identity = DomainMatrix.eye(size, QQ).to_dense()
    everything, g_everything = first.transpose().vstack(rest), g_first.vstack(g_rest)
    return {
        others: rest, v: first, u: query, span: onto, complement: identity - onto,
        labels_without: g_rest, label: g_first,
        fit: _fit(everything, g_everything, start), fit_without: _fit(rest, g_rest, start),
    }  # fmt: skip


def _fit(features: DomainMatrix, labels: DomainMatrix, start: DomainMatrix) -> DomainMatrix:
    """Return `theta_0 + Phi^T (Phi Phi^T)^{-1} (G - Phi theta_0)`."""
    gram = features * features.transpose()
    return start + features.transpose() * gram.lu_solve(labels - features * start)
