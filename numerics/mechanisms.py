"""How far each activation yields to the four ways of learning a spurious feature, in one reference situation each.

Memorised, by one sample among N: the alignment gamma.  Rare, stamped on one example: the alignment of a pattern with a
tenth of a sample's energy, `S^2 / (S^2 + N kap)`.  Shortcut: what the kernel has beyond degree one acts as a ridge for
the linear features of label and shortcut, and a ridge makes a shortcut stay; it is told in units of degree one.
Contamination, of features that move: the rate to begin with, and the share of even degrees.  Energies are without that
of degree zero, the constant, which tells no sample from another.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from theory import balls
from theory.activations import Activation
from theory.contamination_rate import contamination
from theory.setting import Kernel, Setting
from theory.sizes import features_of

from .prediction import predict

BITS = 128
D = N = 100
PATTERN = 0.1
"""`S^2`, as a share of the energy of a sample."""


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """What one activation gives to each mechanism; the more, the worse."""

    activation: Activation
    memorised: float
    """gamma of random features at d = N = 100, alpha = 1/2 (the alignment law)."""
    rare: float
    """`S^2 / (S^2 + N kap)` there (the unlearned energy)."""
    shortcut: float
    """`sum_{l >= 2} mu_l^2 / mu_1^2`; infinite where nothing linear is learned at all."""
    contaminated: float
    """The rate at which background enters to begin with, for phi of variance one."""
    even: float
    """The share of even degrees, from 2 on, in the energy of all degrees from 1 on."""


def exposures(activations: Sequence[Activation]) -> list[Exposure]:
    """Return the exposure of each activation, in the order given; ValueError where one has none."""
    return [exposure(activation) for activation in activations]


def exposure(activation: Activation) -> Exposure:
    """Return the exposure of one activation; ValueError where the law says nothing of it, or it is constant."""
    setting = Setting(kernel=Kernel.RF, activation=activation, d=D, d_y=D // 2, n=N)
    law, moved, kernel = predict(setting), contamination(activation), features_of(setting)
    with balls.precision(BITS):
        energy, beyond = (float(kernel.energy(first, BITS).mid()) for first in (1, 2))
    return Exposure(
        activation=activation,
        memorised=law.gamma,
        rare=stamped(energy, unlearned=N * law.effective_ridge),
        shortcut=math.inf if kernel.coefficient(1) == 0 else beyond / (energy - beyond),
        contaminated=abs(float(moved.rate.value)) / math.sqrt(energy),
        even=float(moved.even_share.value),
    )


def stamped(energy: float, *, unlearned: float) -> float:
    """Return the alignment of a pattern that one example has, `S^2 / (S^2 + N kap)`, `S^2` a tenth of `energy`."""
    return PATTERN * energy / (PATTERN * energy + unlearned)
