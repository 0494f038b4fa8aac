"""Every activation gives the same values in every array library and keeps the precision of its argument."""

import numpy as np
import pytest

from numerics.elementwise import vectorise
from numerics.engine import Engine
from numerics.libraries import NAMES, library
from theory.activations import CATALOGUE, RELU
from theory.symbols import x

AT = np.linspace(-6, 6, 1001)
# Some ulp of the largest value that an expression passes through on [-6, 6], which is below 2000 of the result.
ULPS = {"float64": 1e-12, "float32": 2e-5}


@pytest.mark.parametrize("name", ["numpy", "torch", "jax"])
@pytest.mark.parametrize("dtype", ULPS)
def test_functions_agree_in_both_precisions(name, dtype):
    pytest.importorskip(name, reason=f"{name} is an extra, and not installed")
    found = library(name)
    for activation in CATALOGUE:
        for expr in (activation.expr, *(() if activation.jumps else (activation.derivative.expr,))):
            expected = vectorise(expr)(AT)
            values = found.get(vectorise(expr, x, found)(found.put(AT, dtype)))
            assert values.dtype == dtype, activation.name
            assert np.abs(values - expected).max() < ULPS[dtype] * max(1, np.abs(expected).max()), activation.name


def test_another_function_is_seen():
    assert np.abs(vectorise(RELU.expr)(AT) - vectorise(abs(x))(AT)).max() > 1


def test_an_unknown_library_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match=f"'tensorflow' is none of {', '.join(NAMES)}"):
        Engine(backend="tensorflow")


def test_a_library_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "cupy", None)
    with pytest.raises(ValueError, match=r"backend cupy needs cupy: pip install 'gammaphi\[cupy\]'"):
        Engine(backend="cupy")


def test_cuda_without_a_device_is_refused(monkeypatch):
    torch = pytest.importorskip("torch", reason="torch is an extra, and not installed")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ValueError, match="no CUDA device"):
        Engine(backend="torch:cuda")
