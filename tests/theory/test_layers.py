"""One layer as a map of correlations: its power series by Hermite coefficients and by the closed form."""

from fractions import Fraction

import flint
import pytest

from theory import balls, layers
from theory.activations import ERF, PHI2, RELU
from theory.deep_kernels import nngp
from theory.kernels import KernelSeries, random_features
from theory.layers import Layer, substitute
from theory.symbols import rho

BITS = 160


def named(activation):
    return activation.name


@pytest.mark.parametrize("activation", [RELU, ERF, PHI2], ids=named)
def test_the_series_and_the_closed_form_of_a_layer_agree_on_a_power_series(activation):
    order, one = 16, Layer(f=activation, phi=activation)
    with balls.precision(BITS):
        inner = flint.arb_series([flint.arb(1) / 2, flint.arb(1) / 3, 0, flint.arb(1) / 6], prec=order)
        found = substitute(one.features, inner, order, BITS) / one.features.total(BITS)
        closed = one.at_series(inner, order, BITS)
        for degree in range(order):
            assert found[degree].overlaps(closed[degree])
            assert found[degree].rad() < flint.arb("1e-30")
            assert found[degree].contains(0) or not (found[degree] * 98 / 97).overlaps(closed[degree])


def test_a_series_cut_short_still_holds_the_truth(monkeypatch):
    one = Layer(f=RELU, phi=RELU)
    monkeypatch.setattr("theory.layers.MOST_TERMS", 30)
    with balls.precision(BITS):
        inner = flint.arb_series([flint.arb(4) / 5, flint.arb(1) / 5], prec=4)
        cut = substitute(one.features, inner, 4, BITS) / one.features.total(BITS)
        closed = one.at_series(inner, 4, BITS)
        assert all(cut[m].contains(closed[m]) for m in range(4))
        assert all(cut[m].rad() > flint.arb("1e-10") for m in range(4))


def test_a_wrong_closed_form_is_contradicted_by_the_coefficients(monkeypatch):
    right = random_features(ERF).dual
    monkeypatch.setattr(KernelSeries, "dual", property(lambda _: right + rho**3 * (1 - rho) / 97))
    with pytest.raises(ArithmeticError, match=r"erf: .* is contradicted by coefficient 3"):
        nngp(ERF, 2).ball(1, 144)


def test_a_rest_is_bounded_inside_the_unit_disc_only():
    # What the first terms leave of the sum 1 is at most itself times r^order for r up to 1, and for no larger r.
    assert all(0 < radius <= 1 for radius in layers._RADII)
    assert 1 in layers._RADII


@pytest.mark.parametrize("radius", [0.25, 0.5, 1.0])
def test_a_bound_on_an_inner_series_is_its_first_terms_and_what_they_leave_of_one(radius):
    r = Fraction(radius)
    for terms in ([Fraction(1, 2), Fraction(1, 4)], [Fraction(1, 2), Fraction(1, 2)], [Fraction(1, 4)]):
        head, left = sum(a * r**m for m, a in enumerate(terms)), 1 - sum(terms)
        with balls.precision(BITS):
            inner = flint.arb_series([balls.rational(a) for a in terms], prec=len(terms))
            assert layers._upper(inner, radius, len(terms)).overlaps(balls.rational(head + left * r ** len(terms)))


def test_no_more_terms_are_taken_than_the_rest_asks_for():
    taken = []

    class Watched:
        total = random_features(RELU).total

        def ball(self, degree, bits):
            taken.append(degree)
            return random_features(RELU).ball(degree, bits)

    with balls.precision(BITS):
        inner = flint.arb_series([flint.arb(1) / 4, flint.arb(1) / 4], prec=4)
        found = substitute(Watched(), inner, 4, BITS)
    # At r = 1 inner is at most 1, at r = 1/8 little more than 1/4: 4^-L is below 2^(24 - 160) from L = 68 on.
    assert 60 <= len(taken) < 80
    assert all(found[m].rad() < flint.arb("1e-35") for m in range(4))
