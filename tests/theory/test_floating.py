"""The floating stand-in against python-flint: its own radius must hold the truth, and nothing it finds is ENCLOSED."""

import json
import random
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import flint
import pytest
import sympy as sp

from theory import balls, floating
from theory.activations import GELU, HARD_TANH, RELU, TANH, Activation
from theory.floating import integral, moments
from theory.portrait import portrait
from theory.quadrature import hermite_moments
from theory.symbols import t, x

ROOT = Path(__file__).parents[2]
RANGES = dict.fromkeys(("exp", "sin", "cos", "sinh", "cosh", "tanh", "erf", "erfc", "atan"), (-3, 3)) | {
    "log": (0.1, 3), "sqrt": (0.1, 3), "asin": (-0.9, 0.9), "acos": (-0.9, 0.9),
}  # fmt: skip
OPERATORS = {
    "sum": lambda a, b: 2 + a + b + 0.25,
    "difference": lambda a, b: 1 - (a - b),
    "product": lambda a, b: a * b * 3,
    "quotient": lambda a, b: 2 / (3 + a) / (4 + b),
    "integer power": lambda a, b: a**3 * (3 + b) ** -2,
    "power": lambda a, b: (3 + a) ** (b / 7),
    "absolute value": lambda a, b: abs(a) - abs(b),
    "fraction": lambda a, b: a / Fraction(3, 7) + Fraction(1, 3) * b,
}
precisions = pytest.mark.parametrize("bits", [53, 160, 333])
widths = pytest.mark.parametrize("width", [0.0, 1e-30, 1e-6])


@pytest.fixture(autouse=True)
def precision_put_back():
    before = floating.ctx.prec
    yield
    floating.ctx.prec = before


def as_ball(number):
    """Return the numbers that a stand-in number stands for, as a ball: every mpf is an integer times a power of 2."""
    mid, rad = (flint.arb(int(m)) * flint.arb(2) ** e for m, e in (p.man_exp for p in (number.centre, number.error)))
    return flint.arb(mid if number.centre >= 0 else -abs(mid), rad)


def holds(number, truth):
    """Return whether the stand-in is within its own radius of a truth known to 600 bits."""
    with balls.precision(600):
        return as_ball(number).contains(truth) or as_ball(number).overlaps(truth)


def place(draw, low, high, width):
    """Return a stand-in number, and in 600 bits something that it stands for."""
    mid = draw.uniform(low, high)
    return floating.arb(mid, width), flint.arb(mid) + flint.arb(width) * draw.uniform(-1, 1)


@precisions
@widths
@pytest.mark.parametrize("name", RANGES)
def test_a_function_is_within_its_radius_and_a_spoilt_one_is_not(seed, name, bits, width):
    draw = random.Random(seed)  # noqa: S311 - not a secret
    floating.ctx.prec = bits
    with balls.precision(600):
        for _ in range(20):
            number, true = place(draw, *RANGES[name], width)
            found, truth = getattr(number, name)(), getattr(true, name)()
            assert holds(found, truth), number
            assert not holds(found, truth + flint.arb(1) / 97), number


@precisions
@widths
@pytest.mark.parametrize("name", OPERATORS)
def test_an_operation_is_within_its_radius_and_a_spoilt_one_is_not(seed, name, bits, width):
    draw = random.Random(seed)  # noqa: S311 - not a secret
    floating.ctx.prec = bits
    with balls.precision(600):
        for _ in range(20):
            (a, true_a), (b, true_b) = (place(draw, -2, 2, width) for _ in range(2))
            found = OPERATORS[name](a, b)
            truth = OPERATORS[name](*(true_a, true_b)) if name != "fraction" else true_a * 7 / 3 + true_b / 3
            assert holds(found, truth), (a, b)
            assert not holds(found, truth + flint.arb(1) / 97), (a, b)


@precisions
def test_a_radius_is_some_units_in_the_last_place_where_nothing_else_is_uncertain(bits):
    floating.ctx.prec = bits
    for name, (low, high) in RANGES.items():
        number = getattr(floating.arb((low + 2 * high) / 3), name)()
        assert 0 < number.rad() < abs(number.mid()) * floating.arb(2) ** (1 - bits), name


def test_a_series_of_no_given_length_is_as_long_as_in_the_library():
    assert len(floating.arb_series([1]).terms) == flint.ctx.cap == 10


