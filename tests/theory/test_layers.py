"""One layer as a map of correlations: its power series by Hermite coefficients and by the closed form."""

from fractions import Fraction

import flint
import pytest

from theory import balls, layers
from theory.activations import ERF, PHI2, RELU, SOFTPLUS
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


def test_a_layer_without_closed_form_has_the_shares_of_its_features():
    one, order = Layer(f=SOFTPLUS, phi=SOFTPLUS), 8
    assert one.expr is None
    with balls.precision(BITS):
        shares = [one.features.ball(l, BITS) / one.features.total(BITS) for l in range(120)]
        found = one.at_series(flint.arb_series([0, 1], prec=order), order, BITS)
        for degree in range(order):
            assert found[degree].overlaps(shares[degree])
            assert shares[degree].contains(0) or not (found[degree] * 98 / 97).overlaps(shares[degree])
        half = sum((share / 2**l for l, share in enumerate(shares)), flint.arb(0, 2.0**-120))
        assert one.at(flint.arb(1) / 2, BITS).overlaps(half)
        assert not one.at(flint.arb(1) / 2, BITS).overlaps(half * 98 / 97)


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


@pytest.mark.parametrize("terms", [(0, Fraction(1, 2), Fraction(1, 2)), (Fraction(1, 2), Fraction(1, 4))], ids=str)
def test_what_a_cut_series_leaves_out_is_bounded_at_each_degree_by_the_best_radius(monkeypatch, terms):
    cut, order = 5, len(terms)
    monkeypatch.setattr("theory.layers.MOST_TERMS", cut)
    features, radii = random_features(RELU), [Fraction(r) for r in layers._RADII]
    sizes = [sum(a * r**m for m, a in enumerate(terms)) + (1 - sum(terms)) * r**order for r in radii]
    with balls.precision(BITS):
        found = substitute(features, flint.arb_series([balls.rational(Fraction(a)) for a in terms]), order, BITS)
        left = features.total(BITS) - sum((features.ball(l, BITS) for l in range(cut)), flint.arb(0))
        for degree in range(order):  # the rest lies between 0 and its bound, so half of that is the radius
            bound = min(size**cut / r**degree for size, r in zip(sizes, radii, strict=True))
            expected = left * balls.rational(bound) / 2
            assert expected * 97 / 98 < flint.arb(found[degree].rad()) < expected * 98 / 97


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
