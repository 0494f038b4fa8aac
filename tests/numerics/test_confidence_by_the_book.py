"""The verdict on a mean against SciPy's t test, which is another's code for the same rule."""

import numpy as np
import pytest
from scipy import stats

from numerics.confidence import Side, limit_test, mean_test
from theory.evidence import Verdict

ALTERNATIVES = {"=": "two-sided", ">=": "less", "<=": "greater"}


def p_value(values, value, relation):
    """Return the p-value of the mean being `=`, `>=` or `<=` the value, by the book."""
    return float(stats.ttest_1samp(values, value, alternative=ALTERNATIVES[relation]).pvalue)


def agrees(side, level, rng, *, shift=0.0):
    """Return whether both refute the same of four hundred samples, and some of them; `shift` spoils the value."""
    both = []
    for size in rng.integers(2, 40, 400):
        values, value = rng.normal(size=size), rng.normal(scale=0.7)
        found = mean_test(values, value=value + shift, side=side, false_alarm=level, resolution=1.0)
        both.append((found.verdict is Verdict.REFUTED, p_value(values, value, side.value) < level))
    ours, theirs = np.array(both).T
    return bool(0 < theirs.sum() < 400 and np.array_equal(ours, theirs))


@pytest.mark.parametrize("level", [0.05, 1e-2, 1e-3])
@pytest.mark.parametrize("side", Side)
def test_what_is_refuted_is_what_the_book_refutes(side, level):
    assert agrees(side, level, np.random.default_rng(8))
    assert not agrees(side, level, np.random.default_rng(8), shift=0.3)


def test_with_much_data_the_intercept_is_that_of_a_weighted_fit():
    """Two sizes leave a fit no choice: the intercept is where the line through both means crosses infinite size."""
    rng = np.random.default_rng(9)
    cells, sizes = rng.normal([[1.0], [2.0]], 1.0, size=(2, 50)), (10, 30)
    found = limit_test(cells, sizes=sizes, rate=1, value=0.0, false_alarm=0.05, resolution=1.0)
    # m = a + b / size: three times the second mean, less the first, is twice a
    combined = (3 * cells[1] - cells[0]) / 2
    assert found.estimate == pytest.approx(combined.mean(), rel=1e-12)
    assert found.error == pytest.approx(np.sqrt((9 * cells[1].var(ddof=1) + cells[0].var(ddof=1)) / 4 / 50), rel=1e-12)
