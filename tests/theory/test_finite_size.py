"""The balls of the law at finite size, against its definition integrated by mpmath, and the figures on record."""

from functools import cache
from math import comb

import mpmath as mp
import pytest

from theory import balls
from theory.activations import ERF, EXP, PHI2, PHI4, RELU, SIGN, TANH
from theory.deep_kernels import deep_ntk
from theory.finite_size import FiniteSizeLaw, Modes
from theory.kernels import random_features, tangent_features
from theory.registry import find_activation

DIGITS = 30
NODES = 40
"""Of the trapezoidal rule in the angle, exact for trigonometric polynomials of degree below 80: the kernels, analytic
for `|t| < 2` in each angle, leave `3.7^-(80 - 24)`, below 1e-31, against a polynomial of degree 24."""
DUALS = {
    "h1+h4": (random_features(PHI4), lambda rho: rho + rho**4, 4),
    "exp": (random_features(EXP), lambda rho: mp.exp(1 + rho), 20),
    "erf": (random_features(ERF), lambda rho: 2 / mp.pi * mp.asin(2 * rho / 3), 24),
    "NTK erf": (tangent_features(ERF), lambda rho: rho * 4 / mp.pi / mp.sqrt(9 - 4 * rho**2), 24),
}
"""Kernels with their duals, from a book, and the degree beyond which nothing is counted as learned."""


class Definition:
    """The law in mpmath.  In even dimensions the mean over `t = cos(angle)` is that of a smooth periodic function."""

    def __init__(self, kappa, d_x, d_y, degrees, n):
        self.n, self.degrees, self.d_x, self.d_y, d = n, degrees, d_x, d_y, d_x + d_y
        self.points = [mp.cos(mp.pi * k / NODES) for k in range(NODES + 1)]
        self.weight_x, self.weight_y = self.weights(d_x), self.weights(d_y)
        self.p_x, self.p_y = ([self.polynomial(i, size) for i in range(degrees + 1)] for size in (d_x, d_y))
        self.modes = [(i, j) for i in range(degrees + 1) for j in range(degrees + 1 - i)]
        self.count = {(i, j): self.harmonics(i, d_x) * self.harmonics(j, d_y) for i, j in self.modes}
        table = [[kappa((d_x * t + d_y * s) / d) for s in self.points] for t in self.points]
        rows = [[self.mean(self.weight_y, row, p) for row in table] for p in self.p_y]
        self.value = {(i, j): self.mean(self.weight_x, rows[j], self.p_x[i]) for i, j in self.modes}
        self.seen = [row[0] for row in table]  # at t_y = 1
        self.total = kappa(mp.mpf(1))
        self.rest = self.total - mp.fsum(self.count[m] * self.value[m] for m in self.modes)
        self.ridge = self.root()

    def weights(self, size):
        """Return `sin(angle)^(size - 2)`, the ends counting half, of sum 1."""
        raw = [mp.sin(mp.pi * k / NODES) ** (size - 2) / (2 if k in (0, NODES) else 1) for k in range(NODES + 1)]
        return [w / mp.fsum(raw) for w in raw]

    def polynomial(self, degree, size):
        """Return `P_i` at the points."""
        if size == 2:
            return [mp.chebyt(degree, t) for t in self.points]
        order = mp.mpf(size) / 2 - 1
        return [mp.gegenbauer(degree, order, t) / mp.gegenbauer(degree, order, 1) for t in self.points]

    @staticmethod
    def harmonics(i, size):
        """Return the homogeneous polynomials of degree i, less those of degree i - 2."""
        return comb(size + i - 1, i) - (comb(size + i - 3, i - 2) if i > 1 else 0)

    @staticmethod
    def mean(weights, *factors):
        return mp.fsum(w * mp.fprod(values) for w, *values in zip(weights, *factors, strict=True))

    def root(self):
        """Return kap: the logarithm of the learned count is nearly straight in that of the ridge."""

        def surplus(log):
            ridge = mp.exp(log)
            learned = mp.fsum(self.count[m] * v / (v + ridge) for m, v in self.value.items())
            return mp.log(learned + self.rest / ridge) - mp.log(self.n)

        high = mp.log(self.total / self.n)
        return mp.exp(mp.findroot(surplus, (high - 30, high), solver="anderson", tol=mp.mpf(10) ** (-2 * DIGITS + 10)))

    def unlearned(self, mode):
        return self.ridge / (self.value[mode] + self.ridge)

    def gamma(self, *, without=None):
        """Return the share in y alone of what is not learned, perhaps with one total degree left unlearned."""
        learned = {m: self.count[m] * self.value[m] * (1 - self.unlearned(m)) for m in self.modes if sum(m) != without}
        in_y = self.mean(self.weight_x, self.seen) - mp.fsum(v for (i, _), v in learned.items() if i == 0)
        return in_y / (self.total - mp.fsum(learned.values()))

    def overlap(self, modes):
        return mp.fsum(self.count[m] * (1 - self.unlearned(m)) ** 2 for m in modes) / self.n

    @property
    def error(self):
        """The largest `1 - q` beyond the degrees, and ten for the steps from there to a variance."""
        size = self.degrees + 1
        fewest = min(self.harmonics(i, self.d_x) * self.harmonics(size - i, self.d_y) for i in range(size + 1))
        return 10 * (mp.mpf(10) ** -20 + max(self.rest, 0) / fewest / self.ridge)

    def variance(self):
        """Return the spread, the residual kernel built at each point of t_x and squared there."""
        learned = [
            mp.fsum(self.count[m] * self.value[m] * (1 - self.unlearned(m)) * self.p_x[m[0]][k] for m in self.modes)
            for k in range(NODES + 1)
        ]
        residual = [whole - part for whole, part in zip(self.seen, learned, strict=True)]
        mean = self.mean(self.weight_x, residual)
        of_query = self.mean(self.weight_x, [(value - mean) ** 2 for value in residual]) / (self.n * self.ridge) ** 2
        g, r, r_y = self.gamma(), self.overlap(self.modes), self.overlap([m for m in self.modes if m[0] == 0])
        return of_query + (r**2 + r_y**2 + 2 * g**2 * r**2 - 4 * g * r * r_y) / (self.n * (1 - r))


