"""The alignment law for deep networks: the paper's outlook, covered as dot-product kernels too."""

from dataclasses import replace

from theory.activations import RELU, TANH
from theory.claim import Claim, Provenance, Relation, Source
from theory.hypotheses import DATA, INTERPOLATION
from theory.predicted import gamma
from theory.setting import Kernel, Setting

from .alignment_law import ALIGNMENT, DEFINITIONS, IN_ALL, IN_Y, finite, rival

SETTINGS = (
    Setting(kernel=Kernel.NTK_DEEP, depth=3, activation=RELU, d=50, d_y=15, n=200),
    Setting(kernel=Kernel.NTK_DEEP, depth=2, activation=TANH, d=60, d_y=30, n=150),
    Setting(kernel=Kernel.NNGP_DEEP, depth=3, activation=RELU, d=60, d_y=36, n=240),
)
DEEP = finite(SETTINGS, "two and three hidden layers, the last layer trained or all of them")


def _one_layer_less(setting: Setting) -> float:
    assert setting.depth is not None  # noqa: S101 - every setting here is deep
    return gamma(replace(setting, depth=setting.depth - 1))


CLAIM = Claim(
    title="The alignment law for deep networks of infinite width",
    reading=(
        "The kernels of deep fully connected networks are power series of the correlation as well, so the same law "
        "gives their alignment at every depth."
    ),
    statement=(ALIGNMENT, IN_Y / IN_ALL),
    relation=Relation.EQUAL,
    source=Source(
        key="simon2023", anchor="eigenframework; kernels by jacot2018 and daniely2016", provenance=Provenance.HEURISTIC
    ),
    hypotheses=(INTERPOLATION, *DATA),
    predictions=(DEEP,),
    twins=(rival(DEEP, "one hidden layer less", _one_layer_less),),
    uses=("alignment-law",),
    definitions=DEFINITIONS,
    remark="Infinite width, every layer's preactivations of variance one.",
)
