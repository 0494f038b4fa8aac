"""The text of a formula as a SymPy expression in x, by a whitelist over Python's syntax tree.

Nothing is ever evaluated as Python.  The text is read into a syntax tree, and each node that the whitelist names is
rebuilt in SymPy by `theory.functions`, which bounds what it may become; every other node is refused.  The text has at
most `MAX_TEXT` characters, all of an alphabet without quotes and brackets, and at most `MAX_DEPTH` levels.

Whether the function is real on the whole line and integrable is not asked here: `theory.growth` does.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from difflib import get_close_matches
from typing import Never

import sympy as sp

from .functions import ELEMENTARY, FUNCTIONS, MAX_ARGUMENTS, MAX_DIGITS, MAX_MAGNITUDE, difference, examine, power
from .symbols import x

MAX_TEXT = 2000
MAX_DEPTH = 50
NAMES = {"x": x, "pi": sp.pi, "e": sp.E, "E": sp.E}
CASES = "Piecewise"

ALPHABET = re.compile(r"[A-Za-z0-9_ .,+\-*/^()<>=]*")


_UNARY: dict[type[ast.unaryop], Callable[[sp.Expr], sp.Expr]] = {ast.UAdd: lambda u: u, ast.USub: lambda u: -u}
_BINARY: dict[type[ast.operator], Callable[[sp.Expr, sp.Expr], sp.Expr]] = {
    ast.Add: lambda u, v: u + v,
    ast.Sub: lambda u, v: u - v,
    ast.Mult: lambda u, v: u * v,
    ast.Div: lambda u, v: u / v,
    ast.Pow: power,
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


def _unknown(name: str) -> str:
    """Say that `name` is unknown, with the nearest that is known, or where to find all."""
    near = get_close_matches(name, [*NAMES, *FUNCTIONS, CASES], n=1)
    hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted({*NAMES, *ELEMENTARY, CASES}))}"
    hint += "" if near else ", and each activation that `gammaphi list` names"
    return f"unknown name {_short(name)}; {hint}"


def _name(name: str) -> sp.Expr:
    if name in FUNCTIONS or name == CASES:
        _refuse(f"{name} is a function; write {name}(...)")
    if name not in NAMES:
        _refuse(_unknown(name))
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
            _refuse(f"{name} is not a function" if name in NAMES else _unknown(name))
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
        if len(node.ops) > MAX_ARGUMENTS:
            _refuse(f"{self._part(node)}; a condition holds at most {MAX_ARGUMENTS} comparisons")
        sides = [self.expression(side, depth) for side in (node.left, *node.comparators)]
        relations = []
        for op, left, right in zip(node.ops, sides, sides[1:], strict=False):
            if type(op) not in _COMPARE:
                _refuse(f"{self._part(node)}; conditions compare by < <= > >=")
            switch = self._build(node, difference, left, right)
            if not (switch.free_symbols and switch.is_polynomial(x)):
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
            examine(value)
        except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
            # SymPy raises TypeError for a comparison of what is not real
            why = str(error) if isinstance(error, ValueError) else "it has no value"
            _refuse(f"{self._part(node)}: {' '.join(why.split())}")
        return value

    def _part(self, node: ast.AST) -> str:
        return _short(ast.get_source_segment(self.text.strip(), node) or self.text)
