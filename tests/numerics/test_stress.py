"""Where numbers are hard: the answer, its bound or a refusal, and never a wrong number without a word."""

import numpy as np
import pytest

from numerics.data import Sample
from numerics.dual_series import series
from numerics.elementwise import vectorise
from numerics.kernels import closed_dual
from numerics.leave_one_out import leave_one_out
from numerics.trials import run_trial
from tests.campaigns.corners import CORNERS, tried
from tests.campaigns.fifty_digits import expected
from tests.campaigns.stress import astray, predictions
from theory.activations import RELU
from theory.setting import Kernel, Setting
from theory.symbols import rho

BY_NAME = {corner.name: corner for corner in CORNERS}
FEW = (
    "every row twice, ntk, infinite neurons",
    "every row twice but for 1e-03, rf, infinite neurons",
    "every row twice but for 1e-06, ntk, infinite neurons",
    "data times 1e-160, rf, 100 neurons",
    "data times 1e-08, rf, infinite neurons",
    "single precision, data times 1e+30, ntk",
    "d = 2, N = 1, rf, infinite neurons",
    "d_x = 1, ntk",
    "N = p, rf",
    "1 + x/10**6, 60 neurons",
)


@pytest.mark.parametrize("name", FEW)
def test_a_corner_comes_out_as_it_must(name, tmp_path):
    corner = BY_NAME[name]
    assert not astray(corner.wanted, tried(corner, tmp_path))


def test_a_wrong_number_in_a_corner_is_seen(tmp_path, monkeypatch):
    from numerics import trials

    def off(*args, **how):
        found = run_trial(*args, **how)
        found.alignments[0] += 1e-9
        return found

    monkeypatch.setattr("tests.campaigns.corners.run_trial", off)
    assert trials.run_trial is run_trial
    assert tried(BY_NAME["d = 2, N = 1, rf, infinite neurons"], tmp_path).outcome == "WRONG"


@pytest.mark.parametrize("apart", [1e-4, 1e-8, 1e-12])
def test_the_kernel_of_samples_that_nearly_agree_keeps_its_digits(apart):
    """`sqrt(1 - rho**2)` as it is written loses half of them."""
    dual = closed_dual(Setting(kernel=Kernel.RF, activation=RELU, d=10, d_y=4, n=2))
    import mpmath

    with mpmath.workdps(50):
        at = 1 - apart
        right = mpmath.sqrt(1 - mpmath.mpf(at) ** 2) + at * (mpmath.pi - mpmath.acos(at))
        assert abs(vectorise(dual, rho)(np.array([at]))[0] - right / (2 * mpmath.pi)) < 2e-16


def test_small_rows_keep_their_lengths():
    """Rounded to twelve decimals, and not digits, a length of 1e-8 would lose eight of them."""
    scales = np.array([1.23456789e-8, 0.7, 1.0 + 1e-15, 1.0])
    power = series(RELU, scales).power
    assert np.allclose(power, scales**2 / 2, rtol=1e-10, atol=0)
    assert power[2] == power[3]


def test_the_residual_of_a_small_kernel_is_that_of_its_fit():
    """With the diagonal of the factor subtracted from that of the kernel it cancelled."""
    rows = np.random.default_rng(1).standard_normal((12, 30))
    gram = 1e-60 * rows @ rows.T
    found = leave_one_out(gram, queries=gram, tests=gram, labels=np.ones(12), parameters=np.inf)
    assert found.training_residual < 1e-13


def test_data_whose_squares_overflow_are_refused():
    with pytest.raises(ValueError, match=r"x holds 1e\+160 at row 1, too large to be squared: scale the data"):
        Sample(x=np.array([[1.0], [-1e160]]), y=np.ones((2, 1)), g=np.ones(2))


def test_a_trial_of_which_nothing_is_known_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    setting = BY_NAME["every row twice but for 1e-06, ntk, infinite neurons"].setting()
    with pytest.raises(ValueError, match=r"trial 0: the kernel is singular to working precision, of condition .*e\+07"):
        run_trial(setting, seed=3, trial=0)


def test_the_witness_forms_the_kernel_by_itself():
    rows = np.array([[3.0, 4.0], [-4.0, 3.0], [-3.0, -4.0]])
    dual = closed_dual(Setting(kernel=Kernel.NTK, activation=RELU, d=2, d_y=1, n=2))
    found = np.array(expected(dual, rows, rows), dtype=float)
    assert np.allclose(found, [[0.5, 0, 0], [0, 0.5, 0], [0, 0, 0.5]])


@pytest.mark.slow
def test_the_law_stays_in_its_ball_at_the_ends_of_its_sizes():
    assert max(predictions().values()) < 1e-9
