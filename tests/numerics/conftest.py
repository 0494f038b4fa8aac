"""Small settings that several tests share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from theory.activations import RELU
from theory.setting import Kernel, Setting


@pytest.fixture
def small() -> Callable[..., Setting]:
    """A setting of twelve samples in ten dimensions, with whatever is to be different."""

    def make(**changes: Any) -> Setting:
        return Setting(**{"kernel": Kernel.RF, "activation": RELU, "d": 10, "d_y": 4, "n": 12, "width": 60} | changes)

    return make
