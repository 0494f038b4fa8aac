"""The rivals are one slip away from the law: each differs from it where its slip matters, and only there."""

import numpy as np
import pytest

from numerics.prediction import predict
from numerics.rivals import rival_means, rival_spreads
from theory.activations import PHI4, RELU, SIGMOID
from theory.alignment import gamma_at, lower_end
from theory.predicted import at_core_share, law_of, without_degree
from theory.setting import Kernel, Setting
from theory.sizes import kernel_of


def at(**changes):
    return Setting(**{"kernel": Kernel.RF, "activation": RELU, "d": 60, "d_y": 24, "n": 120} | changes)


def test_the_means_are_those_of_the_theory_layer():
    setting = at()
    found = rival_means(setting)
    assert list(found.values()) == pytest.approx(
        [
            lower_end(kernel_of(setting))(setting.alpha),
            gamma_at(kernel_of(setting), setting.delta)(setting.alpha),
            at_core_share(setting),
            without_degree(2)(setting),
        ],
        abs=1e-8,
    )
    assert min(abs(value - predict(setting).gamma) for value in found.values()) > 1e-3


def test_at_one_half_exchanging_the_factors_is_no_slip():
    assert "1 - alpha in place of alpha" not in rival_means(at(d_y=30))
    assert "1 - alpha in place of alpha" in rival_means(at(d_y=31))


def test_a_degree_that_the_kernel_lacks_cannot_be_struck_out():
    setting = at(activation=PHI4)
    assert rival_means(setting)["degree 2 struck out"] != pytest.approx(predict(setting).gamma, abs=1e-6)
    # h_4 has degree 2 in it at finite d, but far less than at degree 4
    assert rival_means(setting)["degree 2 struck out"] == pytest.approx(predict(setting).gamma, abs=0.1)


@pytest.mark.parametrize("activation", [RELU, SIGMOID])
def test_the_spreads_lose_the_factor_and_the_terms_that_they_are_named_for(activation):
    setting = at(activation=activation)
    law = law_of(setting)
    query, others, r, r_y, gamma = (
        float(ball.mid())
        for ball in (law.variance_of_query, law.variance_of_others, law.learned, law.learned_in_y, law.gamma)
    )
    lost = (r_y**2 - 4 * gamma * r * r_y) / (setting.n * (1 - r))
    expected = np.sqrt([query + others * (1 - r), query + others - lost])
    assert list(rival_spreads(setting).values()) == pytest.approx(expected, rel=1e-6)
