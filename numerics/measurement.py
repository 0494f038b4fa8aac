"""One setting measured: alignment, its spread, errors and accuracies, each with a standard error over trials."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from theory.display import table
from theory.growth import envelope
from theory.setting import Setting

from .elementwise import Array
from .engine import DOUBLE, Engine, Precision
from .kernels import ingredients
from .observables import OBSERVABLES
from .precision import TOLERANCE
from .trials import TESTS, run_trials


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """Means over `trials` independent trials; the standard errors are those of the trials, never of the samples."""

    gamma: float
    """Mean of F(z_i^s, z_i)."""
    gamma_se: float
    sd: float
    """Standard deviation of F(z_i^s, z_i) over all samples and trials."""
    sd_se: float
    test_accuracy: float
    test_accuracy_se: float
    spurious_accuracy: float
    spurious_accuracy_se: float
    test_mse: float
    test_mse_se: float
    worst_training_residual: float
    smallest_eigenvalue: float
    worst_condition: float
    precision: Precision
    """Of the features: double if any trial fell back to it."""
    precision_error: float
    """Largest estimated error of an alignment for features in single precision; 0 where double was asked for."""
    error_bound: float
    """How far rounding in double precision can have moved an alignment or an output, in the worst trial."""
    trials: int
    seed: int

    @property
    def blurred(self) -> bool:
        """Whether rounding may count beside the standard error of the alignment, or, where that is none, in a digit."""
        return not self.error_bound <= max(TOLERANCE, self.gamma_se)

    def to_dict(self) -> dict[str, float | int | str]:
        """Return the numbers under the keys of the report."""
        named = ("gamma", "sd", "test_accuracy", "spurious_accuracy", "test_mse")
        pairs: dict[str, float | int | str] = {
            key: getattr(self, key) for name in named for key in (name, f"{name}_se")
        }
        return pairs | {
            "training_residual": self.worst_training_residual,
            "smallest_eigenvalue": self.smallest_eigenvalue,
            "condition": self.worst_condition,
            "precision": self.precision,
            "precision_error": self.precision_error,
            "error_bound": self.error_bound,
            "trials": self.trials,
        }

    def _repr_html_(self) -> str:
        named = ("gamma", "sd", "test_accuracy", "spurious_accuracy", "test_mse")
        rows = [(key, f"{getattr(self, key):.4f}", f"{getattr(self, f'{key}_se'):.4f}") for key in named]
        return table(f"{self.trials} trials, seed {self.seed}", ("measured", "mean", "standard error"), rows)


def measure(setting: Setting, *, trials: int, seed: int, tests: int = TESTS, engine: Engine = DOUBLE) -> Measurement:
    """Run `trials` trials of `setting`, each with `tests` test points.

    Raises ValueError for fewer than two trials, which have no standard error, and for an activation whose kernel is
    not shown to be finite, whatever the width: a mean over neurons without expectation measures nothing.
    """
    if trials < 2:
        raise ValueError(f"{trials} trials have no standard error; at least two are needed")
    for function in ingredients(setting):
        envelope(function)
    ran = run_trials(setting, seed=seed, trials=range(trials), tests=tests, engine=engine)

    def over_trials(name: str) -> tuple[float, float]:
        return _mean(np.array([OBSERVABLES[name].function(trial) for trial in ran]))

    gamma, gamma_se = over_trials("alignment")
    variance, variance_se = _mean(np.array([np.mean((trial.alignments - gamma) ** 2) for trial in ran]))
    sd = variance**0.5
    test_accuracy, test_accuracy_se = over_trials("test accuracy")
    spurious_accuracy, spurious_accuracy_se = over_trials("spurious accuracy")
    test_mse, test_mse_se = over_trials("test error")
    return Measurement(
        gamma=gamma,
        gamma_se=gamma_se,
        sd=sd,
        sd_se=variance_se / (2 * sd) if sd else 0.0,  # d sqrt(v) = dv / (2 sqrt(v))
        test_accuracy=test_accuracy,
        test_accuracy_se=test_accuracy_se,
        spurious_accuracy=spurious_accuracy,
        spurious_accuracy_se=spurious_accuracy_se,
        test_mse=test_mse,
        test_mse_se=test_mse_se,
        worst_training_residual=max(trial.training_residual for trial in ran),
        smallest_eigenvalue=min(trial.smallest_eigenvalue for trial in ran),
        worst_condition=max(trial.condition for trial in ran),
        precision=min((trial.precision for trial in ran), key=list(Precision).index),
        precision_error=max(trial.precision_error for trial in ran),
        error_bound=max(max(each.alignments, each.on_queries, each.on_tests) for each in (t.errors for t in ran)),
        trials=trials,
        seed=seed,
    )


def _mean(values: Array) -> tuple[float, float]:
    """Return the mean and its standard error."""
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))
