r"""The query whose core feature is set to zero: `z^s = [0, y]`, of norm `sqrt(alpha d)`.

Its kernel with a full sample of correlation `sqrt(alpha) t`, t between the y's, is a dual of two variances:

    RF   kappa_0 = E[phi(sqrt(alpha) u) phi(v)],          NTK   alpha t E[phi'(sqrt(alpha) u) phi'(v)]

so its part of degree l is `c_l^0 = mu_l(phi(sqrt(alpha) .)) mu_l(phi) alpha^(l/2)`, and likewise for phi', one degree
up.  As for the resampled query, what is not yet learned is what aligns: with degrees below L learned

    gamma^0(alpha) = sum_{l >= L} c_l^0 / sum_{l >= L} c_l.

For ReLU `c_l^0 = alpha^((l + 1)/2) c_l`, above the resampled query's `alpha^l c_l` for l > 1: another theorem.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

import sympy as sp

from . import balls
from .activations import Activation
from .alignment import AlignmentLaw, double, quotient, unlearned_share
from .arithmetic import flint
from .balls import Ball
from .duals import Dual, Generalised, dual
from .hermite import HermiteSeries
from .kernels import KernelSeries
from .symbols import alpha, rho, t
from .weierstrass import cuts

_MOST_TERMS = 1500


@dataclass(frozen=True, kw_only=True)
class ZeroQueryLaw:
    """`gamma^0(alpha)` with the degrees below `first` learned; the kernel is that of RF or of NTK."""

    kernel: KernelSeries
    first: int
    meaning: str

    @cached_property
    def dual(self) -> Dual | None:
        """`E[f(sqrt(alpha) u) f(v)]` as a function of alpha and rho, or None."""
        return dual(self.kernel.activation, sp.sqrt(alpha))

    @cached_property
    def expr(self) -> sp.Expr | None:
        """`gamma^0(alpha)` in closed form, or None."""
        bottom = self.kernel.energy_expr(self.first)
        wide = Generalised(switched=cuts(self.kernel.activation)).stretched(sp.sqrt(alpha)).transform
        whole = self.kernel.series.transform
        if bottom is None or self.dual is None or wide is None or whole is None:
            return None
        head = sp.Add(
            *(
                (wide.diff(t, l) * whole.diff(t, l)).subs(t, 0) * alpha ** sp.Rational(l, 2) / sp.factorial(l)
                for l in range(self.first - self.kernel.shift)
            )
        )
        top = self.dual.expr.subs(rho, sp.sqrt(alpha)) - head
        return quotient(alpha**self.kernel.shift * top, bottom)

    def ball(self, at: Fraction, bits: int) -> Ball:
        """Return an enclosure of `gamma^0` at one alpha, from the two Hermite series."""
        with balls.precision(bits):
            return _numerator(self.kernel, self.first, at, bits) / self.kernel.energy(self.first, bits)


def _numerator(kernel: KernelSeries, first: int, at: Fraction, bits: int) -> Ball:
    """Return `sum_{l >= first} c_l^0`; for tangent features f stands one degree below its kernel."""
    factor = balls.integer_power(balls.rational(at), kernel.shift)
    return factor * _product(kernel.activation, first - kernel.shift, at, bits)


@lru_cache(maxsize=256)
def _product(f: Activation, first: int, at: Fraction, bits: int) -> Ball:
    """Return `sum_{l >= first} mu_l(f(sqrt(alpha) .)) mu_l(f) alpha^(l/2)`, the rest by Cauchy and Schwarz."""
    here, there = HermiteSeries(f), HermiteSeries(stretched(f, at))
    with balls.precision(bits):
        goal = flint.arb(2) ** (24 - bits)
        root, power, total = balls.rational(at).sqrt(), flint.arb(1), flint.arb(0)
        rests = [series.energy(bits) for series in (here, there)]
        for degree in range(_MOST_TERMS):
            pair = here.ball(degree, bits), there.ball(degree, bits)
            if degree >= first:
                total += pair[0] * pair[1] * power
            rests = [rest - mu * mu for rest, mu in zip(rests, pair, strict=True)]
            power *= root
            left = [flint.arb(max(rest.upper(), flint.arb(0))) for rest in rests]
            tail = flint.arb(((left[0] * left[1]).sqrt() * power).upper())
            if tail < goal:
                break
        return total + tail * flint.arb(0, 1)


def stretched(f: Activation, at: Fraction) -> Activation:
    """Return `x -> f(sqrt(alpha) x)`."""
    return f.stretched(sp.sqrt(sp.Rational(at)))


def query_energy(kernel: KernelSeries, at: Fraction, bits: int) -> Ball:
    """Return an enclosure of `sum_l c_l^0`, the kernel between `[0, y]` and a sample with the same y."""
    with balls.precision(bits):
        return _numerator(kernel, 0, at, bits)


def query_coefficient(kernel: KernelSeries, degree: int, at: Fraction, bits: int) -> Ball:
    """Return an enclosure of `c_l^0`."""
    l = degree - kernel.shift
    with balls.precision(bits):
        if l < 0:
            return flint.arb(0)
        pair = (HermiteSeries(f).ball(l, bits) for f in (kernel.activation, stretched(kernel.activation, at)))
        here, there = pair
        share = balls.rational(at)
        return here * there * balls.integer_power(share.sqrt(), l) * balls.integer_power(share, kernel.shift)


def zero_query(kernel: KernelSeries) -> ZeroQueryLaw:
    """Return the law for `N/d -> infinity`, `N/d^2 -> 0`, beside `lower_end` for the resampled query."""
    return ZeroQueryLaw(
        kernel=kernel,
        first=2,
        meaning="the query with x = 0, N/d -> infinity while N/d^2 -> 0: degrees 0 and 1 learned",
    )


def zero_gamma_at(kernel: KernelSeries, samples_per_dimension: Fraction) -> Callable[[Fraction], float]:
    """Return `alpha -> (c_1^0 m + sum_{l >= 2} c_l^0) / (c_1 m + sum_{l >= 2} c_l)`, m the unlearned share of degree 1.

    It is the proportional law with the query's kernel in the numerator; ValueError where a series does not settle.
    """

    def value(at: Fraction, bits: int = 128) -> float:
        with balls.precision(bits):
            m = unlearned_share(kernel, samples_per_dimension, bits)
            whole, upper = (_numerator(kernel, first, at, bits) for first in (1, 2))
            return double(((whole - upper) * m + upper) / (kernel.ball(1, bits) * m + kernel.energy(2, bits)), at)

    return value


Law = AlignmentLaw | ZeroQueryLaw
"""Either kind of law: both have `kernel`, `meaning`, `expr` and `ball`."""
