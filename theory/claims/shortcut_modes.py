"""Four clusters: the top eigenfunction is the shortcut's, as far as it is brighter than the core feature."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import sympy as sp

from theory import clusters as k
from theory.claim import Claim, Prediction, Provenance, Source, Step, Test, Twin
from theory.cluster_scenes import ClusterScene

SETTINGS = tuple(
    ClusterScene(
        core=Fraction(1),
        shortcut=shortcut,
        agreement=Fraction(9, 10),
        noise=Fraction(1, 2),
        conflict_noise=Fraction(1),
        d=4,
        n=4000,
    )
    for shortcut in (Fraction(1, 2), Fraction(1), Fraction(5, 4), Fraction(2))
)
_EXCESS = k.TOP - k.c**2 - k.v
"""`lambda_+ - c^2 - v`: the eigenvector is `(q c s, lambda_+ - c^2 - v)`."""


def derivation() -> Iterator[Step]:
    """Solve the characteristic equation, then let the two features be equally bright."""
    yield Step(
        left=(k.c**2 + k.v - k.TOP) * (k.s**2 + k.v - k.TOP),
        right=k.q**2 * k.c**2 * k.s**2,
        because="lambda_+ is an eigenvalue of M",
    )
    yield Step(
        left=k.TOP * k.SECOND,
        right=k.DETERMINANT,
        because="and lambda_- is the other one",
    )
    yield Step(
        left=k.TOP.subs(k.s, k.c),
        right=2 * k.rho * k.c**2 + k.v,
        because="c = s: <(1, 1), x> separates the aligned clusters, whose weight is rho and |mu|^2 = 2 c^2",
    )
    yield Step(
        left=k.SECOND.subs(k.s, k.c),
        right=2 * (1 - k.rho) * k.c**2 + k.v,
        because="and <(1, -1), x> the conflicting ones, of weight 1 - rho: it is learned later",
    )
    yield Step(
        left=sp.Derivative(k.SHORTCUT_SHARE, k.s),
        right=2 * k.q**2 * k.c**2 * k.s * (k.c**2 + k.s**2) / k.GAP**3,
        because="positive: the brighter the shortcut, the larger its part",
    )


SHARE = Prediction(
    about="what the top eigenvector of X^T X / N has of the shortcut, from faint to bright",
    observable="shortcut share of the top mode",
    test=Test.EQUAL,
    settings=SETTINGS,
    value=lambda scene: scene.value(k.SHORTCUT_SHARE),
    resolution=0.03,
    trials=64,
    label="closed form",
)

CLAIM = Claim(
    title="The top eigenfunction takes the shortcut as far as it is bright and tells the label",
    reading=(
        "With four clusters the eigenvalues outside the bulk are v + (c^2 + s^2 +- sqrt((c^2 - s^2)^2 + 4 q^2 c^2 "
        "s^2))/2. For c = s the top eigenfunction separates the aligned clusters, the second one the conflicting ones; "
        "else the top one leans to the brighter feature, by the share stated."
    ),
    statement=(_EXCESS**2 / ((k.q * k.c * k.s) ** 2 + _EXCESS**2), k.SHORTCUT_SHARE),
    source=Source(
        key="lim2026",
        anchor="abstract: shortcuts are features of larger eigenvalues if clusters are imbalanced; four clusters here",
        provenance=Provenance.DERIVED,
    ),
    points=k.points,
    derivation=derivation,
    predictions=(SHARE,),
    uses=("shortcut-spectrum",),
    twins=(
        Twin(
            slip="the shares of core and shortcut swapped",
            statement=(_EXCESS**2 / ((k.q * k.c * k.s) ** 2 + _EXCESS**2), 1 - k.SHORTCUT_SHARE),
            predictions=(replace(SHARE, value=lambda scene: scene.value(1 - k.SHORTCUT_SHARE), role="rival"),),
        ),
        Twin(
            slip="as if the attribute told the label always",
            predictions=(
                replace(
                    SHARE,
                    value=lambda scene: scene.value(k.s**2 / (k.c**2 + k.s**2)),
                    role="rival",
                ),
            ),
        ),
    ),
    definitions=k.DEFINITIONS,
)
