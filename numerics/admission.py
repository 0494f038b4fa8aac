"""From a claim as it was written to the one that is judged, and the seed at which: before anything is measured."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from theory.claim import Claim
from theory.honesty import require_honest
from theory.registry import claims
from theory.sealing import sealed

from .randomness import committed
from .refutable import require_refutable


def admitted(name: str, known: Mapping[str, Claim]) -> Claim:
    """Return the sealed copy of a claim, or raise ValueError for one that no check of it could refuse."""
    claim = sealed(name, known[name])
    require_honest(name, claim, known)
    require_refutable(name, claim)
    return claim


def admissions(names: Collection[str], known: Mapping[str, Claim], *, seed: int) -> list[tuple[str, Claim, int]]:
    """Return the named claims as they are judged, in the order of `known`, each with the seed at which it is measured.

    All are looked at before the first is measured.
    """
    ours = claims()
    sealed_ones = [(name, admitted(name, known)) for name in known if name in names]
    return [(name, claim, seed if name in ours else seed_of(claim, seed)) for name, claim in sealed_ones]


def seed_of(claim: Claim, seed: int) -> int:
    """Return the seed at which a claim of a user's file is measured.

    It follows from `seed` and from all that the claim and its twins predict: a value that was fitted to the draws of
    one seed is another prediction, and meets other draws.
    """
    predictions = (*claim.predictions, *(p for twin in claim.twins for p in twin.predictions))
    words = [
        f"{p.observable} {p.test} {setting} {p.value(setting).hex()} {p.size(setting).hex()} {p.resolution} {p.trials}"
        for p in predictions
        for setting in p.settings
    ]
    return committed(seed, "\n".join(words)) if words else seed
