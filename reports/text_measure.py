"""What `measure` found, or would cost, for the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from numerics.engine import Precision
from numerics.plan import GIB, Plan
from theory.setting import Setting

from .text import QUANTITIES, aligned


def measured(at: Setting, numbers: Mapping[str, float | int | str], *, seed: int) -> str:
    """Return the means of a measurement, each with one standard error over the trials."""
    rows = [(name, f"{numbers[key]:.5f}", f"{numbers[f'{key}_se']:.1g}") for key, name in QUANTITIES.items()]
    bounds = (
        f"training residual at most {numbers['training_residual']:.1e}, "
        f"smallest eigenvalue {numbers['smallest_eigenvalue']:.2g}, condition {numbers['condition']:.2g}, "
        f"moved by rounding at most {numbers['error_bound']:.1g}"
    )
    if numbers["precision_error"]:
        bounds += (
            f"\nfeatures in {numbers['precision']} precision; in mixed precision an alignment is estimated to err by "
            f"{numbers['precision_error']:.1g}"
        )
    table = aligned(("", "mean", "standard error"), rows)
    return "\n".join([str(at), "", *table, "", bounds, f"{numbers['trials']} trials, seed {seed}"]) + "\n"


def planned(cost: Plan, rates: Mapping[Precision, float], *, trials: int) -> str:
    """Return what a measurement would cost: operations, memory, and minutes at the speed that was just found."""
    work = [(name, f"{count:.2g}", cost.engine.precision) for name, count in cost.operations.items()]
    work.append(("inverse and solves", f"{cost.solving:.2g}", Precision.DOUBLE))
    memory = [(name, f"{size / GIB:.3g} GiB") for name, size in cost.memory.items()]
    each = cost.minutes(features=rates[cost.engine.precision], solving=rates[Precision.DOUBLE])
    speeds = ", ".join(f"{rate / 1e9:.0f} Gflop/s {precision}" for precision, rate in rates.items())
    lines = [
        str(cost.setting),
        "",
        *aligned(("operations of a trial", "", "precision"), work),
        "",
        *aligned(("memory", ""), [*memory, ("in all", f"{sum(cost.memory.values()) / GIB:.3g} GiB")]),
        *(["of which the queries on disk"] if cost.queries_on_disk else []),
        "",
        f"about {each:.2g} minutes a trial, {trials * each:.2g} for {trials}, at the speed just found ({speeds})",
    ]
    return "\n".join(lines) + "\n"
