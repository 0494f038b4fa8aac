r"""The alignment law at finite size, vectorised over the number of samples.

With `q_ij = kap / (lambda_ij + kap)`, the unlearned share of each mode of `numerics.spectrum`, and kap the root of
`sum B lambda / (lambda + kap) + rest / kap = N`,

    gamma = (sum_j B_0j lambda_0j q_0j) / (sum_ij B_ij lambda_ij q_ij):

the share of the unlearned kernel energy that sits in functions of y alone.  The spread of F over samples has two
causes, the overlap `t_x` of the fresh core feature with the old one and the N - 1 other samples:

    Var F = Var[k_res(t_x)] / D^2 + (r^2 + r_y^2 + 2 gamma^2 r^2 - 4 gamma r r_y) / (N (1 - r)),

`D = N kap`, `r = sum B (1 - q)^2 / N`, `r_y` the same over i = 0, and `k_res(t_x)` the unlearned kernel at `t_y = 1`.
Both are heuristics of statistical physics (deterministic equivalent), not theorems; the modes are exact.

References
    simon2023
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import elementwise

from theory.kernels import DotProductKernel

from .elementwise import Array
from .kernels import kernel_values
from .spectrum import TERMS, Spectrum, profile, spectrum, with_values

TOLERANCE = 1e-11
"""On the relative error of the balance that the cut-offs leave; gamma, a ratio of its sums, errs by a few of these."""
COARSE = 1e-4
"""What is still put up with where the last cut-offs are reached: in few dimensions, where many degrees are learned."""
DEGREES = (4, 8, 12, 16, 24, 32, 48, 64, 96)


@dataclass(frozen=True, kw_only=True, eq=False)
class FiniteSizeLaw:
    """The law at several numbers of samples; arrays have the shape of `n`, modes come before it."""

    modes: Spectrum
    terms: int
    """The degree of the last Taylor coefficient that the modes are made of."""
    n: Array
    ridge: Array
    """kap."""

    @cached_property
    def unlearned(self) -> Array:
        """`q_ij = kap / (lambda_ij + kap)`, degrees x degrees x n."""
        return np.asarray(self.ridge / (self.modes.values[:, :, None] + self.ridge))

    @cached_property
    def taken(self) -> Array:
        """`1 - q_ij = lambda_ij / (lambda_ij + kap)`, right to rounding where next to nothing is learned."""
        values = self.modes.values[:, :, None]
        return np.asarray(values / (values + self.ridge))

    @property
    def learned(self) -> Array:
        """`r = sum B (1 - q)^2 / N`."""
        return self._overlap(self.modes.multiplicities, self.taken)

    @property
    def learned_in_y(self) -> Array:
        """`r_y`, the part of r in functions of y alone."""
        return self._overlap(self.modes.multiplicities[:1], self.taken[:1])

    def _overlap(self, multiplicities: Array, taken: Array) -> Array:
        return np.asarray(np.einsum("ij,ijn->n", multiplicities, taken**2) / self.n)

    @property
    def gamma(self) -> Array:
        """The mean alignment of the resampled query."""
        return np.asarray(self.residual_on_x[0] / (self.n * self.ridge))

    @property
    def residual_on_x(self) -> Array:
        """`E[k_res(t_x) P_i(t_x)]`: of `on_x`, what is not learned; degrees x n."""
        modes = self.modes
        in_y = modes.multiplicities[0]
        taken = np.einsum("j,ij,ijn->in", in_y, modes.values, self.taken)
        return np.asarray(modes.on_x[:, None] - taken)

    @property
    def variance(self) -> Array:
        """Var F over samples, at infinite width."""
        return self.variance_of_query + self.variance_of_others

    @property
    def variance_of_query(self) -> Array:
        """`Var[k_res(t_x)] / D^2`, by Parseval's identity over the harmonics of x."""
        in_x = self.modes.multiplicities[1:, 0]
        unlearned = np.einsum("i,in->n", in_x, self.residual_on_x[1:] ** 2)
        return np.asarray(unlearned / (self.n * self.ridge) ** 2)

    @property
    def variance_of_others(self) -> Array:
        """`(r^2 + r_y^2 + 2 gamma^2 r^2 - 4 gamma r r_y) / (N (1 - r))`."""
        gamma, r, r_y = self.gamma, self.learned, self.learned_in_y
        return (r**2 + r_y**2 + 2 * gamma**2 * r**2 - 4 * gamma * r * r_y) / (self.n * (1 - r))


