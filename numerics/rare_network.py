"""A network of one hidden layer of ReLUs and a softmax, trained by Adam on batches, in plain NumPy.

Adam after Kingma and Ba, with the customary constants and without decay; weights begin as He's do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .elementwise import Array

RATE, BATCH = 2e-3, 128
SMOOTH, SQUARES, TINY = 0.9, 0.999, 1e-8
CLASSES = 10
NAMES = ("first", "shift", "second", "bias")

Labels = np.ndarray[tuple[int], np.dtype[np.intp]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Network:
    """`softmax(max(x first + shift, 0) second + bias)`: inputs x hidden, hidden, hidden x classes, classes."""

    first: Array
    shift: Array
    second: Array
    bias: Array


def initial(rng: np.random.Generator, inputs: int, hidden: int) -> Network:
    """Return a network as it starts: Gaussian weights of variance `2 / fan-in`, no biases."""
    return Network(
        first=rng.standard_normal((inputs, hidden)) * (2 / inputs) ** 0.5,
        shift=np.zeros(hidden),
        second=rng.standard_normal((hidden, CLASSES)) * (2 / hidden) ** 0.5,
        bias=np.zeros(CLASSES),
    )


def probabilities(network: Network, x: Array) -> Array:
    """Return the probability of each class for each row."""
    return _softmax(np.maximum(x @ network.first + network.shift, 0) @ network.second + network.bias)


def accuracy(network: Network, x: Array, labels: Labels) -> float:
    """Return the share of rows whose likeliest class is their own."""
    return float(np.mean(probabilities(network, x).argmax(axis=1) == labels))


def train(network: Network, x: Array, labels: Labels, *, epochs: int, order: np.random.SeedSequence) -> Network:
    """Return the network after `epochs` passes of Adam over the rows, from a fresh state, in the order of `order`."""
    rng = np.random.default_rng(order)
    parts = [getattr(network, name).copy() for name in NAMES]
    means, powers = ([np.zeros_like(part) for part in parts] for _ in range(2))
    step = 0
    for _ in range(epochs):
        shuffled = rng.permutation(len(x))
        for start in range(0, len(x), BATCH):
            rows = shuffled[start : start + BATCH]
            step += 1
            grown = np.sqrt(1 - SQUARES**step)
            rate = RATE * grown / (1 - SMOOTH**step)
            slopes = gradient(Network(**dict(zip(NAMES, parts, strict=True))), x[rows], labels[rows])
            for part, mean, power, slope in zip(parts, means, powers, slopes, strict=True):
                _blend(mean, slope, SMOOTH)
                _blend(power, slope**2, SQUARES)
                np.subtract(part, rate * mean / (np.sqrt(power) + TINY * grown), out=part)
    return Network(**dict(zip(NAMES, parts, strict=True)))


def _blend(average: Array, new: Array, keep: float) -> None:
    """Move a running average towards what is new, in place."""
    average *= keep
    average += (1 - keep) * new


def gradient(network: Network, x: Array, labels: Labels) -> tuple[Array, Array, Array, Array]:
    """Return the gradient of the mean cross-entropy in each part."""
    hidden = np.maximum(x @ network.first + network.shift, 0)
    error = _softmax(hidden @ network.second + network.bias)
    error[np.arange(len(x)), labels] -= 1
    error /= len(x)
    back = (error @ network.second.T) * (hidden > 0)
    return x.T @ back, back.sum(axis=0), hidden.T @ error, error.sum(axis=0)


def _softmax(scores: Array) -> Array:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
