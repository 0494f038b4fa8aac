"""A value is a value: it cannot be changed, its parts are given by name, and no arrays are asked whether they equal."""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

import numpy as np
import pytest

import numerics
import reports
import theory

CHANGE = {"numerics.pickled_batch._Machine", "numerics.pickled_batch._Bytes"}
"""A reader's stack and place, which change as it reads."""
MARKUP = "reports.blocks"
"""Blocks of text are written like text: their parts stand in order."""


def classes() -> Iterator[type]:
    """Yield every dataclass of ours."""
    for package in (theory, numerics, reports):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                module = importlib.import_module(found.name)
                mine = (each for each in vars(module).values() if getattr(each, "__module__", "") == found.name)
                yield from (each for each in mine if isinstance(each, type) and is_dataclass(each))


def faults(each: type) -> Iterator[str]:
    """Yield what is wrong with a dataclass as a value."""
    given, parts = each.__dataclass_params__, [field for field in fields(each) if field.init]
    name = f"{each.__module__}.{each.__name__}"
    if not given.frozen and name not in CHANGE:
        yield f"{name} can be changed"
    private = each.__name__.startswith("_") or each.__module__ == MARKUP
    if len(parts) > (3 if private else 1) and not all(field.kw_only for field in parts):
        yield f"{name} takes its parts in order"
    held = (str(field.type).partition("Callable")[0] for field in parts)  # what a function returns is not held
    if given.eq and any("Array" in kind for kind in held):
        yield f"{name} compares arrays"


def test_every_dataclass_is_a_value():
    assert [fault for each in classes() for fault in faults(each)] == []


@dataclass
class Changed:
    part: int


@dataclass(frozen=True)
class Ordered:
    one: int
    other: int


@dataclass(frozen=True, kw_only=True)
class Compared:
    part: "np.ndarray | Array"  # noqa: F821


@pytest.mark.parametrize(
    ("each", "fault"), [(Changed, "can be changed"), (Ordered, "in order"), (Compared, "compares arrays")]
)
def test_what_is_no_value_is_refused(each, fault):
    assert any(fault in found for found in faults(each))
