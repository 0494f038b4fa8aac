"""What a word on the command line may be: a share, a whole number, a width, some memory; all else is refused."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

_NUMBER = re.compile(r"[0-9]{0,30}\.[0-9]{1,30}|[0-9]{1,30}(/[0-9]{1,30})?")


def _exact(text: str) -> Fraction:
    # The pattern comes first: Fraction("1e999999999") would be computed before it could be refused.
    if not _NUMBER.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is neither a decimal nor a fraction such as 1/4")
    numerator, _, denominator = text.partition("/")
    if denominator and int(denominator) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} divides by zero")
    return Fraction(numerator) / Fraction(denominator or 1)


def share(text: str) -> Fraction:
    """Return `alpha`, a decimal or a fraction such as `1/4`, exactly; it must lie in (0, 1)."""
    value = _exact(text)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text} is outside (0, 1)")
    return value


def whole(least: int) -> Callable[[str], int]:
    """Return a parser of whole numbers from `least` on."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,18}", text) or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} on")
        return int(text)

    return parse


def positive(text: str) -> float:
    """Return a positive decimal or fraction, as a float."""
    value = _exact(text)
    if value == 0:
        raise argparse.ArgumentTypeError(f"{text} is not positive")
    return float(value)


def memory(text: str) -> int:
    """Return a number of bytes, written with K, M, G or T for powers of 1024."""
    found = re.fullmatch(r"([0-9]{1,12})([KMGT]?)", text)
    if not found or not int(found[1]):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of bytes such as 500M or 20G")
    scale: int = 1024 ** " KMGT".index(found[2] or " ")
    return int(found[1]) * scale


def path(text: str) -> Path:
    """Return a path; nothing at all would be the folder that one stands in."""
    if not text:
        raise argparse.ArgumentTypeError("an empty name is no file and no folder")
    return Path(text)


def width(text: str) -> int | None:
    """Return the number of neurons; None stands for infinitely many, written `inf`."""
    return None if text == "inf" else whole(1)(text)
