"""The query whose core feature is 0, at finite size: what of its kernel is not learned is what aligns.

Between `[0, y]` and a sample the kernel is `k_0(t_y) = sum_l c_l^0 t_y^l` (`theory.zero_query`).  With
`a_j = E[k_0 P_j(t_y)]` it stands in for the kernel of the resampled query:

    gamma_0 = (sum_j B_0j a_j q_0j) / (N kap).

The spread of F is not here.  No core feature is drawn, so nothing but the other samples makes it, and for them the
Gaussian count of the resampled query is up to a third too small: the fourth cumulant of the unlearned kernel rules.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import numpy as np

from theory.kernels import KernelSeries
from theory.zero_query import query_coefficient, query_energy

from .elementwise import Array
from .finite_size import FiniteSizeLaw
from .harmonics import moments
from .spectrum import BITS


def zero_gamma(law: FiniteSizeLaw, kernel: KernelSeries) -> Array:
    """Return the mean alignment of `[0, y]` at each N: what is left of `k_0(1)` once the learned part is taken away."""
    modes = law.modes
    share = Fraction(modes.d_y, modes.d_x + modes.d_y)
    coefficients = query_coefficients(kernel, share, law.terms)
    on_y = moments(modes.d_y, law.terms, modes.degrees).T @ coefficients
    taken = (modes.multiplicities[0] * on_y) @ law.taken[0]
    return np.asarray((float(query_energy(kernel, share, BITS).mid()) - taken) / (law.n * law.ridge))


@lru_cache(maxsize=256)
def query_coefficients(kernel: KernelSeries, share: Fraction, terms: int) -> Array:
    """Return `c_0^0 ... c_terms^0`, of either sign."""
    return np.array([float(query_coefficient(kernel, l, share, BITS).mid()) for l in range(terms + 1)])
