"""The text of a formula as a SymPy expression in x, by a whitelist over Python's syntax tree.

Nothing is ever evaluated as Python.  The text is read into a syntax tree, and each node that the whitelist names is
rebuilt in SymPy; every other node is refused.  SymPy evaluates as it builds (`2**(10**12)` would fill the memory), so
what a node may become is bounded before it is built and examined after:

- the text has at most `MAX_TEXT` characters, all of an alphabet without quotes and brackets, and at most `MAX_DEPTH`
  levels;
- a number, and every part without x, is a finite real of magnitude at most `MAX_MAGNITUDE`, written with at most
  `MAX_DIGITS` digits;
- an exponent is at most `MAX_POWER`, and so is the total power of x through all nested powers and products;
- the constant term under an exponential is at most `MAX_SHIFT`;
- at most `MAX_NESTED` functions stand inside each other, since the cost of a SymPy evaluation doubles with each.

Whether the function is real on the whole line and integrable is not asked here: `theory.growth` does.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from difflib import get_close_matches
from typing import Never

import sympy as sp

from .symbols import x

MAX_TEXT = 2000
MAX_DEPTH = 50
MAX_MAGNITUDE = 10**12
MAX_DIGITS = 60
MAX_POWER = 64
MAX_SHIFT = 700  # exp(709) is the last finite double
MAX_NESTED = 6
MAX_ARGUMENTS = 8  # Max compares its arguments pairwise

ALPHABET = re.compile(r"[A-Za-z0-9_ .,+\-*/^()<>=]*")


@dataclass(frozen=True, kw_only=True)
class _Function:
    """A function that may be called, with how many arguments."""

    build: Callable[..., sp.Expr]
    least: int = 1
    most: int = 1


def _exp(argument: sp.Expr) -> sp.Expr:
    """Return `e**argument`, refusing what SymPy would turn into a huge power of a number."""
    shift = argument.as_independent(x, as_Add=True)[0]
    if abs(shift) > MAX_SHIFT:
        raise ValueError(f"a constant term above {MAX_SHIFT} under an exponential")
    # exp(n log a) becomes a**n
    if argument.has(sp.log) and any(abs(number) > MAX_POWER for number in argument.atoms(sp.Rational)):
        raise ValueError(f"a power above {MAX_POWER}")
    return sp.exp(argument)


def _power(base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
    """Return `base**exponent`: any base to a constant power, or a positive constant to the power of an expression."""
    if not exponent.free_symbols:
        if abs(exponent) > MAX_POWER:
            raise ValueError(f"a power above {MAX_POWER}")
        return base**exponent
    if base.free_symbols or not base.is_positive:
        raise ValueError("x in an exponent needs a positive number under it")
    return _exp(exponent) if base == sp.E else _exp(exponent * sp.log(base))


def _extremum(kind: type[sp.Expr]) -> Callable[..., sp.Expr]:
    """Return the builder of Max or Min, which count the arguments of their own kind inside them as theirs."""

    def build(*arguments: sp.Expr) -> sp.Expr:
        if sum(len(a.args) if isinstance(a, kind) else 1 for a in arguments) > MAX_ARGUMENTS:
            raise ValueError(f"more than {MAX_ARGUMENTS} arguments in all")
        return kind(*arguments)

    return build


_largest, _smallest = _extremum(sp.Max), _extremum(sp.Min)

FUNCTIONS = {
    "exp": _Function(build=_exp),
    "log": _Function(build=sp.log),
    "sqrt": _Function(build=sp.sqrt),
    "sin": _Function(build=sp.sin),
    "cos": _Function(build=sp.cos),
    "tanh": _Function(build=sp.tanh),
    "sinh": _Function(build=sp.sinh),
    "cosh": _Function(build=sp.cosh),
    "atan": _Function(build=sp.atan),
    "erf": _Function(build=sp.erf),
    "erfc": _Function(build=sp.erfc),
    "abs": _Function(build=sp.Abs),
    "Abs": _Function(build=sp.Abs),
    "sign": _Function(build=sp.sign),
    "Heaviside": _Function(build=sp.Heaviside),
    "step": _Function(build=sp.Heaviside),
    "relu": _Function(build=lambda u: _largest(u, sp.Integer(0))),
    "sigmoid": _Function(build=lambda u: 1 / (1 + _exp(-u))),
    "softplus": _Function(build=lambda u: sp.log(1 + _exp(u))),
    "max": _Function(build=_largest, least=2, most=MAX_ARGUMENTS),
    "Max": _Function(build=_largest, least=2, most=MAX_ARGUMENTS),
    "min": _Function(build=_smallest, least=2, most=MAX_ARGUMENTS),
    "Min": _Function(build=_smallest, least=2, most=MAX_ARGUMENTS),
}
NAMES = {"x": x, "pi": sp.pi, "e": sp.E, "E": sp.E}
CASES = "Piecewise"

_UNARY: dict[type[ast.unaryop], Callable[[sp.Expr], sp.Expr]] = {ast.UAdd: lambda u: u, ast.USub: lambda u: -u}
_BINARY: dict[type[ast.operator], Callable[[sp.Expr, sp.Expr], sp.Expr]] = {
    ast.Add: lambda u, v: u + v,
    ast.Sub: lambda u, v: u - v,
    ast.Mult: lambda u, v: u * v,
    ast.Div: lambda u, v: u / v,
    ast.Pow: _power,
}
_COMPARE: dict[type[ast.cmpop], Callable[[sp.Expr, sp.Expr], sp.Basic]] = {
    ast.Lt: sp.Lt,
    ast.LtE: sp.Le,
    ast.Gt: sp.Gt,
    ast.GtE: sp.Ge,
}


def parse(text: str) -> sp.Expr:
    """Return `phi(x)` from its text, as a SymPy expression in `theory.symbols.x`.

    Numbers are exact: `0.1` is 1/10.  Names are x, pi and e; functions are those of `FUNCTIONS`, and
    `Piecewise((value, condition), ..., (value, True))` with conditions such as `x < 1` or `0 < x < 1`.
    Raises ValueError, in one line that begins `not an expression:`, for anything else.
    """
    if len(text) > MAX_TEXT:
        _refuse(f"{len(text)} characters, where {MAX_TEXT} are allowed")
    known = ALPHABET.match(text)
    if known and known.end() < len(text):
        _refuse(f"the character {text[known.end()]!a}; allowed are letters, digits and _ . , + - * / ( ) < > =")
    return _Reader(text=text).expression(_tree(text), 0)


def _tree(text: str) -> ast.expr:
    """Return the syntax tree of `text`, stripped, since Python takes leading blanks for indentation."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # `1if` and the like; the whitelist answers for them
            return ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        _refuse(f"{_short(text)} ({error.msg})")
    except (ValueError, RecursionError, MemoryError):
        _refuse(f"{_short(text)} is too deeply nested")


