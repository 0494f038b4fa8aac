"""Sums of Hermite polynomials over nodes, all degrees at once: the three-term recurrence, node by node, agrees."""

from fractions import Fraction

import flint
import pytest

from theory import balls
from theory.hermite import ball_polynomial
from theory.panel_sums import Panel, hermite_sums, rule

BITS = 160


def panels(spoilt=1):
    """Return two panels of unlike size; `spoilt` is a factor of one weight."""
    wide = [balls.rational(Fraction(k + 1, 7)) * (-1) ** k for k in range(6)]
    narrow = [balls.rational(Fraction(1, k + 2)) for k in range(4)]
    narrow[2] = narrow[2] * spoilt
    return [
        Panel(middle=balls.rational(Fraction(-3, 2)), half=flint.arb(1), weights=wide),
        Panel(middle=balls.rational(Fraction(5, 2)), half=balls.rational(Fraction(1, 3)), weights=narrow),
    ]


def by_recurrence(given, degree):
    """Return `sum_i w_i h_l(z_i)`."""
    function = ball_polynomial(degree, BITS)
    total = flint.arb(0)
    for panel in given:
        for (node, _), weight in zip(rule(len(panel.weights)), panel.weights, strict=True):
            total += weight * function(panel.middle + panel.half * node)
    return total


@pytest.mark.parametrize("order", [0, 1, 2, 3, 8, 40])
def test_the_sums_are_those_of_the_recurrence(order):
    with balls.precision(BITS):
        found = hermite_sums(panels(), order)
        spoilt = hermite_sums(panels(flint.arb(98) / 97), order)
        assert len(found) == order + 1
        for l in range(order + 1):
            expected = by_recurrence(panels(), l)
            assert found[l].overlaps(expected)
            assert found[l].rad() < 1e-20
            assert not spoilt[l].overlaps(expected)


def test_a_panel_without_nodes_adds_nothing():
    with balls.precision(BITS):
        empty = Panel(middle=flint.arb(2), half=flint.arb(1), weights=[])
        pairs = zip(hermite_sums([*panels(), empty], 5), hermite_sums(panels(), 5), strict=True)
        assert [l for l, (a, b) in enumerate(pairs) if not a.overlaps(b)] == []


def test_the_length_of_series_is_put_back():
    with balls.precision(BITS):
        before = flint.ctx.cap
        hermite_sums(panels(), before + 7)
        assert flint.ctx.cap == before


@pytest.mark.parametrize("nodes", [1, 5, 12])
def test_the_rule_is_exact_to_twice_its_nodes_less_one(nodes):
    with balls.precision(BITS):
        for degree in range(2 * nodes + 1):
            total = sum((w * balls.integer_power(z, degree) for z, w in rule(nodes)), flint.arb(0))
            integral = flint.arb(2) / (degree + 1) if degree % 2 == 0 else flint.arb(0)
            assert total.overlaps(integral) is (degree < 2 * nodes)
