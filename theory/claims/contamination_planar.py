"""One core feature, one background feature: the ratio at which a rectified neuron stays is the root of a cubic."""

from collections.abc import Iterator

import sympy as sp

from theory import contamination as c
from theory.claim import Claim, Hypothesis, Point, Provenance, Source, Status, Step, Twin

CORE, BACKGROUND = c.planar_rates()
TURNING = BACKGROUND - c.r * CORE
"""How the ratio turns: `w_c r'`."""
U = sp.Symbol("u", positive=True)
TURNED = -c.a * c.CUBIC / 12
CORE_RATE = c.a * (sp.Rational(1, 4) + c.r**2 / 12)
BACKGROUND_RATE = c.a * (sp.Rational(1, 4) - c.r / 6)


def points() -> Iterator[Point]:
    """Yield output weights and ratios up to 1, on both sides of the root."""
    for output, ratio in (("1/2", "1/9"), ("2", "1/2"), ("1/3", "3/5"), ("5/4", "1")):
        yield {c.a: sp.Rational(output), c.r: sp.Rational(ratio)}


def derivation() -> Iterator[Step]:
    """Integrate the three projections, then follow the ratio."""
    yield Step(
        left=c.wrong_class(sp.Integer(1), ratios=[c.r]),
        right=c.r / 2,
        because="the wrong class passes where z_c < r z_b",
    )
    yield Step(left=CORE, right=CORE_RATE, because="E_-[z_c] = r^2 / 6, which adds to the core's 1/2")
    yield Step(left=BACKGROUND, right=BACKGROUND_RATE, because="E_-[z_b] = r / 3, which the background loses")
    yield Step(
        left=sp.Derivative(TURNED, c.r),
        right=-c.a * (3 * c.r**2 + 5) / 12,
        because="the turning falls with the ratio, everywhere: it has one real zero, and the ratio returns to it",
    )
    yield Step(
        left=c.CUBIC.subs(c.r, U - 5 / (3 * U)),
        right=U**3 - 3 - sp.Rational(125, 27) / U**3,
        because="Cardano: with r = u - 5 / (3 u) it is quadratic in u^3 = 3/2 + sqrt(9/4 + 125/27), and r* = "
        "0.56409973..., where the turning has the slope -0.4962188 a",
        points=lambda: iter([{U: sp.Rational(1, 2)}, {U: sp.Rational(8, 5)}]),
    )


CLAIM = Claim(
    title="A planar neuron ends on a ray: r^3 + 5 r = 3",
    reading=(
        "One core feature, one background feature that has nothing to do with the label, one rectified neuron whose "
        "margins are all active: wherever the ratio of the background weight to the core weight is between 0 and 1, it "
        "moves towards the real root of r^3 + 5 r = 3, which is .564. A linear neuron's goes to 0."
    ),
    statement=(TURNING, TURNED),
    source=Source(
        key="zhang2024", anchor="its setting with one feature of each kind; ours", provenance=Provenance.DERIVED
    ),
    hypotheses=(
        Hypothesis(
            text="0 < r <= 1, and all margins are below 1",
            examine=lambda _: (Status.HOLDS, "at every point tried"),
        ),
    ),
    points=points,
    derivation=derivation,
    twins=(
        Twin(slip="E_-[z_b] taken for r / 2, as P_- is", statement=(TURNING, c.a * (3 - 6 * c.r - c.r**3) / 12)),
        Twin(
            slip="the wrong class helps the background too",
            statement=(TURNING, c.a * (3 - c.r - c.r**3) / 12),
        ),
        Twin(slip="a linear neuron's ratio, which only falls", statement=(TURNING, -c.r * c.a / 2)),
    ),
    uses=("contamination-projections",),
    definitions={"r": "the ratio of the background weight to the core weight", "a": c.DEFINITIONS["a"]},
    remark=(
        "Beyond r = 1 the integrals are others, of the same sign: contamination-ray has them for any number of "
        "features, and the same root for one of each."
    ),
)
