"""The mode of the aligned clusters is the faster one, through the linear kernel and through that of a ReLU network."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import sympy as sp

from theory.activations import RELU
from theory.claim import Claim, Prediction, Provenance, Relation, Source, Test, Twin
from theory.cluster_scenes import KernelScene
from theory.clusters import SECOND, TOP

ALIGNED, CONFLICTING = sp.symbols(r"\lambda_{aligned} \lambda_{conflicting}", positive=True)
LINEAR = tuple(
    KernelScene(core=Fraction(1), shortcut=Fraction(1), agreement=agreement, noise=Fraction(1, 4), d=5, n=800)
    for agreement in (Fraction(7, 10), Fraction(9, 10))
)
WIDE = tuple(
    KernelScene(
        core=Fraction(1), shortcut=Fraction(1), agreement=Fraction(9, 10), noise=noise, d=10, n=160, activation=RELU
    )
    for noise in (Fraction(1, 100), Fraction(4, 25), Fraction(16, 25))
)


def _log_ratio(scene: KernelScene) -> float:
    return scene.value(sp.log(TOP / SECOND))


def _predict(
    about: str, test: Test, settings: tuple[KernelScene, ...], value: Callable[[KernelScene], float]
) -> Prediction:
    return Prediction(
        about=about,
        observable="log speed of the aligned mode",
        test=test,
        settings=settings,
        value=value,
        resolution=0.15,
        trials=64,
        label="log of the ratio of eigenvalues" if test is Test.EQUAL else "equal speed",
    )


SPEED = _predict(
    "linear kernel: by how many powers of e the mode of the aligned clusters is faster", Test.EQUAL, LINEAR, _log_ratio
)
FASTER = _predict(
    "tangent kernel of two layers of ReLU: the mode of the aligned clusters is the faster one",
    Test.AT_LEAST,
    WIDE,
    lambda _: 0.0,
)

CLAIM = Claim(
    title="The aligned clusters are learned before the conflicting ones, in a ReLU network too",
    reading=(
        "Of the eigenvectors of the kernel matrix the one that has most of y + a, the label of the aligned clusters, "
        "has a larger eigenvalue than the one that has most of y - a: in the linear kernel by the factor of "
        "shortcut-modes, in the tangent kernel of an infinitely wide ReLU network with one hidden layer at least "
        "in order."
    ),
    statement=(ALIGNED, CONFLICTING),
    relation=Relation.AT_LEAST,
    source=Source(
        key="lim2026",
        anchor="abstract: extended empirically to two layers of ReLU; the paper's own experiments were not at hand",
        provenance=Provenance.MEASURED,
    ),
    predictions=(SPEED, FASTER),
    uses=("shortcut-modes",),
    twins=(
        Twin(
            slip="the conflicting clusters first",
            predictions=(
                replace(SPEED, value=lambda scene: -_log_ratio(scene), role="rival"),
                replace(FASTER, test=Test.AT_MOST, role="rival"),
            ),
        ),
        Twin(
            slip="the speed goes with the weights of the clusters alone",
            predictions=(
                replace(
                    SPEED,
                    value=lambda scene: scene.value(sp.log(scene.agreement / (1 - scene.agreement))),
                    role="rival",
                ),
            ),
        ),
    ),
    definitions={
        r"\lambda_{aligned}": "eigenvalue of the mode that has most of y + a",
        r"\lambda_{conflicting}": "eigenvalue of the mode that has most of y - a",
    },
    remark=(
        "Modes are matched by their overlap and never by their place: a ReLU kernel has an even mode near the top. "
        "Where the conflicting mode is below the threshold of shortcut-spike, its match is one of the bulk. "
        "ResNet-18, which the abstract names too, was not tried."
    ),
)
