"""Rigorous arithmetic: SymPy expressions and Gaussian means enclosed by balls of python-flint.

A ball is a midpoint with a radius that is guaranteed to contain the true value, rounding included.  The library
integrates over finite intervals only, so the Gaussian tail is ours: it is bounded by `theory.growth`.

References
    johansson2017arb
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp

from .activations import Activation
from .arithmetic import flint
from .growth import envelope
from .symbols import x

Ball = Any
"""A `flint.arb`; the library ships no types."""

_METHODS = {
    sp.exp: "exp", sp.log: "log", sp.sin: "sin", sp.cos: "cos", sp.tanh: "tanh", sp.sinh: "sinh", sp.cosh: "cosh",
    sp.erf: "erf", sp.erfc: "erfc", sp.asin: "asin", sp.acos: "acos", sp.atan: "atan",
}  # fmt: skip
_BRANCHED = {sp.log, sp.asin, sp.acos, sp.atan}
"""Functions with branch cuts: under an integral the library must be told to watch them, or its ball is wrong."""


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Set the working precision, and put back what was there: the library keeps it in one global place."""
    before = flint.ctx.prec
    flint.ctx.prec = bits
    try:
        yield
    finally:
        flint.ctx.prec = before


def evaluate(expr: sp.Expr, values: Mapping[sp.Symbol, Any], *, analytic: bool = False) -> Any:
    """Return `expr` at `values`, in the arithmetic of the values: real or complex balls, or power series of balls."""
    if expr in values:
        return values[expr]
    if expr.is_Rational:
        return flint.arb(flint.fmpq(int(expr.p), int(expr.q)))
    if expr is sp.pi:
        return flint.arb.pi()
    if expr is sp.E:
        return flint.arb(1).exp()
    if isinstance(expr, sp.CRootOf):  # bisected by SymPy to an interval of the width asked for
        width = sp.Rational(1, 2 ** (flint.ctx.prec + 8))
        return evaluate(expr.eval_rational(width), {}) + evaluate(width, {}) * flint.arb(0, 1)
    args = [evaluate(arg, values, analytic=analytic) for arg in expr.args]
    if isinstance(expr, sp.Add):
        return sum(args[1:], args[0])
    if isinstance(expr, sp.Mul):
        product = args[0]
        for factor in args[1:]:
            product = factor * product if isinstance(product, flint.arb) else product * factor
        return product
    if isinstance(expr, sp.Pow):
        return _power(args[0], expr.exp, args[1], analytic=analytic)
    if expr.func not in _METHODS:
        raise ValueError(f"no ball arithmetic for {expr.func.__name__}")
    value = args[0]
    if analytic and expr.func in _BRANCHED and isinstance(value, flint.acb):
        return value.log(analytic=True) if expr.func is sp.log else _branched(expr.func, value)
    if isinstance(value, flint.arb_series) and expr.func in {sp.tanh, sp.sinh, sp.cosh}:
        return evaluate(expr.rewrite(sp.exp), values)
    return getattr(value, _METHODS[expr.func])()


def _branched(function: type, value: Any) -> Any:
    """Return nan wherever `value` may touch the cut of asin, acos or atan: the integrator then splits."""
    touches = value.imag.contains(0) if function in {sp.asin, sp.acos} else value.real.contains(0)
    inside = abs(value.real) < 1 if function in {sp.asin, sp.acos} else abs(value.imag) < 1
    if touches and not inside:
        return flint.acb(flint.arb.nan(), flint.arb.nan())
    return getattr(value, _METHODS[function])()


def _power(base: Any, exponent: sp.Expr, ball: Any, *, analytic: bool) -> Any:
    if exponent.is_Integer:
        return integer_power(base, int(exponent))
    if exponent is sp.S.Half:  # by identity: a comparison of SymPy numbers costs more than the root
        return base.sqrt(analytic=True) if analytic and isinstance(base, flint.acb) else base.sqrt()
    if exponent.is_Rational and exponent.q == 2:
        return integer_power(_power(base, sp.S.Half, ball, analytic=analytic), int(exponent.p))
    if analytic and isinstance(base, flint.acb):
        return (base.log(analytic=True) * ball).exp()
    return base**ball


