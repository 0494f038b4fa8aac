"""Jumps and straight lines are told exactly, also where SymPy cannot simplify."""

import pytest
import sympy as sp

from theory.continuity import is_continuous
from theory.registry import find_activation
from theory.symbols import x

JUMPS = {
    "x*step(x - 1)": ((1, 1),),
    "abs(x)/x": ((0, 2),),
    "step(x) + sign(x - 2)": ((0, 1), (2, 2)),
    "Piecewise((sin(2*x), x < 1), (2*sin(x)*cos(x), True))": (),
    "Piecewise((x*(x**2 - 2)*exp(x), x**2 < 2), (0, True))": (),
    "Piecewise((0, x**5 - x < 1), ((x**5 - x - 1)*sin(x), True))": (),
    "x/(1 + exp(-max(x, 1)))": (),
    "max(x, 0)**1.5": (),
    "sqrt(abs(x) + 1)*step(x**2 - 4)": ((-2, -sp.sqrt(3)), (2, sp.sqrt(3))),
}
STRAIGHT = ("x", "3", "2*x - 1/4", "max(x, 0) + min(x, 0)", "x*sin(x)**2 + x*cos(x)**2", "relu(x) - relu(-x)")
BENT = (
    "abs(x)",
    "step(x)",
    "x + 1e-60*sin(x)",
    "x + 1e-12*x**2",
    "relu(x - 9) + x",
    "exp(x/1e12)",
    "gelu(gelu(gelu(x)))",
    "Piecewise((x, x < 9), (x + 1e-30, True))",
)


@pytest.mark.parametrize("text", JUMPS)
def test_the_jumps_are_found(text):
    assert find_activation(text).jumps == JUMPS[text]


def test_a_jump_at_a_root_without_radicals_is_found():
    ((place, height),) = find_activation("sin(x)*step(x**5 - x - 1)").jumps
    assert sp.N(place**5 - place, 30) == pytest.approx(1)
    assert float(height) == pytest.approx(float(sp.sin(sp.N(place, 30))))


def test_a_pole_at_a_kink_is_refused():
    with pytest.raises(ValueError, match="is not finite at 0"):
        _ = find_activation("log(abs(x) + min(x, 0)/2)").jumps


def test_what_a_jump_could_hide_in_is_not_taken_for_continuous():
    assert is_continuous(sp.Max(x, 0) ** 2 * sp.exp(sp.Abs(x)))
    for expr in (sp.sign(x), sp.Heaviside(x), sp.Abs(x) / x, sp.Piecewise((1, x < 0), (2, True)), sp.log(sp.Abs(x))):
        assert not is_continuous(1 + sp.cos(expr))


def test_what_cannot_be_told_is_refused():
    with pytest.raises(ValueError, match="cannot tell whether"):
        _ = find_activation("cos(tanh(leaky_relu(1e-60*x**8 - 1e-60)))*sin(1e-60*gelu(x)) + x").is_affine


@pytest.mark.parametrize("text", STRAIGHT)
def test_a_straight_line_is_told(text):
    assert find_activation(text).is_affine


@pytest.mark.parametrize("text", BENT)
def test_what_is_not_quite_straight_is_told(text):
    assert not find_activation(text).is_affine
