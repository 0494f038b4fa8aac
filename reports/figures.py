"""A `Picture` as inline SVG, in the colours of the page around it, or as a file of its own; deterministic both.

Roles differ in colour, in line style and in the words of the legend, so that none of the three is needed alone.
Within a page colours are drawn as marker values and replaced by CSS variables, which is how a picture follows a dark
page; alone, they are drawn as what the page would fall back to.
"""

from __future__ import annotations

import html
import io
import math
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from theory.evidence import Curve, Picture


@dataclass(frozen=True, kw_only=True)
class Style:
    """How the curves of one role are drawn; further curves of the same role take the next dash or marker."""

    words: str
    colour: str
    variable: str
    fallback: str
    dashes: tuple[Any, ...] = ()
    markers: tuple[str, ...] = ()


# Okabe and Ito's blue, vermilion and purple as fallbacks: apart for every common form of colour blindness.
ROLES = {
    "sampled": Style(
        words="± one standard error",
        colour="#010203",
        variable="ink",
        fallback="#1d2329",
        markers=("o", "s", "^", "D"),
    ),
    "law": Style(
        words="ours",
        colour="#010204",
        variable="law",
        fallback="#0072b2",
        dashes=("-", (0, (6, 2)), (0, (2, 1.5)), (0, (8, 2, 2, 2))),
    ),
    "paper": Style(
        words="as stated",
        colour="#010205",
        variable="paper",
        fallback="#d55e00",
        dashes=("--", (0, (6, 2, 1, 2))),
    ),
    "rival": Style(words="rival", colour="#010206", variable="rival", fallback="#a4568a", dashes=(":", (0, (1, 3)))),
    "spread": Style(
        words="± one standard deviation",
        colour="#010203",
        variable="ink",
        fallback="#1d2329",
        markers=("o", "s", "^", "D"),
    ),
    "border": Style(words="border", colour="#010209", variable="quiet", fallback="#59636e", dashes=("-.", (0, (8, 3)))),
}
_DOTS = ("o", "s", "^", "D")
"""Of discrete curves, in the order of their role."""
_GRID, _PAGE = "#010207", "#010208"
_VARIABLES = {
    **{s.colour: f"var(--{s.variable}, {s.fallback})" for s in ROLES.values()},
    _GRID: "var(--rule, #d5d9dd)",
    _PAGE: "var(--page, #ffffff)",
}
_PLAIN = {marker: variable.split(", ")[1].rstrip(")") for marker, variable in _VARIABLES.items()}
_INK = ROLES["sampled"].colour
_COLOURED = (
    "text.color",
    "axes.labelcolor",
    "axes.edgecolor",
    "grid.color",
    "xtick.color",
    "ytick.color",
    "xtick.labelcolor",
    "ytick.labelcolor",
)
_STYLE: dict[str, Any] = {
    "svg.hashsalt": "gammaphi",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
    "text.parse_math": False,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _GRID,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.formatter.useoffset": False,
    "grid.color": _GRID,
    "grid.linewidth": 0.6,
    "xtick.color": _GRID,
    "ytick.color": _GRID,
    "xtick.labelcolor": _INK,
    "ytick.labelcolor": _INK,
    "lines.linewidth": 1.8,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "legend.handlelength": 3.2,
}


def svg(picture: Picture, *, prefix: str) -> str:
    """Return the picture as one `<svg>` element, with a text alternative; `prefix` keeps its ids apart from others'.

    Raises ValueError for a curve whose role has no style.
    """
    with mpl.rc_context(_STYLE):
        return _inline(_written(_figure(picture, {})), picture, prefix)


def file(picture: Picture, kind: Literal["svg", "pdf"]) -> bytes:
    """Return the picture as a file that needs no font and no page around it.

    Raises ValueError for a curve whose role has no style.
    """
    style = _STYLE | {"svg.fonttype": "path"} | {name: _PLAIN[_STYLE[name]] for name in _COLOURED}
    with mpl.rc_context(style):
        drawn = _figure(picture, _PLAIN)
        if kind == "svg":
            return _written(drawn).encode()
        buffer = io.BytesIO()
        metadata = dict.fromkeys(("CreationDate", "Creator", "Producer"))
        FigureCanvasPdf(drawn).print_pdf(buffer, metadata=metadata)
    return buffer.getvalue()


def _figure(picture: Picture, paints: Mapping[str, str]) -> Figure:
    height = max(3.2, 0.9 + 0.16 * len(picture.names))  # a name is a line of 9 points, and some air
    figure = Figure(figsize=(4.4, height), layout="constrained")
    axes = figure.subplots()
    seen: dict[str, int] = {}
    for curve in picture.curves:
        _draw(axes, curve, seen.get(curve.role, 0), paints, joined=not picture.names)
        seen[curve.role] = seen.get(curve.role, 0) + 1
    axes.set_xlabel(picture.x_label)
    axes.set_ylabel(picture.y_label)
    _scale(axes, "x", [x for c in picture.curves for x in c.x], logarithmic=picture.log_x)
    if picture.names:
        axes.set_yticks(range(len(picture.names)), labels=picture.names)
        axes.set_ylim(len(picture.names) - 0.5, -0.5)
    else:
        _scale(axes, "y", [y for c in picture.curves for y in c.y], logarithmic=picture.log_y)
    if picture.curves:
        figure.legend(loc="outside lower left")
    return figure


