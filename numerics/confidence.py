"""From trials to verdicts: the only place where a statistical tolerance is made.

Trials are independent, so the mean of n of them has standard error `s / sqrt(n)` and Student's t with n - 1 degrees of
freedom decides.  A statement is REFUTED where the deviation exceeds `t_(1-a/2) se` (false-alarm rate `a`), and SAMPLED
only if a deviation of the stated resolution would have been seen with power .99, `(t_(1-a/2) + t_.99) se <= r`, which
replaces the noncentral t by a shifted one; what is neither is UNDECIDED.

For a limit the cell means `m_c` are fitted by `a + b size^-rate`.  The intercept is a linear combination `sum h_c m_c`
of independent means, so its variance is `sum h_c^2 s_c^2 / n_c`, with Satterthwaite's degrees of freedom: no pooling,
since the spread of a trial changes with size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from scipy import stats

from theory.evidence import Verdict

from .elementwise import Array

POWER = 0.99
MISFIT = 1e-3
"""Below this p-value means do not follow a fit.  Being wrong costs a verdict of UNDECIDED, never a false alarm; a run
with some ten limits should meet it once in a hundred."""


class Side(Enum):
    """Which deviations count against a statement about a mean."""

    BOTH = "="
    BELOW = ">="
    ABOVE = "<="


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The verdict on one statement, the estimate and standard error behind it, and a sentence with the numbers."""

    verdict: Verdict
    estimate: float
    error: float
    sentence: str


def mean_test(values: Sequence[float], *, value: float, side: Side, false_alarm: float, resolution: float) -> Finding:
    """Decide whether the mean of independent `values` is `=`, `>=` or `<=` `value`, as `side` says.

    A one-sided statement is SAMPLED where the confidence limit at level 1 - `false_alarm` lies on its right side.
    Raises ValueError for fewer than two values, for NaN, and for a false-alarm rate outside (0, 1).
    """
    sample = _checked(values)
    estimate, se = float(sample.mean()), float(sample.std(ddof=1) / np.sqrt(len(sample)))
    # Equal values have a computed spread of rounding size, which is not spread.
    se = 0.0 if np.ptp(sample) == 0 else se
    found = _decide(
        estimate,
        se,
        dof=len(sample) - 1.0,
        value=value,
        side=side,
        false_alarm=false_alarm,
        resolution=resolution,
    )
    return _prefixed(f"mean of {len(sample)} trials", found)


def limit_test(
    cells: Sequence[Sequence[float]],
    *,
    sizes: Sequence[float],
    rate: float,
    value: float,
    false_alarm: float,
    resolution: float,
) -> Finding:
    """Decide whether the means of `cells`, fitted by `a + b size^-rate`, have the intercept `a = value`.

    Where an F test at level `MISFIT` finds that the means do not follow the fit, the intercept means nothing and the
    verdict is UNDECIDED.  Raises ValueError for fewer than two sizes or two trials of any.
    """
    if len(set(sizes)) < 2 or len(sizes) != len(cells):
        raise ValueError(f"a limit needs at least two sizes, with trials for each, not {len(set(sizes))}")
    samples = [_checked(cell) for cell in cells]
    means = np.array([sample.mean() for sample in samples])
    variances = np.array([0.0 if np.ptp(s) == 0 else s.var(ddof=1) / len(s) for s in samples])
    design = np.column_stack([np.ones(len(sizes)), np.asarray(sizes, dtype=np.float64) ** -rate])
    # All weights equal: those that few trials would give follow their noise, and the error comes out too small.
    projection = np.linalg.pinv(design)
    shares = projection[0] ** 2 * variances
    se = float(np.sqrt(shares.sum()))
    frees = np.array([len(sample) - 1.0 for sample in samples])
    dof = float(shares.sum() ** 2 / np.sum(shares**2 / frees)) if se else float(frees.sum())
    misfit = _misfit(design, means, variances, frees) if variances.all() and len(sizes) > 2 else 1.0
    found = _decide(
        float(projection[0] @ means),
        se,
        dof=dof,
        value=value,
        side=Side.BOTH,
        false_alarm=false_alarm,
        resolution=resolution,
    )
    note = f"intercept at infinite size from {len(sizes)} sizes (rate {rate:g}, p of the fit {misfit:.2g})"
    if misfit < MISFIT:
        found = Finding(
            verdict=Verdict.UNDECIDED,
            estimate=found.estimate,
            error=found.error,
            sentence=f"{found.sentence}; but the means do not follow the fit",
        )
    return _prefixed(note, found)


