"""Kernel matrices `K(Z, Z)` and `K(Z, Q)`: random and tangent features of any width, and networks of infinite width.

Random features (14): `k(z, z') = phi(V z)^T phi(V z') / k`.  Tangent features (24), by the Hadamard identity:
`k(z, z') = (z^T z' / d) phi'(W z)^T phi'(W z') / k`, which never forms the k d features.  The rows of `V` and `W` are
iid N(0, I/d), so at infinite width the sums become the expectations of `numerics.dual_series`.  Deep networks compose
the normalised duals of their layers (`theory.deep_kernels`), on normalised rows.  The scale of a kernel changes no
prediction and no alignment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import sympy as sp

from theory.activations import Activation
from theory.deep_kernels import DeepKernel
from theory.kernels import DotProductKernel, random_features, tangent_features
from theory.layers import Layer
from theory.setting import Kernel, Setting
from theory.sizes import network_of
from theory.symbols import rho, x

from .dual_series import DEGREES, TOLERANCE, correlate, series
from .elementwise import Array, Elementwise, vectorise
from .engine import DOUBLE, Engine
from .streaming import TILE, Network, products

UNIT = 1e-9
"""Rows with `|z|^2 / d` this close to 1 count as normalised; a dual, as smooth as `rho` itself, errs by no more."""
TRUNCATION = float(np.finfo(float).eps)
"""Where the series of a layer in a deep kernel stops if it can: below the rounding of the layer, which is 1 at 1."""
CHUNK = 1 << 16
"""Correlations composed at one time: half a megabyte, so that layers do not wait for memory, nor fill it."""
BITS = 64


@dataclass(frozen=True, kw_only=True, eq=False)
class Kernels:
    """`gram = K(Z, Z)` (N x N, symmetric) and one `cross = K(Z, Q)` (N x queries) for each block of queries.

    Of several trials at once all have a first axis of trials.
    """

    gram: Array
    cross: tuple[Array, ...]


def kernels(
    setting: Setting,
    z: Array,
    queries: Sequence[Array],
    *,
    seeds: Sequence[np.random.SeedSequence] = (),
    dual: sp.Expr | None = None,
    engine: Engine = DOUBLE,
    on_disk: bool = False,
) -> Kernels:
    """Return the kernel of `setting` on the rows of `z` (N x d) and between them and each block of `queries`.

    Of several trials at once, `z` and each query are trials x rows x d.  `seeds`, one for each trial, draw the weights
    of a finite width (`numerics.streaming`), with `engine`; `on_disk` keeps `cross` in files.  `dual`, a function of
    `theory.symbols.rho`, serves normalised rows at infinite width; without it, and for other rows, the Hermite series
    does.  A deep kernel needs neither.  Raises ValueError where an activation that jumps is asked for tangent features,
    where a series fails, and where a deep kernel is asked for rows that are not normalised.
    """
    if setting.kernel.is_deep:
        return _deep(setting, z, queries)
    if setting.width is None:
        return _infinite(setting, z, queries, dual)
    return _finite(setting, z, queries, seeds=seeds, engine=engine, on_disk=on_disk)


def closed_dual(setting: Setting) -> sp.Expr | None:
    """Return the kernel of `setting` on normalised rows as a function of `rho`, or None where no closed form is known.

    For tangent features this is `rho` times the dual of `phi'`.  A deep kernel has None: it is composed, not written.
    """
    return None if setting.kernel.is_deep else _closed_dual(setting.kernel, setting.activation)


@cache
def _closed_dual(kernel: Kernel, activation: Activation) -> sp.Expr | None:
    series = tangent_features(activation) if kernel is Kernel.NTK else random_features(activation)
    return series.dual


def feature(setting: Setting) -> Activation:
    """Return the activation whose products make the kernel: `phi` for random features, `phi'` for tangent ones."""
    return setting.activation.derivative if setting.kernel is Kernel.NTK else setting.activation


def ingredients(setting: Setting) -> tuple[Activation, ...]:
    """Return all functions whose mean products make the kernel: `feature`, or `phi` and `phi'` for the NTK of depth."""
    if setting.kernel is Kernel.NTK_DEEP:
        return setting.activation, setting.activation.derivative
    return (feature(setting),)


def kernel_values(kernel: DotProductKernel) -> Elementwise | None:
    """Return `kappa` as a function of arrays, from its closed form or that of its layers; None where there is none."""
    if isinstance(kernel, DeepKernel):
        layers = (kernel.value, kernel.slope)
        return partial(composed, kernel) if all(layer is None or layer.expr is not None for layer in layers) else None
    return None if kernel.dual is None else vectorise(kernel.dual, rho)


def composed(kernel: DeepKernel, correlations: Array) -> Array:
    """Return `Sigma_L` or `Theta_L` at `correlations`, of any shape, each layer by closed form or by Hermite series.

    All coefficients are non-negative, so what truncation leaves out is largest at the largest `|correlation|`.  There
    the kernel is composed twice, without the rest and with a bound on it: raises ValueError where the two differ by
    more than `TOLERANCE` of `kappa(1)`.
    """
    largest = float(np.abs(correlations).max(initial=0))
    flat = correlations.ravel()
    result = np.empty_like(flat)
    for start in range(0, flat.size, CHUNK):
        part = slice(start, start + CHUNK)
        values = kernel.compose(np.concatenate([[largest, largest], flat[part]]), _through)
        missing = (values[1] - values[0]) / float(kernel.total(BITS))
        if not missing <= TOLERANCE:  # so written that NaN is refused
            raise ValueError(
                f"two samples have correlation {largest:.6f}: the Hermite series of the layers, of degree {DEGREES}, "
                f"leave out up to {missing:.1e} of the diagonal of {kernel.name}, over the tolerance of {TOLERANCE:.0e}"
            )
        result[part] = values[2:]
    return result.reshape(correlations.shape)


def _through(layer: Layer, at: Array) -> Array:
    """Return the layer at a vector whose second entry is the largest; at that one, the rest of the series is added."""
    if layer.expr is not None:
        return np.asarray(vectorise(layer.expr, rho)(np.clip(at, -1, 1)))
    expansion, norm = (series(f, np.ones(1)) for f in (layer.f, layer.phi))
    rests = expansion.relative_tails * expansion.power / norm.power * at[1] ** np.arange(1, DEGREES + 2)
    met = rests <= TRUNCATION
    degree = int(np.argmax(met)) if met.any() else DEGREES
    coefficients = expansion.coefficients[0, : degree + 1] ** 2 / norm.power
    values = np.polynomial.polynomial.polyval(at, coefficients)
    values[1] += rests[degree]
    return np.asarray(values)


def _deep(setting: Setting, z: Array, queries: Sequence[Array]) -> Kernels:
    for rows in (z, *queries):
        _require_unit(setting, rows)
    kernel = network_of(setting)
    correlations = _inner(z, z) / setting.d
    _set_diagonal(correlations, 0)
    gram = composed(kernel, correlations)
    _set_diagonal(gram, float(kernel.total(BITS)))
    return Kernels(gram=gram, cross=tuple(composed(kernel, _inner(z, q) / setting.d) for q in queries))


def _require_unit(setting: Setting, rows: Array) -> None:
    squares = np.sum(rows**2, axis=-1) / setting.d
    if not _unit(np.sqrt(squares)):
        raise ValueError(
            f"data {setting.data}: {setting.kernel} composes correlations, which supposes |z|^2 = d for every sample; "
            f"here |z|^2 / d goes from {squares.min():.3g} to {squares.max():.3g}"
        )


def _finite(
    setting: Setting,
    z: Array,
    queries: Sequence[Array],
    *,
    seeds: Sequence[np.random.SeedSequence],
    engine: Engine,
    on_disk: bool,
) -> Kernels:
    width, d_x = setting.width or 0, setting.d - setting.d_y
    function = vectorise(feature(setting).expr, x, engine.library)
    network = Network(function=function, width=width, seeds=seeds, engine=engine)
    gram, *cross = products(network, z, queries, d_x=d_x, on_disk=on_disk)
    for start in range(0, setting.n, TILE):  # in place, and by rows: nothing else is as large as the sums
        rows = slice(start, start + TILE)
        for total in (gram, *cross):
            total[..., rows, :] /= width
        if setting.kernel is Kernel.NTK:
            with np.errstate(over="ignore", invalid="ignore"):  # too large for single precision: refused when solved
                for total, inner in zip((gram, *cross), _inner_products(z, queries, rows, d_x, engine), strict=True):
                    total[..., rows, :] *= inner
    return Kernels(gram=gram, cross=tuple(cross))


def _inner_products(z: Array, queries: Sequence[Array], rows: slice, d_x: int, engine: Engine) -> Iterator[Array]:
    """Yield `z^T z' / d` between some rows of `z` and `z`, and each Q, whose shared `y` is multiplied once."""
    dtype = engine.precision.dtype
    points = (z / np.sqrt(z.shape[-1])).astype(dtype)
    shared = _inner(points[..., rows, d_x:], points[..., d_x:])
    for q in (z, *queries):
        if np.array_equal(q[..., d_x:], z[..., d_x:]):
            at = points[..., :d_x] if q is z else (q[..., :d_x] / np.sqrt(z.shape[-1])).astype(dtype)
            yield _inner(points[..., rows, :d_x], at) + shared
        else:
            yield _inner(points[..., rows, :], (q / np.sqrt(z.shape[-1])).astype(dtype))


def _inner(z: Array, q: Array) -> Array:
    """Return `z^T q` for all rows, of each trial."""
    return np.asarray(z @ np.matrix_transpose(q))


def _infinite(setting: Setting, z: Array, queries: Sequence[Array], dual: sp.Expr | None) -> Kernels:
    closed = None if dual is None else vectorise(dual, rho)
    gram = _expected(setting, z, z, closed)
    _set_diagonal(gram, _diagonal(setting, z))
    return Kernels(gram=gram, cross=tuple(_expected(setting, z, q, closed) for q in queries))


def _expected(setting: Setting, z: Array, q: Array, closed: Elementwise | None) -> Array:
    """Return `E[phi(v^T z) phi(v^T q)]`, times `z^T q / d` for tangent features; no Gram diagonal."""
    scale_z, scale_q = (np.linalg.norm(rows, axis=-1) / np.sqrt(setting.d) for rows in (z, q))
    products = _inner(z, q) / setting.d
    if closed is not None and _unit(scale_z) and _unit(scale_q):
        return np.asarray(closed(np.clip(products, -1, 1)))
    if z.ndim > 2:
        pairs = ((own, own if q is z else at) for own, at in zip(z, q, strict=True))
        return np.stack([_expected(setting, own, at, closed) for own, at in pairs])
    expansion = series(feature(setting), scale_z)
    other = expansion if q is z else series(feature(setting), scale_q)
    correlations = products / np.outer(scale_z, scale_q)
    if q is z:
        # A row has correlation one with itself, where the series converges worst: `_diagonal` does without it.
        np.fill_diagonal(correlations, 0)
    expected = correlate(expansion, other, correlations)
    return expected * products if setting.kernel is Kernel.NTK else expected


def _diagonal(setting: Setting, z: Array) -> Array:
    """Return `E[phi(s g)^2]`, times `s^2` for tangent features, at the scale `s = |z| / sqrt(d)` of each row."""
    scale = np.linalg.norm(z, axis=-1) / np.sqrt(setting.d)
    power = series(feature(setting), scale.ravel()).power
    power = np.broadcast_to(power, (scale.size,)).reshape(scale.shape)
    return power * scale**2 if setting.kernel is Kernel.NTK else power


def _set_diagonal(gram: Array, value: Array | float) -> None:
    index = np.arange(gram.shape[-1])
    gram[..., index, index] = value


def _unit(scales: Array) -> bool:
    return bool(np.all(np.abs(scales**2 - 1) < UNIT))
