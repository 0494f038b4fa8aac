"""Command lines of random words: status 0 or 2, and of the second one printable line, as in every other case."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from unittest.mock import patch

from reports import arguments, command_line, commands, text
from reports.commands import Result
from reports.envelope import Status
from theory.registry import claims, find_activation, find_claim

from . import fuzz_text

OPTIONS = (
    *(
        "--json",
        "-q",
        "-v",
        "--quick",
        "--full",
        "--with",
        "--claims",
        "--report",
        "--out",
        "--seed",
        "--at",
        "--digits",
    ),
    *(
        "--steps",
        "--depth",
        "--query",
        "--law",
        "--kernel",
        "--activation",
        "--d",
        "--n",
        "--alpha",
        "--width",
        "--data",
    ),
    *("--trials", "--design", "--pool", "--precision", "--sampled", "--jobs", "--images", "--resume", "--dry-run"),
    *("--format", "--to", "--backend", "--memory", "--scheduler", "--help", "--version", "--", "-", "--s", "--no-such"),
)
VALUES = (
    *("relu", "gelu", "x*erf(x)", "lemma-4.1", "theorem-6.3", "figure-2", "run", "show", "export", "rf", "ntk", "zero"),
    *("1", "0", "-1", "50", "1/4", "0.5", "5/9", "1e5", "inf", "20G", "html,pdf", "table", "csv", "a.csv", "digits"),
)
VOCABULARY = (*command_line.COMMANDS * 2, *OPTIONS, *OPTIONS, *VALUES)
_PARSER = arguments.parser()
claims()  # imported now: what a library does while it is imported is not what a command line does


def make(rng: Random) -> bytes:
    """Return words as JSON: mostly a command first, then anything."""
    words = fuzz_text.words(rng, VOCABULARY)
    if rng.random() < 0.8:
        words.insert(0, rng.choice(command_line.COMMANDS))
    return json.dumps(words).encode()


def lay(content: bytes, _folder: Path) -> Callable[[], object]:
    """Return the run of a command line, less what a command that was understood would compute."""
    words = json.loads(content)
    return lambda: _wrong(words)


def _wrong(words: list[str]) -> str | None:
    out, err = io.StringIO(), io.StringIO()
    with (
        patch.object(command_line, "parser", lambda: _PARSER),
        patch.object(commands, "run", _understood),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        status = command_line.main(words)
    said = err.getvalue()
    if status == 0:
        return f"said {said[:100]!a} with status 0" if said else None
    one_line = said.startswith("gammaphi: error: ") and said.endswith("\n") and said[:-1].isprintable()
    if status != 2 or not (one_line or "-v" in words or "--verbose" in words):
        return f"status {status}, and said {said[:200]!a}"
    return None if not out.getvalue() or json.loads(out.getvalue())["status"] == "error" else "an error without a word"


def _understood(args: object, _argv: object, _paint: object) -> Result:
    """Look at the names that a command was given, as it would, and compute nothing."""
    if args.extra is not None and not args.extra.exists():
        raise ValueError(f"--with {args.extra}: there is no such file or folder")
    if args.command == "explain":
        return Result(
            status=Status.PASS, data=None, text=text.explained(args.claim, find_claim(args.claim, args.extra))
        )
    for name in [args.activation] if getattr(args, "activation", None) else getattr(args, "activations", None) or []:
        find_activation(name, args.extra)
    return Result(status=Status.PASS, data=None, text="")
