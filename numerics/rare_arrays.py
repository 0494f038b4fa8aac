"""A pattern on a few of one's own samples: how many it takes until it is learned, and what deletion leaves of it.

Kernel ridge regression of one class against the rest, labels +1 and -1.  Rows are scaled by one factor to `|z|^2 = d`
on the average, and the ridge is a share of the mean diagonal of the kernel, so that units play no part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from theory.activations import Activation
from theory.setting import Kernel, Setting

from .array_file import read_arrays
from .block_deletion import Deletion, Rows, delete
from .data import flat_rows, require_rows
from .elementwise import Array
from .kernels import closed_dual, kernels
from .randomness import Purpose, Streams
from .threads import threads

MOST = 5000
"""Samples that are learned from: their kernel has 200 MB."""
LEARNED = 0.2
"""Mean shift of the output, which is between -1 and 1, from which on a pattern counts as learned."""
WIDEST = 10**6
"""Neurons that are drawn: their kernel is within about a thousandth of that of infinitely many."""
PATTERNS = ("file", "pixel", "noise")


@dataclass(frozen=True, kw_only=True, eq=False)
class Samples:
    """Rows `x` (N x d), labels `g` (N), and the pattern of the file (d), if one was asked for."""

    x: Array
    g: Array
    pattern: Array | None = None


@dataclass(frozen=True, kw_only=True)
class Model:
    """What learns: a kernel, None for the linear one, of so many neurons, with a ridge."""

    kernel: Kernel | None
    activation: Activation | None
    width: int | None
    ridge: float

    def __post_init__(self) -> None:
        if self.width is not None and self.width > WIDEST:
            raise ValueError(f"--width {self.width}: at most {WIDEST} neurons are drawn; inf is the limit of many")


@dataclass(frozen=True, kw_only=True)
class Stamping:
    """Which pattern is stamped on the samples of which class, and on how many of them."""

    pattern: str
    target: float | None = None
    """The smallest label by default."""
    counts: tuple[int, ...]
    train: int | None = None
    """Samples that are learned from, two thirds by default."""
    trials: int
    seed: int


@dataclass(frozen=True, kw_only=True)
class Row:
    """What so many stamped samples do, as means over the trials; shifts are those that stamping makes in the output."""

    stamped: int
    shift: float
    shift_se: float | None
    """Standard error over the trials; None for one."""
    after_deletion: float
    after_influence: float
    misled: float
    """Share of the test samples of other classes that are read as the target when they are stamped."""
    misled_after_deletion: float
    accuracy: float
    """On test samples without the pattern."""
    leverage: float
    """The largest of a stamped sample."""

    @property
    def learned(self) -> bool:
        """Whether stamping shifts the output by `LEARNED` more than it would without the stamped samples."""
        return self.shift - self.after_deletion >= LEARNED

    @property
    def left_by_influence(self) -> float:
        """The share of what these samples taught of the pattern that influence leaves."""
        taught = self.shift - self.after_deletion
        return (self.after_influence - self.after_deletion) / taught if taught else float("nan")


def read_samples(path: Path, *, pattern: str) -> Samples:
    """Return the samples of an `.npz` file; ValueError, in one line, where they are not what they should be."""
    found = read_arrays(path, ("x", "g", "pattern") if pattern == "file" else ("x", "g"))
    x, g, mark = found["x"], found["g"], found.get("pattern")
    if g.ndim != 1:
        raise ValueError(f"g has shape {g.shape}: one label for each row is needed")
    x = flat_rows(x)
    require_rows("x", x, axes=2, rows=len(g))
    require_rows("g", g, axes=1, rows=len(g))
    if x.shape[1] < 2 or not x.any():
        raise ValueError(f"x has shape {x.shape}: two columns at least, and not all of them 0")
    if mark is not None:
        if mark.size != x.shape[1]:
            raise ValueError(f"pattern has {mark.size} numbers, and a row of x has {x.shape[1]}")
        require_rows("pattern", mark.reshape(1, -1), axes=2, rows=1)
        if not mark.any():
            raise ValueError("pattern is 0 everywhere: stamping it would change nothing")
    return Samples(x=x, g=g, pattern=None if mark is None else mark.ravel())


def stamped_rows(samples: Samples, model: Model, asked: Stamping) -> tuple[float, list[Row]]:
    """Return the target class, and a row for each number of stamped samples.

    Raises ValueError where there are too few samples to train, to test or to stamp, and for a singular kernel.
    """
    target = float(samples.g.min()) if asked.target is None else asked.target
    _require_classes(samples, target)
    train = min(2 * len(samples.g) // 3, MOST) if asked.train is None else asked.train
    if not 2 <= train <= min(MOST, len(samples.g) - 1):
        raise ValueError(f"{train} samples to learn from, of {len(samples.g)}: 2 to {MOST}, and some left to test on")
    asked = replace(asked, target=target, train=train)
    found = [_trial(samples, model, asked, trial) for trial in range(asked.trials)]
    return target, [_row(count, [cells[i] for cells in found]) for i, count in enumerate(asked.counts)]


def _require_classes(samples: Samples, target: float) -> None:
    classes = np.unique(samples.g)
    if target not in classes:
        raise ValueError(f"no sample has the label {target:g}; there are {', '.join(f'{c:g}' for c in classes[:12])}")
    if len(classes) < 2:
        raise ValueError(f"all samples have the label {target:g}: there is nothing to tell it from")


@dataclass(frozen=True, kw_only=True)
class _Cell:
    """One number of stamped samples in one trial."""

    shifts: tuple[float, float, float]
    misled: tuple[float, float]
    accuracy: float
    leverage: float


def _trial(samples: Samples, model: Model, asked: Stamping, trial: int) -> list[_Cell]:
    streams = Streams(seed=asked.seed, cell="stamped arrays", trial=trial)
    order = streams.of(Purpose.DATA).permutation(len(samples.g))
    some, others = order[: asked.train], order[asked.train :]
    most, target = max(asked.counts), asked.target
    labels = np.where(samples.g == target, 1.0, -1.0)
    targets = np.flatnonzero(labels[some] > 0)
    if len(targets) < most:
        found = f"only {len(targets)} of {len(some)} training samples have label {target:g}"
        raise ValueError(f"trial {trial}: {found}; --stamped asks for {most}")
    if (labels[others] > 0).all():
        raise ValueError(f"trial {trial}: all {len(others)} test samples have label {target:g}: none can be misled")
    picked = targets[:most]
    apply = _stamp(samples, asked.pattern, streams.of(Purpose.QUERIES))
    rows = [samples.x[some], apply(samples.x[some[picked]]), samples.x[others], apply(samples.x[others])]
    with threads(len(some)):
        gram, cross = _kernel(model, np.vstack(rows[:2]), np.vstack(rows[2:]), streams)
        cells = (_deleted(gram, cross, labels[some], picked[:count], model.ridge) for count in asked.counts)
        return [_cell(found, labels[others]) for found in cells]


def _stamp(samples: Samples, pattern: str, rng: np.random.Generator) -> _Stamp:
    least, most = float(samples.x.min()), float(samples.x.max())
    columns = samples.x.shape[1]
    if samples.pattern is not None:
        return _Stamp(mark=samples.pattern, least=-np.inf, most=np.inf)
    mark = rng.random(columns) if pattern == "noise" else np.arange(columns) == 0
    return _Stamp(mark=np.asarray((most - least) * mark), least=least, most=most)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Stamp:
    """Adds a mark to rows, and keeps them in the range of the data; a pattern of one's own is added as it is."""

    mark: Array
    least: float
    most: float

    def __call__(self, rows: Array) -> Array:
        return np.clip(rows + self.mark, self.least, self.most)


