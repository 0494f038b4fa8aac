"""The paper's Figures 2, 6 and 7: from the alignment law alone, and from it beside the samples of a ledger.

The sizes are those of the sweeps in `experiments`; panels, curves and what is not as in the paper are read off them.

References
    bombari2024
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from numerics.expected import Known, expected
from numerics.images import images_of
from numerics.ledger import Contents
from numerics.sweep import Sweep, setting_of
from numerics.sweep_summary import CellSummary, summarise
from theory.evidence import Curve, Picture
from theory.setting import Kernel, Query, Setting
from theory.sizes import bound, low

from . import text_law
from .agreement import Point, agreement
from .collect import versions
from .differences import differences
from .document import PaperFigures, Plate
from .envelope import Json
from .panels import Panel, panels
from .shipped import Experiment

SHOWN = {"test_accuracy": "test accuracy", "spurious_accuracy": "spurious accuracy", "gamma": "gamma"}
WIDTH = (
    " The mean of the law is that of infinite width: at d = 100, N = 50, alpha = 1/2 and 100 neurons the alignment of "
    "ntk_phi4 was sampled at .282 (2), where the law is .259; at 1600 neurons, at .259 (1)."
)
"""What a reader of Figure 6 must know."""
POOLED = (
    " The law is read off pools of these images and says nothing of accuracies. Centring, norms and the noise of the "
    "border are choices of ours (docs/data.md)."
)
"""And a reader of images."""


def of_law(experiment: Experiment, *, seed: int) -> Plate:
    """Return a figure of synthetic data at the paper's own size, from the law alone."""
    papers = experiment.of_paper()
    drawn = replace(papers, cells=tuple(cell._replace(data="sphere") for cell in papers.cells))
    return _plate(experiment.title, drawn, papers, {}, seed)


def of_ledger(experiment: Experiment, contents: Contents) -> Plate:
    """Return a figure of what was sampled, beside the law."""
    cells = {cell.setting: cell for cell in summarise(contents, law=False)}
    sweep = contents.sweep
    return _plate(f"{experiment.title}, sampled", sweep, experiment.of_paper(), cells, sweep.seed)


def page(drawn: Sequence[Plate], *, provenance: Mapping[str, Json]) -> PaperFigures:
    """Return the report that shows the figures."""
    return PaperFigures(
        title="The paper's figures, from the law",
        summary=f"Every curve is computed and has no free parameter. {text_law.HEURISTIC} It is for data that are "
        "uniform on spheres, where the paper has Gaussian ones; limits and bounds that the paper states are drawn as "
        "stated. What the paper ran is known from a page that retells it.",
        tone="good",
        plates=tuple(drawn),
        provenance=versions(provenance),
        command=str(provenance["command"]),
    )


def _plate(title: str, sweep: Sweep, papers: Sweep, sampled: Mapping[Setting, CellSummary], seed: int) -> Plate:
    found = panels([setting_of(cell) for cell in sweep.cells])
    wanted = dict.fromkeys(at for panel in found for name in panel.families for at in panel.curve(name))
    known = expected(tuple(wanted), seed=seed)
    points = [point for cell in sampled.values() for point in _points(cell, known[cell.setting], sweep.tests)]
    return Plate(
        title=title,
        words=_words(sweep, sampled),
        pictures=tuple(_picture(panel, key, known, sampled) for key in SHOWN for panel in found),
        differs=differences(sweep, papers),
        found=agreement(points),
    )


def _words(sweep: Sweep, sampled: Mapping[Setting, CellSummary]) -> str:
    """Return the size of a figure, how it was sampled, and what its reader must know."""
    settings = [setting_of(cell) for cell in sweep.cells]
    widths = {setting.kernel: setting.width for setting in settings}
    words = [f"d = {settings[0].d}", *(f"{width} neurons ({kernel.upper()})" for kernel, width in widths.items())]
    trials = f"; {sweep.trials} trials, whose band is one standard deviation over trials" if sampled else ""
    images = images_of(settings[0].data) is not None
    return f"{', '.join(words)}{trials}." + WIDTH * (set(widths) == {Kernel.NTK}) + POOLED * images


def _points(cell: CellSummary, known: Known, tests: int) -> list[Point]:
    """Return what was sampled of a cell where the law says something."""
    samples = {"test_accuracy": tests, "spurious_accuracy": cell.setting.n, "gamma": None}
    return [
        Point(
            setting=cell.setting,
            name=name,
            mean=cell.means[key][0],
            sd=_sd(cell, key),
            trials=cell.done - cell.failed,
            law=known[key][0],
            law_error=known[key][1],
            share_of=samples[key],
        )
        for key, name in SHOWN.items()
        if key in known and cell.done - cell.failed > 1
    ]


def _sd(cell: CellSummary, key: str) -> float:
    """Return the standard deviation of one trial."""
    return cell.means[key][1] * math.sqrt(cell.done - cell.failed)


def _picture(panel: Panel, key: str, known: Mapping[Setting, Known], sampled: Mapping[Setting, CellSummary]) -> Picture:
    """Return one quantity: the law, what the paper states of it, and what was sampled."""
    curves = [_law(name, key, panel, known) for name in panel.families]
    if key == "gamma":
        curves += [_stated(name, panel, family) for name, family in panel.families.items() if _is_stated(family[0])]
    if sampled:
        curves += [_band(name, key, panel, [sampled[at] for at in family]) for name, family in panel.families.items()]
    return Picture(
        title=f"{SHOWN[key].capitalize()}, {panel.title}",
        x_label="alpha" if panel.along_alpha else "N",
        y_label=SHOWN[key],
        curves=tuple(curve for curve in curves if curve.x),
        log_x=not panel.along_alpha,
    )


def _law(name: str, key: str, panel: Panel, known: Mapping[Setting, Known]) -> Curve:
    """Return the law where it says something."""
    found = {panel.place(at): known[at][key][0] for at in panel.curve(name) if key in known[at]}
    return Curve(label=name, x=tuple(found), y=tuple(found.values()), role="law")


def _is_stated(setting: Setting) -> bool:
    """Say whether the theorems are about such a query."""
    return setting.query is Query.RESAMPLE


def _stated(name: str, panel: Panel, family: Sequence[Setting]) -> Curve:
    """Return what the paper states of gamma: the limit of Theorem 6.3, the lower bound of Theorem 5.4."""
    theorem, value = ("Theorem 6.3", low) if family[0].kernel is Kernel.NTK else ("bound of Theorem 5.4", bound)
    levels = tuple(value(replace(setting, n=1)) for setting in family)  # which does not depend on N, and is kept
    return Curve(label=f"{name}, {theorem}", x=tuple(map(panel.place, family)), y=levels, role="paper")


def _band(name: str, key: str, panel: Panel, cells: Sequence[CellSummary]) -> Curve:
    """Return the means of a quantity where there are some, with the standard deviation of one trial."""
    found = [cell for cell in cells if cell.done - cell.failed > 1]
    return Curve(
        label=f"{name}, sampled",
        x=tuple(panel.place(cell.setting) for cell in found),
        y=tuple(cell.means[key][0] for cell in found),
        error=tuple(_sd(cell, key) for cell in found),
        role="spread",
    )
