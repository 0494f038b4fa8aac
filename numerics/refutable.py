"""Whether a prediction is one that its own test could refuse; nothing is measured to find out.

What a quantity can be, and how small an error has to be, is the observable's to say, and not the claims file's.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

import numpy as np

from theory.claim import Claim, Prediction, Test, Twin
from theory.scene import Scene

from .experiment import FEWEST
from .observable import Observable
from .observables import OBSERVABLES

ROUNDING = 64 * float(np.finfo(float).eps)
"""No error of a computation in double precision is asked to be smaller; see `numerics.confidence`."""
SIZES = 3
"""Through two means every curve of the fit passes, so a third is what could show that the rate is wrong."""
SPREAD = 1.5
"""From the smallest size to the largest: nearer sizes reach no limit, they only magnify noise."""
BOUNDS = (Test.AT_LEAST, Test.AT_MOST)
Said = tuple[str, Test, Scene, float]
"""One value of a prediction: of which observable, in which sense, where."""


def require_refutable(name: str, claim: Claim) -> None:
    """Raise ValueError for a claim with a prediction, its own or of a twin, that could not fail, or that had to."""
    stated: frozenset[Said] = frozenset()
    for prediction in claim.predictions:
        where = f"{name}: {prediction.about}"
        _require_measurable(where, prediction)
        _require_resolved(where, prediction)
        if _said(prediction) <= stated:
            raise ValueError(f"{where}: another prediction says the same; it is evidence once")
        stated |= _said(prediction)
    if claim.predictions and all(_at_its_end(prediction) for prediction in claim.predictions):
        raise ValueError(f"{name}: every prediction is a bound that nothing measured could break; state a nearer one")
    for twin in claim.twins:
        for prediction in twin.predictions:
            _require_measurable(f"{name}: twin {twin.slip!r}: {prediction.about}", prediction)
        _require_slip(f"{name}: twin {twin.slip!r}", twin, claim)


def _require_measurable(where: str, prediction: Prediction) -> None:
    if prediction.observable not in OBSERVABLES:
        near = ", ".join(difflib.get_close_matches(prediction.observable, OBSERVABLES)) or "see numerics/observables.py"
        raise ValueError(f"{where}: no observable is called {prediction.observable!r} ({near})")
    observable = OBSERVABLES[prediction.observable]
    _require_settings(where, prediction, observable)
    if prediction.test is Test.IDENTITY:
        _require_identity(where, prediction, observable)
        return
    if observable.tolerance is not None:
        raise ValueError(f"{where}: {observable.name} is an error, to be tested as an identity")
    if prediction.trials < FEWEST:
        raise ValueError(f"{where}: {prediction.trials} trials are no sample; at least {FEWEST} show a spread")
    for value in _values(prediction):
        # Beyond the ends nothing lies, so a bound there holds, and a twin there falls, whatever is measured.
        if value > observable.most:
            raise ValueError(f"{where}: predicts {value:g}, and no {observable.name} is over {observable.most:g}")
        if value < observable.least:
            raise ValueError(f"{where}: predicts {value:g}, and no {observable.name} is under {observable.least:g}")
    if prediction.test is Test.LIMIT:
        _require_sizes(where, prediction)


def _values(prediction: Prediction) -> Iterator[float]:
    return (prediction.value(setting) for setting in prediction.settings)


def _require_settings(where: str, prediction: Prediction, observable: Observable) -> None:
    """Refuse a setting of another kind, and one that is there twice under two names: the draws would be the same."""
    seen: set[Scene] = set()
    for setting in prediction.settings:
        if type(setting) is not observable.of:
            raise ValueError(f"{where}: {observable.name} is not measured on a {type(setting).__name__}, {setting}")
        if (bare := setting.bare()) in seen:
            raise ValueError(f"{where}: {setting} is there more than once; the same trials are evidence once")
        seen.add(bare)


def _require_identity(where: str, prediction: Prediction, observable: Observable) -> None:
    if observable.tolerance is None:
        raise ValueError(f"{where}: {observable.name} is no error that must vanish; predict its value, or a bound")
    if prediction.trials < 1:
        raise ValueError(f"{where}: {prediction.trials} trials try nothing; one is enough for an identity")
    for value in _values(prediction):
        if value > observable.tolerance:
            raise ValueError(
                f"{where}: an error below {value:g} is no identity; a slip can be as small, so at most "
                f"{observable.tolerance:g} of {observable.name} is allowed"
            )
        if value < ROUNDING:
            raise ValueError(f"{where}: an error below {value:g} is less than rounding leaves, {ROUNDING:.1e}")


def _require_sizes(where: str, prediction: Prediction) -> None:
    sizes = sorted({prediction.size(setting) for setting in prediction.settings})
    if len(sizes) < SIZES:
        raise ValueError(f"{where}: a limit needs three sizes, or no fit could fail; there are {len(sizes)}")
    if not 0 < sizes[0] <= sizes[-1] / SPREAD:
        raise ValueError(f"{where}: sizes from {sizes[0]:g} to {sizes[-1]:g} reach no limit: ask for {SPREAD:g} times")
    if not 0 < prediction.rate < float("inf"):
        raise ValueError(f"{where}: a limit is not approached at the rate {prediction.rate:g}; it must be positive")


def _require_resolved(where: str, prediction: Prediction) -> None:
    """Refuse a resolution that is blind, and values that a measurement of nothing at all would meet."""
    if prediction.test in (*BOUNDS, Test.IDENTITY):
        return  # judged by a confidence limit, and by the largest error
    values, resolution = [abs(value) for value in _values(prediction)], prediction.resolution
    largest = max(OBSERVABLES[prediction.observable].scale, min(values)) / 4
    if not resolution <= largest:
        raise ValueError(
            f"{where}: a resolution of {resolution:g} sees nothing of {prediction.observable}; at most {largest:g} does"
        )
    if max(values) > 0 and max(values) <= resolution:
        raise ValueError(f"{where}: all values are as small as the resolution, {resolution:g}: a measured 0 would pass")


def _at_its_end(prediction: Prediction) -> bool:
    """Whether a prediction is a bound from above at the most that its observable can be, or from below at the least."""
    observable, values = OBSERVABLES[prediction.observable], list(_values(prediction))
    if prediction.test is Test.AT_MOST:
        return min(values) >= observable.most
    return prediction.test is Test.AT_LEAST and max(values) <= observable.least


def _require_slip(where: str, twin: Twin, claim: Claim) -> None:
    """Refuse a twin that predicts what the claim does, or that is tried otherwise than the claim is."""
    stated = frozenset[Said]().union(*map(_said, claim.predictions))
    models = {setting.at_any_size() for prediction in claim.predictions for setting in prediction.settings}
    most = max((prediction.trials for prediction in claim.predictions), default=0)
    for prediction in twin.predictions:
        # A slip may show only at another size; with another model it would be another experiment.
        strange = [setting for setting in prediction.settings if setting.at_any_size() not in models]
        if strange:
            raise ValueError(f"{where} is measured on {strange[0]}: the claim is not, at any size")
        if prediction.trials > most:
            raise ValueError(
                f"{where} has {prediction.trials} trials, the claim {most}; the same checks must refuse it"
            )
        if _said(prediction) <= stated:
            raise ValueError(f"{where} predicts what the claim predicts; a twin is one slip away, and false")


def _said(prediction: Prediction) -> frozenset[Said]:
    """Return what a prediction says, setting by setting."""
    return frozenset((prediction.observable, prediction.test, s, prediction.value(s)) for s in prediction.settings)
