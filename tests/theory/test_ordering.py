"""The order of activations: pairs known by hand, and a dense evaluation of duals that are written out here."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product

import mpmath as mp
import pytest
import sympy as sp

from theory import balls, ordering
from theory.activations import (
    ABS,
    CATALOGUE,
    COS,
    CUBIC,
    ERF,
    EXP,
    GAUSSIAN,
    H2,
    H3,
    HARD_TANH,
    LEAKY_RELU,
    PHI2,
    PHI4,
    QUADRATIC,
    RELU,
    RELU4,
    SIGN,
    SIN,
    SIN_COS,
    STEP,
    TANH,
    Activation,
    hermite,
)
from theory.alignment import lower_end
from theory.degree_law import BITS, TERMS, Law
from theory.evidence import Verdict
from theory.kernels import random_features
from theory.ordering import Comparison, Order, compare, partial_order
from theory.symbols import x


def abs_dual(rho: mp.mpf) -> mp.mpf:
    return 2 / mp.pi * (mp.sqrt(1 - rho**2) + rho * mp.asin(rho))


def leaky_dual(rho: mp.mpf, slope: mp.mpf) -> mp.mpf:
    return ((1 + slope) / 2) ** 2 * rho + ((1 - slope) / 2) ** 2 * abs_dual(rho)


DUALS: dict[Activation, Callable[[mp.mpf], mp.mpf]] = {
    RELU: lambda rho: leaky_dual(rho, mp.mpf(0)),
    LEAKY_RELU: lambda rho: leaky_dual(rho, mp.mpf(1) / 100),
    ABS: abs_dual,
    STEP: lambda rho: mp.mpf(1) / 4 + mp.asin(rho) / (2 * mp.pi),
    ERF: lambda rho: 2 / mp.pi * mp.asin(2 * rho / 3),
    SIN: lambda rho: mp.exp(-1) * mp.sinh(rho),
    COS: lambda rho: mp.exp(-1) * mp.cosh(rho),
    EXP: lambda rho: mp.exp(1 + rho),
    GAUSSIAN: lambda rho: 1 / mp.sqrt(4 - rho**2),
    PHI2: lambda rho: rho + rho**2,
    PHI4: lambda rho: rho + rho**4,
    QUADRATIC: lambda rho: 1 + rho + 2 * rho**2,
    CUBIC: lambda rho: 9 * rho + 6 * rho**3,
}
"""Kernels of random features, by hand."""
SHARES = [Fraction(n, 64) for n in range(1, 64)] + [Fraction(1, 2**n) for n in range(7, 30)]
"""Close to 0 too; close to 1 only as far as gammas of infinite mean need no more digits than are kept."""
PAIRS = list(combinations(DUALS, 2))
OPPOSITE = {Order.ABOVE: Order.BELOW, Order.BELOW: Order.ABOVE}


def gamma(activation: Activation, law: Law, at: Fraction) -> mp.mpf:
    """Return gamma by the definition: the dual less what is learned, over the same at 1."""
    dual, first = DUALS[activation], 1 if law is Law.RF_UPPER else 2
    slope = mp.diff(dual, 0) if first == 2 else mp.mpf(0)

    def left(rho: mp.mpf) -> mp.mpf:
        return dual(rho) - dual(mp.mpf(0)) - slope * rho

    return left(mp.mpf(at.numerator) / at.denominator) / left(mp.mpf(1))


def agrees(found: Comparison, law: Law, first: Activation, second: Activation) -> bool:
    """Return whether a dense evaluation bears a comparison out."""
    with mp.workdps(60):
        small = mp.mpf(10) ** -35

        def sign(at: Fraction) -> int:
            difference = gamma(first, law, at) - gamma(second, law, at)
            return 0 if abs(difference) < small else int(mp.sign(difference))

        signs = {sign(at) for at in SHARES}
        match found.order:
            case Order.SAME:
                return signs == {0}
            case Order.ABOVE:
                return signs == {1}
            case Order.BELOW:
                return signs == {-1}
            case Order.CROSSING:
                places = ((found.higher_at, 1), (found.lower_at, -1))
                return all(at == 1 or sign(at) == expected for at, expected in places)
    return 0 not in signs or len(signs) > 1


def names(pairs: list[tuple[Activation, Activation]]) -> list[str]:
    return [f"{a.name}, {b.name}" for a, b in pairs]


@pytest.mark.parametrize(("first", "second"), PAIRS, ids=names(PAIRS))
@pytest.mark.parametrize("law", [Law.RF_UPPER, Law.RF_LOWER])
def test_the_order_is_that_of_a_dense_evaluation(law, first, second):
    found = compare(law.of(first), law.of(second))
    assert found.order is not Order.UNDECIDED, found.reason
    assert agrees(found, law, first, second), found.reason
    if found.order in OPPOSITE:
        assert not agrees(replace(found, order=OPPOSITE[found.order]), law, first, second)
        assert compare(law.of(second), law.of(first)).order is OPPOSITE[found.order]


@pytest.mark.parametrize(
    ("law", "first", "second", "order"),
    [
        (Law.RF_LOWER, RELU, ABS, Order.SAME),
        (Law.RF_LOWER, LEAKY_RELU, RELU, Order.SAME),
        (Law.RF_UPPER, LEAKY_RELU, RELU, Order.ABOVE),
        (Law.RF_UPPER, RELU, ABS, Order.ABOVE),
        (Law.RF_LOWER, STEP, SIGN, Order.SAME),
        (Law.RF_LOWER, SIN_COS, EXP, Order.SAME),
        (Law.RF_LOWER, H2, QUADRATIC, Order.SAME),
        (Law.RF_LOWER, H3, CUBIC, Order.SAME),
        (Law.RF_LOWER, H2, CUBIC, Order.ABOVE),
        (Law.RF_UPPER, PHI2, PHI4, Order.ABOVE),
        (Law.RF_LOWER, PHI2, PHI4, Order.ABOVE),
        (Law.NTK_LOWER, PHI2, PHI4, Order.ABOVE),
        (Law.RF_LOWER, CUBIC, SIN, Order.ABOVE),
        (Law.RF_LOWER, SIN, TANH, Order.ABOVE),
        (Law.RF_LOWER, TANH, ERF, Order.ABOVE),
        (Law.RF_LOWER, RELU, SIN, Order.ABOVE),
        (Law.NTK_LOWER, RELU, CUBIC, Order.CROSSING),
        (Law.RF_LOWER, STEP, PHI4, Order.CROSSING),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_a_pair_known_by_hand_comes_out_so(law, first, second, order):
    assert compare(law.of(first), law.of(second)).order is order


def test_relu_and_the_cubic_change_places_where_their_closed_forms_do():
    found = compare(Law.NTK_LOWER.of(RELU), Law.NTK_LOWER.of(CUBIC))
    with mp.workdps(30):
        crossing = mp.findroot(lambda a: 2 / mp.pi * mp.asin(a) - a**2, 0.7)
    assert float(found.higher_at) < crossing < float(found.lower_at) < 1


def test_a_crossing_too_close_to_one_for_the_series_is_known_from_the_means():
    found = compare(Law.RF_LOWER.of(RELU), Law.RF_LOWER.of(RELU4))
    assert found.order is Order.CROSSING
    assert found.lower_at == 1
    near_one = 1 - Fraction(1, 2**30)
    relu, relu4 = (lower_end(random_features(a)).ball(near_one, 256) for a in (RELU, RELU4))
    assert relu < relu4
    assert not relu > relu4


def test_ordered_although_neither_law_dominates():
    relu, sin = Law.RF_LOWER.of(RELU), Law.RF_LOWER.of(SIN)
    assert relu.survival[2] < sin.survival[2]
    assert relu.survival[3] > sin.survival[3]
    assert compare(relu, sin).order is Order.ABOVE


@pytest.mark.parametrize(("first", "second"), [(CUBIC, SIN), (SIN, ERF), (COS, RELU)], ids=lambda a: a.name)
def test_the_pairs_that_the_claim_calls_dominated_are(first, second):
    p, q = Law.RF_LOWER.of(first), Law.RF_LOWER.of(second)
    steps = [high - low for high, low in zip(q.survival, p.survival, strict=True)]
    assert [k for k, step in enumerate(steps) if step < 0] == []
    assert [k for k, step in enumerate(steps) if step > 0] != []


def test_a_pair_without_dominance_is_seen_to_have_none():
    tanh, erf = Law.RF_LOWER.of(TANH), Law.RF_LOWER.of(ERF)
    steps = [high - low for high, low in zip(erf.survival, tanh.survival, strict=True)]
    assert [k for k, step in enumerate(steps) if step < 0] != []


@pytest.mark.parametrize(
    ("law", "first", "second", "reason"),
    [
        (Law.RF_LOWER, TANH, Activation(name="2 tanh", expr=2 * sp.tanh(x)), "laws agree to 33 digits, and nothing"),
        (Law.NTK_LOWER, RELU, HARD_TANH, "the mean degrees are infinite or not known"),
        (Law.NTK_LOWER, GAUSSIAN, H3, "the mean degrees agree to 33 digits"),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_what_cannot_be_decided_is_said_to_be_so(law, first, second, reason):
    found = compare(law.of(first), law.of(second))
    assert found.order is Order.UNDECIDED
    assert reason in found.reason
    assert (found.higher_at, found.lower_at) == (None, None)


def test_a_change_in_the_ninth_digit_is_seen():
    bent = Activation(name="bent", expr=sp.sin(x) + sp.Rational(1, 10**4) * hermite(5).expr)
    assert compare(Law.RF_LOWER.of(SIN), Law.RF_LOWER.of(bent)).order is not Order.SAME


def closure(covers: tuple[tuple[str, str], ...]) -> set[tuple[str, str]]:
    """Return all pairs that follow from the covering pairs."""
    found = set(covers)
    while more := {(a, d) for (a, b), (c, d) in product(found, found) if b == c} - found:
        found |= more
    return found


def above(order) -> set[tuple[str, str]]:
    return {(c.first, c.second) for c in order.having(Order.ABOVE)} | {
        (c.second, c.first) for c in order.having(Order.BELOW)
    }


def test_a_small_partial_order_is_the_one_by_hand():
    order = partial_order([RELU, ABS, PHI2, PHI4, CUBIC, STEP], Law.RF_LOWER)
    assert order.classes == (("relu", "abs"), ("h1+h2",), ("h1+h4",), ("cubic",), ("step",))
    assert [(c.first, c.second) for c in order.having(Order.CROSSING)] == [("h1+h4", "step")]
    assert set(order.covers) == {("h1+h2", "relu"), ("relu", "cubic"), ("cubic", "h1+h4"), ("cubic", "step")}
    assert order.left_out == ()
    assert order.certainty is Verdict.ENCLOSED


def test_an_activation_without_the_law_is_left_out_with_the_reason():
    order = partial_order([STEP, Activation(name="line", expr=x), SIN, COS], Law.NTK_LOWER)
    assert [name for name, _ in order.left_out] == ["step", "line"]
    assert "jumps" in dict(order.left_out)["step"]
    assert order.covers == (("cos", "sin"),)


@pytest.mark.slow
@pytest.mark.parametrize("law", list(Law))
def test_the_catalogue_has_a_partial_order_and_its_covers_give_it_back(law):
    order = partial_order(CATALOGUE, law)
    speakers = [members[0] for members in order.classes]
    assert {frozenset((c.first, c.second)) for c in order.comparisons} == {
        frozenset(pair) for pair in combinations(speakers, 2)
    }
    assert closure(order.covers) == above(order)
    assert not any((b, a) in above(order) for a, b in above(order))
    assert closure(order.covers[1:]) != above(order)
    assert len(order.having(Order.UNDECIDED)) < len(order.comparisons) / 20


def test_where_no_sign_was_found_is_said():
    queue = [(Fraction(1, 4), Fraction(3, 8)), (Fraction(1, 8), Fraction(1, 4))]
    assert "for alpha from 0.125 to 0.375; elsewhere the first is neither" in ordering._what_is_left(queue, {})
    last = [(Fraction(63, 64), Fraction(1))]
    left = ordering._what_is_left(last, {Order.ABOVE: Fraction(1, 2)})
    assert f"for 1 - alpha < 0.016; elsewhere the first is {Order.ABOVE}" in left


@pytest.mark.parametrize("power", [0, 2])
def test_the_terms_beyond_are_bounded_at_the_upper_end_with_the_factor_taken_out(power):
    # t^-m D(t) loses at most t^-m R(t), R(t) <= tail(t) t^TERMS, which grows with t.
    law = Law.RF_LOWER.of(RELU)
    bound = ordering._Bound(law, (balls.flint.arb(0),) * (TERMS - power), power)
    with balls.precision(BITS):
        at = balls.rational(Fraction(1, 2))
        expected = -law.tail(at) / balls.flint.arb(2) ** (TERMS - power)
        assert bound.at_least(at / 2, at).overlaps(expected)
        assert not bound.at_least(at / 2, at).overlaps(expected * 98 / 97)
    assert not ordering._Bound(Law.NTK_LOWER.of(RELU), (), 0).at_least(balls.rational(0), balls.rational(1)).is_finite()


@pytest.mark.parametrize("most", [1, 2, 7])
def test_as_many_intervals_are_tried_as_patience_allows(monkeypatch, most):
    class Silent:
        def __init__(self):
            self.tried = []

        def at_least(self, a, b):
            self.tried.append((float(a), float(b)))
            return balls.flint.arb(-1)

    monkeypatch.setattr(ordering, "MOST_INTERVALS", most)
    up, down = Silent(), Silent()
    found = ordering._search(Law.RF_LOWER.of(RELU), Law.RF_LOWER.of(PHI2), up, down)
    assert found.order is Order.UNDECIDED
    halves = [(0, 1), (0, 1 / 2), (1 / 2, 1), (0, 1 / 4), (1 / 4, 1 / 2), (1 / 2, 3 / 4), (3 / 4, 1)]
    assert up.tried == down.tried == halves[:most]
