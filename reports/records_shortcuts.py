"""What a kernel learns of a label and of a shortcut, as plain data for JSON."""

from __future__ import annotations

from dataclasses import asdict

from numerics.shortcut_analysis import Analysis

from .envelope import Json


def analysed(found: Analysis, *, kernel: str, centred: bool) -> dict[str, Json]:
    """Return the samples, the modes, which of them carry what, and the outputs in time; null is after training."""
    return {"kernel": kernel, "centred": centred, **asdict(found)}
