"""What gradient descent has learned of each eigenfunction at any time."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

import sympy as sp

from theory import clusters as k
from theory import mixture as x
from theory.claim import Claim, Prediction, Provenance, Source, Step, Test, Twin
from theory.cluster_scenes import DescentScene

MODEL = DescentScene(
    core=Fraction(1),
    shortcut=Fraction(3, 2),
    agreement=Fraction(9, 10),
    noise=Fraction(1),
    d=4,
    n=4000,
    step=Fraction(1, 10),
    steps=1,
)
SETTINGS = tuple(replace(MODEL, steps=steps) for steps in (2, 6, 20, 100))


def derivation() -> Iterator[Step]:
    """Write one step of descent, and what a single mode has learned."""
    yield Step(
        left=x.following,
        right=x.now - x.eta * (x.moments * x.now - x.correlation),
        because="the gradient of half the mean square loss of a linear predictor",
    )
    yield Step(
        left=x.moments,
        right=x.vectors * x.values * x.vectors.T,
        because="shortcut-spectrum: each mode moves by itself",
    )
    yield Step(
        left=x.correlation.T * x.vectors * x.values.inv() * x.vectors.T * x.moments * x.vectors * x.values.inv(),
        right=x.correlation.T * x.vectors * x.values.inv(),
        because="so the squared length of f^(i) in L^2(p) is <v_i, m>^2 / lambda_i when all is learned",
    )


def _stopped(group: int) -> Callable[[DescentScene], float]:
    return lambda scene: scene.value(k.output(k.after(k.t), group))


def _flowing(group: int) -> Callable[[DescentScene], float]:
    """Return the output with `e^(-lambda t)`, t the number of steps: as if a step had length one."""
    flow = k.weights(lambda value: (1 - sp.exp(-value * k.t)) / value)
    return lambda scene: scene.value(k.output(flow, group))


def _predict(word: str, value: Callable[[DescentScene], float]) -> Prediction:
    return Prediction(
        about=f"y f at the mean of the {word} clusters, after 2 to 100 steps of descent",
        observable=f"stopped output at {word} means",
        test=Test.EQUAL,
        settings=SETTINGS,
        value=value,
        resolution=0.04,
        trials=64,
        label="mode by mode",
    )


ALIGNED, CONFLICTING = _predict("aligned", _stopped(k.ALIGNED)), _predict("conflicting", _stopped(k.CONFLICTING))

CLAIM = Claim(
    title="Each eigenfunction is learned at the rate of its eigenvalue",
    reading=(
        "Gradient descent from zero has after t steps learned the share 1 - (1 - eta lambda_i)^t of what the labels "
        "have in mode i, in flow 1 - e^(-eta lambda_i t): f_t(x) = sum_i (1 - (1 - eta lambda_i)^t) / lambda_i "
        "<v_i, m> <v_i, x>. So a shortcut in the top eigenfunctions is learned first."
    ),
    statement=(x.now, x.learned()),
    source=Source(
        key="lim2026",
        anchor="lazy training on the square loss (setting), with the population's kernel; the steps are added",
        provenance=Provenance.DERIVED,
    ),
    points=x.instances,
    derivation=derivation,
    predictions=(ALIGNED, CONFLICTING),
    uses=("shortcut-spectrum",),
    twins=(
        Twin(
            slip="the loss without its half, whose steps are twice as long",
            statement=(x.now, x.learned(2 * x.eta)),
        ),
        Twin(
            slip="time counted in steps, whatever their length",
            predictions=(replace(ALIGNED, value=_flowing(k.ALIGNED), role="rival"),),
        ),
        Twin(
            slip="all modes at the rate of the first",
            predictions=(
                replace(
                    CONFLICTING,
                    value=lambda scene: scene.value(
                        k.output(k.converged(), k.CONFLICTING) * (1 - (1 - k.eta * k.TOP) ** k.t)
                    ),
                    role="rival",
                ),
            ),
        ),
    ),
    definitions={name: x.DEFINITIONS[name] for name in ("X", "W", "Y", "V", r"\Lambda", "w_{t}", r"\eta")},
)
