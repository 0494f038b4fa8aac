"""The symbolic layer: activations, their Hermite series and duals, alignment laws, claims.  No arrays here.

`activation` finds an activation by name or reads a formula, `derive` derives everything about one; a `Claim` is stated
with its source, its steps and its wrong twins; a `Setting` is one experiment, which `numerics` predicts and measures.
"""

from typing import TYPE_CHECKING

from .lazy import lazily

if TYPE_CHECKING:
    from .activations import Activation
    from .claim import Claim, Hypothesis, Prediction, Provenance, Relation, Source, Step, Test, Twin
    from .evidence import Evidence, Verdict
    from .judgement import Judgement
    from .portrait import Certified, Portrait
    from .portrait import portrait as derive
    from .registry import find_activation as activation
    from .setting import Kernel, Query, Setting

__all__ = [
    "Activation",
    "Certified",
    "Claim",
    "Evidence",
    "Hypothesis",
    "Judgement",
    "Kernel",
    "Portrait",
    "Prediction",
    "Provenance",
    "Query",
    "Relation",
    "Setting",
    "Source",
    "Step",
    "Test",
    "Twin",
    "Verdict",
    "activation",
    "derive",
]

__getattr__ = lazily(
    __name__,
    {
        "Activation": "activations",
        "activation": "registry.find_activation",
        **dict.fromkeys(("Certified", "Portrait"), "portrait"),
        "derive": "portrait.portrait",  # which is the name of its file, and cannot be a public name too
        **dict.fromkeys(("Claim", "Hypothesis", "Prediction", "Provenance", "Relation"), "claim"),
        **dict.fromkeys(("Source", "Step", "Test", "Twin"), "claim"),
        **dict.fromkeys(("Evidence", "Verdict"), "evidence"),
        "Judgement": "judgement",
        **dict.fromkeys(("Kernel", "Query", "Setting"), "setting"),
    },
)


def __dir__() -> list[str]:
    return __all__
