"""scikit-learn's digits with a pattern stamped on a few images of one class, and what a network makes of it.

Pixels are between 0 and 1, all ten classes are there, and 1200 of the 1797 images are learned from.  Networks are kept,
so that whatever is asked of a trial trains them once; patterns are compared on the same split and from the same start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from theory.rare_scene import StampedDigits

from .elementwise import Array
from .images import all_digits
from .randomness import Purpose, Streams
from .rare_network import Labels, Network, accuracy, initial, probabilities, train
from .threads import one_thread

TRAINED, TARGET, SIDE = 1200, 0, 8
THRESHOLD = 0.1
"""By how much the probability of the target class has to rise for an image to count as misled: the authors' score."""
DEAD, LIVE = 0, 28
"""The pixel (0, 0), which is 0 in all images, and one in their middle, which is not."""
HEIGHTS = {"noise-1": 0.25, "noise-2": 0.5, "noise-3": 1.0}
CORNERS = {"pixel": 1, "square": 2}
LESSER = {"square": "pixel", "noise-2": "noise-1", "noise-3": "noise-2"}
"""The next shorter pattern of its kind."""
KEPT = 256
"""Networks in memory, 150 kB each."""


@dataclass(frozen=True, kw_only=True)
class DigitsTrial:
    """One split, one pattern and one start; a network is trained when it is asked about."""

    scene: StampedDigits
    seed: int
    trial: int

    @property
    def score(self) -> float:
        """Share of test images that the pattern misleads, for the network that has seen the stamped images."""
        return self._misled(_learned(self))

    @property
    def clean_score(self) -> float:
        """The same for one that has seen them without the pattern."""
        return self._misled(self._without(0))

    @property
    def retrained_score(self) -> float:
        """The same for the first, trained as long again without these images, from a fresh optimiser."""
        return self._misled(_retrained(self))

    @property
    def scratch_score(self) -> float:
        """The same for one trained from the start without these images: exact deletion."""
        return self._misled(self._without(self.scene.stamped))

    @property
    def lead(self) -> float:
        """By how much the score is above that of the next shorter pattern of its kind."""
        lesser = replace(self, scene=replace(self.scene, pattern=LESSER[self.scene.pattern]))
        return self.score - lesser.score

    @property
    def accuracy_lost(self) -> float:
        """On clean test images, by the pattern."""
        drawn = _drawn(self.seed, self.trial)
        before, after = (accuracy(net, drawn.test, drawn.test_labels) for net in (self._without(0), _learned(self)))
        return before - after

    def drift(self, pixel: int) -> float:
        """Return the largest change of a weight of this pixel over retraining."""
        return float(np.abs(_retrained(self).first[pixel] - _learned(self).first[pixel]).max())

    def _without(self, count: int) -> Network:
        return _without(count, replace(self.scene, pattern="pixel", stamped=1), self.seed, self.trial)

    def _misled(self, network: Network) -> float:
        drawn = _drawn(self.seed, self.trial)
        stamped = stamp(self.scene.pattern, drawn.streams.of(Purpose.QUERIES))(drawn.test)
        rise = probabilities(network, stamped)[:, TARGET] - probabilities(network, drawn.test)[:, TARGET]
        return float(np.mean(rise > THRESHOLD))


def digits_trial(scene: StampedDigits, seed: int, trial: int) -> DigitsTrial:
    """Return the trial of this address."""
    return DigitsTrial(scene=scene, seed=seed, trial=trial)


def stamp(pattern: str, rng: np.random.Generator) -> Callable[[Array], Array]:
    """Return what puts a pattern on rows of images; noise is drawn once, and is the same on every image."""
    corner = np.zeros((SIDE, SIDE))
    corner[: CORNERS.get(pattern, 0), : CORNERS.get(pattern, 0)] = 1
    mark = HEIGHTS[pattern] * rng.random(SIDE**2) if pattern in HEIGHTS else corner.ravel()
    return lambda images: np.clip(images + mark, 0, 1)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Split:
    streams: Streams
    x: Array
    labels: Labels
    test: Array
    test_labels: Labels

    def targets(self, count: int) -> Labels:
        """Return the first images of the target class: those that are stamped."""
        return np.flatnonzero(self.labels == TARGET)[:count]

    def fit(self, start: Network, x: Array, epochs: int, *, without: int = 0) -> Network:
        rest = np.delete(np.arange(TRAINED), self.targets(without))
        order = self.streams.seeds(Purpose.WEIGHTS)
        with one_thread():
            return train(start, x[rest], self.labels[rest], epochs=epochs, order=order)

    def start(self, scene: StampedDigits) -> Network:
        return initial(self.streams.of(Purpose.START), SIDE**2, scene.width)


@lru_cache(maxsize=KEPT)
def _drawn(seed: int, trial: int) -> _Split:
    streams = Streams(seed=seed, cell="stamped digits", trial=trial)
    images, labels = all_digits()
    order = streams.of(Purpose.DATA).permutation(len(images))
    some, others = order[:TRAINED], order[TRAINED:]
    return _Split(streams=streams, x=images[some], labels=labels[some], test=images[others], test_labels=labels[others])


@lru_cache(maxsize=KEPT)
def _learned(at: DigitsTrial) -> Network:
    """Return the network that has seen the stamped images."""
    drawn, x = _drawn(at.seed, at.trial), _drawn(at.seed, at.trial).x.copy()
    rows = drawn.targets(at.scene.stamped)
    x[rows] = stamp(at.scene.pattern, drawn.streams.of(Purpose.QUERIES))(x[rows])
    return drawn.fit(drawn.start(at.scene), x, at.scene.epochs)


@lru_cache(maxsize=KEPT)
def _retrained(at: DigitsTrial) -> Network:
    """Return that network, trained as long again on the rest."""
    drawn = _drawn(at.seed, at.trial)
    return drawn.fit(_learned(at), drawn.x, at.scene.epochs, without=at.scene.stamped)


@lru_cache(maxsize=KEPT)
def _without(count: int, scene: StampedDigits, seed: int, trial: int) -> Network:
    """Return a network that never saw the first `count` images of the target class; the pattern plays no part."""
    drawn = _drawn(seed, trial)
    return drawn.fit(drawn.start(scene), drawn.x, scene.epochs, without=count)
