"""Finds claims and activations, ours and a user's; refuses duplicates, cycles and unknown references.

`extra` is what a user gave: a Python file with a name `CLAIM`, `CLAIMS` (several, by identifier) or `ACTIVATION`, a
TOML file of activations, or a folder of either.  Python files are programs and run with the user's rights: give only
those that you trust.  A TOML file is read and not run.
"""

from __future__ import annotations

import difflib
import fnmatch
import importlib
import importlib.util
import pkgutil
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

from . import activation_file
from . import claims as claims_package
from .activations import ALIASES, CATALOGUE, Activation
from .claim import Claim
from .expressions import parse
from .stating import stating

SUFFIXES = (".py", ".toml")
"""The files that a user may give, alone or in a folder."""
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_ALIKE = str.maketrans("01i", "oll")
"""Characters that look like others, once all are small."""


def identifier(stem: str) -> str:
    """Return the identifier of a file: `lemma_4_1_as_printed` is `lemma-4.1-as-printed`."""
    return re.sub(r"(?<=\d)_(?=\d)", ".", stem).replace("_", "-")


def claims(extra: Path | None = None) -> dict[str, Claim]:
    """Return all claims by identifier, each after those it uses."""
    found: dict[str, Claim] = {}
    for stem, module in [*_ours(), *_modules(extra)]:
        for name, claim in _exposed(stem, module):
            if name in found:
                raise ValueError(f"two claims are called {name}")
            found[name] = claim
    _require_distinct(found)
    return _ordered(found)


def _require_distinct(names: Iterable[str]) -> None:
    """Refuse names that a reader would take for one another: `Lemma-4-1` is not to pass for `lemma-4.1`."""
    read: dict[str, str] = {}
    for name in names:
        first = read.setdefault(re.sub(r"[_.-]", "", name).casefold().translate(_ALIKE), name)
        if first != name:
            raise ValueError(f"{name} reads like {first}; give the claim a name of its own")


def own_claims(extra: Path) -> dict[str, Claim]:
    """Return the claims of a user's file or folder alone, each after those it uses; ValueError if there is none."""
    mine = {name for stem, module in _modules(extra) for name, _ in _exposed(stem, module)}
    if not mine:
        raise ValueError(f"{extra} holds no claim: a .py file exposes one as CLAIM, or several as CLAIMS")
    return {name: claim for name, claim in claims(extra).items() if name in mine}


def _exposed(stem: str, module: ModuleType) -> Iterator[tuple[str, Claim]]:
    """Yield the claims of a module: `CLAIM`, called after the file, then `CLAIMS`, by the identifiers it gives."""
    if getattr(module, "CLAIM", None) is not None:
        if not _IDENTIFIER.fullmatch(stem):
            raise ValueError(f"{stem!r} names a claim; the name of its file has letters, digits and _ . - only")
        yield identifier(stem), _require_claim(f"{stem}: CLAIM", module.CLAIM)
    several = getattr(module, "CLAIMS", {})
    if not isinstance(several, dict):
        raise ValueError(  # noqa: TRY004  (bad input is a ValueError here)
            f"{stem}: CLAIMS is a {type(several).__name__}, not a dictionary from identifiers to claims"
        )
    for name, claim in several.items():
        if not (isinstance(name, str) and _IDENTIFIER.fullmatch(name)):
            raise ValueError(f"{stem}: CLAIMS names {name!r}; an identifier has letters, digits and _ . - only")
        yield name, _require_claim(f"{stem}: CLAIMS[{name!r}]", claim)


def _require_claim(where: str, found: object) -> Claim:
    if type(found) is not Claim:  # a subclass could answer one thing to a check and another to the report
        raise ValueError(f"{where} is a {type(found).__name__}, not a Claim")
    return found


def activations(extra: Path | None = None) -> dict[str, Activation]:
    """Return all named activations."""
    found = {activation.name: activation for activation in CATALOGUE}
    for activation in _own_activations(extra):
        if activation.name in found:
            raise ValueError(f"two activations are called {activation.name}")
        found[activation.name] = activation
    return found