def integer_power(base: Any, exponent: int) -> Any:
    """Return `base^n` by squaring: the library's own power goes through a logarithm, and gives nan at 0."""
    if exponent < 0:
        return 1 / integer_power(base, -exponent)
    if exponent == 0:
        return base * 0 + 1
    half = integer_power(base, exponent // 2)
    return half * half * base if exponent % 2 else half * half


@lru_cache(maxsize=4096)
def number(expr: sp.Expr, bits: int) -> Ball:
    """Return the ball of a constant expression at a precision of `bits`."""
    with precision(bits):
        return evaluate(expr, {})


def rational(value: Fraction) -> Ball:
    """Return the ball of a fraction."""
    return flint.arb(flint.fmpq(value.numerator, value.denominator))


def taylor(expr: sp.Expr, variable: sp.Symbol, order: int, bits: int) -> list[Ball]:
    """Return the Taylor coefficients of `expr` at 0, degrees 0 to `order`, as balls."""
    with precision(bits):
        before = flint.ctx.cap
        flint.ctx.cap = order + 1
        try:
            series = evaluate(expr, {variable: flint.arb_series([0, 1], prec=order + 1)})
        finally:
            flint.ctx.cap = before
        coefficients = [series[i] for i in range(order + 1)] if isinstance(series, flint.arb_series) else [series]
        return coefficients + [flint.arb(0)] * (order + 1 - len(coefficients))


def gaussian_mean(
    activation: Activation, factor: Callable[[Any], Any] | None, bits: int, *, square: bool = False
) -> Ball:
    """Return `E[phi(g) factor(g)]`, or `E[phi(g)^2]`, enclosed, tail included.

    `factor` is a polynomial with `E[factor(g)^2] <= 1`: then by Cauchy and Schwarz the tail beyond R is at most
    `sqrt(E[phi(g)^2; |g| > R])`.
    """
    radius, log2_tail = cut(activation, bits, square=square)
    with precision(bits):
        norm = (2 * flint.arb.pi()).sqrt()
        total = flint.arb(0)
        for piece in activation.pieces:
            lo = -radius if piece.lo == -sp.oo else number(piece.lo, bits)
            hi = radius if piece.hi == sp.oo else number(piece.hi, bits)

            def integrand(z: Any, analytic: bool, expr: sp.Expr = piece.expr) -> Any:  # noqa: FBT001
                value = evaluate(expr, {x: z}, analytic=analytic)
                value = value * value if square else value * factor(z) if factor else value
                return value * (-(z * z) / 2).exp()

            if piece.expr != 0:
                total += flint.acb.integral(integrand, flint.acb(lo), flint.acb(hi)).real / norm
        tail = flint.arb(2) ** flint.arb(log2_tail if square else log2_tail / 2)
        return total + tail * flint.arb(0, 1)


@lru_cache(maxsize=256)
def cut(activation: Activation, bits: int, *, square: bool) -> tuple[int, float]:
    """Return where to cut the line, so that the bound on the tail is below the last bit, and its logarithm."""
    growth = envelope(activation)
    wanted = -(bits if square else 2 * bits) - 8
    places = [abs(float(b)) for b in activation.breakpoints]
    radius = int(max(places, default=0.0)) + 2
    while growth.log2_tail(radius) > wanted:
        radius += 1
    return radius, growth.log2_tail(radius)


def text(ball: Ball, digits: int = 30) -> tuple[str, str]:
    """Return `(value, radius)` as decimals: the midpoint to `digits` digits, and a bound on its distance to the truth.

    A ball that holds 0 and is narrower than the digits asked for is written 0.
    """
    if not ball.is_finite():
        raise ArithmeticError("no finite enclosure")
    with precision(8 * digits + 64):
        tiny = ball.contains(0) and ball.abs_upper() < flint.arb(10) ** (-digits)
        rounded = "0" if tiny else ball.mid().str(digits, radius=False)
        distance = (ball - flint.arb(rounded)).abs_upper()
        # three digits rounded to nearest may fall short by half a unit of the third: go up by a whole one
        return rounded, "0" if distance == 0 else (distance * flint.arb("1.01")).str(3, radius=False)


def is_narrow(ball: Ball, digits: int) -> bool:
    """Return whether the radius is below one unit of the last of `digits` significant digits."""
    size = flint.arb(max(abs(ball).lower(), flint.arb(10) ** (-digits)))
    return bool(ball.is_finite() and ball.rad() < size * flint.arb(10) ** (-digits))


def unit_interval() -> Ball:
    """Return the ball [0, 1]."""
    return flint.arb(0.5, 0.5)
