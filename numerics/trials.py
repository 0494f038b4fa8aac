"""A trial: fresh data, fresh weights, one regression, and all its leave-one-out problems."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace

import numpy as np

from theory.setting import Setting

from .data import Draw, draw, source
from .elementwise import Array
from .engine import DOUBLE, Engine, Precision
from .entry_error import entry_error
from .error_bound import ErrorBound
from .kernels import closed_dual, kernels
from .leave_one_out import LeaveOneOut, leave_one_out
from .plan import plan
from .precision import TOLERANCE, alignment_error
from .randomness import Purpose, Streams
from .stacked import leave_one_out_stacked
from .streaming import BLOCK
from .threads import threads

TESTS = 500
"""Fresh test points of a trial: an accuracy near 1/2 is then known to .022, less than trials of N <= 500 differ by."""
STACKED = 300
"""Up to so many samples trials are computed together."""
IN_CACHE = 1 << 17
"""Numbers in the kernels and features of trials that are computed together on the host, 1 MiB: more trials at a time
save no more calls than they lose in a cache that is too small for them."""
ON_DEVICE = 1 << 26
"""The same for another backend, which wants much work in each call: hundreds of trials of N = 300."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Trial:
    """One trial, reduced to vectors; `setting`, `seed` and `trial` are enough to draw it again."""

    setting: Setting
    seed: int
    trial: int
    labels: Array
    alignments: Array
    """`F(z_i^s, z_i)`."""
    stabilities: Array
    """`S_i(z_i)`."""
    on_queries: Array
    """`f(z_i^s, theta*)`."""
    on_tests: Array
    test_labels: Array
    test_error_without: float
    """Test error of the model trained without one sample, averaged over the sample left out."""
    training_residual: float
    smallest_eigenvalue: float
    condition: float
    precision: Precision
    """Of the features: double also where single was asked for and not good enough."""
    precision_error: float
    """Estimated error of an alignment for single-precision features, kept or not; 0 where double was asked for."""
    errors: ErrorBound
    """How far rounding in double precision can have moved the vectors."""


RESIDUAL = 1e-8
"""Largest training residual of a fit that verifies anything: what it leaves is far below every quantity measured, and a
kernel that can be inverted to eight digits leaves far less."""


def run_trial(setting: Setting, *, seed: int, trial: int, tests: int = TESTS, engine: Engine = DOUBLE) -> Trial:
    """Run one trial: data, kernels, all leave-one-out problems.

    Raises ValueError where the data do not fit the setting, where the trial does not fit the memory, and where the
    kernel has no trustworthy inverse: it is singular, or rounding leaves no digit that is known.
    """
    return run_trials(setting, seed=seed, trials=[trial], tests=tests, engine=engine)[0]


