"""How often the converged predictor is right on either kind of cluster, and when it is worse than chance."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

import sympy as sp

from theory import clusters as k
from theory.claim import Claim, Point, Prediction, Provenance, Relation, Source, Step, Test, Twin
from theory.cluster_scenes import ClusterScene, rational
from theory.expectations import mean
from theory.symbols import x

END = (k.CORE_WEIGHT, k.SHORTCUT_WEIGHT)
SIGN = k.c**2 * k.v + (1 - k.q**2) * k.c**2 * k.s**2 - k.q * k.s**2 * k.v
"""The numerator of the output at the conflicting means; `1 - q^2 = 4 rho (1 - rho)`."""
z = sp.Symbol("z", real=True)
"""The output at a mean, in deviations of it within the cluster."""

SETTINGS = tuple(
    ClusterScene(core=Fraction(1), shortcut=shortcut, agreement=rho, noise=noise, conflict_noise=other, d=4, n=4000)
    for shortcut, rho, noise, other in (
        (Fraction(1), Fraction(4, 5), Fraction(1), None),
        (Fraction(1), Fraction(99, 100), Fraction(1), None),
        (Fraction(2), Fraction(19, 20), Fraction(2), None),
        (Fraction(1), Fraction(4, 5), Fraction(1, 4), Fraction(4)),
    )
)


def deviations() -> Iterator[Point]:
    """Yield margins on both sides of zero."""
    return ({z: sp.Rational(i, 7)} for i in (-9, -1, 5, 16))


def derivation() -> Iterator[Step]:
    """Say what a Gaussian margin gives, and when it is negative."""
    yield Step(
        left=mean(sp.Heaviside(x + z)),
        right=(1 + sp.erf(z / sp.sqrt(2))) / 2,
        because="in a cluster w^T x is Gaussian of variance sigma^2 |w|^2: accuracy is Phi of margin over deviation",
        points=deviations,
    )
    yield Step(
        left=SIGN,
        right=k.v * (k.c**2 - k.q * k.s**2) + (1 - k.q**2) * k.c**2 * k.s**2,
        because="so it takes q s^2 > c^2, a shortcut that is brighter than the core, and enough variance besides",
    )
    yield Step(
        left=k.output(END, k.CONFLICTING),
        right=k.output(END, k.ALIGNED),
        relation=Relation.AT_MOST,
        because="the shortcut's weight is positive",
    )


def _predict(word: str, group: int) -> Prediction:
    return Prediction(
        about=f"accuracy on fresh samples of the {word} clusters, least squares of {SETTINGS[0].n} samples",
        observable=f"accuracy on {word} clusters",
        test=Test.EQUAL,
        settings=SETTINGS,
        value=_accuracy(group),
        resolution=0.03,
        trials=64,
        label="closed form",
    )


def _accuracy(group: int) -> Callable[[ClusterScene], float]:
    def value(scene: ClusterScene) -> float:
        noise = scene.noises[0 if group == k.ALIGNED else 1]
        return scene.value(k.accuracy(END, group, rational(noise)))

    return value


def _of_the_mean_noise(scene: ClusterScene) -> float:
    return scene.value(k.accuracy(END, k.CONFLICTING))


ALIGNED, CONFLICTING = _predict("aligned", k.ALIGNED), _predict("conflicting", k.CONFLICTING)

CLAIM = Claim(
    title="Conflicting clusters are worse than chance where the shortcut is bright and the clusters are wide",
    reading=(
        "The predictor that gradient descent ends at is right on a share Phi((w_c c +- w_s s) / (sigma |w|)) of the "
        "aligned (+) and of the conflicting clusters (-); on these it is worse than chance if and only if c^2 v + "
        "4 rho (1 - rho) c^2 s^2 < q s^2 v."
    ),
    statement=(k.output(k.converged(), k.CONFLICTING), SIGN / k.DETERMINANT),
    source=Source(
        key="lim2026",
        anchor="consequence of shortcut-residual; the paper's own accuracies were not at hand",
        provenance=Provenance.DERIVED,
    ),
    points=k.points,
    derivation=derivation,
    predictions=(ALIGNED, CONFLICTING),
    uses=("shortcut-residual",),
    twins=(
        Twin(
            slip="the sign of the shortcut's part",
            statement=(k.output(k.converged(), k.ALIGNED), SIGN / k.DETERMINANT),
            predictions=(replace(CONFLICTING, value=_accuracy(k.ALIGNED), role="rival"),),
        ),
        Twin(
            slip="the mean variance in place of the cluster's own",
            predictions=(replace(CONFLICTING, value=_of_the_mean_noise, role="rival"),),
        ),
    ),
    definitions={**k.DEFINITIONS, "z": "the output at the mean of a cluster over its deviation there"},
)
