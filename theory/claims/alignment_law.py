"""The alignment law: the mean alignment at any N, d and alpha, for x and y uniform on spheres."""

from collections.abc import Iterator
from dataclasses import replace

import sympy as sp

from theory.activations import GELU, PHI4, RELU
from theory.claim import Claim, Point, Prediction, Provenance, Relation, Source, Step, Test, Twin
from theory.hypotheses import DATA, INTERPOLATION
from theory.predicted import Value, at_core_share, at_twice_the_samples, gamma, without_degree
from theory.scaling import COEFFICIENTS, modes
from theory.scaling import points as mode_points
from theory.setting import Kernel, Setting
from theory.sizes import low, proportional
from theory.sphere import moment

i, j = sp.symbols("i j", integer=True, nonnegative=True)
COUNT, VALUE, UNLEARNED = sp.IndexedBase("B"), sp.IndexedBase("lambda"), sp.IndexedBase("q")
NOISE, SAMPLES, ENERGY = sp.symbols("kappa N lambda", positive=True)
n = sp.Symbol("n", positive=True)
ALIGNMENT = sp.Symbol(r"\mathbb{E}\,F(z_1^{s}, z_1)", real=True)
IN_Y = sp.Sum(COUNT[0, j] * VALUE[0, j] * UNLEARNED[0, j], (j, 0, sp.oo))
IN_ALL = sp.Sum(COUNT[i, j] * VALUE[i, j] * UNLEARNED[i, j], (i, 0, sp.oo), (j, 0, sp.oo))
DEFINITIONS = {
    r"\lambda_{i,j}": "the eigenvalue of the kernel on harmonics of degree i in x and j in y",
    "B_{i,j}": "their number",
    r"\kappa": "the effective ridge, at which N modes are learned: sum B lambda / (lambda + kappa) = N",
    "q_{i,j}": "the unlearned share of such a mode: kappa / (lambda + kappa)",
}


def sphere_points() -> Iterator[Point]:
    """Yield dimensions of a sphere, and an eigenvalue with a ridge."""
    for dimension, energy, ridge in ((2, 1, "1/3"), (5, "1/7", 2), (60, "3/2", "1/100")):
        yield dict(zip((n, ENERGY, NOISE), map(sp.Rational, (dimension, energy, ridge)), strict=True))


def derivation() -> Iterator[Step]:
    """Diagonalise the kernel exactly; balance samples against modes; weigh what is left by what depends on y alone."""
    second, fourth = moment(2, 0, n), moment(4, 0, n)
    yield Step(
        left=(n * fourth - second) / (n - 1),
        right=moment(2, 2, n),
        because=(
            "harmonics of degree i of the sphere have the moments E[t^(i+2u) P_i] = (i+2u)!/(2u)! (2u-1)!! / (n (n+2) "
            "... (n+2u+2i-2)), by i integrations by parts; here P_2 = (n t^2 - 1)/(n - 1) against t^2"
        ),
        points=sphere_points,
    )
    yield Step(
        left=sp.Add(*(count * value for count, value in modes().values())),
        right=sp.Add(*COEFFICIENTS),
        because=(
            "products of harmonics of x and of y diagonalise kappa((d_x t_x + d_y t_y)/d), with eigenvalues rational "
            "in d and alpha; their energies add up to kappa(1): here for every kernel of degree three"
        ),
        points=mode_points,
    )
    yield Step(
        left=SAMPLES,
        right=sp.Sum(COUNT[i, j] * VALUE[i, j] / (VALUE[i, j] + NOISE), (i, 0, sp.oo), (j, 0, sp.oo)),
        because="deterministic equivalent of kernel regression: N is the number of modes learned",
        grounds=Provenance.HEURISTIC,
    )
    yield Step(
        left=ENERGY - ENERGY * ENERGY / (ENERGY + NOISE),
        right=NOISE * ENERGY / (ENERGY + NOISE),
        because=(
            "what a mode keeps of its energy is kappa times its part in the balance, so the unlearned energy, the sum "
            "of B lambda q, is N kappa"
        ),
        points=sphere_points,
    )
    yield Step(
        left=ALIGNMENT,
        right=IN_Y / IN_ALL,
        because="alignment is the share of the unlearned kernel energy that sits in functions of y alone",
        grounds=Provenance.HEURISTIC,
    )


DESIGN = (
    Setting(kernel=Kernel.RF, activation=RELU, d=60, d_y=30, n=120),
    Setting(kernel=Kernel.RF, activation=RELU, d=100, d_y=30, n=300),
    Setting(kernel=Kernel.RF, activation=RELU, d=30, d_y=15, n=400),
    Setting(kernel=Kernel.RF, activation=GELU, d=80, d_y=60, n=200),
    Setting(kernel=Kernel.RF, activation=PHI4, d=60, d_y=30, n=240),
    Setting(kernel=Kernel.NTK, activation=RELU, d=60, d_y=20, n=200),
)
"""N from .5 d to d^2 / 2, alpha from .3 to .75; the full random design is `gammaphi compare --design`."""


def finite(settings: tuple[Setting, ...], about: str, *, trials: int = 64, resolution: float = 0.012) -> Prediction:
    """Return the prediction that the mean alignment is that of the finite-size law."""
    return Prediction(
        about=about,
        observable="alignment",
        test=Test.EQUAL,
        settings=settings,
        value=gamma,
        resolution=resolution,
        trials=trials,
        label="alignment law",
    )


def rival(prediction: Prediction, slip: str, value: Value) -> Twin:
    """Return the twin that puts another law in the place of ours, on the same samples."""
    return Twin(slip=slip, predictions=(replace(prediction, about=slip, value=value, label=slip, role="rival"),))


EVERYWHERE = finite(DESIGN, "random and tangent features, N from .5 d to d^2 / 2")

CLAIM = Claim(
    title="The alignment law, at any N, d and alpha",
    reading=(
        "The mean alignment is the share of the kernel energy not yet learned that sits in functions of the spurious "
        "feature alone. Nothing is taken to a limit and no parameter is fitted."
    ),
    statement=(ALIGNMENT, IN_Y / IN_ALL),
    relation=Relation.EQUAL,
    source=Source(key="simon2023", anchor="eigenframework, on a product of spheres", provenance=Provenance.HEURISTIC),
    hypotheses=(INTERPOLATION, *DATA),
    derivation=derivation,
    predictions=(EVERYWHERE,),
    twins=(
        rival(EVERYWHERE, "the limit N/d -> infinity of the theorems", low),
        rival(EVERYWHERE, "the proportional law, d -> infinity at fixed N/d", proportional),
        rival(EVERYWHERE, "degree two struck out", without_degree(2)),
        rival(EVERYWHERE, "1 - alpha in place of alpha", at_core_share),
        rival(EVERYWHERE, "2 N samples in place of N", at_twice_the_samples),
    ),
    definitions=DEFINITIONS,
    remark=(
        "Ours, and no theorem: the modes are exact, the balance and the last step are heuristics. A bias of order 1/N "
        "remains where a single mode, the mean, is learned: for ReLU .018/N at N = 5."
    ),
)
