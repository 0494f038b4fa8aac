"""Random designs: a seed decides them, a longer one begins with a shorter one, and the law speaks of all of each."""

from collections import Counter

import pytest

from numerics.design import CONDITION, DIMENSIONS, SAMPLES, random_settings
from numerics.prediction import predict
from theory.setting import Kernel, Query


@pytest.fixture(scope="module")
def design():
    return random_settings(40, seed=7)


def test_a_seed_decides_and_a_longer_design_begins_with_a_shorter_one(design):
    assert random_settings(6, seed=7) == design[:6]
    assert random_settings(6, seed=8) != design[:6]
    assert len(set(design)) == 40


def test_every_setting_is_in_range_and_predicted(design):
    for setting in design:
        found = predict(setting)
        assert 0 < found.gamma < 1
        assert found.sd > 0
        assert found.effective_ridge > CONDITION * found.energy
        assert DIMENSIONS[0] <= setting.d <= DIMENSIONS[1]
        assert SAMPLES[0] <= setting.n <= SAMPLES[1]
        assert (setting.width, setting.data, setting.query) == (None, "sphere", Query.RESAMPLE)


def test_it_spreads_over_kernels_activations_sizes_and_shares(design):
    """Of 40 uniform draws each half holds fewer than 8 with a chance of 2e-5."""
    assert min(Counter(setting.kernel for setting in design).values()) >= 8
    assert len({setting.activation for setting in design}) > 10
    for values, middle in (
        ([setting.alpha for setting in design], 0.5),
        ([setting.d for setting in design], sum(DIMENSIONS) / 2),
        ([setting.n for setting in design], (SAMPLES[0] * SAMPLES[1]) ** 0.5),
    ):
        assert 8 <= sum(value < middle for value in values) <= 32


def test_other_kernels_are_drawn_when_asked_for():
    assert {setting.kernel for setting in random_settings(5, seed=1, kernels=(Kernel.NTK,))} == {Kernel.NTK}
