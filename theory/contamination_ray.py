r"""The ray on which a rectified neuron of many features stays, in exact rationals: sums of uniform variables.

With n core and m background features, all uniform on [0, 1], and weights 1 and r, what the neuron lets through of the
wrong class is `leak(r) = E[(r G - C)_+]`, G and C sums of m and of n uniform variables (Irwin and Hall):

    leak(r) = (-1)^m / ((n + m + 1)! r^m) sum_{k <= m, j <= n} (-1)^{k+j} binom(m, k) binom(n, j) (k r - j)_+^{n+m+1},

and `E_-[z_b] = leak' / m`, `E_-[z_c] = (r leak' - leak) / n`.  The ratio r stays where the balance vanishes,

    balance(r) = (1 - r) / 2 - leak' / m - r (r leak' - leak) / n,

which falls by at least 1/2 per unit of r, for leak is convex and `E_-[z_c] >= 0`: there is one such r, in (0, 1), it is
stable, and it is within `2 |balance|` of any r.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import comb, factorial
from typing import Any

import mpmath as mp
import sympy as sp

from .contamination import r

n, m = sp.symbols("n m", integer=True, positive=True)
"""How many core and how many background features."""


class Leak(sp.Function):  # type: ignore[misc]
    """A derivative of `leak(r)` for n core and m background features, by its order; a number at a rational r."""

    nargs = (4,)

    def doit(self, **hints: Any) -> sp.Expr:
        """Return the exact value, where n, m and a positive r are numbers."""
        features, others, ratio, order = (arg.doit(**hints) for arg in self.args)
        if features.is_Integer and others.is_Integer and ratio.is_Rational and ratio.is_positive:
            value = leak(int(features), int(others), Fraction(int(ratio.p), int(ratio.q)), order=int(order))
            return sp.Rational(value.numerator, value.denominator)
        return Leak(features, others, ratio, order)

    def _eval_is_real(self) -> bool:
        return True

    def fdiff(self, argindex: int = 3) -> sp.Expr:
        """Return the derivative by r, which is that of the next order."""
        if argindex != 3:
            raise sp.core.function.ArgumentIndexError(self, argindex)
        return Leak(*self.args[:3], self.args[3] + 1)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        features, others, ratio, order = self.args
        power = f"^{{{exp}}}" if exp else ""
        primes = "'" * int(order)
        indices = f"{printer.doprint(features)},{printer.doprint(others)}"
        return rf"\Lambda{primes}_{{{indices}}}{power}\left({printer.doprint(ratio)}\right)"

    def _sympystr(self, printer: Any) -> str:
        features, others, ratio, order = (printer.doprint(arg) for arg in self.args)
        return f"leak{chr(39) * int(order)}_{features},{others}({ratio})"


def leak(features: int, others: int, ratio: Fraction, *, order: int = 0) -> Fraction:
    """Return the derivative of `leak` of this order at a positive ratio, exactly, by Leibniz' rule on the sum."""
    power = features + others + 1
    total = Fraction(0)
    outside = Fraction(1)  # of r^-m, differentiated i times
    for i in range(order + 1):
        inner = order - i
        sums = _sum(features, others, ratio, weight=inner, power=power - inner) * _falling(power, inner)
        total += comb(order, i) * outside * sums / ratio ** (others + i)
        outside *= -(others + i)
    return (-total if others % 2 else total) / factorial(power)


def _sum(features: int, others: int, ratio: Fraction, *, weight: int, power: int) -> Fraction:
    """Return `sum (-1)^{k+j} binom(m, k) binom(n, j) k^weight (k r - j)_+^power`, over one denominator."""
    p, q = ratio.numerator, ratio.denominator
    terms = (
        (-1) ** (k + j) * comb(others, k) * comb(features, j) * k**weight * (k * p - j * q) ** power
        for k in range(1, others + 1)
        for j in range(min(features, k * p // q) + 1)
    )
    return Fraction(sum(terms), q**power)


def _falling(power: int, steps: int) -> int:
    return factorial(power) // factorial(power - steps)


def balance_of(value: sp.Expr, change: sp.Expr) -> sp.Expr:
    """Return the balance at the leak and its slope."""
    return (1 - r) / 2 - change / m - r * (r * change - value) / n


def balance(features: int, others: int, ratio: Fraction) -> Fraction:
    """Return the balance at a positive ratio, exactly: `2 (w_b' - r w_c') / a`, its sign says which way r turns."""
    value, change = (leak(features, others, ratio, order=order) for order in (0, 1))
    return (1 - ratio) / 2 - change / others - ratio * (ratio * change - value) / features


CLOSE = 1e-12
_BITS = 1 << 48


@cache
def stationary_ratio(features: int, others: int) -> float:
    """Return the ratio r* that stays, within `CLOSE`: secants, and `|r - r*| <= 2 |balance(r)|` to stop."""
    first, second = Fraction(9, 10) * (start := _rounded(gaussian_ratio(features, others))), start
    before, now = balance(features, others, first), balance(features, others, second)
    while 2 * abs(now) > CLOSE:
        first, second = second, _rounded(second - now * (second - first) / (now - before))
        before, now = now, balance(features, others, second)
    return float(second)


def _rounded(ratio: float | Fraction) -> Fraction:
    """Return a ratio in (0, 1) with few digits: its powers are what exact sums are made of."""
    return Fraction(min(max(round(ratio * _BITS), 1), _BITS), _BITS)


def gaussian_tail(features: sp.Expr, others: sp.Expr, ratio: sp.Expr) -> sp.Expr:
    """Return `P(r G > C)`, as if the two sums were Gaussian: `p = Phi(sqrt(3) (r m - n) / sqrt(n + r^2 m))`."""
    at = sp.sqrt(3) * (ratio * others - features) / sp.sqrt(features + ratio**2 * others)
    return (1 + sp.erf(at / sp.sqrt(2))) / 2


@cache
def gaussian_ratio(features: int, others: int) -> float:
    """Return the ratio that stays if the two sums were Gaussian: the root of `r = (1 - p) / (1 + p)`."""

    def left(ratio: mp.mpf) -> mp.mpf:
        at = mp.sqrt(3) * (ratio * others - features) / mp.sqrt(features + ratio**2 * others)
        return (1 - mp.ncdf(at)) / (1 + mp.ncdf(at)) - ratio

    return float(mp.findroot(left, (0, 1), solver="anderson"))


DEFINITIONS = {
    r"\Lambda_{n,m}(r)": "E[(r G - C)_+], G a sum of m and C of n uniform variables: what passes of the wrong class",
    "r": "the ratio of the background weights to the core weights",
    "n": "the number of core features",
    "m": "the number of background features",
}
