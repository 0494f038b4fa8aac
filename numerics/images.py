"""Images in two classes as core features: scikit-learn's digits, and MNIST and CIFAR-10 from the user's own files.

Each pixel is centred over the pool, the images of both classes together, and each image is put on its sphere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .elementwise import Array
from .image_files import Part, cifar10_files, mnist_files, read_cifar10, read_mnist
from .spheres import to_sphere

POOLS = 2
"""Pools that are kept: that of CIFAR-10 is a quarter of a GiB."""


@dataclass(frozen=True, kw_only=True)
class Images:
    """A pool of images that is read when it is asked for."""

    name: str
    core: int
    """d_x, the values of an image."""
    load: Callable[[], tuple[Array, Array]]
    """Returns `x` (rows x d_x), read-only, each row of norm `sqrt(d_x)`, and the labels `g`, +1 or -1."""
    border: int | None = None
    """d_y in the paper's images."""


@dataclass(frozen=True, kw_only=True)
class _Format:
    core: int
    border: int
    classes: tuple[int, int]
    """Those labelled -1 and +1."""
    files: Callable[[Path], tuple[Path, ...]]
    read: Callable[[tuple[Path, ...]], Iterator[Part]]


_FORMATS = {
    "mnist": _Format(core=28**2, border=48**2 - 28**2, classes=(1, 7), files=mnist_files, read=read_mnist),
    # 3 is cat, 8 is ship
    "cifar10": _Format(
        core=3 * 32**2, border=3 * (48**2 - 32**2), classes=(3, 8), files=cifar10_files, read=read_cifar10
    ),
}


def images_of(data: str) -> Images | None:
    """Return the pool that `data` names, `digits`, `mnist:DIR` or `cifar10:DIR`, unread; None for any other name.

    Loading raises ValueError where a file is missing, is not what it should be, or lacks a class.
    """
    if data == "digits":
        return Images(name="digits", core=64, load=_digits)
    name, colon, folder = data.partition(":")
    if not colon or name not in _FORMATS:
        return None
    made = _FORMATS[name]
    return Images(name=f"{name} images", core=made.core, border=made.border, load=partial(_load, name, folder))


@cache
def all_digits() -> tuple[Array, NDArray[np.intp]]:
    """Return all images of digits, rows x 64 with pixels from 0 to 1, and their classes, both read-only."""
    try:
        from sklearn.datasets import load_digits  # noqa: PLC0415  (an extra, needed here alone)
    except ImportError as missing:
        raise ValueError("digits need scikit-learn: pip install 'gammaphi[data]'") from missing
    bunch = load_digits()
    images, classes = np.asarray(bunch.data, dtype=np.float64) / 16, np.asarray(bunch.target, dtype=np.intp)
    images.setflags(write=False)
    classes.setflags(write=False)
    return images, classes


@cache
def _digits() -> tuple[Array, Array]:
    """Return the images of 1 and 7, and g = 1 for the 7."""
    images, classes = all_digits()
    wanted = np.isin(classes, (1, 7))
    return _on_sphere(images[wanted]), np.where(classes[wanted] == 7, 1.0, -1.0)


def _load(name: str, folder: str) -> tuple[Array, Array]:
    try:
        if not folder or not Path(folder).is_dir():
            raise ValueError(f"data {name}:DIR needs a folder DIR, and {folder!r} is none")
        files = _FORMATS[name].files(Path(folder))
        stamps = tuple((status.st_size, status.st_mtime_ns) for status in (path.stat() for path in files))
        return _pool(name, files, stamps)
    except OSError as unreadable:
        raise ValueError(f"data {name}:{folder} cannot be read: {unreadable}") from unreadable


@lru_cache(maxsize=POOLS)
def _pool(name: str, files: tuple[Path, ...], _stamps: tuple[tuple[int, int], ...]) -> tuple[Array, Array]:
    """Return the images of the two classes and their labels; the stamps are for the cache, which must not be stale."""
    made, folder = _FORMATS[name], files[0].parent
    parts = [_of_classes(made.classes, part) for part in made.read(files)]
    images, classes = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    for needed in made.classes:
        if needed not in classes:
            raise ValueError(f"{folder} holds no image of class {needed}; classes {made.classes} are compared")
    try:
        x = _on_sphere(images.astype(np.float64))
    except ValueError as flat:
        raise ValueError(f"{folder} holds an image equal to the mean of all: {flat}") from flat
    return x, np.where(classes == made.classes[1], 1.0, -1.0)


def _of_classes(wanted: tuple[int, int], part: Part) -> Part:
    images, classes = part
    rows = np.isin(classes, wanted)
    return images[rows], classes[rows]


def _on_sphere(images: Array) -> Array:
    x = to_sphere(images - images.mean(axis=0))
    x.setflags(write=False)
    return x
