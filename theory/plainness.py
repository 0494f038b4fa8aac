"""What a claims file hands over is plain: exactly our types, texts that print as they are written, SymPy's own nodes.

A subclass could answer one thing to a check and another to the report; a control character could paint a verdict.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from functools import cache, partial
from types import FunctionType, MethodType
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef, UndefinedFunction
from sympy.core.symbol import Str
from sympy.core.traversal import bottom_up

from . import cluster_scenes, contamination_scene, rare_scene
from .activations import Activation
from .claim import Claim, Hypothesis, Prediction, Provenance, Relation, Source, Step, Test, Twin
from .evidence import Verdict
from .expectations import Correlated, Mean
from .rules import Rule
from .scene import Scene
from .setting import Kernel, Query, Setting

_TEXT, _WHOLE, _NUMBER, _NONE = (str,), (int,), (int, float), type(None)
FIELDS: dict[type, dict[str, tuple[type, ...]]] = {
    Claim: {
        "title": _TEXT, "reading": _TEXT, "remark": _TEXT, "statement": (tuple,), "relation": (Relation,),
        "source": (Source,), "hypotheses": (tuple,), "predictions": (tuple,), "twins": (tuple,), "uses": (tuple,),
        "expected": (Verdict, _NONE), "definitions": (dict,),
    },
    Source: {"key": _TEXT, "anchor": _TEXT, "provenance": (Provenance,)},
    Hypothesis: {"text": _TEXT},
    Step: {"because": _TEXT, "rule": (Rule, _NONE), "relation": (Relation,), "grounds": (Provenance,)},
    Rule: {"name": _TEXT, "states": _TEXT, "needs": _TEXT, "key": _TEXT},
    Prediction: {
        "about": _TEXT, "observable": _TEXT, "test": (Test,), "settings": (tuple,), "resolution": _NUMBER,
        "trials": _WHOLE, "label": _TEXT, "role": _TEXT, "rate": _NUMBER, "size_label": _TEXT, "beside": (tuple,),
    },
    Twin: {"slip": _TEXT, "statement": (tuple, _NONE), "predictions": (tuple,)},
    Setting: {
        "kernel": (Kernel,), "activation": (Activation,), "d": _WHOLE, "d_y": _WHOLE, "n": _WHOLE,
        "width": (int, _NONE), "depth": (int, _NONE), "data": _TEXT, "query": (Query,),
    },
    **rare_scene.FIELDS,
    **cluster_scenes.FIELDS,
    **contamination_scene.FIELDS,
    Activation: {"name": _TEXT, "remark": _TEXT},
}  # fmt: skip
"""The types of the fields that are not programs: exactly these, no subclass of them."""
SCENES = tuple(kind for kind in FIELDS if issubclass(kind, Scene))
"""The kinds of settings that there are: a claims file has no other."""
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""The Unicode categories of what moves the cursor, paints, or turns the direction of a line."""
_PROGRAMS = (FunctionType, MethodType, property, staticmethod, classmethod, partial)


def require_exact(where: str, what: str, found: object, kind: type) -> None:
    """Raise ValueError unless `found` is of exactly this type, and its plain fields of exactly theirs."""
    if type(found) is not kind:
        raise ValueError(f"{where}: {what} is {a(type(found).__name__)}, not {a(kind.__name__)}; only that is read")
    for field, kinds in FIELDS[kind].items():
        value = getattr(found, field)
        if type(value) not in kinds:
            wanted = " or ".join("None" if k is _NONE else a(k.__name__) for k in kinds)
            raise ValueError(f"{where}: {field} is {a(type(value).__name__)}, not {wanted}")
        if type(value) is str:
            require_text(where, field, value)


def a(word: str) -> str:
    """Return a word with its article."""
    return f"{'an' if word[0] in 'aeiouAEIOU' else 'a'} {word}"


