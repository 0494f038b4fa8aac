"""`plot`: a picture of an activation, of its gammas, of what a check saw, or of the law read off a pool.

A function and no method: the layers below may not import this one, late or early, and a method that appeared once
`reports` is imported would make a type depend on who looked at it before.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import singledispatch
from typing import Any

import numpy as np

from numerics.elementwise import vectorise
from numerics.pool import PoolPoint
from theory.activations import Activation
from theory.evidence import Curve, Evidence, Picture
from theory.judgement import Judgement
from theory.portrait import Portrait, laws

POINTS = 32
"""Of a gamma: each is a polynomial or power series in alpha, without a kink."""
BITS = 64
REACH = 4.0
"""An activation is drawn where all but 6e-5 of a standard Gaussian lies."""
LISTED = "an Activation, a Portrait, a Judgement, an Evidence, a Picture or what pool_law returns"


def plot(shown: object, ax: Any = None) -> Any:
    """Draw `shown` into the matplotlib axes `ax`, new ones if None, and return them.

    An activation is drawn as `phi(x)` on [-4, 4], a portrait as every gamma of it against alpha in (0, 1), a judgement
    as the first picture of its evidence, the points of a pool as gamma against N with one standard error.
    Raises ValueError for anything else, for evidence without a picture, and where matplotlib is not installed.
    """
    picture = _picture(shown)
    if ax is None:
        ax = _axes()
    for curve in picture.curves:
        line = "o" if curve.role in ("sampled", "spread") else "-"
        ax.errorbar(curve.x, curve.y, yerr=curve.error or None, fmt=line, label=curve.label)
    ax.set(title=picture.title, xlabel=picture.x_label, ylabel=picture.y_label)
    ax.set_xscale("log" if picture.log_x else "linear")
    ax.set_yscale("log" if picture.log_y else "linear")
    ax.legend()
    return ax


def _axes() -> Any:
    try:
        from matplotlib import pyplot as plt  # noqa: PLC0415  (an extra)
    except ImportError:
        raise ValueError('a plot needs matplotlib: pip install "gammaphi[report]"') from None
    return plt.subplots(layout="constrained")[1]


@singledispatch
def _picture(shown: object) -> Picture:
    raise ValueError(f"a {type(shown).__name__} has no picture; {LISTED} has one")


@_picture.register
def _(shown: Picture) -> Picture:
    return shown


@_picture.register
def _(shown: Activation) -> Picture:
    x = np.linspace(-REACH, REACH, 401)
    curve = Curve(label=shown.name, x=tuple(x), y=tuple(np.broadcast_to(vectorise(shown.expr)(x), x.shape)), role="law")
    return Picture(title=shown.name, x_label="x", y_label="phi(x)", curves=(curve,))


@_picture.register
def _(shown: Portrait) -> Picture:
    at = [Fraction(i, POINTS) for i in range(1, POINTS)]
    curves = tuple(
        Curve(label=key, x=tuple(map(float, at)), y=tuple(float(law.ball(a, BITS).mid()) for a in at), role="law")
        for key, law in laws(shown.activation).items()
        if law is not None
    )
    return Picture(title=shown.activation.name, x_label="alpha = d_y / d", y_label="gamma", curves=curves)


@_picture.register
def _(shown: Evidence) -> Picture:
    if shown.picture is None:
        raise ValueError(f"{shown.about}: this check was of formulas, and has no picture")
    return shown.picture


@_picture.register
def _(shown: Judgement) -> Picture:
    pictures = [evidence.picture for evidence in shown.evidence if evidence.picture is not None]
    if not pictures:
        raise ValueError(f"{shown.id}: every check was of formulas, and has no picture")
    return pictures[0]


@_picture.register(tuple)
@_picture.register(list)
def _(shown: Sequence[object]) -> Picture:
    points = [point for point in shown if isinstance(point, PoolPoint)]
    if not points or len(points) < len(shown):
        raise ValueError(f"a {type(shown).__name__} of other things than PoolPoints has no picture; {LISTED} has one")
    curve = Curve(
        label="the law, from a pool",
        x=tuple(float(p.n) for p in points),
        y=tuple(p.gamma for p in points),
        error=tuple(p.gamma_se for p in points),
    )
    return Picture(title="alignment", x_label="N", y_label="gamma", curves=(curve,), log_x=True)