def test_numbers_are_read_from_text_as_written():
    floating.ctx.prec = 160
    for text in ("1.01", "-3e-7", "[0.1 +/- 0.02]", "0.1 +/- 1e-30", "0"):
        with balls.precision(600):
            assert holds(floating.arb(text), flint.arb(text.strip("[]").split("+/-")[0].strip())), text
    assert floating.arb("0.1 +/- 0.02").rad() > 0.0199
    assert floating.arb("0") == 0
    with balls.precision(600):
        assert holds(floating.arb.pi(), flint.arb.pi())
        assert holds(floating.arb(floating.fmpq(1, 3)), flint.arb(1) / 3)
        assert holds(floating.arb(30).fac(), flint.arb(30).fac())
        assert not holds(floating.arb(floating.fmpq(1, 3)), flint.arb("0.3333"))


def test_a_comparison_is_true_only_if_it_is_certain():
    wide, narrow = floating.arb(0, 1), floating.arb(0.5)
    assert not wide < narrow
    assert not wide > narrow
    assert wide < 2 <= floating.arb(2)
    assert wide > -2
    assert narrow == 0.5
    assert narrow != 0.75
    assert not wide == 0  # noqa: SIM201  (neither equality nor its opposite is certain)
    assert not wide != 0  # noqa: SIM202
    assert wide.overlaps(narrow)
    assert not floating.arb(0, 0.25).overlaps(narrow)
    assert wide.contains(narrow)
    assert not narrow.contains(wide)
    assert (wide.lower(), wide.upper(), wide.abs_upper()) == (-1, 1, 1)
    assert (-wide).rad() == 1
    assert floating.arb.neg_inf() < -(10**300)


NOT_NUMBERS = {
    "nan": floating.arb.nan,
    "1 / 0": lambda: 1 / floating.arb(0),
    "1 / what may be 0": lambda: 1 / floating.arb(0.5, 1),
    "root of -1": lambda: floating.arb(-1).sqrt(),
    "logarithm of what may be 0": lambda: floating.arb(0.5, 1).log(),
    "inverse of 0": lambda: floating.arb(0) ** -1,
    "arcsine of what may be above 1": lambda: floating.arb(1, 0.5).asin(),
}


@pytest.mark.parametrize("case", NOT_NUMBERS)
def test_what_is_not_a_number_is_not_finite_and_may_be_anything(case):
    value = NOT_NUMBERS[case]()
    assert not value.is_finite()
    assert value.overlaps(3)
    assert not value < 3
    assert not value > 3
    assert floating.arb(1).is_finite()


def test_the_private_precision_is_not_that_of_mpmath():
    import mpmath

    before = mpmath.mp.prec
    floating.ctx.prec = 400
    assert mpmath.mp.prec == before
    assert floating.arb(2).sqrt().error < 2.0**-390


SERIES = {name: lambda g, name=name: getattr(g, name)() for name in RANGES if name not in {"sinh", "cosh", "tanh"}} | {
    "product": lambda g: g * g + g * 2 - 1,
    "quotient": lambda g: 1 / (3 + g) - g / (4 + g),
}


@pytest.mark.parametrize("name", SERIES)
def test_a_function_of_a_power_series_has_the_coefficients_of_the_library(seed, name):
    draw = random.Random(seed)  # noqa: S311 - not a secret
    low, high = RANGES.get(name, (-2, 2))
    inner = [draw.uniform(low, high), *(draw.uniform(-1, 1) for _ in range(11))]
    floating.ctx.prec, floating.ctx.cap, cap = 160, 12, flint.ctx.cap
    flint.ctx.cap = 12
    try:
        found = SERIES[name](floating.arb_series(inner, prec=12))
        with balls.precision(600):
            truth = SERIES[name](flint.arb_series(inner, prec=12))
            assert [i for i in range(12) if not holds(found[i], truth[i])] == []
            assert [i for i in range(12) if holds(found[i], truth[i] + flint.arb(1) / 97)] == []
    finally:
        floating.ctx.cap = flint.ctx.cap = cap


@pytest.mark.parametrize("nodes", [1, 2, 7, 48, 64])
def test_the_rule_is_that_of_the_library(nodes):
    found = sorted(integral.rule(nodes, 200), key=lambda pair: pair[0].centre, reverse=True)
    with balls.precision(260):
        for k, pair in enumerate(found):
            for mine, true in zip(pair, flint.arb.legendre_p_root(nodes, k, weight=True), strict=True):
                assert abs(as_ball(mine) - true) < flint.arb(2) ** -195
                assert not abs(as_ball(mine) - true - flint.arb(2) ** -190) < flint.arb(2) ** -195


