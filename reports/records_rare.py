"""What stamped samples teach, as plain data for JSON."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict

from numerics.rare_arrays import Model, Row

from .envelope import Json


def stamped(rows: Sequence[Row], model: Model, args: argparse.Namespace, *, target: float) -> dict[str, Json]:
    """Return the model, the rows, and the least number of stamped samples from which the pattern is learned."""
    return {
        "kernel": "linear" if model.kernel is None else str(model.kernel),
        "activation": None if model.activation is None else model.activation.name,
        "width": None if model.kernel is None else "inf" if model.width is None else model.width,
        "ridge": model.ridge,
        "pattern": args.pattern,
        "target": target,
        "trials": args.trials,
        "seed": args.seed,
        "learned_from": next((row.stamped for row in rows if row.learned), None),
        "rows": [asdict(row) | {"left_by_influence": row.left_by_influence} for row in rows],
    }
