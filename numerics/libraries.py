"""Array libraries by name: NumPy, and those that follow the array API standard, which are imported when asked for.

What the standard lacks, `erf` and the like, each library has under a name of its own.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from scipy import special

NAMES = ("numpy", "torch", "torch:cuda", "cupy", "jax")

Function = Callable[..., Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class Library:
    """The namespace `xp` of a library, its special functions by the names of `numerics.elementwise`, and its door."""

    xp: Any
    special: Mapping[str, Function]
    put: Callable[[np.ndarray[Any, Any], str], Any]
    """`(NumPy array, name of a dtype) -> array of the library`."""
    get: Callable[[Any], np.ndarray[Any, Any]]

    @property
    def on_host(self) -> bool:
        """Whether arrays are NumPy's own: threads of this process may then share the work, and write in place."""
        return self.xp is np


NUMPY = Library(
    xp=np,
    special={
        "erf": special.erf,
        "erfc": special.erfc,
        "expit": special.expit,
        "softplus": lambda u: np.logaddexp(u.dtype.type(0), u),
        "hinge": lambda u: np.maximum(u, 0),
    },
    put=lambda array, dtype: np.asarray(array, dtype=dtype),
    get=np.asarray,
)


def library(name: str) -> Library:
    """Return the library called `name`.  Raises ValueError for an unknown one and for one that cannot be imported."""
    if name not in NAMES:
        raise ValueError(f"backend {name!r} is none of {', '.join(NAMES)}")
    if name == "numpy":
        return NUMPY
    module, _, device = name.partition(":")
    try:
        return _torch(device or "cpu") if module == "torch" else {"jax": _jax, "cupy": _cupy}[module]()
    except ImportError as missing:
        raise ValueError(f"backend {name} needs {missing.name}: pip install 'gammaphi[{module}]'") from missing


@cache
def _torch(device: str) -> Library:
    torch = importlib.import_module("torch")
    if device == "cuda" and not torch.cuda.is_available():
        raise ValueError("backend torch:cuda: torch finds no CUDA device here")
    return Library(
        xp=importlib.import_module("array_api_compat.torch"),
        special={
            "erf": torch.special.erf,
            "erfc": torch.special.erfc,
            "expit": torch.special.expit,
            "softplus": lambda u: torch.logaddexp(torch.zeros_like(u), u),
            "hinge": torch.relu,
        },
        put=lambda array, dtype: torch.asarray(array, dtype=getattr(torch, dtype), device=device),
        get=lambda array: np.asarray(array.cpu()),
    )


@cache
def _jax() -> Library:
    jax = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", val=True)  # sums and solves are in double; without this JAX makes them single
    functions = importlib.import_module("jax.scipy.special")
    return Library(
        xp=jax.numpy,
        special={
            "erf": functions.erf,
            "erfc": functions.erfc,
            "expit": functions.expit,
            "softplus": jax.nn.softplus,
            "hinge": jax.nn.relu,
        },
        put=lambda array, dtype: jax.numpy.asarray(array, dtype=dtype),
        get=np.asarray,
    )


@cache
def _cupy() -> Library:
    cupy = importlib.import_module("cupy")
    functions = importlib.import_module("cupyx.scipy.special")
    return Library(
        xp=importlib.import_module("array_api_compat.cupy"),
        special={
            "erf": functions.erf,
            "erfc": functions.erfc,
            "expit": functions.expit,
            "softplus": lambda u: cupy.logaddexp(cupy.zeros_like(u), u),
            "hinge": lambda u: cupy.maximum(u, 0),
        },
        put=lambda array, dtype: cupy.asarray(array, dtype=dtype),
        get=cupy.asnumpy,
    )
