"""Hostile bytes drawn from a seed: sound files spoilt blindly, or by structure, with checksums made right."""

from __future__ import annotations

import gzip
import io
import pickle
import pickletools
import re
import struct
import zipfile
from collections.abc import Sequence
from itertools import pairwise
from random import Random

import numpy as np

EDGES = (0, 1, 0x7F, 0x80, 0xFF, ord("."), ord("["), ord("{"), ord('"'), ord("\\"), ord("\n"), ord("9"))
SIZES = (0, 1, 2, 27, 28, 29, 255, 256, 10_000, 60_000, 2**20, 2**24, 2**26, 2**31 - 1, 2**31, 2**32 - 1)
_DIGITS = re.compile(rb"[0-9]+")


def spoilt(rng: Random, content: bytes, others: Sequence[bytes] = (b"",)) -> bytes:
    """Return `content` with one to five changes: bits, bytes, cuts, doubled pieces, other numbers, pieces of others."""
    for _ in range(rng.randint(1, 5)):
        content = _spoil(rng, content, others)
    return content


def _spoil(rng: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    size = len(content)
    at = rng.randrange(size + 1) if rng.random() < 0.6 else rng.randrange(min(size, 64) + 1)
    end = min(size, at + rng.choice((0, 1, 1, 2, 4, 16, 300)))
    kind = rng.randrange(8)
    if kind == 0 and size:
        at = min(at, size - 1)
        return content[:at] + bytes([content[at] ^ 1 << rng.randrange(8)]) + content[at + 1 :]
    if kind == 1:
        return content[:at] + bytes([rng.choice(EDGES)]) + content[at + 1 :]
    if kind == 2:
        return content[:at] + content[end:]
    if kind == 3:
        return content[:at] if rng.random() < 0.5 else content[at:]
    if kind == 4:
        return content[:at] + content[at:end] * rng.choice((2, 3, 40)) + content[end:]
    if kind == 5:
        other = rng.choice(others)
        cut = rng.randrange(len(other) + 1)
        return content[:at] + other[cut : cut + rng.choice((1, 4, 20, 10**6))]
    if kind == 6 and (numbers := list(_DIGITS.finditer(content[:4000]))):
        found = rng.choice(numbers)
        return content[: found.start()] + str(rng.choice((*SIZES, -1, 10**30))).encode() + content[found.end() :]
    return content[:at] + rng.randbytes(rng.choice((1, 4, 8))) + content[end:]


def idx(rng: Random, content: bytes) -> bytes:
    """Return an IDX file with a strange header: another magic, other axes, other sizes."""
    axes = rng.choice((0, 1, 2, 3, 3, 4, 255))
    head = struct.pack(">HBB", rng.choice((0, 0, 0, 1)), rng.choice((8, 8, 8, 9, 0xD)), axes)
    head += b"".join(struct.pack(">I", rng.choice((*SIZES, 28, 28))) for _ in range(min(axes, 5)))
    return head + content[len(head) : rng.choice((len(content), rng.randrange(len(content) + 1)))]


def packed(rng: Random, content: bytes) -> bytes:
    """Return a gzip file: of this, of a long run of zeros (a small file that is large within), or several in a row."""
    kind = rng.random()
    if kind < 0.001:
        content = content[:16] + bytes(2**27)
    made = gzip.compress(content, compresslevel=1, mtime=0)
    return made * rng.choice((1, 1, 1, 2)) if kind < 0.5 else spoilt(rng, made)


class _Evil:
    """What a pickle is feared for."""

    def __reduce__(self) -> tuple:
        import os

        return os.system, ("false",)


EVIL = tuple(pickle.dumps(_Evil(), protocol=protocol) for protocol in range(6))
_CODES = [opcode.code.encode("latin-1") for opcode in pickletools.opcodes]


def opcodes(rng: Random, content: bytes) -> bytes:
    """Return a pickle with opcodes left out, doubled, put in another order, or put in with some argument."""
    places = [place for _, _, place in pickletools.genops(content)] + [len(content)]
    pieces = [content[start:end] for start, end in pairwise(places)]
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(pieces))
        kind = rng.randrange(6)
        if kind == 0 and len(pieces) > 1:
            del pieces[at]
        elif kind == 1:
            pieces[at:at] = [pieces[at]] * rng.choice((1, 2, 500))
        elif kind == 2:
            other = rng.randrange(len(pieces))
            pieces[at], pieces[other] = pieces[other], pieces[at]
        elif kind == 3:
            pieces[at:at] = [rng.choice(_CODES) + rng.randbytes(rng.choice((0, 1, 4, 8)))]
        elif kind == 4:
            pieces[at:at] = [rng.choice(EVIL)[:-1]]
        else:
            pieces[at] = spoilt(rng, pieces[at])
    return b"".join(pieces)


def arrays(rng: Random, sound: dict[str, np.ndarray]) -> bytes:
    """Return an .npz archive whose members are spoilt before they are put in, so that their checksums are right."""
    buffer = io.BytesIO()
    level = rng.choice((zipfile.ZIP_STORED,) * 4 + (zipfile.ZIP_DEFLATED,) * 4 + (zipfile.ZIP_LZMA,))
    with zipfile.ZipFile(buffer, "w", level) as archive:
        for name, array in sound.items():
            if rng.random() < 0.03:
                continue
            with archive.open(f"{name}{rng.choice(('.npy',) * 9 + ('',))}", "w") as member:
                member.write(_array(rng, array))
    return buffer.getvalue() if rng.random() < 0.8 else spoilt(rng, buffer.getvalue())


_KINDS = (
    "<f8",
    ">f8",
    "<f4",
    "<f2",
    "|b1",
    "|u1",
    "<i8",
    "<c16",
    "|O",
    "<U4",
    "|S3",
    "<M8[s]",
    "|V8",
    "<f16",
    "x",
    "(2,)f8",
)


def _array(rng: Random, array: np.ndarray) -> bytes:
    """Return an array in the .npy format with a header that need not be true."""
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array)
    content = stream.getvalue()
    kind = rng.random()
    if kind < 0.4:
        return content
    if kind < 0.6:
        return spoilt(rng, content)
    if kind < 0.65:
        stream = io.BytesIO()
        np.lib.format.write_array(stream, np.array([_Evil(), None], dtype=object), allow_pickle=True)
        return stream.getvalue()
    shape = tuple(rng.choice((*SIZES, 4, 6, 40)) for _ in range(rng.choice((0, 1, 2, 2, 3, 40))))
    shape = rng.choice((shape, shape, "(-1,)", "((4,),)", "(4", "[40]", "(True, 4)", "(1.5,)", "(" * 300, "(9**9**9,)"))
    order = rng.choice(("False", "True", "1"))
    head = f"{{'descr': {rng.choice(_KINDS)!r}, 'fortran_order': {order}, 'shape': {shape}, }}"
    version = rng.choice((1, 1, 1, 2, 3, 9))
    length = struct.pack("<H" if version == 1 else "<I", len(head) + rng.choice((0, 0, 0, 1, -1, 60_000 - len(head))))
    return b"\x93NUMPY" + bytes([version, 0]) + length + head.encode() + rng.choice((content, bytes(8 * 240), b""))
