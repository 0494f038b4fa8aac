"""What this project states about its activation; pytest judges it, and refuses each wrong twin."""

import sympy as sp

from theory import Claim, Provenance, Relation, Source, Step, Twin
from theory.symbols import alpha

GAMMA = (alpha + alpha**2) / 2

CLAIMS = {
    "quadratic-below-alpha": Claim(
        title="h1 + h2 aligns less than a linear model",
        reading="Few samples give phi = h1 + h2 the alignment (alpha + alpha^2)/2, which is at most alpha.",
        statement=(GAMMA, alpha),
        relation=Relation.AT_MOST,
        source=Source(key="bombari2024", anchor="Theorem 5.4, specialised", provenance=Provenance.DERIVED),
        points=lambda: ({alpha: sp.Rational(i, 8)} for i in range(1, 8)),
        derivation=lambda: iter([Step(left=GAMMA, right=alpha * (1 + alpha) / 2, because="alpha is a factor")]),
        twins=(Twin(slip="the bound is squared", statement=(GAMMA, alpha**2)),),
    )
}
