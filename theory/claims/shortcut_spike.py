"""With few samples for each dimension the eigenvalues of a sample are larger, and a faint mode is not seen at all."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

import sympy as sp

from theory import clusters as k
from theory.claim import Claim, Hypothesis, Prediction, Provenance, Source, Status, Step, Test, Twin
from theory.cluster_scenes import ClusterScene
from theory.scene import Scene

a = sp.Symbol("a", positive=True)
"""An eigenvalue of the means' own part."""
THRESHOLD = sp.sqrt(k.g) * k.v
EDGE = k.v * (1 + sp.sqrt(k.g)) ** 2
"""Where the eigenvalues of the noise end."""
_STIELTJES = -1 / (a + k.v)
"""The companion Stieltjes transform of the noise where an eigenvalue leaves the bulk: `1 + (a + v) h(z) = 0`."""
OUTSIDE = -1 / _STIELTJES + k.g * k.v / (1 + k.v * _STIELTJES)
"""The point z at which it has that value (Marchenko and Pastur)."""

SETTINGS = tuple(
    ClusterScene(
        core=Fraction(1), shortcut=Fraction(3, 2), agreement=Fraction(7, 10), noise=Fraction(1, 2), d=size // 2, n=size
    )
    for size in (60, 120, 240)
)


def points() -> Iterator[dict[sp.Symbol, sp.Rational]]:
    """Yield spikes above their thresholds."""
    for numbers in (("2", "1/2", "1/4"), ("3", "1", "2"), ("1/2", "1/3", "1/9")):
        yield dict(zip((a, k.v, k.g), map(sp.Rational, numbers), strict=True))


def derivation() -> Iterator[Step]:
    """Find from which spike on an eigenvalue leaves the bulk."""
    yield Step(
        left=k.sampled(a).subs(a, THRESHOLD),
        right=EDGE,
        because="a = sqrt(g) v: there z reaches the edge of the bulk",
    )
    yield Step(
        left=sp.Derivative(k.sampled(a), a),
        right=1 - THRESHOLD**2 / a**2,
        because="positive above that threshold; a smaller spike leaves no trace among the eigenvalues",
    )


def _tends(word: str, expr: sp.Expr) -> Prediction:
    return Prediction(
        about=f"the {word} eigenvalue of K / N as N grows, d = N / 2",
        observable=f"{word} eigenvalue of the sample",
        test=Test.LIMIT,
        settings=SETTINGS,
        value=_value(k.sampled(expr - k.v)),
        resolution=0.15,
        trials=192,
        size=lambda scene: float(scene.n),
        size_label="N",
        label="spiked model",
    )


def _value(expr: sp.Expr) -> Callable[[ClusterScene], float]:
    return lambda scene: scene.value(expr)


def _fainter(prediction: Prediction) -> Prediction:
    """Return the prediction for clusters a quarter as far apart, whose modes are below the threshold."""
    faint = tuple(replace(scene, core=scene.core / 4, shortcut=scene.shortcut / 4) for scene in SETTINGS)
    return replace(prediction, settings=faint)


def _threshold(scene: Scene | None) -> tuple[Status, str]:
    if not isinstance(scene, ClusterScene):
        return Status.ASYMPTOTIC, "no setting was tried"
    spike, least = scene.value(k.SECOND - k.v), scene.value(THRESHOLD)
    return (Status.HOLDS if spike > least else Status.VIOLATED), f"a = {spike:.3g}, sqrt(g) v = {least:.3g}"


LARGEST, NEXT = _tends("largest", k.TOP), _tends("second", k.SECOND)

CLAIM = Claim(
    title="A sample shows a mode beyond the threshold sqrt(d/N) v, and shows it larger than it is",
    reading=(
        "Where d / N tends to g, an eigenvalue a + v of the population becomes (a + v)(1 + g v / a) in the sample if "
        "a > sqrt(g) v, and the edge (1 + sqrt(g))^2 v of the noise otherwise. A shortcut, or a core feature, below "
        "the threshold cannot be seen in the spectrum."
    ),
    statement=(OUTSIDE, k.sampled(a)),
    source=Source(
        key="baik2006", anchor="spiked covariance model, applied to shortcut-spectrum", provenance=Provenance.KNOWN
    ),
    hypotheses=(
        Hypothesis(text="a > sqrt(g) v", examine=_threshold, violated_by=_fainter),
        Hypothesis(
            text="the clusters have one variance",
            examine=lambda _: (Status.HOLDS, "by construction; with two the bulk has another shape"),
        ),
    ),
    points=points,
    derivation=derivation,
    predictions=(LARGEST, NEXT),
    uses=("shortcut-spectrum",),
    twins=(
        Twin(
            slip="the eigenvalue of the population",
            statement=(OUTSIDE, a + k.v),
            predictions=(replace(NEXT, value=_value(k.SECOND), role="rival"),),
        ),
        Twin(
            slip="N / d for d / N",
            predictions=(replace(LARGEST, value=_value(k.sampled(k.TOP - k.v).subs(k.g, 1 / k.g)), role="rival"),),
        ),
    ),
    remark=(
        "The left side is where the companion Stieltjes transform h of the noise, whose inverse is -1/h + g v / (1 + "
        "v h), has the value -1/(a + v); that an eigenvalue is there is cited, and sampled."
    ),
    definitions={
        **k.DEFINITIONS,
        "a": "an eigenvalue of sum_k pi_k mu_k mu_k^T",
        "g": "the limit of d / N",
    },
)