INTEGRALS = {
    "polynomial": (lambda z: z * z * z - 2 * z + 1, lambda: flint.arb(15) / 4),
    "gaussian": (
        lambda z: (-(z * z)).exp(),
        lambda: flint.arb.pi().sqrt() / 2 * (flint.arb(1).erf() + flint.arb(2).erf()),
    ),
    "poles near the line": (
        lambda z: 1 / (z * z * 100 + 1),
        lambda: (flint.arb(20).atan() + flint.arb(10).atan()) / 10,
    ),
    "end without a derivative": (lambda z: (z + 1).sqrt(), lambda: 2 * flint.arb(3).sqrt()),
    "wave": (lambda z: (20 * z).cos() + 1, lambda: (flint.arb(40).sin() + flint.arb(20).sin()) / 20 + 3),
}


@pytest.mark.parametrize("name", INTEGRALS)
def test_an_integral_is_within_its_radius_and_a_spoilt_one_is_not(name):
    floating.ctx.prec = 100
    function, known = INTEGRALS[name]
    found = floating.acb.integral(lambda z, _: function(z), floating.acb(-1), floating.acb(2)).real
    with balls.precision(200):
        truth = known()
        assert holds(found, truth)
        assert not holds(found, truth * 98 / 97)
    assert found.rad() < 1e-26


def test_what_two_rules_cannot_settle_goes_into_the_radius():
    floating.ctx.prec = 100
    jumps = (-0.7, -0.4, 0.3, 0.6)
    found = floating.acb.integral(
        lambda z, _: z * 0 + sum(z > a for a in jumps), floating.acb(-1), floating.acb(1)
    ).real
    truth = sum(1 - flint.arb(a) for a in jumps)
    assert holds(found, truth)
    assert not holds(found, truth + flint.arb(1) / 97)
    assert found.rad() > 1e-8  # sixteen halvings for each jump do not get farther


# what follows runs where `import flint` fails
GAP = Activation(name="gap", expr=sp.Piecewise((0, x < 1), (x, True)))


@pytest.mark.parametrize("activation", [RELU, TANH, HARD_TANH, GELU, GAP], ids=lambda a: a.name)
def test_moments_are_within_their_radius_and_spoilt_ones_are_not(monkeypatch, activation):
    truth = hermite_moments(activation, 12, 200)
    with monkeypatch.context() as without:
        without.setattr(balls, "flint", floating)
        found = moments.hermite_moments(activation, 12, 60)
    assert len(found) == 13
    for moment, true in zip(found, truth, strict=True):
        assert holds(moment, true)
        with balls.precision(600):
            assert not holds(moment, true + flint.arb(2) ** -60)
        assert 0 < moment.error < 2.0**-62


def test_a_number_contains_another_only_with_both_its_ends():
    within = floating.arb(0, 1)
    assert within.contains(floating.arb(0.25, 0.5))
    assert within.contains(floating.arb(0.5, 0.5))
    assert within.contains(floating.arb(-0.5, 0.5))
    assert within.contains(0)
    for mid, rad in ((0.75, 0.5), (-0.75, 0.5), (0, 2), (3, 0.5)):
        assert not within.contains(floating.arb(mid, rad))


def test_a_radius_that_is_itself_uncertain_counts_up_to_its_end():
    assert floating.arb(1, floating.arb(0.25, 0.25)).rad() == 0.5
    assert floating.arb(1, floating.arb(0, 0.5)).rad() == 0.5
    assert floating.arb(floating.arb(1, 0.25), floating.arb(-0.25)).rad() == 0.5
    assert floating.arb(1, floating.arb(0)).rad() == 0


def test_an_exponent_that_is_not_known_to_be_whole_is_not_taken_for_one():
    with balls.precision(600):
        assert holds(floating.arb(2) ** floating.arb(3, 0.125), flint.arb(2) ** (flint.arb(25) / 8))
        assert holds(floating.arb(2) ** floating.arb(3), flint.arb(8))
        assert not holds(floating.arb(2) ** floating.arb(3), flint.arb(8) * 98 / 97)


