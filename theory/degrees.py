r"""Hermite coefficients as functions of the degree: `mu_l` for all l at once, found from the Weierstrass transform.

`W(t) = sum_l mu_l t^l / sqrt(l!)` is a sum of terms `c t^n E(t)` whose cores have Taylor coefficients in closed form:

    core E(t)               coefficient of t^l                                      because
    exp(a t^2)              a^j / j!, l = 2 j                                       E' = 2 a t E
    exp(q t)                q^l / l!                                                E' = q E
    exp(-(b t)^2/2 + q t)   b^l He_l(q / b) / l!                                    E' = (q - b^2 t) E
    erf(b t)                2 b (-b^2)^j / (sqrt(pi) l j!), l = 2 j + 1             E' = 2 b exp(-b^2 t^2) / sqrt(pi)
    erf((b t + c)/sqrt(2))  sqrt(2/pi) exp(-c^2/2) b^l He_(l-1)(-c) / l!, l > 0     E' = sqrt(2/pi) b e^(-(b t + c)^2/2)
    sin(b t), cos(b t)      b (-b^2)^j / l!, l = 2 j + 1;  (-b^2)^j / l!, l = 2 j   E' = b cos(b t), -b sin(b t)

A power series solves such an equation if and only if its coefficients obey the recurrence that comparing powers gives,
so each line is proved for all l by one symbolic identity: `theory.derivation` shows it and checks it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import sympy as sp

from .symbols import ell, t
from .weierstrass import linear

k = sp.Symbol("k", integer=True, nonnegative=True)
"""Half of an even degree, or of an odd one less 1."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """`mu_degree = expr` for all degrees of one form (`2 k`, `2 k + 1`, or any `l`) from `first` on."""

    degree: sp.Expr
    expr: sp.Expr
    first: int

    @property
    def variable(self) -> sp.Symbol:
        """`k`, or `l` itself."""
        (variable,) = self.degree.free_symbols
        return variable

    def speaks_of(self, degree: int) -> bool:
        """Whether a degree is of this form, be it below `first` or not."""
        return bool((degree - self.degree.subs(self.variable, 0)) % self.degree.coeff(self.variable, 1) == 0)

    def at(self, degree: int) -> sp.Expr:
        """Return the value at a degree of this form."""
        step, start = self.degree.coeff(self.variable, 1), self.degree.subs(self.variable, 0)
        return self.expr.subs(self.variable, (degree - start) / step).doit()


@dataclass(frozen=True, kw_only=True)
class Term:
    """A term `rational(n) base^n He_index(place) / factorial(n)` in `n = k` or `l`; without an index, no polynomial."""

    rational: sp.Expr
    base: sp.Expr
    factorial: sp.Expr
    index: sp.Expr | None = None
    place: sp.Expr = sp.Integer(0)

    def times(self, factor: sp.Expr) -> Term:
        """Return the term times a function of n that is rational."""
        return replace(self, rational=self.rational * factor)

    def with_polynomial(self, index: sp.Expr, place: sp.Expr) -> Term:
        """Return the term times `He_index(place)`."""
        return replace(self, index=index, place=place)

    def expression(self, variable: sp.Symbol) -> sp.Expr:
        """Return the term as a SymPy expression."""
        rational = sp.factor(sp.together(self.rational))
        polynomial = sp.Integer(1) if self.index is None else sp.hermite_prob(self.index, self.place)
        return rational * self.base**variable * polynomial / self.factorial if rational != 0 else sp.Integer(0)


@dataclass(frozen=True, kw_only=True)
class DegreeFormula:
    """`mu_l` for all l: the cases, exceptions below where they begin, and the cores `E(t)` that they came from."""

    cases: tuple[Case, ...]
    exceptions: tuple[tuple[int, sp.Expr], ...]
    cores: tuple[sp.Expr, ...]

    def at(self, degree: int) -> sp.Expr:
        """Return `mu_degree`."""
        known = dict(self.exceptions)
        return known[degree] if degree in known else next(c for c in self.cases if c.speaks_of(degree)).at(degree)


def degree_formula(transform: sp.Expr) -> DegreeFormula | None:
    """Return `mu_l` for all l from `W(t)`, or None where a core is not in the table."""
    terms = [_split(term) for term in sp.Add.make_args(linear_in_t(transform))]
    for degrees in ((ell,), (2 * k, 2 * k + 1)):
        found = [_case(terms, degree) for degree in degrees]
        if None not in found:
            cases = tuple(case for case in found if case is not None)
            return _with_exceptions(transform, cases, terms)
    return None


def linear_in_t(transform: sp.Expr) -> sp.Expr:
    """Return W as a sum of terms `c t^n E(t)`, shifted sines and cosines written without their shift."""
    flat = linear(transform)
    for core in flat.atoms(sp.sin, sp.cos):
        shift, moving = sp.expand(core.args[0]).as_independent(t, as_Add=True)
        other = sp.cos(moving) if isinstance(core, sp.sin) else -sp.sin(moving)
        flat = flat.subs(core, sp.cos(shift) * core.func(moving) + sp.sin(shift) * other)
    return sp.expand(sp.powsimp(sp.expand(flat)))


def _split(term: sp.Expr) -> tuple[sp.Expr, int, sp.Expr]:
    """Return `(c, n, E)` with `term = c t^n E(t)`; the constant factor of an exponential goes to c."""
    constant, rest = sp.powsimp(term).as_independent(t, as_Add=False)
    power, core = 0, sp.Integer(1)
    for factor in sp.Mul.make_args(rest):
        base, index = factor.as_base_exp()
        if base == t and index.is_Integer and index > 0:
            power = int(index)
        elif isinstance(factor, sp.exp):
            shift, moving = sp.expand(factor.args[0]).as_independent(t, as_Add=True)
            constant, core = constant * sp.exp(shift), core * sp.exp(moving)
        else:
            core *= factor
    return constant, power, sp.powsimp(core)


def taylor_coefficient(core: sp.Expr, degree: sp.Expr) -> tuple[Term | None, int] | None:
    """Return the coefficient of `t^degree` (None for 0) and the degree from which it is right; None if there is none.

    `degree` is `l - i`, `2 k + i` or `2 k - i`; the table has no line where a coefficient depends on an unknown parity.
    """
    if core == 1:
        return None, 1
    argument = sp.expand(core.args[0]) if core.args else sp.Integer(0)
    slope, shift = argument.coeff(t, 1), argument.coeff(t, 0)
    if isinstance(core, sp.exp) and argument.is_polynomial(t) and sp.degree(argument, t) <= 2:
        return _of_exponential(argument.coeff(t, 2), slope, degree)
    if sp.expand(argument - slope * t - shift) != 0 or not isinstance(core, (sp.erf, sp.sin, sp.cos)):
        return None
    if isinstance(core, sp.erf) and shift != 0:
        sign, root = (1 if shift.is_negative else -1), sp.sqrt(2)
        scale = sign * root * sp.exp(-(shift**2)) / sp.sqrt(sp.pi)
        return _over_factorial(sign * root * slope, degree).times(scale).with_polynomial(
            degree - 1, -sign * root * shift
        ), 1
    odd = not isinstance(core, sp.cos)
    if shift != 0 or degree.is_odd is None:
        return None
    if degree.is_odd is not odd:
        return None, 0
    if isinstance(core, sp.erf):
        half = sp.expand((degree - 1) / 2)
        return _over_factorial(-(slope**2), half).times(2 * slope / (sp.sqrt(sp.pi) * degree)), 1
    term, half = _over_factorial(slope, degree), sp.expand((degree - int(odd)) / 2)
    return replace(term, base=-term.base).times((-1) ** half.subs(k, 0)), 0


def _of_exponential(a: sp.Expr, q: sp.Expr, degree: sp.Expr) -> tuple[Term | None, int] | None:
    if a == 0:
        return _over_factorial(q, degree), 0
    if q != 0:
        width = sp.sqrt(-2 * a) * (-1 if q.is_negative else 1)
        return (_over_factorial(width, degree).with_polynomial(degree, q / width), 0) if a.is_negative else None
    if degree.is_even is None:
        return None
    return (_over_factorial(a, sp.expand(degree / 2)) if degree.is_even else None), 0


def _over_factorial(base: sp.Expr, degree: sp.Expr) -> Term:
    """Return `base^degree / degree!`, degree being `m n + i`, over `(m n)!`; it is 0 where the degree is negative."""
    (variable,) = degree.free_symbols
    multiple, shift = degree.coeff(variable, 1), int(degree.subs(variable, 0))
    whole = multiple * variable
    steps = (whole + shift + j for j in range(1, 1 - shift)), (whole + j for j in range(1, 1 + shift))
    rational = sp.Mul(*steps[0]) / sp.Mul(*steps[1])
    return Term(rational=rational * base**shift, base=base**multiple, factorial=sp.factorial(whole))


def _case(terms: list[tuple[sp.Expr, int, sp.Expr]], degree: sp.Expr) -> Case | None:
    """Return `mu` at degrees of one form: the coefficients of `c t^n E` are those of E, n degrees down."""
    (variable,) = degree.free_symbols
    gathered: dict[Term, sp.Expr] = {}
    first = 0
    for constant, power, core in terms:
        found = taylor_coefficient(core, sp.expand(degree - power))
        if found is None:
            return None
        term, start = found
        first = max(first, start + power)
        if term is not None:
            _add(gathered, term.times(constant), degree)
    root = sp.sqrt(sp.factorial(degree))
    total = sp.Add(*(root * kind.times(rational).expression(variable) for kind, rational in _lowest(gathered).items()))
    return Case(degree=degree, expr=sp.factor_terms(total), first=first)


def _add(gathered: dict[Term, sp.Expr], term: Term, degree: sp.Expr) -> None:
    """Add a term to a sum over degrees `degree`; among odd degrees `1/(2k)!` is written over `(2k+1)!`."""
    if term.factorial == sp.factorial(2 * k) and degree.is_odd:
        term = replace(term.times(2 * k + 1), factorial=sp.factorial(2 * k + 1))
    kind = replace(term, rational=sp.Integer(1))
    gathered[kind] = gathered.get(kind, sp.Integer(0)) + term.rational


def _lowest(gathered: dict[Term, sp.Expr]) -> dict[Term, sp.Expr]:
    """Write the polynomials at one place through the two lowest: `He_i = z He_(i-1) - (i - 1) He_(i-2)`."""
    reduced = dict(gathered)
    for family in {replace(kind, index=None) for kind in gathered if kind.index is not None}:
        indices = [kind.index for kind in gathered if kind.index is not None and replace(kind, index=None) == family]
        lowest = min(indices, key=lambda index: index.subs(dict.fromkeys(index.free_symbols, 0)))
        top = max(int(index - lowest) for index in indices)
        for step in range(top, 1, -1):
            index = lowest + step
            weight = sp.expand(reduced.pop(replace(family, index=index), sp.Integer(0)))
            for lower, factor in ((index - 1, family.place), (index - 2, 1 - index)):
                kind = replace(family, index=lower)
                reduced[kind] = reduced.get(kind, sp.Integer(0)) + weight * factor
    return {kind: weight for kind, rational in reduced.items() if (weight := sp.cancel(sp.expand(rational))) != 0}


def _with_exceptions(
    transform: sp.Expr, cases: tuple[Case, ...], terms: list[tuple[sp.Expr, int, sp.Expr]]
) -> DegreeFormula:
    """Take in the degrees below where a case begins: by its own formula where that is right, else as exceptions."""
    exceptions = []
    lowered = []
    for case in cases:
        first = case.first
        for degree in reversed(range(case.first)):
            if not case.speaks_of(degree):
                continue
            true = sp.expand(transform.diff(t, degree).subs(t, 0) / sp.sqrt(sp.factorial(degree)))
            if first == _next(case, degree) and _is(replace(case, first=0), degree, true):
                first = degree
            else:
                exceptions.append((degree, sp.powsimp(true)))
        lowered.append(Case(degree=case.degree, expr=case.expr, first=first))
    cores = tuple(dict.fromkeys(core for _, _, core in terms if core != 1))
    return DegreeFormula(cases=tuple(lowered), exceptions=tuple(sorted(exceptions, key=lambda e: e[0])), cores=cores)


def _is(case: Case, degree: int, true: sp.Expr) -> bool:
    try:
        value = case.at(degree)
    except ValueError:  # a Hermite polynomial of negative degree
        return False
    return bool(value.is_finite and sp.simplify(value - true) == 0)


def _next(case: Case, degree: int) -> int:
    """Return the next degree of the case's form, or where it begins if that is nearer."""
    return min(degree + (1 if case.degree == ell else 2), case.first)


