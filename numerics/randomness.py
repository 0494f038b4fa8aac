"""Randomness by name: every draw has an address `(seed, cell, trial, purpose)` and nothing else decides it.

A cell is one experimental setting, a trial one repetition of it.  Since the address alone seeds the generator, a cell
reruns by itself, whatever ran before it, in whatever order and on however many workers.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from theory.stating import require_silence


class Purpose(IntEnum):
    """What a child stream is for; drawing more for one purpose leaves every other untouched."""

    DATA = 0
    WEIGHTS = 1
    QUERIES = 2
    TEST = 3
    START = 4
    """The initial parameters `theta_0` of an explicit fit."""


def stream(seed: int, *, cell: str, trial: int) -> np.random.Generator:
    """Return the generator at the address `(seed, cell, trial)`."""
    require_silence("draw")
    return np.random.default_rng(np.random.SeedSequence(entropy=seed, spawn_key=(*_words(cell), trial)))


@dataclass(frozen=True, kw_only=True)
class Streams:
    """The streams of one trial, one for each `Purpose`."""

    seed: int
    cell: str
    trial: int

    def of(self, purpose: Purpose) -> np.random.Generator:
        """Return the stream for `purpose`, at its beginning."""
        return np.random.default_rng(self.seeds(purpose))

    def seeds(self, purpose: Purpose) -> np.random.SeedSequence:
        """Return what seeds the stream for `purpose`, and the streams that are its children."""
        require_silence("draw")
        key = (*_words(self.cell), self.trial, int(purpose))
        return np.random.SeedSequence(entropy=self.seed, spawn_key=key)


def _words(cell: str) -> tuple[int, ...]:
    """Return 128 bits of the SHA-256 of `cell` as four integers: stable over processes, as `hash` is not."""
    digest = hashlib.sha256(cell.encode()).digest()
    return tuple(int.from_bytes(digest[i : i + 4], "big") for i in range(0, 16, 4))


def committed(seed: int, words: str) -> int:
    """Return a seed that follows from `seed` and `words`: who changes a word draws anew, and cannot say what."""
    return int.from_bytes(hashlib.sha256(f"{seed} {words}".encode()).digest()[:6], "big")