BLOCKED = """
import json, sys

sys.modules["flint"] = None
from dataclasses import replace
from fractions import Fraction
from itertools import islice

import sympy as sp

from theory import balls, checking
from theory.activations import GELU, HARD_TANH, RELU, TANH, Activation
from theory.arithmetic import RIGOROUS
from theory.claim import Relation
from theory.expectations import mean, phi
from theory.portrait import portrait
from theory.quadrature import hermite_moments
from theory.registry import find_claim
from theory.symbols import t, x

def numbers(activation):
    drawn = portrait(activation, [Fraction(1, 2)])
    found = [row.value for row in drawn.hermite] + list(drawn.at[Fraction(1, 2)].values())
    return [[n.value, n.radius, n.verdict.name] for n in found]

def judged(left, right, points, relation=Relation.EQUAL):
    found = checking.check_link(left, right, relation, points, about="a link")
    return [found.verdict.name, found.method]

def shown(ball):
    return ball.str(40)

points = [{phi: RELU.expr}, {phi: TANH.expr}]
means = mean(phi(x) * x), mean(phi(x).diff(x))
shift = find_claim("hermite-shift")
few = replace(shift, points=lambda: islice(shift.points(), 2))
kinked = Activation(name="kinked", expr=sp.Max(x - sp.sqrt(2) / 3, 0) + sp.exp(x / 2))
print(json.dumps({
    "rigorous": RIGOROUS,
    "relu": numbers(RELU),
    "tanh": numbers(TANH),
    "link": judged(*means, points),
    "spoilt link": judged(means[0], sp.Rational(98, 97) * means[1], points),
    "order": judged(sp.Integer(2), sp.pi, [{}], Relation.AT_MOST),
    "zero": judged((1 + t) ** 2, 1 + 2 * t + t**2, [{t: sp.Rational(1, 3)}]),
    "claim": checking.check_statement(few).verdict.name,
    "twin": checking.check_statement(few, shift.twins[0].statement).verdict.name,
    "steps": [finding.evidence.verdict.name for finding in checking.check_steps(few) if finding.evidence],
    "moments": [shown(m) for m in hermite_moments(kinked, 12, 128)],
    "energy": [shown(balls.gaussian_mean(kinked, None, 128, square=True))],
    "taylor": [shown(c) for c in balls.taylor(sp.tanh(t) * sp.erf(t + 1), t, 6, 128)],
}))
"""


@pytest.fixture(scope="module")
def blocked():
    done = subprocess.run([sys.executable, "-c", BLOCKED], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_without_the_library_nothing_is_enclosed(blocked):
    assert blocked["rigorous"] is False
    assert "ENCLOSED" not in json.dumps(blocked)
    assert blocked["link"] == [
        "NUMERIC",
        "both sides in floating arithmetic with estimated errors that overlap; quadrature of the definition agrees",
    ]
    assert blocked["spoilt link"][0] == "REFUTED"
    assert blocked["order"] == [
        "NUMERIC",
        "both sides in floating arithmetic with estimated errors, one below the other",
    ]
    assert blocked["zero"][0] == "EXACT"
    assert (blocked["claim"], blocked["twin"]) == ("NUMERIC", "REFUTED")
    assert set(blocked["steps"]) == {"NUMERIC"}


@pytest.mark.slow
@pytest.mark.parametrize("activation", [RELU, TANH], ids=lambda a: a.name)
def test_without_the_library_the_digits_are_the_same(blocked, activation):
    drawn = portrait(activation, [Fraction(1, 2)])
    values = [row.value for row in drawn.hermite] + list(drawn.at[Fraction(1, 2)].values())
    found = blocked[activation.name]
    assert {verdict for *_, verdict in found} == {"NUMERIC"}
    assert {value.verdict.name for value in values} == {"ENCLOSED"}
    with balls.precision(200):
        for (shown, radius, _), known in zip(found, values, strict=True):
            gap = abs(flint.arb(shown) - flint.arb(known.value)).upper()
            assert gap <= flint.arb(radius) + flint.arb(known.radius)
            spoilt = abs(flint.arb(shown) * 98 / 97 - flint.arb(known.value)).lower()
            assert spoilt > flint.arb(radius) + flint.arb(known.radius) or shown == known.value == "0"


KINKED = Activation(name="kinked", expr=sp.Max(x - sp.sqrt(2) / 3, 0) + sp.exp(x / 2))
TRUE = {
    "moments": lambda: hermite_moments(KINKED, 12, 200),
    "energy": lambda: [balls.gaussian_mean(KINKED, None, 200, square=True)],
    "taylor": lambda: balls.taylor(sp.tanh(t) * sp.erf(t + 1), t, 6, 200),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", TRUE)
def test_without_the_library_a_value_is_within_its_radius_and_a_spoilt_one_is_not(blocked, what):
    found = blocked[what]
    with balls.precision(200):
        for shown, truth in zip(found, TRUE[what](), strict=True):
            mid, rad = (flint.arb(part) for part in shown.strip("[]").split("+/-"))
            assert rad < 1e-30
            assert abs(mid - truth) <= rad + abs(mid) * flint.arb("1e-39")  # shown to 40 digits
            assert not abs(mid - truth * 98 / 97) <= rad or abs(truth) < 1e-20
