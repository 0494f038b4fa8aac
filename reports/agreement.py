"""How near the law comes to what was sampled: the points within a standard deviation, and those far outside."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from theory.setting import Setting

FAR = 4.0
"""Standard errors of a mean from which on a point is named.  Of ten trials and a law that is right, one in 300."""
NAMED = 8
"""Points that are named, the farthest first; of more there is the number."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """One quantity at one setting: the mean of so many trials, the deviation of one of them, and the law.

    `share_of` is how many samples an accuracy is a share of, None for what is no accuracy.
    """

    setting: Setting
    name: str
    mean: float
    sd: float
    trials: int
    law: float
    law_error: float
    share_of: int | None

    @property
    def spread(self) -> float:
        """Standard deviation of a trial; where all trials agree, that of a share of independent samples by the law.

        All of a hundred samples may well be right where the law has one wrong: no deviation at all says too much.
        """
        if self.sd or self.share_of is None:
            return self.sd
        return math.sqrt(max(self.law * (1 - self.law), 0) / self.share_of)

    @property
    def deviations(self) -> float:
        """Distance of mean and law in standard errors of their difference."""
        error = math.hypot(self.spread / math.sqrt(self.trials), self.law_error)
        off = abs(self.mean - self.law)
        return off / error if error else (math.inf if off else 0.0)

    @property
    def near(self) -> bool:
        """Whether the law lies within one standard deviation of a trial."""
        return abs(self.mean - self.law) <= self.spread

    def __str__(self) -> str:
        at = self.setting
        return (
            f"{self.name} of {at.kernel.upper()} {at.activation.name}, N = {at.n}, alpha = {at.alpha}: "
            f"{self.mean:.4f}, law {self.law:.4f}, {self.deviations:.1f} standard errors"
        )


def agreement(points: Sequence[Point]) -> tuple[str, ...]:
    """Return in a sentence how many points are near the law, and a line for each that is far."""
    if not points:
        return ()
    far = sorted((point for point in points if point.deviations > FAR), key=lambda point: -point.deviations)
    counted = (
        f"Of {len(points)} sampled points the law lies within one standard deviation of a trial at "
        f"{sum(point.near for point in points)}, and within {FAR:g} standard errors of the mean at "
        f"{len(points) - len(far)}."
    )
    more = (f"and {len(far) - NAMED} more",) if len(far) > NAMED else ()
    return (counted, *(f"outside: {point}" for point in far[:NAMED]), *more)
