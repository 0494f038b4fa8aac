"""The public names of a package, imported when they are first asked for: nothing waits for what it does not use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazily(package: str, home: Mapping[str, str]) -> Callable[[str], Any]:
    """Return a module's `__getattr__`: `home` maps a public name to its file, or to `file.name` if it differs there."""

    def attribute(name: str) -> Any:
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, _, original = home[name].partition(".")
        return getattr(import_module(f"{package}.{module}"), original or name)

    return attribute
