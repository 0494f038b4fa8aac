"""A shortcut that remains when all is learned: the variance within the clusters keeps it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

import sympy as sp

from theory import clusters as k
from theory.claim import Claim, Prediction, Provenance, Relation, Source, Step, Test, Twin
from theory.cluster_scenes import ClusterScene

CORE, SHORTCUT = k.converged()
RATIO = k.q * k.s * k.v / (k.c * (k.v + (1 - k.q**2) * k.s**2))
END = (k.CORE_WEIGHT, k.SHORTCUT_WEIGHT)
_EQUAL_RATIO = sp.Mul(*(k.output(END, group).subs(k.s, k.c) ** group for group in (k.ALIGNED, k.CONFLICTING)))

SETTINGS = tuple(
    ClusterScene(core=Fraction(1), shortcut=shortcut, agreement=rho, noise=noise, conflict_noise=other, d=4, n=4000)
    for shortcut, rho, noise, other in (
        (Fraction(1), Fraction(9, 10), Fraction(1), None),
        (Fraction(1), Fraction(19, 20), Fraction(4), None),
        (Fraction(2), Fraction(9, 10), Fraction(1), Fraction(3)),
        (Fraction(3, 2), Fraction(7, 10), Fraction(1, 4), None),
    )
)


def derivation() -> Iterator[Step]:
    """Solve the normal equations, then let the two features be equally bright."""
    yield Step(
        left=(k.c**2 + k.v) * k.CORE_WEIGHT + k.q * k.c * k.s * k.SHORTCUT_WEIGHT,
        right=k.c,
        because="M w = m, the core's row",
    )
    yield Step(
        left=k.q * k.c * k.s * k.CORE_WEIGHT + (k.s**2 + k.v) * k.SHORTCUT_WEIGHT,
        right=k.q * k.s,
        because="and the shortcut's; w = 0 in every other direction",
    )
    yield Step(
        left=k.output((CORE, SHORTCUT), k.ALIGNED).subs(k.s, k.c),
        right=2 * k.rho * k.c**2 / (2 * k.rho * k.c**2 + k.v),
        because="c = s: what remains of the label at the means of the aligned clusters",
    )
    yield Step(
        left=k.output((CORE, SHORTCUT), k.CONFLICTING).subs(k.s, k.c),
        right=2 * (1 - k.rho) * k.c**2 / (2 * (1 - k.rho) * k.c**2 + k.v),
        because="and of the conflicting ones: less, for their eigenvalue is smaller and v is the same",
    )
    yield Step(
        left=sp.Integer(1),
        right=_EQUAL_RATIO,
        relation=Relation.AT_MOST,
        because="their ratio is 1 for v -> 0, where nothing of the shortcut remains",
    )
    yield Step(
        left=_EQUAL_RATIO,
        right=k.rho / (1 - k.rho),
        relation=Relation.AT_MOST,
        because="and the odds of the aligned clusters for v -> infinity",
    )
    yield Step(
        left=sp.Derivative(k.q * k.v / (k.v + (1 - k.q**2) * k.s**2), k.q),
        right=k.v * (k.v + (1 + k.q**2) * k.s**2) / (k.v + (1 - k.q**2) * k.s**2) ** 2,
        because="positive: the more the attribute tells of the label, the more remains of it",
    )


def _predict(word: str, group: int) -> Prediction:
    return Prediction(
        about=f"y f at the mean of the {word} clusters, f the least-squares fit of {SETTINGS[0].n} samples",
        observable=f"output at {word} means",
        test=Test.EQUAL,
        settings=SETTINGS,
        value=_output(END, group),
        resolution=0.03,
        trials=64,
        label="closed form",
    )


def _output(weights: k.Weights, group: int) -> Callable[[ClusterScene], float]:
    return lambda scene: scene.value(k.output(weights, group))


ALIGNED, CONFLICTING = _predict("aligned", k.ALIGNED), _predict("conflicting", k.CONFLICTING)

CLAIM = Claim(
    title="After training a shortcut remains, as far as the clusters have variance",
    reading=(
        "The predictor that gradient descent ends at has the weights ratio w_s / w_c = q s v / (c (v + 4 rho (1 - rho) "
        "s^2)): for 0 < rho < 1 the shortcut's weight is zero only without variance in the clusters, or with an "
        "attribute that tells nothing of the label."
    ),
    statement=(SHORTCUT / CORE, RATIO),
    source=Source(
        key="lim2026",
        anchor="abstract: large eigenvalues keep their influence after training, for the variance in the clusters",
        provenance=Provenance.DERIVED,
    ),
    points=k.points,
    derivation=derivation,
    predictions=(ALIGNED, CONFLICTING),
    uses=("shortcut-predictor",),
    twins=(
        Twin(
            slip="nothing of the shortcut remains",
            predictions=(replace(CONFLICTING, value=_output((1 / k.c, sp.Integer(0)), k.CONFLICTING), role="rival"),),
        ),
        Twin(
            slip="the shortcut is all that is learned",
            predictions=(replace(ALIGNED, value=_output((sp.Integer(0), k.q / k.s), k.ALIGNED), role="rival"),),
        ),
        Twin(
            slip="rho (1 - rho) in place of 4 rho (1 - rho)",
            statement=(SHORTCUT / CORE, k.q * k.s * k.v / (k.c * (k.v + (1 - k.q**2) / 4 * k.s**2))),
        ),
    ),
    definitions=k.DEFINITIONS,
)
