"""The law of data that are not on spheres: Gaussian ones are taken for them, images are read off a pool."""

from dataclasses import replace

import pytest

from numerics import expected as module
from numerics.expected import expected
from numerics.pool import pool_law
from numerics.prediction import predict
from theory.activations import RELU
from theory.setting import Kernel, Query, Setting

SPHERE = Setting(kernel=Kernel.RF, activation=RELU, d=30, d_y=12, n=40, width=400)
DIGITS = Setting(kernel=Kernel.NTK, activation=RELU, d=80, d_y=16, n=20, width=30, data="digits", query=Query.ZERO)
IMPOSSIBLE = replace(SPHERE, width=20)
"""More samples than parameters: nothing is interpolated."""


@pytest.fixture
def small(monkeypatch):
    """Pools that take no time, with digits."""
    pytest.importorskip("sklearn", reason="the extra `data` is not installed")
    monkeypatch.setattr(module, "POOL", 60)
    monkeypatch.setattr(module, "pool_law", lambda *how, **more: pool_law(*how, **more, pools=3))


def test_gaussian_data_have_the_law_of_spheres():
    gaussian = replace(SPHERE, data="gaussian")
    found = expected([gaussian, SPHERE], seed=0)
    assert list(found) == [SPHERE, gaussian] or list(found) == [gaussian, SPHERE]
    law = {key: (value, 0.0) for key, value in predict(SPHERE).to_dict().items()}
    assert found[gaussian] == found[SPHERE] == law
    assert set(law) == {"gamma", "sd", "test_accuracy", "spurious_accuracy", "test_mse"}


def test_what_the_law_does_not_say_is_not_there():
    found = expected([replace(SPHERE, query=Query.ZERO)], seed=0)
    assert set(*found.values()) == {"gamma", "test_accuracy", "test_mse"}


def test_a_setting_that_is_refused_does_not_take_the_others_with_it():
    with pytest.raises(ValueError, match="nothing is interpolated"):
        predict(IMPOSSIBLE)
    found = expected([IMPOSSIBLE, SPHERE], seed=0)
    assert found[IMPOSSIBLE] == {}
    assert found[SPHERE] == expected([SPHERE], seed=0)[SPHERE]


@pytest.mark.usefixtures("small")
def test_images_have_the_mean_of_a_pool_with_its_error():
    found = expected([DIGITS, replace(DIGITS, n=30), replace(DIGITS, n=60)], seed=4)
    points = pool_law(replace(DIGITS, n=1), [20, 30], pool=60, seed=4, pools=3)
    assert found[DIGITS] == {"gamma": (points[0].gamma, points[0].gamma_se)}
    assert found[replace(DIGITS, n=30)] == {"gamma": (points[1].gamma, points[1].gamma_se)}
    assert found[replace(DIGITS, n=60)] == {}  # N must be below the pool
    assert expected([DIGITS], seed=5)[DIGITS] != found[DIGITS]


@pytest.mark.usefixtures("small")
def test_of_random_features_the_pool_is_that_of_infinite_width():
    wide, narrow = (replace(DIGITS, kernel=Kernel.RF, width=width) for width in (None, 90))
    found = expected([wide, narrow, DIGITS], seed=0)
    assert found[wide] == found[narrow]
    assert found[DIGITS] != expected([replace(DIGITS, width=None)], seed=0)[replace(DIGITS, width=None)]


@pytest.mark.usefixtures("small")
def test_a_pool_that_is_refused_says_nothing(monkeypatch):
    def refused(*_, **__):
        raise ValueError("N is too many")

    monkeypatch.setattr(module, "pool_law", refused)
    assert expected([DIGITS], seed=0) == {DIGITS: {}}


@pytest.mark.usefixtures("small")
def test_a_pool_has_no_more_than_can_be_trained_on(monkeypatch):
    asked = []
    monkeypatch.setattr(module, "POOL", 2000)
    monkeypatch.setattr(module, "pool_law", lambda *_, pool, **__: asked.append(pool) or ())
    assert expected([replace(DIGITS, n=301)], seed=0) == {replace(DIGITS, n=301): {}}
    assert asked == [301]  # of 361 digits a sixth is held out
