"""Pictures of the alignment law, and what is to be seen in each; all computed, nothing sampled, no parameter fitted."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

import numpy as np
from scipy.optimize import brentq

from numerics.finite_size import finite_size
from theory.activations import ABS, CATALOGUE, ERF, GELU, RELU, SIGMOID, SIGN, SIN_COS, TANH, Activation
from theory.alignment import AlignmentLaw, lower_end, theorem_5_4_bound, upper_end
from theory.evidence import Curve, Picture
from theory.kernels import DotProductKernel, random_features, tangent_features
from theory.setting import Kernel, spurious_dimensions
from theory.sizes import HALF

from .document import View

D = N = 100
SHARES = range(5, 100, 5)
"""alpha, in hundredths."""
STAIRS = {SIN_COS: (1, 2, 3), RELU: (1, 2, 4)}
"""Activations, each with the degrees that are learned one after the other; ReLU has no other odd degree than one."""
HEIGHTS = (50, 200, 1000)
DIMENSIONS = (20, 30, 50, 100, 200, 300, 500, 1000)
TOP = 3.4
"""`log N / log d` where the staircase ends: on the landing after degree three, at 10^10 samples in 1000 dimensions."""
SPECTRA = {"a kink or a jump": (RELU, ABS, SIGN), "smooth": (GELU, TANH, ERF, SIGMOID)}
DEGREES = 12
BITS = 128


def views() -> Iterator[View]:
    """Yield every picture of the law under its title, from one activation to the whole catalogue."""
    yield View(
        title="Gamma against alpha",
        words=f"The more of the sample is spurious, the more is memorised; at d = N = {D} the law (ours) is on its way "
        "down from its end at $N/d \\to 0$ to that at $N/d \\to \\infty$, which for tangent features is the limit of "
        "Theorem 6.3, and for random features the bound of Theorem 5.4 (both as stated) lies far below.",
        pictures=(
            *(against_alpha(Kernel.RF, activation) for activation in (RELU, GELU, TANH, ERF)),
            against_alpha(Kernel.NTK, GELU),
        ),
    )
    yield View(
        title="The staircase",
        words="As samples pass d, $d^2$ and so on, a degree after the other is learned and no longer memorised: gamma "
        "(ours) comes down by stairs, and the larger d, the sharper they are. At $N = d^L$ the limit steps down where "
        "the activation has a degree L, which ReLU has not at 3.",
        pictures=tuple(map(staircase, STAIRS)),
    )
    yield View(
        title="Which degrees are learned",
        words="Each line is where half of a degree's energy is learned (ours): above it the degree is mostly learned, "
        "below it mostly not, and so memorised, and it climbs like $d^L$ in degree L.",
        pictures=tuple(regimes(activation, degrees) for activation, degrees in STAIRS.items()),
    )
    yield View(
        title="Power spectra",
        words="How an activation spreads its energy over the degrees decides what it memorises (ours, enclosed): "
        "slowest it falls for a jump, faster for a kink, for these smooth ones in the end faster than any power; a "
        "degree without a point has none.",
        pictures=tuple(spectra(kind, activations) for kind, activations in SPECTRA.items()),
    )
    yield View(
        title="Which activation memorises least",
        words=f"The catalogue in the order of its gamma at d = N = {D}, alpha = 1/2 (ours): least where the energy not "
        "yet learned is of high degrees, of which a share $\\alpha^l$ is memorised, most where it is of degree one.",
        pictures=(ranking(CATALOGUE),),
    )


def against_alpha(kernel: Kernel, activation: Activation) -> Picture:
    """Return gamma at a finite size, its two ends, and what the paper states."""
    features = tangent_features(activation) if kernel is Kernel.NTK else random_features(activation)
    alphas = [Fraction(share, 100) for share in SHARES]

    def curve(label: str, role: str, value: Callable[[Fraction], float]) -> Curve:
        return Curve(label=label, role=role, x=tuple(map(float, alphas)), y=tuple(map(value, alphas)))

    def finite(alpha: Fraction) -> float:
        d_y = spurious_dimensions(alpha, D)
        return float(finite_size(features, D - d_y, d_y, [N]).gamma[0])

    law, few = curve(f"N = d = {D}", "law", finite), curve("N/d -> 0", "law", upper_end(features))
    many = lower_end(features)
    if kernel is Kernel.NTK:  # its end is the theorem's own
        stated = [curve("Theorem 6.3, N/d -> infinity", "paper", many)]
    else:
        bound = theorem_5_4_bound(features)
        stated = [curve("N/d -> infinity", "law", many), curve("bound of Theorem 5.4", "paper", bound)]
    return Picture(
        title=f"Gamma against alpha: {kernel.upper()} {activation.name}",
        x_label="alpha",
        y_label="gamma",
        curves=(law, few, *stated),
    )


def staircase(activation: Activation) -> Picture:
    """Return gamma against `log N / log d` at alpha = 1/2: the limit of large d, and three sizes on the way to it."""
    kernel = random_features(activation)
    landings = [landing(kernel, first, HALF) for first in range(1, math.ceil(TOP) + 1)]
    edges = (0.0, *(float(edge) for degree in range(1, len(landings)) for edge in (degree, degree)), TOP)
    levels = tuple(level for level in landings for _ in range(2))
    limit = Curve(label="d -> infinity", role="law", x=edges, y=levels)
    return Picture(
        title=f"The staircase: RF {activation.name}, alpha = 1/2",
        x_label="log N / log d",
        y_label="gamma",
        curves=(limit, *(_descent(kernel, d) for d in reversed(HEIGHTS))),
    )


def _descent(kernel: DotProductKernel, d: int) -> Curve:
    sizes = [round(d**exponent) for exponent in np.arange(0.5, TOP + 0.05, 0.1)]
    law = finite_size(kernel, d // 2, d // 2, sizes)
    places = tuple(math.log(n) / math.log(d) for n in sizes)
    return Curve(label=f"d = {d}", role="law", x=places, y=tuple(law.gamma.tolist()))


def landing(kernel: DotProductKernel, first: int, alpha: Fraction) -> float:
    """Return gamma where all degrees below `first` are learned and none from it on."""
    return AlignmentLaw(kernel=kernel, numerator_from=first, denominator_from=first, meaning="a landing")(alpha)


def regimes(activation: Activation, degrees: Sequence[int]) -> Picture:
    """Return the number of samples at which half of each degree is learned, against d at alpha = 1/2."""
    kernel = random_features(activation)
    return Picture(
        title=f"Half learned: RF {activation.name}, alpha = 1/2",
        x_label="d",
        y_label="N",
        curves=tuple(
            Curve(
                label=f"degree {degree}",
                role="law",
                x=tuple(map(float, DIMENSIONS)),
                y=tuple(half_learned(kernel, degree, d) for d in DIMENSIONS),
            )
            for degree in degrees
        ),
        log_x=True,
        log_y=True,
    )


def half_learned(kernel: DotProductKernel, degree: int, d: int) -> float:
    """Return the N at which half the energy of a total degree is learned, `d_x = d_y = d / 2`.

    The share that is learned is known from the ridge alone, and N from the ridge without solving for it.
    """
    modes = finite_size(kernel, d // 2, d // 2, [d**degree]).modes  # enough of them: N is smaller
    shell = np.add.outer(np.arange(modes.degrees + 1), np.arange(modes.degrees + 1)) == degree
    values, energy = modes.values[shell], (modes.multiplicities * modes.values)[shell]

    def surplus(log_ridge: float) -> float:
        return float(energy @ (values / (values + math.exp(log_ridge))) / energy.sum()) - 0.5

    # of a mode half is learned where the ridge is its eigenvalue, so of the degree between the least and the largest
    bracket = math.log(values.min()) - 1e-9, math.log(values.max()) + 1e-9
    ridge = math.exp(brentq(surplus, *bracket))
    return float(np.sum(modes.multiplicities * modes.values / (modes.values + ridge)) + modes.rest / ridge)


def spectra(kind: str, activations: Sequence[Activation]) -> Picture:
    """Return the share of each degree in the kernel of some activations; a degree of no energy has no point."""
    return Picture(
        title=f"Power spectra: {kind}",
        x_label="degree",
        y_label="c_l / kappa(1)",
        curves=tuple(map(_spectrum, activations)),
        log_y=True,
    )


def _spectrum(activation: Activation) -> Curve:
    kernel = random_features(activation)
    energies = {degree: kernel.ball(degree, BITS) for degree in range(DEGREES + 1)}
    shares = {degree: ball / kernel.total(BITS) for degree, ball in energies.items() if ball > 0}  # certainly so
    return Curve(
        label=activation.name,
        role="law",
        x=tuple(map(float, shares)),
        y=tuple(float(share.mid()) for share in shares.values()),
        discrete=True,
    )


def ranking(activations: Sequence[Activation]) -> Picture:
    """Return gamma of random features at one size, the least first."""
    laws = {one.name: finite_size(random_features(one), D // 2, D // 2, [N]) for one in activations}
    gammas, names = zip(*sorted((float(law.gamma[0]), name) for name, law in laws.items()), strict=True)
    heights = tuple(map(float, range(len(names))))
    return Picture(
        title=f"Which activation memorises least: RF, d = N = {D}, alpha = 1/2",
        x_label="gamma",
        y_label="activation",
        curves=(Curve(label=f"N = d = {D}", role="law", x=gammas, y=heights, discrete=True),),
        names=names,
    )
