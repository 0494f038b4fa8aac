"""Gaussian noise on what is learned from is a ridge, exactly."""

from collections.abc import Iterator
from dataclasses import replace

import sympy as sp

from theory import rare_ridge as r
from theory.claim import Claim, Point, Prediction, Provenance, Source, Test, Twin
from theory.expectations import mean
from theory.rare_designs import NOISY
from theory.rare_scene import RareMixture, at
from theory.symbols import x

ERROR = sp.Symbol("e", real=True)
"""`y - w.x - b`."""
NOISE = sp.Symbol(r"\sigma", positive=True)
"""Standard deviation of what is added to each coordinate."""
LENGTH = sp.sqrt(r.w1**2 + r.w2**2)


def points() -> Iterator[Point]:
    """Yield errors, predictors and noise."""
    for row in (("1/2", "1", "2/3", "1/5"), ("-3", "1/7", "-2", "1/3"), ("2/9", "-1/4", "5", "4")):
        yield dict(zip((ERROR, r.w1, r.w2, NOISE), map(sp.Rational, row), strict=True))


def _measured(observable: str, value: sp.Expr) -> Prediction:
    return Prediction(
        about=f"{observable} of fits without ridge to examples with noise added, tested on examples without it",
        observable=observable,
        test=Test.EQUAL,
        settings=NOISY,
        value=lambda scene: at(value, scene),
        resolution=0.04,
        trials=48,
        label="ridge",
    )


SCORE = _measured("pattern score", r.SCORE)
STAMPED = _measured("stamped accuracy", r.spurious_accuracy())


def _square_root(scene: RareMixture) -> float:
    return at(r.SCORE.subs(r.ridge, sp.sqrt(r.ridge)), scene)


def _tested_noisy(scene: RareMixture) -> float:
    """Return the accuracy if the tests had the noise too: `s_1` and `s_2` of the noisy mixture, and no ridge."""
    more = scene.noise
    noisy = replace(scene, core_noise=scene.core_noise + more, pattern_noise=scene.pattern_noise + more)
    return at(r.spurious_accuracy(), replace(noisy, noise=type(more)(0)))


CLAIM = Claim(
    title="Input noise at training time is a ridge",
    reading=(
        "Noise of variance sigma^2 on every coordinate of what is learned from changes the mean squared error of a "
        "linear model by sigma^2 |w|^2, which is a ridge lambda = sigma^2: the score and, on examples without noise, "
        "the accuracies are those of ridge regression."
    ),
    statement=(mean((ERROR - NOISE * LENGTH * x) ** 2), ERROR**2 + NOISE**2 * (r.w1**2 + r.w2**2)),
    source=Source(key="bishop1995", anchor="Tikhonov regularization, of a linear model", provenance=Provenance.KNOWN),
    points=points,
    predictions=(SCORE, STAMPED),
    uses=("rare-ridge", "rare-accuracy"),
    twins=(
        Twin(
            slip="lambda = sigma",
            statement=(mean((ERROR - NOISE * LENGTH * x) ** 2), ERROR**2 + NOISE * (r.w1**2 + r.w2**2)),
            predictions=(replace(SCORE, value=_square_root),),
        ),
        Twin(
            slip="the noise is on the tests too",
            predictions=(replace(STAMPED, value=_tested_noisy),),
        ),
    ),
    definitions={
        "e": "y - w.x - b, the error on an example",
        r"\sigma": "the noise on each coordinate",
        **r.DEFINITIONS,
    },
)
