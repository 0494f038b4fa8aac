"""The reference of the public names, as Markdown: `python -m reports.api > docs/api.md`.

Signatures and the words under a field are read from the source: at run time a field has forgotten what was said of it.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

PACKAGES = ("theory", "numerics", "reports")
_HEAD = """\
# The public names

Written by `python -m reports.api` from the docstrings; a test holds it to them. What is not here may change. `alpha` is
the share of spurious dimensions `d_y / d`, `gamma` an alignment, and every number without a unit is dimensionless;
[conventions](conventions.md) has the rest. What does not fit raises ValueError, in one line.
"""


def reference() -> str:
    """Return the reference of every public name of the three packages."""
    parts = [_HEAD]
    for package in PACKAGES:
        module = importlib.import_module(package)
        parts.append(f"## `{package}`\n\n{_paragraphs(module.__doc__)}\n")
        parts += [_entry(package, name, getattr(module, name)) for name in module.__all__]
    return "\n".join(parts)


def _entry(package: str, name: str, thing: Any) -> str:
    node = ast.parse(textwrap.dedent(inspect.getsource(thing))).body[0]
    where = f"`{package}.{name}`"
    if isinstance(node, ast.FunctionDef):
        return f"### {where}\n\n    {name}{_signature(node)}\n\n{_paragraphs(thing.__doc__)}\n"
    if not isinstance(node, ast.ClassDef):
        raise TypeError(f"{package}.{name} is neither a class nor a function")
    bases = ", ".join(ast.unparse(base) for base in node.bases)
    lines = [f"### {where}", "", *([f"A `{bases}`.", ""] if bases else []), _paragraphs(thing.__doc__), ""]
    lines += [*_members(node)]
    return "\n".join(lines) + ("\n" if lines[-1] else "")


def _members(node: ast.ClassDef) -> Iterator[str]:
    """Yield one item for each public field, member, property and method, with what the source says under it."""
    for here, below in zip(node.body, [*node.body[1:], None], strict=True):
        said = _said(below)
        match here:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=kind, value=value) if not name.startswith("_"):
                default = "" if value is None else f" = {ast.unparse(value)}"
                yield f"- `{name}: {ast.unparse(kind)}{default}`{said}"
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if not name.startswith("_"):
                yield f"- `{name} = {ast.unparse(value)}`{said}"
            case ast.FunctionDef(name=name) if not name.startswith("_"):
                is_method = not any("property" in ast.unparse(d) for d in here.decorator_list)
                called = f"{name}{_signature(here)}" if is_method else name
                yield f"- `{called}`: {_line(ast.get_docstring(here) or '')}"


def _said(node: ast.stmt | None) -> str:
    match node:
        case ast.Expr(value=ast.Constant(value=str(text))):
            return f": {_line(text)}"
    return ""


def _signature(node: ast.FunctionDef) -> str:
    arguments = ast.unparse(node.args).removeprefix("self, ").removeprefix("self")
    returned = "" if node.returns is None else f" -> {ast.unparse(node.returns)}"
    return f"({arguments}){returned}"


def _paragraphs(text: str | None) -> str:
    return inspect.cleandoc(text or "")


def _line(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    sys.stdout.write(reference())
