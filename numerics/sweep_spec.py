"""Reads the specification of a sweep from a TOML file: `trials`, `seed`, and grids whose keys take a value or a list.

    trials = 20
    seed = 7
    tests = 1000  # test points of each trial
    precision = "mixed"

    [[grid]]
    kernel = "rf"
    activation = ["relu", "x*erf(x)"]
    d = 60
    n = [30, 60, 120]
    alpha = ["1/4", 0.5]

A grid is the product of its lists.  Nothing of the file is executed, and all of it is tried before a trial is run:
whatever is not understood, or cannot be sampled, is refused in one line that names the file, the grid and the key.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import partial
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from theory import toml_text
from theory.activations import Activation
from theory.growth import envelope
from theory.registry import find_activation
from theory.setting import Kernel, Query, Setting, spurious_dimensions

from .data import draw
from .engine import Precision
from .kernels import ingredients
from .randomness import Streams
from .sweep import Cell, Sweep, cell_of
from .trials import TESTS

MAX_BYTES = 200_000
MAX_CELLS = 100_000
MAX_VALUES = 1000
"""Of one key in one grid."""
MAX_WHOLE = 10**9
PLACES = 30
"""Decimal places of an alpha: with an exponent of a million its fraction would fill the memory."""
_FRACTION = re.compile(r"([0-9]{1,30})/([0-9]{1,30})")


def read(path: Path, *, data: str | None = None, tried: bool = True) -> Sweep:
    """Return the sweep of a TOML file; ValueError, in one line, for whatever is wrong with it.

    Grids may cross: a cell of two grids is one cell, for its trials are the same.  Twice in one grid it is a slip.
    `data` stands in for what every grid says of its data.  What is not to be sampled need not be `tried`: of data in
    files it can then be read what a sweep is, without the files.
    """
    if not path.is_file():
        raise ValueError(f"{path}: there is no such file")
    with _under(path.name):
        document = _document(path)
        _require_known(document, (*_OF_ALL, "grid"))
        of_all = {}
        for key, (read_value, default) in _OF_ALL.items():
            with _under(key):
                of_all[key] = read_value(document.get(key, default))
        grids = document.get("grid")
        if not isinstance(grids, list) or not grids or not all(isinstance(grid, dict) for grid in grids):
            raise ValueError("grid: one or more tables [[grid]] are wanted")
        cells: dict[object, Cell] = {}
        for place, grid in enumerate(grids, start=1):
            with _under(f"grid {place}"):
                given = grid if data is None else grid | {"data": data}
                for setting in _settings(given, room=MAX_CELLS - len(cells), tried=tried):
                    cells.setdefault(_identity(setting), cell_of(setting))
    return Sweep(cells=tuple(cells.values()), **of_all)


def _document(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"more than {MAX_BYTES} bytes")
    return toml_text.loads(data, parse_float=Decimal)  # a float would not be the decimal that was written


def _settings(grid: dict[str, Any], *, room: int, tried: bool) -> list[Setting]:
    """Return the settings of one grid, at most `room`; if `tried`, each of which can be sampled."""
    choices = _choices(grid)
    if (size := prod(map(len, choices.values()))) > room:
        raise ValueError(f"its lists multiply to {size} cells, and a sweep has at most {MAX_CELLS}")
    settings: dict[object, Setting] = {}
    for values in product(*choices.values()):
        setting = _setting(**dict(zip(choices, values, strict=True)))
        if _identity(setting) in settings:
            raise ValueError(f"it holds {setting} twice")
        settings[_identity(setting)] = setting
    if tried:
        _require_sampling(settings.values())
    return list(settings.values())


def _choices(grid: dict[str, Any]) -> dict[str, list[Any]]:
    """Return the values of each key, as many as the grid lists, in the order of `_READERS`."""
    _require_known(grid, _READERS)
    if missing := [key for key in _READERS if key not in {*grid, *_DEFAULTS}]:
        raise ValueError(f"{missing[0]}: missing")
    choices = {key: [_DEFAULTS.get(key)] for key in _READERS}
    for key, given in grid.items():
        listed = given if isinstance(given, list) else [given]
        with _under(key):
            if not listed:
                raise ValueError("an empty list has no cells")
            if len(listed) > MAX_VALUES:
                raise ValueError(f"a list of {len(listed)} values, and one has at most {MAX_VALUES}")
            choices[key] = [_READERS[key](value) for value in listed]
            if twice := [value for value, times in Counter(listed).items() if times > 1]:
                raise ValueError(f"{twice[0]} is listed twice")
    return choices


def _setting(*, alpha: Fraction, d: int, **values: Any) -> Setting:
    with _under("alpha"):
        d_y = spurious_dimensions(alpha, d)
    return Setting(d=d, d_y=d_y, **values)


def _identity(setting: Setting) -> object:
    """Return what makes a setting the setting it is: the function, by whatever name, in place of the activation."""
    return setting.activation.expr, cell_of(setting)._replace(activation="")


def _require_sampling(settings: Iterable[Setting]) -> None:
    """Refuse, as each trial would, an activation whose kernel is not shown to be finite and data that do not fit."""
    with _under("activation"):
        for function in {function: None for setting in settings for function in ingredients(setting)}:
            envelope(function)
    # Spheres and Gaussians fit every size; of other data the most samples ask for the most, and a draw takes its time.
    others = [setting for setting in settings if setting.data not in ("sphere", "gaussian")]
    most = {(setting.data, setting.d, setting.d_y): setting for setting in sorted(others, key=lambda one: one.n)}
    for setting in most.values():
        with _under("data"):
            draw(setting, streams=Streams(seed=0, cell="", trial=0), tests=1)


def _whole(value: object, *, least: int = 1) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= MAX_WHOLE:
        raise ValueError(f"a whole number from {least} to {MAX_WHOLE} is wanted")
    return value


def _width(value: object) -> int | None:
    if value == "inf" or (isinstance(value, Decimal) and value == Decimal("inf")):
        return None
    try:
        return _whole(value)
    except ValueError as refused:
        raise ValueError(f'{refused}, or "inf"') from None


def _share(value: object) -> Fraction:
    if isinstance(value, Decimal):
        places = value.as_tuple().exponent  # a letter, where the value is infinite or no number
        if isinstance(places, int) and places >= -PLACES and 0 < value < 1:
            return Fraction(value)
    if isinstance(value, str) and (parts := _FRACTION.fullmatch(value)) and int(parts[2]):
        return Fraction(int(parts[1]), int(parts[2]))
    raise ValueError('a decimal between 0 and 1, or a fraction such as "1/4", is wanted')


def _activation(value: object) -> Activation:
    return find_activation(_text(value))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a text in quotes is wanted")  # noqa: TRY004  (bad input is a ValueError here)
    return value


def _one_of(kind: type[StrEnum]) -> Callable[[object], StrEnum]:
    def read_value(value: object) -> StrEnum:
        if (text := _text(value)) not in list(kind):
            raise ValueError(f"one of {', '.join(kind)} is wanted")
        return kind(text)

    return read_value


_OF_ALL: dict[str, tuple[Callable[[object], Any], object]] = {
    "trials": (_whole, None),
    "seed": (partial(_whole, least=0), 0),
    "tests": (_whole, TESTS),
    "precision": (_one_of(Precision), Precision.DOUBLE),
}
"""How the keys outside the grids are read, and what they are where they are left out."""
_READERS: dict[str, Callable[[object], Any]] = {
    "kernel": _one_of(Kernel),
    "activation": _activation,
    "depth": _whole,
    "d": _whole,
    "n": _whole,
    "width": _width,
    "alpha": _share,
    "data": _text,
    "query": _one_of(Query),
}
_DEFAULTS = {"depth": None, "width": None, "data": "sphere", "query": Query.RESAMPLE}


def _require_known(table: dict[str, Any], known: Iterable[str]) -> None:
    for key in table:
        if key not in known:
            raise ValueError(f"{key[:60]!r}: unknown; known are {', '.join(known)}")


@contextmanager
def _under(where: str) -> Iterator[None]:
    """Say where it was that a value was refused."""
    try:
        yield
    except ValueError as refused:
        raise ValueError(f"{where}: {' '.join(str(refused).split())}") from None
