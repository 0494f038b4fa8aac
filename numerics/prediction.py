"""What the alignment law says of one setting, under the keys by which a measurement names what it found."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import gammaln

from theory.display import table
from theory.growth import envelope
from theory.setting import Kernel, Query, Setting
from theory.sizes import features_of, kernel_of

from .elementwise import Array
from .finite_size import FiniteSizeLaw, finite_size
from .kernels import ingredients
from .learning_curves import LearningCurve
from .zero_query import zero_gamma

LEARNED, UNLEARNED = 0.9, 0.1
"""Shares of a degree's energy from which on it is called learned, and up to which it is called not learned."""
FAINT = 1e-6
"""Degrees with a smaller share of the kernel's energy are not listed."""
LISTED = 9
HEAVY = 0.5
"""Excess kurtosis of what N samples add up to at a fresh point, from which on it is not taken for Gaussian.  At .03
(tangent h3, d = 123, N = 224) the spurious accuracy is right to .001; at 1.6 (NNGP of two layers of h3, d = 100,
N = 300) it is .23 off."""
AMPLE = 4
"""Below so many parameters for each sample the test error of tangent features leaves the random-feature formula: at
1.25 it is a quarter off, at 2 seven per cent, at 4 one."""


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
    """The law at one setting; None for what it does not say there."""

    setting: Setting
    gamma: float
    """The mean alignment, that of infinite width: of tangent features with few neurons it may be another."""
    sd: float | None
    """Standard deviation of F over samples; of random features at width k the least that a finite width adds is in it,
    `(1 - gamma^2) / (k - N - 1)`.  Not known for tangent features at finite width, which are far from independent, nor
    for the query x = 0."""
    test_accuracy: float | None
    """Not known, like the spread, where the kernel is a high power of the correlation (`HEAVY`); this and the next two
    not for tangent features with fewer than `AMPLE` parameters a sample either."""
    spurious_accuracy: float | None
    """Nor for the query x = 0, off the sphere."""
    test_mse: float | None
    """Known for a heavy kernel too: it takes nothing for Gaussian."""
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

    def _repr_html_(self) -> str:
        rows = [(key, "not known" if value is None else f"{value:.4f}") for key, value in self.to_dict().items()]
        rows += [(f"degree {d.degree}", f"{d.energy:.1%} of the kernel, {d.word}") for d in self.regime]
        return table(str(self.setting), ("the law says", ""), rows)


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
    resampled = first.query is Query.RESAMPLE
    gamma = law.gamma if resampled else zero_gamma(law, features_of(first))
    curve = LearningCurve(law=law, parameters=None if first.width is None else int(first.parameters))
    energy, learned = degrees(law)
    gaussian = heaviness(law) < HEAVY
    told = [bool(gaussian[i]) and _is_ample(setting) for i, setting in enumerate(members)]
    return [
        Predicted(
            setting=setting,
            gamma=float(gamma[i]),
            sd=_spread(setting, float(gamma[i]), float(law.variance[i])) if gaussian[i] else None,
            test_accuracy=float(curve.test_accuracy[i]) if told[i] else None,
            spurious_accuracy=float(curve.spurious_accuracy[i]) if told[i] and resampled else None,
            test_mse=float(curve.test_error[i]) if _is_ample(setting) else None,
            energy=law.modes.total,
            effective_ridge=float(law.ridge[i]),
            learned=float(law.learned[i]),
            regime=tuple(
                Degree(degree=l, energy=float(energy[l]), learned=float(learned[l, i]))
                for l in np.flatnonzero(energy > FAINT)[:LISTED].tolist()
            ),
        )
        for i, setting in enumerate(members)
    ]


def _spread(setting: Setting, gamma: float, variance: float) -> float | None:
    """Return the standard deviation of F, of which at finite width the part that diverges at k = N is known.

    What the features leave when N of k directions are used up is like a Gaussian vector in k - N + 1 dimensions, for
    the sample as for its query, and F is the quotient of their product by a square.
    """
    if setting.query is Query.ZERO:
        return None
    if setting.width is None:
        return math.sqrt(variance)
    if setting.kernel is not Kernel.RF or setting.width <= setting.n + 1:
        return None
    return math.sqrt(variance + (1 - gamma**2) / (setting.width - setting.n - 1))


def heaviness(law: FiniteSizeLaw) -> Array:
    """Return `sum_l s_l^2 k_l / N`: s_l is the share of degree l in the noise, k_l the excess kurtosis of a power l.

    At a fresh point the noise is a sum over N samples of what is learned through each, and degree l of that is like the
    power l of a Gaussian overlap: `k_l = (4l - 1)!! / (2l - 1)!!^2 - 3`, 0 at l = 1 and 184 at l = 4.
    """
    modes = law.modes
    shell = np.add.outer(np.arange(modes.degrees + 1), np.arange(modes.degrees + 1))
    noise = modes.multiplicities[:, :, None] * law.taken**2
    parts = np.stack([noise[shell == l].sum(axis=0) for l in range(1, modes.degrees + 1)])
    l = np.arange(1, modes.degrees + 1)[:, None]
    # in logarithms: at degree 96 the double factorials are beyond all doubles, their ratio, some 4^l, is not
    kurtosis = np.exp(gammaln(2 * l + 0.5) + gammaln(0.5) - 2 * gammaln(l + 0.5)) - 3
    shares = parts / np.maximum(parts.sum(axis=0), np.finfo(float).tiny)
    return np.asarray(np.sum(shares**2 * kurtosis, axis=0) / law.n)


def _is_ample(setting: Setting) -> bool:
    return setting.width is None or setting.kernel is Kernel.RF or setting.parameters >= AMPLE * setting.n


def degrees(law: FiniteSizeLaw) -> tuple[Array, Array]:
    """Return for each total degree its share of kappa(1), and (degrees x n) the share of that which is learned."""
    modes = law.modes
    weights = modes.multiplicities * modes.values
    shell = np.add.outer(np.arange(modes.degrees + 1), np.arange(modes.degrees + 1))
    energy = np.array([weights[shell == l].sum() for l in range(modes.degrees + 1)])
    taken = np.stack([weights[shell == l] @ law.taken[shell == l] for l in range(modes.degrees + 1)])
    return energy / modes.total, np.divide(taken, energy[:, None], out=np.zeros_like(taken), where=energy[:, None] > 0)
