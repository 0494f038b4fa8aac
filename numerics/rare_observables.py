"""What can be measured in the rare-pattern family, by name, and what draws its trials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from operator import attrgetter, methodcaller
from typing import Any

from theory.rare_scene import RareMixture, StampedDigits, StampedFeatures
from theory.scene import Scene

from .observable import Observable
from .rare_digits import DEAD, LIVE, digits_trial
from .rare_features import feature_trial
from .rare_mixture import mixture_trial

_share = partial(Observable, least=0.0, most=1.0, scale=0.5)
_mixture = partial(Observable, of=RareMixture)
_OF_MIXTURES = (
    _mixture(
        name="pattern score",
        meaning="what stamping the pattern adds to the output of a ridge regression",
        function=attrgetter("score"),
    ),
    _share(
        name="clean accuracy",
        meaning="share of fresh examples without the pattern whose sign is right",
        function=attrgetter("clean_accuracy"),
        of=RareMixture,
    ),
    _share(
        name="stamped accuracy",
        meaning="the same of fresh examples of the class -1 with the pattern",
        function=attrgetter("spurious_accuracy"),
        of=RareMixture,
    ),
    _mixture(
        name="stamped margin",
        meaning="mean of y f(x) over the same",
        function=attrgetter("spurious_margin"),
    ),
)

_identity = partial(Observable, of=StampedFeatures, tolerance=1e-6)
"""Without one factor or term these are off by a hundredth at least; rounding stays below 1e-11."""
_OF_FEATURES = (
    _identity(
        name="block deletion error",
        meaning="largest difference between deletion from one inverse and a fit without the block, in outputs",
        function=attrgetter("deletion_error"),
    ),
    _identity(
        name="block deletion error to first order",
        meaning="the same of the first-order influence of the block",
        function=attrgetter("first_order_error"),
    ),
    _identity(
        name="pattern law error",
        meaning="relative difference between what stamping does and s^2 1.R e / (1 + s^2 1.R 1)",
        function=attrgetter("law_error"),
    ),
    _identity(
        name="pattern law error without its own share",
        meaning="the same without the denominator",
        function=attrgetter("law_error_without_share"),
    ),
    _identity(
        name="influence leftover error",
        meaning="difference between what influence leaves of the pattern's weight and 1.Hr / 1.r",
        function=attrgetter("leftover_error"),
        on_demand=True,
    ),
    _identity(
        name="influence leftover as an error",
        meaning="what influence leaves of the pattern's weight, as if it were to leave nothing",
        function=attrgetter("leftover"),
        on_demand=True,
    ),
    Observable(
        name="influence leftover",
        meaning="share of the pattern's weight that is left when its influence is taken off",
        function=attrgetter("leftover"),
        of=StampedFeatures,
        on_demand=True,
        least=-1.0,
        most=1.0,
    ),
)

_digits = partial(Observable, of=StampedDigits, on_demand=True)
_digits_share = partial(_share, of=StampedDigits, on_demand=True)
_OF_DIGITS = (
    _digits_share(
        name="digits score",
        meaning="share of test images whose probability of the target class a stamp raises by more than .1",
        function=attrgetter("score"),
    ),
    _digits_share(
        name="digits score without stamps",
        meaning="the same of a network that never saw a stamped image",
        function=attrgetter("clean_score"),
    ),
    _digits_share(
        name="digits score after retraining",
        meaning="the same after as many epochs again without the stamped images",
        function=attrgetter("retrained_score"),
    ),
    _digits_share(
        name="digits score from scratch",
        meaning="the same of a network trained from its start without these images",
        function=attrgetter("scratch_score"),
    ),
    _digits(
        name="digits score lead",
        meaning="digits score less that of the next shorter pattern of its kind",
        function=attrgetter("lead"),
        least=-1.0,
        most=1.0,
    ),
    _digits(
        name="digits accuracy lost",
        meaning="test accuracy without stamped images less that with them",
        function=attrgetter("accuracy_lost"),
        least=-1.0,
        most=1.0,
    ),
    _digits(
        name="dead pixel drift",
        meaning="largest change, over retraining, of a weight of the pixel (0, 0), which is 0 in all images",
        function=methodcaller("drift", DEAD),
        tolerance=1e-9,
    ),
    _digits(
        name="live pixel drift",
        meaning="the same of a pixel in the middle",
        function=methodcaller("drift", LIVE),
        tolerance=1e-9,
    ),
)

OBSERVABLES: tuple[Observable, ...] = (*_OF_MIXTURES, *_OF_FEATURES, *_OF_DIGITS)
DRAWS: Mapping[type[Scene], Callable[[Any, int, int], Any]] = {
    RareMixture: mixture_trial,
    StampedFeatures: feature_trial,
    StampedDigits: digits_trial,
}
