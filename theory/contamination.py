r"""Feature contamination: what a hidden neuron learns of a background that says nothing about the label.

An input holds core features `y z_j` and background features `z_j`, z_j independent of the label y and of each other, on
[0, 1] with mean 1/2.  A neuron w sees `w . x = y C + G`, C its core part and G its background part, and the network
`f = sum_k a_k phi(w_k . x)` descends `E l(y f)`.  While all margins are below 1 the hinge loss has slope -1, and

    w_j' = (a / 2) (E_+[z_j] + E_-[z_j]) in the core,   (a / 2) (E_+[z_j] - E_-[z_j]) in the background,

`E_y[z] = E[z phi'(y C + G)]`.  Here: the risk of two neurons on one input of each class, from which the gradient is
taken, and a rectified neuron of few features, where the projections are integrals of polynomials.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import sympy as sp

from .activations import Activation
from .expectations import phi
from .symbols import x

a, b = sp.symbols("a b", positive=True)
"""Output weights: `a` of the neuron that is looked at, `-b` of another, as in the authors' network half of them are."""
loss = sp.Function("ell", real=True)
"""The loss, a function of `y f`."""

core, background = sp.symbols("z_c z_b", positive=True)
"""The features of an input."""
w_core, w_background, w_other = sp.symbols("w_c w_b v_c", positive=True)
"""Hidden weights: of the neuron that is looked at, and the other's in the core."""
r = sp.Symbol("r", positive=True)
"""The ratio of a neuron's background weights to its core weights."""


def output(sign: int, weight: sp.Expr) -> sp.Expr:
    """Return `f` at the input of class `sign`, if the neuron has this weight in the background, the other none."""
    return a * phi(sign * w_core * core + weight * background) - b * phi(sign * w_other * core)


def risk(weight: sp.Expr) -> sp.Expr:
    """Return the mean loss over the two classes, at one value of the features, which do not depend on the class."""
    return (loss(output(1, weight)) + loss(-output(-1, weight))) / 2


def slope(function: sp.Expr, at: sp.Expr) -> sp.Expr:
    """Return the derivative of a function of x, at a place."""
    return sp.Subs(sp.Derivative(function, x), x, at)


def background_force(weight: sp.Expr) -> sp.Expr:
    """Return `-dL/dw_b` at a background weight: what one input of each class adds to what a descent follows."""
    moving = sp.Symbol("w", real=True)
    return -sp.Subs(sp.Derivative(risk(moving), moving), moving, weight)


@cache
def is_odd_but_for_a_constant(activation: Activation) -> bool:
    """Return whether the even part of phi is constant: an even function that is affine is."""
    return even_part(activation).is_affine


def even_part(activation: Activation) -> Activation:
    """Return `(phi(x) + phi(-x)) / 2`, the even degrees of the Hermite series."""
    mirrored = activation.expr.subs(x, -x)
    return Activation(name=f"the even part of {activation.name}", expr=sp.simplify((activation.expr + mirrored) / 2))


def wrong_class(*moments: sp.Expr, ratios: Sequence[sp.Expr]) -> sp.Expr:
    """Return `E_-[product of moments]` of a rectified neuron with one background feature and a few in the core.

    `ratios` are `w_b / w_j`, at most 1: where `z_b > sum_j (w_j / w_b) z_j` the neuron lets the wrong class through.
    """
    inner, left = sp.Mul(*moments), background
    limits = []
    for z, ratio in zip(cores(len(ratios)), ratios, strict=True):
        limits.append((z, 0, ratio * left))
        left = left - z / ratio
    return sp.Integral(inner, *reversed(limits), (background, 0, 1))


def cores(count: int) -> tuple[sp.Symbol, ...]:
    """Return the core features, where there are several."""
    return (core,) if count == 1 else sp.symbols(f"z_1:{count + 1}", positive=True)


def planar_rates() -> tuple[sp.Expr, sp.Expr]:
    """Return `(w_c', w_b')` of a rectified neuron of one core and one background feature, as integrals."""
    half = sp.Rational(1, 2)
    return (
        a / 2 * (half + wrong_class(core, ratios=[r])),
        a / 2 * (half - wrong_class(background, ratios=[r])),
    )


CUBIC = r**3 + 5 * r - 3
"""Its root is the ratio at which a planar neuron stays."""


def planar_root() -> sp.Expr:
    """Return the real root of the cubic, by Cardano's formula."""
    discriminant = sp.sqrt(sp.Rational(9, 4) + sp.Rational(125, 27))
    third = sp.Rational(1, 3)
    return (discriminant + sp.Rational(3, 2)) ** third - (discriminant - sp.Rational(3, 2)) ** third


DEFINITIONS = {
    "a": "the neuron's output weight, fixed",
    "E_-": "the mean over the class y = -1, where the neuron is active: 'the wrong class' for a > 0",
    "z_{c}": "a core feature, which an input holds as y z_c",
    "z_{b}": "a background feature, independent of the label",
}
