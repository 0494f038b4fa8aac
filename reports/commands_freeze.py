"""`gammaphi freeze`: formulas and claims into a golden file, which pytest holds against what is found later."""

# ruff: noqa: PLC0415 - as in `commands`: each command pays only for the layers that it uses

from __future__ import annotations

import argparse
from collections.abc import Sequence

from .commands import Result
from .envelope import Status, dumps, redo
from .writing import check_writable, write_all


def freeze(args: argparse.Namespace, argv: Sequence[str]) -> Result:
    """Derive the activations, judge the claims, and write what was found to one file."""
    if not args.activations and args.own is None:
        raise ValueError("nothing to freeze: name activations, or a file of claims with --claims")
    check_writable(args.out.parent, (args.out.name,))
    from numerics.experiment import Effort

    from . import frozen
    from .golden import SUFFIX

    document = frozen.freeze(
        tuple(dict.fromkeys(args.activations)),
        made_by=redo(argv),
        folder=args.out.parent,
        at=tuple(dict.fromkeys(args.at)),
        digits=args.digits,
        extra=args.extra,
        own=args.own,
        effort=Effort(args.effort),
        seed=args.seed,
    )
    write_all(args.out.parent, {args.out.name: dumps(document)})
    held = {kind: list(document[kind]) for kind in ("formulas", "claims")}
    told = "".join(f"{kind:<9} {', '.join(names)}\n" for kind, names in held.items() if names)
    hint = "" if args.out.name.endswith(SUFFIX) else f"pytest looks for *{SUFFIX}, and for what gammaphi_files names"
    return Result(
        status=Status.PASS,
        data={"file": args.out.name, **held},
        text=f"{told}in        {args.out}\n",
        diagnostics=(hint,) if hint else (),
    )
