"""Imports flow reports -> numerics -> theory, and theory is symbolic."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("theory", "numerics", "reports")
NUMERIC = ("numpy", "scipy", "matplotlib", "sklearn")

IMPORT_ALL = """
import importlib, pkgutil, sys
import theory
for module in pkgutil.walk_packages(theory.__path__, "theory."):
    importlib.import_module(module.name)
print(theory.__path__[0])
print(*(name for name in sys.argv[1:] if name in sys.modules))
"""


@pytest.fixture
def copy(tmp_path):
    """Return a copy of the packages and of their contract, to be spoilt."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(tree: Path) -> tuple[int, str]:
    """Return exit status and output of the import contract, read and checked in `tree`."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def numeric_modules_behind_theory(tree: Path) -> set[str]:
    """Return which numeric libraries are loaded once every module of `tree/theory` is."""
    command = [sys.executable, "-c", IMPORT_ALL, *NUMERIC]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=True)
    where, loaded = done.stdout.splitlines()
    assert Path(where) == tree / "theory"
    return set(loaded.split())


def test_the_import_contract_is_kept():
    status, output = lint(ROOT)
    assert status == 0, output
    assert " 0 broken" in output


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("theory/symbols.py", "import numpy"),
        ("theory/symbols.py", "from numerics import __doc__ as words"),
        ("numerics/__init__.py", "import reports"),
    ],
)
def test_a_planted_import_breaks_the_contract(copy, module, line):
    path = copy / module
    path.write_text(f"{path.read_text()}\n{line}\n")
    status, output = lint(copy)
    assert status == 1, output
    assert "BROKEN" in output


def test_theory_loads_no_numeric_library():
    assert numeric_modules_behind_theory(ROOT) == set()


def test_a_planted_numeric_import_is_seen(copy):
    (copy / "theory" / "planted.py").write_text("import scipy\n")
    assert "scipy" in numeric_modules_behind_theory(copy)
