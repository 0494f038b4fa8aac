"""The command `shortcuts`: which eigenfunctions of a kernel carry the label and a shortcut, and how fast they learn."""

# ruff: noqa: PLC0415 - as in `commands`: each command pays only for the layers that it uses

from __future__ import annotations

import argparse

from theory.activations import Activation
from theory.setting import Kernel

from .commands import Result
from .envelope import Status


def shortcuts(args: argparse.Namespace) -> Result:
    """Take the kernel of the samples of a file apart."""
    kernel, activation = _kernel(args)
    from numerics.shortcut_analysis import analyse, read_clustered

    from . import records_shortcuts, text_shortcuts

    found = analyse(
        read_clustered(args.file),
        kernel=kernel,
        activation=activation,
        depth=args.depth,
        centre=args.centre,
        shown=args.modes,
        times=sorted(set(args.times)),
    )
    name = _named(args, activation)
    return Result(
        status=Status.PASS,
        data=records_shortcuts.analysed(found, kernel=name, centred=args.centre),
        text=text_shortcuts.analysed(found, file=args.file, kernel=name, centred=args.centre),
    )


def _kernel(args: argparse.Namespace) -> tuple[Kernel | None, Activation | None]:
    """Return the kernel that was typed, None for the linear one; refused where an option is missing, or idle."""
    if args.kernel == "linear":
        idle = [f"--{name}" for name in ("activation", "depth") if getattr(args, name) is not None]
        if idle:
            raise ValueError(f"--kernel linear does not go with {' and '.join(idle)}; rf, ntk and the deep ones do")
        return None, None
    kernel = Kernel(args.kernel)
    if args.activation is None:
        raise ValueError(f"--kernel {kernel} needs --activation")
    if kernel.is_deep is (args.depth is None):
        wanted = "needs --depth" if kernel.is_deep else "has no --depth; nngp-deep and ntk-deep have"
        raise ValueError(f"--kernel {kernel} {wanted}")
    from theory.registry import find_activation

    return kernel, find_activation(args.activation, args.extra)


def _named(args: argparse.Namespace, activation: Activation | None) -> str:
    if activation is None:
        return "linear"
    return f"{args.kernel} {activation.name}{'' if args.depth is None else f', depth {args.depth}'}"
