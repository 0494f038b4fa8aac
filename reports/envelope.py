"""The versioned envelope of every JSON document: what was asked, what came out, with which versions.

No time stamps and no machine names: the same inputs give the same bytes.
"""

from __future__ import annotations

import json
import math
import platform
import shlex
from collections.abc import Mapping, Sequence
from enum import StrEnum
from importlib import metadata
from typing import Any

Json = Any
"""What `json.dumps` accepts."""

PACKAGES = ("gammaphi", "sympy", "mpmath", "python-flint", "numpy", "scipy")

_FLAGS_OF_OUTPUT = {"--json", "-q", "--quiet", "-v", "--verbose"}


class Status(StrEnum):
    """How a command ended."""

    PASS = "pass"  # noqa: S105 - the word is the status, not a password
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"


def version(package: str) -> str:
    """Return the installed version, or say that there is none: a checkout can run without being installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def redo(argv: Sequence[str]) -> str:
    """Return the command that computes the same again; where and how the result was written is left out."""
    kept: list[str] = []
    places = ("--out", "--format") if argv and argv[0] == "report" else ("--report",)
    words = iter(argv)
    for word in words:
        if word in places:
            next(words, None)
        elif word not in _FLAGS_OF_OUTPUT and word.partition("=")[0] not in places:
            kept.append(word)
    return shlex.join(["gammaphi", *kept])


def provenance(argv: Sequence[str], seed: int | None) -> dict[str, Json]:
    """Return the versions, the seed (None if nothing is random) and the command."""
    versions = {package.replace("-", "_"): version(package) for package in PACKAGES}
    return {**versions, "python": platform.python_version(), "seed": seed, "command": redo(argv)}


def envelope(
    command: str, *, status: Status, data: Json, diagnostics: Sequence[str], provenance: Mapping[str, Json]
) -> dict[str, Json]:
    """Return the document; `data` is None only where `status` is an error."""
    return {
        "schema": f"gammaphi/{command}/1",
        "status": str(status),
        "data": data,
        "diagnostics": list(diagnostics),
        "provenance": dict(provenance),
    }


def dumps(document: Json) -> str:
    """Return `document` as JSON text in ASCII; a float that is not a number becomes null, which JSON can say."""
    return json.dumps(_sayable(document), indent=2, allow_nan=False) + "\n"


def _sayable(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {key: _sayable(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_sayable(entry) for entry in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
