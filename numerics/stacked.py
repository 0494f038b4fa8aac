"""The leave-one-out problems of many small trials, inverted together; for any array library.

A few hundred small matrices cost more in calls than in arithmetic.  Stacked, they are one call of each kind, and every
matrix is worked on by itself: a trial has the same digits alone and among others.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .elementwise import Array
from .error_bound import ErrorBound, Matrix, Solved, bound, from_residual, lengths
from .leave_one_out import LeaveOneOut, require_finite, require_parameters, scale
from .libraries import NUMPY, Library
from .symmetric import Spectrum, extremes


def leave_one_out_stacked(
    gram: Array,
    *,
    queries: Array,
    tests: Array,
    labels: Array,
    parameters: float,
    entries: Sequence[float] = (),
    library: Library = NUMPY,
) -> list[LeaveOneOut]:
    """Solve what `leave_one_out` does, for each trial: all arrays, and `entries`, have a first axis of trials.

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
    solved_tests = inverse @ at_tests
    solved = {
        "alignments": xp.sum(inverse * xp.matrix_transpose(at_queries), axis=-1),
        "stabilities": stabilities[..., 0],
        "on_queries": (xp.matrix_transpose(at_queries) @ coefficients)[..., 0],
        "on_tests": on_tests[..., 0],
        "tests_without": xp.matrix_transpose(on_tests) - solved_tests * stabilities,
    }
    home = {name: library.get(array) for name, array in solved.items()}
    residuals = library.get(xp.max(xp.abs(k @ coefficients - g[..., None]), axis=(-2, -1)))
    misses = inverse @ k - library.put(np.eye(gram.shape[-1]), "float64")
    judged = [inverse, misses, inverse @ at_queries, solved_tests, coefficients[..., 0]]
    solutions = []
    for place, arrays in enumerate(zip(*map(library.get, judged), strict=True)):
        own = {name: array[place] for name, array in home.items()}
        columns = queries[place], tests[place]
        scaled, residual = scale(labels[place]), float(residuals[place])
        solutions.append(
            LeaveOneOut(
                **own,
                training_residual=residual / scaled,
                sensitivity=float(np.linalg.norm(arrays[0], axis=1).max()),
                spectrum=spectra[place],
                errors=_errors(
                    gram[place],
                    columns,
                    arrays,
                    spectra[place],
                    residual=residual,
                    scale=scaled,
                    stabilities=own["stabilities"],
                    entries=entries[place] if entries else 0.0,
                ),
            )
        )
    return solutions


def _errors(
    gram: Array,
    columns: tuple[Array, Array],
    judged: tuple[Array, ...],
    spectrum: Spectrum,
    *,
    residual: float,
    scale: float,
    stabilities: Array,
    entries: float,
) -> ErrorBound:
    """Return the bound of one trial from its inverse X, `X K - I`, `X C`, `X T` and coefficients."""
    inverse, misses, at_queries, at_tests, coefficients = judged
    matrix = Matrix(
        trace=float(np.trace(gram)),
        largest_entry=float(gram.diagonal().max()),
        smallest_eigenvalue=spectrum.smallest,
        diagonal=inverse.diagonal(),
        lengths=np.linalg.norm(inverse, axis=1),
    )
    return bound(
        from_residual(matrix, np.linalg.norm(misses, axis=1)),
        matrix,
        Solved(
            queries=lengths(columns[0], at_queries),
            tests=lengths(columns[1], at_tests),
            at_tests=float(np.abs(at_tests).max(initial=0)),
            coefficients=coefficients,
            stabilities=stabilities,
            residual=residual,
            scale=scale,
        ),
        entries=entries,
    )
