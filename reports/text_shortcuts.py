"""What a kernel learns of a label and of a shortcut, for the terminal."""

from __future__ import annotations

import math
from pathlib import Path

from numerics.shortcut_analysis import Analysis

from .text import aligned

DIRECTIONS = {
    "label": "the label y",
    "attribute": "the attribute a",
    "aligned": "y + a, where they agree",
    "conflicting": "y - a, where they differ",
}
HEADS = ("mode", "eigenvalue", "half learned at", "of y", "of a", "of y + a", "of y - a")
MEANING = (
    "A mode has the share shown of each direction; time is in units of 1 / step size, on half the mean square loss.",
    "These samples alone are taken apart: how others are classified, the table does not say.",
)


def analysed(found: Analysis, *, file: Path, kernel: str, centred: bool) -> str:
    """Return the modes, which of them carry what, and the outputs in time."""
    modes = [
        (str(r.mode), f"{r.value:.4g}", f"{r.half_time:.4g}", *(f"{share:.3f}" for share in r.shares.values()))
        for r in found.rows
    ]
    hidden = found.modes - len(found.rows)
    carriers = [
        (words, str(at.mode), f"{at.cosine:.3f}", f"{at.half_time:.4g}")
        for at, words in ((found.carriers[name], words) for name, words in DIRECTIONS.items())
    ]
    moments = [
        ("in the end" if math.isinf(m.time) else f"{m.time:.4g}", f"{m.aligned:.4f}", f"{m.conflicting:.4f}")
        for m in found.moments
    ]
    samples = f"{found.samples} samples of {found.columns} columns{', centred' if centred else ''}"
    lines = (
        f"{file}: {samples}; a = y at {found.agreement:.1%} of them; kernel {kernel}",
        "",
        *aligned(HEADS, modes),
        *([f"and {hidden} more"] if hidden else []),
        "",
        *aligned(("most of", "is in mode", "cosine", "half learned at"), carriers),
        _faster(found),
        "",
        *aligned(("time", "y f where a = y", "y f where a = -y"), moments),
        "",
        *MEANING,
    )
    return "\n".join(lines) + "\n"


def _faster(found: Analysis) -> str:
    agree, differ = found.carriers["aligned"], found.carriers["conflicting"]
    spread = {DIRECTIONS[name].partition(",")[0]: found.carriers[name] for name in ("aligned", "conflicting")}
    if lost := [f"{words} (at most {at.cosine**2:.1%} of it)" for words, at in spread.items() if not at.carries]:
        return f"No single mode carries {' or '.join(lost)}: which is learned faster, no ratio of modes says."
    if agree.mode == differ.mode:
        return f"Mode {agree.mode} has most of both: it does not tell where the attribute agrees with the label."
    factor = differ.half_time / agree.half_time
    speed = f"{factor:.3g} times as fast" if factor >= 1 else f"{1 / factor:.3g} times as slowly"
    return f"What the samples with a = y have in common is learned {speed} as what the others have."
