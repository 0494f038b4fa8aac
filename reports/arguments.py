"""What can be typed after `gammaphi`, and nothing of what it does.

Only the standard library is imported, so that `--help` answers at once.
"""

from __future__ import annotations

import argparse
from fractions import Fraction
from typing import NoReturn

from . import arguments_rare, arguments_report, arguments_shortcuts
from .argument_types import memory, path, positive, share, whole, width
from .envelope import version

_POOLS = "digits, mnist:DIR, cifar10:DIR or a FILE.npz of x, y, g"


class Parser(argparse.ArgumentParser):
    """An argument parser that raises ValueError: one boundary, in `command_line`, decides how an error is told."""

    def error(self, message: str) -> NoReturn:
        """Raise `message` as ValueError."""
        raise ValueError(message)


def parser() -> Parser:
    """Return the parser of all commands."""
    top = Parser(
        prog="gammaphi",
        description="Is this theorem true, at which size, and how do you know?",
        epilog="exit status: 0 all as stated, 1 a statement failed, 2 usage or bad input, 3 undecided, "
        "4 internal error, 130 interrupted",
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"gammaphi {version('gammaphi')}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _verify(commands)
    _derive(commands)
    _freeze(commands)
    _order(commands)
    _measure(commands)
    _predict(commands)
    _compare(commands)
    _figures(commands)
    _shortcuts(commands)
    _rare(commands)
    _sweep(commands)
    _report(commands)
    _command(commands, "cite", "print the BibTeX of the paper and of this software", json=True, extra=False)
    _command(commands, "list", "name the claims and the activations", json=True)
    explain = _command(commands, "explain", "say what a claim states, and how it would be checked", json=False)
    explain.add_argument("claim", metavar="CLAIM")
    return top


def _command(
    commands: argparse._SubParsersAction[Parser], name: str, what: str, *, json: bool, extra: bool = True
) -> Parser:
    made = commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.", allow_abbrev=False)
    if json:
        made.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    loudness = made.add_mutually_exclusive_group()
    loudness.add_argument("-q", "--quiet", action="store_true", help="no progress")
    loudness.add_argument("-v", "--verbose", action="store_true", help="progress line by line; tracebacks")
    made.set_defaults(extra=None)
    if extra:
        made.add_argument("--with", dest="extra", metavar="PATH", type=path, help="your own claims, activations")
    return made


def _verify(commands: argparse._SubParsersAction[Parser]) -> None:
    made = _command(commands, "verify", "check claims, each with its wrong twins", json=True)
    made.add_argument(
        "claims", nargs="*", metavar="CLAIM", help="names of claims, or patterns: 'theorem-*' (default: all)"
    )
    made.add_argument("--claims", dest="own", metavar="FILE", type=path, help="judge your own claims, and only those")
    made.add_argument("--mutants", action="store_true", help="judge claims one slip away: each must be refuted")
    _effort(made)
    made.add_argument("--seed", type=whole(0), default=0, help="seed of all random experiments (default: 0)")
    made.add_argument("--report", type=path, metavar="DIR", help="write DIR/report.html and DIR/report.json")


def _report(commands: argparse._SubParsersAction[Parser]) -> None:
    what = "write one report on claims, activations and the law, in every format"
    made = _command(commands, "report", what, json=True)
    arguments_report.add(made)
    _effort(made)
    _seed(made)
    made.add_argument("--law", type=whole(0), metavar="COUNT", help="random settings the law is held against; 0: none")


def _effort(made: Parser) -> None:
    effort = made.add_mutually_exclusive_group()
    for name, what in (("quick", "fewer trials, coarser"), ("full", "more trials, finer")):
        effort.add_argument(f"--{name}", dest="effort", action="store_const", const=name, default="normal", help=what)


def _derive(commands: argparse._SubParsersAction[Parser]) -> None:
    made = _command(
        commands, "derive", "derive the Hermite series, the dual and the gammas of an activation", json=True
    )
    made.add_argument("activation", metavar="ACTIVATION", help="a name, or an expression in x such as 'x*erf(x)'")
    _certified(made)
    made.add_argument(
        "--query", default="resample", choices=("resample", "zero"), help="zero: also the query with x = 0"
    )
    made.add_argument("--depth", type=whole(1), metavar="L", help="also the kernels of networks with L hidden layers")
    made.add_argument("--steps", action="store_true", help="print the derivation, each step checked")
    made.add_argument(
        "--report", type=path, metavar="DIR", help="write DIR/report.html and DIR/report.json, with steps"
    )


def _certified(made: Parser) -> None:
    """Add where gammas are evaluated, and to how many digits."""
    made.add_argument(
        "--at",
        nargs="+",
        type=share,
        default=[Fraction(1, 4), Fraction(1, 2)],
        metavar="ALPHA",
        help="shares of spurious dimensions, decimal or fraction (default: 1/4 1/2)",
    )
    made.add_argument("--digits", type=whole(1), default=30, metavar="N", help="certified digits (default: 30)")


def _freeze(commands: argparse._SubParsersAction[Parser]) -> None:
    made = _command(commands, "freeze", "write formulas and claims to a golden file that pytest checks", json=True)
    made.add_argument("activations", nargs="*", metavar="ACTIVATION", help="names or expressions")
    made.add_argument("--out", required=True, type=path, metavar="FILE", help="pytest collects *.gammaphi.json")
    _certified(made)
    made.add_argument("--claims", dest="own", metavar="FILE", type=path, help="also freeze the claims of this file")
    _effort(made)
    _seed(made)


def _order(commands: argparse._SubParsersAction[Parser]) -> None:
    made = _command(commands, "order", "compare gamma of activations at every alpha", json=True)
    made.add_argument("activations", nargs="*", metavar="ACTIVATION", help="names or expressions (default: all)")
    made.add_argument(
        "--law",
        default="rf-lower",
        choices=("rf-lower", "rf-upper", "ntk-lower", "ntk-upper"),
        help="random or tangent features, many or few samples for each dimension (default: rf-lower)",
    )


def _measure(commands: argparse._SubParsersAction[Parser]) -> None:
    made = _command(commands, "measure", "sample the alignment and the accuracies at one setting", json=True)
    _one_setting(made)
    made.add_argument("--data", default="sphere", help=f"sphere (default), gaussian, {_POOLS}")
    made.add_argument("--trials", type=whole(1), default=20, metavar="T", help="independent trials (default: 20)")
    made.add_argument("--tests", type=whole(1), default=500, metavar="T", help="test points of a trial (default: 500)")
    _seed(made)
    made.add_argument("--dry-run", action="store_true", help="only say what it would cost")
    _engine(made)


def _engine(made: Parser) -> None:
    """Add with what a trial is computed."""
    made.add_argument(
        "--precision",
        default="double",
        choices=("double", "mixed"),
        help="mixed: features in single precision, where their estimated error allows it (default: double)",
    )
    made.add_argument(
        "--backend",
        default="numpy",
        choices=("numpy", "torch", "torch:cuda", "cupy", "jax"),
        help="array library (default: numpy)",
    )
    made.add_argument("--memory", type=memory, metavar="M", help="bytes a trial may use, such as 20G (default: all)")


def _predict(commands: argparse._SubParsersAction[Parser]) -> None:
    made = _command(commands, "predict", "say what the alignment law expects at one setting", json=True)
    _one_setting(made)
    made.add_argument("--data", default="sphere", help=f"sphere (default); or, from a pool, gaussian, {_POOLS}")
    made.add_argument("--pool", type=whole(2), metavar="M", help="samples, more than N, that the law is read off")
    _seed(made)


def _compare(commands: argparse._SubParsersAction[Parser]) -> None:
    made = _command(commands, "compare", "hold the alignment law, and its rivals, against sampling", json=True)
    _model(made, required=False)
    made.add_argument("--d", type=whole(1), metavar="D", help="dimensions in all")
    made.add_argument("--n", nargs="+", type=whole(1), metavar="N", help="samples, each with every alpha")
    made.add_argument("--alpha", nargs="+", type=share, metavar="A", help="shares of spurious dimensions")
    made.add_argument("--design", type=whole(1), metavar="COUNT", help="random settings in place of those options")
    made.add_argument(
        "--error", type=positive, default=0.002, metavar="E", help="wanted standard error of the mean (default: 0.002)"
    )
    made.add_argument("--trials", type=whole(1), default=400, metavar="T", help="trials at most (default: 400)")
    _seed(made)
    made.add_argument("--report", type=path, metavar="DIR", help="write DIR/report.html and DIR/report.json")


def _figures(commands: argparse._SubParsersAction[Parser]) -> None:
    made = _command(
        commands, "figures", "draw the paper's Figures 2, 6 and 7 from the law, and from samples", json=True
    )
    made.add_argument(
        "--report", required=True, type=path, metavar="DIR", help="write DIR/report.html and DIR/report.json"
    )
    made.add_argument("--sampled", action="store_true", help="also sample them, at a tenth of the size (minutes)")
    made.add_argument("--full", action="store_true", help="sample them at the paper's own size (hours)")
    made.add_argument("--images", metavar="DATA", help="digits (default), or your own: mnist:DIR or cifar10:DIR")
    made.add_argument("--jobs", type=whole(1), metavar="J", help="processes that sample (default: 1, this one)")
    made.add_argument("--resume", action="store_true", help="go on with the ledgers that are in DIR")
    _seed(made)


def _shortcuts(commands: argparse._SubParsersAction[Parser]) -> None:
    what = "say which eigenfunctions of your samples carry the label and a shortcut, and how fast they are learned"
    arguments_shortcuts.add(_command(commands, "shortcuts", what, json=True))


def _rare(commands: argparse._SubParsersAction[Parser]) -> None:
    what = "stamp a pattern on a few of your samples: how many teach it, and whether deletion removes it"
    arguments_rare.add(_command(commands, "rare", what, json=True))


def _sweep(commands: argparse._SubParsersAction[Parser]) -> None:
    what = "run trials over grids of settings, on many processes or machines, and resume them"
    actions = commands.add_parser("sweep", help=what, description=f"{what.capitalize()}.", allow_abbrev=False)
    kinds = actions.add_subparsers(dest="action", required=True, metavar="ACTION")
    # without --with: a ledger must say by itself what its activations are, to every worker, today and later
    made = _command(kinds, "run", "run a sweep, each finished trial into a ledger", json=True, extra=False)
    made.add_argument(
        "spec",
        type=path,
        metavar="SPEC",
        help="a file SPEC.toml of grids (docs/sweeps.md); where there is no file of this name, an experiment that the "
        "package brings: figure-2, figure-6, figure-7, figure-2-full, ...",
    )
    made.add_argument("--out", type=path, metavar="FILE", help="the ledger, which is never overwritten")
    made.add_argument("--dry-run", action="store_true", help="only say what it would cost; needs no --out")
    made.add_argument(
        "--images", metavar="DATA", help="mnist:DIR or cifar10:DIR in place of what SPEC says of its data"
    )
    made.add_argument("--resume", action="store_true", help="go on with FILE, or begin it if there is none")
    where = made.add_mutually_exclusive_group()
    where.add_argument("--jobs", type=whole(1), default=1, metavar="J", help="processes (default: 1, this one)")
    where.add_argument("--scheduler", metavar="ADDRESS", help="of a Dask cluster, such as tcp://host:8786")
    made = _command(kinds, "show", "say cell by cell what a ledger holds", json=True, extra=False)
    made.add_argument("file", type=path, metavar="FILE")
    made.add_argument("--format", choices=("table", "csv"), default="table", help="means by cell (default), or trials")
    made = _command(kinds, "export", "write all trials of a ledger as one table", json=True, extra=False)
    made.add_argument("file", type=path, metavar="FILE")
    made.add_argument("--to", required=True, type=path, metavar="TABLE", help="a file .csv or .parquet")


def _one_setting(made: Parser) -> None:
    _model(made, required=True)
    made.add_argument("--d", required=True, type=whole(1), metavar="D", help="dimensions in all")
    made.add_argument("--n", required=True, type=whole(1), metavar="N", help="samples")
    made.add_argument("--alpha", required=True, type=share, metavar="A", help="share of spurious dimensions")


def _model(made: Parser, *, required: bool) -> None:
    """Add what is trained and asked; an option that was not given is None, so that `--design` can refuse it."""
    made.add_argument("--kernel", required=required, choices=("rf", "ntk", "nngp-deep", "ntk-deep"))
    made.add_argument("--activation", required=required, metavar="A", help="a name, or an expression in x")
    made.add_argument("--depth", type=whole(1), metavar="L", help="hidden layers of a deep kernel")
    made.add_argument("--width", type=width, default=None, metavar="K", help="neurons, or inf (default)")
    made.add_argument("--query", choices=("resample", "zero"), help="what replaces x (default: resample)")


def _seed(made: Parser) -> None:
    made.add_argument("--seed", type=whole(0), default=0, metavar="S", help="default: 0")
