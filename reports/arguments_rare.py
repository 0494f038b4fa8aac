"""What can be typed after `gammaphi rare`; as in `arguments`, nothing but the standard library is imported."""

from __future__ import annotations

import argparse
import re

from .argument_types import path, positive, whole, width

STAMPED = (1, 3, 5, 10, 20)


def add(made: argparse.ArgumentParser) -> None:
    """Add whose samples are stamped, with what, how many of them, and what learns from them."""
    made.add_argument("file", type=path, metavar="FILE", help="an .npz of x (rows), labels g, and a pattern if wanted")
    made.add_argument(
        "--pattern",
        default="noise",
        choices=("file", "pixel", "noise"),
        help="file: the array `pattern`, added; pixel: the first column at its most; noise: over the row (default)",
    )
    made.add_argument("--target", type=_label, metavar="G", help="the label that is stamped (default: the smallest)")
    made.add_argument(
        "--stamped",
        nargs="+",
        type=whole(1),
        default=list(STAMPED),
        metavar="K",
        help="how many samples carry the pattern (default: 1 3 5 10 20)",
    )
    made.add_argument("--kernel", default="rf", choices=("linear", "rf", "ntk"), help="default: rf")
    made.add_argument("--activation", metavar="A", help="a name, or an expression in x (default: relu)")
    made.add_argument("--width", type=width, default=2000, metavar="K", help="neurons, or inf (default: 2000)")
    made.add_argument(
        "--ridge", type=_ridge, default=0.01, metavar="R", help="share of the kernel's mean diagonal (default: 0.01)"
    )
    made.add_argument("--train", type=whole(2), metavar="N", help="samples to learn from (default: two thirds)")
    made.add_argument("--trials", type=whole(1), default=5, metavar="T", help="independent trials (default: 5)")
    made.add_argument("--seed", type=whole(0), default=0, metavar="S", help="default: 0")


def _ridge(text: str) -> float:
    """Return a positive decimal or fraction, or a number such as 1e-2; two digits of an exponent stay in range."""
    if text.startswith("-"):
        raise argparse.ArgumentTypeError(f"{text} is not positive")
    if not re.fullmatch(r"([0-9]{1,30}\.?|[0-9]{0,30}\.[0-9]{1,30})[eE][+-]?[0-9]{1,2}", text):
        return positive(text)
    if not (value := float(text)):
        raise argparse.ArgumentTypeError(f"{text} is not positive")
    return value


def _label(text: str) -> float:
    if not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a label such as 3 or -1")
    return float(text)
