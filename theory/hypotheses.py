"""The assumptions of the paper's theorems, each a value that can be held against a setting.

A condition on the growth of sizes (`N log^3 N = o(k)`) can be neither met nor broken by one size: it is reported as
asymptotic only, with the ratio that ought to be small.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import sympy as sp

from .activations import Activation
from .claim import Hypothesis, Prediction, Status, Test
from .growth import envelope
from .kernels import KernelSeries
from .setting import Kernel, Setting
from .sizes import features_of
from .symbols import x

Examined = tuple[Status, str]
BITS, FAINT = 128, 1e-9


def _at(rule: Callable[[Setting], Examined]) -> Callable[[Setting | None], Examined]:
    """Return the rule for a setting, with an answer also where a statement was checked at no setting at all."""
    return lambda setting: (Status.ASYMPTOTIC, "no setting was tried") if setting is None else rule(setting)


@cache
def _is_lipschitz(activation: Activation) -> bool:
    """Whether `phi'` is shown bounded: by its envelope, or as a continuous function with finite limits at both ends."""
    try:
        slope = activation.derivative
        growth = envelope(slope)
    except ValueError:  # a jump, or a pole such as that of the slope of sqrt(|x|)
        return False
    if growth.power == 0 and growth.linear <= 0 and growth.quadratic <= 0:
        return True
    ends = ((slope.pieces[0].expr, -sp.oo), (slope.pieces[-1].expr, sp.oo))
    return all(sp.limit(expr, x, end).is_finite is True for expr, end in ends)


def _norms(setting: Setting) -> Examined:
    if setting.data.partition(":")[0] in {"sphere", "digits", "mnist", "cifar10"}:
        return Status.HOLDS, f"{setting.data}: x and y are normalised one by one"
    return (
        Status.ASYMPTOTIC,
        f"{setting.data}: |x|^2 / d_x = 1 up to a relative deviation of order {_root(setting):.2g}",
    )


def _root(setting: Setting) -> float:
    return math.sqrt(2 / (setting.d - setting.d_y))


def _concentration(setting: Setting) -> Examined:
    if setting.data in {"sphere", "gaussian"}:
        return Status.HOLDS, f"{setting.data}: known (isoperimetry)"
    return Status.ASYMPTOTIC, f"{setting.data}: a finite set of images cannot show it"


def _independence(setting: Setting) -> Examined:
    if setting.data in {"sphere", "gaussian"}:
        return Status.HOLDS, f"{setting.data}: by construction"
    return Status.ASYMPTOTIC, f"{setting.data}: y is drawn independently of x; x is centred over the pool only"


def _lipschitz(setting: Setting) -> Examined:
    holds = _is_lipschitz(setting.activation) and not setting.activation.is_affine
    return (Status.HOLDS if holds else Status.VIOLATED), setting.activation.name


def _derivative_lipschitz(setting: Setting) -> Examined:
    activation = setting.activation
    holds = not activation.jumps and _is_lipschitz(activation.derivative) and not activation.is_affine
    return (Status.HOLDS if holds else Status.VIOLATED), activation.name


def _ratio(text: str, numerator: Callable[[Setting], float], denominator: Callable[[Setting], float]) -> Hypothesis:
    def examine(setting: Setting) -> Examined:
        if setting.width is None:
            return Status.ASYMPTOTIC, "infinite width: k is beyond every size, which is not the paper's regime"
        ratio = numerator(setting) / denominator(setting)
        return Status.ASYMPTOTIC, f"the ratio is {ratio:.2g} at d={setting.d}, N={setting.n}, k={setting.width}"

    return Hypothesis(text=text, examine=_at(examine))


def _more_samples(setting: Setting) -> Examined:
    return (Status.HOLDS if setting.n > setting.d else Status.VIOLATED), f"N = {setting.n}, d = {setting.d}"


def _interpolation(setting: Setting) -> Examined:
    enough = setting.n < setting.parameters
    return (Status.HOLDS if enough else Status.VIOLATED), (
        f"N = {setting.n} < p = {setting.parameters:g}; the smallest eigenvalue of K is checked in each trial"
    )


def _k(setting: Setting) -> float:
    return float(setting.width or 1)


def _too_few_parameters(prediction: Prediction) -> Prediction | None:
    """Return the prediction with `p <= N`, where some width leaves so few parameters."""
    settings = _of_features(prediction)
    widths = {s: None if s.width is None else s.n // (s.d if s.kernel is Kernel.NTK else 1) for s in settings}
    if not all(widths.values()):
        return None
    return replace(prediction, settings=tuple(replace(s, width=width) for s, width in widths.items()))


def _of_features(prediction: Prediction) -> tuple[Setting, ...]:
    """Return the settings of the core among those of a prediction: these hypotheses are about no other."""
    return tuple(setting for setting in prediction.settings if isinstance(setting, Setting))


def _growing_with(
    samples: Callable[[int], int], dimensions: tuple[int, ...], *, where: Callable[[KernelSeries], bool]
) -> Callable[[Prediction], Prediction | None]:
    """Return what measures a limit where N is so many samples of d, as d grows; only `where` that changes the limit."""

    def changed(prediction: Prediction) -> Prediction | None:
        first = _of_features(prediction)[0]
        if prediction.test is not Test.LIMIT or not where(features_of(first)):
            return None
        settings = tuple(
            replace(first, d=d, d_y=int(first.alpha * d), n=samples(d), width=first.width and 2 * d) for d in dimensions
        )
        return replace(prediction, settings=settings, size=lambda s: float(s.d), rate=1.0)

    return changed


def _has_linear_part(kernel: KernelSeries) -> bool:
    """Whether there is something that N of order d learns in part."""
    return kernel.coefficient(1) != 0


def _goes_beyond_degree_two(kernel: KernelSeries) -> bool:
    """Whether something is left when N of order d^2 has learned degree two: else its own remainder stays all there is.

    The energy is zero for a polynomial, and no function of the catalogue has one that is small.
    """
    return float(kernel.energy(3, BITS).mid()) > FAINT


INTERPOLATION = Hypothesis(
    text="K is invertible, so that the model interpolates",
    examine=_at(_interpolation),
    violated_by=_too_few_parameters,
)
NORMS = Hypothesis(text="|x|^2 = d_x and |y|^2 = d_y (Assumption 5.1)", examine=_at(_norms))
INDEPENDENCE = Hypothesis(text="x and y are independent and centred (Assumption 5.1)", examine=_at(_independence))
CONCENTRATION = Hypothesis(
    text="P_x and P_y have Lipschitz concentration (Assumption 5.1)", examine=_at(_concentration)
)
LIPSCHITZ = Hypothesis(text="phi is non-linear and Lipschitz (Assumption 5.3)", examine=_at(_lipschitz))
DERIVATIVE_LIPSCHITZ = Hypothesis(
    text="phi is non-linear and phi' is Lipschitz (Assumption 6.2)", examine=_at(_derivative_lipschitz)
)
MORE_SAMPLES = Hypothesis(
    text="N > d",
    examine=_at(_more_samples),
    violated_by=_growing_with(lambda d: d // 2, (50, 100, 200), where=_has_linear_part),
)
MANY_NEURONS = _ratio("N log^3 N = o(k)", lambda s: s.n * math.log(s.n) ** 3, _k)
NEURONS_BEYOND_ROOT = _ratio("sqrt(d) log d = o(k)", lambda s: math.sqrt(s.d) * math.log(s.d), _k)
FEW_NEURONS = _ratio("k log^4 k = o(d^2)", lambda s: _k(s) * math.log(_k(s)) ** 4, lambda s: float(s.d) ** 2)
MANY_PARAMETERS = _ratio("N log^3 N = o(k d)", lambda s: s.n * math.log(s.n) ** 3, lambda s: _k(s) * s.d)
WIDTH_OF_ORDER_D = _ratio("k = O(d)", _k, lambda s: float(s.d))
SAMPLES_BEYOND_DIMENSION = Hypothesis(
    text="N / d -> infinity",
    examine=_at(lambda s: (Status.ASYMPTOTIC, f"N / d = {float(s.delta):g} at d={s.d}, N={s.n}")),
    violated_by=_growing_with(lambda d: 2 * d, (50, 100, 200), where=_has_linear_part),
)

SAMPLES_BELOW_SQUARE = Hypothesis(
    text="N = o(d^2), or degree 2 is learned too (ours: erratum E4)",
    examine=_at(lambda s: (Status.ASYMPTOTIC, f"N / d^2 = {s.n / s.d**2:.2g} at d={s.d}, N={s.n}")),
    violated_by=_growing_with(lambda d: d**2, (10, 14, 20), where=_goes_beyond_degree_two),
)

DATA = (INDEPENDENCE, NORMS, CONCENTRATION)
RANDOM_FEATURES = (*DATA, LIPSCHITZ, MANY_NEURONS, NEURONS_BEYOND_ROOT, FEW_NEURONS)
TANGENT_FEATURES = (*DATA, DERIVATIVE_LIPSCHITZ, MANY_PARAMETERS, MORE_SAMPLES, WIDTH_OF_ORDER_D)