@cache
def both(name, d_x, d_y, n):
    """Return the law in balls and by its definition."""
    kernel, kappa, degrees = DUALS[name]
    modes = Modes(kernel=kernel, d_x=d_x, d_y=d_y, degrees=degrees, terms=120)
    with mp.workdps(DIGITS):
        return FiniteSizeLaw(modes=modes, n=n), Definition(kappa, d_x, d_y, degrees, n)


def holds(ball, value, error):
    """Return whether a number known to a relative error lies in a ball."""
    middle, radius = (mp.mpf(text) for text in balls.text(ball, DIGITS))
    return abs(value - middle) <= radius + error * abs(middle)


SIZES = [("h1+h4", 4, 6, 20), ("exp", 4, 6, 12), ("exp", 2, 12, 40), ("erf", 12, 4, 15), ("NTK erf", 10, 10, 9)]
sizes = pytest.mark.parametrize(("name", "d_x", "d_y", "n"), SIZES, ids=str)


@sizes
def test_the_eigenvalues_are_integrals_of_the_kernel(name, d_x, d_y, n):
    law, defined = both(name, d_x, d_y, n)
    with mp.workdps(DIGITS):
        for mode in ((0, 0), (1, 0), (0, 1), (2, 2), (3, 1), (0, 4)):
            middle, radius = (mp.mpf(text) for text in balls.text(law.modes.values[mode], DIGITS))
            error = radius + mp.mpf(10) ** -24  # of the quadrature, whose terms are of order 1
            assert abs(middle - defined.value[mode]) <= error
    assert law.modes.counts == defined.count


