"""The Weierstrass transform `W(t) = E[phi(g + t)] = sum_l mu_l t^l / sqrt(l!)`: coefficients without integrals.

W is found by rules, never by a symbolic integrator.  A term `x^n f(x)`, possibly cut off below `a`, follows from
Stein's identity `W[x f] = t W[f] + W[f]'`, starting from one of

    1                  1,                                   cut below a:  Phi(t - a)
    exp(px^2+qx+r)     exp((pt^2+qt+q^2/2)/(1-2p) + r) / sqrt(1-2p),   p < 1/2;  cut: times Phi of the tilted Gaussian
    sin(bx + c)        exp(-b^2/2) sin(bt + c)              (and cos alike)
    erf(bx + c)        erf((bt + c) / sqrt(1 + 2b^2))

References
    stein1981
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy as sp
from sympy.simplify.fu import TR8

from .activations import Activation
from .symbols import t, x

Cut = tuple[sp.Expr, sp.Expr]
"""`(f, a)`: the function `f(x)` for `x > a` and 0 below; `a = -oo` leaves f whole."""


def cuts(activation: Activation) -> tuple[Cut, ...]:
    """Return phi as a sum of smooth functions, each switched on at one point."""
    first, *others = activation.pieces
    result = [(first.expr, -sp.oo)]
    previous = first.expr
    for piece in others:
        result.append((sp.expand(piece.expr - previous), piece.lo))
        previous = piece.expr
    return tuple((f, a) for f, a in result if f != 0)


def transform(activation: Activation) -> sp.Expr | None:
    """Return `W(t) = E[phi(g + t)]` in closed form, or None where the rules do not reach."""
    return transform_of(cuts(activation))


def transform_of(switched: Iterable[Cut]) -> sp.Expr | None:
    """Return `E[f(g + t)]` for a sum of switched functions, or None where the rules do not reach."""
    total = sp.Integer(0)
    for f, a in switched:
        for term in sp.Add.make_args(linear(f)):
            image = transform_term(term, a)
            if image is None:
                return None
            total += image
    return total


def linear(f: sp.Expr) -> sp.Expr:
    """Return f as a sum of terms that the rules know: hyperbolic functions written out, products of sines as sums."""
    f = sp.expand(f.rewrite((sp.sinh, sp.cosh), sp.exp)) if f.has(sp.sinh, sp.cosh) else sp.expand(f)
    return sp.expand(TR8(f)) if f.has(sp.sin, sp.cos) else f


def transform_term(term: sp.Expr, a: sp.Expr) -> sp.Expr | None:
    """Return the transform of `c x^n core(x)` cut off below `a`, or None for an unknown core."""
    constant, power, core = split(term)
    image = _core(core, a)
    if image is None:
        return None
    for _ in range(power):
        image = sp.expand(t * image + image.diff(t))
    return constant * image


def split(term: sp.Expr) -> tuple[sp.Expr, int, sp.Expr]:
    """Return `(c, n, core)` with `term = c x^n core`; exponentials are gathered into one."""
    constant, rest = sp.powsimp(term).as_independent(x, as_Add=False)
    power, exponent, others = 0, sp.Integer(0), []
    for factor in sp.Mul.make_args(rest):
        base, index = factor.as_base_exp()
        if base == x and index.is_Integer and index > 0:
            power = int(index)
        elif isinstance(factor, sp.exp):
            exponent += factor.args[0]
        else:
            others.append(factor)
    return constant, power, sp.Mul(sp.exp(sp.expand(exponent)), *others)


def quadratic(core: sp.Expr) -> tuple[sp.Expr, sp.Expr, sp.Expr] | None:
    """Return `(p, q, r)` where `core = exp(p x^2 + q x + r)`, or None if it is not of that form."""
    if core == 1:
        return sp.Integer(0), sp.Integer(0), sp.Integer(0)
    if not isinstance(core, sp.exp) or not core.args[0].is_polynomial(x) or sp.degree(core.args[0], x) > 2:
        return None
    polynomial = sp.Poly(core.args[0], x)
    p, q, r = (polynomial.coeff_monomial(x**i) for i in (2, 1, 0))
    return p, q, r


def _core(core: sp.Expr, a: sp.Expr) -> sp.Expr | None:
    gaussian = quadratic(core)
    if gaussian is not None:
        p, q, r = gaussian
        spread = 1 - 2 * p
        if not spread.is_positive:
            return None
        image = sp.exp((p * t**2 + q * t + q**2 / 2) / spread + r) / sp.sqrt(spread)
        return image if a == -sp.oo else image * normal_cdf(((t + q) / spread - a) * sp.sqrt(spread))
    if a != -sp.oo or core.func not in {sp.sin, sp.cos, sp.erf}:
        return None
    argument = sp.expand(core.args[0])
    b, c = argument.coeff(x, 1), argument.coeff(x, 0)
    if sp.expand(argument - b * x - c) != 0:
        return None
    if core.func is sp.erf:
        return sp.erf((b * t + c) / sp.sqrt(1 + 2 * b**2))
    return sp.exp(-(b**2) / 2) * core.func(b * t + c)


def normal_cdf(argument: sp.Expr) -> sp.Expr:
    """Return `Phi(argument) = P(g < argument)`."""
    return (1 + sp.erf(sp.expand(argument) / sp.sqrt(2))) / 2
