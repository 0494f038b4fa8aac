"""The leave-one-out problems of many small trials, inverted together; for any array library.

A few hundred small matrices cost more in calls than in arithmetic.  Stacked, they are one call of each kind, and every
matrix is worked on by itself: a trial has the same digits alone and among others.
"""

from __future__ import annotations

import numpy as np

from .elementwise import Array
from .leave_one_out import LeaveOneOut, require_finite, require_parameters, scale
from .libraries import NUMPY, Library
from .symmetric import Spectrum, extremes


def leave_one_out_stacked(
    gram: Array, *, queries: Array, tests: Array, labels: Array, parameters: float, library: Library = NUMPY
) -> list[LeaveOneOut]:
    """Solve what `leave_one_out` does, for each trial: all arrays have a first axis of trials.

    Raises ValueError as it does, and names the trial whose kernel is singular by its place.
    """
    require_finite(gram, queries, tests, labels)
    require_parameters(gram, parameters)
    xp = library.xp
    k, at_queries, at_tests, g = (library.put(array, "float64") for array in (gram, queries, tests, labels))
    values = library.get(xp.linalg.eigvalsh(k))
    spectra = [Spectrum(smallest=float(each[0]), largest=float(each[-1])) for each in values]
    for place, found in enumerate(spectra):
        if not found.smallest > gram.shape[-1] * np.finfo(float).eps * found.largest:
            where = f" of trial {place} of {len(spectra)}" if len(spectra) > 1 else ""
            raise ValueError(f"the kernel{where} is singular; {extremes(found)}")
    inverse = xp.linalg.inv(k)
    coefficients = inverse @ g[..., None]
    stabilities = coefficients / xp.linalg.diagonal(inverse)[..., None]
    on_tests = xp.matrix_transpose(at_tests) @ coefficients
    solved = {
        "alignments": xp.sum(inverse * xp.matrix_transpose(at_queries), axis=-1),
        "stabilities": stabilities[..., 0],
        "on_queries": (xp.matrix_transpose(at_queries) @ coefficients)[..., 0],
        "on_tests": on_tests[..., 0],
        "tests_without": xp.matrix_transpose(on_tests) - inverse @ at_tests * stabilities,
    }
    home = {name: library.get(array) for name, array in solved.items()}
    residuals = library.get(xp.max(xp.abs(k @ coefficients - g[..., None]), axis=(-2, -1)))
    lengths = library.get(xp.max(xp.sum(inverse * inverse, axis=-1), axis=-1)) ** 0.5
    return [
        LeaveOneOut(
            **{name: array[place] for name, array in home.items()},
            training_residual=float(residuals[place]) / scale(labels[place]),
            sensitivity=float(lengths[place]),
            spectrum=spectra[place],
        )
        for place in range(len(spectra))
    ]
