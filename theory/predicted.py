"""What the finite-size law, and its rivals one slip away, say of a setting: the values that claims are measured by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from . import balls
from .finite_size import BITS, FiniteSizeLaw, Modes
from .kernels import DotProductKernel, KernelSeries
from .learning_curve import LearningCurve
from .setting import Setting
from .sizes import kernel_of
from .sphere import moment
from .zero_query import query_coefficient, query_energy

Value = Callable[[Setting], float]

_TERMS, _DEGREES = 60, 8
"""Of the query x = 0, whose higher degrees in y nothing has learned: `E|t_y|^60` is below 1e-13 from d_y = 15 on."""


@cache
def modes_of(kernel: DotProductKernel, d_x: int, d_y: int) -> Modes:
    """Return the modes of a kernel; every number of samples shares them."""
    return Modes(kernel=kernel, d_x=d_x, d_y=d_y)


@cache
def law_of(setting: Setting) -> FiniteSizeLaw:
    """Return the law at a setting; its width plays no part."""
    return FiniteSizeLaw(modes=modes_of(kernel_of(setting), setting.d - setting.d_y, setting.d_y), n=setting.n)


def curve_of(setting: Setting) -> LearningCurve:
    """Return the learning curve at a setting, at its number of parameters."""
    parameters = None if setting.width is None else int(setting.parameters)
    return LearningCurve(law=law_of(setting), parameters=parameters)


@cache
def gamma(setting: Setting) -> float:
    """Return the mean alignment of the resampled query."""
    return float(law_of(setting).gamma.mid())


@cache
def variance(setting: Setting) -> float:
    """Return the variance of the alignment over samples, at infinite width."""
    return float(law_of(setting).variance.mid())


@cache
def unlearned_share(setting: Setting) -> float:
    """Return the share of a sample's features that the others leave, `N kap / kappa(1)`, at infinite width."""
    law = law_of(setting)
    with balls.precision(BITS):
        return float((law.n * law.ridge / law.modes.total).mid())


@cache
def zero_gamma(setting: Setting) -> float:
    """Return the mean alignment of `[0, y]`: `(k_0(1) - sum_j B_0j a_j (1 - q_0j)) / (N kap)`."""
    law, kernel = law_of(setting), kernel_of(setting)
    if not isinstance(kernel, KernelSeries):
        raise TypeError(f"{kernel.name} has no query x = 0: its layers suppose normalised rows")
    total = query_energy(kernel, setting.alpha, BITS)
    with balls.precision(BITS):
        c = [query_coefficient(kernel, l, setting.alpha, BITS) for l in range(_TERMS)]
        m = [[balls.number(moment(l, j, setting.d_y), BITS) for l in range(_TERMS)] for j in range(_DEGREES)]
        on_y = [sum((a * b for a, b in zip(c, row, strict=True)), total * 0) for row in m]
        taken = (law.modes.counts[0, j] * a * (1 - law.unlearned[0, j]) for j, a in enumerate(on_y))
        return float(((total - sum(taken, total * 0)) / (law.n * law.ridge)).mid())


def at_core_share(setting: Setting) -> float:
    """Return the law with `1 - alpha` in place of alpha: a rival."""
    return gamma(replace(setting, d_y=setting.d - setting.d_y))


def at_twice_the_samples(setting: Setting) -> float:
    """Return the law at 2 N: a rival."""
    return gamma(replace(setting, n=2 * setting.n))


def without_degree(degree: int) -> Value:
    """Return the law with the modes of one total degree struck out of every sum: a rival."""
    return lambda setting: _without(setting, degree)


@cache
def _without(setting: Setting, degree: int) -> float:
    law = law_of(setting)
    with balls.precision(BITS):
        kept = {m: n * law.modes.values[m] * law.unlearned[m] for m, n in law.modes.counts.items() if sum(m) == degree}
        whole = law.n * law.ridge
        return float(((law.gamma * whole - kept[0, degree]) / (whole - sum(kept.values(), whole * 0))).mid())
