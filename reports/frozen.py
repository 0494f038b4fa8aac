"""Golden files: formulas and claims as they were found once, and in which digit, degree or step they differ now."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache, partial
from pathlib import Path

from numerics.experiment import Effort
from numerics.verification import verify
from theory.evidence import Verdict
from theory.judgement import Judgement
from theory.kernels import random_features
from theory.portrait import MOST_DIGITS, certified, portrait
from theory.registry import find_activation, own_claims

from .envelope import Json
from .golden import SCHEMA, Golden


def freeze(
    names: Sequence[str],
    *,
    made_by: str,
    folder: Path,
    at: tuple[Fraction, ...],
    digits: int,
    extra: Path | None = None,
    own: Path | None = None,
    effort: Effort = Effort.NORMAL,
    seed: int = 0,
) -> dict[str, Json]:
    """Return the golden document of activations, and of the claims of the file `own`, to be written into `folder`.

    Raises ValueError for what cannot be derived, for a claim that does not come out as stated, and for a file of the
    user's own that is not in `folder`: a golden file runs nothing but what lies beside it.
    """
    beside = {"with": _beside(extra, folder), "claims_from": _beside(own, folder)}
    for name in names:
        find_activation(name, extra)  # before the first is derived: a refusal does not wait
    claims = {} if own is None else {name: judged(own, name, effort, seed) for name in own_claims(own)}
    for name, judgement in claims.items():
        if not judgement.as_expected:
            raise ValueError(f"{name} came out {judgement.verdict.name}, not as stated, or a twin survived: not frozen")
    return {
        "schema": SCHEMA,
        "made_by": made_by,
        "digits": digits,
        "at": [str(point) for point in at],
        "effort": str(effort),
        "seed": seed,
        **beside,
        "formulas": {name: formula(name, at, digits, extra) for name in names},
        "claims": {name: judgement.to_dict() for name, judgement in claims.items()},
    }


def _beside(path: Path | None, folder: Path) -> str | None:
    """Return the path of a file as seen from `folder`, in which it must lie."""
    if path is None:
        return None
    seen = Path(os.path.relpath(path, folder))
    if ".." in seen.parts or seen.is_absolute():
        raise ValueError(f"{path} is not in {folder}, where the golden file goes: put one beside the other")
    return seen.as_posix()


@cache
def formula(name: str, at: tuple[Fraction, ...], digits: int, extra: Path | None) -> Mapping[str, Json]:
    """Return what is frozen of one activation: its portrait's quantities, and the dual at rho = each of `at`."""
    activation = find_activation(name, extra)
    found = portrait(activation, at, digits=digits).to_dict()
    features = random_features(activation)
    for point in at:
        value = certified(partial(features.sum_ball, 0, point), digits)
        found["quantities"][f"dual at {point}"] = {"closed_form": None, **value.to_dict()}
    return {"expression": found["expression"], "quantities": found["quantities"]}


@cache
def judged(own: Path, name: str, effort: Effort, seed: int) -> Judgement:
    """Return the judgement of one claim of a file, made once in a process, whoever asks for it."""
    (judgement,) = verify([name], seed=seed, effort=effort, extra=own)
    return judgement


def formula_differences(golden: Golden, name: str) -> list[str]:
    """Return, one line each, where the formulas of an activation differ from the frozen ones."""
    frozen, now = golden.formulas[name], formula(name, golden.at, golden.digits, golden.extra)
    lines = []
    if frozen["expression"] != now["expression"]:
        lines.append(f"the activation itself: frozen {frozen['expression']}, now {now['expression']}")
    for label, was in frozen["quantities"].items():
        if label in now["quantities"]:
            lines += [f"{_spoken(label)}: {line}" for line in _quantity(was, now["quantities"][label])]
        else:
            lines.append(f"{_spoken(label)}: frozen, and not derived now")
    new = [label for label in now["quantities"] if label not in frozen["quantities"]]
    return lines + [f"{_spoken(label)}: derived now, and not frozen" for label in new]


def _spoken(label: str) -> str:
    """Return a label with what it is of: `mu_3 (degree 3)`."""
    return f"{label} (degree {label.removeprefix('mu_')})" if label.startswith("mu_") else label


