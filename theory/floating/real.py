"""Real numbers `mid +- rad` on mpmath: the radius is an estimate of the error, carried to first order.

A sum, a product or a quotient moves its radius as an interval would, and adds one unit in the last place for rounding.
A function is evaluated at the midpoint and at both ends, and the farther end gives the radius: right for a function
that is monotone between the ends, an estimate for any other, and mpmath is believed to the last place.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import wraps
from typing import Any, TypeVar

from mpmath import MPContext

context = MPContext()
"""A context of our own: the precision of mpmath's global one belongs to whoever asks for it."""

_GUARD = 12
"""Bits beyond the working precision at which a function is evaluated, so that its own rounding does not show."""

_Result = TypeVar("_Result")

Text = str
"""The type; inside `arb` the name is that of a method."""


class _Settings:
    """The precision in bits of numbers, and the length of power series: in one global place, as in the library."""

    cap = 10

    @property
    def prec(self) -> int:
        """Bits of a midpoint."""
        return int(context.prec)

    @prec.setter
    def prec(self, bits: int) -> None:
        context.prec = bits


ctx = _Settings()


def _with_number(method: Callable[[arb, arb], _Result]) -> Callable[[arb, Any], _Result]:
    """Let a method of two numbers take an int, a float or a fraction too, and leave other types to themselves."""

    @wraps(method)
    def taking(self: arb, other: Any) -> _Result:
        if isinstance(other, arb):
            return method(self, other)
        return method(self, arb(other)) if isinstance(other, (int, float, Fraction)) else NotImplemented

    return taking


def _function(name: str) -> Callable[[arb], arb]:
    """Return the method that applies mpmath's function of this name."""
    function = getattr(context, name)
    return lambda self: self.applied(function)


