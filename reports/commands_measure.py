"""The command `measure`: sample one setting, or say what that would cost."""

# ruff: noqa: PLC0415 - as in `commands`: each command pays only for the layers that it uses

from __future__ import annotations

import argparse

from numerics.engine import Engine, Precision
from numerics.plan import plan, speed
from numerics.trials import RESIDUAL
from theory.setting import Setting

from . import records, text_measure
from .commands import Result, setting_of
from .envelope import Status


def measure(args: argparse.Namespace) -> Result:
    """Sample one setting."""
    from numerics.measurement import measure as sample

    setting = setting_of(args, n=args.n, alpha=args.alpha, data=args.data)
    engine = Engine(backend=args.backend, precision=Precision(args.precision), memory=args.memory)
    if args.dry_run:
        return _planned(setting, engine, args)
    found = sample(setting, trials=args.trials, seed=args.seed, tests=args.tests, engine=engine)
    diagnostics = []
    if not found.worst_training_residual <= RESIDUAL:  # so written that NaN is a miss
        diagnostics.append(f"a fit misses its labels by more than {RESIDUAL:.0e}: nothing is verified by it")
    if found.blurred:
        diagnostics.append(
            f"rounding may have moved these numbers by {found.error_bound:.1e}, more than their standard error: the "
            f"kernel has condition {found.worst_condition:.1e}"
        )
    return Result(
        status=Status.INCONCLUSIVE if diagnostics else Status.PASS,
        data={**found.to_dict(), "setting": records.setting(setting)},
        text=text_measure.measured(setting, found.to_dict(), seed=args.seed),
        diagnostics=tuple(diagnostics),
    )


def _planned(setting: Setting, engine: Engine, args: argparse.Namespace) -> Result:
    cost = plan(setting, engine=engine, tests=args.tests)
    cost.require()
    rates = {precision: speed(precision) for precision in (engine.precision, Precision.DOUBLE)}
    minutes = cost.minutes(features=rates[engine.precision], solving=rates[Precision.DOUBLE])
    return Result(
        status=Status.PASS,
        data={**cost.to_dict(), "minutes_a_trial": minutes, "setting": records.setting(setting)},
        text=text_measure.planned(cost, rates, trials=args.trials),
    )
