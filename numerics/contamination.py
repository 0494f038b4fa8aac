"""A two-layer network that learns to tell two classes apart, step by step, in the coordinates of the features.

A plain loop over the samples, the witness for what `theory.contamination` says of its gradient: the hinge loss, hidden
weights that move and output weights that do not.  Inputs are given by their features, core first: the network of the
authors' code sees them rotated into a larger space, of which the rotation changes nothing and the rest only decays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from theory.contamination_scene import ContaminationScene, Core, Start

from .elementwise import Elementwise, vectorise
from .randomness import Purpose, Streams
from .threads import one_thread

Single = NDArray[np.float32]
"""Of a run in single precision: a step rounds by 1e-7, and trials differ by 1e-4 and more."""

TESTS = 4000
"""Fresh inputs in and out of distribution: a hinge loss of deviation .3 is then known to .005."""
SMALL = 1e-6
INPUTS = 256
"""Dimension of the space into which the authors' code rotates the features: it sets the scale of the start."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ContaminationTrial:
    """A network as it was trained, and its losses on fresh inputs."""

    scene: ContaminationScene
    weights: Single
    """Neurons x features, the core first."""
    signs: Single
    """Of the output weights."""
    first_correlation: float
    """The mean length of the background weights of a neuron, at the start."""
    inside: float
    """Hinge loss in distribution."""
    outside: float
    """Hinge loss where the background has turned negative, and nothing else has changed."""
    right_outside: float
    """Share of inputs there whose sign is right."""

    @property
    def core(self) -> Single:
        """The hidden weights on the core."""
        return self.weights[:, : self.scene.d_core]

    @property
    def background(self) -> Single:
        """The hidden weights on the background."""
        return self.weights[:, self.scene.d_core :]

    def ratio(self, sign: int) -> float:
        """Return the mean background weight over the mean core weight times `sign`, of neurons of that output sign."""
        chosen = self.signs == sign
        return float(self.background[chosen].mean() / (sign * self.core[chosen].mean()))

    @property
    def correlation(self) -> float:
        """The mean length of the background weights of a neuron."""
        return float(np.linalg.norm(self.background, axis=1).mean())


def contamination_trial(scene: ContaminationScene, seed: int, trial: int) -> ContaminationTrial:
    """Train one network and try it on fresh inputs, in and out of distribution.

    The cell leaves out the activation, so that activations are compared on the same draws.  Raises ValueError for an
    activation that jumps, which has no slope to descend along.
    """
    sizes = f"{scene.d_core} {scene.d_background} {scene.neurons} {scene.samples} {scene.steps} {scene.fresh}"
    streams = Streams(seed=seed, cell=f"contamination {scene.core} {scene.start} {sizes}", trial=trial)
    with one_thread():
        network = _started(scene, streams.of(Purpose.WEIGHTS))
        first = np.linalg.norm(network.weights[:, scene.d_core :], axis=1).mean()
        _train(scene, network, streams.of(Purpose.DATA))
        tests = streams.of(Purpose.TEST)
        inputs, labels = draw_inputs(scene, TESTS, tests)
        margins = labels * network(inputs)
        inputs[:, scene.d_core :] *= -1
        turned = labels * network(inputs)
    return ContaminationTrial(
        scene=scene,
        weights=network.weights,
        signs=np.sign(network.outputs),
        first_correlation=float(first),
        inside=float(np.maximum(0, 1 - margins).mean()),
        outside=float(np.maximum(0, 1 - turned).mean()),
        right_outside=float(np.mean(turned > 0)),
    )


def draw_inputs(scene: ContaminationScene, count: int, rng: np.random.Generator) -> tuple[Single, Single]:
    """Return inputs, features in a row, and their labels: the first half of them 1, the others -1."""
    labels = np.where(np.arange(count) < count // 2, 1, -1).astype(np.float32)
    inputs = rng.random((count, scene.d_core + scene.d_background), dtype=np.float32)
    if scene.core is Core.LINEAR:
        inputs[:, : scene.d_core] *= labels[:, None]
    else:
        directions = rng.standard_normal((count, scene.d_core), dtype=np.float32)
        lengths = np.linalg.norm(directions, axis=1, keepdims=True) / np.where(labels > 0, 1, 2)[:, None]
        inputs[:, : scene.d_core] = directions / lengths
    return inputs, labels


@dataclass(frozen=True, kw_only=True, eq=False)
class _Network:
    """The arrays of a network, which a descent changes in place."""

    weights: Single
    biases: Single
    outputs: Single
    bias: float
    phi: Elementwise
    slope: Elementwise

    def __call__(self, inputs: Single) -> Single:
        return np.asarray(self.phi(inputs @ self.weights.T + self.biases) @ self.outputs + self.bias, np.float32)


def _started(scene: ContaminationScene, rng: np.random.Generator) -> _Network:
    shape = scene.neurons, scene.d_core + scene.d_background
    signs = np.where(np.arange(scene.neurons) < scene.neurons // 2, 1, -1)
    if scene.start is Start.DEFAULT:
        widest = INPUTS**-0.5
        weights, biases = rng.uniform(-widest, widest, shape), rng.uniform(-widest, widest, shape[0])
        bias = rng.uniform(-1, 1) * scene.neurons**-0.5
    else:
        weights, biases, bias = SMALL * rng.standard_normal(shape), np.zeros(shape[0]), 0.0
    return _Network(
        weights=weights.astype(np.float32),
        biases=biases.astype(np.float32),
        outputs=(signs / scene.neurons).astype(np.float32),
        bias=float(bias),
        phi=vectorise(scene.activation.expr),
        slope=vectorise(scene.activation.derivative.expr),
    )


def _train(scene: ContaminationScene, network: _Network, rng: np.random.Generator) -> None:
    """Descend the hinge loss, with the momentum and the decay of PyTorch's SGD; a small start has no biases."""
    rate, momentum, decay = (np.float32(float(number)) for number in (scene.rate, scene.momentum, scene.decay))
    moving = (network.weights, network.biases) if scene.start is Start.DEFAULT else (network.weights,)
    speeds = [np.zeros_like(part) for part in moving]
    inputs, labels = draw_inputs(scene, scene.samples, rng)
    for step in range(scene.steps):
        if scene.fresh and step:
            inputs, labels = draw_inputs(scene, scene.samples, rng)
        gradients = _gradients(network, inputs, labels)
        for part, speed, gradient in zip(moving, speeds, gradients, strict=False):
            speed[:] = momentum * speed + gradient + decay * part
            part[:] = part - rate * speed


def _gradients(network: _Network, inputs: Single, labels: Single) -> tuple[Single, Single]:
    """Return the gradients by weights and by biases; only inputs within the margin have any."""
    seen = inputs @ network.weights.T + network.biases
    within = np.flatnonzero(labels * (network.phi(seen) @ network.outputs + network.bias) < 1)
    each = network.slope(seen[within]) * network.outputs
    each *= (-labels[within] / np.float32(len(labels)))[:, None]
    return each.T @ inputs[within], each.sum(axis=0)
