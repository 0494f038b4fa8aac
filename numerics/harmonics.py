"""Harmonics of the sphere S^(n-1) along one coordinate t: dimensions, Gegenbauer polynomials, moments, in doubles.

`P_i`, with `P_i(1) = 1`, is the Gegenbauer polynomial of degree i, `B_i` the number of harmonics of that degree, and
`E` the mean over t, the inner product of two independent uniform unit vectors.  Every array is made by a recurrence of
positive terms, so it is right to a few hundred units in the last place whatever n, where SciPy's Gegenbauer nodes
overflow and a quadrature loses `lambda_i ~ n^-i` to cancellation.
"""

from __future__ import annotations

import numpy as np
from scipy.special import poch

from .elementwise import Array


def dimensions(n: int, degrees: int) -> Array:
    """Return `B_0 ... B_degrees`, `B_i = (2 i + n - 2) (i + n - 3)! / (i! (n - 2)!)`; 1, 1, 0, 0, ... on two points."""
    i = np.arange(1, max(degrees, 1))
    ratios = (2 * i + n) / (2 * i + n - 2) * (i + n - 2) / (i + 1)
    return np.concatenate([[1.0, n], n * np.cumprod(ratios)])[: degrees + 1]


def moments(n: int, powers: int, degrees: int) -> Array:
    """Return `E[t^p P_i(t)]`, rows p = 0 ... powers, columns i = 0 ... degrees; 0 where p < i or their parities differ.

    `E[t^(i+2u) P_i] = (i + 2 u)! / (2 u)! 2^-i (1/2)_u / (n/2)_(u+i)`, by i integrations by parts.
    """
    found = np.zeros((powers + 1, degrees + 1))
    i = np.arange(degrees)
    diagonal = np.concatenate([[1.0], np.cumprod((i + 1) / (n + 2 * i))])
    for degree in range(min(degrees, powers) + 1):
        p = np.arange(degree, powers - 1, 2)
        ratios = (p + 1) * (p + 2) / ((p + 2 - degree) * (n + p + degree))
        found[degree : powers + 1 : 2, degree] = diagonal[degree] * np.concatenate([[1.0], np.cumprod(ratios)])
    return found


def polynomials(n: int, degrees: int, t: Array) -> Array:
    """Return `P_0(t) ... P_degrees(t)`, degrees x points: `(i+n-2) P_(i+1) = (2i+n-2) t P_i - i P_(i-1)`."""
    rows = [np.ones_like(t), t]
    for i in range(1, degrees):
        rows.append(((2 * i + n - 2) * t * rows[i] - i * rows[i - 1]) / (i + n - 2) if i + n > 2 else rows[i - 1])
    return np.stack(rows[: degrees + 1])


def sign_coefficients(n: int, degrees: int) -> Array:
    """Return `v_i = sqrt(B_i) E[sign(t) P_i(t)]`, i to degrees >= 1; over all i the squares sum to 1.

    Of the even degrees they are 0.  Of the odd ones, since `(n-1) (1-t^2)^((n-3)/2) P_i` is the derivative of
    `-(1-t^2)^((n-1)/2) Q_(i-1)`, Q being the polynomials of the sphere two dimensions up, `E[sign(t) P_i] =
    density(0) 2 Q_(i-1)(0) / (n-1)`.
    """
    if n == 1:  # two points: sign(t) = t
        return np.asarray(np.eye(degrees + 1)[1])
    at_zero = polynomials(n + 2, degrees, np.zeros(1))[:, 0]
    found = np.zeros(degrees + 1)
    found[1::2] = 2 * at_zero[0:degrees:2] * density_at_zero(n) / (n - 1)
    return found * np.sqrt(dimensions(n, degrees))


def density_at_zero(n: int) -> float:
    """Return the density of t at 0, `Gamma(n/2) / (sqrt(pi) Gamma((n-1)/2))`, n at least 2."""
    return float(poch((n - 1) / 2, 0.5) / np.sqrt(np.pi))


def half_line(n: int, nodes: int = 128) -> tuple[Array, Array]:
    """Return nodes and weights of the mean over |t|: `sum w f(|t|)`, f smooth on [0, 1], weights of sum 1.

    Gauss-Legendre in the angle `t = sin a`, whose density `cos(a)^(n-2)` is below 1e-26 beyond `11 / sqrt(n - 2)`.
    """
    if n == 1:
        return np.ones(1), np.ones(1)
    reach = min(np.pi / 2, 11 / np.sqrt(max(n - 2, 1)))
    inner, weights = np.polynomial.legendre.leggauss(nodes)
    angle = (inner + 1) * reach / 2
    density = 2 * density_at_zero(n) * np.cos(angle) ** (n - 2)
    return np.sin(angle), weights * reach / 2 * density
