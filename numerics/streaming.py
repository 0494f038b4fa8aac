"""`sum_v phi(Z v) phi(Q v)^T` over the neurons `v`, a block at a time: memory that does not grow with the width.

A block of neurons is drawn and applied to all points, its products are added to sums in double precision, and it is
forgotten.  The sum for `Q = Z` is symmetric, and its lower half is computed.  Points that share their spurious half `y`
with the samples share `V_y y` too, and a half of zeros is not multiplied.

Each block is a stream of random numbers by itself, and blocks are added in their order.  So the sums depend neither on
the number of threads, which work on different blocks and tiles, nor on the memory that is left.
"""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .elementwise import Array, Elementwise
from .engine import Engine
from .threads import allowed, one_thread

BLOCK = 2048
"""Neurons in a block: deep enough for a matrix product at full speed, few enough for 25 MB of features of 3000 points
in single precision.  Part of what a seed means."""
AHEAD = 2
"""Blocks whose features are made before the products of the present one, so that no lane waits for them."""
TILE = 1024
"""Rows and columns of a product that is made at one time."""

Block = Any
"""An array of the engine's library."""
Tile = tuple[int, slice, slice]
"""Which sum, and its rows and columns."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Network:
    """What turns points into features `phi(V z)`, block by block: one seed for each trial that is computed at once."""

    function: Elementwise
    width: int
    seeds: Sequence[np.random.SeedSequence]
    engine: Engine

    @property
    def blocks(self) -> range:
        """The numbers of the blocks."""
        return range(-(-self.width // BLOCK))

    def weights(self, block: int, d: int, *, stacked: bool) -> Block:
        """Return the neurons of one block on the backend, at most `BLOCK` x d, if `stacked` after an axis of trials."""
        drawn = [weights(seed, block=block, width=self.width, d=d) for seed in self.seeds]
        return self.engine.library.put(np.stack(drawn) if stacked else drawn[0], self.engine.precision.dtype)


def weights(seed: np.random.SeedSequence, *, block: int, width: int, d: int) -> NDArray[np.float32]:
    """Return the neurons of one block, at most `BLOCK` x d, iid N(0, 1/d) in single precision.

    The cast from single to double is exact, so both precisions see the same network.
    """
    own = np.random.SeedSequence(entropy=seed.entropy, spawn_key=(*seed.spawn_key, block))
    drawn = np.random.default_rng(own).standard_normal((min(BLOCK, width - block * BLOCK), d), dtype=np.float32)
    drawn *= np.float32(d**-0.5)
    return drawn


@dataclass(frozen=True, kw_only=True, eq=False)
class Points:
    """The samples and each block of queries, on the backend."""

    d: int
    d_x: int
    y: Block
    """The spurious half of the samples."""
    groups: tuple[tuple[Block | None, bool], ...]
    """The samples and each Q: whole rows and False, or the `x` of rows that share `y` (None for zeros) and True."""


def products(network: Network, z: Array, queries: Sequence[Array], *, d_x: int, on_disk: bool = False) -> list[Array]:
    """Return `sum_v phi(Z v) phi(Z v)^T` (N x N) and `sum_v phi(Z v) phi(Q v)^T` (N x queries) for each Q.

    `z` is N x d and `d_x` the length of its `x`; for several trials `z` and each Q have a first axis of trials.  The
    sums for Q are kept in files without a name if `on_disk`, so that one matrix of N x N is all that fills the memory.
    """
    library = network.engine.library
    shapes = [(*z.shape[:-1], rows.shape[-2]) for rows in (z, *queries)]
    sums = [np.zeros(shapes[0]), *(_in_file(shape) if on_disk else np.zeros(shape) for shape in shapes[1:])]
    tiles = list(_tiles(sums))
    # On the host the parts are views of the sums; elsewhere they are arrays of their own, brought home at the end.
    parts = [library.put(sums[group][..., rows, columns], "float64") for group, rows, columns in tiles]
    _accumulate(network, _points(network.engine, z, queries, d_x), tiles, parts)
    for part, (group, rows, columns) in zip(parts, tiles, strict=True):
        if not library.on_host:
            sums[group][..., rows, columns] = library.get(part)
        if group == 0 and rows != columns:
            sums[0][..., columns, rows] = np.matrix_transpose(sums[0][..., rows, columns])
    return sums


def _in_file(shape: tuple[int, ...]) -> Array:
    with tempfile.TemporaryFile() as file:  # which lives, without a name, as long as the array that maps it
        return np.memmap(file, dtype=np.float64, mode="w+", shape=shape)


def _tiles(sums: Sequence[Array]) -> Iterator[Tile]:
    """Yield every tile of the sums; of the first, which is symmetric, the lower ones."""
    for group, total in enumerate(sums):
        for row in range(0, total.shape[-2], TILE):
            for column in range(0, total.shape[-1] if group else row + 1, TILE):
                yield group, slice(row, row + TILE), slice(column, column + TILE)


def _points(engine: Engine, z: Array, queries: Sequence[Array], d_x: int) -> Points:
    def put(rows: Array) -> Block:
        return engine.library.put(np.ascontiguousarray(rows), engine.precision.dtype)

    def group(rows: Array) -> tuple[Block | None, bool]:
        if not np.array_equal(rows[..., d_x:], z[..., d_x:]):
            return put(rows), False
        x = rows[..., :d_x]
        return (put(x) if x.any() else None), True

    return Points(d=z.shape[-1], d_x=d_x, y=put(z[..., d_x:]), groups=(group(z), *(group(rows) for rows in queries)))


def _accumulate(network: Network, points: Points, tiles: Sequence[Tile], parts: list[Block]) -> None:
    """Add the products of every block to `parts`, block after block; lanes work ahead of the sums, but never far."""
    library = network.engine.library
    lanes = min(allowed(), len(network.blocks)) if library.on_host else 1

    def product(made: Future[list[Block]], tile: Tile) -> Block:
        group, rows, columns = tile
        left, right = made.result()[0][..., rows, :], made.result()[group][..., columns, :]
        with np.errstate(over="ignore", invalid="ignore"):  # what is too large for the precision is refused by its sum
            return left @ library.xp.matrix_transpose(right)

    def settle(place: int, made: Future[Block]) -> None:
        with np.errstate(over="ignore", invalid="ignore"):
            parts[place] += made.result()

    with one_thread() if lanes > 1 else nullcontext(), ThreadPoolExecutor(lanes) as executor:
        coming = deque(executor.submit(_features, network, points, block) for block in network.blocks[:AHEAD])
        pending: deque[tuple[int, Future[Block]]] = deque()
        for block in network.blocks:
            current = coming.popleft()
            for place, tile in enumerate(tiles):
                pending.append((place, executor.submit(product, current, tile)))
                if len(pending) > 2 * lanes:
                    settle(*pending.popleft())
            if block + AHEAD in network.blocks:
                coming.append(executor.submit(_features, network, points, block + AHEAD))
        while pending:
            settle(*pending.popleft())


def _features(network: Network, points: Points, block: int) -> list[Block]:
    """Return `phi(V z)` of each group of points, rows x neurons of the block."""
    v = network.engine.library.xp.matrix_transpose(network.weights(block, points.d, stacked=points.y.ndim > 2))
    v_x, v_y = v[..., : points.d_x, :], v[..., points.d_x :, :]
    made = []
    with np.errstate(over="ignore", invalid="ignore"):
        shared = points.y @ v_y
        for rows, shares_y in points.groups:
            if shares_y and rows is not None:
                inner = rows @ v_x
                inner += shared
            else:
                inner = shared if shares_y else rows @ v
            made.append(network.function(inner))
    return made
