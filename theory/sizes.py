"""Settings and law values that several claims share: families of one model at growing size."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from .activations import Activation
from .alignment import gamma_at, lower_end, theorem_5_4_bound, upper_end
from .deep_kernels import DeepKernel, deep_ntk, nngp
from .kernels import DotProductKernel, KernelSeries, random_features, tangent_features
from .setting import Kernel, Setting, spurious_dimensions

HALF = Fraction(1, 2)


def growing(
    kernel: Kernel,
    activation: Activation,
    dimensions: tuple[int, ...],
    *,
    delta: Fraction,
    alpha: Fraction = HALF,
    neurons: Fraction | None = None,
) -> tuple[Setting, ...]:
    """Return settings on spheres with `N = delta d` and `k = neurons d` (None: infinite width) at each dimension."""
    return tuple(
        Setting(
            kernel=kernel,
            activation=activation,
            d=d,
            d_y=spurious_dimensions(alpha, d),
            n=int(delta * d),
            width=None if neurons is None else int(neurons * d),
        )
        for d in dimensions
    )


def kernel_of(setting: Setting) -> DotProductKernel:
    """Return the dot-product kernel that the setting's model becomes as its width grows."""
    return network_of(setting) if setting.kernel.is_deep else features_of(setting)


@cache
def features_of(setting: Setting) -> KernelSeries:
    """Return the kernel of one layer of features; refused for a deep setting."""
    if setting.kernel.is_deep:
        raise ValueError(f"{setting.kernel} is not one layer of features")
    features = tangent_features if setting.kernel is Kernel.NTK else random_features
    return features(setting.activation)


@cache
def network_of(setting: Setting) -> DeepKernel:
    """Return the kernel of a network of some depth; refused for a setting without."""
    if setting.depth is None:
        raise ValueError(f"{setting.kernel} has no depth")
    network = deep_ntk if setting.kernel is Kernel.NTK_DEEP else nngp
    return network(setting.activation, setting.depth)


@cache
def proportional(setting: Setting) -> float:
    """Return the proportional law `gamma(alpha, delta)` at a setting."""
    return gamma_at(kernel_of(setting), setting.delta)(setting.alpha)


def linear_weight(setting: Setting) -> float:
    """Return `c_1 m / (c_1 m + B)`, what the proportional law leaves of the linear part; gamma is affine in it."""
    return (proportional(setting) - low(setting)) / (float(setting.alpha) - low(setting))


@cache
def low(setting: Setting) -> float:
    """Return the end `N/d -> infinity` at a setting; for tangent features, `gamma_NTK`."""
    return lower_end(kernel_of(setting))(setting.alpha)


@cache
def high(setting: Setting) -> float:
    """Return the end `N/d -> 0` at a setting."""
    return upper_end(kernel_of(setting))(setting.alpha)


@cache
def bound(setting: Setting) -> float:
    """Return the bound of Theorem 5.4 at a setting."""
    return theorem_5_4_bound(kernel_of(setting))(setting.alpha)
