"""The paper's synthetic Figures 2, 6 and 7 from the alignment law alone, and beside samples at a tenth of the size.

The paper draws Gaussian data; the law is for x and y uniform on spheres, and the samples here are too.  Neurons are
scaled down with d for random features (Figure 2), and kept for tangent features (Figure 6), which need more parameters
`k d` than samples.  Figure 7 keeps N/d.

References
    bombari2024
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

from numerics.measurement import Measurement, measure
from numerics.prediction import Predicted, predict_all
from theory.activations import PHI2, PHI4, RELU, TANGENT_PHI2, TANGENT_PHI4, Activation
from theory.evidence import Curve, Picture
from theory.setting import Kernel, Setting
from theory.sizes import bound, low

from . import text_law
from .collect import versions
from .document import PaperFigures, Plate
from .envelope import Json

SHOWN = {"test_accuracy": "test accuracy", "spurious_accuracy": "spurious accuracy", "gamma": "gamma"}
ALPHAS = (Fraction(1, 4), Fraction(1, 2))
TRIALS = 10
WIDTH = (
    " The mean of the law is that of infinite width: at d = 100, N = 50, alpha = 1/2 and 100 neurons the alignment of "
    "phi_4 was sampled at .282 (2), where the law is .259; at 1600 neurons, at .259 (1)."
)
"""What a reader of Figure 6 must know."""

Show = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Size:
    """One size of all figures: dimensions, neurons of both models, N of Figures 2 and 6, N and alphas of Figure 7."""

    d: int
    random: int
    tangent: int
    samples: tuple[int, ...]
    few: int
    shares: tuple[int, ...]
    """Spurious dimensions along Figure 7."""
    sampled: tuple[int, ...] = ()
    """Of all N, those where samples are drawn."""


FULL = Size(
    d=1000,
    random=100_000,
    tangent=100,
    samples=tuple(round(10 ** (1 + i / 8)) for i in range(25)),
    few=200,
    shares=tuple(range(50, 1000, 50)),
)
REDUCED = Size(
    d=100,
    random=10_000,
    tangent=100,
    samples=(10, 14, 20, 28, 40, 50, 70, 100, 140, 200, 280, 400, 500, 700, 1000),
    few=20,
    shares=tuple(range(10, 100, 10)),
    sampled=(10, 20, 50, 100, 200, 500, 1000),
)


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Named families of settings, each along N or along alpha."""

    title: str
    families: Mapping[str, tuple[Setting, ...]]
    along_alpha: bool = False

    def place(self, setting: Setting) -> float:
        """Return where a setting lies on the axis."""
        return float(setting.alpha) if self.along_alpha else float(setting.n)


def plates(*, sampled: bool, seed: int, progress: Show | None = None) -> list[Plate]:
    """Return the figures at the paper's size, and at the reduced size with samples if these are wanted."""
    drawn = [_plate(title, FULL, panels, {}) for title, panels in _figures(FULL).items()]
    if not sampled:
        return drawn
    reduced = _figures(REDUCED)
    wanted = [setting for setting in _settings(chain.from_iterable(reduced.values())) if setting.n in REDUCED.sampled]
    measured = _measure(wanted, seed, progress)
    return drawn + [_plate(title, REDUCED, panels, measured) for title, panels in reduced.items()]


def page(drawn: Sequence[Plate], *, provenance: Mapping[str, Json]) -> PaperFigures:
    """Return the report that shows the figures."""
    return PaperFigures(
        title="The paper's synthetic figures, from the law",
        summary=f"Every curve is computed and has no free parameter. {text_law.HEURISTIC} Its data are uniform on "
        "spheres, where the paper has Gaussian ones; limits and bounds that the paper states are drawn as stated.",
        tone="good",
        plates=tuple(drawn),
        provenance=versions(provenance),
        command=str(provenance["command"]),
    )


def _figures(size: Size) -> dict[str, list[Panel]]:
    """Return the panels of each figure."""
    pairs = {
        "Figure 2: random features": (Kernel.RF, {"phi_2": PHI2, "phi_4": PHI4}),
        "Figure 6: tangent features": (Kernel.NTK, {"phi_2": TANGENT_PHI2, "phi_4": TANGENT_PHI4}),
    }
    figures = {
        title: [_along_samples(size, kernel, activations, alpha) for alpha in ALPHAS]
        for title, (kernel, activations) in pairs.items()
    }
    return figures | {"Figure 7: ReLU": [_along_shares(size)]}


