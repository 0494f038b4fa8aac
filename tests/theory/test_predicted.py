"""What the law says of a setting, against the law of `h_1 + h_2` written out: six modes, their eigenvalues by hand."""

from dataclasses import replace

import mpmath as mp
import pytest

from theory.activations import PHI2, RELU
from theory.predicted import (
    at_core_share,
    at_twice_the_samples,
    curve_of,
    gamma,
    law_of,
    unlearned_share,
    variance,
    without_degree,
    zero_gamma,
)
from theory.setting import Kernel, Setting

SETTINGS = [Setting(kernel=Kernel.RF, activation=PHI2, d=d, d_y=d_y, n=n) for d, d_y, n in ((20, 5, 30), (24, 15, 70))]
settings = pytest.mark.parametrize("setting", SETTINGS, ids=str)
CLOSE = {"rel": 1e-12}


class ByHand:
    """The law of `kappa(rho) = rho + rho^2`, `rho = a t + b s`, with `E[t^2 P_2(t)] = 2 / (n (n + 2))` on S^(n-1)."""

    def __init__(self, d_x, d_y, n):
        d = d_x + d_y
        self.n, self.d_y, self.d = n, d_y, d
        self.count = {(0, 0): 1, (1, 0): d_x, (0, 1): d_y, (1, 1): d_x * d_y}
        self.count |= {(2, 0): (d_x - 1) * (d_x + 2) // 2, (0, 2): (d_y - 1) * (d_y + 2) // 2}
        self.value = dict.fromkeys(((0, 0), (1, 0), (0, 1)), mp.mpf(1) / d) | {(1, 1): mp.mpf(2) / d**2}
        self.value |= {(2, 0): mp.mpf(2 * d_x) / (d**2 * (d_x + 2)), (0, 2): mp.mpf(2 * d_y) / (d**2 * (d_y + 2))}
        self.ridge = mp.findroot(
            lambda k: mp.fsum(self.count[m] * v / (v + k) for m, v in self.value.items()) - n,
            (mp.mpf(10) ** -12, mp.mpf(2) / n),
            solver="anderson",
            tol=mp.mpf(10) ** -40,
        )
        self.unlearned = {m: self.ridge / (v + self.ridge) for m, v in self.value.items()}

    @property
    def whole(self):
        """`N kap`, the energy not learned."""
        return self.n * self.ridge

    def left(self, modes):
        return mp.fsum(self.count[m] * self.value[m] * self.unlearned[m] for m in modes)

    def gamma(self, *, without=None):
        kept = [m for m in self.count if sum(m) != without]
        return self.left(m for m in kept if m[0] == 0) / self.left(kept)

    def overlap(self, modes):
        return mp.fsum(self.count[m] * (1 - self.unlearned[m]) ** 2 for m in modes) / self.n

    def variance(self):
        """Return the part of each degree of t in the residual kernel at s = 1, squared, and that of the others."""
        of_query = (
            mp.fsum(self.left(m for m in self.count if m[0] == i) ** 2 / self.count[i, 0] for i in (1, 2))
            / self.whole**2
        )
        g, r, r_y = self.gamma(), self.overlap(self.count), self.overlap(m for m in self.count if m[0] == 0)
        return of_query + (r**2 + r_y**2 + 2 * g**2 * r**2 - 4 * g * r * r_y) / (self.n * (1 - r))

    def zero_gamma(self):
        """Return that of `[0, y]`, whose kernel is `b s + (b s)^2`: `h_2(c u) = c^2 h_2(u) + (c^2 - 1) / sqrt(2)`."""
        b, n = mp.mpf(self.d_y) / self.d, self.d_y
        on_y = (b**2 / n, b / n, 2 * b**2 / (n * (n + 2)))
        taken = mp.fsum(self.count[0, j] * a * (1 - self.unlearned[0, j]) for j, a in enumerate(on_y))
        return (b + b**2 - taken) / self.whole


def by_hand(setting):
    with mp.workdps(50):
        return ByHand(setting.d - setting.d_y, setting.d_y, setting.n)


@settings
def test_the_means_and_shares_are_those_by_hand(setting):
    with mp.workdps(50):
        law = by_hand(setting)
        assert sum(law.count[m] * v for m, v in law.value.items()) == pytest.approx(2)
        assert law.left(law.count) == pytest.approx(law.whole)  # what makes gamma a share
        expected = [law.gamma(), law.variance(), law.whole / 2, law.zero_gamma()]
    found = [value(setting) for value in (gamma, variance, unlearned_share, zero_gamma)]
    assert found == pytest.approx([float(value) for value in expected], **CLOSE)


@settings
def test_each_rival_is_the_law_with_its_slip_and_nothing_else(setting):
    with mp.workdps(50):
        twice, swapped = (
            by_hand(replace(setting, n=2 * setting.n)),
            by_hand(replace(setting, d_y=setting.d - setting.d_y)),
        )
        struck = [by_hand(setting).gamma(without=degree) for degree in (1, 2)]
        expected = [float(value) for value in (twice.gamma(), swapped.gamma(), *struck)]
    found = [rival(setting) for rival in (at_twice_the_samples, at_core_share, without_degree(1), without_degree(2))]
    assert found == pytest.approx(expected, **CLOSE)
    assert min(abs(value - gamma(setting)) for value in found) > 1e-3


def test_a_curve_has_the_parameters_of_its_setting_and_without_a_width_no_number_of_them():
    setting = Setting(kernel=Kernel.RF, activation=RELU, d=20, d_y=5, n=30)
    assert curve_of(setting).parameters is None
    assert curve_of(replace(setting, width=50)).parameters == 50
    assert curve_of(replace(setting, width=50, kernel=Kernel.NTK)).parameters == 1000
    assert law_of(setting).modes is law_of(replace(setting, n=40, width=50)).modes


def test_layers_have_no_query_with_its_core_feature_at_zero():
    deep = Setting(kernel=Kernel.NNGP_DEEP, activation=RELU, d=20, d_y=5, n=30, depth=2)
    with pytest.raises(TypeError, match="has no query x = 0: its layers suppose normalised rows"):
        zero_gamma(deep)
