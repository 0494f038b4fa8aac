"""A ledger and its cells as plain data for JSON."""

from __future__ import annotations

from numerics.ledger import Contents
from numerics.sweep import setting_of
from numerics.sweep_plan import SweepPlan
from numerics.sweep_summary import CellSummary

from . import records
from .envelope import Json


def counts(contents: Contents) -> dict[str, Json]:
    """Return the size of a sweep, how far it is, what made it, and the trials that failed, with the reason."""
    return {
        "seed": contents.sweep.seed,
        "trials": contents.sweep.trials,
        "tests": contents.sweep.tests,
        "precision": contents.sweep.precision,
        "wanted": contents.sweep.total,
        "done": len(contents.outcomes),
        "origin": dict(contents.origin),
        "failed": [
            {
                "setting": records.setting(setting_of(contents.sweep.cells[outcome.place])),
                "trial": outcome.trial,
                "error": outcome.error,
            }
            for outcome in contents.failed
        ],
    }


def planned(found: SweepPlan) -> dict[str, Json]:
    """Return the size of a sweep and what it would cost, for one process."""
    return {
        "cells": len(found.sweep.cells),
        "trials": found.sweep.total,
        "operations": dict(found.operations),
        "minutes": found.minutes,
        "bytes": sum(found.largest.memory.values()),
        "refused": list(found.refused),
    }


def cell(summary: CellSummary) -> dict[str, Json]:
    """Return one cell: its setting, its trials, and each mean with its standard error, beside the law."""
    means = {key: {"mean": mean, "se": error, "law": summary.law(key)} for key, (mean, error) in summary.means.items()}
    return {
        "setting": records.setting(summary.setting),
        "wanted": summary.wanted,
        "done": summary.done,
        "failed": summary.failed,
        **means,
    }
