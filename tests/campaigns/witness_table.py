"""The table of witnesses read, and held against the import graph: a witness imports nothing of what it witnesses.

A witness is a module, or a function of a test file (`path::name`): of that what counts is what it names, directly or
through other functions of its file, not what its file imports for other purposes.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import grimp

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "tests" / "architecture" / "witnesses.toml"
PACKAGES = ("theory", "numerics", "reports")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A quantity, the modules that compute it, who witnesses it, what both rest on and why, and the test."""

    quantity: str
    computed: tuple[str, ...]
    witness: tuple[str, ...]
    how: str
    test: str
    shared: Mapping[str, str]


def table(path: Path = TABLE) -> tuple[dict[str, str], tuple[Row, ...]]:
    """Return what any two modules may share, with the reason, and the rows."""
    read = tomllib.loads(path.read_text())
    return read["base"], tuple(_row(entry) for entry in read["witness"])


def _row(entry: dict[str, Any]) -> Row:
    return Row(
        quantity=entry["quantity"],
        computed=tuple(entry["computed"]),
        witness=tuple(entry["witness"]),
        how=entry["how"],
        test=entry["test"],
        shared=entry.get("shared", {}),
    )


@cache
def graph() -> grimp.ImportGraph:
    """Return who imports whom."""
    return grimp.build_graph(*PACKAGES)


def behind(modules: Iterable[str], imports: grimp.ImportGraph) -> set[str]:
    """Return the modules with everything that they import, directly or not."""
    ours = {module for module in modules if module in imports.modules}
    return ours.union(*(imports.find_upstream_modules(module) for module in ours))


class TestFile:
    """A test file, by the names that each of its definitions uses."""

    __test__ = False  # whatever pytest makes of the name

    def __init__(self, text: str) -> None:
        self.definitions: dict[str, list[ast.stmt]] = {}
        self.imports: dict[str, str] = {}
        for node in ast.parse(text).body:
            for name in _bound(node):
                self.definitions.setdefault(name, []).append(node)
            self.imports |= _imported(node)

    def uses(self, name: str) -> set[str]:
        """Return the names that a definition uses, through other definitions of the file too; fixtures are among them.

        Raises ValueError for a name that the file does not define.
        """
        if name not in self.definitions:
            raise ValueError(f"no definition is called {name!r}")
        found, open_names = set(), [name]
        while open_names:
            current = open_names.pop()
            if current in found:
                continue
            found.add(current)
            open_names += [used for node in self.definitions.get(current, ()) for used in _named(node)]
        return found

    def modules(self, name: str) -> set[str]:
        """Return the modules whose names a definition uses."""
        inside = {module for node in self._reached(name) for module in _imported_within(node).values()}
        return inside | {self.imports[used] for used in self.uses(name) if used in self.imports}

    def _reached(self, name: str) -> Iterator[ast.stmt]:
        return (node for used in self.uses(name) for node in self.definitions.get(used, ()))


def _bound(node: ast.stmt) -> Iterator[str]:
    """Yield what a statement of a file defines."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (leaf.id for target in targets for leaf in ast.walk(target) if isinstance(leaf, ast.Name))


def _named(node: ast.stmt) -> Iterator[str]:
    """Yield every name in a statement, and its parameters, by which pytest hands in fixtures."""
    for leaf in ast.walk(node):
        if isinstance(leaf, ast.Name):
            yield leaf.id
        elif isinstance(leaf, ast.arg):
            yield leaf.arg


def _imported(node: ast.stmt) -> dict[str, str]:
    """Return the names that an import binds, each with the module that it stands for or comes from."""
    if isinstance(node, ast.Import):
        return {alias.asname or alias.name.split(".")[0]: alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module:
        whole = {f"{node.module}.{alias.name}" for alias in node.names} & graph().modules
        return {
            alias.asname or alias.name: f"{node.module}.{alias.name}"
            if f"{node.module}.{alias.name}" in whole
            else node.module
            for alias in node.names
        }
    return {}


def _imported_within(node: ast.stmt) -> dict[str, str]:
    """Return what imports inside a definition bind."""
    return {
        name: module
        for leaf in ast.walk(node)
        if isinstance(leaf, (ast.Import, ast.ImportFrom))
        for name, module in _imported(leaf).items()
    }


def behind_both(row: Row, imports: grimp.ImportGraph, root: Path = ROOT) -> set[str]:
    """Return what both the witness and what it witnesses rest on, less the modules in question themselves."""
    return behind(_direct(row, root), imports) & behind(row.computed, imports) - set(row.computed)


def faults(row: Row, base: Mapping[str, str], imports: grimp.ImportGraph, root: Path = ROOT) -> Iterator[str]:
    """Yield what is wrong with a row, a line each."""
    unknown = [module for module in row.computed if module not in imports.modules]
    if unknown:
        yield f"{row.quantity}: no module {', '.join(unknown)}"
    directly = _direct(row, root)
    for module in sorted(directly):
        if module.partition(".")[0] == "tests":
            yield f"{row.quantity}: its witness takes something from {module}, where nobody follows it"
    reached = behind(directly, imports)
    for module in sorted(reached & set(row.computed)):
        yield f"{row.quantity}: its witness imports {module}, which computes it"
    both = behind_both(row, imports, root)
    for module in sorted(both - set(base) - set(row.shared)):
        yield f"{row.quantity}: {module} is behind both, and nothing says why that is innocent"
    for module in sorted(set(row.shared) - both):
        yield f"{row.quantity}: {module} is said to be shared, and is not"
    yield from _of_the_test(row, imports, root)


def _of_the_test(row: Row, imports: grimp.ImportGraph, root: Path) -> Iterator[str]:
    file, name = _at(row.test)
    try:
        test = TestFile((root / file).read_text())
        used, direct = test.uses(name), test.modules(name)
    except (OSError, ValueError) as reason:
        yield f"{row.quantity}: {row.test} is not there ({reason})"
        return
    for module in sorted(set(row.computed) - behind(direct, imports)):
        yield f"{row.quantity}: {row.test} does not use {module}"
    for one in row.witness:
        where, what = _at(one)
        if not (what in used if where == file and what else one in direct or where in direct):
            yield f"{row.quantity}: {row.test} does not use its witness {one}"


def _direct(row: Row, root: Path) -> set[str]:
    """Return the modules that the witnesses of a row are or name; a library of others is its own."""
    places = [_at(one) for one in row.witness]
    return set().union(
        *(TestFile((root / file).read_text()).modules(what) if what else {file} for file, what in places)
    )


def _at(one: str) -> tuple[str, str]:
    where, _, what = one.partition("::")
    return where, what
