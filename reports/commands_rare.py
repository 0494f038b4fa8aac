"""The command `rare`: how many stamped samples teach a pattern, and what deleting them leaves of it."""

# ruff: noqa: PLC0415 - as in `commands`: each command pays only for the layers that it uses

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from theory.setting import Kernel

from .commands import Result
from .envelope import Status

if TYPE_CHECKING:
    from numerics.rare_arrays import Model


def rare(args: argparse.Namespace) -> Result:
    """Stamp samples of a file, learn, and delete them again."""
    model = _model(args)
    from numerics.rare_arrays import Stamping, read_samples, stamped_rows

    from . import records_rare, text_rare

    samples = read_samples(args.file, pattern=args.pattern)
    asked = Stamping(
        pattern=args.pattern,
        target=args.target,
        counts=tuple(sorted(set(args.stamped))),
        train=args.train,
        trials=args.trials,
        seed=args.seed,
    )
    target, rows = stamped_rows(samples, model, asked)
    return Result(
        status=Status.PASS,
        data=records_rare.stamped(rows, model, args, target=target),
        text=text_rare.stamped(rows, model, args, target=target),
    )


def _model(args: argparse.Namespace) -> Model:
    from numerics.rare_arrays import Model

    if args.kernel == "linear":
        if args.activation is not None:
            raise ValueError("--kernel linear does not go with --activation; rf and ntk do")
        return Model(kernel=None, activation=None, width=None, ridge=args.ridge)
    from theory.registry import find_activation

    activation = find_activation(args.activation or "relu", args.extra)
    return Model(kernel=Kernel(args.kernel), activation=activation, width=args.width, ridge=args.ridge)
