"""Reads activations of one's own from a TOML file: names and formulas, of which nothing is executed.

    [activations]
    bent = "(sqrt(1 + x**2) - 1)/2 + x"
    soft_relu = { expr = "softplus(x, 5)", remark = "close to relu" }

Whatever is not understood is refused in one line that names the file and the key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Never

from . import toml_text
from .activations import ALIASES, CATALOGUE, Activation
from .expressions import parse

MAX_BYTES = 50_000
MAX_NAME = 60
MAX_REMARK = 200
TABLE = "activations"
NAME = re.compile(r"[A-Za-z0-9_+.-]+")
TAKEN = {*ALIASES, *(activation.name for activation in CATALOGUE)}


def read(path: Path) -> tuple[Activation, ...]:
    """Return the activations of a TOML file, in its order."""
    document = _document(path)
    for key in document:
        if key != TABLE:
            _refuse(path, key, f"unknown; the file holds one table, [{TABLE}]")
    table = document.get(TABLE)
    if not isinstance(table, dict) or not table:
        _refuse(path, TABLE, "a table with one activation or more is wanted")
    return tuple(_activations(path, table))


def _document(path: Path) -> dict[str, object]:
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"{path.name} has more than {MAX_BYTES} bytes")
    try:
        return toml_text.loads(data)
    except ValueError as error:
        raise ValueError(f"{path.name} is {_line(str(error))}") from None


def _activations(path: Path, table: dict[str, object]) -> Iterator[Activation]:
    for name, value in table.items():
        key = f"{TABLE}.{name}"
        _check_name(path, key, name)
        fields = _fields(path, key, value)
        if "expr" not in fields:
            _refuse(path, key, "expr is missing")
        remark = fields.get("remark", "")
        if len(remark) > MAX_REMARK or not remark.isprintable():
            _refuse(path, f"{key}.remark", f"one printable line of at most {MAX_REMARK} characters is wanted")
        try:
            yield Activation(name=name, expr=parse(fields["expr"]), remark=remark)
        except ValueError as error:
            _refuse(path, key, str(error))


def _fields(path: Path, key: str, value: object) -> dict[str, str]:
    """Return what is given about an activation; a text alone is its formula."""
    texts = {}
    for field, content in (value if isinstance(value, dict) else {"expr": value}).items():
        if field not in ("expr", "remark"):
            _refuse(path, f"{key}.{field}", "unknown; known are expr and remark")
        if not isinstance(content, str):
            _refuse(path, f"{key}.{field}", "a text in quotes is wanted")
        texts[field] = content
    return texts


def _check_name(path: Path, key: str, name: str) -> None:
    """Refuse a name that is taken, hard to type, or that reads as a formula: `x` would no longer mean x."""
    if len(name) > MAX_NAME or not NAME.fullmatch(name):
        _refuse(path, key, f"a name has 1 to {MAX_NAME} letters, digits and _ + . -")
    if name in TAKEN:
        _refuse(path, key, "this name is in the catalogue")
    try:
        parse(name)
    except ValueError:
        return
    _refuse(path, key, "this name is a formula")


def _refuse(path: Path, key: str, why: str) -> Never:
    raise ValueError(f"{path.name}: {_line(key)}: {why}") from None


def _line(text: str) -> str:
    """Return text of a stranger as one short printable line."""
    line = ascii(text)[1:-1]
    return line if len(line) <= 100 else f"{line[:97]}..."
