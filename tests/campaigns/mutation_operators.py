"""Mutants of a file: a number, sign, operator, comparison, condition, decorator or loop changed, by cosmic-ray.

Of its operators are left out those that flatter: shifts, bits, remainders and identity in place of arithmetic and order
die of a type error at the first call.  What alters an annotation alone is no mutant, for nothing runs it, nor is what
takes the `*` or `/` of a list of parameters for a product, or what alters a cache.
"""

import ast
import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names
from parso.tree import NodeOrLeaf

FLATTERING = {"RShift", "LShift", "BitAnd", "BitOr", "BitXor", "Mod", "FloorDiv", "Is", "IsNot"}
"""Not written in place of another operator; `is` becomes `is not`, and `//` and `%` are themselves replaced."""
SAME = {("Is", "Eq"), ("IsNot", "NotEq")}
"""What is compared by identity here, None, members of enumerations and nodes, is equal where it is identical."""
CACHES = {"cache", "lru_cache"}
"""How much is kept, or whether, changes the cost alone."""


@dataclass(frozen=True)
class Mutant:
    """One change: which operator of cosmic-ray, and at which of its places in the file."""

    path: str
    line: int
    operator: str
    place: int

    def source(self, original: str) -> str:
        """Return the file with the change."""
        changed = mutate_code(original, operators()[self.operator], self.place)
        if changed is None:
            raise ValueError(f"{self.path} has no place {self.place} for {self.operator}")
        return str(changed)

    def change(self, original: str) -> tuple[str, str]:
        """Return the lines that differ, before and after, without their indentation or spaces after a bracket."""
        lines = [*difflib.unified_diff(original.splitlines(), self.source(original).splitlines(), n=0)][3:]
        before, after = (" ".join(" ".join(each[1:].split()) for each in lines if each[0] == sign) for sign in "-+")
        return before, re.sub(r"([\[(]) ", r"\1", after)  # cosmic-ray writes a space before each number


@cache
def operators() -> dict[str, Operator]:
    """Return the operators that are used, by name."""
    names = (name for name in operator_names() if not name.startswith("core/Variable"))  # need a choice of variables
    return {name.removeprefix("core/"): get_operator(name)() for name in names if not _flatters(name)}


def mutants(path: str, original: str) -> Iterator[Mutant]:
    """Yield every place for every operator; some change nothing that runs (`changes`)."""
    nodes = [node for node in ast_nodes(get_ast(original)) if not _inert(node)]
    for name, operator in operators().items():
        places = (start[0] for node in nodes for start, _ in operator.mutation_positions(node))
        for place, line in enumerate(places):
            yield Mutant(path, line, name, place)


def changes(mutant: Mutant, original: str) -> bool:
    """Return whether the mutant is Python, and another program than the original."""
    try:
        return _program(mutant.source(original)) != _program(original)
    except SyntaxError:
        return False


def _inert(node: NodeOrLeaf) -> bool:
    """Return whether no operator looks at a node, which saves asking each of them: names, text and punctuation."""
    name = node.type == "name" and node.parent.type != "except_clause"
    return name or node.type in {"string", "newline"} or getattr(node, "value", "") in set("()[]{},.:=")


def _flatters(name: str) -> bool:
    """Return whether an operator puts a flattering one in place of another kind, or says the same."""
    source, target = name.split("_")[-2:] if name.count("_") > 1 else ("", "")
    return (source, target) in SAME or (target in FLATTERING and {source, target} != {"Is", "IsNot"})


@cache
def _program(source: str) -> str:
    """Return a file's syntax tree in writing, without annotations, caches and the kinds of parameters."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.FunctionDef):
            node.returns = None
            node.decorator_list = [d for d in node.decorator_list if ast.unparse(d).partition("(")[0] not in CACHES]
            kinds = node.args
            kinds.args, kinds.posonlyargs, kinds.kwonlyargs = kinds.posonlyargs + kinds.args + kinds.kwonlyargs, [], []
            kinds.defaults, kinds.kw_defaults = [*kinds.defaults, *filter(None, kinds.kw_defaults)], []
    return ast.dump(tree)


def read(path: str, root: Path = Path()) -> str:
    """Return the text of a source file."""
    return (root / path).read_text(encoding="utf-8")
