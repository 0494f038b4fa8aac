"""Sound files in miniature, which the cases of the campaign are spoilt copies of."""

from __future__ import annotations

import json
import pickle
import sqlite3
import struct
from contextlib import closing
from pathlib import Path
from random import Random

import numpy as np

from numerics import ledger

from . import fuzz_bytes, fuzz_text

ACTIVATIONS = {
    "activations": {
        "bent": "(sqrt(1 + x**2) - 1)/2 + x",
        "h1+h3": {"expr": "hermite(x, 1, 3)", "remark": "a third phi"},
        "same-as_relu.2": {"expr": "max(x, 0)"},
    }
}
SPEC = {
    "trials": 2,
    "seed": 7,
    "tests": 10,
    "precision": "double",
    "grid": [
        {"kernel": "rf", "activation": ["relu", "x + x**3"], "d": 20, "n": [5, 10], "alpha": ["1/4", 0.5], "width": 60},
        {"kernel": "ntk-deep", "activation": "tanh", "depth": [1, 2], "d": 20, "n": 5, "alpha": 0.5, "data": "sphere"},
    ],
}
CELL = {
    "kernel": "rf",
    "activation": "relu",
    "depth": None,
    "d": 20,
    "d_y": 5,
    "n": 10,
    "width": 60,
    "data": "sphere",
    "query": "resample",
}
SWEEP = {
    "seed": 7,
    "trials": 3,
    "tests": 10,
    "precision": "double",
    "cells": [CELL, CELL | {"kernel": "ntk-deep", "depth": 2, "width": None}],
}
ORIGIN = {"gammaphi": "0.1.0", "quantities": "alignment test_accuracy"}
TRIALS = [
    [place, trial, {"alignment": 0.25, "test_accuracy": 0.5}, None] for place in range(2) for trial in range(2)
] + [[1, 2, None, "the kernel is singular"]]


def _golden() -> dict:
    """Return the example's golden file, shortened."""
    found = json.loads((Path(__file__).parents[2] / "examples" / "frozen" / "formulas.gammaphi.json").read_text())
    for entry in found["formulas"].values():
        entry["quantities"] = dict(list(entry["quantities"].items())[:3])
    return found


GOLDEN = _golden()
_CLASSES = np.array([1, 7, 3, 8], dtype=np.uint8)
IMAGES = struct.pack(">HBB3I", 0, 8, 3, 4, 28, 28) + bytes(range(196)) * 16
LABELS = struct.pack(">HBBI", 0, 8, 1, 4) + _CLASSES.tobytes()
_PHOTOGRAPHS = np.arange(4 * 3072, dtype=np.uint32).astype(np.uint8).reshape(4, 3072)
BATCH = np.hstack([_CLASSES[:, None], _PHOTOGRAPHS]).tobytes()
PICKLED = pickle.dumps(
    {b"batch_label": b"training batch 1 of 5", b"labels": _CLASSES.tolist(), b"data": _PHOTOGRAPHS}, protocol=2
)
ARRAYS = {
    "x": np.arange(40.0 * 6).reshape(40, 6),
    "y": np.arange(40.0 * 4).reshape(40, 4),
    "g": np.where(np.arange(40) % 2, 1.0, -1.0),
}
_ENDLESS = (
    (
        "DROP TABLE trials; CREATE VIEW trials AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)"
        " SELECT n AS cell, 0 AS trial, '{}' AS numbers, NULL AS error, 0 AS crc FROM c;"
    ),
    "CREATE TABLE more (a CHECK (length(zeroblob(900000000)) > a));",
    "DROP TABLE sweep; CREATE VIEW sweep AS SELECT zeroblob(2000000000) AS spec, '' AS origin, 0 AS crc;",
    "CREATE INDEX more ON trials (length(zeroblob(900000000)));",
    "DROP TABLE trials; CREATE TABLE trials (cell, trial, numbers, error, crc);",
    "DROP TABLE sweep;",
    "CREATE TRIGGER t AFTER INSERT ON trials BEGIN DELETE FROM sweep; END;",
    "PRAGMA user_version = 9;",
    "PRAGMA application_id = 0;",
    "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = 'CREATE TABLE trials (cell)' WHERE name = 'trials';",
)
"""Databases that do more than hold rows."""


def database(rng: Random) -> bytes:
    """Return a ledger: its rows changed and their checksums right again, its tables others, or its bytes spoilt."""
    kind = rng.random()
    spec, origin, trials = SWEEP, ORIGIN, TRIALS
    if kind < 0.2:
        spec = fuzz_text.changed(rng, SWEEP)
    elif kind < 0.3:
        origin = fuzz_text.changed(rng, ORIGIN)
    elif kind < 0.65:
        trials = fuzz_text.changed(rng, TRIALS)
    made = _database(rng, spec, origin, trials, rng.choice(_ENDLESS) if 0.65 < kind < 0.68 else "")
    return made if kind < 0.68 else fuzz_bytes.spoilt(rng, made)


def _database(rng: Random, spec: object, origin: object, trials: object, more: str) -> bytes:
    rows = [_row(one) for one in trials] if isinstance(trials, list) else []
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"PRAGMA application_id = {ledger.APPLICATION}")
        connection.execute(f"PRAGMA user_version = {ledger.SCHEMA}")
        connection.executescript(";".join(ledger._TABLES.values()))
        texts = tuple(fuzz_text.as_json(rng, one).decode("utf-8", "replace") for one in (spec, origin))
        connection.execute("INSERT INTO sweep VALUES (?, ?, ?)", (*texts, ledger._crc(*texts)))
        for row in rows:
            try:
                connection.execute("INSERT OR REPLACE INTO trials VALUES (?, ?, ?, ?, ?)", (*row, ledger._crc(*row)))
            except (sqlite3.Error, OverflowError, UnicodeError, TypeError):  # SQLite itself takes no such row
                continue
        connection.executescript(more)
        return connection.serialize()


def _row(one: object) -> tuple:
    cells = (list(one) if isinstance(one, list) else [one])[:4]
    cells += [None] * (4 - len(cells))
    plain = [value if isinstance(value, (int, float, str, type(None))) else json.dumps(value) for value in cells]
    return (*plain[:2], json.dumps(cells[2]) if isinstance(cells[2], dict) else plain[2], *plain[3:])
