"""One trial of each kind of scene of the shortcut family: draw the samples, learn from them, keep a few numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import linalg

from theory.cluster_scenes import ClusterScene, DescentScene, KernelScene, NetworkScene

from .elementwise import Array
from .randomness import Purpose
from .shortcut_data import Clustered, clusters, means, streams
from .shortcut_kernel import kernel_matrix
from .shortcut_learning import (
    control_margin,
    controlled_margin,
    descend,
    flow_distance,
    least_squares,
    linear_network,
)
from .shortcut_modes import kernel_modes, linear_modes
from .threads import one_thread

TESTS = 4000
"""Fresh samples of a trial, all aligned or all conflicting."""
TIME, STEPS = 6.0, 150
"""How long a network is trained, in units of the inverse eigenvalue of a noise direction; and in how many steps."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ClusterTrial:
    """What the kernel `<x, x'>` sees of a sample, and what least squares make of it."""

    eigenvalues: tuple[float, float]
    """The two largest of `X^T X / N`."""
    shortcut_share: float
    """Square of the weight of the first eigenvector on the shortcut."""
    scene: ClusterScene
    seed: int
    trial: int
    predictor: Array
    """Of least squares, one weight for each dimension."""

    def eigenvalue(self, place: int) -> float:
        """Return the largest eigenvalue (0) or the second one (1)."""
        return self.eigenvalues[place]

    def output(self, group: int) -> float:
        """Return the output, times the label, at the mean of the aligned (0) or of the conflicting clusters (1)."""
        return float(means(self.scene)[group] @ self.predictor)

    def accuracy(self, group: int) -> float:
        """Return the share of fresh samples of one kind of cluster that the predictor gets right."""
        rng = streams(self.scene, self.seed, self.trial).of(Purpose.TEST)
        fresh = clusters(self.scene, rng, TESTS, agreement=(1.0, 0.0)[group])
        return float(np.mean(np.sign(fresh.x @ self.predictor) == fresh.y))


def cluster_trial(scene: ClusterScene, seed: int, trial: int) -> ClusterTrial:
    """Draw a sample and take its second moments apart."""
    drawn = clusters(scene, streams(scene, seed, trial).of(Purpose.DATA), scene.n)
    with one_thread():
        values, vectors = linalg.eigh(drawn.x.T @ drawn.x / scene.n)
        predictor = least_squares(drawn.x, drawn.y)
    return ClusterTrial(
        scene=scene,
        seed=seed,
        trial=trial,
        predictor=predictor,
        eigenvalues=(float(values[-1]), float(values[-2])),
        shortcut_share=float(vectors[1, -1] ** 2),
    )


def descent_trial(scene: DescentScene, seed: int, trial: int) -> tuple[float, float]:
    """Return the outputs at the means of the aligned and of the conflicting clusters when the descent is stopped."""
    drawn = clusters(scene, streams(scene, seed, trial).of(Purpose.DATA), scene.n)
    with one_thread():
        aligned, conflicting = means(scene) @ descend(drawn.x, drawn.y, step=float(scene.step), steps=scene.steps)
    return float(aligned), float(conflicting)


@dataclass(frozen=True, kw_only=True, eq=False)
class KernelTrial:
    """A sample, and rows that were not trained on; the kernel is computed when it is asked for."""

    scene: KernelScene
    drawn: Clustered
    fresh: Array

    @cached_property
    def gram(self) -> Array:
        """The kernel matrix of the sample."""
        return kernel_matrix(self.drawn.x, activation=self.scene.activation)

    def log_speed(self) -> float:
        """Return by how many powers of e the mode of the aligned clusters is faster than that of the conflicting."""
        y, a = self.drawn.y, self.drawn.a
        modes = linear_modes(self.drawn.x) if self.scene.activation is None else kernel_modes(self.gram)
        return float(np.log(modes.values[modes.carrier(y + a)] / modes.values[modes.carrier(y - a)]))

    def margin_error(self, *, margin: float | None = None) -> float:
        """Return how far the margins that descent ends at are from `m*`, or from another one, relative to it."""
        wanted = controlled_margin(self._penalty) if margin is None else margin
        with one_thread():
            found = self.drawn.y * (self.gram @ self._controlled())
        return float(np.abs(found - wanted).max() / wanted)

    def composition_error(self, *, ridge: bool = False) -> float:
        """Return how far it is, on fresh rows, from the interpolant times `m*` (or from ridge regression, scaled)."""
        at = kernel_matrix(self.fresh, self.drawn.x, activation=self.scene.activation)
        kernel = self.gram + self._penalty * np.eye(len(self.gram)) if ridge else self.gram
        with one_thread():
            found, other = at @ self._controlled(), at @ linalg.solve(kernel, self.drawn.y, assume_a="pos")
        scale = float(found @ other / (other @ other)) if ridge else controlled_margin(self._penalty)
        return float(np.abs(found - scale * other).max() / np.abs(found).max())

    @property
    def _penalty(self) -> float:
        if self.scene.penalty is None:
            raise ValueError(f"{self.scene}: without a penalty on the outputs no margin is controlled")
        return float(self.scene.penalty)

    def _controlled(self) -> Array:
        return control_margin(self.gram, self.drawn.y, penalty=self._penalty)


def kernel_trial(scene: KernelScene, seed: int, trial: int) -> KernelTrial:
    """Draw a sample, and as many fresh rows."""
    stream = streams(scene, seed, trial)
    drawn, fresh = (clusters(scene, stream.of(purpose), scene.n) for purpose in (Purpose.DATA, Purpose.TEST))
    return KernelTrial(scene=scene, drawn=drawn, fresh=fresh.x)


@dataclass(frozen=True, kw_only=True, eq=False)
class NetworkTrial:
    """A sample, and a linear network that was drawn."""

    scene: NetworkScene
    seed: int
    trial: int

    def kernel_ratio(self) -> float:
        """Return the tangent kernel over `<x, x'>`, in the mean over directions."""
        return float(np.trace(self._network(self.scene.depth).tangent_kernel())) / self.scene.d

    def flow_distance(self, *, layers: float = 2.0) -> float:
        """Return how far two layers ever are from the flow of `layers <x, x'>`, relative to this."""
        scene = self.scene
        drawn = clusters(scene, self._stream().of(Purpose.DATA), scene.n)
        step = TIME / STEPS / float(scene.mean_noise)
        with one_thread():
            return flow_distance(self._network(2), drawn.x, drawn.y, step=step, steps=STEPS, layers=layers)

    def _stream(self) -> Any:
        return streams(self.scene, self.seed, self.trial)

    def _network(self, depth: int) -> Any:
        rng = self._stream().of(Purpose.WEIGHTS)
        return linear_network(rng, d=self.scene.d, width=self.scene.width, depth=depth)


def network_trial(scene: NetworkScene, seed: int, trial: int) -> NetworkTrial:
    """Return a trial, of which nothing is drawn before it is asked for."""
    return NetworkTrial(scene=scene, seed=seed, trial=trial)