def _quantity(was: Mapping[str, Json], now: Mapping[str, Json]) -> Iterator[str]:
    """Yield how one quantity differs: its digits first, for they decide what another closed form means."""
    digit = None
    if was["value"] is not None and now["value"] is not None:
        digit = differing_digit(was["value"], was["radius"], now["value"], now["radius"])
        if digit is not None:
            yield f"digit {digit}: frozen {was['value']}, now {now['value']}"
        if Verdict[now["verdict"]] < Verdict[was["verdict"]]:
            yield f"the digits were {was['verdict']}, and are {now['verdict']} now"
    elif was["value"] != now["value"]:
        yield f"frozen {was['value']}, now {now['value']}"
    if was["closed_form"] != now["closed_form"]:
        same = ", of the same digits: freeze again if it is meant" if was["value"] and digit is None else ""
        yield f"closed form: frozen {was['closed_form']}, now {now['closed_form']}{same}"


def differing_digit(was: str, was_radius: str, now: str, now_radius: str) -> int | None:
    """Return the first significant digit, from 1, in which two numbers differ by more than their radii; None if none.

    A number that leads another by a power of ten or a sign differs in digit 1.
    """
    with localcontext() as context:
        context.prec = 2 * MOST_DIGITS
        a, b = Decimal(was), Decimal(now)
        if abs(a - b) <= Decimal(was_radius) + Decimal(now_radius):
            return None
    if a.adjusted() != b.adjusted() or a.is_signed() != b.is_signed():
        return 1
    first, second = a.as_tuple().digits, b.as_tuple().digits
    short = min(len(first), len(second))
    return next((i + 1 for i in range(short) if first[i] != second[i]), short + 1)


def claim_differences(golden: Golden, name: str) -> list[str]:
    """Return, one line each, what a claim has lost or changed since it was frozen; a better verdict is no loss."""
    assert golden.own is not None  # noqa: S101  (golden.read has refused claims without their file)
    frozen = golden.claims[name]
    if name not in own_claims(golden.own):
        return [f"{golden.own.name} has no claim of this name any more"]
    judgement = judged(golden.own, name, golden.effort, golden.seed)
    now = judgement.to_dict()
    changed = [key for key in ("statement", "expected") if frozen[key] != now[key]]
    lines = [f"{key}: frozen {frozen[key]}, now {now[key]}" for key in changed]
    steps = list(zip(frozen["steps"], now["steps"], strict=False))
    if len(frozen["steps"]) != len(now["steps"]):
        lines.append(f"the derivation had {len(frozen['steps'])} steps, and has {len(now['steps'])} now")
    for number, (was, step) in enumerate(steps, 1):
        if was["step"] != step["step"]:
            lines.append(f"step {number}: frozen {was['step']}, now {step['step']}")
        if _lost(was["verdict"], step["verdict"]):
            lines.append(f"step {number}, {step['because']}: was {was['verdict']}, is {step['verdict']} now")
    if _lost(frozen["verdict"], now["verdict"]) and judgement.expected == "holds":
        lines.append(f"the verdict was {frozen['verdict']}, and is {now['verdict']} now")
    return lines + failures(judgement)


def _lost(was: str | None, now: str | None) -> bool:
    """Whether a verdict fell, or is no longer given."""
    return was is not None and (now is None or Verdict[now] < Verdict[was])


def failures(judgement: Judgement) -> list[str]:
    """Return, one line each, why a claim did not come out as stated; nothing if it did."""
    if judgement.as_expected:
        return []
    weak = [e for e in judgement.evidence if not e.verdict.holds]
    links = [s.evidence for s in judgement.steps if s.evidence is not None and not s.evidence.verdict.holds]
    lines = [f"step, {e.about}: {e.verdict.name}: {e.finding}" for e in links]
    lines += [f"{e.about}: {e.verdict.name}: {e.finding}" for e in weak]
    lines += [f"wrong twin not refused: {twin.twin.slip}" for twin in judgement.twins if not twin.killed]
    return [f"came out {judgement.verdict.name}, where it {_wanted(judgement)}", *lines]


def _wanted(judgement: Judgement) -> str:
    return "is to hold" if judgement.expected == "holds" else "is to be refuted"