def require_text(where: str, field: str, text: object) -> None:
    """Raise ValueError for what is no text, or would not print as it is written."""
    if type(text) is not str:
        raise ValueError(f"{where}: its {field} is {a(type(text).__name__)}, not a str")
    for character in text:
        if unicodedata.category(character) in _INVISIBLE:
            raise ValueError(f"{where}: its {field} holds the control character U+{ord(character):04X}")


def require_plain(where: str, side: object) -> None:
    """Raise ValueError unless an expression is exact and made of SymPy's own nodes and of ours."""
    if not isinstance(side, (sp.Expr, sp.MatrixExpr)):
        raise ValueError(f"{where}: a side is {a(type(side).__name__)}, not a SymPy expression")  # noqa: TRY004
    for node in sp.preorder_traversal(side):
        kind: Any = type(node)
        if isinstance(node, AppliedUndef):
            _require_undefined(where, kind)
        elif not _is_known(kind):
            raise ValueError(f"{where}: holds {a(kind.__name__)}, which is neither SymPy's nor ours")
        if isinstance(node, sp.Float):
            found = f"the floating number {node}"
            raise ValueError(f"{where}: holds {found}; exact ones only, as sp.Rational(1, 2)")  # noqa: TRY004
        if any(isinstance(value, _PROGRAMS) for value in getattr(node, "__dict__", {}).values()):
            raise ValueError(f"{where}: holds {a(kind.__name__)} with a program of its own")
        if isinstance(node, (sp.Symbol, Str, AppliedUndef)):
            require_text(where, "symbol", getattr(node, "name", kind.__name__))


@cache
def _is_known(kind: Any) -> bool:
    """Whether a class is the one that SymPy, or this package, has under its name."""
    home: Any = sys.modules.get(kind.__module__ or "")
    for name in kind.__qualname__.split("."):
        home = getattr(home, name, None)
    return home is kind and kind.__module__.split(".")[0] in ("sympy", "theory")


def _require_undefined(where: str, kind: Any) -> None:
    """Refuse an undefined function that is defined: with an implementation, or methods, of the file's own.

    Nothing is kept: to SymPy two functions of one name are equal, whatever they carry.
    """
    ours = set(vars(sp.Function("f")))
    programs = [name for name, value in vars(kind).items() if isinstance(value, _PROGRAMS) and name not in ours]
    if type(kind) is not UndefinedFunction or kind.__bases__ != (AppliedUndef,) or programs:
        raise ValueError(f"{where}: holds a function {kind.__name__} that carries a program; give a formula")


def is_plain(*sides: sp.Basic) -> bool:
    """Whether a relation is between plain expressions, without matrices and Gaussian means."""
    return not any(isinstance(side, sp.MatrixExpr) or side.has(Mean, Correlated) for side in sides)


def letters(*sides: sp.Basic) -> set[Any]:
    """Return what a point must give a value: free symbols, matrices and functions, but no dimension of a matrix."""
    found: set[Any] = set()
    for side in sides:
        matrices = side.atoms(sp.MatrixExpr)
        dimensions = {symbol for matrix in matrices for size in matrix.shape for symbol in _symbols(size)}
        found |= (side.free_symbols - dimensions) | {applied.func for applied in side.atoms(AppliedUndef)}
    return found


def _symbols(size: object) -> Iterator[sp.Symbol]:
    yield from size.free_symbols if isinstance(size, sp.Basic) else ()


def built(expr: sp.Basic) -> sp.Basic:
    """Return an expression as SymPy builds it anew, its bound names and unevaluated parts gone; nothing is expanded."""

    def again(node: sp.Basic) -> sp.Basic:
        if isinstance(node, sp.UnevaluatedExpr):
            return node.args[0]
        return node.func(*node.args) if node.args and not isinstance(node, sp.MatrixSymbol) else node

    made = bottom_up(expr, again)
    return made if isinstance(made, sp.Symbol) else made.as_dummy()  # which would rename a symbol by itself
