"""How fast a function grows: an explicit envelope `|f(x)| <= C (1 + |x|)^n exp(b |x| + a x^2)` on the whole line.

An envelope with `a < 1/4` proves `E[f(g)^2] < inf` and bounds the Gaussian tail of every integral with `f`
(`tail_energy`).  The envelope is built by rules over the expression, each an elementary inequality; where no rule
applies the function is refused, never guessed at.

Implementation notes
    Bounds are floats, inflated by `_SLACK` at each constant: far above rounding, far below what an envelope costs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import reduce
from operator import add, mul

import sympy as sp

from .activations import Activation
from .pieces import Piece
from .symbols import x

_SLACK = 1 + 1e-9
_MOST_DEGREE = 16
_BOUNDED = {sp.sin: 1.0, sp.cos: 1.0, sp.tanh: 1.0, sp.erf: 1.0, sp.erfc: 2.0, sp.atan: math.pi / 2}


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """`|f(x)| <= constant (1 + |x|)^power exp(linear |x| + quadratic x^2)` for every real x."""

    constant: float
    power: float = 0.0
    linear: float = 0.0
    quadratic: float = 0.0

    def __add__(self, other: Envelope) -> Envelope:
        return Envelope(
            constant=(self.constant + other.constant) * _SLACK,
            power=max(self.power, other.power),
            linear=max(self.linear, other.linear),
            quadratic=max(self.quadratic, other.quadratic),
        )

    def __mul__(self, other: Envelope) -> Envelope:
        return Envelope(
            constant=self.constant * other.constant * _SLACK,
            power=self.power + other.power,
            linear=self.linear + other.linear,
            quadratic=self.quadratic + other.quadratic,
        )

    def raised(self, exponent: float) -> Envelope:
        """Return the envelope of `|f|^exponent`, for a positive exponent."""
        return Envelope(
            constant=self.constant**exponent * _SLACK,
            power=self.power * exponent,
            linear=self.linear * exponent,
            quadratic=self.quadratic * exponent,
        )

    @property
    def expr(self) -> sp.Expr:
        """The bound as an expression, its constants rounded up to three digits: for the eye, and no less true."""
        c, n, b, a = (_rounded_up(value) for value in (self.constant, self.power, self.linear, self.quadratic))
        return c * (1 + sp.Abs(x)) ** n * sp.exp(b * sp.Abs(x) + a * x**2)

    def log2_tail(self, radius: float) -> float:
        """Return the base-2 logarithm of a bound on `E[f(g)^2; |g| > radius]`, or infinity where none is had.

        With `c = 1/2 - 2 quadratic > 0` the integrand is at most `C^2 (1+x)^{2n} exp(2bx - c x^2) / sqrt(2 pi)`;
        beyond the point where `(1+x)^{2n} exp(2bx - c x^2 / 2)` decreases it is bounded by its value at the radius
        times `exp(-c (x^2 - radius^2) / 2)`, whose integral is at most `1 / (c radius)`.
        """
        c = 0.5 - 2 * self.quadratic
        if c <= 0 or radius <= 0 or 2 * self.power / (1 + radius) + 2 * self.linear >= c * radius:
            return math.inf
        exponent = 2 * self.linear * radius - c * radius**2 + 2 * self.power * math.log1p(radius)
        log = math.log(2 / (math.sqrt(2 * math.pi) * c * radius)) + exponent + 2 * math.log(max(self.constant, 1e-300))
        return log * _SLACK / math.log(2) if log > 0 else log / _SLACK / math.log(2)


def _rounded_up(value: float) -> sp.Rational:
    """Return the least decimal of three significant digits that is at least `value`."""
    if value == 0:
        return sp.Integer(0)
    unit = sp.Rational(10) ** (math.floor(math.log10(abs(value))) - 2)
    return sp.ceiling(sp.Rational(value) / unit) * unit


def envelope(activation: Activation) -> Envelope:
    """Return an envelope of phi with `E[phi(g)^2] < inf` proved; ValueError where the rules do not prove it."""
    try:
        total = reduce(add, (_envelope(piece.expr, piece) for piece in activation.pieces))
    except _Unproved as unproved:
        raise ValueError(
            f"{activation.name}: cannot prove that E[phi(g)^2] is finite for the standard Gaussian g: {unproved}"
        ) from None
    if total.quadratic >= 0.25:
        raise ValueError(
            f"{activation.name} is not shown to be square-integrable against the Gaussian: it may grow like "
            f"exp({total.quadratic:g} x^2), and E[phi(g)^2] is finite only below exp(x^2/4)"
        )
    if not math.isfinite(total.constant):
        raise ValueError(f"{activation.name} takes values too large to bound in double precision")
    return total


class _Unproved(Exception):  # noqa: N818  (not an error of the program: the rules are only sufficient)
    """No rule bounds this expression."""


@dataclass(frozen=True)
class _Interval:
    """A closed interval of the extended real line that contains every value of an expression."""

    lo: float
    hi: float

    def widened(self) -> _Interval:
        """Return the interval with each finite end moved outwards, past any rounding; a zero stays exact."""
        return _Interval(
            self.lo - abs(self.lo) * (_SLACK - 1) if math.isfinite(self.lo) else self.lo,
            self.hi + abs(self.hi) * (_SLACK - 1) if math.isfinite(self.hi) else self.hi,
        )


def _float(number: sp.Expr) -> float:
    return float(number.evalf(20))


def _envelope(expr: sp.Expr, domain: Piece) -> Envelope:
    """Return an envelope of `expr` between the ends of `domain`, by structural recursion."""
    if expr.is_number:
        if not expr.is_real:
            raise _Unproved(f"{expr} is not real")
        return Envelope(constant=abs(_float(expr)) * _SLACK)
    if expr == x:
        return Envelope(constant=1.0, power=1.0)
    if isinstance(expr, (sp.Add, sp.Mul)):
        return reduce(add if isinstance(expr, sp.Add) else mul, (_envelope(arg, domain) for arg in expr.args))
    if isinstance(expr, sp.exp):
        return _of_exponential(expr.args[0], domain)
    if isinstance(expr, sp.Pow):
        return _of_power(expr.base, expr.exp, domain)
    if isinstance(expr, sp.log):
        return _of_logarithm(expr.args[0], domain)
    if isinstance(expr, (sp.sinh, sp.cosh)):
        up, down = _of_exponential(expr.args[0], domain), _of_exponential(-expr.args[0], domain)
        return up + down
    bound = _BOUNDED.get(expr.func)
    if bound is None:
        raise _Unproved(f"nothing is known about the growth of {expr}")
    _envelope(expr.args[0], domain)  # the argument must be a finite real function too
    return Envelope(constant=bound * _SLACK)


def _of_exponential(argument: sp.Expr, domain: Piece) -> Envelope:
    """`exp(u + v) = exp(u) exp(v)`, u a quadratic; `exp(v)` from an upper bound of v, or from that of `|v|`.

    The last is `C (1 + |x|)^n`, at most `C (1 + |x|)` for n <= 1 and `C (1 + 2 |x| + x^2)` for n <= 2.
    """
    terms = sp.Add.make_args(argument)
    u = sp.Add(*(term for term in terms if term.is_polynomial(x) and sp.degree(term, x) <= 2))
    if u == argument:
        c0, c1, c2 = (_float(sp.Poly(u, x).coeff_monomial(x**i)) for i in range(3))
        return Envelope(constant=_exp(c0) * _SLACK, linear=abs(c1), quadratic=c2)
    top = _range(argument, domain).hi
    if top < 700:
        return Envelope(constant=_exp(top) * _SLACK)
    if u != 0:
        return _of_exponential(u, domain) * _of_exponential(argument - u, domain)
    growth = _envelope(argument, domain)
    c = growth.constant
    if growth.power <= 2 and growth.linear <= 0 and growth.quadratic <= 0:
        fast = growth.power > 1
        return Envelope(constant=_exp(c) * _SLACK, linear=2 * c if fast else c, quadratic=c if fast else 0.0)
    raise _Unproved(f"exp({argument}) may grow faster than any Gaussian decays")


def _of_power(base: sp.Expr, exponent: sp.Expr, domain: Piece) -> Envelope:
    if not exponent.is_Rational:
        raise _Unproved(f"the exponent of {base**exponent} is not a rational number")
    p = float(exponent)
    values = _range(base, domain)
    if not exponent.is_Integer and values.lo < 0:
        raise _Unproved(f"{base} may be negative, and {base**exponent} is then not real")
    if p > 0:
        return _envelope(base, domain).raised(p)
    distance = max(values.lo, -values.hi)  # of the base from zero
    if distance <= 0:
        raise _Unproved(f"{base} may vanish, and {base**exponent} is then infinite")
    return Envelope(constant=distance**p * _SLACK)


def _of_logarithm(argument: sp.Expr, domain: Piece) -> Envelope:
    """`|log u| <= |log(inf u)| + log(envelope of u)`, and `log(1 + |x|) <= |x|`."""
    low = _range(argument, domain).lo
    if low <= 0:
        raise _Unproved(f"{argument} may not be positive, and its logarithm is then not finite")
    growth = _envelope(argument, domain)
    constant = abs(math.log(low)) + max(math.log(max(growth.constant, 1.0)), 0.0)
    slope = growth.power + max(growth.linear, 0.0) + max(growth.quadratic, 0.0)
    return Envelope(constant=(constant + slope) * _SLACK, power=2.0 if growth.quadratic > 0 else 1.0)


def _exp(value: float) -> float:
    return math.exp(value) if value < 700 else math.inf


def _range(expr: sp.Expr, domain: Piece) -> _Interval:
    """Return an interval that contains the values of `expr` on `domain`: interval arithmetic on the tree."""
    if expr.is_number:
        return _Interval(_float(expr), _float(expr)).widened()
    if expr == x:
        return _Interval(_float(domain.lo), _float(domain.hi))
    if expr.is_polynomial(x):
        exact = _range_of_polynomial(sp.Poly(expr, x), domain)
        if exact is not None:
            return exact
    parts = [_range(arg, domain) for arg in expr.args]
    if isinstance(expr, sp.Add):
        return _Interval(sum(p.lo for p in parts), sum(p.hi for p in parts)).widened()
    if isinstance(expr, sp.Mul):
        product = parts[0]
        for part in parts[1:]:
            corners = [0.0 if 0 in (a, b) else a * b for a in (product.lo, product.hi) for b in (part.lo, part.hi)]
            product = _Interval(min(corners), max(corners))
        return product.widened()
    if isinstance(expr, sp.exp):
        return _Interval(_exp(parts[0].lo), _exp(parts[0].hi)).widened()
    if isinstance(expr, sp.Pow):
        return _range_of_power(parts[0], expr.exp)
    if isinstance(expr, sp.log) and parts[0].lo > 0:
        return _Interval(math.log(parts[0].lo), math.log(parts[0].hi) if parts[0].hi < math.inf else math.inf).widened()
    if isinstance(expr, sp.cosh):
        return _Interval(1.0, math.inf)
    bound = _BOUNDED.get(expr.func)
    if bound is None:
        return _Interval(-math.inf, math.inf)
    return _Interval(0.0 if expr.func is sp.erfc else -bound, bound)


def _range_of_polynomial(polynomial: sp.Poly, domain: Piece) -> _Interval | None:
    """Return the range, taken at the ends or where the derivative vanishes; None where that cannot be placed."""
    slope = polynomial.diff()
    if slope == 0 or polynomial.degree() > _MOST_DEGREE:
        return None
    if slope.degree() > 0 and polynomial.domain not in (sp.ZZ, sp.QQ):
        return None
    lo, hi = _float(domain.lo) - 1e-6, _float(domain.hi) + 1e-6  # a place too many does no harm
    flat = {root for root in sp.real_roots(slope) if lo <= _float(root) <= hi} if slope.degree() > 0 else set()
    values = [_value(polynomial, place) for place in {domain.lo, domain.hi} | flat]
    return _Interval(min(v.lo for v in values), max(v.hi for v in values))


def _value(polynomial: sp.Poly, place: sp.Expr) -> _Interval:
    """Return an interval that contains the value at one place, which is 0 only where it is known to vanish."""
    if place in (sp.oo, -sp.oo):
        end = math.inf if polynomial.LC().is_positive == (place == sp.oo or polynomial.degree() % 2 == 0) else -math.inf
        return _Interval(end, end)
    if isinstance(place, sp.ComplexRootOf):
        polynomial = sp.rem(polynomial, sp.Poly(place.poly.as_expr(x), x))
    exact = sp.expand(polynomial.as_expr().subs(x, place))
    number = _float(exact)
    if exact != 0 and abs(number) < 1e-9:
        return _Interval(-1e-9, 1e-9)
    return _Interval(number, number).widened()


def _range_of_power(base: _Interval, exponent: sp.Expr) -> _Interval:
    everything = _Interval(-math.inf, math.inf)
    if not exponent.is_Rational:
        return everything
    p = float(exponent)
    if base.lo >= 0:
        ends = sorted(math.inf if (end == 0 and p < 0) else _power(end, p) for end in (base.lo, base.hi))
        return _Interval(*ends).widened()
    if exponent.is_Integer and exponent > 0:
        corners = [_power(base.lo, p), _power(base.hi, p)]
        return _Interval(0.0 if exponent % 2 == 0 else min(corners), max(corners)).widened()
    return everything


def _power(value: float, p: float) -> float:
    try:
        return float(value**p)
    except OverflowError:
        return math.inf if value > 0 or p % 2 == 0 else -math.inf
