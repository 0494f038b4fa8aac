"""A point is near the law or far from it by its own spread, and one without spread by that of independent samples."""

import math
from dataclasses import replace

import pytest

from reports.agreement import NAMED, Point, agreement
from theory.activations import RELU
from theory.setting import Kernel, Setting

AT = Setting(kernel=Kernel.RF, activation=RELU, d=20, d_y=5, n=100)
POINT = Point(setting=AT, name="gamma", mean=0.5, sd=0.1, trials=16, law=0.5, law_error=0, share_of=None)


@pytest.mark.parametrize(
    ("law", "near", "deviations"), [(0.5, True, 0), (0.59, True, 3.6), (0.61, False, 4.4), (0.39, False, 4.4)]
)
def test_a_distance_is_told_in_both_units(law, near, deviations):
    point = replace(POINT, law=law)
    assert (point.near, point.deviations) == (near, pytest.approx(deviations))


def test_the_error_of_the_law_counts():
    assert replace(POINT, law=0.65, law_error=0.1).deviations == pytest.approx(0.15 / math.hypot(0.025, 0.1))


def test_trials_that_all_agree_have_the_spread_of_independent_samples():
    """Of 1600 samples all are right: 1.6 wrong ones are no surprise, 48 are."""
    agreed = replace(POINT, mean=1.0, sd=0.0, share_of=100)
    assert replace(agreed, law=0.999).near
    assert replace(agreed, law=0.999).deviations == pytest.approx(0.001 / math.sqrt(0.999 * 0.001 / 1600))
    assert not replace(agreed, law=0.97).near
    assert replace(agreed, law=0.97).deviations > 4
    assert replace(agreed, law=1.0).deviations == 0
    assert replace(agreed, law=0.5, share_of=None).deviations == math.inf


def test_the_points_are_counted_and_the_far_ones_named_the_farthest_first():
    near, off, far = (replace(POINT, law=law) for law in (0.5, 0.61, 0.65))
    counted, first, second = agreement([near, off, near, far])
    assert counted == (
        "Of 4 sampled points the law lies within one standard deviation of a trial at 2, and within 4 standard errors "
        "of the mean at 2."
    )
    assert first == "outside: gamma of RF relu, N = 100, alpha = 1/4: 0.5000, law 0.6500, 6.0 standard errors"
    assert second.endswith("law 0.6100, 4.4 standard errors")


def test_of_many_far_points_the_number_is_told():
    far = [replace(POINT, law=0.7 + place / 100) for place in range(NAMED + 3)]
    lines = agreement(far)
    assert len(lines) == NAMED + 2
    assert "law 0.8000" in lines[1]
    assert lines[-1] == "and 3 more"


def test_no_points_say_nothing():
    assert agreement([]) == ()
