"""Gradient descent from theta_0 ends at theta*, and how fast is decided by the smallest eigenvalue of the kernel."""

from collections.abc import Iterator
from dataclasses import replace

import sympy as sp

from theory import descent as g
from theory.activations import RELU, TANH
from theory.claim import Claim, Hypothesis, Prediction, Provenance, Relation, Source, Status, Step, Test, Twin
from theory.hypotheses import INTERPOLATION
from theory.interpolation import fit, n, p
from theory.setting import Kernel, Setting

TOLERANCE = 1e-10
"""Relative to `|theta_0 - theta*|`.  A step rounds by `p u |theta|` within the span, where errors shrink and so sum to
`condition p u |theta|`, and by `u |theta|` across it, where t of them add up.  Here condition times p is below 10^4, t
below 500 and `|theta|` below eight of those lengths: 1e-11."""
CLOSE = 1e-6
"""How much closer a descent comes that is followed to its end."""
RATE_TOLERANCE = 1e-3
"""Relative to `eta lambda_min`, which is the inverse condition, above 1/30: two lengths of 1e-6, good to 1e-11, have a
ratio good to 2e-5."""

INSTANCES = tuple(
    Setting(
        kernel=kernel,
        activation=activation,
        d=40,
        d_y=16,
        n=12,
        width=300 if kernel is Kernel.RF else 20,
        data=data,
    )
    for kernel in (Kernel.RF, Kernel.NTK)
    for data in ("sphere", "gaussian")
    for activation in (RELU, TANH)
)


def derivation() -> Iterator[Step]:
    """Follow the error in the span of the samples, then the length of it in the eigenvectors of the kernel."""
    yield Step(
        left=g.phi * fit,
        right=g.labels,
        because="theta* interpolates: Phi Phi^+ = I, as K is invertible",
        points=g.instances,
    )
    yield Step(
        left=g.after - fit,
        right=(g.identity[p] - g.eta * g.phi.T * g.phi) * (g.now - fit),
        because="so the gradient is Phi^T (Phi theta_t - G) = Phi^T Phi (theta_t - theta*): each step multiplies",
        points=g.instances,
    )
    yield Step(
        left=g.start - fit,
        right=g.phi.T * g.kernel.inv() * g.residual,
        because="theta* is theta_0 and a combination of the samples: the error starts in their span",
        points=g.instances,
    )
    yield Step(
        left=(g.identity[p] - g.eta * g.phi.T * g.phi) * g.phi.T,
        right=g.phi.T * (g.identity[n] - g.eta * g.kernel),
        because="and stays there, where Phi^T Phi acts as K does: t steps are the statement",
        points=g.instances,
    )
    yield Step(
        left=(g.now - fit).T * (g.now - fit),
        right=g.weights().T * g.kernel * g.weights(),
        because="its square, in the eigenvectors u_i of K: sum_i c_i^2 (1 - eta lambda_i)^{2t}, "
        "c_i = |u_i^T (Phi theta_0 - G)| / sqrt(lambda_i)",
        points=g.instances,
    )
    yield from _speed()


def _speed() -> Iterator[Step]:
    """Bound the sum of powers from both sides, and so the ratio of successive distances."""
    ratio = g.distance(g.t + 1) / g.distance(g.t)
    slow, first = g.SHARES[0], g.distance(sp.Integer(0))
    middle = g.eta * g.LAMBDAS[1]
    yield Step(
        left=(1 - middle) ** 2,
        right=1 - middle * (2 - middle),
        because="each factor is below 1 in size if and only if eta lambda < 2: all are, for eta < 2 / lambda_max",
        points=g.spectra,
    )
    yield Step(
        left=g.distance(g.t),
        right=g.SLOWEST**g.t * first,
        relation=Relation.AT_MOST,
        because="for eta <= 1 / lambda_max no factor is negative, and that of lambda_min is the largest",
        points=g.spectra,
    )
    yield Step(
        left=slow * g.SLOWEST**g.t,
        right=g.distance(g.t),
        relation=Relation.AT_MOST,
        because="no term of the sum is negative",
        points=g.spectra,
    )
    yield Step(
        left=ratio,
        right=g.SLOWEST,
        relation=Relation.AT_MOST,
        because="the squared ratio is a weighted mean of squared factors",
        points=g.spectra,
    )
    yield Step(
        left=g.distance(g.t),
        right=sp.sqrt(g.distance(g.t - 1) * g.distance(g.t + 1)),
        relation=Relation.AT_MOST,
        because="Cauchy and Schwarz: the ratio of successive distances never falls",
        points=g.spectra,
    )
    yield Step(
        left=g.SLOWEST * (slow / first) ** (1 / g.t),
        right=ratio,
        relation=Relation.AT_MOST,
        because="so it is at least the geometric mean of those before it: it tends to 1 - eta lambda_min if c_1 > 0",
        points=g.spectra,
    )


