"""What a package offers is there, documented, and free until it is asked for."""

import importlib
import inspect
import pkgutil
import subprocess
import sys
from enum import Enum
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("theory", "numerics", "reports")
PUBLIC = [(package, name) for package in PACKAGES for name in importlib.import_module(package).__all__]


def undocumented(thing):
    """Return the names of a public thing that say nothing: itself, its public methods and properties."""
    inner = inspect.getmembers(thing) if inspect.isclass(thing) and not issubclass(thing, (Enum, tuple)) else []
    fields = getattr(thing, "__dataclass_fields__", {})
    own = [(n, m) for n, m in inner if n in vars(thing).keys() - fields and not n.startswith("_")]
    told = [(n, m) for n, m in own if inspect.isfunction(m) or isinstance(m, property)]
    return [
        n for n, m in [(thing.__name__, thing), *told] if not (m.__doc__ or "").strip() or m.__doc__.startswith(f"{n}(")
    ]


@pytest.mark.parametrize(("package", "name"), PUBLIC)
def test_a_public_name_is_there_and_documented(package, name):
    assert undocumented(getattr(importlib.import_module(package), name)) == []


def test_what_is_not_documented_is_seen():
    class Bare:
        """A class."""

        def method(self):
            pass

    assert undocumented(Bare) == ["method"]
    assert undocumented(type("Empty", (), {})) == ["Empty"]


@pytest.mark.parametrize("package", PACKAGES)
def test_the_public_names_are_in_order_and_not_those_of_files(package):
    module = importlib.import_module(package)
    assert list(module.__all__) == sorted(set(module.__all__))
    files = {info.name for info in pkgutil.iter_modules(module.__path__)}
    assert files & set(module.__all__) == set()  # the file would be found in place of the name once it is imported


@pytest.mark.parametrize("package", PACKAGES)
def test_every_name_that_is_promised_to_a_type_checker_is_public(package):
    source = (ROOT / package / "__init__.py").read_text()
    namespace = {}
    for line in source.split("if TYPE_CHECKING:\n")[1].split("\n\n")[0].splitlines():
        names = line.split(" import ")[1].split(", ")
        namespace |= {name.split(" as ")[-1]: line for name in names}
    assert sorted(namespace) == list(importlib.import_module(package).__all__)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_notebook_can_complete_the_names(package):
    assert dir(importlib.import_module(package)) == list(importlib.import_module(package).__all__)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_name_that_is_not_offered_is_refused(package):
    with pytest.raises(AttributeError, match=f"module '{package}' has no attribute 'nothing'"):
        importlib.import_module(package).nothing  # noqa: B018


def test_a_package_computes_nothing_when_it_is_imported():
    code = "import sys, theory, numerics, reports; print(*({'sympy', 'numpy', 'mpmath'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_a_star_import_gives_all_of_it():
    code = (
        "from theory import *; from numerics import *; print(derive.__name__, activation('relu').name, verify.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["portrait", "relu", "verify"]
