"""What can be measured of a network and its background, by name, and what draws its trials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from theory.contamination_scene import ContaminationScene
from theory.scene import Scene

from .contamination import ContaminationTrial, contamination_trial
from .observable import Observable


def _ratio(trial: ContaminationTrial) -> float:
    return float(trial.background.mean() / (trial.signs @ trial.core).mean() * len(trial.signs))


def _learned(trial: ContaminationTrial) -> float:
    return float((trial.signs @ trial.background).mean() / len(trial.signs))


def _net_ratio(trial: ContaminationTrial) -> float:
    lengths = (np.linalg.norm(trial.signs @ part) for part in (trial.background, trial.core))
    background, core = map(float, lengths)
    return background / core


_MEASURED: tuple[tuple[str, str, Callable[[ContaminationTrial], float], float, float], ...] = (
    (
        "contamination ratio",
        "mean background weight over mean core weight of the hidden neurons, the core's counted by its output sign",
        _ratio,
        -100.0,
        100.0,
    ),
    (
        "contamination ratio of rising neurons",
        "the same of neurons with a positive output weight",
        lambda trial: trial.ratio(1),
        -100.0,
        100.0,
    ),
    (
        "contamination ratio of falling neurons",
        "the same of neurons with a negative output weight",
        lambda trial: trial.ratio(-1),
        -100.0,
        100.0,
    ),
    (
        "background learned",
        "mean background weight of the hidden neurons, counted by their output sign",
        _learned,
        -100.0,
        100.0,
    ),
    (
        "net background ratio",
        "length of the background weights summed over neurons by their output weights, over that of the core's",
        _net_ratio,
        0.0,
        100.0,
    ),
    (
        "background growth",
        "mean length of a neuron's background weights, over that at the start",
        lambda trial: trial.correlation / trial.first_correlation,
        0.0,
        1e7,  # a start may be as small as 1e-6
    ),
    ("hinge loss inside", "mean hinge loss on fresh inputs", lambda trial: trial.inside, 0.0, 100.0),
    (
        "hinge loss outside",
        "mean hinge loss on the same inputs, their background turned negative",
        lambda trial: trial.outside,
        0.0,
        100.0,
    ),
    (
        "loss of the background",
        "hinge loss outside less that inside",
        lambda trial: trial.outside - trial.inside,
        -100.0,
        100.0,
    ),
    (
        "accuracy outside",
        "share of fresh inputs, their background turned negative, whose sign is right",
        lambda trial: trial.right_outside,
        0.0,
        1.0,
    ),
)

OBSERVABLES: tuple[Observable, ...] = tuple(
    Observable(name=name, meaning=meaning, function=function, of=ContaminationScene, least=least, most=most)
    for name, meaning, function, least, most in _MEASURED
)
DRAWS: Mapping[type[Scene], Callable[[Any, int, int], Any]] = {ContaminationScene: contamination_trial}
