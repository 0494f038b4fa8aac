"""The files of MNIST (IDX) and CIFAR-10 (binary, or pickled batches), as they come, read with no trust in them.

What a file says of its size is held against its length before anything is allocated, and no more than `LARGEST` bytes
are read, compressed or not.  Whatever is wrong is a ValueError of one line that names the file.
"""

from __future__ import annotations

import gzip
import math
import stat
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from .pickled_batch import read_batch

Bytes = NDArray[np.uint8]
Part = tuple[Bytes, Bytes]
"""Images, rows x pixels, and their classes, 0 to 9."""

LARGEST = 2**26
"""Bytes of a file, and of what it decompresses to: the images of MNIST are 47 MB, a batch of CIFAR-10 is 31 MB."""
CLASSES = range(10)
MNIST_IMAGE = (28, 28)
CIFAR10_IMAGE = 3 * 32 * 32
UNSIGNED_BYTE = 8
TOLD = 160
"""Characters of an error that are passed on: it may quote the file."""


def mnist_files(folder: Path) -> tuple[Path, ...]:
    """Return the files of the training images and of their labels; ValueError if one is not there."""
    return _idx_file(folder, "train-images", 3), _idx_file(folder, "train-labels", 1)


def _idx_file(folder: Path, stem: str, axes: int) -> Path:
    names = [f"{stem}{mark}idx{axes}-ubyte{end}" for end in ("", ".gz") for mark in "-."]
    found = [folder / name for name in names if (folder / name).is_file()]
    if not found:
        raise ValueError(f"{folder} holds no {names[0]}; that name with a dot before idx, or .gz after it, would do")
    return found[0]


def read_mnist(files: tuple[Path, ...]) -> Iterator[Part]:
    """Yield images and classes, one for each image."""
    images, labels = files
    pixels, classes = _read_idx(images, MNIST_IMAGE), _read_idx(labels, ())
    if len(pixels) != len(classes):
        raise ValueError(f"{images} holds {len(pixels)} images and {labels} holds {len(classes)} labels")
    _require_classes(classes.tolist(), labels)
    yield pixels.reshape(len(pixels), -1), classes


def _read_idx(path: Path, shape: tuple[int, ...]) -> Bytes:
    """Return the array of a file of unsigned bytes whose entries have this shape."""
    axes = 1 + len(shape)
    magic = bytes([0, 0, UNSIGNED_BYTE, axes])
    with _opened(path) as stream:
        head = stream.read(4 + 4 * axes)
        if not head.startswith(magic):
            raise ValueError(f"{path} starts with {head[:4].hex() or 'nothing'} where {magic.hex()} is needed")
        if len(head) < 4 + 4 * axes:
            raise ValueError(f"{path} ends within its header")
        count, *sizes = struct.unpack(f">{axes}I", head[4:])
        if tuple(sizes) != shape:
            raise ValueError(f"{path} holds images of {sizes[0]} x {sizes[1]} pixels, not of {shape[0]} x {shape[1]}")
        length = count * math.prod(shape)
        # Of a compressed file the length is not known beforehand, but the most that it may be is.
        room = LARGEST if path.suffix == ".gz" else path.stat().st_size - len(head)
        if length > room:
            raise ValueError(f"{path} says that it holds {length} values, and there is room for {room}")
        content = stream.read(length + 1)
    if len(content) != length:
        seen = "more" if len(content) > length else f"{len(content)}"
        raise ValueError(f"{path} says that it holds {length} values, and holds {seen}")
    return np.frombuffer(content, np.uint8).reshape(count, *shape)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file, decompressed if its name ends in `.gz`; what gzip refuses, a wrong checksum too, is a ValueError."""
    _require_size(path)
    try:
        with gzip.GzipFile(path) if path.suffix == ".gz" else path.open("rb") as stream:
            yield cast(BinaryIO, stream)
    except (EOFError, gzip.BadGzipFile, zlib.error) as broken:
        raise ValueError(f"{path} is no whole gzip file: {broken}") from broken


def _require_size(path: Path) -> None:
    """Raise ValueError for what is no regular file, since reading may never end, and for one that is too large."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise ValueError(f"{path} is not a file")
    if found.st_size > LARGEST:
        raise ValueError(f"{path} is {found.st_size} bytes long; at most {LARGEST} are read")


def _require_classes(labels: Sequence[object], path: Path) -> None:
    for row, label in enumerate(labels):
        if label not in CLASSES:
            raise ValueError(f"{path} holds a label at row {row} that is none of 0 to 9")


def cifar10_files(folder: Path) -> tuple[Path, ...]:
    """Return the training batches that are there, at least one: those of the binary version, else the pickled ones."""
    for end in (".bin", ""):
        paths = (folder / f"data_batch_{number}{end}" for number in range(1, 6))
        if found := tuple(path for path in paths if path.is_file()):
            return found
    raise ValueError(
        f"{folder} holds none of data_batch_1.bin ... data_batch_5.bin, nor of data_batch_1 ... data_batch_5"
    )


def read_cifar10(files: tuple[Path, ...]) -> Iterator[Part]:
    """Yield images and classes of each batch."""
    for path in files:
        yield _read_binary(path) if path.suffix == ".bin" else _read_pickled(path)


def _read_binary(path: Path) -> Part:
    _require_size(path)
    record = 1 + CIFAR10_IMAGE
    content = np.frombuffer(path.read_bytes(), np.uint8)
    if len(content) == 0 or len(content) % record:
        raise ValueError(f"{path} is {len(content)} bytes long, which is no whole number of records of {record}")
    records = content.reshape(-1, record)
    _require_classes(records[:, 0].tolist(), path)
    return records[:, 1:], records[:, 0]


def _read_pickled(path: Path) -> Part:
    _require_size(path)
    try:
        pixels, labels = read_batch(path.read_bytes())
    except (ValueError, MemoryError) as refused:
        why = ascii(str(refused))[1:-1][:TOLD]
        raise ValueError(f"{path} is no pickled batch that is read here: {why}") from refused
    if pixels.shape[1] != CIFAR10_IMAGE:
        raise ValueError(f"{path} holds images of {pixels.shape[1]} values, not of {CIFAR10_IMAGE}")
    if len(pixels) != len(labels):
        raise ValueError(f"{path} holds {len(pixels)} images and {len(labels)} labels")
    _require_classes(labels, path)
    return pixels, np.array(labels, dtype=np.uint8)
