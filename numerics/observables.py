"""What can be measured, by name.  The unit is a trial: fresh data, fresh weights, one number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from theory.scene import Scene
from theory.setting import Setting
from theory.sizes import low

from . import descent, refit
from .elementwise import Array
from .kernels import kernels
from .leave_one_out import alignments_at
from .randomness import Purpose, Streams
from .threads import threads
from .trials import Trial, draw_trial

REFITS = 5
"""Samples that the lemma is tried on, each at the cost of an explicit fit."""


@dataclass(frozen=True, kw_only=True)
class Observable:
    """A number for each trial, and what it means; `on_demand` if it is costly, or not defined at every setting."""

    name: str
    meaning: str
    function: Callable[[Any], float]
    """Of a trial of its kind."""
    of: type[Scene] = Setting
    """The kind of scene it is measured on."""
    on_demand: bool = False
    least: float = -100.0
    """Below it no mean lies that anybody has measured: a bound from below must be above it to say something."""
    most: float = 100.0
    """The same for a bound from above.  Labels have variance one, so a hundred is a model far worse than none."""
    scale: float = 1.0
    """How far it is from nothing learned to everything memorised; a deviation of a quarter of it is never a detail."""
    tolerance: float | None = None
    """Of an error: what rounding stays below, and an instance that is spoilt by one slip does not.  None: no error."""


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
    streams, drawn, points = draw_trial(setting, trial.seed, trial.trial)
    z, labels = drawn.train.z, drawn.train.g
    phi, at = np.split(refit.features(setting, np.vstack([z, points]), seeds=streams.seeds(Purpose.WEIGHTS)), [len(z)])
    start = _start(streams, phi.shape[1])
    matrices = kernels(setting, z, (points,), seeds=[streams.seeds(Purpose.WEIGHTS)])
    aligned = alignments_at(matrices.gram, matrices.cross[0], parameters=setting.parameters)
    errors = []
    for i in range(min(REFITS, len(z))):
        surface = refit.stability(phi, labels, start, without=i, at=np.vstack([at, phi[i]]))
        factor = refit.alignment_as_printed(phi, of=i, at=at) if printed else aligned[i]
        errors.append(np.abs(surface[:-1] - factor * surface[-1]).max() / np.abs(surface).max())
    return float(max(errors))


def _start(streams: Streams, p: int) -> Array:
    """Return `theta_0` of the size that makes `f(z, theta_0)` of order one: what is said of a fit holds from any."""
    return np.asarray(streams.of(Purpose.START).standard_normal(p) / np.sqrt(p))


def _of_descent(trial: Trial, *, measure: descent.Measure) -> float:
    """Return `measure(Phi, G, theta_0)` on the explicit features of a trial."""
    streams, drawn, _ = draw_trial(trial.setting, trial.seed, trial.trial)
    phi = refit.features(trial.setting, drawn.train.z, seeds=streams.seeds(Purpose.WEIGHTS))
    with threads(trial.setting.n):
        return measure(phi, drawn.train.g, _start(streams, phi.shape[1]))


def _agreement(outputs: Array, labels: Array) -> float:
    return float(np.mean(np.sign(outputs) == np.sign(labels)))


OBSERVABLES: dict[str, Observable] = {
    observable.name: observable
    for observable in (
        Observable(
            name="alignment",
            meaning="mean over i of F(z_i^s, z_i)",
            function=lambda trial: float(np.mean(trial.alignments)),
            least=-1.0,  # |F| <= |Q u| / |Q v| by Cauchy and Schwarz, and a resampled query is as long as the sample
            most=1.0,
        ),
        Observable(
            name="alignment spread",
            meaning="standard deviation over i of F(z_i^s, z_i)",
            function=lambda trial: float(np.std(trial.alignments)),
            least=0.0,
            most=1.0,
            scale=0.25,
        ),
        Observable(
            name="lemma error",
            meaning="largest |S_i(z) - F(z, z_i) S_i(z_i)| relative to |S_i|, S by explicit refits from theta_0 != 0",
            function=partial(_lemma_error, printed=False),
            on_demand=True,
            tolerance=1e-6,
        ),
        Observable(
            name="lemma error as printed",
            meaning="the same with the projector onto the span of the other samples",
            function=partial(_lemma_error, printed=True),
            on_demand=True,
            tolerance=1e-6,
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
            least=0.0,
        ),
        Observable(name="test error", meaning="mean squared error on fresh samples", function=_test_error, least=0.0),
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
            least=0.0,
            most=1.0,
            scale=0.5,
        ),
        Observable(
            name="spurious accuracy",
            meaning="share of i with sign f(z_i^s) = g_i",
            function=lambda trial: _agreement(trial.on_queries, trial.labels),
            least=0.0,
            most=1.0,
            scale=0.5,
        ),
        Observable(
            name="condition",
            meaning="largest over smallest eigenvalue of the kernel matrix",
            function=lambda trial: trial.condition,
            least=1.0,
            most=1e16,
        ),
        *(
            Observable(
                name=name,
                meaning=meaning,
                function=partial(_of_descent, measure=measure),
                on_demand=True,
                tolerance=0.005 if "rate" in name else 1e-5,  # a rate with 98/97 of its eigenvalue is off by 1/97
            )
            for name, (meaning, measure) in descent.MEASURES.items()
        ),
    )
}