def _kernel(model: Model, rows: Array, queries: Array, streams: Streams) -> tuple[Array, Array]:
    """Return the kernel on the rows and between rows and queries, its diagonal 1 on the average."""
    d = rows.shape[1]
    scale = np.sqrt(np.mean(np.sum(rows**2, axis=1)) / d)
    z, q = rows / scale, queries / scale
    if model.kernel is None or model.activation is None:
        gram, cross = z @ z.T / d, z @ q.T / d
    else:
        setting = Setting(kernel=model.kernel, activation=model.activation, d=d, d_y=1, n=len(rows), width=model.width)
        dual = closed_dual(setting) if model.width is None else None
        try:
            found = kernels(setting, z, (q,), seeds=[streams.seeds(Purpose.WEIGHTS)], dual=dual)
        except ValueError as failed:
            raise ValueError(f"{failed}{'; a finite --width needs no series' * (model.width is None)}") from failed
        gram, (cross,) = found.gram, found.cross
    unit = float(np.mean(np.diag(gram)))
    return gram / unit, cross / unit


def _deleted(gram: Array, cross: Array, labels: Array, block: Rows, ridge: float) -> Deletion:
    """Return what a block of stamped samples does; their stamped rows lie, in order, below the others."""
    rows = np.arange(len(labels))
    rows[block] = len(labels) + np.arange(len(block))
    return delete(gram[np.ix_(rows, rows)], cross[rows], labels, block=block, ridge=ridge)


def _cell(found: Deletion, labels: Array) -> _Cell:
    """Return the numbers of a block from the outputs at clean tests, and then at stamped ones."""
    tests = len(labels)

    def shift(outputs: Array) -> float:
        return float(np.mean(outputs[tests:] - outputs[:tests]))

    def misled(outputs: Array) -> float:
        return float(np.mean(outputs[tests:][labels < 0] > 0))

    return _Cell(
        shifts=(shift(found.base), shift(found.exact), shift(found.influence)),
        misled=(misled(found.base), misled(found.exact)),
        accuracy=float(np.mean(np.sign(found.base[:tests]) == labels)),
        leverage=float(found.leverages.max()),
    )


def _row(count: int, cells: Sequence[_Cell]) -> Row:
    base, exact, influence = (np.array([cell.shifts[i] for cell in cells]) for i in range(3))
    misled, misled_exact = (float(np.mean([cell.misled[i] for cell in cells])) for i in range(2))
    return Row(
        stamped=count,
        shift=float(base.mean()),
        shift_se=float(base.std(ddof=1) / np.sqrt(len(cells))) if len(cells) > 1 else None,
        after_deletion=float(exact.mean()),
        after_influence=float(influence.mean()),
        misled=misled,
        misled_after_deletion=misled_exact,
        accuracy=float(np.mean([cell.accuracy for cell in cells])),
        leverage=float(np.mean([cell.leverage for cell in cells])),
    )
