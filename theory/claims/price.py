"""The slope of a correlated expectation in the correlation is the correlation of the derivatives."""

from collections.abc import Iterator

import sympy as sp

from theory.claim import Claim, Hypothesis, Provenance, Relation, Source, Status, Step, Twin
from theory.expectations import Hermite, correlated, mean, phi, psi
from theory.symbols import ell, rho, x

from .mehler import CORRELATED, points, series

SLOPE = sp.Derivative(CORRELATED, rho)
OF_DERIVATIVES = correlated(phi(x).diff(x), psi(x).diff(x), rho)


def derivation() -> Iterator[Step]:
    """Differentiate Mehler's series term by term, shift the degrees, and read the series backwards."""
    differentiated = series(1, ell * rho ** (ell - 1))
    shifted = sp.Sum(
        rho**ell * mean(phi(x).diff(x) * Hermite(ell, x)) * mean(psi(x).diff(x) * Hermite(ell, x)), (ell, 0, sp.oo)
    )
    yield Step(left=SLOPE, right=differentiated, because="mehler, differentiated term by term")
    yield Step(
        left=differentiated,
        right=shifted,
        because="hermite-shift: sqrt(l) mu_l(phi) = mu_{l-1}(phi'), and the same for psi",
    )
    yield Step(left=shifted, right=OF_DERIVATIVES, because="mehler, for the derivatives")


CLAIM = Claim(
    title="Price's theorem",
    reading="Differentiating in the correlation differentiates both functions: this is what duals are derived from.",
    statement=(SLOPE, OF_DERIVATIVES),
    relation=Relation.EQUAL,
    source=Source(key="price1958", anchor="Price's theorem", provenance=Provenance.KNOWN),
    hypotheses=(
        Hypothesis(
            text="phi and psi have no jump, their derivatives are square-integrable, and |rho| < 1",
            examine=lambda _: (Status.HOLDS, "at every point tried: relu, abs, gelu, tanh, sin"),
        ),
    ),
    points=points,
    derivation=derivation,
    uses=("mehler", "hermite-shift"),
    twins=(
        Twin(
            slip="only one function is differentiated",
            statement=(SLOPE, correlated(phi(x).diff(x), psi(x), rho)),
        ),
        Twin(slip="an extra factor rho", statement=(SLOPE, rho * OF_DERIVATIVES)),
        Twin(slip="98/97 times the right side", statement=(SLOPE, sp.Rational(98, 97) * OF_DERIVATIVES)),
    ),
)
