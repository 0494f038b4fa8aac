"""A prediction, its settings and trials -> evidence.

The false-alarm rate of a prediction is split over its settings (Bonferroni), which needs no independence between them,
and the verdict is the weakest over the settings.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import Any

from theory.claim import Prediction, Test
from theory.evidence import Curve, Evidence, Picture, weakest
from theory.scene import Scene
from theory.setting import Setting
from theory.stating import require_silence

from . import contamination_observables, rare_observables, shortcut_observables
from .confidence import POWER, Finding, Side, identity_test, limit_test, mean_test
from .observables import OBSERVABLES
from .trials import RESIDUAL, Trial, run_trial

Observe = Callable[[Scene, str, int, int], float]
"""`(setting, observable, seed, trial) -> value`."""
Progress = Callable[[int, int], None]
"""`(trials done, trials in all)`."""

FEWEST = 6
"""Trials that even a quick run makes, unless the prediction itself asks for fewer."""

SIDES = {Test.EQUAL: Side.BOTH, Test.AT_LEAST: Side.BELOW, Test.AT_MOST: Side.ABOVE}


class Effort(StrEnum):
    """How long to measure: a quarter of the trials at twice the resolution, as asked, or four times as many at half."""

    QUICK = "quick"
    NORMAL = "normal"
    FULL = "full"

    def trials(self, wanted: int) -> int:
        """Return the number of trials where the prediction asks for `wanted`."""
        if self is Effort.QUICK:
            return max(min(wanted, FEWEST), wanted // 4)
        return 4 * wanted if self is Effort.FULL else wanted

    @property
    def coarseness(self) -> float:
        """The factor on the resolution; the standard error changes by the same."""
        return {Effort.QUICK: 2.0, Effort.NORMAL: 1.0, Effort.FULL: 0.5}[self]


def observe(setting: Scene, name: str, seed: int, trial: int) -> float:
    """Return the observable `name` on one trial; every trial is run once in a process, whoever asks for it.

    Raises ValueError for an unknown observable, for a trial whose fit does not interpolate, and where a claim that
    states a value asks.
    """
    require_silence("measure")
    if name not in OBSERVABLES:
        raise ValueError(f"no observable is called {name!r}; there are {', '.join(OBSERVABLES)}")
    if OBSERVABLES[name].on_demand:
        return _on_demand(setting, name, seed, trial)
    return _cheap(setting, seed, trial)[name]


@cache
def _cheap(setting: Scene, seed: int, trial: int) -> dict[str, float]:
    """Return every observable that always exists and costs little: floats, where the trial would be vectors."""
    ran = _draw(setting, seed, trial)
    there = {name: observable for name, observable in OBSERVABLES.items() if observable.of is type(setting)}
    return {name: observable.function(ran) for name, observable in there.items() if not observable.on_demand}


@cache
def _on_demand(setting: Scene, name: str, seed: int, trial: int) -> float:
    return OBSERVABLES[name].function(_draw(setting, seed, trial))


def _draw(setting: Scene, seed: int, trial: int) -> Any:
    """Return a trial of the kind that is drawn from such a scene."""
    return DRAWS[type(setting)](setting, seed, trial)


def _interpolating(setting: Setting, seed: int, trial: int) -> Trial:
    """Return the trial, or raise ValueError where its fit misses its labels: of such a fit nothing is verified."""
    ran = run_trial(setting, seed=seed, trial=trial)
    if not ran.training_residual <= RESIDUAL:
        raise ValueError(
            f"{setting}, trial {trial}: the fit misses its labels by {ran.training_residual:.1e}, over {RESIDUAL:.0e} "
            f"(condition {ran.condition:.1e}); nothing is verified by it"
        )
    return ran


DRAWS: dict[type[Scene], Callable[[Any, int, int], Any]] = {
    Setting: _interpolating,
    **rare_observables.DRAWS,
    **shortcut_observables.DRAWS,
    **contamination_observables.DRAWS,
}
"""What draws a trial of each kind of scene, at a seed and a number."""


def examine(
    prediction: Prediction,
    *,
    seed: int,
    effort: Effort,
    false_alarm: float,
    observe: Observe = observe,
    progress: Progress | None = None,
) -> Evidence:
    """Measure a prediction at each of its settings and judge it, at the false-alarm rate `false_alarm` in all.

    Raises ValueError where a setting cannot be measured: data that do not fit, or a singular kernel.
    """
    trials = effort.trials(prediction.trials)
    total = trials * len(prediction.settings)
    cells: list[list[float]] = []
    for setting in prediction.settings:
        cell: list[float] = []
        for trial in range(trials):
            cell.append(observe(setting, prediction.observable, seed, trial))
            if progress is not None:
                progress(len(cells) * trials + trial + 1, total)
        cells.append(cell)
    findings = _judge(prediction, cells, false_alarm, effort)
    return Evidence(
        about=prediction.about,
        method=_method(prediction, trials, effort, false_alarm),
        finding=_finding(prediction, findings),
        details=_details(prediction, findings),
        verdict=weakest(finding.verdict for finding in findings),
        points=total,
        seed=f"seed {seed}, trials 0 to {trials - 1} of each setting",
        picture=_picture(prediction, cells),
    )


def _judge(prediction: Prediction, cells: list[list[float]], false_alarm: float, effort: Effort) -> tuple[Finding, ...]:
    settings, resolution = prediction.settings, prediction.resolution * effort.coarseness
    values = [float(prediction.value(setting)) for setting in settings]
    if prediction.test is Test.LIMIT:
        if len(set(values)) > 1:
            raise ValueError(f"{prediction.about}: a limit is one value, not {min(values):g} to {max(values):g}")
        sizes = [prediction.size(setting) for setting in settings]
        return (
            limit_test(
                cells,
                sizes=sizes,
                rate=prediction.rate,
                value=values[0],
                false_alarm=false_alarm,
                resolution=resolution,
            ),
        )
    if prediction.test is Test.IDENTITY:
        return tuple(identity_test(cell, value=value) for cell, value in zip(cells, values, strict=True))
    return tuple(
        mean_test(
            cell,
            value=value,
            side=SIDES[prediction.test],
            false_alarm=false_alarm / len(settings),
            resolution=resolution,
        )
        for cell, value in zip(cells, values, strict=True)
    )


def _details(prediction: Prediction, findings: tuple[Finding, ...]) -> tuple[str, ...]:
    if len(findings) == 1:
        return ()
    return tuple(f"{s}: {f.sentence}" for s, f in zip(prediction.settings, findings, strict=True))


def _finding(prediction: Prediction, findings: tuple[Finding, ...]) -> str:
    """Return the sentence of the weakest finding, with its setting where there are several."""
    largest = prediction.test is Test.IDENTITY  # of errors with one verdict, the largest is the weakest
    place = min(range(len(findings)), key=lambda i: (findings[i].verdict, -findings[i].estimate if largest else 0))
    if len(findings) == 1:
        return findings[0].sentence
    return f"weakest of {len(findings)} settings: {prediction.settings[place]}: {findings[place].sentence}"


def _method(prediction: Prediction, trials: int, effort: Effort, false_alarm: float) -> str:
    measured = f"{prediction.observable} on {trials} independent trials at each of {len(prediction.settings)} settings"
    if prediction.test is Test.IDENTITY:
        return f"{measured}; every instance must stay below the bound"
    rule = {
        Test.LIMIT: "least squares of the means on 1 and size^-rate, t test of the intercept",
        Test.EQUAL: "two-sided t test at each setting",
    }.get(prediction.test, "one-sided t test at each setting")
    power = f", power {POWER:g} at a deviation of {prediction.resolution * effort.coarseness:.2g}"
    return (
        f"{measured}; {rule}, false-alarm rate {false_alarm:.2g} in all"
        f"{'' if prediction.test in {Test.AT_LEAST, Test.AT_MOST} else power} ({effort} effort: "
        f"{trials} trials where {prediction.trials} are asked for, resolution times {effort.coarseness:g})"
    )


def _picture(prediction: Prediction, cells: list[list[float]]) -> Picture:
    label, log_x, places = _axis(prediction)
    order = sorted(range(len(places)), key=places.__getitem__)
    x = tuple(places[i] for i in order)

    def curve(name: str, role: str, value: Callable[[Any], float]) -> Curve:
        return Curve(label=name, role=role, x=x, y=tuple(float(value(prediction.settings[i])) for i in order))

    points = [_summary(cells[i]) for i in order]
    sampled = Curve(
        label="sampled", x=x, y=tuple(mean for mean, _ in points), error=tuple(error for _, error in points)
    )
    return Picture(
        title=prediction.about,
        x_label=label,
        y_label=prediction.observable,
        curves=(
            sampled,
            curve(prediction.label, prediction.role, prediction.value),
            *(curve(name, role, value) for name, role, value in prediction.beside),
        ),
        log_x=log_x,
        log_y=prediction.test is Test.IDENTITY and all(mean > 0 for mean, _ in points),  # errors span decades
    )


def _summary(cell: list[float]) -> tuple[float, float]:
    """Return the mean of a cell and its standard error, 0 for a single trial."""
    mean = sum(cell) / len(cell)
    if len(cell) < 2:
        return mean, 0.0
    return mean, float((sum((v - mean) ** 2 for v in cell) / (len(cell) - 1) / len(cell)) ** 0.5)


def _axis(prediction: Prediction) -> tuple[str, bool, list[float]]:
    """Return the first quantity that tells all settings apart, as label, whether logarithmic, and values."""
    settings = prediction.settings
    axes = [setting.axes() for setting in settings]
    candidates = [(label, label in settings[0].LOGARITHMIC, [axis[label] for axis in axes]) for label in axes[0]]
    if prediction.test is Test.LIMIT:
        candidates.insert(0, (prediction.size_label, True, [float(prediction.size(s)) for s in settings]))
    for label, logarithmic, values in candidates:
        if len(set(values)) == len(settings):
            return label, logarithmic and min(values) > 0 and len(settings) > 1, values
    return "setting", False, [float(i + 1) for i in range(len(settings))]
