"""Width independence: the mean alignment does not depend on the number of neurons, as long as all data are fitted."""

from dataclasses import replace

from theory.activations import RELU, TANH
from theory.claim import Claim, Provenance, Relation, Source
from theory.hypotheses import DATA, INTERPOLATION
from theory.predicted import gamma
from theory.setting import Kernel, Setting

from .alignment_law import ALIGNMENT, DEFINITIONS, IN_ALL, IN_Y, finite, rival

SETTINGS = (
    Setting(kernel=Kernel.RF, activation=RELU, d=60, d_y=30, n=150, width=225),
    Setting(kernel=Kernel.RF, activation=RELU, d=60, d_y=30, n=150, width=300),
    Setting(kernel=Kernel.RF, activation=TANH, d=40, d_y=12, n=100, width=200),
    Setting(kernel=Kernel.NTK, activation=TANH, d=40, d_y=20, n=200, width=10),
)
"""Parameters from 1.5 N to 2 N."""
FINITE_WIDTH = finite(
    SETTINGS, "1.5 N to 2 N parameters against the law at infinite width", trials=96, resolution=0.016
)


def _fewer_samples(setting: Setting) -> float:
    """Return the law at `N (1 - N/p)`: what it would be if a width wasted samples in proportion."""
    return gamma(replace(setting, n=round(setting.n * (1 - setting.n / setting.parameters)), width=None))


CLAIM = Claim(
    title="Width independence of the mean alignment",
    reading=(
        "Random features of little more neurons than are needed to fit the data align, in the mean, like those of "
        "infinite width. Only the spread about the mean grows as the parameters come down to N."
    ),
    statement=(ALIGNMENT, IN_Y / IN_ALL),
    relation=Relation.EQUAL,
    source=Source(key="simon2023", anchor="random-feature eigenframework", provenance=Provenance.HEURISTIC),
    hypotheses=(INTERPOLATION, *DATA),
    predictions=(FINITE_WIDTH,),
    twins=(rival(FINITE_WIDTH, "a width p wastes a share N/p of the samples", _fewer_samples),),
    uses=("alignment-law",),
    definitions=DEFINITIONS,
    remark=(
        "For random features. Tangent features of few neurons are far from independent: the mean holds for tanh and "
        "ReLU, yet for phi' = h0 + h3 at d = 100, N = 50 a hundred neurons give .2818 (20) against the law's .2586, "
        "1600 neurons .2588 (11)."
    ),
)
