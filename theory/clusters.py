r"""Four clusters with a shortcut: second moments, modes and predictors of the linear kernel, in closed form.

A sample is `x = y c e_1 + a s e_2 + noise`: the label `y` and the attribute `a` are signs that agree in a share `rho =
(1 + q) / 2` of the samples, and the noise has variance `v` in every direction, the mean over the clusters of theirs.
The kernel `<x, x'>` sees of the data only `M = E[x x^T]` and `m = E[y x]`, which are `v I` and 0 outside the plane of
`e_1` and `e_2` and in it

    M = [[c^2 + v, q c s], [q c s, s^2 + v]],    m = (c, q s).

Gradient flow from zero on half the mean square loss has learned `(1 - e^(-lambda t)) / lambda` of `m` in each mode.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sympy as sp

from .claim import Point

c, s, v = sp.symbols("c s v", positive=True)
"""Half the distance of the clusters along the core feature and along the shortcut, and the variance in a cluster."""
q = sp.Symbol("q", positive=True)
"""`E[y a]`, how much the attribute tells of the label."""
rho = (1 + q) / 2
"""Share of the samples whose attribute agrees with their label: the aligned clusters."""
eta = sp.Symbol("eta", positive=True)
"""Step of gradient descent."""
t = sp.Symbol("t", integer=True, positive=True)
"""Steps taken."""

g = sp.Symbol("g", positive=True)
"""Dimensions for each sample, `d / N`."""

MOMENTS = sp.Matrix([[c**2 + v, q * c * s], [q * c * s, s**2 + v]])
"""`M`, on the plane."""
CORRELATION = sp.Matrix([c, q * s])
"""`m`, on the plane."""
GAP = sp.sqrt((c**2 - s**2) ** 2 + 4 * q**2 * c**2 * s**2)
"""How far the two eigenvalues are apart."""
TOP, SECOND = (v + (c**2 + s**2 + sign * GAP) / 2 for sign in (1, -1))
"""The two eigenvalues outside the bulk; all others are `v`."""
SHORTCUT_SHARE = (1 - (c**2 - s**2) / GAP) / 2
"""What the top eigenfunction, of norm one, has of the shortcut: the square of its weight on `e_2`."""
ALIGNED, CONFLICTING = 1, -1
"""The two kinds of clusters, by the sign of `y a`."""

Weights = tuple[sp.Expr, sp.Expr]
"""Of a linear predictor, on the core feature and on the shortcut."""


def weights(learned: Callable[[sp.Expr], sp.Expr]) -> Weights:
    """Return `h(M) m`, the predictor that has learned `h(lambda)` of `m` in the mode of each eigenvalue."""
    at_top, at_second = ((MOMENTS - other * sp.eye(2)) * CORRELATION for other in (SECOND, TOP))
    found = (learned(TOP) * at_top - learned(SECOND) * at_second) / GAP
    return found[0], found[1]


def after(steps: sp.Expr, step: sp.Expr = eta) -> Weights:
    """Return the predictor after so many steps of gradient descent from zero."""
    return weights(lambda value: (1 - (1 - step * value) ** steps) / value)


def converged() -> Weights:
    """Return `M^-1 m`, solved and not diagonalised: where descent ends."""
    found = MOMENTS.LUsolve(CORRELATION).applyfunc(sp.cancel)
    return found[0], found[1]


DETERMINANT = (c**2 + v) * (s**2 + v) - q**2 * c**2 * s**2
CORE_WEIGHT = c * (v + (1 - q**2) * s**2) / DETERMINANT
SHORTCUT_WEIGHT = q * s * v / DETERMINANT
"""The two weights of `M^-1 m`, as one would write them."""


def output(predictor: Weights, group: int) -> sp.Expr:
    """Return what a predictor says, times the label, at the mean of the aligned or of the conflicting clusters."""
    return c * predictor[0] + group * s * predictor[1]


def accuracy(predictor: Weights, group: int, noise: sp.Expr = v) -> sp.Expr:
    """Return the share of a kind of cluster, of variance `noise`, on the right side: `Phi(output / (sd |w|))`."""
    margin = output(predictor, group) / sp.sqrt(noise * (predictor[0] ** 2 + predictor[1] ** 2))
    return (1 + sp.erf(margin / sp.sqrt(2))) / 2


def sampled(spike: sp.Expr) -> sp.Expr:
    """Return where the eigenvalue `spike + v` lies in a sample of `d / N = g`, if `spike > sqrt(g) v`."""
    return (spike + v) * (1 + g * v / spike)


def points() -> Iterator[Point]:
    """Yield models and times: shortcuts fainter and brighter than the core, of little and of much noise."""
    for *values, step, steps in (
        ("1", "1/2", "9/10", "1/4", "1/3", 1),
        ("3/4", "5/4", "3/5", "2", "1/7", 4),
        ("2", "1/3", "1/5", "1/9", "1/11", 9),
        ("1/2", "3", "49/50", "5", "1/20", 6),
    ):
        yield dict(zip((c, s, q, v, eta, t), map(sp.Rational, (*values, step, steps)), strict=True))


DEFINITIONS = {
    "c": "half the distance of the clusters along the core feature",
    "s": "half their distance along the shortcut",
    "q": "E[y a]: the attribute agrees with the label in a share (1 + q)/2 of the samples",
    "v": "variance within a cluster in every direction, the mean over the clusters",
}
