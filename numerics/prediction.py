"""What the alignment law says of one setting, under the keys by which a measurement names what it found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from theory.growth import envelope
from theory.kernels import KernelSeries
from theory.setting import Query, Setting
from theory.sizes import kernel_of

from .elementwise import Array
from .finite_size import FiniteSizeLaw, finite_size
from .kernels import ingredients
from .learning_curves import LearningCurve
from .zero_query import zero_query

LEARNED, UNLEARNED = 0.9, 0.1
"""Shares of a degree's energy from which on it is called learned, and up to which it is called not learned."""
FAINT = 1e-6
"""Degrees with a smaller share of the kernel's energy are not listed."""
LISTED = 8


@dataclass(frozen=True, kw_only=True)
class Degree:
    """One total degree of the kernel: its share of kappa(1), and how much of it N samples learn."""

    degree: int
    energy: float
    learned: float

    @property
    def word(self) -> str:
        """`learned`, `half learned` or `not learned`."""
        if self.learned >= LEARNED:
            return "learned"
        return "not learned" if self.learned <= UNLEARNED else "half learned"


@dataclass(frozen=True, kw_only=True)
class Predicted:
    """The law at one setting.  `spurious_accuracy` is None for a query that the accuracies were not derived for."""

    setting: Setting
    gamma: float
    sd: float
    """Standard deviation of F over samples, at infinite width."""
    test_accuracy: float
    spurious_accuracy: float | None
    test_mse: float
    energy: float
    """`kappa(1)`."""
    effective_ridge: float
    """kap, on the scale of `energy`."""
    learned: float
    """r, the share of the samples spent on modes learned: `sum B (1 - q)^2 / N`."""
    regime: tuple[Degree, ...]

    def to_dict(self) -> dict[str, float | None]:
        """Return the numbers under the keys of a measurement."""
        return {key: getattr(self, key) for key in ("gamma", "sd", "test_accuracy", "spurious_accuracy", "test_mse")}


def predict(setting: Setting) -> Predicted:
    """Return what the law says of a setting; ValueError where it says nothing."""
    return predict_all([setting])[0]


def predict_all(settings: Sequence[Setting]) -> list[Predicted]:
    """Return what the law says of each setting; those that differ in N alone share their modes.

    Raises ValueError for data that are not uniform on spheres, and where the law cannot be evaluated.
    """
    found: dict[Setting, Predicted] = {}
    for family in dict.fromkeys(replace(setting, n=1) for setting in settings):
        members = [setting for setting in dict.fromkeys(settings) if replace(setting, n=1) == family]
        found |= zip(members, _family(members), strict=True)
    return [found[setting] for setting in settings]


def _family(members: Sequence[Setting]) -> list[Predicted]:
    first = members[0]
    if first.data != "sphere":
        raise ValueError(f"data {first.data!r}: the law is for x and y uniform on spheres")
    for function in ingredients(first):
        envelope(function)
    kernel = kernel_of(first)
    law = finite_size(kernel, first.d - first.d_y, first.d_y, [setting.n for setting in members])
    gamma, variance = law.gamma, law.variance
    if first.query is Query.ZERO:
        if not isinstance(kernel, KernelSeries):
            raise ValueError("the query x = 0 has no law for a deep kernel, whose layers suppose normalised rows")
        query = zero_query(law, kernel)
        gamma, variance = query.gamma, query.variance
    curve = LearningCurve(law=law, width=first.width)
    spurious = curve.spurious_accuracy if first.query is Query.RESAMPLE else None
    energy, learned = degrees(law)
    return [
        Predicted(
            setting=setting,
            gamma=float(gamma[i]),
            sd=float(np.sqrt(variance[i])),
            test_accuracy=float(curve.test_accuracy[i]),
            spurious_accuracy=None if spurious is None else float(spurious[i]),
            test_mse=float(curve.test_error[i]),
            energy=law.modes.total,
            effective_ridge=float(law.ridge[i]),
            learned=float(law.learned[i]),
            regime=tuple(
                Degree(degree=l, energy=float(energy[l]), learned=float(learned[l, i]))
                for l in range(min(LISTED, law.modes.degrees) + 1)
                if energy[l] > FAINT
            ),
        )
        for i, setting in enumerate(members)
    ]


def degrees(law: FiniteSizeLaw) -> tuple[Array, Array]:
    """Return for each total degree its share of kappa(1), and (degrees x n) the share of that which is learned."""
    modes = law.modes
    weights = modes.multiplicities * modes.values
    shell = np.add.outer(np.arange(modes.degrees + 1), np.arange(modes.degrees + 1))
    energy = np.array([weights[shell == l].sum() for l in range(modes.degrees + 1)])
    taken = np.stack([weights[shell == l] @ (1 - law.unlearned[shell == l]) for l in range(modes.degrees + 1)])
    return energy / modes.total, np.divide(taken, energy[:, None], out=np.zeros_like(taken), where=energy[:, None] > 0)
