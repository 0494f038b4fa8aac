"""The functions that a formula may call, and the bounds on what a formula may become.

SymPy evaluates as it builds: `2**(10**12)` would fill the memory.  So each rule bounds its arguments before it builds,
and `examine` looks at what was built:

- a number, and every part without x, is a finite real of magnitude at most `MAX_MAGNITUDE`, with at most `MAX_DIGITS`
  digits;
- an exponent is at most `MAX_POWER`, and so is the total power of x through all nested powers and products;
- the constant term under an exponential is at most `MAX_SHIFT`;
- a part without x holds at most `MAX_CONSTANT` functions, for its value is computed at every level above it;
- at most `MAX_NESTED` functions stand inside each other, since the cost of a SymPy evaluation doubles with each;
- the tree has at most `MAX_SIZE` nodes, for the argument of a function may stand in its formula many times;
- at most `MAX_KINKS` kinks and jumps, and at most `MAX_INNER_KINKS` inside another, since SymPy compares all arguments
  of Max; the kinks lie at roots of polynomials of degree at most `MAX_KINK_DEGREE`, which must be found.

Every activation of the catalogue whose name is an identifier is a function, and every family is one with its parameters
after the argument.  Their formulas are read from the catalogue and rebuilt at the argument under the same rules.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass

import sympy as sp

from .activations import ALIASES, CATALOGUE, FAMILIES, MAX_DEGREE, Activation
from .pieces import KINKED
from .symbols import x

MAX_MAGNITUDE = 10**12
MAX_DIGITS = 100
MAX_POWER = MAX_DEGREE
MAX_SHIFT = 700  # exp(709) is the last finite double
MAX_NESTED = 6
MAX_SIZE = 1000
MAX_CONSTANT = 20
MAX_ARGUMENTS = 8  # Max compares its arguments pairwise
MAX_KINKS = 40
MAX_INNER_KINKS = 8
MAX_KINK_DEGREE = 16


@dataclass(frozen=True, kw_only=True)
class Function:
    """A function that may be called, with how many arguments."""

    build: Callable[..., sp.Expr]
    least: int = 1
    most: int = 1


def exponential(argument: sp.Expr) -> sp.Expr:
    """Return `e**argument`, refusing what SymPy would turn into a huge power of a number."""
    shift = argument.as_independent(x, as_Add=True)[0]
    if abs(shift) > MAX_SHIFT:
        raise ValueError(f"a constant term above {MAX_SHIFT} under an exponential")
    # exp(n log a) becomes a**n
    if argument.has(sp.log) and any(abs(number) > MAX_POWER for number in argument.atoms(sp.Rational)):
        raise ValueError(f"a power above {MAX_POWER}")
    return sp.exp(argument)


def power(base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
    """Return `base**exponent`: any base to a constant power, or a positive constant to the power of an expression."""
    if not exponent.free_symbols:
        if abs(exponent) > MAX_POWER:
            raise ValueError(f"a power above {MAX_POWER}")
        return base**exponent
    if base.free_symbols or not base.is_positive:
        raise ValueError("x in an exponent needs a positive number under it")
    return exponential(exponent) if base == sp.E else exponential(exponent * sp.log(base))


def difference(left: sp.Expr, right: sp.Expr) -> sp.Expr:
    """Return `left - right`, at whose zeros a case distinction may switch."""
    switch = left - right
    _examine_switch(switch)
    return switch


def _examine_switch(*arguments: sp.Expr) -> None:
    """Raise ValueError where a kink that `arguments` decide would be too hard to place."""
    if sum(map(_kinks, arguments)) > MAX_INNER_KINKS:
        raise ValueError(f"more than {MAX_INNER_KINKS} kinks inside a kink")
    if max(map(_degree, arguments)) > MAX_KINK_DEGREE:
        raise ValueError(f"a kink at the root of a polynomial of degree above {MAX_KINK_DEGREE}")


def _kinked(kind: type[sp.Expr]) -> Callable[..., sp.Expr]:
    """Return the builder of a function with kinks; Max counts the arguments of a Max inside it as its own."""

    def build(*arguments: sp.Expr) -> sp.Expr:
        _examine_switch(*arguments)
        if sum(len(a.args) if isinstance(a, kind) else 1 for a in arguments) > MAX_ARGUMENTS:
            raise ValueError(f"more than {MAX_ARGUMENTS} arguments in all")
        return kind(*arguments)

    return build


_BOUNDED: dict[type[sp.Expr], Callable[..., sp.Expr]] = {
    sp.exp: exponential,
    sp.Pow: power,
    **{kind: _kinked(kind) for kind in (sp.Max, sp.Min, sp.Abs, sp.sign, sp.Heaviside)},
}


def _at(expr: sp.Expr, argument: sp.Expr) -> sp.Expr:
    """Return a formula of the catalogue with `argument` for x, each part built under the rules and examined."""
    if expr == x:
        return argument
    if not expr.has(x):
        return expr
    value = _BOUNDED.get(expr.func, expr.func)(*(_at(arg, argument) for arg in expr.args))
    examine(value)
    return value


def _of_member(member: Activation) -> Function:
    return Function(build=lambda argument: _at(member.expr, argument))


def _of_family(family: Callable[..., Activation]) -> Function:
    """Return the function `family(argument, parameter, ...)`, whose parameters are optional as those of the family."""

    def build(argument: sp.Expr, *parameters: sp.Expr) -> sp.Expr:
        return _at(family(*parameters).expr, argument)

    parameters = inspect.signature(family).parameters.values()
    variadic = any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters)
    return Function(build=build, least=2 if variadic else 1, most=MAX_ARGUMENTS if variadic else 1 + len(parameters))


ELEMENTARY = {
    "log": Function(build=sp.log),
    "sqrt": Function(build=sp.sqrt),
    "sinh": Function(build=sp.sinh),
    "cosh": Function(build=sp.cosh),
    "atan": Function(build=sp.atan),
    "erfc": Function(build=sp.erfc),
    "max": Function(build=_BOUNDED[sp.Max], least=2, most=MAX_ARGUMENTS),
    "Max": Function(build=_BOUNDED[sp.Max], least=2, most=MAX_ARGUMENTS),
    "min": Function(build=_BOUNDED[sp.Min], least=2, most=MAX_ARGUMENTS),
    "Min": Function(build=_BOUNDED[sp.Min], least=2, most=MAX_ARGUMENTS),
}
_MEMBERS = {member.name: _of_member(member) for member in CATALOGUE if member.name.isidentifier()}
FUNCTIONS = {
    **ELEMENTARY,
    **_MEMBERS,
    **{alias: _MEMBERS[name] for alias, name in ALIASES.items()},
    **{name: _of_family(family) for name, family in FAMILIES.items()},
}


def examine(value: sp.Expr) -> None:
    """Raise ValueError unless `value` is finite and real where that is plain, and within the bounds."""
    if value.has(sp.I, sp.oo, -sp.oo, sp.zoo, sp.nan):
        raise ValueError("not a finite real number")
    if any(max(abs(number.p), number.q) >= 10**MAX_DIGITS for number in value.atoms(sp.Rational)):
        raise ValueError(f"a number of more than {MAX_DIGITS} digits")
    if _degree(value) > MAX_POWER:
        raise ValueError(f"a power above {MAX_POWER}")
    if sum(1 for _ in sp.preorder_traversal(value)) > MAX_SIZE:
        raise ValueError(f"more than {MAX_SIZE} parts once written out")
    if _kinks(value) > MAX_KINKS:
        raise ValueError(f"more than {MAX_KINKS} kinks")
    if _height(value) > MAX_NESTED:
        raise ValueError(f"more than {MAX_NESTED} functions inside each other")
    if not value.free_symbols:
        if _functions(value) > MAX_CONSTANT:
            raise ValueError(f"more than {MAX_CONSTANT} functions in a part without x")
        number = value.evalf()
        if not (number.is_Number and number.is_finite):
            raise ValueError("not a finite real number")
        if abs(number) > MAX_MAGNITUDE:
            raise ValueError(f"a number above {MAX_MAGNITUDE:.0e}")


def _degree(expr: sp.Basic) -> sp.Rational:
    """Return a bound of the degree that expanding all powers and products of `expr` could reach."""
    if isinstance(expr, sp.Pow) and expr.exp.is_Rational:
        return abs(expr.exp) * _degree(expr.base)
    degrees = [_degree(arg) for arg in expr.args]
    if isinstance(expr, sp.Mul):
        return sum(degrees, sp.Integer(0))
    return max(degrees, default=sp.Integer(1 if expr == x else 0))


def _kinks(expr: sp.Expr) -> int:
    """Return how many functions with kinks `expr` holds, each as often as it is written."""
    return sum(isinstance(part, KINKED) for part in sp.preorder_traversal(expr))


def _functions(expr: sp.Basic) -> int:
    """Return how many functions and powers `expr` holds, each as often as it is written."""
    return sum(isinstance(part, (sp.core.function.Application, sp.Pow)) for part in sp.preorder_traversal(expr))


def _height(expr: sp.Basic) -> int:
    """Return how many functions and powers stand inside each other."""
    inner = max((_height(arg) for arg in expr.args), default=0)
    return inner + isinstance(expr, (sp.core.function.Application, sp.Pow))
