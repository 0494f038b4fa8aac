"""Arrays of numbers from an `.npz` file, read with no trust in it: what a header says is held against the length first.

`numpy.load` allocates whatever a header asks for, 21 GiB for a file of 1 kB, and of damaged files raises whatever its
parts do.  Objects would need pickle, which is never loaded.
"""

from __future__ import annotations

import math
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from .elementwise import Array

LARGEST = 5 * 10**7
"""Numbers of an array: 400 MB as doubles; the images of MNIST are 47 million."""


def read_arrays(path: Path, names: Sequence[str]) -> dict[str, Array]:
    """Return the named arrays as float64; ValueError, in one line, where one is missing, or is not one of numbers."""
    found = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for name in names:
                found[name] = _numbers(archive, path, name, names)
    except _RefusedError as refused:
        raise ValueError(str(refused)) from None
    except FileNotFoundError:
        raise ValueError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise ValueError(f"{path} is a folder: an .npz file is needed") from None
    except Exception as broken:  # zipfile, its decompressors and NumPy's headers have no error in common
        raise ValueError(f"{path} is not an .npz archive, or a damaged one") from broken
    return found


class _RefusedError(Exception):
    """What is told of an archive as it stands."""


def _numbers(archive: zipfile.ZipFile, path: Path, name: str, needed: Sequence[str]) -> Array:
    """Return one array, of those that are needed."""
    members = [info for info in archive.infolist() if info.filename == f"{name}.npy"]
    if not members:
        *others, last = needed
        raise _RefusedError(f"{path} lacks the array {name!r}; {', '.join(others)} and {last} are needed")
    if members[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # NumPy writes no other; a header of LZMA may ask for gigabytes before it is found to be damaged
        raise _RefusedError(f"{path}: the array {name!r} is packed as NumPy does not pack: save it with numpy.savez")
    with archive.open(members[0]) as member:
        version = npy.read_magic(member)
        shape, _, kind = (npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0)(member)
        if kind.kind not in "biuf":
            hint = ": encode them as numbers, by numpy.unique(..., return_inverse=True)" if kind.kind in "US" else ""
            raise _RefusedError(f"{name} is not an array of numbers but of {kind}{hint}")
        length = members[0].file_size - member.tell()
    count = math.prod(shape)
    if count > LARGEST:
        raise _RefusedError(f"{name} has {count} numbers, and at most {LARGEST} are read")
    if count * kind.itemsize != length or min(shape, default=0) < 0:
        raise _RefusedError(f"{name} says that it has {count} numbers, in {length} bytes")
    with archive.open(members[0]) as member, np.errstate(over="ignore", invalid="ignore"):  # infinity is refused later
        return np.asarray(npy.read_array(member, allow_pickle=False), dtype=np.float64)
