"""Everything derived about one activation, gathered: Hermite series, dual, gammas, certified values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy as sp

from . import balls
from .activations import Activation
from .alignment import AlignmentLaw, lower_end, require_nonlinear, theorem_5_4_bound, upper_end
from .balls import Ball
from .claim import Step
from .evidence import Verdict
from .growth import envelope
from .kernels import KernelSeries, random_features, tangent_features
from .quadrature import hermite_moments
from .symbols import alpha, rho


@dataclass(frozen=True, kw_only=True)
class Certified:
    """A number as decimal text, with the radius within which the true value provably lies."""

    value: str
    radius: str
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class Formula:
    """A named function of alpha (or of rho, for the dual): its closed form if there is one, and what it means."""

    meaning: str
    expr: sp.Expr | None
    """None where there is no closed form: the certified series is then the answer, and `note` says so."""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class HermiteRow:
    """`mu_l = E[phi(g) h_l(g)]` at one degree."""

    degree: int
    value: Certified
    closed_form: sp.Expr | None


@dataclass(frozen=True, kw_only=True)
class Portrait:
    """The Hermite series, dual and gammas of one activation; keys of `formulas` and of each `at` are the same."""

    activation: Activation
    hermite: tuple[HermiteRow, ...]
    dual: Formula
    dual_steps: tuple[Step, ...]
    formulas: Mapping[str, Formula]
    at: Mapping[Fraction, Mapping[str, Certified]]


DEGREES = 12
DIGITS = 30
_BITS = (160, 224, 320, 480)
"""Working precisions to try: the first whose ball is narrower than the digits asked for is quoted."""


def portrait(activation: Activation, at: Sequence[Fraction]) -> Portrait:
    """Return everything derived about one activation; values are certified at each alpha of `at`.

    Raises ValueError for an activation that is linear or not square-integrable, and for alpha outside (0, 1).
    """
    for point in at:
        if not 0 < point < 1:
            raise ValueError(f"alpha = {point} is outside (0, 1)")
    envelope(activation)
    require_nonlinear(activation)
    features = random_features(activation)
    laws = {
        "gamma_rf_lower": lower_end(features),
        "gamma_rf_upper": upper_end(features),
        "theorem_5_4_bound": theorem_5_4_bound(features),
    }
    formulas = {key: _formula(law) for key, law in laws.items()}
    if activation.jumps:
        formulas["gamma_ntk"] = Formula(
            meaning="Theorem 6.3", expr=None, note="phi jumps, so it has no tangent features and no gamma_NTK"
        )
    else:
        laws["gamma_ntk"] = lower_end(tangent_features(activation))
        formulas["gamma_ntk"] = _formula(
            laws["gamma_ntk"], meaning="Theorem 6.3: tangent features, N/d -> infinity while N/d^2 -> 0"
        )
    witness(features)
    base = features.base_dual
    return Portrait(
        activation=activation,
        hermite=tuple(_row(features, l) for l in range(DEGREES + 1)),
        dual=_dual_formula(features),
        dual_steps=base.steps if base else (),
        formulas=formulas,
        at={point: {key: _value(law, point) for key, law in laws.items()} for point in at},
    )


def _value(law: AlignmentLaw, point: Fraction) -> Certified:
    """Return gamma at one alpha from the series, after its closed form, if any, was seen inside the same ball."""
    if law.expr is not None:
        bits = _BITS[0]
        closed = balls.number(law.expr.subs(alpha, sp.Rational(point.numerator, point.denominator)), bits)
        if not closed.overlaps(law.ball(point, bits)):
            raise ArithmeticError(f"{law.kernel.name}: {law.expr} is contradicted by its series at alpha = {point}")
    return certified(lambda bits: law.ball(point, bits))


def certified(ball: Callable[[int], Ball], digits: int = DIGITS) -> Certified:
    """Return a number to `digits` digits, raising the working precision until its ball is narrow enough.

    UNDECIDED, with the radius that is known, where more precision no longer helps: the series is cut, not rounded.
    """
    enclosure = ball(_BITS[0])
    for bits in _BITS[1:]:
        finer = enclosure if balls.is_narrow(enclosure, digits) else ball(bits)
        if finer.rad() * 2 > enclosure.rad():
            break
        enclosure = finer
    value, radius = balls.text(enclosure, digits)
    known = Verdict.ENCLOSED if balls.is_narrow(enclosure, digits) else Verdict.UNDECIDED
    return Certified(value=value, radius=radius, verdict=known)


def _row(features: KernelSeries, degree: int) -> HermiteRow:
    closed = features.series.coefficient(degree)
    return HermiteRow(
        degree=degree, value=certified(lambda bits: features.series.ball(degree, bits)), closed_form=closed
    )


def _formula(law: AlignmentLaw, meaning: str = "") -> Formula:
    note = "" if law.expr is not None else "no closed form: the series, with its tail enclosed, is the answer"
    return Formula(meaning=meaning or law.meaning, expr=law.expr, note=note)


def _dual_formula(features: KernelSeries) -> Formula:
    note = "" if features.dual is not None else "no closed form: kappa is the series sum of mu_l^2 rho^l"
    return Formula(meaning="kappa(rho) = E[phi(u) phi(v)] = sum of mu_l^2 rho^l", expr=features.dual, note=note)


def witness(features: KernelSeries) -> None:
    """Hold the symbolic results against Gauss-Legendre moments, which share no code with them; ArithmeticError if off.

    Closed-form coefficients must lie in the balls of the moments, and the dual at rho = 1/3 in the ball of their
    series, whose tail beyond degree L is at most `3^-(L+1) E[phi(g)^2]`.
    """
    bits, order = _BITS[0], 40
    series = features.series
    if series.transform is None:  # nothing symbolic was found, so there is nothing to hold against the moments
        return
    moments = hermite_moments(series.activation, order, bits)
    for degree in range(DEGREES + 1):
        closed = series.coefficient(degree)
        if closed is not None and not balls.number(closed, bits).overlaps(moments[degree]):
            raise ArithmeticError(f"{series.activation.name}: mu_{degree} = {closed} is contradicted by quadrature")
    if features.base_dual is None:
        return
    with balls.precision(bits):
        third = balls.rational(Fraction(1, 3))
        terms = (mu * mu * balls.integer_power(third, l) for l, mu in enumerate(moments))
        total = sum(terms, series.energy(bits) * balls.integer_power(third, order + 1) * balls.unit_interval())
        if not total.overlaps(balls.number(features.base_dual.expr.subs(rho, sp.Rational(1, 3)), bits)):
            raise ArithmeticError(
                f"{series.activation.name}: the dual {features.base_dual.expr} is contradicted by quadrature"
            )
