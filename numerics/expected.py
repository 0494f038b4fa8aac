"""What the law says of settings whose data need not be uniform on spheres.

Gaussian data are taken for spheres, to which they tend as d grows.  Of images a pool tells the mean alignment, and
nothing more (`numerics.pool`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from theory.setting import Kernel, Setting

from .data import trainable
from .images import Images, images_of
from .pool import pool_law
from .prediction import predict_all

POOL = 2000
"""Samples of a pool, where there are as many: twenty eigendecompositions of them take a minute or two."""

Known = dict[str, tuple[float, float]]
"""A value and its standard error, by the keys of a measurement; what the law does not say is not there."""


def expected(settings: Sequence[Setting], *, seed: int) -> dict[Setting, Known]:
    """Return what the law says of each setting, nothing where it is refused; `seed` draws the pools of images."""
    pools = {setting.data: images_of(setting.data) for setting in settings}
    others = [setting for setting in settings if pools[setting.data] is None]
    spheres = [replace(setting, data="sphere") if setting.data == "gaussian" else setting for setting in others]
    found = dict(zip(others, _of_spheres(spheres), strict=True))
    for data, images in pools.items():
        if images is not None:
            found |= _of_images(images, [setting for setting in settings if setting.data == data], seed)
    return found


def _of_spheres(settings: Sequence[Setting]) -> list[Known]:
    """Return what the modes tell; where some setting is refused, each is asked for alone."""
    try:
        told = [one.to_dict() for one in predict_all(settings)]
    except ValueError:
        return [{}] if len(settings) == 1 else [known for one in settings for known in _of_spheres([one])]
    return [{key: (value, 0.0) for key, value in one.items() if value is not None} for one in told]


def _of_images(images: Images, settings: Sequence[Setting], seed: int) -> dict[Setting, Known]:
    pool = min(POOL, trainable(len(images.load()[1])))
    found: dict[Setting, Known] = {setting: {} for setting in settings}
    for family in dict.fromkeys(replace(setting, n=1) for setting in settings):
        members = [one for one in settings if replace(one, n=1) == family and one.n < pool]
        # Of random features the mean is that of infinite width, where a pool costs next to nothing.  Of tangent
        # features with few neurons it is not: of digits with 100 it is 1 % larger at N = 200.
        drawn = replace(family, width=None) if family.kernel is Kernel.RF else family
        try:
            points = pool_law(drawn, [one.n for one in members], pool=pool, seed=seed)
        except ValueError:  # a kernel with too few eigenvalues
            continue
        found |= {one: {"gamma": (point.gamma, point.gamma_se)} for one, point in zip(members, points, strict=True)}
    return found