def _refuse(why: str) -> Never:
    raise ValueError(f"not an expression: {why}") from None


def _short(text: str) -> str:
    text = text.strip()
    return repr(text if len(text) <= 40 else text[:37] + "...")


def _unknown(name: str, known: Iterable[str]) -> str:
    """Say that `name` is none of `known`, with the nearest that is, or all of them."""
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}"
    return f"unknown name {_short(name)}; {hint}"


def _name(name: str) -> sp.Expr:
    if name in FUNCTIONS or name == CASES:
        _refuse(f"{name} is a function; write {name}(...)")
    if name not in NAMES:
        _refuse(_unknown(name, {*NAMES, *FUNCTIONS, CASES}))
    return NAMES[name]


@dataclass(frozen=True, kw_only=True)
class _Reader:
    """Rebuilds syntax nodes in SymPy; `text` is kept to show the part that is refused."""

    text: str

    def expression(self, node: ast.AST, depth: int) -> sp.Expr:
        """Return the value of `node`, bounded as the module says."""
        if depth > MAX_DEPTH:
            _refuse(f"more than {MAX_DEPTH} levels (each operation is one, so a sum of n terms has n)")
        depth += 1
        match node:
            case ast.Constant():
                return self._number(node)
            case ast.Name(id=name):
                return _name(name)
            case ast.UnaryOp(op=op, operand=operand) if type(op) in _UNARY:
                return self._build(node, _UNARY[type(op)], self.expression(operand, depth))
            case ast.BinOp(op=ast.BitXor()):
                _refuse(f"{self._part(node)}; a power is written with **")
            case ast.BinOp(op=op, left=left, right=right) if type(op) in _BINARY:
                sides = self.expression(left, depth), self.expression(right, depth)
                return self._build(node, _BINARY[type(op)], *sides)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self._call(node, name, args, depth)
        _refuse(f"{self._part(node)}; allowed are numbers, names, + - * / **, and calls by name")

    def _call(self, node: ast.AST, name: str, args: list[ast.expr], depth: int) -> sp.Expr:
        if name == CASES:
            if not 0 < len(args) <= MAX_ARGUMENTS:
                _refuse(f"{self._part(node)}; {CASES} takes 1 to {MAX_ARGUMENTS} cases")
            cases = [self._case(case, depth, last=case is args[-1]) for case in args]
            return self._build(node, sp.Piecewise, *cases)
        if name not in FUNCTIONS:
            _refuse(f"{name} is not a function" if name in NAMES else _unknown(name, {*FUNCTIONS, CASES}))
        function = FUNCTIONS[name]
        if not function.least <= len(args) <= function.most:
            count = f"{function.least} to {function.most} arguments" if function.most > 1 else "one argument"
            _refuse(f"{self._part(node)}; {name} takes {count}")
        return self._build(node, function.build, *(self.expression(arg, depth) for arg in args))

    def _case(self, node: ast.expr, depth: int, *, last: bool) -> tuple[sp.Expr, sp.Basic]:
        """Return one `(value, condition)`; the last condition is True, and no other is."""
        match node:
            case ast.Tuple(elts=[value, ast.Constant(value=True)]) if last:
                return self.expression(value, depth), sp.true
            case ast.Tuple(elts=[value, ast.Compare() as condition]) if not last:
                return self.expression(value, depth), self._condition(condition, depth)
        wanted = "(value, True)" if last else "(value, condition)"
        _refuse(f"{self._part(node)}; {'the last' if last else 'each earlier'} case of {CASES} is {wanted}")

    def _condition(self, node: ast.Compare, depth: int) -> sp.Basic:
        """Return a comparison of polynomials in x, or a chain of them: elsewhere a cut could not be placed."""
        sides = [self.expression(side, depth) for side in (node.left, *node.comparators)]
        relations = []
        for op, left, right in zip(node.ops, sides, sides[1:], strict=False):
            if type(op) not in _COMPARE:
                _refuse(f"{self._part(node)}; conditions compare by < <= > >=")
            difference = left - right
            if not (difference.free_symbols and difference.is_polynomial(x)):
                _refuse(f"{self._part(node)}; a condition compares polynomials in x, not both constant")
            relations.append(_COMPARE[type(op)](left, right))
        return sp.And(*relations)

    def _number(self, node: ast.Constant) -> sp.Rational:
        """Return the number exactly as written: the tree holds 0.1 as a double, the text does not."""
        part = ast.get_source_segment(self.text.strip(), node) or ""
        try:
            number = Decimal(part)
        except DecimalException:
            _refuse(f"{_short(part)} is not a decimal number")
        _, digits, exponent = number.as_tuple()
        if number > MAX_MAGNITUDE:
            _refuse(f"the number {_short(part)}, above {MAX_MAGNITUDE:.0e}")
        if len(digits) > MAX_DIGITS or -int(exponent) > MAX_DIGITS:
            _refuse(f"the number {_short(part)}, of more than {MAX_DIGITS} digits")
        return sp.Rational(*number.as_integer_ratio())

    def _build(self, node: ast.AST, rule: Callable[..., sp.Expr], *args: object) -> sp.Expr:
        """Return `rule(*args)`, refusing a value that breaks the bounds."""
        try:
            value = rule(*args)
            _examine(value)
        except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
            # SymPy raises TypeError for a comparison of what is not real
            why = str(error) if isinstance(error, ValueError) else "it has no value"
            _refuse(f"{self._part(node)}: {' '.join(why.split())}")
        return value

    def _part(self, node: ast.AST) -> str:
        return _short(ast.get_source_segment(self.text.strip(), node) or self.text)


def _examine(value: sp.Expr) -> None:
    """Raise ValueError unless `value` is finite and real where that is plain, and within the bounds."""
    if value.has(sp.I, sp.oo, -sp.oo, sp.zoo, sp.nan):
        raise ValueError("not a finite real number")
    if any(max(abs(number.p), number.q) >= 10**MAX_DIGITS for number in value.atoms(sp.Rational)):
        raise ValueError(f"a number of more than {MAX_DIGITS} digits")
    if _degree(value) > MAX_POWER:
        raise ValueError(f"a power above {MAX_POWER}")
    if _height(value) > MAX_NESTED:
        raise ValueError(f"more than {MAX_NESTED} functions inside each other")
    if not value.free_symbols:
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


def _height(expr: sp.Basic) -> int:
    """Return how many functions and powers stand inside each other."""
    inner = max((_height(arg) for arg in expr.args), default=0)
    return inner + isinstance(expr, (sp.core.function.Application, sp.Pow))
