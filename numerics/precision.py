"""How far single-precision features move an alignment: estimated from a few rows, in both precisions.

An error `dK` of the kernel and `dc` of a query move `F = K^-1 c` by `K^-1 (dc - dK F)`.  Errors of rounding are
independent from entry to entry, of some size s, so they move the alignment of `z_i` by some `s |K^-1 e_i| sqrt(1 +
|F|^2)`, where `|F| < 1` but for noise.  The size s is measured on one block of neurons, and not reduced for the blocks
that are averaged: rounding the points themselves is common to all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from theory.setting import Setting

from .elementwise import Array
from .engine import Engine, Precision
from .kernels import kernels
from .streaming import BLOCK

TOLERANCE = 1e-5
"""Largest estimated error of an alignment for which single-precision features are kept: a tenth of the fourth digit."""
PROBE = 256
"""Samples, and queries, whose kernel is computed in both precisions."""
STANDARD_ERRORS = 5
"""The largest of a million independent errors is about five of their standard deviations."""


def alignment_error(
    setting: Setting,
    z: Array,
    queries: Array,
    *,
    seeds: Sequence[np.random.SeedSequence],
    engine: Engine,
    sensitivity: float,
) -> float:
    """Return the estimated error of the worst alignment, where `sensitivity = max_i |K^-1 e_i|`.

    `z` and `queries` are N x d, or trials x N x d.
    """
    few = replace(setting, width=min(setting.width or 0, BLOCK))
    points = z[..., :PROBE, :], (queries[..., :PROBE, :],)
    coarse, fine = (
        kernels(few, *points, seeds=seeds, engine=replace(engine, precision=precision))
        for precision in (Precision.MIXED, Precision.DOUBLE)
    )
    squares = [np.mean((a - b) ** 2) for a, b in ((coarse.gram, fine.gram), (coarse.cross[0], fine.cross[0]))]
    return float(STANDARD_ERRORS * np.sqrt(2 * max(squares)) * sensitivity)
