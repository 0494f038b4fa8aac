"""The memorisation bound for random features."""

from theory.activations import RELU, TANH
from theory.hypotheses import RANDOM_FEATURES
from theory.memorisation import memorisation_bound
from theory.setting import Kernel, Setting

CLAIM = memorisation_bound(
    title="Equation (11): memorisation is bounded by alignment times error (RF)",
    reading=(
        "The covariance between the output on the spurious feature alone and the label of its training sample is at "
        "most gamma times the root of the generalisation error times the root of the variance of the label."
    ),
    anchor="equation (11)",
    concentration="theorem-5.4",
    settings=(
        Setting(kernel=Kernel.RF, activation=RELU, d=60, d_y=30, n=60, width=600),
        Setting(kernel=Kernel.RF, activation=TANH, d=60, d_y=30, n=60, width=600),
        Setting(kernel=Kernel.RF, activation=RELU, d=144, d_y=80, n=100, data="digits"),
    ),
    hypotheses=RANDOM_FEATURES,
    remark=(
        "The source text gives gamma_RF no value, so the mean alignment of the trial stands for it; the bound is then "
        "a statement about one training set, which is why the trial is the unit."
    ),
)
