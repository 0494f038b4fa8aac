"""A test that cannot fail is no test: no test without an assertion, no early return, no comparison thrown away."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
RAISERS = ("raises", "warns")


def asserts(node: ast.AST) -> bool:
    """Return whether `node` can fail a test: an assertion, `pytest.raises`, or a helper named `assert_...`."""
    if isinstance(node, ast.Assert):
        return not isinstance(node.test, ast.Constant)
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in RAISERS or name.startswith("assert_")


def faults(source: str) -> Iterator[str]:
    """Yield what is wrong with a test file, with its line."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            if not any(asserts(inner) for inner in ast.walk(node)):
                yield f"{node.lineno}: {node.name} asserts nothing"
        elif isinstance(node, ast.Return) and node.value is None:
            yield f"{node.lineno}: a bare return may leave assertions unreached"
        elif isinstance(node, ast.Expr) and isinstance(node.value, (ast.Compare, ast.BoolOp, ast.UnaryOp, ast.Name)):
            yield f"{node.lineno}: a truth value is computed and thrown away"


def test_every_test_can_fail():
    found = {
        f"{path.relative_to(TESTS)}:{fault}"
        for path in sorted(TESTS.rglob("*.py"))
        if path.parent.name != "campaigns" or path.name.startswith("test_")  # the others there are programs
        for fault in faults(path.read_text())
    }
    assert found == set()


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("compute()", "asserts nothing"),
        ("assert True", "asserts nothing"),
        ("if absent:\n        return\n    assert compute()", "a bare return"),
        ("assert compute()\n    compute() == 1", "thrown away"),
        ("assert compute()\n    not compute()", "thrown away"),
    ],
)
def test_a_test_that_cannot_fail_is_refused(body, fault):
    assert any(fault in found for found in faults(f"def test_it():\n    {body}\n"))


@pytest.mark.parametrize(
    "body",
    ["assert compute() == 1", "with pytest.raises(ValueError):\n        compute()", "assert_close(compute(), 1)"],
)
def test_a_sound_test_is_not_refused(body):
    assert list(faults(f"def test_it():\n    {body}\n")) == []