def identity_test(values: Sequence[float], *, value: float) -> Finding:
    """Decide whether every error in `values` stays below `value`: no sampling, so NUMERIC or REFUTED."""
    if not len(values):
        return Finding(verdict=Verdict.UNDECIDED, estimate=0.0, error=0.0, sentence="no instance was tried")
    worst = float(np.max(np.asarray(values)))  # NaN is the maximum of anything with NaN, and below nothing
    holds = worst < value
    return Finding(
        verdict=Verdict.NUMERIC if holds else Verdict.REFUTED,
        estimate=worst,
        error=0.0,
        sentence=f"largest of {len(values)} errors {worst:.2e}, {'below' if holds else 'not below'} {value:.0e}",
    )


def _decide(
    estimate: float,
    se: float,
    *,
    dof: float,
    value: float,
    side: Side,
    false_alarm: float,
    resolution: float,
) -> Finding:
    if not 0 < false_alarm < 1:
        raise ValueError(f"a false-alarm rate of {false_alarm:g} is outside (0, 1)")
    if not np.isfinite(value):
        raise ValueError(f"a mean cannot be held against {value:g}")
    wrong = {Side.BOTH: abs(estimate - value), Side.BELOW: value - estimate, Side.ABOVE: estimate - value}[side]
    # Rounding of a mean and of the value itself: a handful of ulp, never more than 64.
    rounding = 64 * np.finfo(float).eps * max(abs(estimate), abs(value))
    level = 1 - false_alarm / (2 if side is Side.BOTH else 1)
    margin = float(stats.t.ppf(level, dof)) * se
    seen = margin + float(stats.t.ppf(POWER, dof)) * se
    if se == 0:
        # Without spread there is no t test: agreement to rounding holds, what matters refutes, the rest stays open.
        verdict = _without_spread(wrong, rounding, resolution)
    elif wrong > margin + rounding:
        verdict = Verdict.REFUTED
    else:
        holds = seen <= resolution if side is Side.BOTH else wrong <= rounding - margin
        verdict = Verdict.SAMPLED if holds else Verdict.UNDECIDED
    # A one-sided statement is not asked for a resolution: its confidence limit must lie on the right side.
    asked = f", {resolution:.2g} is asked for" if side is Side.BOTH else ""
    spread = (
        f"false-alarm rate {false_alarm:.2g}; a violation of {seen:.2g} would be seen with power {POWER:g}{asked}"
        if se
        else "all trials gave the same value"
    )
    sentence = f"{estimate:.5g} ± {se:.2g} against {side.value} {value:.5g} ({spread})"
    return Finding(verdict=verdict, estimate=estimate, error=se, sentence=sentence)


def _without_spread(wrong: float, rounding: float, resolution: float) -> Verdict:
    if wrong <= rounding:
        return Verdict.SAMPLED
    return Verdict.REFUTED if wrong > resolution else Verdict.UNDECIDED


def _misfit(design: Array, means: Array, variances: Array, frees: Array) -> float:
    """Return the p-value of the lack of fit: weighted residuals over their C - 2 degrees, against F.

    The variances are estimates, whose degrees of freedom, pooled, are those of the denominator.
    """
    weights, excess = 1 / variances, len(means) - 2
    fitted = design @ np.linalg.solve(design.T @ (weights[:, None] * design), design.T @ (weights * means))
    return float(stats.f.sf(np.sum(weights * (means - fitted) ** 2) / excess, excess, frees.sum()))


def _checked(values: Sequence[float]) -> Array:
    sample = np.asarray(values, dtype=np.float64)
    if len(sample) < 2:
        raise ValueError(f"{len(sample)} trials have no standard error; at least two are needed")
    if not np.isfinite(sample).all():
        raise ValueError(f"trial {int(np.argmin(np.isfinite(sample)))} gave {sample[~np.isfinite(sample)][0]}")
    return sample


def _prefixed(what: str, found: Finding) -> Finding:
    return Finding(
        verdict=found.verdict, estimate=found.estimate, error=found.error, sentence=f"{what}: {found.sentence}"
    )
