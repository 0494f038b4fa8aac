"""`gammaphi verify --mutants`: claims one slip away from ours, each to be refuted by the checks of that claim."""

# ruff: noqa: PLC0415 - the layers that compute are imported when there is something to compute

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from theory.mutants import Mutant, Outcome

from .campaigns import Campaign, Figure, Listing
from .commands import Result
from .envelope import Status
from .terminal import Paint, progress

WANTED = 200
"""Mutants of the whole catalogue, at least."""


def mutants(args: argparse.Namespace, names: Sequence[str], extra: Path | None, paint: Paint) -> Result:
    """Judge the mutants of the named claims; one that survives is a failure."""
    from numerics.experiment import Effort
    from numerics.mutants import mutants as judge

    if args.report is not None:
        raise ValueError("--mutants writes no report; leave --report out")
    with progress(quiet=args.quiet, verbose=args.verbose) as show:
        found = judge(names, seed=args.seed, effort=Effort(args.effort), extra=extra, progress=show)
    data = {"seed": args.seed, "effort": args.effort, "mutants": [asdict(mutant) for mutant in found]}
    return Result(status=_status(found), data=data, text=text(found, paint))


def _status(found: Sequence[Mutant]) -> Status:
    if any(mutant.outcome is Outcome.SURVIVED for mutant in found):
        return Status.FAIL
    return Status.PASS if found else Status.INCONCLUSIVE


def text(found: Sequence[Mutant], paint: Paint) -> str:
    """Return how many of each claim were killed, then by name and with the reason every one that was not."""
    width = max((len(mutant.claim) for mutant in found), default=0)
    lines = [f"{'':{width}}  {'killed':>8}{'equivalent':>12}{'survived':>10}"]
    for claim in dict.fromkeys(mutant.claim for mutant in found):
        count = Counter(mutant.outcome for mutant in found if mutant.claim == claim)
        lines.append(
            f"{claim:{width}}  {count[Outcome.KILLED]:>8}{count[Outcome.EQUIVALENT]:>12}{count[Outcome.SURVIVED]:>10}"
        )
    for outcome, tone in ((Outcome.EQUIVALENT, "dim"), (Outcome.SURVIVED, "bad")):
        rows = [mutant for mutant in found if mutant.outcome is outcome]
        if rows:
            lines += ["", outcome.capitalize()]
            lines += [f"  {mutant.claim}: {mutant.mutant}\n      {paint(mutant.reason, tone)}" for mutant in rows]
    return "\n".join([*lines, "", summary(found), ""])


def summary(found: Sequence[Mutant]) -> str:
    """Return the totals in one sentence."""
    count = Counter(mutant.outcome for mutant in found)
    return (
        f"Of {len(found)} mutants {count[Outcome.KILLED]} were killed, {count[Outcome.EQUIVALENT]} say nothing that is "
        f"false, and {count[Outcome.SURVIVED] or 'none'} survived."
    )


def campaign(found: Sequence[Mutant]) -> Campaign:
    """Return what is kept of a run over the whole catalogue."""
    count = Counter(mutant.outcome for mutant in found)
    claims = dict.fromkeys(mutant.claim for mutant in found)
    return Campaign(
        title="Mutants: claims one slip away, to be refuted",
        words=(
            "From every statement, step and prediction wrong ones are made mechanically: constants scaled, terms "
            "dropped, signs changed, degrees shifted, sums begun later, `alpha` and `1 - alpha`, N and d, `phi` and "
            "`phi'`, the two kernels, the two queries and the Hermite normalisations confused, projectors exchanged, "
            "hypotheses dropped. The checks that pass the claim must refute each. What they do not refute is listed "
            "with the reason why it is not wrong."
        ),
        command="gammaphi verify --mutants",
        figures=(
            Figure(
                what="killed, of those that are not equivalent",
                measured=f"{count[Outcome.KILLED]} of {len(found) - count[Outcome.EQUIVALENT]}",
                target="all",
                met=count[Outcome.SURVIVED] == 0,
            ),
            Figure(what="mutants", measured=str(len(found)), target=f"at least {WANTED}", met=len(found) >= WANTED),
            Figure(
                what="survived", measured=str(count[Outcome.SURVIVED]), target="0", met=count[Outcome.SURVIVED] == 0
            ),
        ),
        listings=(
            Listing(
                title="By claim",
                head=("claim", "killed", "equivalent", "survived"),
                rows=tuple(
                    (name, *(str(sum(m.claim == name and m.outcome is outcome for m in found)) for outcome in Outcome))
                    for name in claims
                ),
            ),
            Listing(
                title="Not refuted, and why",
                head=("claim", "mutant", "reason"),
                rows=tuple((m.claim, m.mutant, m.reason) for m in found if m.outcome is not Outcome.KILLED),
            ),
        ),
    )
