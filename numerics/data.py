"""Samples `z = [x, y]`: the core feature `x` decides the label `g`, the spurious feature `y` is independent of both.

Synthetic data are `sphere` (`x` and `y` uniform on spheres of radius `sqrt(d_x)` and `sqrt(d_y)`) and `gaussian`
(iid N(0, 1)), with `g = sign(u^T x)`.  Both laws are invariant under rotations of `x`, so `u` is the first coordinate
vector without loss.  Finite pools are images (`numerics.images`) and `.npz` files: the training set is drawn without
replacement, and everything else, test set and fresh `x` alike, comes from the samples left over.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from theory.setting import Query, Setting

from .array_file import read_arrays
from .elementwise import Array
from .images import Images, images_of
from .randomness import Purpose, Streams
from .spheres import to_sphere

LARGEST = 1e100
"""Largest number in the data: products of squares are still in the range of doubles."""
HELD_OUT = 6
"""At least one sample in this many of a finite pool is kept for the test set."""


def flat_rows(array: Array) -> Array:
    """Return rows of any shape as vectors, N x d; an array of fewer than two axes as it is, for it has no rows."""
    return array.reshape(len(array), math.prod(array.shape[1:])) if array.ndim > 1 else array


def require_rows(name: str, array: Array, *, axes: int, rows: int) -> None:
    """Raise ValueError unless an array has a row for each label, and its numbers are finite and can be squared."""
    if array.ndim != axes:
        raise ValueError(f"{name} has shape {array.shape}: {axes} axes and a row for each label are needed")
    if len(array) != rows:
        raise ValueError(f"{name} has shape {array.shape}: {len(array)} rows, and there are {rows} labels")
    if not rows:
        raise ValueError(f"{name} has shape {array.shape}: there is no row in it")
    bad = ~np.isfinite(array.reshape(len(array), -1)).all(axis=1)
    if bad.any():
        row = int(np.argmax(bad))
        raise ValueError(f"{name} holds {'NaN' if np.isnan(array[row]).any() else 'infinity'} at row {row}")
    large = np.abs(array).reshape(len(array), -1).max(axis=1, initial=0)
    if (large > LARGEST).any():
        row = int(np.argmax(large))
        raise ValueError(f"{name} holds {large[row]:.0e} at row {row}, too large to be squared: scale the data")


def require_signs(name: str, array: Array) -> None:
    """Raise ValueError unless every number is +1 or -1."""
    if not (np.abs(array) == 1).all():
        row = int(np.argmax(np.abs(array) != 1))
        told = f"{name} holds {array[row]:g} at row {row}: {_NAMED.get(name, name)} must be +1 or -1"
        binary = bool(np.isin(array, (0, 1)).all())  # booleans are read as 0 and 1 too
        raise ValueError(f"{told}; save 2 * {name} - 1 for 0 and 1 (False and True)" if binary else told)


_NAMED = {"g": "labels", "a": "attributes"}


@dataclass(frozen=True, kw_only=True, eq=False)
class Sample:
    """Rows of core features `x` (N x d_x), spurious features `y` (N x d_y) and labels `g` (N), in range."""

    x: Array
    y: Array
    g: Array

    def __post_init__(self) -> None:
        for name, array, axes in (("x", self.x, 2), ("y", self.y, 2), ("g", self.g, 1)):
            require_rows(name, array, axes=axes, rows=len(self.g))

    @property
    def z(self) -> Array:
        """The full rows `[x, y]`, N x d."""
        return np.hstack([self.x, self.y])

    def take(self, rows: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Sample:
        """Return the sample of the chosen rows."""
        return Sample(x=self.x[rows], y=self.y[rows], g=self.g[rows])


@dataclass(frozen=True, kw_only=True, eq=False)
class Draw:
    """One training set, the fresh `x` of its resampled queries (N x d_x) and a test set it never saw."""

    train: Sample
    fresh_x: Array
    test: Sample

    def queries(self, query: Query) -> Array:
        """Return the spurious counterparts `z_i^s`: each row keeps `y_i` and loses `x_i`."""
        x = np.zeros_like(self.fresh_x) if query is Query.ZERO else self.fresh_x
        return np.hstack([x, self.train.y])


def draw(setting: Setting, *, streams: Streams, tests: int) -> Draw:
    """Draw training set, fresh core features and `tests` test samples (of a finite pool: all that is left).

    Raises ValueError where the data do not fit the setting, are too few, or hold NaN or infinity.
    """
    if setting.data in ("sphere", "gaussian"):
        return _synthetic(setting, streams, tests)
    if (images := images_of(setting.data)) is not None:
        return _from_images(images, setting, streams)
    if setting.data.endswith(".npz"):
        return _from_file(setting, streams)
    raise ValueError(
        f"data {setting.data[:60]!r} is none of sphere, gaussian, digits, mnist:DIR, cifar10:DIR, or an .npz file"
    )


def source(data: str) -> str:
    """Return what `data` is, without the place of image files: wherever they lie, the same splits are drawn."""
    return data if images_of(data) is None else data.partition(":")[0]


def _synthetic(setting: Setting, streams: Streams, tests: int) -> Draw:
    def rows(rng: np.random.Generator, count: int, dimension: int) -> Array:
        values = rng.standard_normal((count, dimension))
        return to_sphere(values) if setting.data == "sphere" else values

    def sample(rng: np.random.Generator, count: int) -> Sample:
        x = rows(rng, count, setting.d - setting.d_y)
        return Sample(x=x, y=rows(rng, count, setting.d_y), g=np.where(x[:, 0] >= 0, 1.0, -1.0))

    return Draw(
        train=sample(streams.of(Purpose.DATA), setting.n),
        fresh_x=rows(streams.of(Purpose.QUERIES), setting.n, setting.d - setting.d_y),
        test=sample(streams.of(Purpose.TEST), tests),
    )


def _from_images(images: Images, setting: Setting, streams: Streams) -> Draw:
    core, border, d_y = images.core, images.border, setting.d_y
    if setting.d - d_y != core:
        paper = "" if border is None else f"; the paper has d_y = {border}, d = {core + border}"
        raise ValueError(
            f"{images.name} have {core} core pixels, so d - d_y must be {core}: with d_y = {d_y}, "
            f"d = {core + d_y} fits, not {setting.d}{paper}"
        )
    x, g = images.load()
    # The border of an image is noise, so a pool of borders as long as the pool of images serves every split of it; the
    # stream is one that the split does not use.
    noise = streams.of(Purpose.TEST).uniform(-1, 1, (len(g), d_y))
    return _from_pool(Sample(x=x, y=to_sphere(noise), g=g), setting, streams)


def _from_file(setting: Setting, streams: Streams) -> Draw:
    path = Path(setting.data)
    pool = Sample(**read_arrays(path, "xyg"))
    require_signs("g", pool.g)
    for name, columns, wanted in (
        ("x", pool.x.shape[1], setting.d - setting.d_y),
        ("y", pool.y.shape[1], setting.d_y),
    ):
        if columns != wanted:
            raise ValueError(f"{path}: {name} has {columns} columns where the setting has d_{name} = {wanted}")
    return _from_pool(pool, setting, streams)


def trainable(rows: int) -> int:
    """Return how many samples of a finite pool can be trained on."""
    return rows - max(1, rows // HELD_OUT)


def _from_pool(pool: Sample, setting: Setting, streams: Streams) -> Draw:
    """Split the pool at random; fresh `x` are held-out ones, drawn with replacement for there may be fewer than N."""
    rows = len(pool.g)
    most = trainable(rows)
    if setting.n > most:
        raise ValueError(
            f"N = {setting.n} is too many: {setting.data} has {rows} samples, of which at most {most} can be trained on"
        )
    order = streams.of(Purpose.DATA).permutation(rows)
    rest = order[setting.n :]
    fresh = streams.of(Purpose.QUERIES).choice(rest, size=setting.n)
    return Draw(train=pool.take(order[: setting.n]), fresh_x=pool.x[fresh], test=pool.take(rest))
