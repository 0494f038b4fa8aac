"""Samples with a label and an attribute, as their kernel sees them: what is learned first, and from which modes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from theory.activations import Activation
from theory.setting import Kernel

from .array_file import read_arrays
from .data import flat_rows, require_rows, require_signs
from .elementwise import Array
from .shortcut_data import Clustered
from .shortcut_kernel import kernel_matrix
from .shortcut_modes import KernelModes, kernel_modes, linear_modes

CARRIED = 0.5
"""Share of a direction that a mode has from which on it carries it: no other has more."""
DEEPEST = 100
"""Hidden layers: each is one more pass over all pairs of rows, some seconds of the most there may be."""


@dataclass(frozen=True, kw_only=True)
class Carrier:
    """The mode that has most of a direction: which, counted from one, its cosine with it, and when half is learned."""

    mode: int
    cosine: float
    half_time: float

    @property
    def carries(self) -> bool:
        """Whether the mode has at least half of the direction; otherwise no single mode stands for it."""
        return self.cosine**2 >= CARRIED


@dataclass(frozen=True, kw_only=True)
class ModeRow:
    """One mode: its eigenvalue, when half of it is learned, and which share of each direction it has."""

    mode: int
    value: float
    half_time: float
    shares: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Mean outputs times the label at a time of the gradient flow; the last time is infinite."""

    time: float
    aligned: float
    conflicting: float


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """What the kernel of some samples learns of the label and of the attribute, mode by mode and in time."""

    samples: int
    columns: int
    agreement: float
    modes: int
    """All that are above rounding; `rows` has the first of them."""
    rows: tuple[ModeRow, ...]
    carriers: dict[str, Carrier]
    moments: tuple[Moment, ...]


def read_clustered(path: Path) -> Clustered:
    """Return the samples of an `.npz` file with arrays `x`, `g` (labels) and `a` (attributes).

    Raises ValueError, in one line, where an array is missing or has another shape, where a number is not finite or no
    sign, where labels or attributes are all the same, and where the two agree everywhere or nowhere: then nothing tells
    them apart.
    """
    found = read_arrays(path, ("x", "g", "a"))
    found["x"] = flat_rows(found["x"])
    for name, axes in (("g", 1), ("a", 1), ("x", 2)):
        require_rows(name, found[name], axes=axes, rows=len(found["g"]) if found["g"].ndim else 0)
    for name in ("g", "a"):
        require_signs(name, found[name])
        if (found[name] == found[name][0]).all():
            what = "label: there is nothing to learn" if name == "g" else "attribute: there is no shortcut to take"
            raise ValueError(f"{path}: {name} is {found[name][0]:+g} at every row, and tells of one {what}")
    drawn = Clustered(x=found["x"], y=found["g"], a=found["a"])
    if drawn.aligned.all() or not drawn.aligned.any():
        where = "every row" if drawn.aligned.any() else "no row"
        raise ValueError(f"{path}: a agrees with g at {where}, so no sample tells the attribute from the label")
    return drawn


def analyse(
    drawn: Clustered,
    *,
    kernel: Kernel | None,
    activation: Activation | None,
    depth: int | None,
    centre: bool,
    shown: int,
    times: Sequence[float],
) -> Analysis:
    """Take the kernel of some samples apart; `times` are in half-times of the first mode, no kernel is linear.

    Raises ValueError where the kernel is not finite, is zero, is none that the core knows, or is deeper than `DEEPEST`.
    """
    if depth is not None and depth > DEEPEST:
        raise ValueError(f"--depth {depth}: at most {DEEPEST} hidden layers are composed")
    x = drawn.x - drawn.x.mean(axis=0) if centre else drawn.x
    if kernel is None:
        modes = linear_modes(x)
    else:
        modes = kernel_modes(kernel_matrix(x, activation=activation, kernel=kernel, depth=depth))
    directions = {
        "label": drawn.y,
        "attribute": drawn.a,
        "aligned": drawn.y + drawn.a,
        "conflicting": drawn.y - drawn.a,
    }
    shares = {name: modes.shares(direction) for name, direction in directions.items()}
    return Analysis(
        samples=len(x),
        columns=x.shape[1],
        agreement=float(drawn.aligned.mean()),
        modes=len(modes.values),
        rows=tuple(
            ModeRow(
                mode=i + 1,
                value=float(modes.values[i]),
                half_time=float(modes.half_times[i]),
                shares={name: float(share[i]) for name, share in shares.items()},
            )
            for i in range(min(shown, len(modes.values)))
        ),
        carriers={name: _carrier(modes, direction) for name, direction in directions.items()},
        moments=tuple(_moment(modes, drawn, time) for time in (*(modes.half_times[0] * np.array(times)), np.inf)),
    )


def _carrier(modes: KernelModes, direction: Array) -> Carrier:
    place = modes.carrier(direction)
    return Carrier(mode=place + 1, cosine=modes.overlap(direction), half_time=float(modes.half_times[place]))


def _moment(modes: KernelModes, drawn: Clustered, time: float) -> Moment:
    right = drawn.y * modes.learned(drawn.y, time)
    return Moment(
        time=float(time),
        aligned=float(right[drawn.aligned].mean()),
        conflicting=float(right[~drawn.aligned].mean()),
    )
