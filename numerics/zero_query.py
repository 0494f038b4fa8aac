"""The query whose core feature is 0, at finite size: what of its kernel is not learned is what aligns.

Between `[0, y]` and a sample the kernel is `k_0(t_y) = sum_l c_l^0 t_y^l` (`theory.zero_query`).  With
`a_j = E[k_0 P_j(t_y)]` it stands in for the kernel of the resampled query:

    gamma_0 = (sum_j B_0j a_j q_0j) / (N kap),
    Var F = (r r_00 + r_y0^2 + 2 gamma_0^2 r^2 - 4 gamma_0 r r_y0) / (N (1 - r)),

`r_00 = sum_j B_0j (1 - q_0j)^2 (a_j / lambda_0j)^2 / N` and `r_y0` the same with the ratio to the first power: what the
other samples' noise at the query shares with itself, and with that at the sample.  No core feature is drawn, so its
overlap adds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from theory.kernels import KernelSeries
from theory.zero_query import query_coefficient, query_energy

from .elementwise import Array
from .finite_size import FiniteSizeLaw
from .harmonics import moments
from .spectrum import BITS


@dataclass(frozen=True, kw_only=True, eq=False)
class ZeroQuery:
    """The alignment of `[0, y]` under a law: arrays over the numbers of samples."""

    law: FiniteSizeLaw
    coefficients: Array
    """`c_l^0`, of either sign."""
    total: float
    """`k_0(1)`, their sum with those beyond."""

    @property
    def _on_y(self) -> Array:
        """`a_j`, a column."""
        degrees, order = self.law.modes.degrees, len(self.coefficients) - 1
        return (moments(self.law.modes.d_y, order, degrees).T @ self.coefficients)[:, None]

    @property
    def gamma(self) -> Array:
        """The mean alignment: what is left of `k_0(1)` once the learned part of each degree is taken away."""
        in_y = self.law.modes.multiplicities[0][:, None]
        taken = np.sum(in_y * self._on_y * self.law.taken[0], axis=0)
        return np.asarray((self.total - taken) / (self.law.n * self.law.ridge))

    def _overlap(self, power: int) -> Array:
        values = self.law.modes.values[0][:, None]
        ratio = np.divide(self._on_y, values, out=np.zeros_like(values), where=values > 0)
        in_y = self.law.modes.multiplicities[0][:, None]
        return np.asarray(np.sum(in_y * self.law.taken[0] ** 2 * ratio**power, axis=0) / self.law.n)

    @property
    def variance(self) -> Array:
        """Var F over samples, at infinite width."""
        gamma, r, own, shared = self.gamma, self.law.learned, self._overlap(2), self._overlap(1)
        return np.asarray((r * own + shared**2 + 2 * gamma**2 * r**2 - 4 * gamma * r * shared) / (self.law.n * (1 - r)))


def zero_query(law: FiniteSizeLaw, kernel: KernelSeries) -> ZeroQuery:
    """Return the query `[0, y]` under the law of a kernel of one layer."""
    modes = law.modes
    share = Fraction(modes.d_y, modes.d_x + modes.d_y)
    total = float(query_energy(kernel, share, BITS).mid())
    return ZeroQuery(law=law, coefficients=_coefficients(kernel, share, law.terms), total=total)


@lru_cache(maxsize=256)
def _coefficients(kernel: KernelSeries, share: Fraction, terms: int) -> Array:
    return np.array([float(query_coefficient(kernel, l, share, BITS).mid()) for l in range(terms + 1)])
