"""Families of activations: members are exact, and each is called by the formula that makes it again."""

import re
from fractions import Fraction
from pathlib import Path

import pytest
import sympy as sp

from theory.activations import (
    CATALOGUE,
    ELU,
    FAMILIES,
    LEAKY_RELU,
    RELU,
    SELU,
    SILU,
    SIN_COS,
    SOFTPLUS,
    STEP,
    celu,
    elu,
    hermite,
    leaky_relu,
    prelu,
    rbf,
    relu_power,
    softplus,
    swish,
)
from theory.registry import find_activation
from theory.symbols import x

MEMBERS = (
    prelu(2, Fraction(-1, 3)),
    leaky_relu(Fraction(1, 5)),
    relu_power(5),
    swish(sp.sqrt(2)),
    softplus(sp.Rational(1, 2)),
    elu(2),
    celu(sp.pi / 3),
    rbf(Fraction(1, 2)),
    hermite(1, 3, 6),
)
TAKEN_BY_HAND = {
    "prelu": lambda u: 2 * u if u > 0 else -u / 3,
    "leaky_relu": lambda u: u if u > 0 else u / 5,
    "relu_power": lambda u: u**5 if u > 0 else 0,
    "swish": lambda u: u / (1 + sp.exp(-sp.sqrt(2) * u)),
    "softplus": lambda u: 2 * sp.log(1 + sp.exp(u / 2)),
    "elu": lambda u: u if u > 0 else 2 * (sp.exp(u) - 1),
    "celu": lambda u: u if u > 0 else sp.pi / 3 * (sp.exp(3 * u / sp.pi) - 1),
    "rbf": lambda u: sp.sin(u) + sp.cos(u),
    "hermite": lambda u: u + (u**3 - 3 * u) / sp.sqrt(6) + (u**6 - 15 * u**4 + 45 * u**2 - 15) / sp.sqrt(720),
}
named = {"ids": lambda member: member.name}


def family(member):
    return member.name.split("(")[0]


def agrees(member, meant):
    """Return whether a member takes the values that are meant, at both signs, to 25 digits."""
    places = (sp.Rational(-13, 7), sp.Rational(-1, 9), sp.Rational(5, 11), sp.Rational(8, 3))
    return all(abs(sp.N(member.expr.subs(x, u) - meant(u), 30)) < 1e-25 for u in places)


@pytest.mark.parametrize("member", MEMBERS, **named)
def test_a_member_is_what_its_family_says(member):
    assert agrees(member, TAKEN_BY_HAND[family(member)])
    assert not agrees(member, lambda u: TAKEN_BY_HAND[family(member)](u) * sp.Rational(98, 97))


def test_every_family_is_tried():
    assert [family(member) for member in MEMBERS] == list(FAMILIES)
    assert set(TAKEN_BY_HAND) == set(FAMILIES)


@pytest.mark.parametrize("member", MEMBERS, **named)
def test_the_name_of_a_member_makes_it_again(member):
    assert find_activation(member.name) == member


def test_the_default_members_are_those_of_the_catalogue():
    assert (leaky_relu().expr, swish().expr, softplus().expr) == (LEAKY_RELU.expr, SILU.expr, SOFTPLUS.expr)
    assert (relu_power(0).expr, relu_power(1).expr) == (STEP.expr, RELU.expr)
    assert (elu().expr, celu().expr) == (ELU.expr, ELU.expr)
    assert agrees(SIN_COS, lambda u: rbf(Fraction(1, 2)).expr.subs(x, u))


def test_the_documents_show_every_family_with_its_default_parameters():
    page = (Path(__file__).resolve().parents[2] / "docs" / "adding.md").read_text()
    shown = dict(re.findall(r"^\| `((\w+)\(x, [^`]*)` \|", page, flags=re.MULTILINE))
    assert sorted(shown.values()) == sorted(FAMILIES)
    made = {family: make() for family, make in FAMILIES.items() if family != "hermite"} | {"hermite": hermite(1, 4)}
    assert {name: made[family].name for name, family in shown.items()} == {name: name for name in shown}


def test_selu_keeps_mean_and_variance():
    """The published constants solve E[phi] = 0 and E[phi^2] = 1: closed moments of `l max(x, 0) + l a (e^min - 1)`."""
    scale, steep = SELU.derivative.expr.subs(x, 1), SELU.expr.subs(x, -60).evalf(40)
    steep = -steep / scale
    tail = sp.exp(sp.Rational(1, 2)) * (1 - sp.erf(1 / sp.sqrt(2))) / 2  # E[e^g; g < 0]
    double = sp.exp(2) * (1 - sp.erf(sp.sqrt(2))) / 2  # E[e^2g; g < 0]
    half = sp.Rational(1, 2)
    mean = scale * (1 / sp.sqrt(2 * sp.pi) + steep * (tail - half))
    square = scale**2 * (half + steep**2 * (double - 2 * tail + half))
    assert abs(sp.N(mean, 30)) < 1e-25
    assert abs(sp.N(square - 1, 30)) < 1e-25
    assert abs(sp.N(square * sp.Rational(98, 97) - 1, 30)) > 1e-3


@pytest.mark.parametrize(
    ("make", "line"),
    [
        (lambda: leaky_relu(0.2), "0.2 is not exact"),
        (lambda: swish(sp.Float("0.1")), "is not exact"),
        (lambda: elu(x), "x is not a real number"),
        (lambda: swish(sp.oo), "oo is not a real number"),
        (lambda: prelu(1, sp.I), "I is not a real number"),
        (lambda: softplus(0), "0 is not positive"),
        (lambda: celu(-1), "-1 is not positive"),
        (lambda: rbf(sp.pi - 4), "is not positive"),
        (lambda: relu_power(65), "65 is not a whole number from 0 to 64"),
        (lambda: hermite(2, Fraction(1, 2)), "1/2 is not a whole number from 0 to 64"),
        (lambda: hermite(-1), "-1 is not a whole number"),
        (hermite, "hermite needs a degree"),
    ],
)
def test_a_parameter_out_of_range_is_refused(make, line):
    with pytest.raises(ValueError, match=line):
        make()


def test_the_catalogue_is_large_and_nothing_in_it_is_affine():
    assert len(CATALOGUE) >= 28
    assert [activation.name for activation in CATALOGUE if activation.is_affine] == []
    assert prelu(3, 3).is_affine
