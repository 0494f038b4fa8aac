"""Mutants of what a claim predicts, held against the trials of the claim itself; with those of `theory.mutants`, all.

A prediction says of settings what will be measured there.  A mutant says what is said of other settings (`slips`: of
the core's, `alpha` and `1 - alpha` swapped, N and d, the kernels, `phi` and `phi'`), or of a resampled query for none;
or it is moved by twice the resolution, or turned round; or a hypothesis is dropped, and it is held against trials where
that is violated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from theory.claim import Claim, Prediction, Test
from theory.evidence import Verdict
from theory.mutants import Mutant, Outcome, judged, symbolic_mutants
from theory.predicted import gamma, zero_gamma
from theory.registry import chosen, claims
from theory.scene import Scene
from theory.setting import Query, Setting

from .admission import admissions
from .experiment import Effort, examine
from .verification import FALSE_ALARM

Report = Callable[[str], None]

MOVED = 2
"""Resolutions by which a mutant of a value is moved: one is seen with the power that is asked for, two as good as
always."""
_TURNED = {Test.AT_LEAST: Test.AT_MOST, Test.AT_MOST: Test.AT_LEAST}


def mutants(
    names: Sequence[str], *, seed: int, effort: Effort, extra: Path | None = None, progress: Report | None = None
) -> list[Mutant]:
    """Judge the mutants of the named claims (all if none is named)."""
    found: list[Mutant] = []
    for name, claim, at in admissions(chosen(names, extra), claims(extra), seed=seed):
        if progress is not None:
            progress(f"{name}: mutants")
        found += [*symbolic_mutants(name, claim), *sampled_mutants(name, claim, seed=at, effort=effort)]
    return found


def sampled_mutants(name: str, claim: Claim, *, seed: int, effort: Effort) -> Iterator[Mutant]:
    """Yield the mutants of every prediction."""
    for number, prediction in enumerate(claim.predictions, start=1):
        for what, mutant in (*_said_of_others(prediction), *_moved(prediction), *_dropped(claim, prediction)):
            yield judged(name, f"prediction {number}: {what}", *_judge(prediction, mutant, seed, effort))


def _judge(prediction: Prediction, mutant: Prediction, seed: int, effort: Effort) -> tuple[Outcome, str]:
    try:
        found = examine(mutant, seed=seed, effort=effort, false_alarm=FALSE_ALARM)
    except ValueError as refused:
        # without parameters enough there is no fit to measure; any other refusal has judged nothing
        singular = any(isinstance(s, Setting) and s.n >= s.parameters for s in mutant.settings)
        return Outcome.KILLED if singular else Outcome.SURVIVED, f"refused: {refused}"
    if found.verdict is Verdict.REFUTED:
        return Outcome.KILLED, found.finding
    if mutant.test in _TURNED and found.verdict.holds:
        return Outcome.EQUIVALENT, f"true as well, for the inequality has room: {found.finding}"
    apart, asked = _apart(prediction, mutant), prediction.resolution * effort.coarseness
    if replace(mutant, value=prediction.value) == prediction and apart < asked:
        return Outcome.EQUIVALENT, f"within the resolution {asked:g} of the claim at every setting: {apart:.2g} away"
    return Outcome.SURVIVED, found.finding


def _apart(prediction: Prediction, mutant: Prediction) -> float:
    return max(abs(float(mutant.value(s)) - float(prediction.value(s))) for s in prediction.settings)


def _said_of_others(prediction: Prediction) -> Iterator[tuple[str, Prediction]]:
    """Yield the prediction with the values of other settings, where such settings have a value."""
    if prediction.test is Test.IDENTITY:
        return
    first = prediction.settings[0]
    mistaken = {setting: dict(setting.slips()) for setting in prediction.settings}
    for what in mistaken[first]:
        if all(what in others for others in mistaken.values()):
            taken = {setting: others[what] for setting, others in mistaken.items()}
            yield from _if_it_has_values(what, prediction, partial(_of_another, prediction, taken))
    if prediction.observable == "alignment" and isinstance(first, Setting):
        zero = first.query is Query.ZERO
        what = "a resampled query in place of none" if zero else "no core feature in place of a resampled one"
        yield from _if_it_has_values(what, prediction, gamma if zero else zero_gamma)


def _of_another(prediction: Prediction, taken: Mapping[Scene, Scene], setting: Scene) -> float:
    return float(prediction.value(taken[setting]))


def _if_it_has_values(
    what: str, prediction: Prediction, value: Callable[[Any], float]
) -> Iterator[tuple[str, Prediction]]:
    """Yield the prediction with other values; of a limit, that of its largest setting."""
    try:
        known: dict[Scene, float] = {setting: float(value(setting)) for setting in prediction.settings}
    except (ValueError, TypeError, ZeroDivisionError):  # nothing is said of such a setting, so there is no mutant
        return
    if prediction.test is Test.LIMIT:
        known = dict.fromkeys(known, known[max(known, key=prediction.size)])
    if any(said != float(prediction.value(setting)) for setting, said in known.items()):
        yield what, replace(prediction, value=known.__getitem__)


def _moved(prediction: Prediction) -> Iterator[tuple[str, Prediction]]:
    """Yield an equality moved up and down, an inequality turned round, and an identity of a wrong observable."""
    value, by = prediction.value, MOVED * prediction.resolution
    if prediction.test in _TURNED:
        yield "turned round", replace(prediction, test=_TURNED[prediction.test])
    elif prediction.test is not Test.IDENTITY:
        yield f"raised by {by:g}", replace(prediction, value=lambda s: value(s) + by)
        yield f"lowered by {by:g}", replace(prediction, value=lambda s: value(s) - by)
    elif prediction.observable == "lemma error":
        yield "the projector onto the span", replace(prediction, observable="lemma error as printed")


def _dropped(claim: Claim, prediction: Prediction) -> Iterator[tuple[str, Prediction]]:
    """Yield the prediction of settings that violate one hypothesis, for those whose violation matters."""
    for hypothesis in claim.hypotheses:
        if hypothesis.violated_by is None:
            continue
        try:
            changed = hypothesis.violated_by(prediction)
        except ValueError:  # nothing is said of such settings, so there is no mutant
            continue
        if changed is not None:
            yield f"without {hypothesis.text}", changed