def run_trials(
    setting: Setting, *, seed: int, trials: Sequence[int], tests: int = TESTS, engine: Engine = DOUBLE
) -> list[Trial]:
    """Run several trials, small ones together; each has the digits that it has by itself (on NumPy, to the last)."""
    plan(setting, engine=engine, tests=tests).require()
    numbers = (2 * setting.n + tests) * (setting.n + min(setting.width or 0, BLOCK))
    together = IN_CACHE if engine.library.on_host else ON_DEVICE
    # In mixed precision each trial is by itself: whether single is good enough must not hang on its neighbours.
    alone = setting.n > STACKED or engine.precision is Precision.MIXED
    each = 1 if alone else max(1, together // numbers)
    groups = [trials[start : start + each] for start in range(0, len(trials), each)]
    return [trial for group in groups for trial in _run(setting, seed, group, tests, engine)]


def _run(setting: Setting, seed: int, trials: Sequence[int], tests: int, engine: Engine) -> list[Trial]:
    drawn = [draw_trial(setting, seed, trial, tests=tests) for trial in trials]
    solved, precision, error = _solve(setting, drawn, engine)
    for trial, found in zip(trials, solved, strict=True):
        if not found.errors.known:
            raise ValueError(
                f"trial {trial}: the kernel is singular to working precision, of condition "
                f"{found.spectrum.condition:.1e}: rounding may have moved every digit"
            )
    return [
        Trial(
            setting=setting,
            seed=seed,
            trial=trial,
            labels=made.train.g,
            alignments=found.alignments,
            stabilities=found.stabilities,
            on_queries=found.on_queries,
            on_tests=found.on_tests,
            test_labels=made.test.g,
            test_error_without=float(np.mean((made.test.g - found.tests_without) ** 2)),
            training_residual=found.training_residual,
            smallest_eigenvalue=found.spectrum.smallest,
            condition=found.spectrum.condition,
            precision=precision,
            precision_error=error,
            errors=found.errors,
        )
        for trial, (_, made, _), found in zip(trials, drawn, solved, strict=True)
    ]


Drawn = tuple[Streams, Draw, Array]


def _solve(setting: Setting, drawn: Sequence[Drawn], engine: Engine) -> tuple[list[LeaveOneOut], Precision, float]:
    """Return the solved problems, the precision of their features, and the error estimated for single precision."""
    mixed = engine.precision is Precision.MIXED and setting.width is not None
    error = 0.0
    if mixed:
        try:
            solved = _solve_as(setting, drawn, engine)
            error = _estimate(setting, drawn, engine, max(found.sensitivity for found in solved))
        except ValueError:  # a kernel that rounding made singular is not refused before double precision was tried
            error = float("inf")
        if error <= TOLERANCE:
            return solved, Precision.MIXED, error
    return _solve_as(setting, drawn, replace(engine, precision=Precision.DOUBLE)), Precision.DOUBLE, error


def _solve_as(setting: Setting, drawn: Sequence[Drawn], engine: Engine) -> list[LeaveOneOut]:
    z, queries = _points(setting, drawn)
    tests = _stack(setting, [made.test.z for _, made, _ in drawn])
    labels = _stack(setting, [made.train.g for _, made, _ in drawn])
    # Blocks of neurons are shared out between threads; else all matrices have N rows.
    with nullcontext() if (setting.width or 0) > BLOCK else threads(setting.n):
        matrices = kernels(
            setting,
            z,
            (queries, tests),
            seeds=_weights(drawn),
            dual=closed_dual(setting) if setting.width is None else None,
            engine=engine,
            on_disk=plan(setting, engine=engine, tests=tests.shape[-2]).queries_on_disk,
        )
    gram, (at_queries, at_tests), p = matrices.gram, matrices.cross, setting.parameters
    with threads(setting.n):
        entries = [entry_error(setting, made.train.z, (at, made.test.z)) for _, made, at in drawn]
        if setting.n <= STACKED:
            return leave_one_out_stacked(
                gram,
                queries=at_queries,
                tests=at_tests,
                labels=labels,
                parameters=p,
                entries=entries,
                library=engine.library,
            )
        return [
            leave_one_out(
                gram,
                queries=at_queries,
                tests=at_tests,
                labels=labels,
                parameters=p,
                entries=entries[0],
                overwrite=True,
            )
        ]


def _estimate(setting: Setting, drawn: Sequence[Drawn], engine: Engine, sensitivity: float) -> float:
    z, queries = _points(setting, drawn)
    return alignment_error(setting, z, queries, seeds=_weights(drawn), engine=engine, sensitivity=sensitivity)


def _points(setting: Setting, drawn: Sequence[Drawn]) -> tuple[Array, Array]:
    return _stack(setting, [made.train.z for _, made, _ in drawn]), _stack(setting, [at for _, _, at in drawn])


def _stack(setting: Setting, arrays: Sequence[Array]) -> Array:
    """Return the arrays of trials that are computed together with a first axis of trials, else the one there is."""
    return np.stack(arrays) if setting.n <= STACKED else arrays[0]


def _weights(drawn: Sequence[Drawn]) -> list[np.random.SeedSequence]:
    return [streams.seeds(Purpose.WEIGHTS) for streams, _, _ in drawn]


def draw_trial(setting: Setting, seed: int, trial: int, *, tests: int = TESTS) -> Drawn:
    """Return the streams, the data and the spurious queries of a trial.

    The cell leaves out activation, depth and query, so that these are compared on the same draws, and keeps all that
    makes a size, so that the cells of one extrapolation are independent.
    """
    cell = f"{source(setting.data)} {setting.kernel} d={setting.d} d_y={setting.d_y} N={setting.n} k={setting.width}"
    streams = Streams(seed=seed, cell=cell, trial=trial)
    drawn = draw(setting, streams=streams, tests=tests)
    return streams, drawn, drawn.queries(setting.query)
