"""Functions `P(rho) + A(rho) asin(c rho) + N(rho) / D^(j + 1/2)`, closed under integration.

Here `D = a - b rho^2` and `c = sqrt(b/a)`; a sum may hold several D.  Every dual of an activation with its kinks at 0,
or made of erf and Gaussians, lives here.  Integration is linear algebra on polynomials, so nothing is asked of a
symbolic integrator, and differentiating the answer is the check.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import sympy as sp

from .symbols import rho


@dataclass(frozen=True, kw_only=True)
class Algebraic:
    """`polynomial + arcsine asin(sqrt(b/a) rho) + numerator / (a - b rho^2)^(order + 1/2)`."""

    a: sp.Expr
    b: sp.Expr
    polynomial: sp.Expr = sp.Integer(0)
    arcsine: sp.Expr = sp.Integer(0)
    numerator: sp.Expr = sp.Integer(0)
    order: int = 0

    @staticmethod
    def zero(a: sp.Expr, b: sp.Expr) -> Algebraic:
        """Return 0, over `D = a - b rho^2`."""
        return Algebraic(a=a, b=b)

    @property
    def root(self) -> sp.Expr:
        """`D = a - b rho^2`."""
        return self.a - self.b * rho**2

    def plus_polynomial(self, polynomial: sp.Expr) -> Algebraic:
        """Return the sum with a polynomial in rho."""
        return replace(self, polynomial=self.polynomial + polynomial)

    def __add__(self, constant: sp.Expr) -> Algebraic:
        return self.plus_polynomial(constant)

    def plus_root(self, numerator: sp.Expr, order: int) -> Algebraic:
        """Return the sum with `numerator / D^(order + 1/2)`."""
        top = max(order, self.order)
        mine = self.numerator * self.root ** (top - self.order)
        return replace(self, numerator=sp.expand(mine + numerator * self.root ** (top - order)), order=top)

    def integral(self) -> Algebraic:
        """Return the integral from 0: by parts for the arcsine, by comparing coefficients for the root."""
        arcsine = sp.Poly(self.arcsine, rho).integrate().as_expr()
        by_parts = self.plus_root(-sp.sqrt(self.b) * arcsine, 0)
        raised = by_parts.plus_root(sp.Integer(0), 0)
        quotient, coefficient = _integrate_root(raised.numerator, raised.order, self.a, self.b)
        start = quotient.subs(rho, 0) / self.a ** (raised.order - sp.Rational(1, 2))
        return replace(
            self,
            polynomial=sp.Poly(self.polynomial, rho).integrate().as_expr() - start,
            arcsine=arcsine + coefficient,
            numerator=quotient,
            order=raised.order - 1,
        )

    def expression(self) -> sp.Expr:
        """Return the function as a SymPy expression."""
        angle = sp.asin(sp.sqrt(self.b / self.a) * rho)
        content, primitive = sp.factor_terms(self.root).as_independent(rho, as_Add=False)
        power = -self.order - sp.Rational(1, 2)
        root = sp.factor(self.numerator) * content**power * primitive**power
        return _tidy(self.polynomial) + sp.factor(self.arcsine) * angle + root


@dataclass(frozen=True, kw_only=True)
class AlgebraicSum:
    """A sum of `Algebraic`, one for each root `a - b rho^2`; the polynomial may lie with any of them."""

    parts: tuple[Algebraic, ...] = ()

    def plus_root(self, numerator: sp.Expr, order: int, *, a: sp.Expr, b: sp.Expr) -> AlgebraicSum:
        """Return the sum with `numerator / (a - b rho^2)^(order + 1/2)`; a polynomial for b = 0, refused for b < 0."""
        a, b = sp.expand(a), sp.expand(b)
        if b == 0:
            return self.plus_polynomial(sp.expand(numerator) / a ** (order + sp.Rational(1, 2)))
        if not b.is_positive:
            raise ValueError(f"{a} - ({b}) rho^2 has no arcsine")
        mine = next((part for part in self.parts if (part.a, part.b) == (a, b)), Algebraic.zero(a, b))
        others = tuple(part for part in self.parts if (part.a, part.b) != (a, b))
        return AlgebraicSum(parts=(*others, mine.plus_root(numerator, order)))

    def plus_polynomial(self, polynomial: sp.Expr) -> AlgebraicSum:
        """Return the sum with a polynomial in rho."""
        first, *others = self.parts or (Algebraic.zero(sp.Integer(1), sp.Integer(1)),)
        return AlgebraicSum(parts=(first.plus_polynomial(polynomial), *others))

    def integral(self) -> AlgebraicSum:
        """Return the integral from 0."""
        return AlgebraicSum(parts=tuple(part.integral() for part in self.parts))

    def expression(self) -> sp.Expr:
        """Return the function as a SymPy expression."""
        return sp.Add(*(part.expression() for part in self.parts))


def _tidy(polynomial: sp.Expr) -> sp.Expr:
    """Return a polynomial in rho term by term; coefficients with a symbol in them would be torn apart by `expand`."""
    return sp.Add(*(_number(c) * rho**i for (i,), c in sp.Poly(polynomial, rho).terms()))


def _number(coefficient: sp.Expr) -> sp.Expr:
    return sp.simplify(coefficient) if coefficient.free_symbols else sp.expand(coefficient)


def _integrate_root(numerator: sp.Expr, order: int, a: sp.Expr, b: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Return `(Q, e)` with `(Q / D^(j - 1/2) + e asin(c rho))' = N / D^(j + 1/2)`.

    Multiplied by `D^(j + 1/2)` this reads `Q' D + (2j - 1) b rho Q + e sqrt(b) D^j = N`: linear in e and in the
    coefficients of Q.
    """
    root = a - b * rho**2
    degree = max(sp.degree(sp.Poly(numerator, rho)) - 1 if numerator != 0 else 0, 2 * order - 1, 0) + 1
    unknowns = sp.symbols(f"q0:{degree + 1}")
    e = sp.Dummy("e")
    quotient = sum(q * rho**i for i, q in enumerate(unknowns))
    identity = (
        quotient.diff(rho) * root + (2 * order - 1) * b * rho * quotient + e * sp.sqrt(b) * root**order - numerator
    )
    solutions = sp.solve(sp.Poly(sp.expand(identity), rho).coeffs(), [*unknowns, e], dict=True)
    if not solutions:
        raise ArithmeticError(f"no antiderivative of ({numerator}) / ({root})^({order} + 1/2) in the class")
    solution = solutions[0]
    free = dict.fromkeys([*unknowns, e], sp.Integer(0))
    return sp.expand(quotient.subs(solution).subs(free)), sp.expand(e.subs(solution).subs(free))
