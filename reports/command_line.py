"""`gammaphi`: parse, run one command, print its result, and turn whatever goes wrong into one line and an exit code.

Results go to stdout and everything else to stderr; under `--json` stdout holds one JSON document, errors included.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass

from .arguments import parser
from .envelope import Json, Status, dumps, envelope, provenance
from .terminal import painter

EXIT = {Status.PASS: 0, Status.FAIL: 1, Status.INCONCLUSIVE: 3}
BAD_INPUT, INTERNAL, INTERRUPTED, CLOSED_PIPE = 2, 4, 130, 141
COMMANDS = (
    "verify",
    "derive",
    "freeze",
    "order",
    "measure",
    "predict",
    "compare",
    "figures",
    "report",
    "cite",
    "shortcuts",
    "rare",
    "sweep",
    "list",
    "explain",
)


@dataclass(frozen=True, kw_only=True)
class Request:
    """What was typed, as far as it can be known before it is parsed: an error must be told in the right form too."""

    argv: tuple[str, ...]

    @property
    def json(self) -> bool:
        """Whether stdout is to hold JSON and nothing else."""
        return "--json" in self._options

    @property
    def verbose(self) -> bool:
        """Whether tracebacks are wanted."""
        return bool({"-v", "--verbose"} & set(self._options))

    @property
    def command(self) -> str:
        """The command, or `error` where there is none."""
        return self.argv[0] if self.argv and self.argv[0] in COMMANDS else "error"

    @property
    def _options(self) -> tuple[str, ...]:
        return self.argv[: self.argv.index("--")] if "--" in self.argv else self.argv


def main(argv: list[str] | None = None) -> int:
    """Run `gammaphi argv` (default: the arguments of this process) and return its exit code."""
    request = Request(argv=tuple(sys.argv[1:] if argv is None else argv))
    try:
        code = _answer(request)
        sys.stdout.flush()
    except BrokenPipeError:
        _nothing_more()  # the reader (`| head`) has gone: not an error of ours
        return CLOSED_PIPE
    except KeyboardInterrupt:  # while the result was printed
        return _silenced("interrupted", INTERRUPTED)
    except OSError as error:
        return _silenced(f"the result cannot be printed: {error.strerror or error}", BAD_INPUT)
    return code


def _silenced(message: str, code: int) -> int:
    """Tell what ended the printing, if anybody can be told, and print nothing more."""
    with contextlib.suppress(OSError):
        print(f"gammaphi: error: {message}", file=sys.stderr)
    _nothing_more()
    return code


def _nothing_more() -> None:
    """Let whatever is still to be printed vanish: Python would flush once more at exit, and fail."""
    with contextlib.suppress(OSError, ValueError, io.UnsupportedOperation):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _answer(request: Request) -> int:
    seed: int | None = None
    try:
        args = parser().parse_args(request.argv)
        seed = getattr(args, "seed", None)
        commands = importlib.import_module("reports.commands")  # here: whatever computes is imported by its command
        paint = painter(sys.stdout)
        with contextlib.redirect_stdout(sys.stderr):  # a claim that prints must not spoil the document
            result = commands.run(args, request.argv, paint)
    except SystemExit as stop:  # --help and --version have spoken
        return int(stop.code or 0)
    except KeyboardInterrupt:
        return _fail(request, seed, "interrupted", INTERRUPTED)
    except MemoryError as error:
        return _fail(request, seed, f"not enough memory: {error}", BAD_INPUT)
    except (ValueError, OSError) as error:
        return _fail(request, seed, str(error), BAD_INPUT)
    except Exception as error:  # noqa: BLE001 - the boundary: nothing may leave it but a line and a code
        return _fail(request, seed, f"internal error: {type(error).__name__}: {error}", INTERNAL)
    if request.json:
        _print(request, result.status, result.data, result.diagnostics, seed)
    else:
        sys.stdout.write(result.text)
    for line in result.diagnostics:
        print(f"gammaphi: {line}", file=sys.stderr)
    return EXIT[result.status]


def _fail(request: Request, seed: int | None, message: str, code: int) -> int:
    if request.verbose and code != INTERRUPTED:
        traceback.print_exc()
    line = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in " ".join(message.split()))
    print(f"gammaphi: error: {line}", file=sys.stderr)
    if request.json:
        _print(request, Status.ERROR, None, [line], seed)
    return code


def _print(request: Request, status: Status, data: Json, diagnostics: Sequence[str], seed: int | None) -> None:
    document = envelope(
        request.command,
        status=status,
        data=data,
        diagnostics=diagnostics,
        provenance=provenance(request.argv, seed),
    )
    sys.stdout.write(dumps(document))
