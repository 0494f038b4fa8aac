"""The numeric layer: samples regression in high dimension and holds the measurements against what theory says.

`predict` says what the alignment law expects of a `theory.Setting`, `measure` samples it, `verify` judges claims.
"""

from typing import TYPE_CHECKING

from theory.lazy import lazily

if TYPE_CHECKING:
    from .engine import Engine, Precision
    from .experiment import Effort
    from .measurement import Measurement, measure
    from .pool import PoolPoint, pool_law
    from .prediction import Predicted, predict
    from .trials import Trial, run_trial
    from .verification import verify

__all__ = [
    "Effort",
    "Engine",
    "Measurement",
    "PoolPoint",
    "Precision",
    "Predicted",
    "Trial",
    "measure",
    "pool_law",
    "predict",
    "run_trial",
    "verify",
]

__getattr__ = lazily(
    __name__,
    {
        "Effort": "experiment",
        **dict.fromkeys(("Engine", "Precision"), "engine"),
        **dict.fromkeys(("Measurement", "measure"), "measurement"),
        **dict.fromkeys(("PoolPoint", "pool_law"), "pool"),
        **dict.fromkeys(("Predicted", "predict"), "prediction"),
        **dict.fromkeys(("Trial", "run_trial"), "trials"),
        "verify": "verification",
    },
)


def __dir__() -> list[str]:
    return __all__
