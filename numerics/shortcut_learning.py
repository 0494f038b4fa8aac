"""Learning from clusters step by step, with no eigenvector in sight: the witness for what is said of modes.

A linear predictor by descent, a kernel predictor whose margin is controlled by a penalty on its outputs, and linear
networks of finite width beside the flow of their infinitely wide kernel.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import linalg, special
from scipy.optimize import brentq

from .elementwise import Array

MOST_STEPS = 20_000
SETTLED = 1e-14
"""A margin whose step is shorter than this, relative to it, has arrived: rounding moves it as much."""


def descend(x: Array, y: Array, *, step: float, steps: int) -> Array:
    """Return the linear predictor after `steps` steps of descent from zero on half the mean square loss."""
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        w = w - step * (x.T @ (x @ w - y)) / len(y)
    return w


def least_squares(x: Array, y: Array) -> Array:
    """Return the linear predictor that descent from zero ends at."""
    found, *_ = linalg.lstsq(x, y)
    return np.asarray(found)


def controlled_margin(penalty: float) -> float:
    """Return the margin m with `1 / (1 + e^m) = penalty m`, where one sample's penalised loss is least."""
    return float(brentq(lambda m: special.expit(-m) - penalty * m, 0.0, 1 / penalty, xtol=1e-15, rtol=1e-15))


def control_margin(gram: Array, y: Array, *, penalty: float) -> Array:
    """Return the coefficients on the samples that descent on `sum log(1 + e^(-y f)) + penalty f^2 / 2` ends at.

    The descent is that of the parameters, so that the outputs move by `-step K gradient`.  Raises ValueError where it
    does not arrive in `MOST_STEPS`: the kernel is too ill-conditioned.
    """
    # the second derivative of one sample's loss is at most 1/4 + penalty
    step = 1 / ((0.25 + penalty) * float(linalg.eigvalsh(gram, subset_by_index=[len(y) - 1, len(y) - 1])[0]))
    alpha = np.zeros(len(y))
    for _ in range(MOST_STEPS):
        outputs = gram @ alpha
        change = step * (-y * special.expit(-y * outputs) + penalty * outputs)
        alpha = alpha - change
        if np.abs(gram @ change).max() <= SETTLED * np.abs(outputs).max():
            return alpha
    raise ValueError(f"the margin does not settle in {MOST_STEPS} steps: the kernel is too ill-conditioned")


@dataclass(frozen=True, kw_only=True, eq=False)
class LinearNetwork:
    """Layers of `f(x) = k^(-(L-1)/2) w_L W_(L-1) ... W_1 x`, entries N(0, 1) at first; the first is k x d."""

    layers: tuple[Array, ...]

    @property
    def predictor(self) -> Array:
        """The linear function that the network is."""
        *_, product = self._forward()
        return np.asarray(product[0])

    def _forward(self) -> Iterator[Array]:
        """Yield what each layer passes on of the identity, in the scaling of the tangent kernel."""
        passed = self.layers[0]
        yield passed
        for layer in self.layers[1:]:
            passed = layer @ passed / np.sqrt(layer.shape[1])
            yield passed

    def tangent_kernel(self) -> Array:
        """Return T with tangent kernel `x^T T x'` (d x d): the sum over layers of `|back|^2 <forth, forth'>`."""
        d = self.layers[0].shape[1]
        forth = [np.eye(d), *self._forward()][:-1]
        back, total = np.ones((1, 1)), np.zeros((d, d))
        for layer, before in zip(reversed(self.layers), reversed(forth), strict=True):
            fan_in = 1 if layer is self.layers[0] else layer.shape[1]
            total += float((back @ back.T)[0, 0]) * before.T @ before / fan_in
            back = back @ layer / np.sqrt(fan_in)
        return total


def linear_network(rng: np.random.Generator, *, d: int, width: int, depth: int) -> LinearNetwork:
    """Draw a linear network of `depth` layers."""
    shapes = [(width, d), *((width, width) for _ in range(depth - 2)), (1, width)]
    return LinearNetwork(layers=tuple(rng.standard_normal(shape) for shape in shapes))


def train_pair(network: LinearNetwork, x: Array, y: Array, *, step: float, steps: int) -> Iterator[Array]:
    """Yield the predictor of two layers at first and after each step of descent on half the mean square loss.

    Two copies are trained, and `(f_1 - f_2) / sqrt(2)` is what learns: it starts at zero, with the same kernel.
    """
    first, last = network.layers
    copies = [[first.copy(), last.copy()], [first.copy(), last.copy()]]
    signs, scale = (1.0, -1.0), np.sqrt(2 * len(first))
    for done in range(steps + 1):
        w = sum(sign * (v @ u)[0] for sign, (u, v) in zip(signs, copies, strict=True)) / scale
        yield np.asarray(w)
        if done < steps:
            pull = x.T @ (x @ w - y) / len(y)
            for sign, copy in zip(signs, copies, strict=True):
                u, v = copy
                copy[:] = u - step * sign * np.outer(v[0], pull) / scale, v - step * sign * (u @ pull)[None] / scale


def flow_distance(network: LinearNetwork, x: Array, y: Array, *, step: float, steps: int, layers: float = 2.0) -> float:
    """Return how far the outputs of two layers ever are from those of `layers <x, x'>`, relative to the largest."""
    flow, apart, largest = np.zeros(x.shape[1]), 0.0, 0.0
    for w in train_pair(network, x, y, step=step, steps=steps):
        apart = max(apart, float(np.abs(x @ (w - flow)).max()))
        largest = max(largest, float(np.abs(x @ flow).max()))
        flow = flow - layers * step * (x.T @ (x @ flow - y)) / len(y)
    return apart / largest
