"""The query with x = 0 at finite size: by quadrature, the record, the limit, and signed coefficients."""

from fractions import Fraction

import numpy as np
import pytest

from numerics.finite_size import finite_size
from numerics.harmonics import polynomials
from numerics.zero_query import query_coefficients, zero_gamma
from theory.activations import ERF, RELU, TANH, hermite
from theory.kernels import random_features, tangent_features
from theory.predicted import zero_gamma as in_balls
from theory.setting import Kernel, Setting
from theory.zero_query import zero_gamma_at

POINTS = 4000


def sphere(n):
    """Return points and weights of the mean over t, by the midpoint rule in the angle; smooth to the order n - 2."""
    angle = (np.arange(POINTS) + 0.5) * np.pi / POINTS
    weights = np.sin(angle) ** (n - 2)
    return np.cos(angle), weights / weights.sum()


def arc_cosine(rho):
    """Return `E[relu(u) relu(v)]`."""
    return (np.sqrt(1 - rho**2) + rho * (np.pi - np.arccos(rho))) / (2 * np.pi)


def by_quadrature(law, query):
    """Return `gamma_0` from `k_0(t_y)` alone: `a_j` are means over t_y, the rest is the definition."""
    modes, q, n = law.modes, law.unlearned[0, :, 0], law.n[0]
    t, weights = sphere(modes.d_y)
    a = polynomials(modes.d_y, modes.degrees, t) @ (weights * query(t))
    return (query(1.0) - modes.multiplicities[0] @ (a * (1 - q))) / (n * law.ridge[0])


RELU_QUERIES = {
    random_features(RELU): lambda alpha: lambda t: alpha**0.5 * arc_cosine(alpha**0.5 * t),
    tangent_features(RELU): lambda alpha: lambda t: alpha * t * (np.pi - np.arccos(alpha**0.5 * t)) / (2 * np.pi),
    random_features(ERF): lambda alpha: lambda t: 2 / np.pi * np.arcsin(2 * alpha * t / np.sqrt((1 + 2 * alpha) * 3)),
}
"""Between [0, y], of norm `sqrt(alpha)`, and a sample: ReLU and its slope are homogeneous; erf from a book."""


@pytest.mark.parametrize("kernel", RELU_QUERIES, ids=lambda kernel: kernel.name)
@pytest.mark.parametrize(("d_x", "d_y", "n"), [(36, 24, 150), (20, 60, 30), (60, 20, 2000)])
def test_the_query_is_known_by_its_kernel_alone(kernel, d_x, d_y, n):
    law = finite_size(kernel, d_x, d_y, [n])
    found = zero_gamma(law, kernel)[0]
    right, wrong = (by_quadrature(law, RELU_QUERIES[kernel](n / (d_x + d_y))) for n in (d_y, d_x))
    assert found == pytest.approx(right, rel=1e-9)  # both leave out the same degrees; quadrature is right to 1e-15
    assert found != pytest.approx(wrong, rel=1e-3)


@pytest.mark.parametrize("kernel", [Kernel.RF, Kernel.NTK])
@pytest.mark.parametrize("activation", [RELU, ERF], ids=lambda activation: activation.name)
def test_the_law_in_balls_says_the_same(kernel, activation):
    setting = Setting(kernel=kernel, activation=activation, d=50, d_y=20, n=70)
    features = (random_features if kernel is Kernel.RF else tangent_features)(activation)
    (found,) = zero_gamma(finite_size(features, 30, 20, [70]), features)
    assert in_balls(setting) == pytest.approx(found, rel=1e-8)


def test_the_record_is_reproduced():
    """ReLU, d = 60, N = 150, alpha = .4: law .2848, where the resampled query has .2310."""
    law = finite_size(random_features(RELU), 36, 24, [150])
    assert zero_gamma(law, random_features(RELU))[0] == pytest.approx(0.2848, abs=5.1e-5)
    assert law.gamma[0] == pytest.approx(0.2310, abs=5.1e-5)


@pytest.mark.parametrize(
    "kernel", [random_features(RELU), tangent_features(ERF), random_features(TANH)], ids=lambda kernel: kernel.name
)
def test_as_d_grows_it_becomes_the_proportional_law(kernel):
    """The difference is of order `1/d`."""
    limit = zero_gamma_at(kernel, Fraction(1, 2))(Fraction(2, 5))
    off = [
        zero_gamma(finite_size(kernel, d * 3 // 5, d * 2 // 5, [d // 2]), kernel)[0] - limit
        for d in (10**4, 10**5, 10**6)
    ]
    assert all(0.9 < off[i] / (10 * off[i + 1]) < 1.1 for i in (0, 1))
    assert abs(off[-1]) < 1e-5


def test_coefficients_of_either_sign_are_kept():
    """`h_4(s x) = s^4 h_4 + sqrt(3) s^2 (s^2 - 1) h_2 + ...`, so in `h_2 + h_4` degree 2 turns negative at s = 1/2."""
    kernel = random_features(hermite(2, 4))
    found = query_coefficients(kernel, Fraction(1, 4), 6)
    s = 0.5
    expected = np.zeros(len(found))
    expected[2] = s**2 * (s**2 + 3**0.5 * s**2 * (s**2 - 1))
    expected[4] = s**4 * s**4
    assert expected[2] < 0
    np.testing.assert_allclose(found, expected, atol=1e-15)
