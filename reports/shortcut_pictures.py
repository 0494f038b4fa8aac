"""Pictures of shortcuts as top eigenfunctions, in time; all computed from closed forms, nothing sampled."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from theory import clusters as k
from theory.cluster_scenes import ClusterScene
from theory.evidence import Curve, Picture

from .document import View

TIMES = tuple(10 ** (step / 8) for step in range(-16, 25))
"""Of the gradient flow, in units of 1 / step size."""
VARIANCES = (Fraction(1, 10), Fraction(1), Fraction(10))
AGREEMENTS = tuple(Fraction(step, 40) for step in range(21, 40))
NAMES = {k.ALIGNED: "aligned clusters", k.CONFLICTING: "conflicting clusters"}


def views() -> Iterator[View]:
    """Yield every picture under its title."""
    yield View(
        title="A shortcut in time",
        words="What is learned (ours, exact for the population) at the means of the clusters where the shortcut agrees "
        "with the label, and where it does not: first the top eigenfunction, which serves the aligned ones, then the "
        "second; the more variance within the clusters, the less is ever learned at the conflicting ones.",
        pictures=tuple(map(in_time, VARIANCES)),
    )
    yield View(
        title="Eigenfeatures in time",
        words="The two eigenfunctions that carry label and shortcut (ours): how much of its part in the label each has "
        "learned, for shortcuts that agree with it more and more often.",
        pictures=tuple(modes_in_time(agreement) for agreement in (Fraction(7, 10), Fraction(9, 10), Fraction(99, 100))),
    )
    yield View(
        title="What remains of a shortcut",
        words="The weight on the shortcut over that on the core feature when all is learned (ours): none without "
        "variance within the clusters, and without bound as attribute and label become one.",
        pictures=(residual(),),
    )


def _scene(*, agreement: Fraction = Fraction(9, 10), noise: Fraction = Fraction(1, 10)) -> ClusterScene:
    return ClusterScene(core=Fraction(1), shortcut=Fraction(1), agreement=agreement, noise=noise, d=2, n=1)


def in_time(variance: Fraction) -> Picture:
    """Return the outputs at both kinds of means against the time of the gradient flow, c = s = 1, rho = 9/10."""
    at = {value: _scene(noise=variance).value(value) for value in (k.TOP, k.SECOND)}
    final = {group: _scene(noise=variance).value(k.output(k.converged(), group)) for group in NAMES}
    value = {k.ALIGNED: at[k.TOP], k.CONFLICTING: at[k.SECOND]}  # c = s: each kind of cluster has its own mode
    return Picture(
        title=f"A shortcut in time, variance {variance}",
        x_label="time",
        y_label="y f at the mean",
        curves=tuple(
            Curve(label=name, role="law", x=TIMES, y=tuple(final[group] * _grown(value[group] * t) for t in TIMES))
            for group, name in NAMES.items()
        ),
        log_x=True,
    )


def modes_in_time(agreement: Fraction) -> Picture:
    """Return what is learned of each mode, as the share of its squared length in the end, against time."""
    scene = _scene(agreement=agreement)
    return Picture(
        title=f"Eigenfeatures in time, rho = {agreement}",
        x_label="time",
        y_label="learned",
        curves=tuple(
            Curve(label=name, role="law", x=TIMES, y=tuple(_grown(scene.value(value) * t) for t in TIMES))
            for name, value in (("top, <(1, 1), x>", k.TOP), ("second, <(1, -1), x>", k.SECOND))
        ),
        log_x=True,
    )


def residual() -> Picture:
    """Return `w_s / w_c` against rho, for each variance."""
    return Picture(
        title="What remains of a shortcut, c = s = 1",
        x_label="rho",
        y_label="w_s / w_c",
        curves=tuple(
            Curve(
                label=f"variance {variance}",
                role="law",
                x=tuple(map(float, AGREEMENTS)),
                y=tuple(
                    _scene(agreement=rho, noise=variance).value(k.SHORTCUT_WEIGHT / k.CORE_WEIGHT) for rho in AGREEMENTS
                ),
            )
            for variance in VARIANCES
        ),
    )


def _grown(exponent: float) -> float:
    return -math.expm1(-exponent)
