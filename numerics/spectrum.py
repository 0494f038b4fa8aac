r"""Eigenvalues of a dot-product kernel on pairs of spheres: `kappa(rho)`, `rho = (d_x t_x + d_y t_y) / d`.

The eigenfunctions are products of harmonics of x and of y, of degrees i and j: exactly, at any dimension.  With
`kappa = sum_l c_l rho^l`, a = d_x/d, b = d_y/d and the moments `m` of `numerics.harmonics`,

    lambda_ij = E[kappa(rho) P_i(t_x) P_j(t_y)] = sum_{p,q} c_{p+q} binom(p+q, p) a^p b^q m_pi(d_x) m_qj(d_y),

with multiplicity `B_ij = B_i(d_x) B_j(d_y)`.  Every term is positive, so the sums are right to rounding *relative to
themselves*: a product of three matrices does at d = 10^6 what a quadrature, right relative to kappa(1), cannot.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from theory.kernels import DotProductKernel

from .elementwise import Array
from .harmonics import dimensions, half_line, moments, polynomials

TERMS = (60, 120, 240, 480, 960)
"""Taylor coefficients to try, the number that the Hermite series comes in."""
BITS = 128
ROUNDING = 1e-12
"""Of a sum of some thousand products of three numbers, each of which is right to some hundred units of 1e-16."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Profile:
    """Taylor coefficients `c_0 ... c_L` of a kernel, and its value `total = kappa(1)`."""

    coefficients: Array
    total: float

    @property
    def beyond(self) -> float:
        """`sum_{l > L} c_l`, what the coefficients leave of kappa(1)."""
        return max(self.total - float(np.sum(self.coefficients)), 0.0)


@lru_cache(maxsize=256)
def profile(kernel: DotProductKernel, terms: int) -> Profile:
    """Return the Taylor coefficients of a kernel to degree `terms`, rounded from their balls; one that may be 0 is."""
    found = [kernel.ball(l, BITS) for l in range(terms + 1)]
    coefficients = np.array([0.0 if c.contains(0) else float(c.mid()) for c in found])
    return Profile(coefficients=coefficients, total=float(kernel.total(BITS).mid()))


@dataclass(frozen=True, kw_only=True, eq=False)
class Spectrum:
    """Eigenvalues and multiplicities of degrees `i + j <= degrees`, and what the mean over one factor leaves."""

    d_x: int
    d_y: int
    total: float
    """`kappa(1)`."""
    values: Array
    """`lambda_ij`, 0 beyond `i + j = degrees`."""
    multiplicities: Array
    """`B_ij`, 0 beyond."""
    on_x: Array
    """`E[kappa(a t + b) P_i(t)]`, what a query with its own y sees of degree i in x, all degrees of y together."""
    missing: float
    """A bound on what no `lambda_ij` has for want of Taylor coefficients: `sum_{l>L} c_l E|rho|^L`."""
    missing_on_x: float
    """The same for `on_x`: `sum_{l>L} c_l E|a t + b|^L`."""
    next_value: float
    """The largest eigenvalue of the two degrees beyond: all that are beyond act as a ridge, which supposes it small."""

    @property
    def degrees(self) -> int:
        """The total degree beyond which modes act as a ridge."""
        return len(self.values) - 1

    @property
    def rest(self) -> float:
        """`kappa(1) - sum B lambda`, the energy of the degrees beyond; 0 where it is no more than rounding."""
        left = self.total - float(np.sum(self.multiplicities * self.values))
        return left if left > ROUNDING * self.total else 0.0


def spectrum(kernel: Profile, d_x: int, d_y: int, degrees: int) -> Spectrum:
    """Return the eigenvalues of a kernel on `S^(d_x - 1) x S^(d_y - 1)` up to the total degree `degrees`."""
    a, b = d_x / (d_x + d_y), d_y / (d_x + d_y)
    order = len(kernel.coefficients) - 1
    walk = _walk(order, a, b)
    weights = _antidiagonals(kernel.coefficients) * walk
    m_x, m_y = (moments(n, order, degrees + 2) for n in (d_x, d_y))
    values = m_x.T @ weights @ m_y
    shell = np.add.outer(np.arange(degrees + 3), np.arange(degrees + 3))
    multiplicities = np.outer(dimensions(d_x, degrees + 2), dimensions(d_y, degrees + 2))
    beyond = values[(shell > degrees) & (shell <= degrees + 2) & (multiplicities > 0)]
    last = order - order % 2  # an even power, whose mean is that of its modulus
    powers = np.arange(last + 1)
    here = walk[powers, last - powers]
    kept = shell <= degrees
    return Spectrum(
        d_x=d_x,
        d_y=d_y,
        total=kernel.total,
        values=np.where(kept, values, 0.0)[: degrees + 1, : degrees + 1],
        multiplicities=np.where(kept, multiplicities, 0.0)[: degrees + 1, : degrees + 1],
        on_x=(m_x.T @ weights.sum(axis=1))[: degrees + 1],
        missing=kernel.beyond * float(here @ (m_x[powers, 0] * m_y[last - powers, 0])),
        missing_on_x=kernel.beyond * float(here @ m_x[powers, 0]),
        next_value=float(np.max(beyond, initial=0.0)),
    )


def with_values(modes: Spectrum, kappa: Callable[[Array], Array]) -> Spectrum:
    """Return the modes with `on_x` by quadrature over t_x, from values of the kernel.

    With alpha next to 1 all of `a t + b` is next to 1, where powers of it never fall; then d_x is small, and the rule
    of `half_line`, in the angle, takes the kink of kappa at 1.
    """
    nodes, weights = half_line(modes.d_x)
    t, w = np.concatenate([-nodes, nodes]), np.concatenate([weights, weights]) / 2
    d = modes.d_x + modes.d_y
    values = kappa(np.minimum((modes.d_x * t + modes.d_y) / d, 1.0))
    return replace(modes, on_x=polynomials(modes.d_x, modes.degrees, t) @ (w * values), missing_on_x=0.0)


def _walk(order: int, a: float, b: float) -> Array:
    """Return `binom(p+q, p) a^p b^q` for p, q up to `order`: a walk's chance of passing there, row by row."""
    q = np.arange(order + 1)
    rows = [b ** q.astype(np.float64)]
    for p in range(1, order + 1):
        rows.append(rows[-1] * (a * (p + q) / p))
    return np.stack(rows)


def _antidiagonals(coefficients: Array) -> Array:
    """Return `c_(p+q)`, 0 beyond the last coefficient."""
    order = len(coefficients) - 1
    index = np.add.outer(np.arange(order + 1), np.arange(order + 1))
    return np.where(index <= order, coefficients[np.minimum(index, order)], 0.0)
