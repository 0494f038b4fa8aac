"""The false alarms of the sampled verdicts, counted over fresh seeds on true statements, and their power on false ones.

python -m tests.campaigns.calibration [--seeds 2000] [--record]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from numerics.confidence import POWER
from numerics.experiment import Observe
from numerics.verification import FALSE_ALARM
from reports.campaigns import Campaign, Figure, Listing, conclude
from theory.claim import Test
from theory.evidence import Curve, Picture
from theory.registry import claims

from . import calibration_looks as looks
from .calibration_cases import ONE, RANDOM, SOURCES, SURPLUS, TANGENT, Case, Source, Table, cases, drawn, looked_up
from .calibration_cases import references as references_of
from .calibration_power import Power, power
from .calibration_rates import (
    LEVELS,
    WRONGLY_OFF,
    Cell,
    Counted,
    Rate,
    alarms,
    any_alarm,
    cells,
    off,
    pooled,
    resampled,
)

FIRST = 10_000
"""The first seed; those of the references begin elsewhere."""
SLACK = 1.5
"""How far the mean rate may lie above the stated one: a t test is exact for Gaussian trials, and ours are skewed."""
COMMAND = "make calibration"
WORDS = (
    "True statements went through the very function that judges a claim's prediction, `examine`, each at {seeds} fresh "
    "seeds, and refutations were counted: predictions of the catalogue's kinds, at sizes small enough to be drawn so "
    "often. A truth is exact (one sample; equation 6) or a reference of {reference} trials at other seeds, whose error "
    "is allowed for. {seeds} seeds do not resolve the rate of a claim, {rate:g}: hence four levels, and means "
    "resampled {tries} times from all trials of a statement. Power is counted at {powered} of the seeds. What it does "
    "not show: the sizes of the claims themselves, nor limits that the fitted form only approximates."
)


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is drawn."""

    seeds: int
    reference: int
    tries: int
    pilots: int
    powered: int
    """Seeds at which power is counted, of all."""


FEWEST = 20
FULL = Size(seeds=2000, reference=40_000, tries=200_000, pilots=20_000, powered=1000)


@dataclass(frozen=True, kw_only=True)
class Found:
    """Everything that was counted."""

    size: Size
    tried: tuple[tuple[Case, Counted], ...]
    tails: tuple[tuple[Case, tuple[Rate, ...]], ...]
    powers: tuple[Power, ...]
    again: tuple[looks.Look, ...]
    predictions: int
    """Of the claims that are to hold, as many as are sampled."""

    @property
    def claimed(self) -> tuple[tuple[Case, Counted], ...]:
        """The statements that are as in the catalogue."""
        return tuple((case, found) for case, found in self.tried if not case.harsh)


def count(size: Size, sources: Sequence[Source] = SOURCES) -> Found:
    """Draw everything once, then examine it."""
    predictions = _sampled_predictions()  # first, for it reads files, which may change while this runs
    seeds = range(FIRST, FIRST + size.seeds)
    table: Table = {key: values for source in sources for key, values in drawn(source, seeds).items()}
    known = {key: mean for source in sources for key, mean in references_of(source, size.reference).items()}
    every, observe = cases(known), looked_up(table, seeds)
    single = [case for case in every if len(case.prediction.settings) == 1]
    return Found(
        size=size,
        tried=tuple((case, alarms(case, seeds, observe)) for case in every),
        tails=tuple((case, tuple(resampled(case, table, tries=size.tries, seed=FIRST))) for case in single),
        powers=tuple(power(case, table, seeds[: size.powered], observe) for case in every if _for_power(case)),
        again=(*looks.pilots(size.pilots, FIRST), _repeated(every, seeds, observe)),
        predictions=predictions,
    )


