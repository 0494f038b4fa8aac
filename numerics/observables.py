"""What can be measured, by name.  The unit is a trial: fresh data, fresh weights, one number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from theory.setting import Setting
from theory.sizes import low

from . import refit
from .data import Draw, draw
from .elementwise import Array
from .kernels import closed_dual, kernels
from .leave_one_out import alignments_at, leave_one_out
from .memory import require_memory
from .randomness import Purpose, Streams
from .threads import threads

TESTS = 500
"""Fresh test points of a trial: an accuracy near 1/2 is then known to .022, less than trials of N <= 500 differ by."""
REFITS = 5
"""Samples that the lemma is tried on, each at the cost of an explicit fit."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Trial:
    """One trial, reduced to vectors; `setting`, `seed` and `trial` are enough to draw it again."""

    setting: Setting
    seed: int
    trial: int
    labels: Array
    alignments: Array
    """`F(z_i^s, z_i)`."""
    stabilities: Array
    """`S_i(z_i)`."""
    on_queries: Array
    """`f(z_i^s, theta*)`."""
    on_tests: Array
    test_labels: Array
    test_error_without: float
    """Test error of the model trained without one sample, averaged over the sample left out."""
    training_residual: float
    smallest_eigenvalue: float
    condition: float


@dataclass(frozen=True, kw_only=True)
class Observable:
    """A number for each trial, and what it means; `on_demand` if it is costly, or not defined at every setting."""

    name: str
    meaning: str
    function: Callable[[Trial], float]
    on_demand: bool = False


def run_trial(setting: Setting, *, seed: int, trial: int) -> Trial:
    """Run one trial: data, kernels, all leave-one-out problems.

    Raises ValueError where the data do not fit the setting or the kernel has no trustworthy inverse.
    """
    require_memory(setting.n)
    with threads(setting.n):
        return _run(setting, seed, trial)


def _run(setting: Setting, seed: int, trial: int) -> Trial:
    streams, drawn, queries = _draw(setting, seed, trial)
    matrices = kernels(
        setting,
        drawn.train.z,
        (queries, drawn.test.z),
        rng=streams.of(Purpose.WEIGHTS),
        dual=closed_dual(setting) if setting.width is None else None,
    )
    at_queries, at_tests = matrices.cross
    solved = leave_one_out(
        matrices.gram,
        queries=at_queries,
        tests=at_tests,
        labels=drawn.train.g,
        parameters=setting.parameters,
    )
    return Trial(
        setting=setting,
        seed=seed,
        trial=trial,
        labels=drawn.train.g,
        alignments=solved.alignments,
        stabilities=solved.stabilities,
        on_queries=solved.on_queries,
        on_tests=solved.on_tests,
        test_labels=drawn.test.g,
        test_error_without=float(np.mean((drawn.test.g - solved.tests_without) ** 2)),
        training_residual=solved.training_residual,
        smallest_eigenvalue=solved.spectrum.smallest,
        condition=solved.spectrum.condition,
    )


def _draw(setting: Setting, seed: int, trial: int) -> tuple[Streams, Draw, Array]:
    """Return the streams, the data and the spurious queries of a trial.

    The cell leaves out activation, depth and query, so that these are compared on the same draws, and keeps all that
    makes a size, so that the cells of one extrapolation are independent.
    """
    cell = f"{setting.data} {setting.kernel} d={setting.d} d_y={setting.d_y} N={setting.n} k={setting.width}"
    streams = Streams(seed=seed, cell=cell, trial=trial)
    drawn = draw(setting, streams=streams, tests=TESTS)
    return streams, drawn, drawn.queries(setting.query)


def _test_error(trial: Trial) -> float:
    return float(np.mean((trial.on_tests - trial.test_labels) ** 2))


def _stability_surplus(trial: Trial) -> float:
    return float(np.mean(trial.stabilities**2)) - trial.test_error_without


def _slack(trial: Trial, *, power: int) -> float:
    """Return the sample covariance of `f(z_i^s)` and `g_i` less `gamma^power sqrt(R Var g)`; NaN for one sample."""
    if len(trial.labels) < 2:
        return float("nan")
    return _excess(trial, float(np.mean(trial.alignments)) ** power)


