"""Nothing in the packages turns text or bytes from outside into code."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("theory", "numerics", "reports")
EVALUATORS = {"eval", "exec", "compile", "__import__"}
READERS = {"sympify", "parse_expr", "parse_latex"}
MODULES = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}


def names(node: ast.AST) -> set[str]:
    """Return what `node` names that could be forbidden; `re.compile` is no evaluator, a bare `compile` is."""
    match node:
        case ast.Name(id=name):
            return {name} & (EVALUATORS | READERS | MODULES)
        case ast.Attribute(attr=name):
            return {name} & READERS
        case ast.Import(names=aliases):
            return {alias.name.split(".")[0] for alias in aliases} & MODULES
        case ast.ImportFrom(module=module, names=aliases):
            return {(module or "").split(".")[0], *(alias.name for alias in aliases)} & (READERS | MODULES)
        case ast.keyword(arg="allow_pickle", value=value) if not (
            isinstance(value, ast.Constant) and value.value is False
        ):
            return {"allow_pickle"}
        case (
            ast.Call(func=ast.Attribute(value=ast.Name(id="sp" | "sympy"), attr="S")) | ast.Call(func=ast.Name(id="S"))
        ):
            return {"S(...)"}
    return set()


def forbidden(source: str) -> Iterator[str]:
    """Yield each forbidden name in `source`, with its line."""
    for node in ast.walk(ast.parse(source)):
        for name in names(node):
            yield f"{getattr(node, 'lineno', '?')}: {name}"


def test_the_packages_evaluate_no_text():
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    assert len(files) > len(PACKAGES)
    found = {f"{path.relative_to(ROOT)}:{name}" for path in files for name in forbidden(path.read_text())}
    assert found == set()


@pytest.mark.parametrize(
    "planted",
    [
        "eval(text)",
        "exec(text)",
        "code = compile(text, name, mode)",
        "sp.sympify(text)",
        "from sympy import sympify",
        "from sympy.parsing.sympy_parser import parse_expr",
        "sp.S(text)",
        "import pickle",
        "from pickle import load",
        "np.load(path, allow_pickle=True)",
    ],
)
def test_a_planted_evaluation_is_seen(planted):
    assert list(forbidden(planted)) != []


@pytest.mark.parametrize(
    "sound", ["re.compile(pattern)", "value.evalf(30)", "np.load(path, allow_pickle=False)", "sp.S.Half"]
)
def test_a_harmless_namesake_is_not_refused(sound):
    assert list(forbidden(sound)) == []
