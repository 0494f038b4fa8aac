"""The commands that write files, each twice: what there was before, and what is to be written over it."""

from __future__ import annotations

import contextlib
import functools
import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from reports.command_line import main

SWEEP = """
trials = {trials}
seed = 5
[[grid]]
kernel = "rf"
activation = "relu"
d = 10
n = [8, 9]
alpha = "2/5"
width = 60
"""
CELLS = 2
FEW, MORE = 2, 6
"""Trials of a cell before, and after."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command, the argument lists of an earlier run and of the one that something is done to, and its files."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    files: tuple[str, ...]


PAGE = ("out/report.html", "out/report.json")
_COMPARE = ("compare", "--kernel", "rf", "--activation", "relu", "--d", "10", "--n", "8", "--error", "0.1", "--report")
_REPORT = ("report", "hermite-shift", "--law", "0", "-q", "--format", "html,json", "--out", "out")
COMMANDS = (
    Command(
        name="derive",
        before=("derive", "relu", "--report", "out"),
        after=("derive", "relu", "--at", "1/3", "--report", "out"),
        files=PAGE,
    ),
    Command(
        name="verify",
        before=("verify", "hermite-shift", "--report", "out"),
        after=("verify", "hermite-shift", "--seed", "3", "--report", "out"),
        files=PAGE,
    ),
    Command(
        name="compare",
        before=(*_COMPARE, "out", "--alpha", "1/2"),
        after=(*_COMPARE, "out", "--alpha", "2/5"),
        files=PAGE,
    ),
    Command(
        name="figures",
        before=("figures", "--report", "out"),
        after=("figures", "--seed", "3", "--report", "out"),
        files=PAGE,
    ),
    Command(
        name="report",
        before=(*_REPORT, "--activation", "relu"),
        after=(*_REPORT, "--activation", "h2"),
        files=PAGE,
    ),
    Command(
        name="freeze",
        before=("freeze", "relu", "--out", "out/f.gammaphi.json"),
        after=("freeze", "relu", "h2", "--out", "out/f.gammaphi.json"),
        files=("out/f.gammaphi.json",),
    ),
    Command(
        name="sweep export",
        before=("sweep", "export", "few.db", "--to", "out/t.csv"),
        after=("sweep", "export", "more.db", "--to", "out/t.csv"),
        files=("out/t.csv",),
    ),
)
_COSTLY = (
    ("numerics.verification", "verify"),
    ("theory.portrait", "portrait"),
    ("theory.derivation", "derivation"),
    ("numerics.comparison", "compare"),
    ("reports.paper_figures", "of_law"),
    ("reports.commands_report", "recorded"),  # what other campaigns may write meanwhile
)


_NO_MATTER = ("progress", "refused", "seed", "provenance")


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a command writes without faults, before and after, and its exit status."""

    before: dict[str, bytes]
    after: dict[str, bytes]
    code: int


@contextlib.contextmanager
def at_hand() -> Iterator[None]:
    """Keep what is costly and no matter here, results and drawn pages, so that forks have them at once."""
    replaced = []
    for module, name in _COSTLY:
        home = import_module(module)
        replaced.append((home, name, getattr(home, name)))
        setattr(home, name, _kept(getattr(home, name)))
    drawing = import_module("reports.render_html")
    replaced.append((drawing, "render", drawing.render))
    drawing.render = lambda page: f"<html>{page!r}</html>"
    try:
        yield
    finally:
        for home, name, true in replaced:
            setattr(home, name, true)


def _kept(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function, asked once for the same: seeds do not matter here, nor who is told of progress."""
    found: dict[str, Any] = {}

    @functools.wraps(function)
    def asked(*args: Any, **how: Any) -> Any:
        key = repr((args, sorted((name, value) for name, value in how.items() if name not in _NO_MATTER)))
        if key not in found:
            found[key] = function(*args, **how)
        return found[key]

    return asked


def prepare(folder: Path) -> None:
    """Make what the commands read: two finished ledgers, and the specification of a sweep."""
    for name, trials in (("few", FEW), ("more", MORE)):
        (folder / f"{name}.toml").write_text(SWEEP.format(trials=trials))
        quietly(folder, ("sweep", "run", f"{name}.toml", "--out", f"{name}.db", "-q"))


def known(command: Command, folder: Path) -> Known:
    """Return what the command writes when nothing goes wrong."""
    code = quietly(folder, command.before)
    before = contents(folder, command)
    after_code = quietly(folder, command.after)
    after = contents(folder, command)
    if not before or not after or before == after or (code, after_code) not in ((0, 0), (3, 3)):
        raise ValueError(f"{command.name}: two runs that succeed and differ are needed, not {code} and {after_code}")
    return Known(before=before, after=after, code=code)


def quietly(folder: Path, argv: tuple[str, ...]) -> int:
    """Run a command in this process, and print nothing."""
    (folder / "out").mkdir(exist_ok=True)
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return main(list(argv))


def contents(folder: Path, command: Command) -> dict[str, bytes]:
    """Return the files of a command that there are."""
    return {name: (folder / name).read_bytes() for name in command.files if (folder / name).exists()}


def lay(folder: Path, files: dict[str, bytes]) -> None:
    """Lay files where a command left them, and nothing beside them."""
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)


def strays(folder: Path, command: Command) -> list[str]:
    """Return what lies beside the files of a command."""
    out = folder / "out"
    return sorted(
        path.name for path in (out.iterdir() if out.exists() else ()) if f"out/{path.name}" not in command.files
    )
