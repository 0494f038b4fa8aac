"""Hostile texts drawn from a seed: formulas by a grammar, JSON and TOML by their structure, words of a command line."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from theory.activations import CATALOGUE, FAMILIES
from theory.functions import ELEMENTARY, FUNCTIONS


def _words() -> dict[str, list[str]]:
    """Return the words of `fuzz_words.json`; a list there holds `[letter, times]`."""
    kinds = json.loads(Path(__file__).with_name("fuzz_words.json").read_text())
    return {kind: [one if isinstance(one, str) else one[0] * one[1] for one in found] for kind, found in kinds.items()}


STRANGE = _words()
LEAVES = ("x", "x", "x", "0", "1", "-1", "2", "9", "64", "0.5", ".1", "1e12", "1e-60", "1e999999999", "pi", "e", "E")
OPERATORS = ("+", "-", "*", "/", "**")
ONE_ARGUMENT = tuple(sorted({*ELEMENTARY, *(a.name for a in CATALOGUE if a.name in FUNCTIONS)}))
SOUP = (*LEAVES, *OPERATORS, *STRANGE["of Python"], *sorted(FUNCTIONS))
OPENINGS = (
    "(",
    "-",
    "exp(",
    "abs(",
    "max(x, ",
    "gelu(",
    "prelu(",
    "Piecewise((x, x < 1), (",
    "9**",
    "x**(",
    "+x",
    "1/",
)
CLOSINGS = (")", "", "))", ", True))")
NUMBERS = (0, 1, -1, 2, 7, 255, 256, 65535, 2**31 - 1, 2**31, 2**32 - 1, 2**53, 2**63, 2**64, 10**20, -(2**63))
WORDS = STRANGE["of a file"]


def formula(rng: Random, depth: int = 4) -> str:
    """Return a formula by the grammar that `theory.expressions` reads, often beyond what it allows."""
    if depth == 0 or rng.random() < 0.15:
        return rng.choice(LEAVES)
    kind, inner = rng.random(), depth - 1
    if kind < 0.45:
        return f"({formula(rng, inner)}{rng.choice(OPERATORS)}{formula(rng, inner)})"
    if kind < 0.75:
        return f"{rng.choice(ONE_ARGUMENT)}({formula(rng, inner)})"
    if kind < 0.87:
        parts = ", ".join(formula(rng, rng.choice((0, 0, inner))) for _ in range(rng.randint(0, 3)))
        return f"{rng.choice((*FAMILIES, 'max', 'min'))}({formula(rng, inner)}, {parts})"
    if kind < 0.93:
        return f"-{formula(rng, inner)}"
    relation = rng.choice(("<", "<=", ">", ">=", "=="))
    return f"Piecewise(({formula(rng, inner)}, {formula(rng, 1)} {relation} x), ({formula(rng, inner)}, True))"


def expression(rng: Random) -> str:
    """Return a text that may be meant as a formula: of the grammar, spoilt, a soup of its words, or very deep."""
    kind = rng.random()
    if kind < 0.3:
        return formula(rng, rng.randint(1, 4))
    if kind < 0.5:
        return spoilt(rng, formula(rng, 3))
    if kind < 0.8:
        return rng.choice(("", " ")).join(rng.choices(SOUP, k=rng.randint(0, 40)))
    if kind < 0.9:
        times = rng.randint(0, 60) if rng.random() < 0.7 else rng.randint(0, 4000)
        return (
            rng.choice(OPENINGS) * times + rng.choice(LEAVES) + rng.choice(CLOSINGS) * rng.choice((times, times, 0, 1))
        )
    return "".join(chr(rng.choice((rng.randrange(128), rng.randrange(0x11000)))) for _ in range(rng.randint(0, 60)))


def spoilt(rng: Random, text: str) -> str:
    """Return `text` with some characters left out, doubled or replaced, or a word put in."""
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(text) + 1)
        end = min(len(text), at + rng.choice((0, 0, 1, 1, 5)))
        text = (
            text[:at] + rng.choice(("", rng.choice(SOUP), text[at:end] * 2, chr(rng.randrange(32, 127)))) + text[end:]
        )
    return text


def strange(rng: Random, depth: int = 0) -> Any:
    """Return a value of JSON or TOML that few would expect."""
    kind = rng.random()
    if kind < 0.3:
        return rng.choice(WORDS)
    if kind < 0.5:
        return rng.choice(NUMBERS)
    if kind < 0.6:
        return rng.choice((True, False, 0.5, -0.0, 1e308, 5e-324, float("inf"), float("nan")))
    if kind < 0.65:
        return None
    if kind < 0.7:
        return expression(rng)[:1500]
    if depth > 2:
        return []
    if kind < 0.85:
        return [strange(rng, depth + 1) for _ in range(rng.choice((0, 1, 2, 40)))]
    return {rng.choice(WORDS): strange(rng, depth + 1) for _ in range(rng.randint(0, 3))}


def changed(rng: Random, document: Any) -> Any:
    """Return a copy of a document with one to three of its values, keys or places changed."""
    document = copy.deepcopy(document)
    for _ in range(rng.randint(1, 3)):
        if not isinstance(document, (dict, list)) or not document or rng.random() < 0.02:
            return strange(rng)
        parent = document
        keys = _keys(parent)
        key = rng.choice(keys)
        while isinstance(parent[key], (dict, list)) and parent[key] and rng.random() < 0.8:
            parent = parent[key]
            key = rng.choice(_keys(parent))
        _change(rng, parent, key, document)
    return document


def _keys(parent: dict | list) -> list:
    return list(parent) if isinstance(parent, dict) else list(range(len(parent)))


def _change(rng: Random, parent: Any, key: Any, document: Any) -> None:
    kind = rng.random()
    if kind < 0.55:
        parent[key] = strange(rng)
    elif kind < 0.7:
        del parent[key]
    elif kind < 0.8 and isinstance(parent, dict):
        parent[rng.choice(WORDS)] = parent.pop(key)
    elif kind < 0.9 and isinstance(parent, list):
        parent[key:key] = [copy.deepcopy(parent[key])] * rng.choice((1, 2, 50))
    elif isinstance(parent[key], str):
        parent[key] = spoilt(rng, parent[key])
    else:
        parent[key] = copy.deepcopy(rng.choice(list(document.values()) if isinstance(document, dict) else document))


def as_json(rng: Random, document: Any) -> bytes:
    """Return JSON, or what Python takes for it: with NaN, with letters beyond ASCII, with halves of letters."""
    text = json.dumps(document, ensure_ascii=rng.random() < 0.7, indent=rng.choice((None, 1)))
    return text.encode("utf-8", "surrogatepass")


def as_toml(table: Any, prefix: tuple[str, ...] = ()) -> bytes:
    """Return a table as TOML; what TOML cannot hold, such as null, is written as it would be in JSON."""
    return _toml(table, prefix).encode("utf-8", "surrogatepass")


def _toml(table: Any, prefix: tuple[str, ...]) -> str:
    if not isinstance(table, dict):
        return _value(table)
    plain = {key: value for key, value in table.items() if not isinstance(value, dict) and not _is_tables(value)}
    lines = [f"{_key(key)} = {_value(value)}" for key, value in plain.items()]
    for key, value in table.items():
        if key not in plain:
            name = ".".join(map(_key, (*prefix, key)))
            for one in value if isinstance(value, list) else [value]:
                head = f"[[{name}]]" if isinstance(value, list) else f"[{name}]"
                lines += ["", head, _toml(one, (*prefix, key))]
    return "\n".join(lines)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _key(key: object) -> str:
    text = str(key)
    return text if text.isascii() and text.replace("_", "").isalnum() else json.dumps(text, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)} = {_value(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, float) and value in (float("inf"), -float("inf")):
        return "inf"
    return "nan" if value != value else json.dumps(value, ensure_ascii=False)  # noqa: PLR0124


def words(rng: Random, vocabulary: Sequence[str]) -> list[str]:
    """Return words of a command line."""
    return [rng.choice(vocabulary) if rng.random() < 0.8 else rng.choice(WORDS) for _ in range(rng.randint(0, 9))]
