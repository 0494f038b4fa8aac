"""Random leave-one-out problems of every condition, for the bound of `numerics.error_bound` to be held against."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LARGEST = 40
"""Samples of the largest problem."""
TESTS = 5


@dataclass(frozen=True, kw_only=True, eq=False)
class Instance:
    """A problem: kernels as doubles, exact as they stand, and labels."""

    family: str
    gram: np.ndarray
    queries: np.ndarray
    tests: np.ndarray
    labels: np.ndarray


def instance(number: int, rng: np.random.Generator, *, largest: int = LARGEST) -> Instance:
    """Return problem `number`: families take turns, conditions are drawn evenly in their logarithm from 10 to 1e14."""
    family = tuple(FAMILIES)[number % len(FAMILIES)]
    n, condition = int(rng.integers(2, largest + 1)), 10 ** rng.uniform(1, 14)
    samples = FAMILIES[family](rng, n, condition)
    p = samples.shape[1]
    shared = rng.random((n, 1)) < rng.uniform(0.2, 0.8)
    fresh = rng.standard_normal((n, p)) @ (np.linalg.svd(samples)[2] * spread(samples, p)[:, None])
    queries, tests = np.where(shared, samples, fresh), fresh[rng.integers(0, n, TESTS)] * 0.9
    size = 10.0 ** rng.integers(-12, 13)  # the scale of a kernel changes no answer
    gram = samples @ samples.T
    labels = np.ones(n) if rng.random() < 0.2 else np.where(rng.random(n) < 0.5, 1.0, -1.0)
    return Instance(
        family=family,
        gram=size * (gram + gram.T) / 2,
        queries=size * samples @ queries.T,
        tests=size * samples @ tests.T,
        labels=labels,
    )


def spread(samples, p):
    values = np.linalg.svd(samples, compute_uv=False)
    return np.concatenate([values, np.zeros(p - len(values))]) / np.sqrt(len(samples))


def _even(rng, n, condition):
    """Eigenvalues evenly spread in their logarithm."""
    return _of_spectrum(rng, n, np.logspace(0, -np.log10(condition), n))


def _one_small(rng, n, condition):
    """All eigenvalues alike but the smallest."""
    return _of_spectrum(rng, n, np.concatenate([np.ones(n - 1), [1 / condition]]))


def _one_large(rng, n, condition):
    """All eigenvalues alike but the largest."""
    return _of_spectrum(rng, n, np.concatenate([[1.0], np.full(n - 1, 1 / condition)]))


def _near_twins(rng, n, condition):
    """Rows that nearly agree in pairs."""
    rows = rng.standard_normal((n, 2 * n + 3)) / np.sqrt(2 * n)
    pairs = n // 2
    rows[:pairs] = rows[n - pairs :] + rng.standard_normal((pairs, rows.shape[1])) / np.sqrt(condition * 2 * n)
    return rows


def _one_parameter_more(rng, n, condition):
    """One feature more than samples, and rows of very different length."""
    return rng.standard_normal((n, n + 1)) * np.logspace(0, -np.log10(condition) / 4, n)[:, None]


def _of_spectrum(rng, n, values):
    left, right = np.linalg.qr(rng.standard_normal((n, n)))[0], np.linalg.qr(rng.standard_normal((2 * n, 2 * n)))[0]
    return left * np.sqrt(values) @ right[:n]


FAMILIES = {
    "eigenvalues spread evenly": _even,
    "one small eigenvalue": _one_small,
    "one large eigenvalue": _one_large,
    "rows that nearly agree": _near_twins,
    "one parameter more than samples": _one_parameter_more,
}
