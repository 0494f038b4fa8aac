"""The laws of the alignment for deep kernels, and which layers the depth counts."""

from fractions import Fraction
from itertools import pairwise
from math import comb

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import brentq

from theory import balls
from theory.activations import RELU, SOFTPLUS, TANH, Activation
from theory.alignment import lower_end, proportional_ball, theorem_5_4_bound, upper_end
from theory.deep_kernels import deep_ntk, nngp
from theory.symbols import alpha, x

BITS = 160
HALF = Fraction(1, 2)


def named(kernel):
    return kernel.name


@pytest.mark.parametrize("kernel", [nngp(RELU, 3), deep_ntk(RELU, 3), deep_ntk(TANH, 2)], ids=named)
def test_the_laws_of_a_deep_kernel_stand_in_their_order(kernel):
    bound, low, high = (law(kernel)(HALF) for law in (theorem_5_4_bound, lower_end, upper_end))
    falling = [float(proportional_ball(kernel, HALF, Fraction(n, 4))) for n in (1, 4, 16, 64)]
    assert 0 < bound <= low < falling[-1]
    assert falling[0] < high < 0.5
    assert all(later < earlier for earlier, later in pairwise(falling))


@pytest.mark.parametrize("kernel", [nngp, deep_ntk], ids=["nngp", "ntk"])
def test_deeper_relu_networks_memorise_less(kernel):
    gammas = [lower_end(kernel(RELU, depth))(HALF) for depth in (1, 2, 3, 5, 8)]
    assert all(deeper < shallower for shallower, deeper in pairwise(gammas))


def test_depth_need_not_lower_gamma():
    # the slope of softplus is below 1 at 1: its NTK tends to a limit, from which side is its own affair
    gammas = [upper_end(deep_ntk(SOFTPLUS, depth))(HALF) for depth in (1, 3, 8)]
    assert gammas[0] > gammas[1] + 1e-4
    assert gammas[2] > gammas[1] + 1e-4


def test_the_closed_gamma_of_two_layers_lies_in_its_ball():
    law = lower_end(nngp(RELU, 2))
    closed = balls.number(law.expr.subs(alpha, sp.Rational(2, 5)), BITS)
    assert law.ball(Fraction(2, 5), BITS).overlaps(closed)
    assert not lower_end(nngp(RELU, 1)).ball(Fraction(2, 5), BITS).overlaps(closed)


def nodes(n, count):
    """Return Gauss nodes and weights for one coordinate of a uniform point on the unit sphere of R^n."""
    a, k = (n - 3) / 2, np.arange(1, count)
    off = np.sqrt(k * (k + 2 * a) / ((2 * k + 2 * a + 1) * (2 * k + 2 * a - 1)))
    values, vectors = np.linalg.eigh(np.diag(off, 1) + np.diag(off, -1))
    return values, vectors[0] ** 2


def harmonics(n, degree, t):
    """Return the Gegenbauer polynomials `P_0 ... P_degree` of the sphere in R^n at t, `P_i(1) = 1`."""
    found = [np.ones_like(t), t]
    for i in range(1, degree):
        found.append(((2 * i + n - 2) * t * found[i] - i * found[i - 1]) / (i + n - 2))
    return np.array(found)


def multiplicity(n, i):
    return comb(n + i - 1, i) - (comb(n + i - 3, i - 2) if i >= 2 else 0)


def finite_size_gamma(kernel, d_x, d_y, samples):
    """Return the alignment at finite size: the share of the kernel's energy not yet learned that is in y alone."""
    degree = 8
    (t_x, w_x), (t_y, w_y) = nodes(d_x, 120), nodes(d_y, 120)
    coefficients = [
        float(kernel.ball(l, 256)) for l in range(64)
    ]  # two points seldom correlate above .6, and .6^64 < 1e-14
    gram = np.polynomial.Polynomial(coefficients)((d_x * t_x[:, None] + d_y * t_y) / (d_x + d_y))
    eigenvalues = (harmonics(d_x, degree, t_x) * w_x) @ gram @ (harmonics(d_y, degree, t_y) * w_y).T
    counts = np.array([[multiplicity(d_x, i) * multiplicity(d_y, j) for j in range(9)] for i in range(9)], dtype=float)
    rest = float(kernel.total(128)) - (counts * eigenvalues).sum()
    log_level = brentq(
        lambda u: (counts * eigenvalues / (eigenvalues + np.exp(u))).sum() + rest / np.exp(u) - samples, -30, 10
    )
    energy = counts * eigenvalues * np.exp(log_level) / (eigenvalues + np.exp(log_level))
    return energy[0].sum() / (energy.sum() + rest)


def test_depth_counts_hidden_layers_in_the_published_figure():
    # relu, infinite width, d = 50: the law was .2863 for random features (N = 200, alpha = 1/2) and .0603 for the NTK
    # of depth 3 (N = 400, alpha = .3), both to four digits
    assert abs(finite_size_gamma(nngp(RELU, 1), 25, 25, 200) - 0.2863) < 5e-5
    assert abs(finite_size_gamma(deep_ntk(RELU, 3), 35, 15, 400) - 0.0603) < 5e-5
    assert abs(finite_size_gamma(deep_ntk(RELU, 2), 35, 15, 400) - 0.0603) > 1e-2
    assert abs(finite_size_gamma(nngp(RELU, 3), 35, 15, 400) - 0.0603) > 1e-2


@pytest.mark.parametrize("kernel", [nngp, deep_ntk], ids=["nngp", "ntk"])
def test_a_deep_linear_network_has_no_gamma(kernel):
    linear = Activation(name="linear", expr=3 * x - 1)
    with pytest.raises(ValueError, match="linear is linear: the theorems suppose a non-linear activation"):
        lower_end(kernel(linear, 3))
