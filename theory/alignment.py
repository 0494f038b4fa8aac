r"""The constants gamma to which the feature alignment `F(z^s, z)` concentrates, as functions of alpha.

With `S_L(alpha) = sum_{l >= L} c_l alpha^l` of a `DotProductKernel`:

* upper end, N/d -> 0:         `S_1(alpha) / S_1(1)`   (degree 0 alone is learned)
* lower end, N/d -> infinity:  `S_2(alpha) / S_2(1)`   (degree 1 too); for tangent features this is Theorem 6.3
* bound of Theorem 5.4:        `S_2(alpha) / S_1(1)`, below both ends
* proportional law, N = delta d: degree 1 is learned to the extent 1 - m, and
  `gamma = (c_1 alpha m + S_2(alpha)) / (c_1 m + S_2(1))`

Each is a probability generating function `E[alpha^l]` of a law on degrees, save for the bound.

References
    bombari2024 (Theorems 5.4 and 6.3), simon2023
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import sympy as sp

from . import balls
from .activations import Activation
from .balls import Ball
from .kernels import DotProductKernel
from .symbols import alpha, delta

c1, tail_at, tail = sp.symbols("c_1 A B", positive=True)
"""`c_1`, `A = S_2(alpha)` and `B = S_2(1)`: all that the proportional law depends on."""

unlearned = sp.Symbol("m", positive=True)
"""`m`: the share of degree 1 that is not yet learned."""


@dataclass(frozen=True, kw_only=True)
class AlignmentLaw:
    """`gamma(alpha) = numerator(alpha) / denominator` from the sums of a kernel; `meaning` says which gamma it is."""

    kernel: DotProductKernel
    numerator_from: int
    denominator_from: int
    meaning: str

    def __post_init__(self) -> None:
        require_nonlinear(self.kernel.activation, shift=self.kernel.shift)

    @cached_property
    def expr(self) -> sp.Expr | None:
        """Gamma in closed form as a function of alpha, or None."""
        top = self.kernel.sum_expr(self.numerator_from, alpha)
        bottom = self.kernel.energy_expr(self.denominator_from)
        if top is None or bottom is None:
            return None
        return quotient(top, bottom)

    def ball(self, at: Fraction, bits: int) -> Ball:
        """Return an enclosure of gamma at one alpha."""
        with balls.precision(bits):
            top = self.kernel.sum_ball(self.numerator_from, at, bits)
            return top / self.kernel.energy(self.denominator_from, bits)

    def __call__(self, at: Fraction) -> float:
        """Return gamma at one alpha in double precision; ValueError where the series does not settle that far."""
        return double(self.ball(at, 128), at)


def quotient(top: sp.Expr, bottom: sp.Expr) -> sp.Expr:
    """Return a quotient of two sums as one fraction without common factors outside; both are positive and stay so."""
    over, under = sp.fraction(sp.factor_terms(sp.together(top / bottom)))
    return -over / -under if under.subs(alpha, sp.Rational(1, 2)).evalf() < 0 else over / under


def upper_end(kernel: DotProductKernel) -> AlignmentLaw:
    """Return gamma for `N/d -> 0`."""
    return AlignmentLaw(
        kernel=kernel, numerator_from=1, denominator_from=1, meaning="few samples, N/d -> 0: only the mean is learned"
    )


def lower_end(kernel: DotProductKernel) -> AlignmentLaw:
    """Return gamma for `N/d -> infinity`, `N/d^2 -> 0`; for tangent features `gamma_NTK` of Theorem 6.3."""
    return AlignmentLaw(
        kernel=kernel,
        numerator_from=2,
        denominator_from=2,
        meaning="more samples, N/d -> infinity while N/d^2 -> 0: the linear part is learned too",
    )


def theorem_5_4_bound(kernel: DotProductKernel) -> AlignmentLaw:
    """Return the lower bound on `gamma_RF` that Theorem 5.4 states."""
    return AlignmentLaw(
        kernel=kernel, numerator_from=2, denominator_from=1, meaning="the bound of Theorem 5.4, for N far below d^2"
    )


def require_nonlinear(activation: Activation, *, shift: int = 0) -> None:
    """Refuse an activation whose kernel has no degree above 1: every theorem supposes that it has."""
    if activation.is_affine and (shift == 0 or activation.expr.is_number):
        what = "is linear" if shift == 0 else "is constant, so its integral is linear"
        raise ValueError(f"{activation.name} {what}: the theorems suppose a non-linear activation")


def fixed_point(m: sp.Expr = unlearned) -> sp.Expr:
    """Return `s m^2 + (1 + s delta - s) m - 1`, `s = c_1 / B`, whose positive root is m."""
    s = c1 / tail
    return s * m**2 + (1 + s * delta - s) * m - 1


def root() -> sp.Expr:
    """Return m, the positive root of the fixed point, in the form that does not cancel as delta grows."""
    s = c1 / tail
    middle = 1 + s * delta - s
    return 2 / (sp.sqrt(middle**2 + 4 * s) + middle)


def law_at(m: sp.Expr) -> sp.Expr:
    """Return `(c_1 alpha m + A) / (c_1 m + B)`: gamma where a share m of degree 1 is not yet learned."""
    return (c1 * alpha * m + tail_at) / (c1 * m + tail)


def proportional_law() -> sp.Expr:
    """Return `gamma(alpha, delta)` in `c_1`, `A`, `B`, alpha, delta."""
    return law_at(root())


def unlearned_share(kernel: DotProductKernel, samples_per_dimension: Fraction, bits: int) -> Ball:
    """Return an enclosure of m; `c_1 = 0` is allowed."""
    with balls.precision(bits):
        d, c, bottom = balls.rational(samples_per_dimension), kernel.ball(1, bits), kernel.energy(2, bits)
        # m = 2 B / (sqrt(M^2 + 4 c_1 B) + M), M = B + c_1 delta - c_1: the root without cancellation or division by c_1
        middle = bottom + c * d - c
        return 2 * bottom / ((middle * middle + 4 * c * bottom).sqrt() + middle)


def proportional_ball(kernel: DotProductKernel, at: Fraction, samples_per_dimension: Fraction, bits: int = 128) -> Ball:
    """Return an enclosure of `gamma(alpha, delta)` for one kernel; `c_1 = 0` is allowed and removes degree 1."""
    with balls.precision(bits):
        m = unlearned_share(kernel, samples_per_dimension, bits)
        c, top, bottom = kernel.ball(1, bits), kernel.sum_ball(2, at, bits), kernel.energy(2, bits)
        return (c * balls.rational(at) * m + top) / (c * m + bottom)


def gamma_at(kernel: DotProductKernel, samples_per_dimension: Fraction) -> Callable[[Fraction], float]:
    """Return `alpha -> gamma(alpha, delta)` in double precision; ValueError where the series does not settle so far."""
    return lambda at: double(proportional_ball(kernel, at, samples_per_dimension), at)


def double(ball: Ball, at: Fraction) -> float:
    """Return a ball as a double; ValueError where it is too wide to be one."""
    if not balls.is_narrow(ball, 16):
        radius = ball.rad().str(2, radius=False)
        raise ValueError(
            f"alpha = {at} is too close to 1: without a closed form gamma is known to within {radius} only"
        )
    return float(ball.mid())
