"""What starts contamination is the even part of the activation: the criterion at a background weight of zero."""

from collections.abc import Iterator

import sympy as sp

from theory import contamination as c
from theory.activations import EXP, QUADRATIC, RELU, SOFTPLUS
from theory.claim import Claim, Hypothesis, Point, Provenance, Source, Status, Step, Twin
from theory.expectations import phi, psi
from theory.hermite import polynomial
from theory.symbols import t, x

HINGE = sp.Max(0, 1 - x)
LOGISTIC = sp.log(1 + sp.exp(-x))
SQUARE = (1 - x) ** 2 / 2
SYMBOLS = (c.a, c.b, c.w_core, c.w_other, c.core, c.background)
ZERO = sp.Integer(0)
WEIGHTS = sp.symbols("mu_0:5", real=True)
"""Hermite coefficients of a polynomial, of degrees 0 to 4."""


def points() -> Iterator[Point]:
    """Yield kinked and smooth activations, none of them odd, with three losses."""
    for activation, of_loss, *numbers in (
        (RELU, LOGISTIC, "1/2", "1/3", "3/4", "5/4", "2/3", "1/5"),
        (EXP, SQUARE, "2/5", "1/4", "5/3", "1/2", "1/3", "4/5"),
        (QUADRATIC, HINGE, "1/7", "3/5", "1/2", "2", "9/10", "3/7"),
        (SOFTPLUS, LOGISTIC, "3/4", "1/2", "2/7", "2/3", "3/5", "1/2"),
    ):
        yield {phi: activation.expr, c.loss: of_loss, **dict(zip(SYMBOLS, map(sp.Rational, numbers), strict=True))}


def coefficients() -> Iterator[Point]:
    """Yield Hermite coefficients and places."""
    for *numbers, place in (("1", "1/2", "1/3", "1/5", "1/7", "3/4"), ("-1", "2", "1/9", "3", "-1/4", "2")):
        yield dict(zip((*WEIGHTS, t), map(sp.Rational, (*numbers, place)), strict=True))


def criterion(sign: int = -1) -> sp.Expr:
    """Return the force on a background weight at 0, from the two classes."""
    kept, other = c.output(1, ZERO), -c.output(-1, ZERO)
    first = c.slope(c.loss(x), kept) * c.slope(phi(x), c.w_core * c.core)
    second = c.slope(c.loss(x), other) * c.slope(phi(x), -c.w_core * c.core)
    return -c.a * c.background / 2 * (first + sign * second)


def active(function: sp.Expr) -> sp.Expr:
    """Return the same where all margins are active, for the activation that is given as a function of x."""
    derivative = sp.Derivative(function, x)
    upper, lower = (sp.Subs(derivative, x, sign * c.w_core * c.core) for sign in (1, -1))
    return c.a * c.background / 2 * (upper - lower)


def second_difference(function: sp.Expr) -> sp.Expr:
    """Return `f(w_c) + f(-w_c) - 2 f(0)`."""
    return function.subs(x, c.w_core) + function.subs(x, -c.w_core) - 2 * function.subs(x, 0)


def derivation() -> Iterator[Step]:
    """Cancel the force for odd activations, then find what is left while the hinge loss is active."""
    odd, risk = psi(x) - psi(-x) + sp.Rational(2, 3), c.background_force(ZERO)
    quartic = sp.Poly([-sp.Rational(1, 7), sp.Rational(1, 5), sp.Rational(1, 3), 0, 0], x).as_expr()
    yield Step(
        left=risk.replace(phi, lambda at: odd.subs(x, at)).subs(c.b, c.a),
        right=ZERO,
        because="an odd activation has an even slope, and f(-x) = -f(x): the two classes cancel, for every loss; "
        "a constant besides cancels between neurons of opposite output weights",
        points=lambda: ({**point, psi: point[phi]} for point in points()),
    )
    yield Step(
        left=risk.replace(c.loss, lambda at: 1 - at),
        right=active(phi(x)),
        because="the hinge loss has slope -1 while all margins are below 1",
    )
    yield Step(
        left=active(phi(x)),
        right=c.a * c.background * sp.Subs(sp.Derivative((phi(x) + phi(-x)) / 2, x), x, c.w_core * c.core),
        because="the odd part of phi' is the derivative of the even part of phi: nothing else contaminates",
    )
    yield Step(
        left=sp.Integral(active(quartic), (c.core, 0, 1)),
        right=c.a * c.background / 2 * second_difference(quartic) / c.w_core,
        because="in the mean over one core feature, uniform on [0, 1], it is a second difference",
    )
    yield from _bridge()


def _bridge() -> Iterator[Step]:
    """Name the even part by its Hermite coefficients: where the core is Gaussian with variance one and mean +-t."""
    slope = sp.Add(*(mu * polynomial(l) for l, mu in enumerate(WEIGHTS))).diff(x)
    odd = ((slope - slope.subs(x, -x)) / 2).subs(x, t)
    even = (l * WEIGHTS[l] * t ** (l - 1) / sp.sqrt(sp.factorial(l)) for l in range(2, len(WEIGHTS), 2))
    yield Step(
        left=sp.Add(*(odd.diff(t, 2 * k) / (2**k * sp.factorial(k)) for k in range(len(WEIGHTS)))),
        right=sp.Add(*even),
        because="E[p(g + t)] = exp(D^2 / 2) p(t) for polynomials, so E[h_l(g + t)] = t^l / sqrt(l!): the force is a "
        "sum over even Hermite degrees, of the same coefficients that gamma is made of",
        points=coefficients,
    )


CLAIM = Claim(
    title="Only the even part of an activation contaminates",
    reading=(
        "A neuron that has no weight on the background yet: what the two classes do to that weight. For an odd "
        "activation, up to a constant that the output weights cancel, they cancel each other, whatever the loss; so "
        "no weights on the background is a state that gradient descent on the population keeps. While all margins are "
        "below 1 only the even part of the activation is left."
    ),
    statement=(c.background_force(ZERO), criterion()),
    source=Source(
        key="zhang2024",
        anchor="activation asymmetry, as a review quotes the caption of Figure 2; the criterion is ours",
        provenance=Provenance.DERIVED,
    ),
    hypotheses=(
        Hypothesis(
            text="the background is independent of the label, and no weight lies on it yet, of any neuron",
            examine=lambda _: (Status.HOLDS, "by construction"),
        ),
        Hypothesis(
            text="the core is y z, and there are no biases",
            examine=lambda _: (Status.HOLDS, "by construction; without it see contamination-nonlinear-core"),
        ),
    ),
    points=points,
    derivation=derivation,
    twins=(
        Twin(slip="the classes add up", statement=(c.background_force(ZERO), criterion(1))),
        Twin(
            slip="the margins taken for active though the loss is not the hinge",
            statement=(c.background_force(ZERO), active(phi(x))),
        ),
    ),
    definitions={
        "z_{b}": "a background feature; in the mean over it, its expectation",
        "w_{c}": "the weight on the core of the neuron that is looked at, a its output weight",
        "v_{c}": "the weight on the core of another neuron, -b its output weight",
        r"\ell": "the loss, a function of y f",
    },
    remark=(
        "At one value of the core feature; the force is the mean over all. The theorems of the paper were not at hand: "
        "this criterion, and its reading in Hermite degrees, are ours."
    ),
)