def _own_activations(extra: Path | None) -> Iterator[Activation]:
    for stem, module in _modules(extra):
        activation = getattr(module, "ACTIVATION", None)
        if activation is None:
            continue
        if not isinstance(activation, Activation):
            raise ValueError(  # noqa: TRY004  (bad input is a ValueError here)
                f"{stem}: ACTIVATION is a {type(activation).__name__}, not an Activation"
            )
        yield activation
    for path in _files(extra, ".toml"):
        yield from activation_file.read(path)


def find_claim(name: str, extra: Path | None = None) -> Claim:
    """Return a claim by its identifier; ValueError names the nearest."""
    known = claims(extra)
    if name not in known:
        raise ValueError(f"no claim is called {name!r}{_nearest(name, known)}")
    return known[name]


def chosen(names: Iterable[str], extra: Path | None = None) -> tuple[str, ...]:
    """Return the identifiers that are named, all if none is, in the order in which they rest on each other.

    A name may be a pattern, as of files: `rare-*`.  ValueError for what no claim is called.
    """
    known, wanted = claims(extra), list(names)
    found = {name: fnmatch.filter(known, name) for name in wanted}  # a name that is no pattern matches itself
    for name, matching in found.items():
        if not matching:
            raise ValueError(f"no claim is called {name!r}{_nearest(name, known)}")
    named = set(known) if not wanted else set().union(*found.values())
    return tuple(name for name in known if name in named)


def find_activation(text: str, extra: Path | None = None) -> Activation:
    """Return an activation by its name or alias, or made from an expression in x; ValueError names the nearest."""
    known = activations(extra)
    name = text if text in known else ALIASES.get(text, text)
    if name in known:
        return known[name]
    try:
        expr = parse(text)
    except ValueError:
        if text.replace("_", "").isalnum():
            raise ValueError(f"no activation is called {text[:60]!r}{_nearest(text, known)}") from None
        raise
    return Activation(name=text, expr=expr)


def _nearest(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name[:60], list(known), n=1, cutoff=0.4)
    return f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(known)}"


def _ours() -> Iterator[tuple[str, ModuleType]]:
    for info in pkgutil.iter_modules(claims_package.__path__):
        yield info.name, importlib.import_module(f"{claims_package.__name__}.{info.name}")


_loaded: dict[Path, ModuleType] = {}
"""A user's file is run once: its activations must be one object, however often they are asked for."""


def _modules(extra: Path | None) -> Iterator[tuple[str, ModuleType]]:
    for path in _files(extra, ".py"):
        yield path.stem, _load(path.resolve())


def _files(extra: Path | None, suffix: str) -> list[Path]:
    """Return the files of one kind that the user gave."""
    if extra is None:
        return []
    if extra.is_dir():
        return sorted(extra.glob(f"*{suffix}"))
    if not (extra.is_file() and extra.suffix in SUFFIXES):
        raise ValueError(f"{extra} is neither a folder nor a {' or '.join(SUFFIXES)} file")
    return [extra] if extra.suffix == suffix else []


def _load(path: Path) -> ModuleType:
    if path not in _loaded:
        spec = importlib.util.spec_from_file_location(f"gammaphi_extra_{path.stem}", path)
        if spec is None or spec.loader is None:
            raise ValueError(f"{path.name} cannot be loaded")
        module = importlib.util.module_from_spec(spec)
        try:
            with stating(path.name, "while it is read"):
                spec.loader.exec_module(module)
        except Exception as error:
            why = " ".join(str(error).split())
            raise ValueError(f"{path.name} does not run: {type(error).__name__}: {why}") from error
        _loaded[path] = module
    return _loaded[path]


def _ordered(found: dict[str, Claim]) -> dict[str, Claim]:
    """Return the claims so that each stands after those it uses; refuse unknown names and cycles."""
    ordered: dict[str, Claim] = {}

    def place(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise ValueError(f"claims use each other in a circle: {' -> '.join((*above, name))}")
        for used in found[name].uses:
            if used not in found:
                raise ValueError(f"{name} uses {used!r}, which is no claim")
            place(used, (*above, name))
        ordered.setdefault(name, found[name])

    for name in found:
        place(name, ())
    return ordered
