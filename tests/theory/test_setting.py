"""Settings: the shares are exact, and what leaves no room is refused with the nearest that does."""

from dataclasses import replace
from fractions import Fraction

import pytest

from theory.activations import RELU, STEP
from theory.setting import Kernel, Query, Setting, spurious_dimensions

SETTING = Setting(kernel=Kernel.NTK, activation=RELU, d=144, d_y=80, n=36, width=20)
DEEP = Setting(kernel=Kernel.NTK_DEEP, activation=RELU, d=144, d_y=80, n=36, depth=3)


@pytest.mark.parametrize(
    ("alpha", "d", "d_y"),
    [
        (Fraction("0.5556"), 144, 80),
        (Fraction(5, 9), 144, 80),
        (Fraction(1, 2), 100, 50),
        (Fraction("0.333"), 3, 1),
        (Fraction(1, 50), 50, 1),
        (Fraction(49, 50), 50, 49),
    ],
    ids=str,
)
def test_a_share_gives_its_dimensions(alpha, d, d_y):
    assert spurious_dimensions(alpha, d) == d_y


@pytest.mark.parametrize(
    ("alpha", "d", "line"),
    [
        (
            Fraction("0.33"),
            50,
            (
                "alpha = 0.33 leaves 16.5 spurious dimensions of d = 50, not a whole number between 1 and 49; "
                "the nearest that does is 16/50"
            ),
        ),
        (
            Fraction(1, 1000),
            50,
            (
                "alpha = 0.001 leaves 0.05 spurious dimensions of d = 50, not a whole number between 1 and 49; "
                "the nearest that does is 1/50"
            ),
        ),
        (
            Fraction(999, 1000),
            5,
            (
                "alpha = 0.999 leaves 4.995 spurious dimensions of d = 5, not a whole number between 1 and 4; "
                "the nearest that does is 4/5"
            ),
        ),
        (
            Fraction("0.556"),
            144,
            (
                "alpha = 0.556 leaves 80.064 spurious dimensions of d = 144, not a whole number between 1 and 143; "
                "the nearest that does is 80/144"
            ),
        ),
        (
            Fraction(1, 10**5),
            100,
            (
                "alpha = 1e-05 leaves 0.001 spurious dimensions of d = 100, not a whole number between 1 and 99; "
                "the nearest that does is 1/100"
            ),
        ),
        (Fraction(0), 50, "alpha = 0 is outside (0, 1)"),
        (Fraction(1), 50, "alpha = 1 is outside (0, 1)"),
        (Fraction(-1, 2), 50, "alpha = -0.5 is outside (0, 1)"),
        (Fraction(3, 2), 50, "alpha = 1.5 is outside (0, 1)"),
    ],
    ids=str,
)
def test_a_share_that_splits_a_dimension_is_refused_with_the_nearest(alpha, d, line):
    with pytest.raises(ValueError, match=r".") as refusal:
        spurious_dimensions(alpha, d)
    assert str(refusal.value) == line


def test_one_dimension_cannot_be_shared():
    with pytest.raises(ValueError, match=r"alpha = 0\.5 leaves 0\.5 spurious dimensions of d = 1, [^;]*$"):
        spurious_dimensions(Fraction(1, 2), 1)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"d_y": 0}, "d_y = 0 of d = 144 leaves no core or no spurious dimension"),
        ({"d_y": 144}, "d_y = 144 of d = 144 leaves no core or no spurious dimension"),
        ({"d": 0}, "d_y = 80 of d = 0 leaves no core"),
        ({"n": 0}, "N = 0: at least one sample is needed"),
        ({"width": 0}, "width = 0: at least one neuron is needed"),
    ],
    ids=str,
)
def test_a_setting_without_room_is_refused(changes, line):
    with pytest.raises(ValueError, match=line):
        replace(SETTING, **changes)


@pytest.mark.parametrize(
    ("setting", "changes", "line"),
    [
        (DEEP, {"depth": None}, "ntk-deep needs a depth, the number of its hidden layers"),
        (DEEP, {"depth": 0}, "depth = 0: at least one hidden layer is needed"),
        (DEEP, {"width": 20}, "width = 20: ntk-deep is the kernel of infinitely wide layers"),
        (DEEP, {"query": Query.ZERO}, "query zero: ntk-deep supposes queries as long as samples, |z|^2 = d"),
        (DEEP, {"kernel": Kernel.RF}, "depth = 3: rf is one layer of features; nngp-deep, ntk-deep have a depth"),
        (SETTING, {"depth": 1}, "depth = 1: ntk is one layer of features; nngp-deep, ntk-deep have a depth"),
        (SETTING, {"kernel": Kernel.NNGP_DEEP}, "nngp-deep needs a depth, the number of its hidden layers"),
    ],
    ids=str,
)
def test_depth_and_kernel_must_fit(setting, changes, line):
    with pytest.raises(ValueError, match=r".") as refusal:
        replace(setting, **changes)
    assert str(refusal.value) == line


def test_the_kernels_of_depth_are_deep():
    assert [kernel for kernel in Kernel if kernel.is_deep] == [Kernel.NNGP_DEEP, Kernel.NTK_DEEP]
    assert DEEP.parameters == float("inf")


def test_shares_are_exact():
    assert Fraction(5, 9) == SETTING.alpha
    assert Fraction(1, 4) == SETTING.delta


def test_parameters_are_counted_as_the_paper_counts_them():
    assert SETTING.parameters == 20 * 144
    assert replace(SETTING, kernel=Kernel.RF).parameters == 20
    assert replace(SETTING, width=None).parameters == float("inf")


def test_a_setting_names_itself():
    assert str(SETTING) == "NTK relu, sphere, d=144, N=36, alpha=5/9, k=20, resample"
    assert str(DEEP) == "NTK-DEEP relu, depth 3, sphere, d=144, N=36, alpha=5/9, k=inf, resample"
    assert "k=inf, zero" in str(replace(SETTING, width=None, query=Query.ZERO))


def test_a_setting_is_taken_for_others_that_exist():
    found = dict(SETTING.slips())
    assert list(found) == ["alpha and 1 - alpha swapped", "N and d swapped", "the other kernel", "phi' in place of phi"]
    assert (found["N and d swapped"].d, found["N and d swapped"].n) == (36, 144)
    assert found["the other kernel"].kernel is Kernel.RF
    # one sample leaves no dimension to share, and a step has no derivative
    assert list(dict(replace(SETTING, n=1, activation=STEP).slips())) == [
        "alpha and 1 - alpha swapped",
        "the other kernel",
    ]


def test_two_names_of_one_setting_are_one_and_sizes_are_forgotten():
    renamed = replace(SETTING, activation=replace(RELU, name="another"))
    assert renamed != SETTING
    assert renamed.bare() == SETTING.bare()
    assert replace(SETTING, n=7).at_any_size() == SETTING.at_any_size() != SETTING
