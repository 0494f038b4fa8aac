"""The common chapter: four ways to learn a spurious feature, as one product, and what each activation gives to each."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from numerics.mechanisms import PATTERN, D, Exposure

from .blocks import Block, Bullets, Figure, Formula, Section, Table
from .document import View
from .outline_parts import say

_LEAD = (
    "A feature that does not decide the label is learned in four ways. Each is an error times an alignment: how far "
    "the model is from the label without it, times how much of what is left to learn the feature can carry."
)
_IDENTITY = (
    r"f(z) - f_{-S}(z) = \mathcal{F}(z, S)\,\left(y_S - f_{-S}(S)\right), \qquad "
    r"\mathcal{F}(z, S) = k_{-S}(z, S)\,\left[k_{-S}(S, S) + \lambda I\right]^{-1}"
)
_UNITES = (
    "This identity (derived here; `block-left-out`) holds for any set S of training points, any features and any "
    "ridge. At one point and no ridge it is Lemma 4.1 of the paper (`lemma-4.1`); at k stamped points and a stamped "
    "query it is the law of rare patterns (`rare-pattern-law`). Both alignments have one denominator, the energy that "
    r"the other samples have not learned, $N \kappa$ (`unlearned-energy`). A shortcut is the same predictor in its "
    "eigenbasis, with the variance within the clusters in the place of the ridge. Contamination is outside: it needs "
    "features that move."
)
_WHOSE = {
    "Memorised": "the paper's theorems, and our law between them.",
    "Rare": (
        "ours; the setting is inferred from the authors' notebook, whose formulas come out in it but for two. The "
        "theorems of that paper were not at hand."
    ),
    "Shortcut": (
        "Proposition 3.1 as a review reports it, proved here; the rest is ours. Theorems 3.1 and 3.2 of that paper, "
        "its data sets and its accuracies were not at hand, and nothing stands for them here."
    ),
    "Contamination": "ours, in the setting of the authors' code. The theorems of that paper were not at hand.",
}
_COLUMNS: tuple[tuple[str, Callable[[Exposure], float]], ...] = (
    ("Memorised", lambda one: one.memorised),
    ("Rare", lambda one: one.rare),
    ("Shortcut", lambda one: one.shortcut),
    ("Contamination", lambda one: one.contaminated),
)


def mechanisms(found: Sequence[Exposure], views: Sequence[View] = ()) -> Section:
    """Return the chapter: the four mechanisms, the identity, the activations, and pictures of the families."""
    inner: list[Block] = [
        say(_LEAD),
        _table(),
        Formula(_IDENTITY, "what a set of points changes"),
        say(_UNITES),
        Section("What each activation gives", "mechanisms-activations", (*_activations(found),)),
        *(
            Section(view.title, f"mechanisms-{number}", (say(view.words), *map(Figure, view.pictures)))
            for number, view in enumerate(views, start=1)
        ),
        Section(
            "Whose it is", "mechanisms-sources", (Bullets(tuple(f"{name}: {whose}" for name, whose in _WHOSE.items())),)
        ),
    ]
    return Section("Four ways to learn a spurious feature", "mechanisms", tuple(inner))


def _table() -> Table:
    return Table(
        label="Four ways to learn a spurious feature",
        heads=("Mechanism", "Error times alignment", "What it needs", "Which Hermite degrees", "Claims"),
        rows=(
            (
                "Memorised: the feature of one sample",
                r"$(g_1 - f_{-1}(z_1)) \cdot F(z_1^s, z_1)$",
                "a model that interpolates; no correlation at all",
                r"those not yet learned; of degree l a share of about $\alpha^l$ sits in the feature",
                "`lemma-4.1`, `alignment-law`",
            ),
            (
                "Rare: a pattern on k examples",
                r"$e \cdot \frac{S^2 p_k}{1 + S^2 p_k}$",
                "a few stamped examples that the model errs on without the pattern",
                r"all those not yet learned, as one number: $p_1 = 1 / (N \kappa)$",
                "`rare-pattern-law`, `unlearned-energy`",
            ),
            (
                "Shortcut: an attribute that most samples of a class share",
                r"$q \cdot \frac{s \bar\sigma^2}{(c^2 + \bar\sigma^2)(s^2 + \bar\sigma^2) - q^2 c^2 s^2}$",
                r"correlation $q = 2 \rho - 1$ over all the data, and variance $\bar\sigma^2$ within the clusters",
                "degree one carries label and shortcut; those above act as a ridge, like the variance (heuristic)",
                "`shortcut-residual`, `shortcut-ordering`",
            ),
            (
                "Contamination: a background without any correlation",
                r"$-\ell' \cdot \frac{a \mu}{2}\, \mathbb{E}[\varphi'(C) - \varphi'(-C)]$",
                "features that move, and classes that lie on either side of zero",
                "even degrees only; an odd activation keeps the background out",
                "`contamination-parity`, `contamination-ray`",
            ),
        ),
    )


def _activations(found: Sequence[Exposure]) -> tuple[Block, ...]:
    linear = [one for one in found if math.isfinite(one.shortcut)]
    return (
        say(
            f"Memorised: $\\gamma$ of random features at d = N = {D}, $\\alpha = 1/2$. Rare: the alignment there of a "
            f"pattern with {PATTERN:.0%} of a sample's energy on one example. Shortcut: the energy above degree one, "
            "in units of degree one. Contamination: the rate at which background enters to begin with. Less is better; "
            "energies are without degree zero, and each activation has variance one. Computed, not sampled."
        ),
        *([say("Least exposed of those that learn a linear label: " + _least(linear) + ".")] if linear else []),
        Table(
            label="What each activation gives to each mechanism",
            heads=("Activation", *(name for name, _ in _COLUMNS), "Even degrees"),
            rows=tuple(
                (f"`{one.activation.name}`", *(_figure(of(one)) for _, of in _COLUMNS), f"{one.even:.1%}")
                for one in found
            ),
        ),
    )


def _least(found: Sequence[Exposure]) -> str:
    """Return for each mechanism the activations with the least exposure, several where they are equal."""
    parts = []
    for name, of in _COLUMNS:
        least = min(map(of, found))
        names = ", ".join(f"`{one.activation.name}`" for one in found if of(one) == least)
        parts.append(f"{name.lower()}, {names} ({_figure(least)})")
    return "; ".join(parts)


def _figure(value: float) -> str:
    return f"{value:.3f}" if math.isfinite(value) else "nothing linear"
