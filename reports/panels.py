"""The pictures that a sweep makes, read off its cells: which settings belong to one curve, and what it runs along."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from theory.setting import Setting

EIGHT = 8
"""Points of the law in a factor of ten in N."""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Named families of settings, each along N or along alpha."""

    title: str
    families: Mapping[str, tuple[Setting, ...]]
    along_alpha: bool

    def place(self, setting: Setting) -> float:
        """Return where a setting lies on the axis."""
        return float(setting.alpha) if self.along_alpha else float(setting.n)

    def curve(self, name: str) -> tuple[Setting, ...]:
        """Return where the law is drawn: at the settings of a family, and along N between them too."""
        family = self.families[name]
        if self.along_alpha:
            return family
        sizes = [setting.n for setting in family]
        first, last = (EIGHT * math.log10(bound) for bound in (min(sizes), max(sizes)))
        between = (round(10 ** (step / EIGHT)) for step in range(math.ceil(first), math.floor(last) + 1))
        return tuple(replace(family[0], n=n) for n in sorted({*sizes, *between}))


def panels(settings: Sequence[Setting]) -> list[Panel]:
    """Return one panel along alpha where there is one N alone, else a panel along N for each alpha.

    A family is an activation, or where there is one alone a kernel.
    """
    alphas = dict.fromkeys(setting.alpha for setting in settings)
    sizes = dict.fromkeys(setting.n for setting in settings)
    by_activation = len({setting.activation for setting in settings}) > 1

    def families(chosen: Sequence[Setting]) -> dict[str, tuple[Setting, ...]]:
        names = [one.activation.name if by_activation else one.kernel.upper() for one in chosen]
        return {
            name: tuple(one for one, own in zip(chosen, names, strict=True) if own == name)
            for name in dict.fromkeys(names)
        }

    if len(sizes) == 1 and len(alphas) > 1:
        return [Panel(title=f"N = {settings[0].n}", families=families(settings), along_alpha=True)]
    return [
        Panel(
            title=f"alpha = {alpha}",
            families=families([setting for setting in settings if setting.alpha == alpha]),
            along_alpha=False,
        )
        for alpha in alphas
    ]