def _excess(trial: Trial, gamma: float) -> float:
    covariance = np.cov(trial.on_queries, trial.labels)
    return float(covariance[0, 1] - gamma * np.sqrt(np.mean(trial.stabilities**2) * covariance[1, 1]))


def _lemma_error(trial: Trial, *, printed: bool) -> float:
    """Return `max |S_i(z) - F(z, z_i) S_i(z_i)|` over a few i and all queries, relative to the largest `|S_i|`."""
    with threads(trial.setting.n):
        return _lemma_errors(trial, printed=printed)


def _lemma_errors(trial: Trial, *, printed: bool) -> float:
    setting = trial.setting
    streams, drawn, points = _draw(setting, trial.seed, trial.trial)
    z, labels = drawn.train.z, drawn.train.g
    phi, at = np.split(refit.features(setting, np.vstack([z, points]), rng=streams.of(Purpose.WEIGHTS)), [len(z)])
    # theta_0 of the size that makes f(z, theta_0) of order one: the lemma must hold from any start.
    p = phi.shape[1]
    start = streams.of(Purpose.START).standard_normal(p) / np.sqrt(p)
    matrices = kernels(setting, z, (points,), rng=streams.of(Purpose.WEIGHTS))
    aligned = alignments_at(matrices.gram, matrices.cross[0], parameters=setting.parameters)
    errors = []
    for i in range(min(REFITS, len(z))):
        surface = refit.stability(phi, labels, start, without=i, at=np.vstack([at, phi[i]]))
        factor = refit.alignment_as_printed(phi, of=i, at=at) if printed else aligned[i]
        errors.append(np.abs(surface[:-1] - factor * surface[-1]).max() / np.abs(surface).max())
    return float(max(errors))


def _agreement(outputs: Array, labels: Array) -> float:
    return float(np.mean(np.sign(outputs) == np.sign(labels)))


OBSERVABLES: dict[str, Observable] = {
    observable.name: observable
    for observable in (
        Observable(
            name="alignment",
            meaning="mean over i of F(z_i^s, z_i)",
            function=lambda trial: float(np.mean(trial.alignments)),
        ),
        Observable(
            name="alignment spread",
            meaning="standard deviation over i of F(z_i^s, z_i)",
            function=lambda trial: float(np.std(trial.alignments)),
        ),
        Observable(
            name="lemma error",
            meaning="largest |S_i(z) - F(z, z_i) S_i(z_i)| relative to |S_i|, S by explicit refits from theta_0 != 0",
            function=partial(_lemma_error, printed=False),
            on_demand=True,
        ),
        Observable(
            name="lemma error as printed",
            meaning="the same with the projector onto the span of the other samples",
            function=partial(_lemma_error, printed=True),
            on_demand=True,
        ),
        Observable(
            name="stability surplus",
            meaning="mean of S_i(z_i)^2 less the test error of the models trained without one sample",
            function=_stability_surplus,
        ),
        Observable(
            name="squared stability",
            meaning="mean of S_i(z_i)^2",
            function=lambda trial: float(np.mean(trial.stabilities**2)),
        ),
        Observable(name="test error", meaning="mean squared error on fresh samples", function=_test_error),
        Observable(
            name="memorisation slack",
            meaning="sample covariance of f(z_i^s) and g_i less mean F sqrt(R Var g), R the mean of S_i(z_i)^2",
            function=partial(_slack, power=1),
        ),
        Observable(
            name="memorisation slack squared gamma",
            meaning="the same with (mean F)^2 in place of mean F",
            function=partial(_slack, power=2),
        ),
        Observable(
            name="memorisation slack at the limit",
            meaning="the same with the end N/d -> infinity of gamma in place of mean F",
            function=lambda trial: _excess(trial, low(trial.setting)),
            on_demand=True,
        ),
        Observable(
            name="test accuracy",
            meaning="share of fresh samples whose sign is right",
            function=lambda trial: _agreement(trial.on_tests, trial.test_labels),
        ),
        Observable(
            name="spurious accuracy",
            meaning="share of i with sign f(z_i^s) = g_i",
            function=lambda trial: _agreement(trial.on_queries, trial.labels),
        ),
        Observable(
            name="condition",
            meaning="largest over smallest eigenvalue of the kernel matrix",
            function=lambda trial: trial.condition,
        ),
    )
}
