import numpy as np
import pytest

from numerics.confidence import Side, identity_test, limit_test, mean_test
from theory.evidence import Verdict

SAMPLE = tuple(np.random.default_rng(1).normal(0.5, 0.01, 40))
RULE = {"false_alarm": 1e-3, "resolution": 0.05}


@pytest.mark.parametrize(
    ("value", "resolution", "verdict"),
    [
        (0.5, 0.05, Verdict.SAMPLED),
        (0.55, 0.05, Verdict.REFUTED),
        (0.5, 0.001, Verdict.UNDECIDED),
    ],
)
def test_a_mean_is_held_against_a_value(value, resolution, verdict):
    found = mean_test(SAMPLE, value=value, side=Side.BOTH, false_alarm=1e-3, resolution=resolution)
    assert found.verdict is verdict


def test_a_huge_interval_decides_nothing():
    assert mean_test((0.0, 1.0, 0.2), value=0.5, side=Side.BOTH, **RULE).verdict is Verdict.UNDECIDED


@pytest.mark.parametrize(
    ("side", "value", "verdict"),
    [
        (Side.BELOW, 0.45, Verdict.SAMPLED),
        (Side.BELOW, 0.55, Verdict.REFUTED),
        (Side.ABOVE, 0.55, Verdict.SAMPLED),
        (Side.ABOVE, 0.45, Verdict.REFUTED),
        (Side.ABOVE, float(np.mean(SAMPLE)), Verdict.UNDECIDED),
    ],
)
def test_one_side(side, value, verdict):
    found = mean_test(SAMPLE, value=value, side=side, **RULE)
    assert found.verdict is verdict
    assert "power 0.99" in found.sentence


def test_the_false_alarm_rate_is_what_it_says():
    rng = np.random.default_rng(2)
    refuted = sum(
        mean_test(rng.normal(size=8), value=0, side=Side.BOTH, false_alarm=0.1, resolution=1).verdict is Verdict.REFUTED
        for _ in range(2000)
    )
    # Binomial(2000, .1): mean 200, sd 13.4.
    assert abs(refuted - 200) < 4 * 13.4


def test_the_power_is_what_it_says():
    # At the resolution that SAMPLED needs, a deviation of that size is refuted in 99 % of runs.
    rng = np.random.default_rng(3)
    n, runs = 30, 1000
    resolution = (2.045 + 2.462) / np.sqrt(n)  # t_.975 + t_.99 at 29 degrees, sd 1
    refuted = sum(
        mean_test(rng.normal(resolution, 1, n), value=0, side=Side.BOTH, false_alarm=0.05, resolution=1).verdict
        is Verdict.REFUTED
        for _ in range(runs)
    )
    # Binomial(1000, .99) has sd 3.1.
    assert refuted > 990 - 4 * 3.1


@pytest.mark.parametrize(
    ("value", "verdict"), [(0.1, Verdict.SAMPLED), (0.12, Verdict.UNDECIDED), (0.2, Verdict.REFUTED)]
)
def test_equal_trials_have_no_t_test(value, verdict):
    assert mean_test([0.1] * 7, value=value, side=Side.BOTH, **RULE).verdict is verdict


@pytest.mark.parametrize("values", [(1.0,), (1.0, float("nan"))])
def test_too_little_and_nan_are_refused(values):
    with pytest.raises(ValueError, match="trial"):
        mean_test(values, value=1, side=Side.BOTH, **RULE)


@pytest.mark.parametrize("changes", [{"false_alarm": 0.0}, {"false_alarm": 1.0}, {"value": float("nan")}])
def test_meaningless_rates_and_values_are_refused(changes):
    with pytest.raises(ValueError, match=r"false-alarm|against"):
        mean_test(SAMPLE, **{"value": 1.0, "side": Side.BOTH} | RULE | changes)


SIZES = (50, 100, 200, 400)


def _cells(shape):
    rng = np.random.default_rng(5)
    return [rng.normal(shape(size), 0.01, 30) for size in SIZES]


@pytest.mark.parametrize(
    ("shape", "value", "verdict"),
    [
        (lambda n: 0.3 + 2 / n, 0.3, Verdict.SAMPLED),
        (lambda n: 0.3 + 2 / n, 0.35, Verdict.REFUTED),
        (lambda n: 0.3 + 500 / n**2, 0.3, Verdict.UNDECIDED),  # the rate is wrong, and the fit says so
    ],
)
def test_a_limit(shape, value, verdict):
    found = limit_test(_cells(shape), sizes=SIZES, rate=1, value=value, **RULE)
    assert found.verdict is verdict


def test_a_limit_without_spread_is_solved_exactly():
    cells = [[0.3 + 2 / size] * 3 for size in SIZES]
    assert np.isclose(limit_test(cells, sizes=SIZES, rate=1, value=0.3, **RULE).estimate, 0.3, rtol=1e-12)
    assert limit_test(cells, sizes=SIZES, rate=1, value=0.4, **RULE).verdict is Verdict.REFUTED


def test_the_error_of_the_intercept_is_its_spread():
    rng = np.random.default_rng(6)
    found = [
        limit_test([rng.normal(2 / n, 0.1, 30) for n in SIZES], sizes=SIZES, rate=1, value=0, **RULE)
        for _ in range(400)
    ]
    spread = np.std([f.estimate for f in found], ddof=1)
    # The sd of 400 values is known to 1 / sqrt(800) = 3.5 %; estimated weights add some 2 %.
    assert abs(np.mean([f.error for f in found]) / spread - 1) < 4 * 0.035 + 0.02


def test_one_size_has_no_limit():
    with pytest.raises(ValueError, match="two sizes"):
        limit_test([[1, 2], [1, 2]], sizes=(5, 5), rate=1, value=0, **RULE)


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ((1e-12, 1e-11), Verdict.NUMERIC),
        ((1e-12, 0.1), Verdict.REFUTED),
        ((np.nan, 0), Verdict.REFUTED),
        ((), Verdict.UNDECIDED),
    ],
)
def test_an_identity(values, verdict):
    assert identity_test(values, value=1e-9).verdict is verdict
