"""Elementary means over a Gaussian pair: those of the definition, by double quadrature, and None for all others."""

import mpmath as mp
import pytest
import sympy as sp

from theory import oracle
from theory.duals import Generalised
from theory.expectations import correlated
from theory.gaussian_pairs import NotIntegrableError, pair_mean
from theory.symbols import rho, x

PAIRS = {
    "polynomials": (x**3 - x, x**5 + x**2),
    "an even and an odd one": (x**2, x**3),
    "a polynomial and a bell": (x**2, sp.exp(-(x**2))),
    "two bells": (sp.exp(-(x**2)), x**2 * sp.exp(-(x**2) / 3)),
    "a bell that grows": (sp.exp(x**2 / 5), sp.exp(-(x**2))),
    "shifted bells": (sp.exp(-((x - 1) ** 2)), x * sp.exp(-(x**2) + x / 2)),
    "shifted bells with factors": (x * sp.exp(x / 2 - x**2), (x**2 + x) * sp.exp(-(x**2) / 3 - x)),
    "exponentials": (sp.exp(x), x * sp.exp(-x / 2)),
    "a sine and a cosine": (sp.sin(x), x * sp.cos(2 * x)),
    "a sine with a shift": (sp.sin(2 * x + 1), sp.sin(x)),
    "a sine and an exponential": (sp.sin(x), sp.exp(x)),
    "a sine under a bell": (sp.sin(x) * sp.exp(-(x**2)), sp.exp(x) * x),
}
PLACES = [sp.Rational(-1, 2), sp.Rational(2, 5)]


def smooth(expr):
    return Generalised(switched=((sp.sympify(expr), -sp.oo),))


def mass(weight, place=0):
    return Generalised(switched=(), masses={sp.Integer(place): sp.sympify(weight)})


def closed(f, h):
    """Return the mean as an expression in rho."""
    found = pair_mean(f, h)
    return found if isinstance(found, sp.Expr) else found.expression()


@pytest.mark.parametrize("at", PLACES, ids=str)
@pytest.mark.parametrize("name", PAIRS)
def test_the_mean_is_that_of_the_definition(name, at):
    f, h = PAIRS[name]
    defined = oracle.value(correlated(f, h, at))
    value, imaginary = sp.N(closed(smooth(f), smooth(h)).subs(rho, at), 25).as_real_imag()
    value = mp.mpf(value)
    assert abs(imaginary) < 1e-20
    error = defined.error + mp.mpf(10) ** -15 * abs(value)
    # what has no mean at all is the one case where a factor cannot be seen
    assert abs(defined.value - value) <= error
    assert abs(defined.value - value * 98 / 97) > error or name == "an even and an odd one"
    assert error < 1e-6 * (1 + abs(value))


@pytest.mark.parametrize("name", PAIRS)
def test_the_two_functions_may_change_places(name):
    f, h = map(smooth, PAIRS[name])
    difference = closed(f, h) - closed(h, f)
    assert [p for p in PLACES if abs(sp.N(difference.subs(rho, p), 30)) > 1e-25] == []


def test_two_point_masses_meet_with_the_density_of_the_pair_at_the_origin():
    density = 1 / (2 * sp.pi * sp.sqrt(1 - rho**2))
    assert sp.simplify(closed(mass(2), mass(3)) - 6 * density) == 0


@pytest.mark.parametrize("expr", [x**2 - 3, sp.exp(-(x**2)), x**4 * sp.exp(-(x**2) / 2)], ids=str)
def test_a_point_mass_leaves_the_mean_given_that_one_side_is_at_the_origin(expr):
    function = sp.lambdify(x, expr, "mpmath")
    for at in PLACES:
        with mp.workdps(25):
            spread = mp.sqrt(1 - mp.mpf(at.p) ** 2 / at.q**2)
            given = mp.quad(lambda g, s=spread: function(s * g) * mp.npdf(g), [-14, -4, 0, 4, 14])
            value = mp.mpf(sp.N(closed(mass(2), smooth(expr)).subs(rho, at), 30))
            assert abs(value - 2 * mp.npdf(0) * given) < 1e-15
            assert abs(value * 98 / 97 - 2 * mp.npdf(0) * given) > 1e-6


@pytest.mark.parametrize(
    ("f", "h"),
    [
        (smooth(sp.tanh(x)), smooth(x)),
        (smooth(x), smooth(sp.erf(x))),
        (Generalised(switched=((x, sp.Integer(0)),)), smooth(x)),
        (mass(1, place=1), smooth(x)),
        (smooth(sp.exp(x**3)), smooth(x)),
    ],
    ids=["tanh", "erf", "a kink", "a mass off the origin", "a cubic exponent"],
)
def test_what_is_not_elementary_is_not_found(f, h):
    assert pair_mean(f, h) is None


def test_what_is_elementary_but_not_its_integral_is_refused_where_it_is_to_be_integrated():
    with pytest.raises(NotIntegrableError):
        pair_mean(mass(1), smooth(sp.exp(x)))
    with pytest.raises(NotIntegrableError):
        pair_mean(smooth(sp.exp(x)), smooth(sp.exp(x)), to_integrate=True)
    assert pair_mean(smooth(sp.exp(x)), smooth(sp.exp(x))) is not None
