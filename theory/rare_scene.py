"""What the trials of the rare-pattern family are drawn from: a mixture, stamped features, stamped digits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import ClassVar, Self

import sympy as sp

from . import rare_ridge as r
from .activations import Activation
from .claim import Point
from .scene import Scene
from .setting import Kernel

PATTERNS = ("pixel", "square", "noise-1", "noise-2", "noise-3")
"""On digits: the pixel (0, 0), the four of that corner, and uniform noise of height 1/4, 1/2 and 1."""


@dataclass(frozen=True, kw_only=True)
class RareMixture(Scene):
    """`n` examples of the mixture of `theory.rare_ridge`; `core` and `pattern` are the squares `A^2` and `S^2`.

    `noise` is a variance added to every coordinate of the examples that are learned from, and to no other.
    """

    core: Fraction
    pattern: Fraction
    core_noise: Fraction
    pattern_noise: Fraction
    ridge: Fraction
    share: Fraction
    noise: Fraction = Fraction(0)
    n: int = 50_000

    LOGARITHMIC: ClassVar[frozenset[str]] = frozenset({"S^2"})

    def __post_init__(self) -> None:
        for name in ("core", "pattern", "core_noise", "pattern_noise"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} = {getattr(self, name)}: a squared length or a variance is positive")
        for name in ("ridge", "noise"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name} = {getattr(self, name)}: it is 0 or positive")
        if not 0 <= self.share <= 1:
            raise ValueError(f"share = {self.share}: a share lies between 0 and 1")
        if self.n < 2:
            raise ValueError(f"n = {self.n}: two examples at least, for there are two classes")

    def axes(self) -> dict[str, float]:
        """Return the parameters that a claim varies."""
        held = {"gamma": self.share, "lambda": self.ridge, "S^2": self.pattern, "A^2": self.core, "noise": self.noise}
        return {label: float(value) for label, value in held.items()}

    def at_any_size(self) -> Self:
        """Return the mixture at n = 2."""
        return replace(self, n=2)

    def slips(self) -> Iterator[tuple[str, Self]]:
        """Yield the mixtures with two lengths, two variances, or two shares mistaken, and without ridge."""
        yield "core and pattern swapped", replace(self, core=self.pattern, pattern=self.core)
        yield "the variances swapped", replace(self, core_noise=self.pattern_noise, pattern_noise=self.core_noise)
        yield "the share of all examples in place of that of the class", replace(self, share=self.share / 2)
        yield "the square of the length in place of the length", replace(self, pattern=self.pattern**2)
        yield "no ridge", replace(self, ridge=Fraction(0), noise=Fraction(0))

    def __str__(self) -> str:
        noise = f", noise {self.noise}" if self.noise else ""
        return (
            f"mixture, A^2={self.core}, S^2={self.pattern}, s_1={self.core_noise}, s_2={self.pattern_noise}, "
            f"lambda={self.ridge}, gamma={self.share}{noise}"
        )


def point_of(scene: RareMixture) -> Point:
    """Return the parameters of a mixture; noise that is learned from counts as ridge (`rare-noise-is-ridge`)."""
    exact = {
        r.s1: scene.core_noise,
        r.s2: scene.pattern_noise,
        r.ridge: scene.ridge + scene.noise,
        r.share: scene.share,
    }
    lengths = {r.A: sp.sqrt(sp.Rational(scene.core)), r.S: sp.sqrt(sp.Rational(scene.pattern))}
    return lengths | {symbol: sp.Rational(value) for symbol, value in exact.items()}


def at(expr: sp.Expr, scene: RareMixture) -> float:
    """Return an expression of `theory.rare_ridge` at a mixture."""
    return float(sp.N(expr.subs(point_of(scene)), 30))


@dataclass(frozen=True, kw_only=True)
class StampedFeatures(Scene):
    """`n` samples seen through random or tangent features, the first `block` of them with one feature more.

    The pattern is that feature, of size `pattern`, on no other sample; `block` of the samples carry it and may be
    deleted.  `ridge` is added to the kernel of features that have mean square one (`Phi Phi^T / p` for `p` of them).
    """

    kernel: Kernel
    activation: Activation
    d: int
    n: int
    width: int
    block: int
    ridge: Fraction
    pattern: Fraction

    def __post_init__(self) -> None:
        if self.kernel.is_deep:
            raise ValueError(f"{self.kernel} has no features to be formed: rf or ntk")
        if not 0 < self.block < self.n:
            raise ValueError(f"block = {self.block} of n = {self.n}: some samples are deleted and some are left")
        if self.width < 1 or self.d < 2:
            raise ValueError(f"width = {self.width}, d = {self.d}: one neuron and two dimensions at least")
        if not (self.ridge >= 0 and self.pattern > 0):
            raise ValueError(f"ridge = {self.ridge}, pattern = {self.pattern}: no negative ridge, and some pattern")

    def axes(self) -> dict[str, float]:
        """Return the sizes."""
        return {"lambda": float(self.ridge), "deleted": float(self.block), "n": float(self.n), "d": float(self.d)}

    def bare(self) -> Self:
        """Return the scene without what its activation is called."""
        return replace(self, activation=replace(self.activation, name="", remark=""))

    def __str__(self) -> str:
        return (
            f"{self.kernel.upper()} {self.activation.name}, d={self.d}, n={self.n}, k={self.width}, {self.block} "
            f"stamped with {self.pattern}, lambda={self.ridge}"
        )


@dataclass(frozen=True, kw_only=True)
class StampedDigits(Scene):
    """A network of one hidden layer on scikit-learn's digits, `stamped` images of the class 0 with a pattern."""

    pattern: str
    stamped: int
    width: int = 256
    epochs: int = 10

    LOGARITHMIC: ClassVar[frozenset[str]] = frozenset({"stamped"})

    def __post_init__(self) -> None:
        if self.pattern not in PATTERNS:
            raise ValueError(f"there is no pattern {self.pattern!r} on digits; there are {', '.join(PATTERNS)}")
        if not 0 < self.stamped <= 100:
            raise ValueError(f"stamped = {self.stamped}: from 1 to 100 images of a class of some 120")
        if self.width < 1 or self.epochs < 1:
            raise ValueError(f"width = {self.width}, epochs = {self.epochs}: one at least of either")

    def axes(self) -> dict[str, float]:
        """Return how many are stamped, and which pattern it is."""
        return {"stamped": float(self.stamped), "pattern": float(PATTERNS.index(self.pattern))}

    def __str__(self) -> str:
        return f"digits, {self.stamped} stamped with {self.pattern}"


FIELDS: Mapping[type, dict[str, tuple[type, ...]]] = {
    RareMixture: {
        **dict.fromkeys(("core", "pattern", "core_noise", "pattern_noise", "ridge", "share", "noise"), (Fraction,)),
        "n": (int,),
    },
    StampedFeatures: {
        "kernel": (Kernel,),
        "activation": (Activation,),
        **dict.fromkeys(("d", "n", "width", "block"), (int,)),
        **dict.fromkeys(("ridge", "pattern"), (Fraction,)),
    },
    StampedDigits: {"pattern": (str,), **dict.fromkeys(("stamped", "width", "epochs"), (int,))},
}
"""The types of their fields, for `theory.plainness`."""