def finite_size(kernel: DotProductKernel, d_x: int, d_y: int, sizes: Sequence[int]) -> FiniteSizeLaw:
    """Return the law for a kernel on spheres in `d_x` and `d_y` dimensions, at each number of samples of `sizes`.

    The cut-offs grow until what they leave out moves the balance by less than `TOLERANCE`.  Raises ValueError where a
    kernel of finitely many modes has no more of them than samples, and where so many degrees matter that `COARSE`
    cannot be met.
    """
    n = np.asarray(sizes, dtype=np.float64)
    terms, degrees = list(TERMS), list(DEGREES)
    while True:
        modes = spectrum(profile(kernel, terms[0]), d_x, d_y, degrees[0])
        _require_modes(modes, int(n.max()))
        ridge = _ridge(modes, n)
        few_degrees, few_terms = modes.next_value / float(ridge.min()), _few_terms(modes, n, ridge)
        if few_degrees > TOLERANCE and len(degrees) > 1:
            degrees.pop(0)
        elif max(few_degrees, few_terms) <= TOLERANCE or len(terms) == 1:
            break
        else:
            terms.pop(0)
        while 2 * degrees[0] > terms[0] and len(terms) > 1:
            terms.pop(0)
    if modes.missing_on_x > TOLERANCE * float((n * ridge).min()) and (kappa := kernel_values(kernel)) is not None:
        modes = with_values(modes, kappa)
    if max(few_degrees, _few_terms(modes, n, ridge)) > COARSE:
        raise ValueError(
            f"N = {int(n.max())}, d_x = {d_x}, d_y = {d_y}: more than {degrees[0]} degrees or {terms[0]} Taylor "
            f"coefficients of {kernel.name} matter"
        )
    return FiniteSizeLaw(modes=modes, terms=terms[0], n=n, ridge=ridge)


def _few_terms(modes: Spectrum, n: Array, ridge: Array) -> float:
    """Return a bound on what the missing Taylor coefficients move: the balance by one part, gamma by the other."""
    return max(modes.missing / float(ridge.min()), modes.missing_on_x / float((n * ridge).min()))


def _require_modes(modes: Spectrum, n: int) -> None:
    """Refuse as many samples as a kernel of finite rank has modes: it is singular, and nothing is left to align."""
    if modes.rest == 0:
        count = float(np.sum(modes.multiplicities[modes.values > 0]))
        if n >= count:
            raise ValueError(f"N = {n}: the kernel has {count:.0f} modes, and needs more of them than samples")


def _ridge(modes: Spectrum, n: Array) -> Array:
    """Return kap at each number of samples; the learned count falls as kap grows, so the root is the only one."""
    present = modes.values * modes.multiplicities > 0
    values, energies = modes.values[present], (modes.values * modes.multiplicities)[present]
    rest = modes.rest

    def surplus(log_ridge: Array, samples: Array) -> Array:
        ridge = np.exp(log_ridge)
        return np.asarray((energies / (values + ridge[..., None])).sum(axis=-1) + rest / ridge - samples)

    # at most total / kap modes are learned; at least rest / kap, or count / (1 + kap / least), are
    count = energies @ (1 / values)
    low = rest / n if rest else values.min() * (count / n - 1)
    bracket = np.log(low) - 1e-9, np.log(modes.total / n) + 1e-9
    found = elementwise.find_root(surplus, bracket, args=(n,))
    return np.asarray(np.exp(found.x))
