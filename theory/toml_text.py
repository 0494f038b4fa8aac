"""Reads TOML from anywhere: nothing of it is executed, and its length bounds the time that it takes.

The reader of the standard library looks at a key of n parts in n^2 steps, so `a.a.a...` of 50 kB would take it minutes.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

MAX_PARTS = 50
_LONG_KEY = re.compile(rf"(?<![\w-])[\w-]++(?:[ \t]*+\.[ \t]*+[\w-]++){{{MAX_PARTS}}}")
_OPENING = re.compile("[\"'#]")
_CLOSED = re.compile(
    r'"""(?:\\.|[^\\])*?"""' r"|'''.*?'''" r'|"(?!"")(?:\\.|[^"\\\n])*+"' r"|'(?!'')[^'\n]*+'" r"|\#[^\n]*+", re.DOTALL
)


def loads(content: bytes, *, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """Return the table of a TOML text; ValueError, of one line, for what is not UTF-8, or not TOML."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None
    if _LONG_KEY.search("".join(_without_strings(text))):
        raise ValueError(f"not TOML that is read here: a key of more than {MAX_PARTS} parts")
    try:
        return tomllib.loads(text, parse_float=parse_float)
    except (ValueError, ArithmeticError, RecursionError) as error:  # a TOMLDecodeError is a ValueError
        raise ValueError(f"not TOML: {' '.join(str(error).split())}") from None


def _without_strings(text: str) -> Iterator[str]:
    """Yield the text with `s` for each string, without comments, up to a string that never ends: no reader goes on."""
    at = 0
    while opening := _OPENING.search(text, at):
        yield text[at : opening.start()]
        closed = _CLOSED.match(text, opening.start())
        if closed is None:
            return
        yield "" if opening[0] == "#" else "s"
        at = closed.end()
    yield text[at:]
