"""The rules by which a derivation goes on: each with what it states, what it needs, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A theorem that gives one step; `needs` is what must hold for it, `key` its place in `docs/references.bib`."""

    name: str
    states: str
    needs: str
    key: str = ""


SQUARE_INTEGRABLE = "E[phi(g)^2] < inf"

GROWTH = Rule(
    name="envelope",
    states="|phi(x)| <= C (1 + |x|)^n exp(b |x| + a x^2) with a < 1/4, so that " + SQUARE_INTEGRABLE,
    needs="an elementary inequality for each part of phi",
)

STEIN = Rule(
    name="Stein's identity",
    states="E[g f(g + t)] = d/dt E[f(g + t)], from a table of Gaussian integrals",
    needs=SQUARE_INTEGRABLE,
    key="stein1981",
)
TAYLOR = Rule(
    name="Weierstrass transform",
    states="E[phi(g + t)] = sum_l mu_l t^l / sqrt(l!), so mu_l is sqrt(l!) times a Taylor coefficient",
    needs=SQUARE_INTEGRABLE,
)
RECURRENCE = Rule(
    name="generating function",
    states="a power series solves a linear differential equation if and only if its coefficients obey the recurrence",
    needs="the coefficients before the recurrence sets in agree",
)
PRICE = Rule(
    name="Price's theorem",
    states="d/drho E[f(u) h(v)] = E[f'(u) h'(v)], derivatives in the sense of distributions",
    needs=SQUARE_INTEGRABLE + " and |rho| < 1, for then kappa is a power series that may be differentiated",
    key="price1958",
)
GAUSSIAN = Rule(
    name="Gaussian integral",
    states="exponentials of quadratics, polynomials and point masses have elementary means",
    needs=SQUARE_INTEGRABLE,
)
INTEGRATION = Rule(
    name="integration from 0",
    states="kappa^(j)(rho) = kappa^(j)(0) + the integral of kappa^(j+1) from 0, and kappa^(j)(0) = E[phi^(j)(g)]^2",
    needs="|rho| < 1, where kappa is analytic",
)
MEHLER = Rule(
    name="Mehler's formula",
    states="E[phi(u) phi(v)] = sum_l mu_l^2 rho^l",
    needs=SQUARE_INTEGRABLE,
    key="mehler1866",
)
PARSEVAL = Rule(
    name="Parseval's identity", states="sum_l mu_l^2 = E[phi(g)^2], the value of kappa at 1", needs=SQUARE_INTEGRABLE
)
DEGREES = Rule(
    name="which degrees are learned",
    states="gamma is the share of the kernel's energy, above the degrees that are learned, generated at alpha",
    needs="what the law it is taken from supposes: see its claim",
)
