"""Matrix statements in exact rationals."""

import pytest
import sympy as sp
from sympy import QQ

from theory import exact

A, B, V = sp.MatrixSymbol("A", 2, 2), sp.MatrixSymbol("B", 2, 2), sp.MatrixSymbol("v", 2, 1)
POINT = {
    A: exact.matrix([[1, 2], [3, 5]]),
    B: exact.matrix([[0, 1], [4, -1]]),
    V: exact.matrix([[7], [-2]]),
}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((A * B).T, B.T * A.T),
        ((A + B) * V, A * V + B * V),
        (A * A.inv() * V, V),
        ((A * B).inv(), B.inv() * A.inv()),
        (sp.Rational(2, 3) * A * 3, 2 * A),
        (A - A + B, B),
    ],
    ids=str,
)
def test_an_identity_holds_exactly(left, right):
    assert exact.equal(left, right, POINT)
    assert not exact.equal(left, sp.Rational(98, 97) * right, POINT)


@pytest.mark.parametrize(("left", "right"), [(A * B, B * A), (A.T, A), (A.inv(), A), (A * V, B * V)], ids=str)
def test_what_is_not_an_identity_is_not_equal(left, right):
    assert not exact.equal(left, right, POINT)


def test_zero_is_seen_on_either_side():
    zero = sp.ZeroMatrix(2, 1)
    assert exact.equal((A + (-1) * B - A) * V + B * V, zero, POINT)
    assert exact.equal(zero, (A + (-1) * B - A) * V + B * V, POINT)
    assert not exact.equal(V, zero, POINT)
    assert not exact.equal(zero, V, POINT)


def test_values_are_rationals_not_floats():
    found = exact.evaluate(A.inv() * V, POINT)
    assert found.to_list() == [[QQ(-39)], [QQ(23)]]


def test_a_scalar_or_a_power_is_taken_from_the_point():
    scale, power = sp.symbols("c m", positive=True)
    point = {**POINT, scale: sp.Rational(2, 3), power: sp.Integer(3)}
    assert exact.equal((A - scale * B) ** power * V, (A - 2 * B / 3) ** 3 * V, point)
    assert not exact.equal((A - scale * B) ** power * V, (A - 2 * B / 3) ** 2 * V, point)


@pytest.mark.parametrize(
    "expr",
    [sp.Determinant(A), sp.pi * A, sp.MatrixSymbol("C", 2, 2), sp.Symbol("c") * A, A ** sp.Symbol("m")],
    ids=str,
)
def test_what_has_no_exact_value_is_refused(expr):
    with pytest.raises(TypeError, match="has no exact value"):
        exact.evaluate(expr, POINT)
