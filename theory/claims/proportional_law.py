"""Our law for N proportional to d: the linear part of the kernel is learned in part."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import sympy as sp

from theory.activations import RELU, TANH
from theory.alignment import c1, fixed_point, gamma_at, law_at, root, tail, tail_at, unlearned
from theory.claim import Claim, Point, Prediction, Provenance, Relation, Source, Step, Test, Twin
from theory.hypotheses import DATA, INTERPOLATION
from theory.setting import Kernel, Setting
from theory.sizes import growing, high, kernel_of, low, proportional
from theory.symbols import alpha, delta

DEFINITIONS = {
    "c_{1}": "the coefficient of the kernel at degree 1",
    "A": "the energy of the kernel at degrees two and up, damped by alpha^l: S_2(alpha)",
    "B": "its energy at degrees two and up: S_2(1)",
    "m": "the unlearned share of degree 1: the positive root of s m^2 + (1 + s delta - s) m - 1 = 0, s = c_1 / B",
}
GAMMA = sp.Function(r"\gamma")(alpha, delta)
NOISE = sp.Symbol(r"\kappa", positive=True)
DIMENSION = sp.Symbol("d", positive=True)


def points() -> Iterator[Point]:
    """Yield values of the kernel's sums, of alpha and of delta."""
    for values in ((1, "1/8", "3/4", "1/2", 3), ("1/4", "1/50", "1/11", "3/10", "1/2"), ("1/3", "2", "5", "7/10", 12)):
        yield dict(zip((c1, tail_at, tail, alpha, delta), map(sp.Rational, values), strict=True))


def points_with_share() -> Iterator[Point]:
    """Yield points at which d and the unlearned share m are free too; kappa follows from m."""
    for m, point in zip(("1/3", "1/7", "9/10"), points(), strict=True):
        yield {**point, unlearned: sp.Rational(m), DIMENSION: sp.Integer(50)}


def derivation() -> Iterator[Step]:
    """Balance samples against learned modes; solve; weigh what is left by how much of it depends on y alone."""
    yield Step(
        left=DIMENSION * delta,
        right=_learned(NOISE),
        because=(
            "deterministic equivalent of kernel regression: N is the number of modes learned, d linear ones of "
            "eigenvalue c_1/d, while the higher degrees act as a ridge"
        ),
        grounds=Provenance.HEURISTIC,
    )
    yield Step(
        left=_learned((c1 / DIMENSION) * unlearned / (1 - unlearned)) - DIMENSION * delta,
        right=-DIMENSION * fixed_point() * tail / (c1 * unlearned),
        because=(
            "put m = kappa / (c_1/d + kappa), the unlearned share of a linear mode: with s = c_1/B the balance "
            "becomes s m^2 + (1 + s delta - s) m - 1 = 0"
        ),
        points=points_with_share,
    )
    yield Step(left=fixed_point(root()), right=sp.Integer(0), because="its positive root", points=points)
    yield Step(
        left=GAMMA,
        right=law_at(unlearned),
        because="alignment is the share of the unlearned kernel energy in functions of y alone: alpha^l at degree l",
        grounds=Provenance.HEURISTIC,
    )
    yield vanishing_share()
    yield Step(
        left=sp.Subs(law_at(unlearned), unlearned, 0),
        right=tail_at / tail,
        because="the lower end; for tangent features this is theorem-6.3",
        points=points,
    )
    yield Step(
        left=sp.Subs(root(), delta, 0), right=sp.Integer(1), because="at N/d = 0 none of it is learned", points=points
    )
    yield Step(
        left=sp.Subs(law_at(unlearned), unlearned, 1),
        right=(c1 * alpha + tail_at) / (c1 + tail),
        because="the upper end",
        points=points,
    )


def vanishing_share() -> Step:
    """Return `m (1 + s (delta - 1)) <= 1`: as N/d grows, the linear part is learned."""
    return Step(
        left=root() * (1 + c1 / tail * (delta - 1)),
        right=sp.Integer(1),
        because="s m^2 >= 0 in the balance, so m <= 1 / (1 + s (delta - 1)), which vanishes as N/d grows",
        relation=Relation.AT_MOST,
        points=points,
    )


def _learned(noise: sp.Expr) -> sp.Expr:
    """Return the number of modes learned at the effective ridge kappa."""
    linear = c1 / DIMENSION
    return DIMENSION * linear / (linear + noise) + tail / noise


def _limit(kernel: Kernel, delta_: Fraction, alpha_: Fraction) -> Prediction:
    activation = RELU if kernel is Kernel.RF else TANH
    return Prediction(
        about=f"{kernel.upper()} {activation.name} at N = {delta_} d, alpha = {alpha_}, as d grows",
        observable="alignment",
        test=Test.LIMIT,
        settings=growing(kernel, activation, (60, 100, 200), delta=delta_, alpha=alpha_),
        value=proportional,
        resolution=0.02,
        trials=48,
        label="proportional law",
        beside=(("end N/d -> infinity", "rival", low), ("end N/d -> 0", "rival", high)),
    )


LIMITS = tuple(
    _limit(kernel, delta_, alpha_)
    for kernel, delta_, alpha_ in (
        (Kernel.RF, Fraction(1, 2), Fraction(1, 2)),
        (Kernel.RF, Fraction(1), Fraction(1, 4)),
        (Kernel.RF, Fraction(3), Fraction(3, 4)),
        (Kernel.NTK, Fraction(1), Fraction(1, 2)),
    )
)


def _core_for_spurious(setting: Setting) -> float:
    return gamma_at(kernel_of(setting), setting.delta)(1 - setting.alpha)


def _twice_as_many(setting: Setting) -> float:
    return gamma_at(kernel_of(setting), setting.delta * 2)(setting.alpha)


CLAIM = Claim(
    title="Proportional law: the alignment when N grows like d",
    reading=(
        "At N = delta d the alignment lies between the two ends that the theorems describe, at a place fixed by how "
        "much of the linear part of the kernel N samples can learn."
    ),
    statement=(GAMMA, law_at(unlearned)),
    relation=Relation.TENDS_TO,
    source=Source(key="simon2023", anchor="proportional limit of the eigenframework", provenance=Provenance.HEURISTIC),
    hypotheses=(INTERPOLATION, *DATA),
    derivation=derivation,
    predictions=LIMITS,
    twins=(
        Twin(
            slip="the limit N/d -> infinity at finite delta",
            predictions=tuple(replace(p, value=low, label="end N/d -> infinity", role="rival") for p in LIMITS[:3]),
        ),
        Twin(
            slip="1 - alpha in place of alpha",
            predictions=tuple(
                replace(p, value=_core_for_spurious, label="law at 1 - alpha", role="rival") for p in LIMITS[1:3]
            ),
        ),
        Twin(
            slip="2 delta in place of delta",
            predictions=tuple(
                replace(p, value=_twice_as_many, label="law at 2 delta", role="rival") for p in LIMITS[:3]
            ),
        ),
    ),
    definitions=DEFINITIONS,
    remark=(
        "Ours.  Its limit as N/d grows is the constant of theorem-6.3, and it stays above the bound of theorem-5.4; "
        "all of them need N to stay far below d^2."
    ),
)