class Slope(NamedTuple):
    """One term of `E'(t) = sum weight t^power F(t)`."""

    weight: sp.Expr
    power: int
    core: sp.Expr


def slope(core: sp.Expr) -> tuple[Slope, ...]:
    """Return the derivative of a core in terms of cores: the differential equation that gives its recurrence."""
    argument = sp.expand(core.args[0])
    rate, shift = argument.coeff(t, 1), argument.coeff(t, 0)
    if isinstance(core, sp.exp):
        terms = [Slope(rate, 0, core), Slope(2 * argument.coeff(t, 2), 1, core)]
    elif isinstance(core, sp.erf):
        bell = sp.exp(-(rate**2) * t**2 - 2 * rate * shift * t)
        terms = [Slope(2 * rate * sp.exp(-(shift**2)) / sp.sqrt(sp.pi), 0, bell)]
    else:
        sign = 1 if isinstance(core, sp.sin) else -1
        terms = [Slope(sign * rate, 0, sp.cos(argument) if sign == 1 else sp.sin(argument))]
    return tuple(term for term in terms if term.weight != 0)


def obeys_recurrence(core: sp.Expr, degree: sp.Expr) -> bool:
    """Return whether the table's coefficients satisfy `l a_l(E) = sum weight a_(l-1-power)(F)` at every degree l.

    Exact: a rational function of the degree that multiplies each hypergeometric term must vanish identically.
    """
    left = taylor_coefficient(core, degree)
    if left is None or sp.simplify(core.diff(t) - sp.Add(*(w * t**n * f for w, n, f in slope(core)))) != 0:
        return False
    gathered: dict[Term, sp.Expr] = {}
    if left[0] is not None:
        _add(gathered, left[0].times(degree), degree)
    for weight, power, other in slope(core):
        right = taylor_coefficient(other, sp.expand(degree - 1 - power))
        if right is None:
            return False
        if right[0] is not None:
            _add(gathered, right[0].times(-weight), degree)
    return not _lowest(gathered)
