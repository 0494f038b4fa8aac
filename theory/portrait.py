"""Everything derived about one activation, gathered: Hermite series, dual, gammas, certified values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import Any

import sympy as sp

from . import balls, display
from .activations import Activation
from .alignment import AlignmentLaw, lower_end, require_nonlinear, theorem_5_4_bound, upper_end
from .arithmetic import CERTAINTY
from .balls import Ball
from .deep_kernels import DeepKernel, deep_ntk, nngp
from .degrees import DegreeFormula
from .evidence import Verdict
from .growth import envelope
from .kernels import KernelSeries, random_features, tangent_features
from .moments import Moments
from .setting import Query
from .symbols import alpha, rho
from .zero_query import Law, zero_query


@dataclass(frozen=True, kw_only=True)
class Certified:
    """A number as decimal text, with the radius within which the true value provably lies."""

    value: str
    radius: str
    verdict: Verdict

    def to_dict(self) -> dict[str, str | None]:
        """Return the number, its radius and the name of its verdict, all as text."""
        return {"value": self.value, "radius": self.radius, "verdict": self.verdict.name}


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
    degrees: DegreeFormula | None
    """The coefficients as a function of the degree, or None where none is known."""
    dual: Formula
    formulas: Mapping[str, Formula]
    at: Mapping[Fraction, Mapping[str, Certified]]

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """How each of its numbers is known."""
        values = (value for values in self.at.values() for value in values.values())
        return (*(row.value.verdict for row in self.hermite), *(value.verdict for value in values))

    def to_dict(self) -> dict[str, Any]:
        """Return everything as text: `activation`, `expression`, and by its name each of the `quantities`.

        These are `mu_0`, `mu_1`, ..., `dual`, each gamma as a function of alpha, and its value `gamma_ntk at 1/4`.
        Each has a `closed_form`, and a `value` with `radius` and `verdict`; what it has not is None.
        """
        unknown = {"value": None, "radius": None, "verdict": None}
        formulas = {"dual": self.dual, **self.formulas}
        return {
            "activation": self.activation.name,
            "expression": str(self.activation.expr),
            "quantities": {
                **{f"mu_{r.degree}": {**_text(r.closed_form), **r.value.to_dict()} for r in self.hermite},
                **{key: {**_text(formula.expr), **unknown} for key, formula in formulas.items()},
                **{
                    f"{key} at {point}": {**_text(None), **value.to_dict()}
                    for point, values in self.at.items()
                    for key, value in values.items()
                },
            },
        }

    def _repr_html_(self) -> str:
        return display.portrait(self)


def _text(expr: sp.Expr | None) -> dict[str, str | None]:
    return {"closed_form": None if expr is None else str(expr)}


DEGREES = 12
DIGITS = 30
MOST_DIGITS = 1000
_NO_CLOSED_FORM = "no closed form: the series, with its tail enclosed, is the answer"


def portrait(
    activation: Activation,
    at: Sequence[Fraction],
    *,
    digits: int = DIGITS,
    depth: int | None = None,
    query: Query = Query.RESAMPLE,
) -> Portrait:
    """Return everything derived about one activation; values are certified at each alpha of `at`.

    With a depth L the kernels of networks with L hidden layers are taken in too, and with `Query.ZERO` the constants of
    the query whose core feature is 0.  Raises ValueError for an activation that is linear or not square-integrable, and
    for alpha outside (0, 1).
    """
    for point in at:
        if not 0 < point < 1:
            raise ValueError(f"alpha = {point} is outside (0, 1)")
    if not 1 <= digits <= MOST_DIGITS:
        raise ValueError(f"{digits} digits: from 1 to {MOST_DIGITS} can be had")
    envelope(activation)
    require_nonlinear(activation)
    features = random_features(activation)
    known = laws(activation, depth=depth, query=query)
    witness(features)
    return Portrait(
        activation=activation,
        hermite=tuple(_row(features, l, digits) for l in range(DEGREES + 1)),
        degrees=features.series.degrees,
        dual=_dual_formula(features),
        formulas={key: _formula(law, activation) for key, law in known.items()},
        at={point: {key: _value(law, point, digits) for key, law in known.items() if law is not None} for point in at},
    )


def laws(activation: Activation, *, depth: int | None = None, query: Query = Query.RESAMPLE) -> dict[str, Law | None]:
    """Return every gamma of an activation by its key; None for tangent features where phi has none."""
    features = random_features(activation)
    tangent = None if why_no_tangent(activation) else tangent_features(activation)
    found: dict[str, Law | None] = {
        "gamma_rf_lower": lower_end(features),
        "gamma_rf_upper": upper_end(features),
        "theorem_5_4_bound": theorem_5_4_bound(features),
        "gamma_ntk": lower_end(tangent) if tangent else None,
    }
    if query is Query.ZERO:
        found["gamma_rf_zero"] = zero_query(features)
        found["gamma_ntk_zero"] = zero_query(tangent) if tangent else None
    if depth is not None:
        found[f"gamma_nngp_{depth}"] = _deep(nngp(activation, depth), "the last layer trained")
        found[f"gamma_ntk_{depth}"] = _deep(deep_ntk(activation, depth), "every layer trained") if tangent else None
    return found


@cache
def why_no_tangent(activation: Activation) -> str:
    """Return why phi has no tangent features, or nothing if it has: phi' must be a square-integrable function."""
    if activation.jumps:
        return "phi jumps, so it has no tangent features"
    try:
        envelope(activation.derivative)
    except ValueError as refused:
        return f"phi' is not shown to be square-integrable, so there are no tangent features ({refused})"
    return ""


