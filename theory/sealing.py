"""A claim as it will be judged: a copy that its file has no hold on, with points, steps and values told once.

What a file may still change, or answer otherwise when it is asked again, is then not what is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from functools import cache, partial
from itertools import islice
from math import isfinite
from typing import Any

from sympy.polys.matrices import DomainMatrix

from .activations import Activation
from .claim import Claim, Hypothesis, Point, Prediction, Source, Status, Step, Twin, no_points
from .plainness import SCENES, require_exact, require_plain, require_text
from .scene import Scene
from .setting import Setting
from .stating import stating

MOST = 10_000
"""Points of one claim, or steps, that are still read; beyond, it is taken that they do not end."""
Value = Callable[[Any], float]


def sealed(name: str, claim: Claim) -> Claim:
    """Return the copy that is judged.

    Raises ValueError for types that are not ours, for texts that print as something else, and where points, steps or
    values cannot be had, draw, end the program, or differ when they are asked for again.
    """
    require_exact(name, "CLAIM", claim, Claim)
    require_exact(name, "its source", claim.source, Source)
    points = claim.points if claim.points is no_points else _told(f"{name}: its points", claim.points)
    predictions = tuple(_prediction(name, p) for p in claim.predictions)
    settings = [setting for p in predictions for setting in p.settings]
    for text in (*claim.uses, *claim.definitions, *claim.definitions.values()):
        require_text(name, "text", text)
    return _copy(  # type: ignore[no-any-return]
        claim,
        statement=_sides(name, claim.statement),
        points=points,
        derivation=partial(_fresh, tuple(_steps(name, claim))),
        predictions=predictions,
        twins=tuple(_twin(name, twin) for twin in claim.twins),
        hypotheses=tuple(_hypothesis(name, hypothesis, settings) for hypothesis in claim.hypotheses),
        definitions=dict(claim.definitions),
    )


def _copy(original: Any, **changes: Any) -> Any:
    """Return a new object of the same fields, which looks at itself again as a new one does."""
    return type(original)(**{field.name: getattr(original, field.name) for field in fields(original)} | changes)


def _fresh(items: tuple[Any, ...]) -> Iterator[Any]:
    return iter(items)


def _listed(who: str, told: Callable[[], Iterator[Any]], what: str = "while it states its points") -> list[Any]:
    with stating(who, what):
        found = list(islice(_asked(who, told), MOST + 1))
    if len(found) > MOST:
        raise ValueError(f"{who} do not end: {MOST} were read; a few that vary are enough")
    return found


def _asked(who: str, told: Callable[..., Any], *given: Any) -> Any:
    """Return what a program of the file says; where it breaks down, that is one line."""
    try:
        return told(*given)
    except (ValueError, KeyboardInterrupt, SystemExit):
        raise
    except Exception as error:
        at = f" at {given[0]}" if given and given[0] is not None else ""
        raise ValueError(f"{who}: {type(error).__name__}{at}: {' '.join(str(error).split())}") from error


def _told(who: str, told: Callable[[], Iterator[Point]]) -> Callable[[], Iterator[Point]]:
    """Return points that are the same whenever they are asked for."""
    first = _listed(who, told)
    if not all(isinstance(point, dict) for point in first):
        raise ValueError(f"{who} are not dictionaries from symbols to values")
    first = [{symbol: _held(value) for symbol, value in point.items()} for point in first]
    if not first:
        raise ValueError(f"{who} are none: nothing would be tried")
    if first != _listed(who, told):
        raise ValueError(f"{who} differ from one reading to the next")
    return partial(_fresh, tuple(first))


def _held(value: Any) -> Any:
    """Return a value that the file cannot change: matrices of rationals are lists inside."""
    return value.copy() if isinstance(value, DomainMatrix) else value


def _sides(where: str, sides: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(sides) != 2:
        raise ValueError(f"{where}: a statement has two sides, not {len(sides)}")
    for side in sides:
        require_plain(where, side)
    return tuple(sides)


def _steps(name: str, claim: Claim) -> Iterator[Step]:
    steps = _listed(f"{name}: its steps", claim.derivation, "while it states its steps")
    for number, step in enumerate(steps, 1):
        require_exact(name, "a step", step, Step)
        where = f"{name}: step {number}, {step.because}"
        left, right = _sides(where, (step.left, step.right))
        points = None if step.points is None else _told(f"{where}: its points", step.points)
        yield _copy(step, left=left, right=right, points=points)


def _twin(name: str, twin: Twin) -> Twin:
    require_exact(name, "a twin", twin, Twin)
    where = f"{name}: twin {twin.slip!r}"
    statement = None if twin.statement is None else _sides(where, twin.statement)
    return _copy(twin, statement=statement, predictions=tuple(_prediction(where, p) for p in twin.predictions))  # type: ignore[no-any-return]


def _hypothesis(name: str, hypothesis: Hypothesis, settings: list[Scene]) -> Hypothesis:
    require_exact(name, "a hypothesis", hypothesis, Hypothesis)
    who = f"{name}: hypothesis {hypothesis.text!r}"

    @cache
    def examine(setting: Scene | None) -> tuple[Status, str]:
        with stating(who, "while it is examined"):
            status, figure = _asked(who, hypothesis.examine, None if setting is None else _own(setting))
        if type(status) is not Status:
            raise ValueError(f"{who}: {status!r}, not a Status")
        require_text(who, "figure", figure)
        return status, figure

    asked: list[Scene | None] = [*settings] or [None]
    for setting in asked:  # now, and not after an hour of measuring
        examine(setting)
    violated, violated_by = hypothesis.violated, hypothesis.violated_by
    return replace(
        hypothesis,
        examine=examine,
        violated=None if violated is None else _told(f"{who}: its points", violated),
        violated_by=None if violated_by is None else partial(_violating, who, violated_by),
    )


def _violating(
    who: str, violated_by: Callable[[Prediction], Prediction | None], prediction: Prediction
) -> Prediction | None:
    with stating(who, "while it states where it is violated"):
        found = _asked(who, violated_by, prediction)
    return None if found is None else _prediction(who, found)


def _prediction(where: str, prediction: Prediction) -> Prediction:
    require_exact(where, "a prediction", prediction, Prediction)
    who = f"{where}: {prediction.about}"
    for setting in prediction.settings:
        require_exact(who, "a setting", setting, type(setting) if type(setting) in SCENES else Setting)
        for phi in _activations(setting).values():
            require_exact(who, "an activation", phi, Activation)
            require_plain(f"{who}: {phi.name}", phi.expr)
    settings = tuple(map(_own, prediction.settings))
    told = partial(_value, who, settings)
    return _copy(  # type: ignore[no-any-return]
        prediction,
        settings=settings,
        value=told("value", prediction.value),
        size=told("size", prediction.size),
        beside=tuple((label, role, told(label, v)) for label, role, v in (_beside(who, b) for b in prediction.beside)),
    )


def _own(setting: Scene) -> Scene:
    """Return a setting that nobody else holds: what is handed to a program of the file might be changed by it."""
    return _copy(setting, **{name: _copy(phi) for name, phi in _activations(setting).items()})  # type: ignore[no-any-return]


def _activations(setting: Any) -> dict[str, Activation]:
    held = {field.name: getattr(setting, field.name) for field in fields(setting)}
    return {name: value for name, value in held.items() if isinstance(value, Activation)}


def _beside(who: str, line: Any) -> tuple[str, str, Value]:
    if type(line) is not tuple or len(line) != 3:
        raise ValueError(f"{who}: beside it stands {line!r}, not (label, role, value)")
    for text in line[:2]:
        require_text(who, "label", text)
    return line


def _value(who: str, settings: tuple[Scene, ...], what: str, function: Value) -> Value:
    """Return a value that is told once for each setting, and now for those that will be measured."""

    def ask(setting: Scene) -> float:
        with stating(who, f"while it states a {what}"):
            answer: float = _asked(f"{who}: its {what}", lambda asked: float(function(_own(asked))), setting)
        if not isfinite(answer):
            raise ValueError(f"{who}: its {what} predicts {answer:g} at {setting}; a number is wanted")
        return answer

    told = cache(ask)
    for setting in settings:
        first = told(setting)
        again = ask(setting)
        if first != again:
            raise ValueError(f"{who}: its {what} at {setting} is {first:g} when asked and {again:g} when asked again")
    return told