def _along_samples(size: Size, kernel: Kernel, activations: Mapping[str, Activation], alpha: Fraction) -> Panel:
    families = {
        name: tuple(_at(size, kernel, activation, n, int(alpha * size.d)) for n in size.samples)
        for name, activation in activations.items()
    }
    return Panel(title=f"alpha = {alpha}", families=families)


def _along_shares(size: Size) -> Panel:
    families = {
        kernel.upper(): tuple(_at(size, kernel, RELU, size.few, d_y) for d_y in size.shares)
        for kernel in (Kernel.RF, Kernel.NTK)
    }
    return Panel(title=f"N = {size.few}", families=families, along_alpha=True)


def _at(size: Size, kernel: Kernel, activation: Activation, n: int, d_y: int) -> Setting:
    width = size.tangent if kernel is Kernel.NTK else size.random
    return Setting(kernel=kernel, activation=activation, d=size.d, d_y=d_y, n=n, width=width)


def _settings(panels: Iterable[Panel]) -> list[Setting]:
    return [setting for panel in panels for family in panel.families.values() for setting in family]


def _measure(settings: Sequence[Setting], seed: int, progress: Show | None) -> dict[Setting, Measurement]:
    """Return every setting sampled."""
    found = {}
    for number, setting in enumerate(settings, start=1):
        if progress is not None:
            progress(f"sampling {number} of {len(settings)}: {setting}")
        found[setting] = measure(setting, trials=TRIALS, seed=seed)
    return found


def _plate(title: str, size: Size, panels: Sequence[Panel], measured: Mapping[Setting, Measurement]) -> Plate:
    settings = _settings(panels)
    laws = dict(zip(settings, predict_all(settings), strict=True))
    widths = {setting.kernel: setting.width for setting in settings}
    words = f"d = {size.d}, " + ", ".join(f"{width} neurons ({kernel.upper()})" for kernel, width in widths.items())
    if measured:
        words += f"; {TRIALS} trials, whose spread is one standard deviation over trials"
    return Plate(
        title=f"{title}, sampled" if measured else title,
        words=f"{words}." + WIDTH * (set(widths) == {Kernel.NTK}),
        pictures=tuple(_picture(panel, key, laws, measured) for key in SHOWN for panel in panels),
    )


def _picture(
    panel: Panel, key: str, laws: Mapping[Setting, Predicted], measured: Mapping[Setting, Measurement]
) -> Picture:
    """Return one quantity: the law, what the paper states of it, and what was sampled."""
    curves = [_law(name, key, panel, [laws[setting] for setting in family]) for name, family in panel.families.items()]
    if key == "gamma":
        curves += [_stated(name, panel, family) for name, family in panel.families.items()]
    if measured:
        curves += [
            _spread(name, key, panel, {setting: measured[setting] for setting in family if setting in measured})
            for name, family in panel.families.items()
        ]
    return Picture(
        title=f"{SHOWN[key].capitalize()}, {panel.title}",
        x_label="alpha" if panel.along_alpha else "N",
        y_label=SHOWN[key],
        curves=tuple(curves),
        log_x=not panel.along_alpha,
    )


def _law(name: str, key: str, panel: Panel, found: Sequence[Predicted]) -> Curve:
    """Return the law where it says something."""
    known = {panel.place(one.setting): value for one in found if (value := one.to_dict()[key]) is not None}
    return Curve(label=name, x=tuple(known), y=tuple(known.values()), role="law")


def _stated(name: str, panel: Panel, family: Sequence[Setting]) -> Curve:
    """Return what the paper states of gamma: the limit of Theorem 6.3, the lower bound of Theorem 5.4."""
    theorem, value = ("Theorem 6.3", low) if family[0].kernel is Kernel.NTK else ("bound of Theorem 5.4", bound)
    levels = tuple(value(setting) for setting in family)
    return Curve(label=f"{name}, {theorem}", x=tuple(map(panel.place, family)), y=levels, role="paper")


def _spread(name: str, key: str, panel: Panel, found: Mapping[Setting, Measurement]) -> Curve:
    """Return the means of a quantity, with the standard deviation of one trial."""
    numbers = [one.to_dict() for one in found.values()]
    return Curve(
        label=f"{name}, sampled",
        x=tuple(map(panel.place, found)),
        y=tuple(float(n[key]) for n in numbers),
        error=tuple(float(n[f"{key}_se"]) * math.sqrt(n["trials"]) for n in numbers),
        role="spread",
    )
