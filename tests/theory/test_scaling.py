"""The finite-size law as a rational function of 1/d: its value at 0 is the step of the staircase, and nothing else."""

import pytest
import sympy as sp

from theory.alignment import c1, proportional_law, tail, tail_at
from theory.scaling import COEFFICIENTS, LEVELS, K, at_infinity, balance, gamma, h, modes, points, step_balance, step_of
from theory.symbols import alpha, delta


@pytest.mark.parametrize("level", LEVELS)
def test_the_limit_is_approached_at_the_rate_one_over_d(level):
    m = K / (sp.factorial(level) * COEFFICIENTS[level] + K)
    for point in points():
        here = {symbol: value for symbol, value in point.items() if symbol is not h}
        limit = step_of(level, m).subs(here)
        off = [abs(gamma(level).subs({**here, h: sp.Rational(1, d)}) - limit) for d in (10**4, 10**5, 10**6)]
        assert float(off[1] / off[0]) == pytest.approx(0.1, rel=0.1)
        assert float(off[2] / off[1]) == pytest.approx(0.1, rel=0.1)
        other = step_of(3 - level, m).subs(here)
        assert abs(limit - other) > 10 * off[2]


def test_the_energies_of_a_degree_are_those_of_its_binomial():
    for (i, j), (count, value) in modes().items():
        energy = sp.cancel(count * value).subs(h, 0)
        expected = COEFFICIENTS[i + j] * sp.binomial(i + j, i) * (1 - alpha) ** i * alpha**j
        assert sp.simplify(energy - expected) == 0
        assert sp.simplify(energy - expected * sp.Rational(98, 97)) != 0


def test_the_first_step_is_the_proportional_law():
    """Its m solves the same equation, so at a number of samples both give the same gamma."""
    point = {COEFFICIENTS[0]: 1, COEFFICIENTS[1]: sp.Rational(1, 4), COEFFICIENTS[2]: sp.Rational(1, 8)}
    point |= {COEFFICIENTS[3]: sp.Rational(1, 9), alpha: sp.Rational(1, 3), delta: 3}
    m = sp.Symbol("m", positive=True)
    (share,) = (r for r in sp.solve(step_balance(1, m).subs(point), m) if r > 0)
    here = step_of(1, share).subs(point)
    sums = {c1: sp.Rational(1, 4), tail: sp.Rational(17, 72), tail_at: sp.Rational(1, 72) + sp.Rational(1, 243)}
    there = proportional_law().subs({**sums, alpha: sp.Rational(1, 3), delta: 3})
    assert sp.simplify(here - there) == 0
    ridge = COEFFICIENTS[1] * share / (1 - share)
    assert sp.simplify((at_infinity(balance(1)).doit().subs(K, ridge) - delta).subs(point)) == 0
