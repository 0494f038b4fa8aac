"""What the trials of the shortcut family are drawn from: four Gaussian clusters, and what learns from them.

The mean of a measurement is predicted by the formulas of `theory.clusters` at the numbers of the scene, exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import ClassVar, Self

import sympy as sp

from .activations import Activation
from .clusters import c, eta, g, q, s, t, v
from .scene import Scene


def rational(number: Fraction) -> sp.Rational:
    """Return a fraction as SymPy has it."""
    return sp.Rational(number.numerator, number.denominator)


@dataclass(frozen=True, kw_only=True)
class ClusterScene(Scene):
    """N samples `y core e_1 + a shortcut e_2 + noise` in d dimensions, `a = y` in a share `agreement` of them.

    `noise` is the variance in a cluster, of the conflicting ones `conflict_noise` where that is given.
    """

    LOGARITHMIC: ClassVar[frozenset[str]] = frozenset({"N", "width", "variance in a cluster"})

    core: Fraction
    shortcut: Fraction
    agreement: Fraction
    noise: Fraction
    conflict_noise: Fraction | None = None
    d: int
    n: int

    def __post_init__(self) -> None:
        for name, value in (("core", self.core), ("shortcut", self.shortcut), ("noise", self.noise)):
            if value <= 0:
                raise ValueError(f"{name} = {value}: it must be positive")
        if self.conflict_noise is not None and self.conflict_noise <= 0:
            raise ValueError(f"conflict_noise = {self.conflict_noise}: it must be positive")
        if not 0 < self.agreement < 1:
            raise ValueError(f"agreement = {self.agreement} is outside (0, 1): one kind of cluster would be empty")
        if self.d < 2:
            raise ValueError(f"d = {self.d}: the core feature and the shortcut take two dimensions")
        if self.n < 1:
            raise ValueError(f"N = {self.n}: at least one sample is needed")

    @property
    def noises(self) -> tuple[Fraction, Fraction]:
        """The variance in the aligned and in the conflicting clusters."""
        return self.noise, self.noise if self.conflict_noise is None else self.conflict_noise

    @property
    def mean_noise(self) -> Fraction:
        """The mean variance in a cluster, which is all that the kernel sees."""
        aligned, conflicting = self.noises
        return self.agreement * aligned + (1 - self.agreement) * conflicting

    @property
    def point(self) -> dict[sp.Symbol, sp.Rational]:
        """The scene as a point of `theory.clusters`."""
        numbers = {
            c: self.core,
            s: self.shortcut,
            q: 2 * self.agreement - 1,
            v: self.mean_noise,
            g: Fraction(self.d, self.n),
        }
        return {symbol: rational(number) for symbol, number in numbers.items()}

    def value(self, expr: sp.Expr) -> float:
        """Return a formula of `theory.clusters` at this scene."""
        return float(expr.subs(self.point))

    @property
    def sample(self) -> str:
        """What the samples are, without what learns from them; scenes that share it see the same draws."""
        aligned, conflicting = self.noises
        noise = f"{aligned}" if aligned == conflicting else f"{aligned} and {conflicting}"
        return f"c={self.core}, s={self.shortcut}, rho={self.agreement}, variance {noise}, d={self.d}, N={self.n}"

    def __str__(self) -> str:
        return f"clusters {self.sample}"

    def axes(self) -> dict[str, float]:
        """Return what a picture may have on its horizontal axis."""
        return {
            "N": float(self.n),
            "rho": float(self.agreement),
            "variance in a cluster": float(self.mean_noise),
            "s / c": float(self.shortcut / self.core),
        }

    def at_any_size(self) -> Self:
        """Return the scene with one sample."""
        return replace(self, n=1)

    def slips(self) -> Iterator[tuple[str, Self]]:
        """Yield the scenes with two numbers taken for each other."""
        yield "core and shortcut swapped", replace(self, core=self.shortcut, shortcut=self.core)
        yield "aligned and conflicting swapped", replace(self, agreement=1 - self.agreement)
        yield "a deviation for a variance", replace(self, noise=self.noise**2)
        yield "N and d swapped", replace(self, n=self.d, d=self.n)
        if self.conflict_noise is not None:
            yield "variances swapped", replace(self, noise=self.conflict_noise, conflict_noise=self.noise)


@dataclass(frozen=True, kw_only=True)
class DescentScene(ClusterScene):
    """The same, and a linear predictor that takes `steps` steps of gradient descent, of length `step`, from zero."""

    LOGARITHMIC: ClassVar[frozenset[str]] = ClusterScene.LOGARITHMIC | {"time"}

    step: Fraction
    steps: int

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.step <= 0 or self.steps < 1:
            raise ValueError(f"{self.steps} steps of {self.step}: both must be positive")

    @property
    def point(self) -> dict[sp.Symbol, sp.Rational]:
        """The scene as a point of `theory.clusters`, with its time."""
        return super().point | {eta: rational(self.step), t: sp.Integer(self.steps)}

    def __str__(self) -> str:
        return f"{super().__str__()}, {self.steps} steps of {self.step}"

    def axes(self) -> dict[str, float]:
        """Return what a picture may have on its horizontal axis, the time first."""
        return {"time": float(self.step * self.steps), **super().axes()}


@dataclass(frozen=True, kw_only=True)
class KernelScene(ClusterScene):
    """The same through a kernel: that of an infinitely wide network of one hidden layer, all trained; None is linear.

    `penalty` is that on the squared outputs where the margin is controlled.
    """

    activation: Activation | None = None
    penalty: Fraction | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.penalty is not None and self.penalty <= 0:
            raise ValueError(f"penalty = {self.penalty}: it must be positive, or no margin is finite")

    def __str__(self) -> str:
        kernel = "linear kernel" if self.activation is None else f"NTK of {self.activation.name}"
        margin = "" if self.penalty is None else f", penalty {self.penalty}"
        return f"{super().__str__()}, {kernel}{margin}"

    def bare(self) -> Self:
        """Return the scene without the name of the activation."""
        if self.activation is None:
            return self
        return replace(self, activation=replace(self.activation, name="", remark=""))


@dataclass(frozen=True, kw_only=True)
class NetworkScene(ClusterScene):
    """The same through a linear network of `depth` layers and finite `width`, in the scaling of the tangent kernel."""

    width: int
    depth: int = 2

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.width < 1 or self.depth < 2:
            raise ValueError(f"width {self.width}, depth {self.depth}: at least one neuron and two layers are needed")

    @property
    def sample(self) -> str:
        """What is drawn: the weights too, so that widths are independent of each other."""
        return f"{super().sample}, k={self.width}"

    def __str__(self) -> str:
        return f"{super().__str__()}, linear network of {self.depth} layers"

    def axes(self) -> dict[str, float]:
        """Return what a picture may have on its horizontal axis, what is new here first."""
        return {"width": float(self.width), "layers": float(self.depth), **super().axes()}

    def at_any_size(self) -> Self:
        """Return the scene with one neuron and one sample."""
        return replace(self, n=1, width=1)

    def slips(self) -> Iterator[tuple[str, Self]]:
        """Yield the scenes with two numbers taken for each other, layers and hidden layers among them."""
        yield from super().slips()
        if self.depth > 2:
            yield "hidden layers for layers", replace(self, depth=self.depth - 1)


_CLUSTERS: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("core", "shortcut", "agreement", "noise"), (Fraction,)),
    "conflict_noise": (Fraction, type(None)),
    **dict.fromkeys(("d", "n"), (int,)),
}
FIELDS: Mapping[type, dict[str, tuple[type, ...]]] = {
    ClusterScene: {**_CLUSTERS},
    DescentScene: {**_CLUSTERS, "step": (Fraction,), "steps": (int,)},
    KernelScene: {**_CLUSTERS, "activation": (Activation, type(None)), "penalty": (Fraction, type(None))},
    NetworkScene: {**_CLUSTERS, "width": (int,), "depth": (int,)},
}
"""The types of their fields, for `theory.plainness`."""
