"""What can be measured, by name.  The unit is a trial: fresh data, fresh weights, one number."""

from __future__ import annotations

from functools import partial

import numpy as np

from theory.predicted import unlearned_share
from theory.sizes import low

from . import contamination_observables, descent, rare_observables, refit, shortcut_observables
from .elementwise import Array
from .kernels import kernels
from .leave_one_out import alignments_at
from .observable import Observable
from .randomness import Purpose, Streams
from .threads import threads
from .trials import Trial, draw_trial

REFITS = 5
"""Samples that the lemma is tried on, each at the cost of an explicit fit."""


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


def unlearned_energy(trial: Trial) -> float:
    """Return the mean of `1 / ([K^-1]_ii K_ii)`, what is left of a sample's features outside the others' span."""
    setting = trial.setting
    streams, drawn, at = draw_trial(setting, trial.seed, trial.trial)
    with threads(setting.n):
        gram = kernels(setting, drawn.train.z, (at[:1],), seeds=[streams.seeds(Purpose.WEIGHTS)]).gram
        return float(np.mean(1 / (np.diag(np.linalg.inv(gram)) * np.diag(gram))))


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
            name="unlearned energy over N kappa",
            meaning="mean over i of |Q phi(z_i)|^2 / |phi(z_i)|^2, over the law's N kappa / kappa(1)",
            function=lambda trial: unlearned_energy(trial) / unlearned_share(trial.setting),
            on_demand=True,
            least=0.0,
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
        *rare_observables.OBSERVABLES,
        *shortcut_observables.OBSERVABLES,
        *contamination_observables.OBSERVABLES,
    )
}
