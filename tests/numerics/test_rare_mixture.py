"""Sampling the rare-pattern mixture: the fit is that of its sample, and the sample that of the scene."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from numerics.rare_mixture import CORE, PATTERN, _sample, _spurious, mixture_trial, ridge
from theory import rare_ridge as r
from theory.rare_designs import PENALISED, SHORT
from theory.rare_scene import at

SMALL = replace(PENALISED, n=20_000)


def test_the_fit_minimises_the_risk_of_its_sample(seed):
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((50, 3)), rng.standard_normal(50)

    def risk(w, b):
        return np.mean((y - x @ w - b) ** 2) + 0.3 * w @ w

    w, b = ridge(x, y, 0.3)
    design = np.vstack([np.hstack([x, np.ones((50, 1))]), np.sqrt(0.3 * 50) * np.eye(3, 4)])
    solved = np.linalg.lstsq(design, np.concatenate([y, np.zeros(3)]), rcond=None)[0]
    assert np.allclose([*w, b], solved, atol=1e-12)
    assert all(risk(w + step, b) > risk(w, b) for step in 0.01 * np.eye(3))
    assert ridge(x, y, 0.0)[0] != pytest.approx(w, abs=1e-3)


def test_a_sample_has_the_moments_of_its_scene(seed):
    rng = np.random.default_rng(seed)
    x, y = _sample(SHORT, rng, float(SHORT.share), noise=0.5)
    core, pattern = x[:, :2], x[:, 2:]
    assert np.mean(y * (core @ CORE)) == pytest.approx(1.5, abs=0.02)
    assert np.mean(pattern[y > 0] @ PATTERN) == pytest.approx(0.3 * 0.7, abs=0.02)
    assert np.mean(pattern[y < 0] @ PATTERN) == pytest.approx(0, abs=0.02)
    assert core[y < 0].var(axis=0) == pytest.approx([0.4 + 0.5] * 2, abs=0.03)
    assert pattern[y < 0].var(axis=0) == pytest.approx([0.2 + 0.5] * 2, abs=0.03)


def test_spurious_examples_have_the_pattern_and_the_other_label(seed):
    x, y = _spurious(SHORT, np.random.default_rng(seed))
    assert set(y) == {-1.0}
    assert np.mean(x[:, 2:] @ PATTERN) == pytest.approx(0.7, abs=0.02)
    assert np.mean(x[:, :2] @ CORE) == pytest.approx(-1.5, abs=0.02)


def test_a_trial_is_reproduced_by_its_address_and_another_is_not(seed):
    one, again, other = (mixture_trial(SMALL, seed, trial) for trial in (0, 0, 1))
    assert one == again
    assert one.score != other.score
    assert one.score != mixture_trial(replace(SMALL, noise=Fraction(1, 10)), seed, 0).score


def test_trials_scatter_around_the_closed_forms(seed):
    trials = [mixture_trial(SMALL, seed, trial) for trial in range(12)]
    for name, expr in (
        ("score", r.SCORE),
        ("reliance", r.RELIANCE),
        ("clean_accuracy", r.clean_accuracy()),
        ("spurious_accuracy", r.spurious_accuracy()),
        ("spurious_margin", r.SPURIOUS * (r.s1 + r.ridge) / r.DETERMINANT),
    ):
        values = np.array([getattr(trial, name) for trial in trials])
        error = values.std(ddof=1) / np.sqrt(len(values))
        assert abs(values.mean() - at(expr, SMALL)) < 5 * error
        assert abs(values.mean() - at(expr, SHORT)) > 5 * error