def _deep(kernel: DeepKernel, trained: str) -> AlignmentLaw:
    law = lower_end(kernel)
    layers = "one hidden layer" if kernel.depth == 1 else f"{kernel.depth} hidden layers"
    return replace(law, meaning=f"{layers}, {trained}; {law.meaning}")


def _value(law: Law, point: Fraction, digits: int) -> Certified:
    """Return gamma at one alpha from the series, after its closed form, if any, was seen inside the same ball."""
    if law.expr is not None:
        bits = _precisions(digits)[0]
        closed = balls.number(law.expr.subs(alpha, sp.Rational(point)), bits)
        if not closed.overlaps(law.ball(point, bits)):
            raise ArithmeticError(f"{law.kernel.name}: {law.expr} is contradicted by its series at alpha = {point}")
    return certified(lambda bits: law.ball(point, bits), digits)


def _precisions(digits: int) -> tuple[int, ...]:
    """Return the working precisions to try, in bits; 64 are spare, for cancellation and the tails of series."""
    least = max(160, 64 + digits * 10 // 3)
    return least, least + 64, 2 * least, 3 * least


def certified(ball: Callable[[int], Ball], digits: int = DIGITS) -> Certified:
    """Return a number to `digits` digits, from the first precision whose ball is narrow enough.

    It is quoted only after a second, higher precision was seen to agree; ArithmeticError if it does not.  UNDECIDED,
    with the radius that is known, where more precision no longer helps: the series is cut, not rounded.
    """
    first, *higher = _precisions(digits)
    enclosure = ball(first)
    for bits in higher:
        finer = ball(bits)
        if not finer.overlaps(enclosure):
            raise ArithmeticError(f"two precisions disagree: {enclosure.str(12)} and, at {bits} bits, {finer.str(12)}")
        narrow, helps = balls.is_narrow(enclosure, digits), finer.rad() * 2 < enclosure.rad()
        enclosure = finer if helps else enclosure
        if narrow or not helps:
            break
    value, radius = balls.text(enclosure, digits)
    known = CERTAINTY if balls.is_narrow(enclosure, digits) else Verdict.UNDECIDED
    return Certified(value=value, radius=radius, verdict=known)


def _row(features: KernelSeries, degree: int, digits: int) -> HermiteRow:
    closed = features.series.coefficient(degree)
    return HermiteRow(
        degree=degree, value=certified(lambda bits: features.series.ball(degree, bits), digits), closed_form=closed
    )


def _formula(law: Law | None, activation: Activation) -> Formula:
    if law is None:
        return Formula(meaning="tangent features", expr=None, note=why_no_tangent(activation))
    return Formula(meaning=law.meaning, expr=law.expr, note=_supposed(law))


def _supposed(law: Law) -> str:
    """Return what a reader must know besides: a hypothesis of the theorem that fails here, a missing closed form."""
    notes = [] if law.expr is not None else [_NO_CLOSED_FORM]
    theorem = "6.3 supposes phi'" if law.kernel.shift else "5.4 supposes phi"
    if isinstance(law, AlignmentLaw) and isinstance(law.kernel, KernelSeries) and _jumps(law.kernel.activation):
        notes.append(f"Theorem {theorem} to be Lipschitz, and it jumps: what is printed is our law's value")
    return "; ".join(notes)


def _jumps(activation: Activation) -> bool:
    """Whether it is seen to jump; where nobody can tell, nothing is said."""
    try:
        return bool(activation.jumps)
    except ValueError:
        return False


def _dual_formula(features: KernelSeries) -> Formula:
    note = "" if features.dual is not None else "no closed form: kappa is the series sum of mu_l^2 rho^l"
    return Formula(meaning="kappa(rho) = E[phi(u) phi(v)] = sum of mu_l^2 rho^l", expr=features.dual, note=note)


def witness(features: KernelSeries) -> None:
    """Hold the symbolic results against Gauss-Legendre moments, which share no code with them; ArithmeticError if off.

    Closed-form coefficients must lie in the balls of the moments, and the dual at rho = 1/3 in that of their series.
    """
    bits = _precisions(DIGITS)[0]
    series = features.series
    if series.transform is None:  # nothing symbolic was found, so there is nothing to hold against the moments
        return
    name, seen = series.activation.name, Moments(activation=series.activation, order=40, bits=bits)
    for degree in range(DEGREES + 1):
        closed = series.coefficient(degree)
        if closed is not None and not balls.number(closed, bits).overlaps(seen.mu[degree]):
            raise ArithmeticError(f"{name}: mu_{degree} = {closed} is contradicted by quadrature")
    base, third = features.base_dual, Fraction(1, 3)
    if base and not seen.dual(third).overlaps(balls.number(base.expr.subs(rho, sp.Rational(third)), bits)):
        raise ArithmeticError(f"{name}: the dual {base.expr} is contradicted by quadrature")
