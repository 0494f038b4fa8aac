"""One experimental setting of the core: which kernel, on which data, at which size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any, ClassVar, Self

from .activations import Activation
from .scene import Scene


class Kernel(StrEnum):
    """The two models of the paper, random features (14) and neural tangent features (24), and two kernels of depth."""

    RF = "rf"
    NTK = "ntk"
    NNGP_DEEP = "nngp-deep"
    NTK_DEEP = "ntk-deep"

    @property
    def is_deep(self) -> bool:
        """Whether the kernel is that of an infinitely wide network of some depth (`theory.deep_kernels`)."""
        return self in (Kernel.NNGP_DEEP, Kernel.NTK_DEEP)


class Query(StrEnum):
    """What replaces the core feature when the model is asked about `y` alone; the two are different theorems."""

    RESAMPLE = "resample"
    ZERO = "zero"


_OTHER = {
    Kernel.RF: Kernel.NTK,
    Kernel.NTK: Kernel.RF,
    Kernel.NNGP_DEEP: Kernel.NTK_DEEP,
    Kernel.NTK_DEEP: Kernel.NNGP_DEEP,
}
"""The kernel that each is most easily taken for."""


@dataclass(frozen=True, kw_only=True)
class Setting(Scene):
    """N samples `z = [x, y]` in `d = d_x + d_y` dimensions, seen through a kernel of `width` neurons.

    `width=None` means infinitely many neurons.  `depth` counts the hidden layers of a deep kernel, and is None for the
    features of the paper.  A deep kernel is a function of correlations, so it supposes infinite width and samples, and
    queries, with `|z|^2 = d`.  `data` is `sphere`, `gaussian`, `digits`, `mnist:DIR` or `cifar10:DIR` with a folder of
    their files, or the path of an `.npz` file with arrays `x`, `y`, `g`.
    """

    LOGARITHMIC: ClassVar[frozenset[str]] = frozenset({"N / d", "d", "width"})

    kernel: Kernel
    activation: Activation
    d: int
    d_y: int
    n: int
    width: int | None = None
    depth: int | None = None
    data: str = "sphere"
    query: Query = Query.RESAMPLE

    def __post_init__(self) -> None:
        if not 0 < self.d_y < self.d:
            raise ValueError(f"d_y = {self.d_y} of d = {self.d} leaves no core or no spurious dimension")
        if self.n < 1:
            raise ValueError(f"N = {self.n}: at least one sample is needed")
        if self.width is not None and self.width < 1:
            raise ValueError(f"width = {self.width}: at least one neuron is needed")
        if self.kernel.is_deep:
            self._require_network()
        elif self.depth is not None:
            raise ValueError(
                f"depth = {self.depth}: {self.kernel} is one layer of features; nngp-deep, ntk-deep have a depth"
            )

    def _require_network(self) -> None:
        if self.depth is None:
            raise ValueError(f"{self.kernel} needs a depth, the number of its hidden layers")
        if self.depth < 1:
            raise ValueError(f"depth = {self.depth}: at least one hidden layer is needed")
        if self.width is not None:
            raise ValueError(f"width = {self.width}: {self.kernel} is the kernel of infinitely wide layers")
        if self.query is not Query.RESAMPLE:
            raise ValueError(f"query {self.query}: {self.kernel} supposes queries as long as samples, |z|^2 = d")

    @property
    def alpha(self) -> Fraction:
        """Share of spurious dimensions, `d_y / d`, exactly."""
        return Fraction(self.d_y, self.d)

    @property
    def delta(self) -> Fraction:
        """Samples for each dimension, `N / d`, exactly."""
        return Fraction(self.n, self.d)

    @property
    def parameters(self) -> float:
        """Number of trained parameters `p`: `k` for RF, `k d` for NTK."""
        if self.width is None:
            return float("inf")
        return self.width * (self.d if self.kernel is Kernel.NTK else 1)

    def axes(self) -> dict[str, float]:
        """Return the sizes and shares."""
        sizes = {"N / d": self.delta, "alpha": self.alpha, "d": self.d, "width": self.width or 0}
        return {label: float(value) for label, value in sizes.items()}

    def bare(self) -> Self:
        """Return the setting without what its activation is called."""
        return replace(self, activation=replace(self.activation, name="", remark=""))

    def at_any_size(self) -> Self:
        """Return the setting at N = 1."""
        return replace(self, n=1)

    def slips(self) -> Iterator[tuple[str, Self]]:
        """Yield the settings with two shares, sizes, kernels or functions mistaken, where there are such."""
        changes: dict[str, dict[str, Any]] = {
            "alpha and 1 - alpha swapped": {"d_y": self.d - self.d_y},
            "N and d swapped": {"d": self.n, "n": self.d, "d_y": round(self.alpha * self.n)},
            "the other kernel": {"kernel": _OTHER[self.kernel]},
        }
        if not self.activation.jumps:
            changes["phi' in place of phi"] = {"activation": self.activation.derivative}
        for what, change in changes.items():
            try:
                changed = replace(self, **change)
            except ValueError:  # there is no such setting, so nobody takes this one for it
                continue
            yield what, changed

    def __str__(self) -> str:
        width = "inf" if self.width is None else self.width
        depth = "" if self.depth is None else f", depth {self.depth}"
        return (
            f"{self.kernel.upper()} {self.activation.name}{depth}, {self.data}, d={self.d}, N={self.n}, "
            f"alpha={self.alpha}, k={width}, {self.query}"
        )


def spurious_dimensions(alpha: Fraction, d: int) -> int:
    """Return `d_y = alpha d`, refusing an alpha outside (0, 1) and one that splits a dimension.

    A decimal is allowed its rounding (.5556 of 144 is 80): `alpha d` must be whole to a hundredth of a dimension.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha = {float(alpha):g} is outside (0, 1)")
    wanted = alpha * d
    whole = round(wanted)
    if abs(wanted - whole) > Fraction(1, 100) or not 0 < whole < d:
        nearest = min(max(whole, 1), d - 1)
        hint = f"; the nearest that does is {nearest}/{d}" if d > 1 else ""
        raise ValueError(
            f"alpha = {float(alpha):g} leaves {float(wanted):g} spurious dimensions of d = {d}, "
            f"not a whole number between 1 and {d - 1}{hint}"
        )
    return whole