def _for_power(case: Case) -> bool:
    """Say which statements are shifted: one of each kind, the longest where there are several."""
    asked, first = case.prediction, case.prediction.settings[0]
    return (first, asked.observable, asked.test, case.trials) in {
        (RANDOM, "alignment", Test.EQUAL, 48),
        (RANDOM, "alignment", Test.AT_LEAST, 48),
        (RANDOM, "alignment", Test.AT_MOST, 48),
        (RANDOM, SURPLUS, Test.EQUAL, 60),
        (TANGENT, "alignment", Test.EQUAL, 24),
        (ONE[0], "alignment", Test.LIMIT, 32),
    }


def _repeated(every: Sequence[Case], seeds: Sequence[int], observe: Observe) -> looks.Look:
    """Repeat a case with more effort: 15 trials, which a quick run makes 6 and a full one 60."""
    case = next(c for c in every if c.prediction.settings == (RANDOM,) and c.prediction.test is Test.EQUAL)
    return looks.efforts(case, seeds, observe, trials=15)


def campaign(found: Found) -> Campaign:
    """Return the figures, with what was asked of them."""
    every = cells(found.claimed)
    wrong = off(every)
    shares = pooled(found.claimed)
    size, chance = found.size, WRONGLY_OFF / (2 * len(found.powers))
    return Campaign(
        title="False alarms and power of the sampled verdicts",
        words=WORDS.format(
            seeds=size.seeds,
            reference=f"{size.reference:,}",
            tries=f"{size.tries:,}",
            powered=size.powered,
            rate=FALSE_ALARM,
        ),
        command=COMMAND,
        figures=(
            Figure(
                what=f"statements refuted too often, of {len(found.claimed)} at {len(LEVELS)} levels",
                measured=f"{len(wrong)} of {len(every)}" + "".join(f"; {_named(cell)}" for cell in wrong),
                target="none, by an exact test with a chance of .05 for all of them together",
                met=not wrong,
            ),
            *(_mean_rate(level, *share) for level, share in zip(LEVELS, shares, strict=True)),
            *_tails(found),
            _family(found),
            _of_a_run(found.predictions),
            *(_passed(one, chance) for one in found.powers),
            *(_strong(one, chance) for one in found.powers),
            *(_look(look) for look in found.again),
        ),
        listings=(_listing("Rates of refusal of true statements", found.tried), _resampled_listing(found)),
        pictures=(_picture(shares), *(one.picture() for one in found.powers)),
    )


def _named(cell: Cell) -> str:
    return f"{cell.case.name} at {cell.level:g}: {cell.rate}"


def _mean_rate(level: float, mean: float, error: float) -> Figure:
    low = max(0.0, mean - 1.96 * error)
    return Figure(
        what=f"mean rate of refusal of all of them, where {level:g} is stated",
        measured=f"{mean:.2g} ({low:.2g} to {mean + 1.96 * error:.2g}, the seed being the unit)",
        target=f"an interval that reaches down to {SLACK * level:.2g}: t tests of skewed trials are not exact",
        met=low <= SLACK * level,
    )


def _tails(found: Found) -> tuple[Figure, ...]:
    """Return the largest tail at the rate of a claim, and apart from it that of the statements no claim makes."""
    figures = []
    for harsh, whose in ((False, "as claims are judged"), (True, "few trials of skewed numbers, in no claim")):
        rates = [(rates[LEVELS.index(FALSE_ALARM)], case) for case, rates in found.tails if case.harsh is harsh]
        worst, case = max(rates, key=lambda pair: pair[0].alarms)
        figures.append(
            Figure(
                what=f"largest rate by resampling, where {FALSE_ALARM:g} is stated, {whose}",
                measured=f"{worst} ({case.name})",
                target="told, not bounded: it is how far skewed trials take a t test from what it states",
                met=True,
            )
        )
    return tuple(figures)


def _family(found: Found) -> Figure:
    rate = any_alarm(found.claimed)[LEVELS.index(FALSE_ALARM)]
    promised = len(found.claimed) * FALSE_ALARM
    return Figure(
        what=f"seeds with any false alarm among these {len(found.claimed)} statements, each at {FALSE_ALARM:g}",
        measured=str(rate),
        target=f"an interval that reaches down to {promised:.2g}, their sum",
        met=rate.interval[0] <= promised,
    )


