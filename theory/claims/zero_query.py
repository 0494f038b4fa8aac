"""The query whose core feature is zero: another theorem than that of the resampled query."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import sympy as sp

from theory.activations import ERF, RELU, TANH, Activation
from theory.alignment import c1, tail, unlearned
from theory.claim import Claim, Point, Prediction, Provenance, Relation, Source, Step, Test, Twin
from theory.expectations import Hermite, correlated, mean, phi
from theory.hypotheses import DATA, INTERPOLATION
from theory.setting import Kernel, Query, Setting
from theory.sizes import features_of, growing, proportional
from theory.symbols import alpha, ell, rho, x
from theory.zero_query import zero_gamma_at

from .proportional_law import DEFINITIONS

first, rest = sp.symbols("c_1^0 A_0", positive=True)
ALIGNMENT = sp.Symbol(r"F([0, y_{1}], z_{1})", real=True)
ROOT = sp.sqrt(alpha)
TWO_VARIANCES = correlated(phi(ROOT * x), phi(x), rho)
SERIES = sp.Sum(rho**ell * mean(phi(ROOT * x) * Hermite(ell, x)) * mean(phi(x) * Hermite(ell, x)), (ell, 0, sp.oo))


def points() -> Iterator[Point]:
    """Yield activations, shares and correlations."""
    for activation, share, correlation in ((RELU, "1/4", "1/2"), (ERF, "4/9", "1/3"), (TANH, "1/4", "-2/5")):
        yield {phi: activation.expr, alpha: sp.Rational(share), rho: sp.Rational(correlation)}


def homogeneous() -> Iterator[Point]:
    """Yield ReLU, for which `phi(s x) = s phi(x)`."""
    yield {phi: RELU.expr, alpha: sp.Rational(1, 4), rho: sp.Rational(1, 2)}


def derivation() -> Iterator[Step]:
    """Take the kernel of the shorter query, expand it, and ask what of it is not yet learned."""
    yield Step(
        left=TWO_VARIANCES,
        right=SERIES,
        because=(
            "the kernel between [0, y] and a full sample: |[0, y]|^2 = alpha d, so its preactivations are sqrt(alpha) "
            "times standard ones; Mehler's formula for two functions"
        ),
        points=points,
    )
    yield Step(
        left=TWO_VARIANCES,
        right=ROOT * correlated(phi(x), phi(x), rho),
        because="for ReLU it is sqrt(alpha) kappa, so c_l^0 = alpha^((l+1)/2) c_l: above alpha^l c_l for l > 1",
        points=homogeneous,
    )
    yield Step(
        left=ALIGNMENT,
        right=(first * unlearned + rest) / (c1 * unlearned + tail),
        because="as in proportional-law, with this kernel above: what of it is not yet learned is what aligns",
        grounds=Provenance.HEURISTIC,
    )


def _value(setting: Setting) -> float:
    return zero_gamma_at(features_of(setting), setting.delta)(setting.alpha)


def _limit(kernel: Kernel, activation: Activation, delta: Fraction, share: Fraction) -> Prediction:
    settings = growing(kernel, activation, (60, 100, 200), delta=delta, alpha=share)
    return Prediction(
        about=f"{kernel.upper()} {activation.name}, x = 0, at N = {delta} d, alpha = {share}, as d grows",
        observable="alignment",
        test=Test.LIMIT,
        settings=tuple(replace(setting, query=Query.ZERO) for setting in settings),
        value=_value,
        resolution=0.02,
        trials=48,
        label="law of the query x = 0",
        beside=(("law of the resampled query", "rival", proportional),),
    )


LIMITS = (
    _limit(Kernel.RF, RELU, Fraction(2), Fraction(1, 2)),
    _limit(Kernel.RF, ERF, Fraction(1), Fraction(1, 4)),
    _limit(Kernel.NTK, TANH, Fraction(1), Fraction(1, 2)),
)

CLAIM = Claim(
    title="The alignment of the query whose core feature is zero",
    reading=(
        "Setting x to zero shortens the query, so its kernel with a sample is a dual of two variances. The alignment "
        "follows the same law with that kernel in the numerator, and is not that of a resampled x."
    ),
    statement=(ALIGNMENT, (first * unlearned + rest) / (c1 * unlearned + tail)),
    relation=Relation.TENDS_TO,
    source=Source(key="simon2023", anchor="eigenframework, at a query off the sphere", provenance=Provenance.HEURISTIC),
    hypotheses=(INTERPOLATION, *DATA),
    derivation=derivation,
    predictions=LIMITS,
    uses=("mehler",),
    twins=(
        Twin(
            slip="the law of the resampled query",
            predictions=tuple(
                replace(p, value=proportional, label="law of the resampled query", role="rival") for p in LIMITS[:1]
            ),
        ),
        Twin(
            slip="norms forgotten: kappa(sqrt(alpha)) in place of the dual of two variances",
            predictions=tuple(
                replace(p, value=lambda s: _value(s) / float(s.alpha) ** 0.5, label="without the norm", role="rival")
                for p in LIMITS[:1]
            ),
        ),
    ),
    definitions={
        **{symbol: DEFINITIONS[symbol] for symbol in ("c_{1}", "B", "m")},
        "c_{1}^{0}": "the coefficient of the query's kernel at degree 1",
        "A_{0}": "the sum of its coefficients at degrees two and up",
    },
)
