"""Mutants of what a claim predicts, held against the trials of the claim itself; with those of `theory.mutants`, all.

A prediction says of settings what will be measured there.  A mutant says what is said of other settings: `alpha` and
`1 - alpha` swapped, N and d, one kernel and the other, `phi` and `phi'`, a resampled query and none; or it is moved by
twice the resolution, or turned round; or a hypothesis is dropped, and it is held against trials where that is violated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from theory.activations import Activation
from theory.claim import Claim, Prediction, Test
from theory.evidence import Verdict
from theory.mutants import Mutant, Outcome, judged, symbolic_mutants
from theory.predicted import gamma, zero_gamma
from theory.registry import claims, find_claim
from theory.setting import Kernel, Query, Setting

from .admission import admitted, seed_of
from .experiment import Effort, examine
from .verification import FALSE_ALARM

Report = Callable[[str], None]

MOVED = 2
"""Resolutions by which a mutant of a value is moved: one is seen with the power that is asked for, two as good as
always."""
_OTHER = {
    Kernel.RF: Kernel.NTK,
    Kernel.NTK: Kernel.RF,
    Kernel.NNGP_DEEP: Kernel.NTK_DEEP,
    Kernel.NTK_DEEP: Kernel.NNGP_DEEP,
}
_TURNED = {Test.AT_LEAST: Test.AT_MOST, Test.AT_MOST: Test.AT_LEAST}


def mutants(
    names: Sequence[str], *, seed: int, effort: Effort, extra: Path | None = None, progress: Report | None = None
) -> list[Mutant]:
    """Judge the mutants of the named claims (all if none is named)."""
    for name in names:
        find_claim(name, extra)
    known, ours = claims(extra), claims()
    found: list[Mutant] = []
    for name, claim in [(name, admitted(name, known)) for name in known if not names or name in names]:
        if progress is not None:
            progress(f"{name}: mutants")
        at = seed if name in ours else seed_of(claim, seed)
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
        return Outcome.KILLED, f"refused: {refused}"
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
    value = prediction.value
    for what, change in (
        ("alpha and 1 - alpha swapped", _shares_swapped),
        ("N and d swapped", _sizes_swapped),
        ("the other kernel", lambda s: replace(s, kernel=_OTHER[s.kernel])),
        ("phi' in place of phi", lambda s: replace(s, activation=_slope(s.activation))),
    ):
        yield from _if_it_has_values(what, prediction, partial(_of_another, value, change))
    if prediction.observable == "alignment":
        zero = prediction.settings[0].query is Query.ZERO
        what = "a resampled query in place of none" if zero else "no core feature in place of a resampled one"
        yield from _if_it_has_values(what, prediction, gamma if zero else zero_gamma)


def _of_another(value: Callable[[Setting], float], change: Callable[[Setting], Setting], setting: Setting) -> float:
    return float(value(change(setting)))


def _if_it_has_values(
    what: str, prediction: Prediction, value: Callable[[Setting], float]
) -> Iterator[tuple[str, Prediction]]:
    """Yield the prediction with other values; of a limit, that of its largest setting."""
    try:
        known = {setting: float(value(setting)) for setting in prediction.settings}
    except (ValueError, TypeError, ZeroDivisionError):  # nothing is said of such a setting, so there is no mutant
        return
    if prediction.test is Test.LIMIT:
        known = dict.fromkeys(known, known[max(known, key=prediction.size)])
    if any(said != float(prediction.value(setting)) for setting, said in known.items()):
        yield what, replace(prediction, value=known.__getitem__)


def _shares_swapped(setting: Setting) -> Setting:
    return replace(setting, d_y=setting.d - setting.d_y)


def _sizes_swapped(setting: Setting) -> Setting:
    return replace(setting, d=setting.n, n=setting.d, d_y=round(setting.alpha * setting.n))


def _slope(activation: Activation) -> Activation:
    if activation.jumps:
        raise ValueError(f"{activation.name} jumps, so it has no derivative to be taken for it")
    return activation.derivative


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
