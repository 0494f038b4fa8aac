"""The scenes that the claims of the rare-pattern family are measured on; few, so that they share their trials."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from .activations import RELU, TANH
from .rare_scene import RareMixture, StampedDigits, StampedFeatures
from .setting import Kernel

PLOTTED = RareMixture(
    core=Fraction(1),
    pattern=Fraction(5),
    core_noise=Fraction(1, 2),
    pattern_noise=Fraction(1, 10),
    ridge=Fraction(0),
    share=Fraction(1, 10),
)
"""A, S, s_1 and s_2 as the authors' notebook plots them."""
PENALISED = replace(PLOTTED, ridge=Fraction(1), share=Fraction(1, 5))
LONG = RareMixture(
    core=Fraction(1),
    pattern=Fraction(25),
    core_noise=Fraction(1),
    pattern_noise=Fraction(1, 25),
    ridge=Fraction(0),
    share=Fraction(2, 25),
)
"""At its phase transition, as `CRITICAL` says."""
SHORT = RareMixture(
    core=Fraction(9, 4),
    pattern=Fraction(49, 100),
    core_noise=Fraction(2, 5),
    pattern_noise=Fraction(1, 5),
    ridge=Fraction(3, 10),
    share=Fraction(3, 10),
)
"""A pattern shorter than the core feature."""
DESIGN = (PLOTTED, PENALISED, LONG, SHORT)
CROSSING = tuple(replace(PLOTTED, share=Fraction(1, 5), ridge=Fraction(ridge)) for ridge in (0, 1, 4))
"""The share at which the accuracy on spurious examples does not depend on the ridge."""
RARER = tuple(replace(s, share=Fraction(1, 20)) for s in CROSSING[::2])
"""A rarer pattern, of which a ridge protects."""
NOISY = tuple(replace(PLOTTED, share=Fraction(1, 5), noise=Fraction(noise)) for noise in ("1/4", "1", "4"))
"""No ridge, but noise on what is learned from."""
COMMON = tuple(replace(s, share=Fraction(1, 2)) for s in CROSSING[::2])
"""A commoner pattern, which a ridge helps to be learned."""
CRITICAL = (
    LONG,
    replace(
        LONG, core_noise=Fraction(1, 2), pattern_noise=Fraction(7, 50), ridge=Fraction(1, 2), share=Fraction(8, 25)
    ),
)
"""Mixtures at their phase transition, `s_1 + lambda = A^2` and `gamma = 2 sqrt(s_2 + lambda) / S`."""

DELETIONS = tuple(
    StampedFeatures(
        kernel=kernel,
        activation=activation,
        d=20,
        n=30,
        width=300 if kernel is Kernel.RF else 30,
        block=block,
        ridge=ridge,
        pattern=Fraction(2),
    )
    for kernel, activation in ((Kernel.RF, RELU), (Kernel.NTK, TANH))
    for block in (1, 4)
    for ridge in (Fraction(0), Fraction(3, 10))
)
RIDGED = tuple(scene for scene in DELETIONS if scene.ridge and scene.block > 1)
SINGLE = tuple(
    replace(scene, pattern=pattern)
    for scene in DELETIONS
    if scene.ridge and scene.block == 1
    for pattern in (Fraction(1, 4), Fraction(2))
)
"""One stamped example, and a pattern next to nothing and a long one."""
DEAD = (StampedDigits(pattern="pixel", stamped=5),)
LOUD = (StampedDigits(pattern="noise-3", stamped=20),)
LONGER = (StampedDigits(pattern="square", stamped=20), *LOUD)
"""Patterns that have a shorter one of their kind."""
