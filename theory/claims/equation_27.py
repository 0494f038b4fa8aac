"""The memorisation bound for tangent features."""

from theory.activations import RELU, TANH
from theory.hypotheses import TANGENT_FEATURES
from theory.memorisation import memorisation_bound
from theory.setting import Kernel, Setting
from theory.statements import GAMMA_NTK

CLAIM = memorisation_bound(
    title="Equation (27): memorisation is bounded by alignment times error (NTK)",
    reading="The bound of equation (11), for tangent features and gamma_NTK.",
    anchor="equation (27)",
    gamma=GAMMA_NTK,
    settings=(
        Setting(kernel=Kernel.NTK, activation=RELU, d=40, d_y=20, n=80, width=40),
        Setting(kernel=Kernel.NTK, activation=TANH, d=40, d_y=20, n=80, width=40),
        Setting(kernel=Kernel.NTK, activation=RELU, d=144, d_y=80, n=100, width=60, data="digits"),
    ),
    hypotheses=TANGENT_FEATURES,
    remark=(
        "gamma stands for the alignment to which F concentrates at the size tried, measured in the same trial. The "
        "limit gamma_NTK of theorem-6.3 lies below it at these N/d, and is not tested here."
    ),
)
