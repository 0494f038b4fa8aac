"""Power series with numbers of `theory.floating.real` as coefficients, cut at `ctx.cap` terms.

A function of a series solves a differential equation: `exp(g)' = g' exp(g)`, `log(g)' = g' / g`,
`atan(g)' = g' / (1 + g^2)` and their like, which gives its coefficients one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .real import arb, ctx


class arb_series:  # noqa: N801  (the library's name, as are those of its methods)
    """`sum of c_i t^i`, i below `ctx.cap`."""

    __slots__ = ("terms",)

    def __init__(self, coefficients: Iterable[Any], prec: int | None = None) -> None:
        given = [arb(c) for c in coefficients][: ctx.cap if prec is None else min(prec, ctx.cap)]
        self.terms = given + [arb(0)] * (ctx.cap - len(given))

    def __getitem__(self, degree: int) -> arb:
        return self.terms[degree]

    def __add__(self, other: arb_series | arb | float) -> arb_series:
        if isinstance(other, arb_series):
            return arb_series(a + b for a, b in zip(self.terms, other.terms, strict=True))
        return arb_series([self.terms[0] + other, *self.terms[1:]])

    def __mul__(self, other: arb_series | arb | float) -> arb_series:
        if not isinstance(other, arb_series):
            return arb_series(term * other for term in self.terms)
        return arb_series(_dot(self.terms[: n + 1], reversed(other.terms[: n + 1])) for n in range(len(self.terms)))

    def __truediv__(self, other: arb_series | arb | float) -> arb_series:
        return self * (1 / other)

    def __rtruediv__(self, other: arb_series | arb | float) -> arb_series:
        first = 1 / self.terms[0]
        inverse = [first]
        for n in range(1, len(self.terms)):
            inverse.append(-first * _dot(self.terms[1 : n + 1], reversed(inverse)))
        return arb_series(inverse) * other

    def __neg__(self) -> arb_series:
        return self * -1

    def __sub__(self, other: arb_series | arb | float) -> arb_series:
        return self + -other

    def __rsub__(self, other: arb_series | arb | float) -> arb_series:
        return -self + other

    def __pow__(self, exponent: arb) -> arb_series:
        return (self.log() * exponent).exp()

    __radd__, __rmul__ = __add__, __mul__

    def _slope(self) -> list[arb]:
        return [n * term for n, term in enumerate(self.terms)][1:]

    def _integrated(self, factor: arb_series, constant: arb) -> arb_series:
        """Return the series whose derivative is `g' factor` and whose value at 0 is the constant."""
        slope = arb_series(self._slope()) * factor
        return arb_series([constant, *(term / (n + 1) for n, term in enumerate(slope.terms[:-1]))])

    def _coupled(self, starts: tuple[arb, ...], signs: tuple[int, ...]) -> list[arb_series]:
        """Solve `y_i' = sign_i g' y_{i+1}`, the last of the y followed by the first."""
        slope = self._slope()
        found = [[start] for start in starts]
        for n in range(1, len(self.terms)):
            sums = [_dot(slope[:n], reversed(y)) / n for y in found]
            for i, y in enumerate(found):
                y.append(signs[i] * sums[(i + 1) % len(sums)])
        return [arb_series(y) for y in found]

    def exp(self) -> arb_series:
        """Return exp of the series."""
        return self._coupled((self.terms[0].exp(),), (1,))[0]

    def log(self) -> arb_series:
        """Return log of the series."""
        return self._integrated(1 / self, self.terms[0].log())

    def sqrt(self) -> arb_series:
        """Return the square root of the series."""
        return self ** arb(0.5)

    def sin(self) -> arb_series:
        """Return sin of the series."""
        return self._coupled((self.terms[0].sin(), self.terms[0].cos()), (1, -1))[0]

    def cos(self) -> arb_series:
        """Return cos of the series."""
        return self._coupled((self.terms[0].sin(), self.terms[0].cos()), (1, -1))[1]

    def erf(self) -> arb_series:
        """Return erf of the series."""
        return self._integrated((-self * self).exp() * (2 / arb.pi().sqrt()), self.terms[0].erf())

    def erfc(self) -> arb_series:
        """Return erfc of the series."""
        return self._integrated((-self * self).exp() * (-2 / arb.pi().sqrt()), self.terms[0].erfc())

    def asin(self) -> arb_series:
        """Return asin of the series."""
        return self._integrated(1 / (1 - self * self).sqrt(), self.terms[0].asin())

    def acos(self) -> arb_series:
        """Return acos of the series."""
        return self._integrated(-1 / (1 - self * self).sqrt(), self.terms[0].acos())

    def atan(self) -> arb_series:
        """Return atan of the series."""
        return self._integrated(1 / (1 + self * self), self.terms[0].atan())


def _dot(left: Iterable[arb], right: Iterable[arb]) -> arb:
    """Return the sum of the products; most series have many coefficients 0, and are multiplied by those for nothing."""
    total = arb(0)
    for a, b in zip(left, right, strict=True):
        if (a.centre or a.error) and (b.centre or b.error):
            total += a * b
    return total
