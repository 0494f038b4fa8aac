"""The symbols of every statement, made once and with their assumptions."""

import sympy as sp

x = sp.Symbol("x", real=True)
"""Argument of an activation."""

t = sp.Symbol("t", real=True)
"""Shift of the Weierstrass transform, `E[phi(g + t)]`."""

rho = sp.Symbol("rho", real=True)
"""Correlation of two standard Gaussians, `-1 <= rho <= 1`."""

alpha = sp.Symbol("alpha", positive=True)
"""Share of the input that is spurious, `alpha = d_y / d`, in (0, 1)."""

delta = sp.Symbol("delta", positive=True)
"""Samples for each dimension, `delta = N / d`."""

ell = sp.Symbol("ell", integer=True, nonnegative=True)
"""Hermite degree."""