def _sampled_predictions() -> int:
    predictions = [p for claim in claims().values() if claim.expected is None for p in claim.predictions]
    return sum(p.test is not Test.IDENTITY for p in predictions)


def _of_a_run(sampled: int) -> Figure:
    return Figure(
        what="chance that a run of every claim has a false alarm, by the stated rates",
        measured=f"at most {sampled * FALSE_ALARM:.2g}: {sampled} sampled predictions at {FALSE_ALARM:g}",
        target="below .005; a sum, which supposes that each rate is what it states",
        met=sampled * FALSE_ALARM < 0.005,
    )


def _passed(one: Power, chance: float) -> Figure:
    rate = one.passed(1.0)
    return Figure(
        what=f"off by the resolution and yet SAMPLED: {one.case.name}",
        measured=str(rate),
        target=f"at most {1 - POWER:.2g}, tested as above",
        met=not rate.above(1 - POWER, chance=chance),
    )


def _strong(one: Power, chance: float) -> Figure:
    rate = one.refuted(1.0)
    unseen = Rate(alarms=rate.tries - rate.alarms, tries=rate.tries)
    which = "of the runs strong enough to pass" if one.promised == POWER else "of all runs"
    return Figure(
        what=f"off by the resolution and refuted, {which}: {one.case.name}",
        measured=str(rate),
        target=f"at least {one.promised:g}, tested as above",
        met=rate.tries > 0 and not unseen.above(1 - one.promised, chance=chance),
    )


def _look(look: looks.Look) -> Figure:
    stated = ", ".join(f"{rate} at {level:g}" for level, rate in zip(LEVELS, look.rates, strict=True))
    return Figure(what=f"several looks: {look.name}", measured=stated, target=look.target, met=look.met)


def _listing(title: str, tried: Sequence[tuple[Case, Counted]]) -> Listing:
    found = cells(tried)
    rows = [found[i : i + len(LEVELS)] for i in range(0, len(found), len(LEVELS))]
    return Listing(
        title=title,
        head=("statement", *(f"{level:g} stated" for level in LEVELS)),
        rows=tuple(
            (_labelled(row[0].case), *(f"{cell.rate.alarms} of {cell.rate.tries}: {cell.rate}" for cell in row))
            for row in rows
        ),
    )


def _resampled_listing(found: Found) -> Listing:
    return Listing(
        title=f"The same by {found.size.tries:,} resampled means",
        head=("statement", *(f"{level:g} stated" for level in LEVELS)),
        rows=tuple((_labelled(case), *map(str, rates)) for case, rates in found.tails),
    )


def _labelled(case: Case) -> str:
    return case.name + (" (in no claim)" if case.harsh else "")


def _picture(shares: Sequence[tuple[float, float]]) -> Picture:
    means, errors = zip(*shares, strict=True)
    return Picture(
        title="false alarms, all statements together",
        x_label="stated rate",
        y_label="measured rate",
        curves=(
            Curve(label="mean over statements", x=LEVELS, y=means, error=errors),
            Curve(label="as stated", x=LEVELS, y=LEVELS, role="law"),
        ),
        log_x=True,
        log_y=all(mean > error for mean, error in shares),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Count, print, and record if that is asked for."""
    parser = argparse.ArgumentParser(prog="calibration", description=__doc__)
    parser.add_argument("--seeds", type=int, default=FULL.seeds)
    parser.add_argument("--record", action="store_true")
    asked = parser.parse_args(arguments)
    if asked.seeds < FEWEST:
        parser.error(f"--seeds {asked.seeds}: at least {FEWEST} are needed for a rate to mean anything")
    share = asked.seeds / FULL.seeds
    scaled = {
        name: max(200, round(share * getattr(FULL, name))) for name in ("reference", "tries", "pilots", "powered")
    }
    made = campaign(count(Size(seeds=asked.seeds, **scaled)))
    return conclude("calibration", made, keep=asked.record)


if __name__ == "__main__":
    sys.exit(main())
