"""Gradient descent step by step, a plain loop over all p parameters: the witness for what is said of its end.

`theta_{t+1} = theta_t - eta Phi^T (Phi theta_t - G)`, compared with `theta* + Phi^T (I - eta K)^t K^-1 (Phi theta_0 -
G)`, `theta*` from `numerics.refit`, the powers from the eigenvalues of `K = Phi Phi^T`.  Slow and obvious on purpose,
and for well-conditioned problems: the steps grow with `lambda_max / lambda_min`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice, pairwise

import numpy as np

from .elementwise import Array
from .refit import minimum_norm_fit

CLOSE = 1e-6
"""The factor by which a descent is to come closer to its end."""
MOST_STEPS = 20_000
"""Enough for a condition of some 1400."""
Measure = Callable[[Array, Array, Array], float]
"""`(Phi, G, theta_0) -> value`."""


def descend(phi: Array, labels: Array, start: Array, *, step: float) -> Iterator[Array]:
    """Yield `theta_0 = start`, `theta_1`, ... of gradient descent on `|Phi theta - G|^2 / 2`, without end."""
    theta = start
    while True:
        yield theta
        theta = theta - step * (phi.T @ (phi @ theta - labels))


def closed_form_error(phi: Array, labels: Array, start: Array, *, from_start: bool = True) -> float:
    """Return the largest `|theta_t - (theta* + Phi^T (I - eta K)^t K^-1 (Phi theta_0 - G))|` over `|theta_0 - theta*|`.

    The largest over all t, for `eta lambda_max` of 1 and of 1.9.  Without `from_start`, `Phi^+ G` stands for `theta*`.
    """
    values, vectors = np.linalg.eigh(phi @ phi.T)
    fitted = minimum_norm_fit(phi, labels, start)
    end = fitted if from_start else minimum_norm_fit(phi, labels, np.zeros_like(start))
    directions, weights = phi.T @ vectors, vectors.T @ (phi @ start - labels) / values
    worst = 0.0
    for step in (1 / values[-1], 1.9 / values[-1]):
        for t, theta in enumerate(_path(phi, labels, start, values, step)):
            expected = end + directions @ ((1 - step * values) ** t * weights)
            worst = max(worst, float(np.linalg.norm(theta - expected)))
    return worst / float(np.linalg.norm(start - fitted))


def rate_error(phi: Array, labels: Array, start: Array, *, slowest: Callable[[Array], float] = np.min) -> float:
    """Return how far the ratio `|theta_{t+1} - theta*| / |theta_t - theta*|` lies outside its bounds.

    They are `r (c_1 / |theta_0 - theta*|)^{1/t}` and `r = 1 - eta lambda`, `eta = 1 / lambda_max` and `lambda =
    slowest(eigenvalues of K)`, with `c_1` the length of `theta_0 - theta*` along the smallest.  The largest over all t,
    relative to `eta lambda_min`; 0 where all lie inside.
    """
    values, vectors = np.linalg.eigh(phi @ phi.T)
    step = 1 / values[-1]
    fitted = minimum_norm_fit(phi, labels, start)
    distances = [np.linalg.norm(theta - fitted) for theta in _path(phi, labels, start, values, step)]
    ratios = np.array([after / before for before, after in pairwise(distances)])
    share = abs(vectors[:, 0] @ (phi @ (start - fitted))) / np.sqrt(values[0]) / distances[0]
    upper = 1 - step * slowest(values)
    # At t = 0 there is nothing that the ratio has to exceed.
    lower = upper * np.array([0.0, *(share ** (1 / t) for t in range(1, len(ratios)))])
    return max(0.0, float(np.max([ratios - upper, lower - ratios]) / (step * values[0])))


def distance_left(phi: Array, labels: Array, start: Array, *, factor: float) -> float:
    """Return `|theta_t - theta*| / |theta_0 - theta*|` for `eta = factor / lambda_max`.

    t is what the slowest direction needs to come closer by `CLOSE` at `eta = 1.9 / lambda_max`, whatever `factor` is.
    """
    values, _ = np.linalg.eigh(phi @ phi.T)
    fitted = minimum_norm_fit(phi, labels, start)
    steps = _steps(values, 1.9 / values[-1])
    last = next(islice(descend(phi, labels, start, step=factor / values[-1]), steps, None))
    return float(np.linalg.norm(last - fitted) / np.linalg.norm(start - fitted))


def _path(phi: Array, labels: Array, start: Array, values: Array, step: float) -> Iterator[Array]:
    return islice(descend(phi, labels, start, step=step), _steps(values, step) + 1)


def _steps(values: Array, step: float) -> int:
    """Return the least t with `max_i |1 - eta lambda_i|^t <= CLOSE`, or raise ValueError if it is beyond the limit."""
    steps = np.ceil(np.log(CLOSE) / np.log(np.abs(1 - step * values).max()))
    if not steps <= MOST_STEPS:
        raise ValueError(
            f"gradient descent needs {steps:.3g} steps at the condition {values[-1] / values[0]:.3g} of this kernel, "
            f"and at most {MOST_STEPS} are made: a better conditioned setting would do"
        )
    return int(steps)


MEASURES: dict[str, tuple[str, Measure]] = {
    "descent error": (
        "largest distance of theta_t from theta* + Phi^T (I - eta K)^t K^-1 (Phi theta_0 - G), in |theta_0 - theta*|",
        closed_form_error,
    ),
    "descent error without the start": (
        "the same with Phi^+ G in place of theta*",
        partial(closed_form_error, from_start=False),
    ),
    "descent rate error": (
        "how far the ratio of successive distances leaves its bounds at 1 - eta lambda_min, relative to eta lambda_min",
        rate_error,
    ),
    "descent rate error of the largest eigenvalue": (
        "the same with lambda_max in place of lambda_min",
        partial(rate_error, slowest=np.max),
    ),
    "descent rate error at 98/97 of it": (
        "the same with 98/97 lambda_min",
        partial(rate_error, slowest=lambda values: float(values.min()) * 98 / 97),
    ),
    "descent rate error of the mean kernel": (
        "the same with lambda_min / N",
        partial(rate_error, slowest=lambda values: float(values.min()) / len(values)),
    ),
    "descent distance": (
        "distance left to theta* at eta = 1.9 / lambda_max, after the steps that its slowest factor needs for 1e-6",
        partial(distance_left, factor=1.9),
    ),
    "descent distance beyond the step": (
        "the same at eta = 2.1 / lambda_max",
        partial(distance_left, factor=2.1),
    ),
}
"""What is measured of a descent, by name, with its meaning."""
