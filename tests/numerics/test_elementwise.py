import mpmath
import numpy as np
import pytest
import sympy as sp

from numerics.elementwise import vectorise
from theory.activations import CATALOGUE, ELU, GELU_TANH, MISH, SELU, SIGMOID, SILU, SOFTPLUS, softplus, swish
from theory.symbols import rho, x

# Rationals that are no kink of any activation, and where the naive forms overflow.
POINTS = [sp.Rational(p, 7) for p in (-280, -22, -9, -1, 2, 11, 30, 280)]
DIFFERENTIABLE = [activation for activation in CATALOGUE if not activation.jumps]


def _agrees(expr, points):
    with mpmath.workdps(400):  # 1 + e^-800 is 1 to fewer digits than 350
        exact = np.array([float(expr.subs(x, point).evalf(350)) for point in points])
    computed = vectorise(expr)(np.array([float(point) for point in points]))
    # The points are rounded to double, which moves a value by its condition number, at most about 40, times an ulp.
    return np.allclose(computed, exact, rtol=1e-13, atol=1e-300)


@pytest.mark.parametrize("activation", CATALOGUE, ids=lambda a: a.name)
def test_every_activation_agrees_with_exact_evaluation(activation):
    assert _agrees(activation.expr, POINTS)


@pytest.mark.parametrize("activation", DIFFERENTIABLE, ids=lambda a: a.name)
def test_every_derivative_agrees_with_exact_evaluation(activation):
    assert _agrees(activation.derivative.expr, POINTS)


@pytest.mark.parametrize(
    "activation", [SIGMOID, SOFTPLUS, SILU, MISH, GELU_TANH, ELU, SELU, swish(2), softplus(3)], ids=lambda a: a.name
)
def test_nothing_overflows_at_800(activation):
    far = [sp.Integer(-800), sp.Integer(800)]
    assert _agrees(activation.expr, far)
    assert _agrees(activation.derivative.expr, far)


def test_constants_take_the_shape_of_the_argument():
    assert np.array_equal(vectorise(sp.Integer(2))(np.zeros((3, 4))), np.full((3, 4), 2.0))


def test_a_wrong_expression_is_seen():
    assert not np.allclose(vectorise(sp.log(1 + sp.exp(x)))(np.ones(1)), vectorise(sp.log(2 + sp.exp(x)))(np.ones(1)))


def test_a_stranger_is_refused():
    with pytest.raises(ValueError, match="depends on rho"):
        vectorise(x + rho)
