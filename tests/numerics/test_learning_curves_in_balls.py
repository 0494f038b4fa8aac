"""Errors and accuracies in doubles, against those of the theory layer: other modes, another rule, the same formulas."""

import math

import pytest

from numerics.finite_size import finite_size
from numerics.learning_curves import LearningCurve
from theory.activations import ERF, PHI4, RELU
from theory.finite_size import FiniteSizeLaw, Modes
from theory.kernels import random_features, tangent_features
from theory.learning_curve import LearningCurve as InBalls

CASES = [
    (random_features(RELU), (25, 25, 100), None),
    (random_features(RELU), (60, 40, 50), 400),
    (random_features(ERF), (30, 20, 60), 200),
    (tangent_features(RELU), (40, 40, 60), None),
    (random_features(PHI4), (50, 50, 400), None),
]
QUANTITIES = ("bias", "test_error", "test_accuracy", "spurious_accuracy")
ROUGH = 1e-8
"""A rule of 24 nodes takes the means of the accuracies in the theory layer: off by 3e-9 where nearly all answers are
right, as for h1 + h4, by rounding elsewhere."""


def off(case, **changes):
    """Return, quantity by quantity, how far the two are apart, relative to the theory layer's; `changes` spoil ours."""
    kernel, (d_x, d_y, n), width = case
    law = FiniteSizeLaw(modes=Modes(kernel=kernel, d_x=d_x, d_y=d_y, degrees=16, terms=240), n=n)
    theirs = InBalls(law=law, parameters=width)
    ours = LearningCurve(law=finite_size(kernel, d_x, d_y, [changes.get("n", n)]), parameters=width)
    found = {}
    for name in QUANTITIES:
        value = getattr(theirs, name)
        number = value if isinstance(value, float) else float(value.mid())
        found[name] = math.fabs(float(getattr(ours, name)[0]) / number - 1)
    return found


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_two_layers_agree(case):
    assert {name: error for name, error in off(case).items() if not error < ROUGH} == {}


def test_one_sample_less_is_seen():
    assert all(error > ROUGH for error in off(CASES[0], n=99).values())
