"""The memorisation bound for tangent features."""

from theory.activations import RELU, TANH
from theory.hypotheses import TANGENT_FEATURES
from theory.memorisation import memorisation_bound
from theory.setting import Kernel, Setting

CLAIM = memorisation_bound(
    title="Equation (27): memorisation is bounded by alignment times error (NTK)",
    reading="The bound of equation (11), for tangent features.",
    anchor="equation (27)",
    concentration="theorem-6.3",
    settings=(
        Setting(kernel=Kernel.NTK, activation=RELU, d=40, d_y=20, n=80, width=40),
        Setting(kernel=Kernel.NTK, activation=TANH, d=40, d_y=20, n=80, width=40),
        Setting(kernel=Kernel.NTK, activation=RELU, d=144, d_y=80, n=100, width=60, data="digits"),
    ),
    hypotheses=TANGENT_FEATURES,
    limit_fails=True,
    remark=(
        "gamma is the alignment at the size tried. With the limit of theorem-6.3 in its place the bound fails at these "
        "N/d: that is the second twin."
    ),
)
