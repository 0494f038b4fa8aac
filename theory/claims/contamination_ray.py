"""Any number of features: the ratio turns towards one value, in exact rationals by sums of uniform variables."""

from collections.abc import Callable, Iterator

import sympy as sp

from theory import contamination_ray as ray
from theory.claim import Claim, Hypothesis, Point, Provenance, Relation, Source, Status, Step, Twin
from theory.contamination import r
from theory.contamination_ray import Leak, m, n

from .contamination_projections import ALL_ACTIVE

LEAK, SLOPE, CURVATURE = (Leak(n, m, r, order) for order in range(3))
BALANCE = ray.balance_of(LEAK, SLOPE)
FALL = -sp.Rational(1, 2)
ZERO = sp.Integer(0)
TABLE = {1: "56410", 2: "62831", 4: "68446", 8: "73697", 16: "78453", 32: "82635", 64: "86213"}
"""The ratio that stays, times 10^5, with as many core as background features."""


def points() -> Iterator[Point]:
    """Yield numbers of features and ratios, from hardly any to beyond 1."""
    for features, others, ratio in (
        (1, 1, "1/2"),
        (2, 1, "3/4"),
        (2, 3, "1/5"),
        (3, 2, "7/5"),
        (4, 4, "1/3"),
        (8, 3, "9/10"),
    ):
        yield {n: features, m: others, r: sp.Rational(ratio)}


def near_the_root(side: int) -> Callable[[], Iterator[Point]]:
    """Return points half a unit of the last digit of the table beside each of its values."""

    def beside() -> Iterator[Point]:
        for features, digits in TABLE.items():
            yield {n: features, m: features, r: sp.Rational(2 * int(digits) + side, 2 * 10**5)}

    return beside


def few() -> Iterator[Point]:
    """Yield ratios up to 1 for one feature of each kind."""
    yield from ({r: sp.Rational(ratio)} for ratio in ("1/7", "1/2", "9/10"))


def gaussians() -> Iterator[Point]:
    """Yield ratios, probabilities and densities."""
    symbols = (r, *sp.symbols("p kappa", positive=True))
    for numbers in (("1/2", "1/5", "1/9"), ("4/5", "1/8", "2/7")):
        yield dict(zip(symbols, map(sp.Rational, numbers), strict=True))


def derivation() -> Iterator[Step]:
    """Take both projections from one function, see that it is convex, and enclose where the balance vanishes."""
    left = sp.Symbol("w", positive=True)
    value = sp.Function("leak")
    homogeneous = left * value(r / left)
    yield Step(
        left=sp.Subs(sp.Derivative(homogeneous, left), left, 1),
        right=value(r) - r * sp.Derivative(value(r), r),
        because="leak is of degree 1 in the two weights, and its slopes by them are m E_-[z_b] and -n E_-[z_c]",
        points=lambda: ({**point, value: sp.Symbol("x", real=True) ** 3 / 6} for point in few()),
    )
    yield Step(
        left=Leak(1, 1, r, 0),
        right=r**2 / 6,
        because="for one feature of each kind, up to r = 1, it is what contamination-planar finds",
        points=few,
    )
    yield Step(
        left=sp.Derivative(BALANCE, r),
        right=FALL - CURVATURE / m - r**2 * CURVATURE / n - (r * SLOPE - LEAK) / n,
        because="differentiate the balance (1 - r) / 2 - E_-[z_b] - r E_-[z_c]",
    )
    yield Step(
        left=ZERO,
        right=CURVATURE,
        relation=Relation.AT_MOST,
        because="leak is a mean of convex functions of r",
    )
    yield Step(
        left=ZERO,
        right=r * SLOPE - LEAK,
        relation=Relation.AT_MOST,
        because="this is n E_-[z_c]: so the balance falls by 1/2 per unit of r at least, from 1/2 at r = 0 to below 0 "
        "at r = 1, and vanishes once",
    )
    yield Step(
        left=ZERO,
        right=BALANCE,
        relation=Relation.AT_MOST,
        because="for 1, 2, 4, ..., 64 features of each kind: at .56410, .62831, .68446, .73697, .78453, .82635 and "
        ".86213, less half of the last digit, the ratio still rises",
        points=near_the_root(-1),
    )
    yield Step(
        left=BALANCE,
        right=ZERO,
        relation=Relation.AT_MOST,
        because="and half of the last digit above it falls",
        points=near_the_root(1),
    )
    p, kappa = sp.symbols("p kappa", positive=True)
    yield Step(
        left=(1 - r) / 2 - (p / 2 + r * kappa) - r * (p / 2 - kappa),
        right=((1 - r) - p * (1 + r)) / 2,
        because="if C and G were Gaussian, E_-[z_b] = p / 2 + r kappa and E_-[z_c] = p / 2 - kappa, p = P(r G > C) and "
        "kappa a density over 12 deviations: the densities cancel, and r* = (1 - p) / (1 + p)",
        points=gaussians,
    )


CLAIM = Claim(
    title="Where the ratio of background to core stays, for any number of features",
    reading=(
        "A rectified neuron with one weight on all n core features and r times that on all m background features, its "
        "margins active: whatever n and m are, there is one ratio r* in (0, 1) at which it stays, and any other ratio "
        "turns towards it, for the balance of the two rates falls everywhere. With as many of either kind r* grows "
        "from .564 for one to .862 for 64: the more features, the more of the background is learned."
    ),
    statement=(sp.Derivative(BALANCE, r), FALL),
    relation=Relation.AT_MOST,
    source=Source(
        key="zhang2024",
        anchor="the linear core of its code, with symmetric weights; ours",
        provenance=Provenance.DERIVED,
    ),
    hypotheses=(
        Hypothesis(
            text="the weights on the core are equal and positive, those on the background too",
            examine=lambda _: (Status.HOLDS, "on the ray; contamination-descent starts anywhere"),
        ),
        ALL_ACTIVE,
    ),
    points=points,
    derivation=derivation,
    twins=(
        Twin(slip="the balance falls by 1 per unit of r", statement=(sp.Derivative(BALANCE, r), 2 * FALL)),
        Twin(
            slip="the leak adds to the background's rate",
            statement=(sp.Derivative(ray.balance_of(LEAK, -SLOPE), r), FALL),
        ),
    ),
    definitions=ray.DEFINITIONS,
    remark="A ratio is within 2 |balance| of r*, wherever it is: this is how r* is computed to twelve digits.",
)
