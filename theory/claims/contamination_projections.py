"""How the gradient of a rectified neuron projects on core and background: two core features, one in the background."""

from collections.abc import Iterator

import sympy as sp

from theory import contamination as c
from theory.claim import Claim, Hypothesis, Point, Provenance, Source, Status, Step, Twin

RATIOS = sp.symbols("r_1 r_2", positive=True)
"""`w_b / w_1` and `w_b / w_2`, at most 1: the three weights are positive, and the background's is the least."""
W1, W2 = sp.symbols("w_1 w_2", positive=True)
ONE = sp.Integer(1)
HALF = sp.Rational(1, 2)
MU, KAPPA, TAU = sp.symbols("mu kappa tau", real=True)


def points() -> Iterator[Point]:
    """Yield output weights and ratios."""
    for output, *ratios in (("1/2", "1/3", "4/5"), ("1/7", "1", "1/2"), ("2", "2/9", "2/3")):
        yield dict(zip((c.a, *RATIOS), map(sp.Rational, (output, *ratios)), strict=True))


def weights() -> Iterator[Point]:
    """Yield weights, the background's the least."""
    for numbers in (("1/2", "2/3", "3/4", "1/5"), ("1/7", "1", "1/2", "2/5")):
        yield dict(zip((c.a, W1, W2, c.w_background), map(sp.Rational, numbers), strict=True))


def gaussians() -> Iterator[Point]:
    """Yield means of a feature, its covariances with the preactivation, and thresholds."""
    for numbers in (("1/2", "1/9", "2/3"), ("1/3", "-1/5", "-3/2")):
        yield dict(zip((MU, KAPPA, TAU), map(sp.Rational, numbers), strict=True))


def wrong(*moments: sp.Expr) -> sp.Expr:
    """Return `E_-` of a product of features, as an integral over where the neuron lets the wrong class through."""
    return c.wrong_class(*moments, ratios=RATIOS)


def derivation() -> Iterator[Step]:
    """Differentiate the risk, integrate over where the neuron is active, and go to many features."""
    first, second = RATIOS
    of_weights = {first: c.w_background / W1, second: c.w_background / W2}
    excess = c.w_background * c.background - W1 * c.cores(2)[0] - W2 * c.cores(2)[1]
    passed = c.wrong_class(excess, ratios=RATIOS).subs(of_weights)
    risk = 1 - c.a / 2 * ((W1 + W2 + c.w_background) / 2 - passed)
    yield Step(
        left=-sp.Derivative(risk, c.w_background),
        right=(c.a / 2 * (HALF - wrong(c.background))).subs(of_weights),
        because="while all margins are active the risk is 1 - a (E[(C + G)_+] - E[(G - C)_+]) / 2; by the weight on "
        "the background it gives the difference of the classes",
        points=weights,
    )
    yield Step(
        left=-sp.Derivative(risk, W1),
        right=(c.a / 2 * (HALF + wrong(c.cores(2)[0]))).subs(of_weights),
        because="and by a weight on the core their sum: core features never lose",
        points=weights,
    )
    yield Step(left=wrong(ONE), right=first * second / 6, because="how often the wrong class passes, P_-")
    yield Step(
        left=wrong(c.cores(2)[0]),
        right=first**2 * second / 24,
        because="in the wrong class, the mean of what is seen of a core feature",
    )
    yield Step(
        left=wrong(c.background),
        right=first * second / 8,
        because="and of the background: both vanish with P_-, and then core and background grow alike, by a / 4",
    )
    density = sp.exp(-(TAU**2) / 2) / sp.sqrt(2 * sp.pi)
    yield Step(
        left=sp.Derivative(MU * (1 + sp.erf(TAU / sp.sqrt(2))) / 2 + KAPPA * density, TAU),
        right=(MU - KAPPA * TAU) * density,
        because="with many features y C + G is nearly Gaussian, s (tau + g), and E_y[z_j] = mu Phi(tau) + kappa "
        "phi(tau), kappa the covariance of z_j with it over s: this vanishes at -infinity, and grows by the mean of "
        "z_j at g = -tau",
        points=gaussians,
    )


RATE = c.a / 2 * (HALF - RATIOS[0] * RATIOS[1] / 8)

ALL_ACTIVE = Hypothesis(
    text="all margins are below 1, so that the hinge loss has slope -1",
    examine=lambda _: (Status.HOLDS, "at small weights, where a descent begins"),
)

CLAIM = Claim(
    title="How a gradient projects on the background",
    reading=(
        "A rectified neuron with positive weights, the background's the least, and all margins active: its weight on "
        "the background grows at half its output weight times the mean of the feature in the right class, less that in "
        "the wrong class. The less of the wrong class passes, the faster the background is learned, up to the rate of "
        "the core; with the identity for the rectifier both classes pass alike, and it is not learned at all."
    ),
    statement=(c.a / 2 * (HALF - wrong(c.background)), RATE),
    source=Source(
        key="zhang2024",
        anchor="gradient projections onto background features, as a review quotes Figure 2; the values are ours",
        provenance=Provenance.DERIVED,
    ),
    hypotheses=(
        Hypothesis(
            text="no weight on the core is below that on the background: w_b / w_j <= 1",
            examine=lambda _: (Status.HOLDS, "at every point tried"),
        ),
        ALL_ACTIVE,
    ),
    points=points,
    derivation=derivation,
    twins=(
        Twin(
            slip="the projection onto the core taken for that onto the background",
            statement=(c.a / 2 * (HALF + wrong(c.cores(2)[0])), RATE),
        ),
        Twin(
            slip="the background averaged over the wrong class without asking whether the neuron is active",
            statement=(c.a / 2 * (HALF - wrong(ONE) / 2), RATE),
        ),
    ),
    definitions={
        "r_{j}": "the weight on the background over that on core feature j",
        **{key: c.DEFINITIONS[key] for key in ("a", "E_-", "z_{b}")},
    },
)
