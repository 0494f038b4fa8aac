"""What the alignment law says, and how it compares, as plain data for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from numerics.comparison import Comparison, Summary
from numerics.pool import PoolPoint
from numerics.prediction import Predicted
from theory.setting import Setting

from .document import Plate
from .envelope import Json
from .records import setting


def predicted(found: Predicted) -> dict[str, Json]:
    """Return the law at a setting, under the keys of `measure`; null where nothing is predicted."""
    return {
        **found.to_dict(),
        "gamma_se": None,
        "effective_ridge": found.effective_ridge,
        "energy": found.energy,
        "regime": [
            {"degree": d.degree, "energy": d.energy, "learned": d.learned, "word": d.word} for d in found.regime
        ],
        "pool": None,
        "setting": setting(found.setting),
    }


def pooled(at: Setting, point: PoolPoint, *, pool: int) -> dict[str, Json]:
    """Return the law read off a pool, under the same keys: of the mean alone, with its standard error."""
    unknown = dict.fromkeys(("sd", "test_accuracy", "spurious_accuracy", "test_mse", "energy"))
    return {
        **unknown,
        "gamma": point.gamma,
        "gamma_se": point.gamma_se,
        "effective_ridge": point.effective_ridge,
        "regime": [],
        "pool": {"samples": pool, "ridge": point.ridge},
        "setting": setting(at),
    }


def compared(rows: Sequence[Comparison], summary: Summary, *, seed: int) -> dict[str, Json]:
    """Return each setting, predicted and sampled, and what all of them say of the law and of its rivals."""
    return {
        "seed": seed,
        "summary": {**asdict(summary), "rejected": summary.rejected},
        "settings": [_comparison(row) for row in rows],
    }


def _comparison(row: Comparison) -> dict[str, Json]:
    return {
        "setting": setting(row.setting),
        "predicted": row.predicted.to_dict(),
        "sampled": row.measured.to_dict(),
        "z": row.z,
        "p": row.p,
        "spread_ratio": row.spread_ratio,
        "spread_error": row.spread_error,
        "test_accuracy_off": row.test_accuracy_off,
        "spurious_accuracy_off": row.spurious_accuracy_off,
        "rivals": row.rivals,
    }


def plates(drawn: Sequence[Plate]) -> dict[str, Json]:
    """Return the figures as the numbers that they show."""
    return {"figures": [asdict(plate) for plate in drawn]}
