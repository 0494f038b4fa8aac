"""Proposition 3.1: the spectrum of the linear kernel on a mixture of Gaussian clusters."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

import sympy as sp
from sympy import QQ
from sympy.polys.matrices import DomainMatrix

from theory import mixture as x
from theory.claim import Claim, Hypothesis, Point, Prediction, Provenance, Source, Status, Step, Test, Twin
from theory.cluster_scenes import ClusterScene, rational
from theory.clusters import SECOND, TOP, v

SETTINGS = tuple(
    ClusterScene(
        core=Fraction(1),
        shortcut=Fraction(5, 4),
        agreement=Fraction(9, 10),
        noise=Fraction(1, 4),
        conflict_noise=Fraction(2),
        d=8,
        n=size,
    )
    for size in (200, 400, 800)
)


def derivation() -> Iterator[Step]:
    """Take the operator to the second moments, and these to the means."""
    yield Step(
        left=x.moments,
        right=x.between + x.variance * x.identity,
        because="the kernel sees the second moments alone; a cluster has mu_k mu_k^T + sigma_k^2 I",
    )
    yield Step(
        left=x.between * x.vectors,
        right=x.vectors * x.shifts,
        because="the v_i are the eigenvectors of the means' own part",
    )
    yield Step(
        left=x.vectors.T * x.moments * x.vectors,
        right=x.variance * x.identity + x.shifts,
        because="E[<v_i, x> <v_j, x>]: over the roots of the eigenvalues the eigenfunctions are orthonormal",
    )


def anisotropic() -> Iterator[Point]:
    """Yield the same means with clusters that are three times as wide in the first direction."""
    for point in x.instances():
        size = point[x.nodes].shape[0]
        wide = DomainMatrix(
            [[QQ(3 if i == j == 0 else int(i == j)) for j in range(size)] for i in range(size)], (size, size), QQ
        )
        centres = point[x.means] * _membership(point)
        yield {**point, x.nodes: centres + wide * (point[x.nodes] - centres)}


def _membership(point: Point) -> DomainMatrix:
    """Return which node belongs to which cluster: 2^d to each, in order."""
    count, nodes = point[x.means].shape[1], point[x.nodes].shape[1]
    each = nodes // count
    rows = [[QQ(int(node // each == cluster)) for node in range(nodes)] for cluster in range(count)]
    return DomainMatrix(rows, (count, nodes), QQ)


def _value(expr: sp.Expr) -> Callable[[ClusterScene], float]:
    return lambda scene: scene.value(expr)


def _unweighted(expr: sp.Expr) -> Callable[[ClusterScene], float]:
    """Return the eigenvalue with the plain mean of the clusters' variances: a rival."""
    return lambda scene: scene.value(expr.subs(v, rational(sum(scene.noises, Fraction(0)) / 2)))


def _tends(observable: str, expr: sp.Expr, about: str) -> Prediction:
    return Prediction(
        about=about,
        observable=observable,
        test=Test.LIMIT,
        settings=SETTINGS,
        value=_value(expr),
        resolution=0.06,
        trials=192,
        size=lambda scene: float(scene.n),
        size_label="N",
        label="Proposition 3.1",
        role="paper",
    )


LARGEST = _tends("largest eigenvalue of the sample", TOP, "the largest eigenvalue of K / N as N grows, d = 8")
NEXT = _tends("second eigenvalue of the sample", SECOND, "the second eigenvalue of K / N as N grows, d = 8")

CLAIM = Claim(
    title="Proposition 3.1: eigenvalues are the mean variance plus those of the means",
    reading=(
        "On a mixture of isotropic Gaussian clusters the kernel <x, x'> has the linear eigenfunctions <v_i, x>, v_i "
        "the eigenvectors of sum_k pi_k mu_k mu_k^T; their eigenvalues are sum_k pi_k sigma_k^2 more than its own. "
        "Clusters of large weight make large eigenvalues."
    ),
    statement=(x.operator, x.nodes.T * x.vectors * (x.variance * x.identity + x.shifts)),
    source=Source(key="lim2026", anchor="Proposition 3.1", provenance=Provenance.REPORTED),
    hypotheses=(
        Hypothesis(
            text="every cluster is isotropic",
            examine=lambda _: (Status.HOLDS, "by construction"),
            violated=anisotropic,
        ),
    ),
    points=x.instances,
    derivation=derivation,
    predictions=(LARGEST, NEXT),
    twins=(
        Twin(
            slip="the eigenvalues of the means alone",
            statement=(x.operator, x.nodes.T * x.vectors * x.shifts),
            predictions=(replace(LARGEST, value=lambda scene: scene.value(TOP - v), role="rival"),),
        ),
        Twin(
            slip="the variances of the clusters averaged without their weights",
            predictions=(replace(NEXT, value=_unweighted(SECOND), role="rival"),),
        ),
    ),
    definitions={name: x.DEFINITIONS[name] for name in ("X", "W", r"\mu", r"\Pi", "v", "V", "A")},
    remark=(
        "Proved here by its three steps; of the paper's own proof, and of its Theorems 3.1 and 3.2, nothing was at "
        "hand. A tangent kernel of an infinitely wide linear network with L layers is L <x, x'>: shortcut-width."
    ),
)