def _below(observable: str, about: str, bound: float) -> Prediction:
    return Prediction(
        about=about,
        observable=observable,
        test=Test.IDENTITY,
        settings=INSTANCES,
        value=lambda _: bound,
        resolution=bound,
        trials=2,
        label="tolerance",
    )


CLOSED_FORM = _below(
    "descent error", "each theta_t of a plain descent against theta* and the powers of I - eta K", TOLERANCE
)
RATE = _below(
    "descent rate error",
    "successive distances: how far their ratio leaves the two bounds on its way to 1 - eta lambda_min",
    RATE_TOLERANCE,
)
ARRIVAL = _below(
    "descent distance",
    "distance left at eta = 1.9 / lambda_max after as many steps as the slowest factor asks for 1e-6",
    CLOSE + TOLERANCE,
)

CLAIM = Claim(
    title="Gradient descent from theta_0 ends at theta*",
    reading=(
        "Gradient descent on the square loss, with a step below 2 / lambda_max, ends at the interpolator nearest to "
        "where it starts. For a step up to 1 / lambda_max the distance left after t steps is at most (1 - eta "
        "lambda_min)^t of that at the start, and no smaller rate would do: the ratio of successive distances rises "
        "to 1 - eta lambda_min, the smallest eigenvalue of K."
    ),
    statement=(g.now, fit + g.phi.T * g.weights()),
    source=Source(
        key="sourcetext",
        anchor="equation (3), which it puts into words; the formula of each step, and the rate, are added",
        provenance=Provenance.DERIVED,
    ),
    hypotheses=(
        INTERPOLATION,
        Hypothesis(
            text="eta < 2 / lambda_max; for the rate, eta <= 1 / lambda_max",
            examine=lambda _: (Status.HOLDS, "eta is 1 and 1.9 over lambda_max, and 2.1 in the twin"),
        ),
    ),
    points=g.instances,
    derivation=derivation,
    predictions=(CLOSED_FORM, RATE, ARRIVAL),
    twins=(
        Twin(
            slip="the limit is Phi^+ G wherever the descent starts",
            statement=(g.now, g.minimum_norm + g.phi.T * g.weights()),
            predictions=(replace(CLOSED_FORM, observable="descent error without the start"),),
        ),
        Twin(
            slip="the step of the loss without its half, which is twice as long",
            statement=(g.now, fit + g.phi.T * g.weights(2 * g.eta)),
        ),
        Twin(
            slip="the largest eigenvalue sets the rate",
            predictions=(replace(RATE, observable="descent rate error of the largest eigenvalue"),),
        ),
        Twin(
            slip="98/97 times the smallest eigenvalue sets the rate",
            predictions=(replace(RATE, observable="descent rate error at 98/97 of it"),),
        ),
        Twin(
            slip="the smallest eigenvalue of K / N sets the rate",
            predictions=(replace(RATE, observable="descent rate error of the mean kernel"),),
        ),
        Twin(
            slip="it arrives beyond 2 / lambda_max too",
            predictions=(replace(ARRIVAL, observable="descent distance beyond the step"),),
        ),
    ),
    definitions=g.DEFINITIONS,
    remark=(
        "The source text calls the limit the minimum-norm interpolator, and the one closest to the start: two names "
        "of one point for theta_0 = 0 only, and it is the second that holds (first twin). Its loss has no half, which "
        "only halves the step."
    ),
)