class arb:  # noqa: N801  (the library's name, as are those of its methods)
    """A number `centre +- error`; a comparison is true only if it holds for all pairs of values."""

    __slots__ = ("centre", "error")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, mid: Any = 0, rad: Any = 0) -> None:
        self.centre, self.error = _read(mid)
        if isinstance(rad, arb) or rad != 0:
            centre, error = _read(rad)
            self.error += abs(centre) + error

    @staticmethod
    def pi() -> arb:
        """Return the number pi."""
        return rounded(+context.pi, context.zero)

    @staticmethod
    def nan() -> arb:
        """Return what is not a number."""
        return _pair(context.nan, context.inf)

    @staticmethod
    def neg_inf() -> arb:
        """Return what is below every number."""
        return _pair(context.ninf, context.zero)

    @_with_number
    def __add__(self, other: arb) -> arb:
        return rounded(self.centre + other.centre, self.error + other.error)

    @_with_number
    def __mul__(self, other: arb) -> arb:
        error = abs(self.centre) * other.error + abs(other.centre) * self.error + self.error * other.error
        return rounded(self.centre * other.centre, error)

    @_with_number
    def __truediv__(self, other: arb) -> arb:
        distance = abs(other.centre) - other.error  # of the divisor from zero
        if not distance > 0:
            return arb.nan()
        quotient = self.centre / other.centre
        return rounded(quotient, (self.error + abs(quotient) * other.error) / distance)

    @_with_number
    def __pow__(self, other: arb) -> arb:
        if other.error == 0 and context.isint(other.centre):
            power = int(other.centre)
            return self.applied(lambda value: value**power)
        return (self.log() * other).exp()

    @_with_number
    def __sub__(self, other: arb) -> arb:
        return self + -other

    @_with_number
    def __rsub__(self, other: arb) -> arb:
        return other + -self

    @_with_number
    def __rtruediv__(self, other: arb) -> arb:
        return other / self

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self) -> arb:
        return _pair(context.fneg(self.centre, exact=True), self.error)

    def __abs__(self) -> arb:
        return -self if self.centre < 0 else self

    @_with_number
    def __lt__(self, other: arb) -> bool:
        return bool(self.upper().centre < other.lower().centre)

    @_with_number
    def __le__(self, other: arb) -> bool:
        return bool(self.upper().centre <= other.lower().centre)

    @_with_number
    def __gt__(self, other: arb) -> bool:
        return bool(other < self)

    @_with_number
    def __ge__(self, other: arb) -> bool:
        return bool(other <= self)

    @_with_number
    def __eq__(self, other: arb) -> bool:
        return bool(self.error == other.error == 0 and self.centre == other.centre)

    @_with_number
    def __ne__(self, other: arb) -> bool:
        return not self.overlaps(other)

    def __float__(self) -> float:
        return float(self.centre)

    def __repr__(self) -> Text:
        return self.str(15)

    def applied(self, function: Callable[[Any], Any]) -> arb:
        """Return the value of a function of mpmath's numbers; nan where it has none at the midpoint or at an end."""
        places = [self.centre] if self.error == 0 else [self.centre, *self._ends()]
        try:
            with context.workprec(context.prec + _GUARD):
                value, *others = (function(place) for place in places)
                moved = max((abs(other - value) for other in others), default=context.zero)
        except (ValueError, ZeroDivisionError):
            return arb.nan()
        real = all(isinstance(each, context.mpf) for each in (value, *others))
        return rounded(+value, moved) if real else arb.nan()

    exp, log, sqrt = _function("exp"), _function("log"), _function("sqrt")
    sin, cos, asin, acos, atan = (_function(name) for name in ("sin", "cos", "asin", "acos", "atan"))
    sinh, cosh, tanh = _function("sinh"), _function("cosh"), _function("tanh")
    erf, erfc, fac = _function("erf"), _function("erfc"), _function("factorial")

    @property
    def real(self) -> arb:
        """The number itself: nothing here leaves the real line."""
        return self

    def mid(self) -> arb:
        """Return the midpoint."""
        return _pair(self.centre, context.zero)

    def rad(self) -> arb:
        """Return the radius."""
        return _pair(self.error, context.zero)

    def _ends(self) -> tuple[Any, Any]:
        low = context.fsub(self.centre, self.error, rounding="f")
        return low, context.fadd(self.centre, self.error, rounding="c")

    def lower(self) -> arb:
        """Return the lower end."""
        return _pair(self._ends()[0], context.zero)

    def upper(self) -> arb:
        """Return the upper end."""
        return _pair(self._ends()[1], context.zero)

    def abs_upper(self) -> arb:
        """Return the largest absolute value."""
        return abs(self).upper()

    def is_finite(self) -> bool:
        """Return whether both the midpoint and the radius are finite."""
        return bool(context.isfinite(self.centre) and context.isfinite(self.error))

    def overlaps(self, other: Any) -> bool:
        """Return whether some value is common to both; what is not a number may be any."""
        return not (self < other or self > other)

    def contains(self, other: Any) -> bool:
        """Return whether every value of the other is one of this."""
        (low, high), (least, most) = self._ends(), arb(other)._ends()  # noqa: SLF001  (of the same class)
        return bool(low <= least and most <= high)

    def str(self, digits: int = 15, *, radius: bool = True) -> Text:
        """Return the midpoint in decimals, with the radius if asked for."""
        shown = context.nstr(self.centre, digits, strip_zeros=False)
        return f"[{shown} +/- {context.nstr(self.error, 3)}]" if radius else Text(shown)


def _pair(centre: Any, error: Any) -> arb:
    """Return the number of this midpoint and radius as they are."""
    number = arb.__new__(arb)
    number.centre, number.error = centre, error
    return number


def rounded(centre: Any, error: Any) -> arb:
    """Return the number of this midpoint, whose last place is rounded."""
    return _pair(centre, error + context.ldexp(abs(centre), -context.prec))


def _read(value: Any) -> tuple[Any, Any]:
    """Return midpoint and radius of a number, a fraction, or a text such as `1.5 +/- 1e-9`."""
    if isinstance(value, arb):
        return value.centre, value.error
    if isinstance(value, str):
        mid, *rad = value.strip("[]").split("+/-")
        number = rounded(context.mpf(mid.strip()), context.mpf(rad[0].strip()) if rad else context.zero)
        return number.centre, number.error
    if isinstance(value, Fraction):
        number = arb(value.numerator) / value.denominator if value.denominator != 1 else arb(value.numerator)
        return number.centre, number.error
    return context.convert(value), context.zero
