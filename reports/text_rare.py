"""What stamped samples teach, for the terminal."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from numerics.rare_arrays import LEARNED, Model, Row

from .text import aligned

HEADS = ("stamped", "shift", "s.e.", "deleted", "influence", "misled", "if deleted", "accuracy", "leverage")
MEANING = (
    "shift: what the stamp adds to the output of a test sample, near 1 for the target class, near -1 for the others;",
    "deleted: the same in a model that never saw the stamp, so shift less deleted is what the stamped samples taught;",
    "influence: the shift after their first-order influence is taken off;",
    "misled: the share of test samples of other classes that the stamp turns into the target class.",
)

MORE = "more than without the stamped samples"


def stamped(rows: Sequence[Row], model: Model, args: argparse.Namespace, *, target: float) -> str:
    """Return the table, from how many samples on the pattern is learned, and what either way of deletion leaves."""
    table = [
        (
            str(row.stamped),
            f"{row.shift:.4f}",
            "-" if row.shift_se is None else f"{row.shift_se:.1g}",
            f"{row.after_deletion:.4f}",
            f"{row.after_influence:.4f}",
            f"{row.misled:.3f}",
            f"{row.misled_after_deletion:.3f}",
            f"{row.accuracy:.4f}",
            f"{row.leverage:.3f}",
        )
        for row in rows
    ]
    lines = [
        f"{args.file}: pattern {args.pattern} on samples labelled {target:g}; {_named(model)}, ridge {model.ridge:g}",
        "",
        *aligned(HEADS, table),
        "",
        *MEANING,
        "",
        *_answer(rows),
        f"{_trials(args.trials)}, seed {args.seed}",
    ]
    return "\n".join(lines) + "\n"


def _trials(count: int) -> str:
    return "1 trial, which has no standard error" if count == 1 else f"{count} trials"


def _named(model: Model) -> str:
    if model.kernel is None or model.activation is None:
        return "linear kernel"
    return f"{model.kernel} {model.activation.name}, {'inf' if model.width is None else model.width} neurons"


def _answer(rows: Sequence[Row]) -> list[str]:
    learned = [row for row in rows if row.learned]
    if not learned:
        return [f"Not learned: the stamp shifts the output by less than {LEARNED:g} {MORE}."]
    least = learned[0]
    taught, left = least.shift - least.after_deletion, least.left_by_influence
    samples = "1 stamped sample" if least.stamped == 1 else f"{least.stamped} stamped samples"
    return [
        f"Learned from {samples} on: the stamp shifts the output by at least {LEARNED:g} {MORE}.",
        f"With {samples} it is {taught:.2f} more, and {least.misled:.1%} of the samples of other classes are misled.",
        f"Exact deletion leaves none of what {samples} taught; first-order influence leaves {left:.0%}.",
    ]
