"""A floating stand-in for python-flint, where it has no wheel: the names of it that this package uses, on mpmath.

A number is `mid +- rad` as there, but `rad` is an estimate of first order and no bound.  Two such numbers that overlap
are evidence that the values are equal, as floating-point arithmetic gives evidence, and enclose nothing.

Main definitions
    `real.arb`: numbers.  `series.arb_series`: power series of them.  `integral`: Gauss-Legendre at two numbers of
    nodes.  `moments`: Hermite moments, in place of `theory.quadrature`, whose bounds need complex balls.
"""

from fractions import Fraction as fmpq  # noqa: N813  (the library's name)

from .integral import acb
from .real import arb, ctx
from .series import arb_series

__all__ = ["acb", "arb", "arb_series", "ctx", "fmpq"]
