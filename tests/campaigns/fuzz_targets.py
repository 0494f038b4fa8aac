"""Every reader of a stranger's bytes, with cases drawn for it from a seed, and what may come out of it.

Of a reader that gives a value the value is looked at too: an expression has no variable but x, a ledger that was read
can be written as a table.  Files that the package brings, such as the records of campaigns, are not a stranger's.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

import sympy as sp

from numerics import data, image_files, ledger, sweep_spec
from numerics.randomness import Streams
from numerics.sweep import Sweep, setting_of
from reports import golden, sweep_table
from theory import activation_file
from theory.activations import RELU
from theory.expressions import parse
from theory.setting import Kernel, Setting
from theory.symbols import x

from . import fuzz_arguments, fuzz_bytes, fuzz_pages, fuzz_text
from .fuzz_sound import ACTIVATIONS, ARRAYS, BATCH, GOLDEN, IMAGES, LABELS, PICKLED, SPEC, SWEEP, database

Reading = Callable[[], object]
"""What is watched: it returns what is wrong with the value that came out, or None."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A reader, its cases, and how many of a million it gets."""

    what: str
    make: Callable[[Random], bytes]
    lay: Callable[[bytes, Path], Reading]
    """Puts a case into a folder, and returns its reading."""
    cases: int


def case(target: str, seed: int, number: int) -> bytes:
    """Return one case: its address alone decides it."""
    return TARGETS[target].make(Random(f"{seed}/{target}/{number}"))  # noqa: S311  (no secret)


def _spoilt_or(rng: Random, sound: bytes, made: bytes) -> bytes:
    """Return a case made by its structure, or a sound file spoilt blindly, or noise."""
    kind = rng.random()
    if kind < 0.6:
        return made
    return fuzz_bytes.spoilt(rng, sound, (sound, made)) if kind < 0.97 else rng.randbytes(rng.randrange(200))


def _toml(document: dict, rng: Random) -> bytes:
    sound = fuzz_text.as_toml(document)
    if rng.random() < 0.003:  # keys of many parts, lists of many values
        piece, times = rng.choice((b".a", b"[", b"1,", b"{a=", b"\\n", b" .\t'a'")), rng.choice((60, 4000, 60_000))
        return sound[: rng.randrange(len(sound))] + piece * times
    return _spoilt_or(rng, sound, fuzz_text.as_toml(fuzz_text.changed(rng, document)))


def _json(document: object, rng: Random) -> bytes:
    if rng.random() < 0.003:
        return rng.choice((b"[", b'{"a":', b"9", b'"\\u', b"[0,")) * rng.choice((60, 4000, 100_000))
    return _spoilt_or(rng, json.dumps(document).encode(), fuzz_text.as_json(rng, fuzz_text.changed(rng, document)))


def _idx(rng: Random) -> bytes:
    """Return a case whose first byte says which file it stands for: images or labels, packed or not."""
    which = rng.randrange(4)
    sound = (IMAGES, LABELS)[which % 2]
    made = _spoilt_or(rng, sound, fuzz_bytes.idx(rng, sound))
    return bytes([which]) + (fuzz_bytes.packed(rng, made) if which > 1 else made)


def _read_idx(content: bytes, folder: Path) -> Reading:
    names = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
    which = content[0] if content else 0
    place = folder / f"idx {which % 4}"
    place.mkdir(exist_ok=True)
    _file(place, names[1 - which % 2], (LABELS, IMAGES)[which % 2])
    _file(place, names[which % 2] + ".gz" * (which % 4 > 1), content[1:])
    return lambda: _images(image_files.read_mnist(image_files.mnist_files(place)), 784)


def _read_cifar10(name: str, content: bytes, folder: Path) -> Reading:
    path = _file(folder, name, content)
    return lambda: _images(image_files.read_cifar10((path,)), 3072)


def _images(parts: object, pixels: int) -> object:
    ((images, classes),) = parts
    return None if images.shape == (len(classes), pixels) and set(classes.tolist()) <= set(range(10)) else images.shape


