"""Laws one slip away from the alignment law, to be rejected on the data that it is held against."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from theory.setting import Setting
from theory.sizes import kernel_of, low, proportional

from .finite_size import FiniteSizeLaw, finite_size
from .prediction import predict

STRUCK = 2
"""The total degree that a rival leaves out: the first that the paper's theorems leave unlearned."""


def rival_means(setting: Setting) -> dict[str, float]:
    """Return what each rival says of the mean alignment; one that says nothing here is left out."""
    law = finite_size(kernel_of(setting), setting.d - setting.d_y, setting.d_y, [setting.n])
    found = {
        "the theorems' limit, N/d -> infinity": low(setting),
        "the proportional law, d -> infinity": proportional(setting),
        "1 - alpha in place of alpha": _swapped(setting),
        f"degree {STRUCK} struck out": _without(law, STRUCK),
    }
    return {name: value for name, value in found.items() if value is not None}


def _swapped(setting: Setting) -> float | None:
    """Return the law with x and y exchanged; None at alpha = 1/2, where it is the law, and where it is not known."""
    if 2 * setting.d_y == setting.d:
        return None
    try:
        return predict(replace(setting, d_y=setting.d - setting.d_y)).gamma
    except ValueError:
        return None


def _without(law: FiniteSizeLaw, degree: int) -> float | None:
    """Return gamma with the modes of one total degree taken out of every sum, unless nothing is left."""
    modes = law.modes
    shell = np.add.outer(np.arange(modes.degrees + 1), np.arange(modes.degrees + 1)) == degree
    energy = modes.multiplicities * modes.values * law.unlearned[:, :, 0]
    whole = float(law.n[0] * law.ridge[0])
    left = whole - float(energy[shell].sum())
    return (float(law.gamma[0]) * whole - float(energy[0, degree])) / left if left > 1e-9 * whole else None


def rival_spreads(setting: Setting) -> dict[str, float]:
    """Return what each rival says of the standard deviation of F."""
    law = finite_size(kernel_of(setting), setting.d - setting.d_y, setting.d_y, [setting.n])
    gamma, r = law.gamma, law.learned
    query, others = law.variance_of_query, law.variance_of_others
    found = {
        "no factor 1/(1 - r)": query + others * (1 - r),
        "no terms with r_y": query + (r**2 + 2 * gamma**2 * r**2) / (law.n * (1 - r)),
    }
    return {name: float(np.sqrt(variance[0])) for name, variance in found.items()}
