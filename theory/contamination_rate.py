r"""What each activation contaminates with, to begin with: the even part of its Hermite series.

A neuron with no weight on the background yet gains `w_b' = a mu c`, while all margins are below 1, with

    c = E[phi'(C) - phi'(-C)] / 2,

C what it sees of the core.  The reference situation is C Gaussian of variance one, with the means t and -t of the two
classes at t = 1: by Stein's identity and the Weierstrass transform `T(t) = E[phi(g + t)]`

    c(t) = (T'(t) - T'(-t)) / 2 = E[g (phi(g + t) - phi(g - t))] / 2 = sum_{l even} l mu_l t^{l-1} / sqrt(l!),

which no odd degree enters: it vanishes at every t if and only if phi is odd but for a constant.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import sympy as sp

from . import balls
from .activations import CATALOGUE, Activation
from .balls import Ball
from .contamination import even_part, is_odd_but_for_a_constant
from .portrait import Certified, certified
from .symbols import x

DIGITS = 10
AT = sp.Integer(1)
"""t of the reference situation: the class means lie one deviation from 0."""


@dataclass(frozen=True, kw_only=True)
class Contamination:
    """What one activation contaminates with."""

    activation: Activation
    rate: Certified
    """c at the reference situation."""
    even_share: Certified
    """`sum_{l even, l >= 2} mu_l^2 / sum_{l >= 1} mu_l^2`."""
    vanishes: bool
    """Whether phi is odd but for a constant, so that both are 0 exactly."""


def contaminations() -> tuple[Contamination, ...]:
    """Return the contamination of every activation of the catalogue, the largest even share first."""
    found = [contamination(activation) for activation in CATALOGUE]
    return tuple(sorted(found, key=lambda one: -float(one.even_share.value)))


@cache
def contamination(activation: Activation) -> Contamination:
    """Return what an activation contaminates with; ValueError where it is constant, or not square-integrable."""
    if is_odd_but_for_a_constant(activation):
        nothing = certified(lambda bits: balls.number(sp.Integer(0), bits), DIGITS)
        return Contamination(activation=activation, rate=nothing, even_share=nothing, vanishes=True)
    return Contamination(
        activation=activation,
        rate=certified(lambda bits: rate(activation, bits), DIGITS),
        even_share=certified(lambda bits: even_share(activation, bits), DIGITS),
        vanishes=False,
    )


def rate(activation: Activation, bits: int) -> Ball:
    """Return c at the reference situation, enclosed; phi may jump."""
    return _slope(activation, AT, bits) / 2 - _slope(activation, -AT, bits) / 2


def _slope(activation: Activation, at: sp.Expr, bits: int) -> Ball:
    """Return `T'(t) = E[g phi(g + t)]`."""
    moved = Activation(name=f"{activation.name}, moved by {at}", expr=activation.expr.subs(x, x + at))
    return balls.gaussian_mean(moved, lambda z: z, bits)


def even_share(activation: Activation, bits: int) -> Ball:
    """Return the share of the even degrees from 2 on in the energy of all degrees from 1 on, enclosed."""
    with balls.precision(bits):
        mean = balls.gaussian_mean(activation, None, bits)
        even = balls.gaussian_mean(even_part(activation), None, bits, square=True) - mean * mean
        return even / (balls.gaussian_mean(activation, None, bits, square=True) - mean * mean)