def _read_expression(content: bytes, _folder: Path) -> Reading:
    def read() -> object:
        found = parse(content.decode("utf-8", "surrogatepass"))
        sound = isinstance(found, sp.Expr) and found.free_symbols <= {x} and not found.has(sp.I, sp.oo, sp.zoo, sp.nan)
        return None if sound else f"{found!s:.100}"

    return read


def _read_activations(content: bytes, folder: Path) -> Reading:
    path = _file(folder, "own.toml", content)
    return lambda: [one for one in activation_file.read(path) if one.expr.free_symbols - {x}] or None


def _read_spec(content: bytes, folder: Path) -> Reading:
    path = _file(folder, "spec.toml", content)
    return lambda: _not_itself(sweep_spec.read(path))


def _read_sweep(content: bytes, _folder: Path) -> Reading:
    return lambda: _not_itself(Sweep.from_json(content.decode("utf-8", "surrogatepass")))


def _not_itself(sweep: Sweep) -> object:
    """Return a sweep that does not survive being written and read, or that names no settings."""
    for cell in sweep.cells:
        str(setting_of(cell))
    return None if Sweep.from_json(sweep.to_json()) == sweep and sweep.total > 0 else sweep


def _read_golden(content: bytes, folder: Path) -> Reading:
    _file(folder, "kernel_claims.py", b"raise SystemExit('it was run')\n")
    path = _file(folder, "a.gammaphi.json", content)
    return lambda: [point for point in golden.read(path).at if not 0 < point < 1] or None


def _read_ledger(content: bytes, folder: Path) -> Reading:
    path = _file(folder, "ledger.db", content)
    return lambda: sweep_table.to_csv(ledger.read(path)) and None


def _read_npz(content: bytes, folder: Path) -> Reading:
    path = _file(folder, "pool.npz", content)
    setting = Setting(kernel=Kernel.RF, activation=RELU, d=10, d_y=4, n=12, data=str(path))

    def read() -> object:
        drawn = data.draw(setting, streams=Streams(seed=0, cell="", trial=0), tests=1)
        return None if drawn.train.z.shape == (12, 10) else drawn.train.z.shape

    return read


def _file(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


TARGETS = {
    "expression": Target(
        what="formulas",
        make=lambda rng: fuzz_text.expression(rng).encode("utf-8", "surrogatepass"),
        lay=_read_expression,
        cases=100_000,
    ),
    "activations": Target(
        what="TOML files of activations", make=partial(_toml, ACTIVATIONS), lay=_read_activations, cases=50_000
    ),
    "spec": Target(what="TOML specifications of sweeps", make=partial(_toml, SPEC), lay=_read_spec, cases=50_000),
    "golden": Target(what="golden files", make=partial(_json, GOLDEN), lay=_read_golden, cases=70_000),
    "sweep": Target(what="sweeps as JSON", make=partial(_json, SWEEP), lay=_read_sweep, cases=150_000),
    "ledger": Target(what="ledgers", make=database, lay=_read_ledger, cases=50_000),
    "idx": Target(what="IDX files, packed or not", make=_idx, lay=_read_idx, cases=130_000),
    "cifar10": Target(
        what="binary batches of CIFAR-10",
        make=lambda rng: fuzz_bytes.spoilt(rng, BATCH, (BATCH, PICKLED)),
        lay=partial(_read_cifar10, "data_batch_1.bin"),
        cases=170_000,
    ),
    "pickled": Target(
        what="pickled batches of CIFAR-10",
        make=lambda rng: _spoilt_or(rng, PICKLED, fuzz_bytes.opcodes(rng, PICKLED)),
        lay=partial(_read_cifar10, "data_batch_1"),
        cases=80_000,
    ),
    "npz": Target(what=".npz archives", make=lambda rng: fuzz_bytes.arrays(rng, ARRAYS), lay=_read_npz, cases=50_000),
    "arguments": Target(what="command lines", make=fuzz_arguments.make, lay=fuzz_arguments.lay, cases=50_000),
    "pages": Target(
        what="reports of hostile strings, as HTML and Markdown", make=fuzz_pages.make, lay=fuzz_pages.lay, cases=50_000
    ),
}
