"""What can be typed after `gammaphi shortcuts`; as in `arguments`, nothing but the standard library is imported."""

from __future__ import annotations

import argparse

from .argument_types import path, positive, whole

TIMES = (0.1, 1.0, 10.0, 100.0, 1000.0)


def add(made: argparse.ArgumentParser) -> None:
    """Add what is taken apart, through which kernel, and how much of it is shown."""
    made.add_argument(
        "file", type=path, metavar="FILE", help="an .npz of x (rows), labels g and attributes a, +1 or -1"
    )
    made.add_argument(
        "--kernel", default="linear", choices=("linear", "rf", "ntk", "nngp-deep", "ntk-deep"), help="default: linear"
    )
    made.add_argument("--activation", metavar="A", help="of a kernel that is not linear: a name, or an expression in x")
    made.add_argument("--depth", type=whole(1), metavar="L", help="hidden layers of a deep kernel")
    made.add_argument("--centre", action="store_true", help="subtract the mean of the rows first")
    made.add_argument("--modes", type=whole(1), default=8, metavar="M", help="eigenfunctions to show (default: 8)")
    made.add_argument(
        "--times",
        nargs="+",
        type=positive,
        default=list(TIMES),
        metavar="T",
        help="when to look, in half-times of the first mode (default: 0.1 1 10 100 1000)",
    )