def _written(figure: Figure) -> str:
    buffer = io.StringIO()
    FigureCanvasSVG(figure).print_svg(buffer, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    return buffer.getvalue()


def _draw(axes: Any, curve: Curve, index: int, paints: Mapping[str, str], *, joined: bool) -> None:
    style = ROLES.get(curve.role)
    if style is None:
        raise ValueError(f"curve {curve.label!r}: no role is called {curve.role!r}; there are {', '.join(ROLES)}")
    colour = paints.get(style.colour, style.colour)
    role = style.words if curve.error or not style.markers else ""
    label = "\n".join(textwrap.wrap(f"{curve.label} ({role})" if role else curve.label, 50))
    if style.markers:
        marker = style.markers[index % len(style.markers)]
        # a band through one point cannot be seen
        banded = curve.role == "spread" and bool(curve.error) and len(curve.x) > 1
        if banded:
            _band(axes, curve, index, colour)
        axes.errorbar(
            curve.x,
            curve.y,
            yerr=None if banded else curve.error or None,
            fmt=marker,
            markersize=4.5,
            markerfacecolor=paints.get(_PAGE, _PAGE),
            color=colour,
            capsize=2.5,
            elinewidth=1,
            label=label,
            zorder=3,
        )
        return
    dashes = style.dashes[index % len(style.dashes)] if joined else "none"
    # a line through one point cannot be seen: it becomes a short level
    marker, size = ("_", 18) if len(curve.x) == 1 else ("", 0)
    if curve.discrete:
        marker, size = _DOTS[index % len(_DOTS)], 4
    axes.plot(curve.x, curve.y, linestyle=dashes, color=colour, marker=marker, markersize=size, label=label)


def _band(axes: Any, curve: Curve, index: int, colour: str) -> None:
    """Fill what lies within the errors, between edges that have the dashes of the law of the same number."""
    edges = [[y + sign * error for y, error in zip(curve.y, curve.error, strict=True)] for sign in (-1, 1)]
    axes.fill_between(curve.x, *edges, color=colour, alpha=0.1, linewidth=0, zorder=1)
    dashes = ROLES["law"].dashes[index % len(ROLES["law"].dashes)]
    for edge in edges:
        axes.plot(curve.x, edge, linestyle=dashes, color=colour, linewidth=0.6, zorder=1)


def _scale(axes: Any, name: str, values: Sequence[float], *, logarithmic: bool) -> None:
    """Make an axis logarithmic where it was asked for and can be, with plain numbers at 1, 2 and 5, or at decades."""
    axis = {"x": axes.xaxis, "y": axes.yaxis}[name]
    if name == "x" and not logarithmic and all(value == int(value) for value in values):
        axis.set_major_locator(MaxNLocator(integer=True))  # settings are counted, not measured
    if not logarithmic or not values or min(values) <= 0:
        return
    axes.set(**{f"{name}scale": "log"})
    decades = math.log10(max(values) / min(values))
    axis.set_major_locator(LogLocator(subs=(1, 2, 5)) if decades < 2 else LogLocator(numticks=9))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_locator(NullLocator())


def _inline(text: str, picture: Picture, prefix: str) -> str:
    """Return the `<svg>` element alone: own ids, the page's colours and fonts, a title instead of a size."""
    text = text[text.index("<svg") :].strip()
    text = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>\s*", "", text, count=1, flags=re.DOTALL)  # it matched the page
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{prefix}-", text)
    text = re.sub(r"font-family: [^;\"]*", "font-family: inherit", text)
    for colour, variable in _VARIABLES.items():
        text = text.replace(colour, variable)
    text = re.sub(r'style="fill: #ffffff"', 'style="fill: none"', text)
    view = re.search(r'viewBox="[^"]*"', text)
    if view is None:
        raise RuntimeError("matplotlib wrote an SVG without a viewBox")
    names = f'aria-labelledby="{prefix}-title {prefix}-desc"'
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    head = f'<svg {spaces} {view[0]} role="img" {names}>'
    title = f'<title id="{prefix}-title">{html.escape(picture.title)}</title>'
    title += f'<desc id="{prefix}-desc">{html.escape(description(picture))}</desc>'
    return head + title + text[text.index(">") + 1 :]


def description(picture: Picture) -> str:
    """Return what can be seen, in words."""
    curves = "; ".join(
        f"{c.label} ({ROLES[c.role].words}): {len(c.x)} {'point' if len(c.x) == 1 else 'points'}"
        + (f", from {_point(picture, c, 0)} to {_point(picture, c, -1)}" if c.x else "")
        for c in picture.curves
    )
    return f"{picture.y_label} against {picture.x_label}. {curves}."


def _point(picture: Picture, curve: Curve, place: int) -> str:
    """Return a point in words: its height and where that is, or of a thing with a name how far along it lies."""
    x, y = curve.x[place], curve.y[place]
    return f"{x:.4g} of {picture.names[int(y)]}" if picture.names else f"{y:.4g} at {x:.4g}"