@sizes
def test_the_law_is_its_definition(name, d_x, d_y, n):
    law, defined = both(name, d_x, d_y, n)
    with mp.workdps(DIGITS):
        pairs = [
            (law.ridge, defined.ridge),
            (law.gamma, defined.gamma()),
            (law.learned, defined.overlap(defined.modes)),
            (law.learned_in_y, defined.overlap([(0, j) for j in range(defined.degrees + 1)])),
            (law.variance, defined.variance()),
        ]
        for ball, value in pairs:
            assert holds(ball, value, defined.error)
            assert not holds(ball, value * 98 / 97, defined.error)


@sizes
def test_a_wrong_law_lies_outside(name, d_x, d_y, n):
    law, defined = both(name, d_x, d_y, n)
    with mp.workdps(DIGITS):
        wrong = [defined.gamma(without=degree) for degree in (1, 4 if name == "h1+h4" else 3)]
        if d_x != d_y:
            _, kappa, degrees = DUALS[name]
            wrong.append(Definition(kappa, d_y, d_x, degrees, n).gamma())  # alpha -> 1 - alpha
        assert not any(holds(law.gamma, value, defined.error) for value in wrong)


@pytest.mark.parametrize(
    ("kernel", "d", "d_y", "n", "recorded"),
    [
        (random_features(RELU), 50, 25, 200, (0.2863,)),
        (random_features(RELU), 50, 35, 4000, (0.2695,)),
        (random_features(RELU), 100, 30, 100, (0.2093, 0.0756)),
        (random_features(RELU), 100, 70, 1600, (0.4552, 0.0736)),
        (tangent_features(RELU), 50, 30, 50, (0.3848,)),
        (tangent_features(RELU), 50, 15, 1600, (0.0500,)),
        (deep_ntk(RELU, 3), 50, 15, 400, (0.0603,)),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_the_record_is_reproduced(kernel, d, d_y, n, recorded):
    """The mean and, where the ball of the spread is narrow with so few degrees, the standard deviation."""
    law = FiniteSizeLaw(modes=Modes(kernel=kernel, d_x=d - d_y, d_y=d_y, degrees=16, terms=240), n=n)
    for ball, figure in zip((law.gamma, law.variance.sqrt()), recorded, strict=False):
        assert ball.rad() < 1e-5
        assert abs(ball - figure) < 6e-5  # half a unit of the fourth digit, and the radius


def test_the_ridge_is_proved_by_the_signs_at_its_ends():
    law = FiniteSizeLaw(modes=Modes(kernel=random_features(TANH), d_x=20, d_y=30), n=70)
    with balls.precision(128):
        low, high = law.ridge.lower(), law.ridge.upper()
        assert law._learned_modes(low) > 70 > law._learned_modes(high)
        assert not law._learned_modes(low * 98 / 97) > 70


@pytest.mark.parametrize("activation", [ERF, find_activation("erf(x)/100")], ids=lambda a: a.name)
def test_coefficients_and_degrees_left_out_widen_the_ball_and_do_not_move_it(activation):
    kernel = random_features(activation)
    coarse = [Modes(kernel=kernel, d_x=20, d_y=30, degrees=k, terms=l) for k, l in ((4, 30), (8, 20), (4, 120))]
    fine = FiniteSizeLaw(modes=Modes(kernel=kernel, d_x=20, d_y=30, degrees=16, terms=120), n=70)
    for modes in coarse:
        law = FiniteSizeLaw(modes=modes, n=70)
        for ball, truth in ((law.ridge, fine.ridge), (law.gamma, fine.gamma), (law.learned, fine.learned)):
            assert ball.contains(truth)
            assert ball.rad() > 10 * truth.rad()


@pytest.mark.parametrize("sizes", [(4, 40), (40, 4), (7, 7), (1, 30)])
def test_the_bound_beyond_is_an_energy_over_the_fewest_modes_of_a_kind(sizes):
    modes = Modes(kernel=random_features(RELU), d_x=sizes[0], d_y=sizes[1], degrees=3, terms=80)
    kinds = ((i, l - i) for l in (4, 5) for i in range(l + 1))
    counts = [Definition.harmonics(i, sizes[0]) * Definition.harmonics(j, sizes[1]) for i, j in kinds]
    fewest = min(filter(None, counts))
    assert float(modes.largest_beyond) == pytest.approx(float(modes.rest.upper()) / fewest)
    finer = Modes(kernel=random_features(RELU), d_x=sizes[0], d_y=sizes[1], degrees=5, terms=80)
    beyond = [finer.values[mode] for mode in finer.values if sum(mode) > 3 and finer.counts[mode]]
    assert not any(value > modes.largest_beyond for value in beyond)


@pytest.mark.parametrize(("degrees", "terms"), [(3, 5), (3, 8), (6, 12)])
def test_an_eigenvalue_from_few_coefficients_holds_that_from_many(degrees, terms):
    few, many = (Modes(kernel=random_features(RELU), d_x=3, d_y=4, degrees=degrees, terms=n) for n in (terms, 300))
    for mode, value in few.values.items():
        assert value.contains(many.values[mode].mid()), mode
        assert value.rad() < 0.05
    assert all(few.on_x[i].contains(many.on_x[i].mid()) for i in range(degrees + 1))


@pytest.mark.parametrize("degrees", [4, 6])
def test_a_kernel_without_more_modes_than_samples_is_refused(degrees):
    """`h1 + h2` with d_x = d_y = 20: 20 + 20 of degree 1, 400 + 209 + 209 of degree 2, and the constant."""
    modes = Modes(kernel=random_features(PHI2), d_x=20, d_y=20, degrees=degrees)
    assert FiniteSizeLaw(modes=modes, n=858).ridge > 0
    for n in (859, 2000):
        with pytest.raises(ValueError, match=f"N = {n}: the kernel has 859 modes"):
            _ = FiniteSizeLaw(modes=modes, n=n).ridge


def test_where_every_degree_matters_no_ball_is_made_up():
    law = FiniteSizeLaw(modes=Modes(kernel=random_features(SIGN), d_x=3, d_y=4, degrees=4), n=50)
    with pytest.raises(ArithmeticError, match="could not be enclosed"):
        _ = law.ridge


@pytest.mark.parametrize("n", [30, 41, 60])
def test_what_hangs_on_degrees_that_are_not_counted_is_refused_and_not_sought_for_ever(n):
    """On two circles degrees to 4 have 41 modes, and relu has energy beyond: fewer or more samples, no ball is made."""
    law = FiniteSizeLaw(modes=Modes(kernel=random_features(RELU), d_x=2, d_y=2, degrees=4), n=n)
    with pytest.raises(ArithmeticError, match=f"N = {n}: the balance could not be enclosed"):
        _ = law.ridge


@pytest.mark.parametrize("factor", [0.9, 1.1])
def test_a_guess_that_is_off_widens_the_ball_until_the_ridge_is_in_it(monkeypatch, factor):
    modes = Modes(kernel=random_features(PHI4), d_x=10, d_y=12)
    right, guessed = FiniteSizeLaw(modes=modes, n=40).ridge, FiniteSizeLaw._approximate_ridge
    monkeypatch.setattr(FiniteSizeLaw, "_approximate_ridge", lambda law: guessed(law) * factor)
    found = FiniteSizeLaw(modes=modes, n=40).ridge
    assert found.contains(right)
    assert 0.05 < float(found.rad() / found.mid()) < 0.5


def test_a_guess_far_off_proves_nothing(monkeypatch):
    modes = Modes(kernel=random_features(PHI4), d_x=10, d_y=12)
    monkeypatch.setattr(FiniteSizeLaw, "_approximate_ridge", lambda _: balls.flint.arb(1000))
    with pytest.raises(ArithmeticError, match="N = 40: the balance could not be enclosed"):
        _ = FiniteSizeLaw(modes=modes, n=40).ridge


def test_on_two_points_nothing_lies_beyond_degree_one():
    modes = Modes(kernel=random_features(ERF), d_x=1, d_y=1)
    assert modes.largest_beyond == 0
    with pytest.raises(ValueError, match="the kernel has 2 modes, and needs more of them than samples"):
        _ = FiniteSizeLaw(modes=modes, n=2).gamma
