"""The catalogue is what its names say, by the definitions of a book in floating point."""

import math

import pytest

from theory.activations import CATALOGUE
from theory.symbols import x

SELU = 1.0507009873554805, 1.6732632423543772


def logistic(z):
    return 1 / (1 + math.exp(-z))


DEFINED = {
    "relu": lambda z: max(0, z),
    "leaky_relu": lambda z: z if z > 0 else z / 100,
    "prelu": lambda z: z if z > 0 else z / 4,
    "relu2": lambda z: z**2 if z > 0 else 0,
    "relu3": lambda z: z**3 if z > 0 else 0,
    "relu4": lambda z: z**4 if z > 0 else 0,
    "abs": abs,
    "step": lambda z: 1 if z > 0 else 0,
    "sign": lambda z: math.copysign(1, z),
    "erf": math.erf,
    "gelu": lambda z: z * math.erfc(-z / math.sqrt(2)) / 2,
    "gelu_tanh": lambda z: z / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))),
    "sin": math.sin,
    "cos": math.cos,
    "sin+cos": lambda z: math.sin(z) + math.cos(z),
    "tanh": math.tanh,
    "hard_tanh": lambda z: min(1, max(-1, z)),
    "sigmoid": logistic,
    "softplus": lambda z: math.log1p(math.exp(z)),
    "silu": lambda z: z * logistic(z),
    "mish": lambda z: z * math.tanh(math.log1p(math.exp(z))),
    "elu": lambda z: z if z > 0 else math.expm1(z),
    "celu": lambda z: z if z > 0 else math.expm1(z),
    "selu": lambda z: SELU[0] * (z if z > 0 else SELU[1] * math.expm1(z)),
    "exp": math.exp,
    "gaussian": lambda z: math.exp(-z * z / 2),
    "rbf": lambda z: math.sqrt(2) * math.cos(math.sqrt(2) * z - math.pi / 4),
    "h2": lambda z: (z**2 - 1) / math.sqrt(2),
    "h3": lambda z: (z**3 - 3 * z) / math.sqrt(6),
    "h1+h2": lambda z: z + (z**2 - 1) / math.sqrt(2),
    "h1+h4": lambda z: z + (z**4 - 6 * z**2 + 3) / math.sqrt(24),
    "ntk_phi2": lambda z: z + z**2 / 2,
    "ntk_phi4": lambda z: z + (z**4 / 4 - 3 * z**2 / 2) / math.sqrt(6),
    "square": lambda z: z**2,
    "quadratic": lambda z: z + z**2,
    "cubic": lambda z: z**3,
}


def test_every_function_of_the_catalogue_is_defined_here():
    assert [each.name for each in CATALOGUE if each.name not in DEFINED] == []


@pytest.mark.parametrize("activation", [a for a in CATALOGUE if a.name in DEFINED], ids=lambda a: a.name)
def test_a_function_of_the_catalogue_has_the_values_of_its_definition(activation):
    for place in (-2.3, -0.7, -0.125, 0.3, 0.9, 1.7):
        found = float(activation.expr.subs(x, place).evalf(20))
        assert found == pytest.approx(DEFINED[activation.name](place), rel=1e-12)
