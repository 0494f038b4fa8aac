"""The trials of a sweep as one table, CSV or Parquet: the same ledger gives the same bytes, however it came about."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from pathlib import Path

from numerics.ledger import Contents

from .writing import write_all

FORMATS = (".csv", ".parquet")
_OF_CELL = ("cell", "kernel", "activation", "depth", "d", "d_y", "alpha", "n", "width", "data", "query")
_OF_TRIAL = ("seed", "trial")

Value = str | int | float | None


def columns(contents: Contents) -> tuple[str, ...]:
    """Return the names of the columns: what the cell is, which trial, its numbers, and its error if it has one."""
    return (*_OF_CELL, *_OF_TRIAL, *contents.origin["quantities"].split(), "error")


def rows(contents: Contents) -> Iterator[tuple[Value, ...]]:
    """Yield one row for each finished trial, by cell, then trial; None for what it does not have.

    `alpha` is the double next to `d_y / d`, and an infinite width is an infinite number.
    """
    names = contents.origin["quantities"].split()
    for outcome in contents.outcomes:
        cell = contents.sweep.cells[outcome.place]
        known = cell._asdict() | {
            "cell": outcome.place,
            "alpha": cell.d_y / cell.d,
            "width": math.inf if cell.width is None else cell.width,
            "seed": contents.sweep.seed,
            "trial": outcome.trial,
        }
        yield (*(known[name] for name in (*_OF_CELL, *_OF_TRIAL)), *map(outcome.number, names), outcome.error)


def to_csv(contents: Contents) -> str:
    """Return the table as text, each float in the fewest digits that have all of its bits."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns(contents))
    writer.writerows(rows(contents))
    return text.getvalue()


def to_parquet(contents: Contents) -> bytes:
    """Return the table as a Parquet file; ValueError where pyarrow is not installed."""
    try:
        import pyarrow as pa  # noqa: PLC0415  (an extra, needed here alone)
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as missing:
        raise ValueError('a Parquet file needs pyarrow: pip install "gammaphi[parquet]"') from missing
    names = columns(contents)
    texts, wholes = {"kernel", "activation", "data", "query", "error"}, {"cell", "depth", "d", "d_y", "n", *_OF_TRIAL}
    kinds = [pa.string() if name in texts else pa.int64() if name in wholes else pa.float64() for name in names]
    listed = list(zip(*rows(contents), strict=True)) or [()] * len(names)
    table = pa.table([pa.array(values, kind) for values, kind in zip(listed, kinds, strict=True)], names=list(names))
    buffer = io.BytesIO()
    parquet.write_table(table, buffer)
    return buffer.getvalue()


def write(contents: Contents, path: Path) -> None:
    """Write the table to `path`, whole or not at all, in the format that its suffix names."""
    made = to_csv(contents) if path.suffix == ".csv" else to_parquet(contents)
    write_all(path.parent, {path.name: made})
