"""Reads a golden file: JSON, checked key by key; no text in it is evaluated, and it names only files beside itself."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path, PurePosixPath

from numerics.experiment import Effort
from theory.evidence import Verdict
from theory.portrait import MOST_DIGITS

from .envelope import Json

SCHEMA = "gammaphi/frozen/1"
SUFFIX = ".gammaphi.json"
MAX_BYTES = 20_000_000
MAX_NAME = 200
"""Characters of a name that are told; an activation is named by its formula."""
_NUMBER = re.compile(r"-?[0-9]{1,1100}(\.[0-9]{1,1100})?([eE][+-]?[0-9]{1,4})?")
_SHARE = re.compile(r"[0-9]{1,30}/[0-9]{1,30}")
_VERDICTS = list(Verdict.__members__)


@dataclass(frozen=True, kw_only=True)
class Golden:
    """What was frozen, and how it was found; `formulas` and `claims` are as `reports.frozen.freeze` writes them."""

    digits: int
    at: tuple[Fraction, ...]
    effort: Effort
    seed: int
    extra: Path | None
    """Activations of the user's own."""
    own: Path | None
    """The file of the claims."""
    formulas: Mapping[str, Mapping[str, Json]]
    claims: Mapping[str, Mapping[str, Json]]


def read(path: Path) -> Golden:
    """Return a golden file; ValueError, in one line, for what is not one."""
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError(f"{path.name} has more than {MAX_BYTES} bytes")
    try:
        document = json.loads(content.decode())
    except UnicodeDecodeError:
        raise ValueError(f"{path.name} is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path.name} is not JSON: {' '.join(str(error).split())}") from error
    try:
        return _golden(document, path.parent)
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error


def _golden(document: Json, folder: Path) -> Golden:
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise ValueError(f"not a golden file: its schema is not {SCHEMA!r}")
    known = {"schema", "made_by", "digits", "at", "effort", "seed", "with", "claims_from", "formulas", "claims"}
    if strange := sorted(document.keys() - known):
        raise ValueError(f"a golden file has no {_shown(strange[0])}")
    digits, seed = _whole(document, "digits", 1, MOST_DIGITS), _whole(document, "seed", 0, 2**63)
    if document.get("effort") not in list(Effort):
        raise ValueError(f"effort is {_shown(document.get('effort'))}, not one of {', '.join(Effort)}")
    own = _beside(document, "claims_from", folder)
    claims = _mapping(document, "claims")
    if claims and own is None:
        raise ValueError("there are claims, and claims_from does not say in which file")
    return Golden(
        digits=digits,
        at=tuple(_share(point) for point in _list(document, "at")),
        effort=Effort(document["effort"]),
        seed=seed,
        extra=_beside(document, "with", folder),
        own=own,
        formulas={name: _formula(_name(name), entry) for name, entry in _mapping(document, "formulas").items()},
        claims={name: _claim(_name(name), entry) for name, entry in claims.items()},
    )


def _formula(name: str, entry: Json) -> Mapping[str, Json]:
    _texts(entry, name, ("expression",))
    for label, quantity in _mapping(entry, "quantities").items():
        where = f"{name}: {_name(label)}"
        if not isinstance(quantity, dict) or quantity.keys() != {"closed_form", "value", "radius", "verdict"}:
            raise ValueError(f"{where} does not have closed_form, value, radius and verdict, and nothing else")
        if quantity["closed_form"] is not None and not isinstance(quantity["closed_form"], str):
            raise ValueError(f"{where}: closed_form is neither a text nor null")
        numbers = [quantity[key] for key in ("value", "radius")]
        if numbers == [None, None] and quantity["verdict"] is None:
            continue
        for number in numbers:
            if not isinstance(number, str) or not _NUMBER.fullmatch(number):
                raise ValueError(f"{where}: {_shown(number)} is not a decimal number in quotes")
        _verdict(quantity["verdict"], where)
    return dict(entry)


def _claim(name: str, entry: Json) -> Mapping[str, Json]:
    _texts(entry, name, ("statement", "expected"))
    _verdict(entry.get("verdict"), name)
    for number, step in enumerate(_list(entry, "steps"), 1):
        _texts(step, f"{name}: step {number}", ("step", "because"))
        if step.get("verdict") is not None:
            _verdict(step["verdict"], f"{name}: step {number}")
    return dict(entry)


def _texts(entry: Json, where: str, keys: tuple[str, ...]) -> None:
    for key in keys:
        if not isinstance(entry, dict) or not isinstance(entry.get(key), str):
            raise ValueError(f"{where} has no {key}")  # noqa: TRY004  (bad input is a ValueError here)


def _verdict(value: Json, where: str) -> None:
    if value not in _VERDICTS:
        raise ValueError(f"{where}: {_shown(value)} is no verdict; there are {', '.join(Verdict.__members__)}")


def _mapping(document: Json, key: str) -> dict[str, Json]:
    value = document.get(key)
    if not isinstance(value, dict):
        raise ValueError(f"{key} is not a dictionary")  # noqa: TRY004  (bad input is a ValueError here)
    return value


def _list(document: Json, key: str) -> list[Json]:
    value = document.get(key)
    if not isinstance(value, list):
        raise ValueError(f"{key} is not a list")  # noqa: TRY004  (bad input is a ValueError here)
    return value


def _whole(document: Json, key: str, least: int, most: int) -> int:
    value = document.get(key)
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{key} is {_shown(value)}, not a whole number from {least} to {most}")
    return value


def _share(text: Json) -> Fraction:
    if not isinstance(text, str) or not _SHARE.fullmatch(text) or not int(text.split("/")[1]):
        raise ValueError(f"at holds {_shown(text)}, not a fraction in quotes such as '1/4'")
    if not 0 < Fraction(text) < 1:
        raise ValueError(f"at holds {text}, outside (0, 1)")
    return Fraction(text)


def _beside(document: Json, key: str, folder: Path) -> Path | None:
    """Return the file that a golden file names: beside or below it, for Python files that it names are run."""
    text = document.get(key)
    if text is None:
        return None
    if not isinstance(text, str) or "\\" in text or PurePosixPath(text).is_absolute() or ".." in text.split("/"):
        raise ValueError(f"{key} is {_shown(text)}, not the path of a file beside or below the golden file")
    try:
        there = (folder / text).exists()
    except (OSError, ValueError):  # a name that no file can have
        there = False
    if not there:
        raise ValueError(f"{key}: there is no {_name(text)} beside the golden file")
    return folder / text


def _shown(value: Json) -> str:
    """Return a value of a stranger as a few printable characters."""
    return f"{value!a:.60}"


def _name(text: str) -> str:
    """Return a name of a stranger on one short printable line, as it is where it is one already."""
    return text if text.isprintable() and len(text) <= MAX_NAME else _shown(text)
