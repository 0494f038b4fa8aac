"""One run of a network that is to tell two classes apart by core features, beside a background that tells nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar, Self

from .activations import RELU, TANH, Activation
from .contamination import is_odd_but_for_a_constant
from .contamination_ray import stationary_ratio
from .scene import Scene


class Core(StrEnum):
    """What the core features of the two classes are: `y z`, or points on two spheres."""

    LINEAR = "linear"
    """`y z`, z uniform on the unit cube."""
    SPHERES = "spheres"
    """Uniform on the sphere of radius 1 for y = 1, of radius 2 for y = -1: not antisymmetric in y."""


class Start(StrEnum):
    """Where the hidden weights start, and whether there are biases."""

    SMALL = "small"
    """Gaussian of deviation 1e-6, without biases."""
    DEFAULT = "default"
    """Uniform within 1 / sqrt(d), d = 256, biases too; the output bias, within 1 / sqrt(neurons), is drawn and fixed:
    the theory configuration of the authors' code, in latent coordinates."""


@dataclass(frozen=True, kw_only=True)
class ContaminationScene(Scene):
    """`f = sum_k a_k phi(w_k . x + b_k) + b`, `a_k = +-1 / neurons`, trained on the hinge loss by gradient descent.

    The background is uniform on the unit cube whatever y is, and on its negative out of distribution.  Each step sees
    `samples` inputs, half of each class: the same at each step, or `fresh` ones.  `decay` acts on weights and biases.
    """

    activation: Activation
    d_core: int
    d_background: int
    neurons: int
    samples: int
    steps: int
    rate: Fraction
    fresh: bool
    momentum: Fraction = Fraction(0)
    decay: Fraction = Fraction(0)
    core: Core = Core.LINEAR
    start: Start = Start.SMALL

    LOGARITHMIC: ClassVar[frozenset[str]] = frozenset({"background features", "core features"})

    def __post_init__(self) -> None:
        for name, least in (("d_core", 1), ("d_background", 1), ("neurons", 2), ("samples", 2), ("steps", 1)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} = {getattr(self, name)}: at least {least} is needed")
        for name in ("neurons", "samples"):
            if getattr(self, name) % 2:
                raise ValueError(f"{name} = {getattr(self, name)}: an even number is needed, half for each sign")
        if self.rate <= 0:
            raise ValueError(f"rate = {self.rate}: a positive step is needed")
        if not 0 <= self.momentum < 1:
            raise ValueError(f"momentum = {self.momentum}: a number from 0 to below 1 is needed")
        if self.decay < 0:
            raise ValueError(f"decay = {self.decay}: a number from 0 on is needed")

    def __str__(self) -> str:
        samples = f"{self.samples} {'fresh ' if self.fresh else ''}samples"
        details = [f"momentum {float(self.momentum):g}"] if self.momentum else []
        details += [f"decay {float(self.decay):g}"] if self.decay else []
        features = f"{self.d_core} + {self.d_background} features"
        steps = f"{self.steps} steps of {float(self.rate):g}"
        parts = (self.activation.name, f"{self.core} core", features, f"{self.neurons} neurons", samples, steps)
        return ", ".join((*parts, *details, f"{self.start} start"))

    def axes(self) -> dict[str, float]:
        """Return how many features there are."""
        return {"background features": float(self.d_background), "core features": float(self.d_core)}

    def bare(self) -> Self:
        """Return the scene with its activation unnamed."""
        return replace(self, activation=replace(self.activation, name="", remark=""))

    def at_any_size(self) -> Self:
        """Return the scene with samples and steps left out."""
        return replace(self, samples=2, steps=1)

    def slips(self) -> Iterator[tuple[str, Self]]:
        """Yield the scene with core and background exchanged, and with another kind of activation."""
        yield "core and background swapped", replace(self, d_core=self.d_background, d_background=self.d_core)
        if is_odd_but_for_a_constant(self.activation):
            yield "relu in place of an odd activation", replace(self, activation=RELU)
        else:
            yield "an odd activation in place of one that is not", replace(self, activation=TANH)


def ratio_learned(scene: ContaminationScene) -> float:
    """Return the ratio of background to core weights that a neuron ends at, where that is known exactly.

    Raises ValueError for an activation that is neither relu nor odd but for a constant, and for another core.
    """
    if scene.core is not Core.LINEAR:
        raise ValueError(f"{scene}: the ratio is known for a linear core only")
    if is_odd_but_for_a_constant(scene.activation):
        return 0.0
    if scene.activation.expr != RELU.expr:
        raise ValueError(f"{scene}: the ratio is known for relu, and for odd activations, where it is 0")
    return stationary_ratio(scene.d_core, scene.d_background)


FIELDS: Mapping[type, dict[str, tuple[type, ...]]] = {
    ContaminationScene: {
        "activation": (Activation,),
        **dict.fromkeys(("d_core", "d_background", "neurons", "samples", "steps"), (int,)),
        **dict.fromkeys(("rate", "momentum", "decay"), (Fraction,)),
        "fresh": (bool,),
        "core": (Core,),
        "start": (Start,),
    }
}
"""The types of their fields, for `theory.plainness`."""
