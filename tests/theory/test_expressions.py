"""Text to SymPy: what is meant is read exactly, and nothing else gets through."""

import re

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.activations import (
    ALIASES,
    CATALOGUE,
    ELU,
    FAMILIES,
    GELU,
    MISH,
    RELU,
    SIGMOID,
    SOFTPLUS,
    STEP,
    celu,
    hermite,
    leaky_relu,
    prelu,
    relu_power,
    softplus,
    swish,
)
from theory.expressions import ALPHABET, MAX_TEXT, parse
from theory.functions import FUNCTIONS
from theory.symbols import x

GOOD = {
    "x": x,
    "  x ": x,
    "-x + 2*(x - 1)/3": -x + 2 * (x - 1) / 3,
    "0.1*x": x / 10,
    "1.5e3*x - 1e-3": 1500 * x - sp.Rational(1, 1000),
    "1_000*x": 1000 * x,
    "0.30000000000000000000000000000000000001": sp.Rational("0.30000000000000000000000000000000000001"),
    "x**3 - 3*x": x**3 - 3 * x,
    "x**-2": x**-2,
    "-x**2": -(x**2),
    "abs(x)**1.5": sp.Abs(x) ** sp.Rational(3, 2),
    "sqrt(1 + x**2)": sp.sqrt(1 + x**2),
    "sqrt(2)": sp.sqrt(2),
    "pi*x/e": sp.pi * x / sp.E,
    "E**(-x**2/2)": sp.exp(-(x**2) / 2),
    "2**x": sp.exp(x * sp.log(2)),
    "exp(-x**2)*cos(x)*sin(x)": sp.exp(-(x**2)) * sp.cos(x) * sp.sin(x),
    "x*tanh(log(1 + exp(x)))": x * sp.tanh(sp.log(1 + sp.exp(x))),
    "sinh(x) + cosh(x) + atan(x)": sp.sinh(x) + sp.cosh(x) + sp.atan(x),
    "x*(1 + erf(x/sqrt(2)))/2": x * (1 + sp.erf(x / sp.sqrt(2))) / 2,
    "erfc(-x)": sp.erfc(-x),
    "Abs(x) + abs(x)": 2 * sp.Abs(x),
    "sign(x)": sp.sign(x),
    "relu(x)": RELU.expr,
    "max(x, 0)": RELU.expr,
    "Min(Max(x, -1), 1)": sp.Min(sp.Max(x, -1), 1),
    "min(x, 1)": sp.Min(x, 1),
    "sigmoid(x)": SIGMOID.expr,
    "sigmoid(100*(x - 1))": 1 / (1 + sp.exp(100 - 100 * x)),
    "softplus(x)": SOFTPLUS.expr,
    "step(x)": STEP.expr,
    "Heaviside(x)": STEP.expr,
    "gelu(2*x + 1)": GELU.expr.subs(x, 2 * x + 1),
    "mish(x)": MISH.expr,
    "mish(x/2)": MISH.expr.subs(x, x / 2),
    "leaky_relu(x, 1/5)": leaky_relu(sp.Rational(1, 5)).expr,
    "prelu(x, 1, 1/4)": prelu(1, sp.Rational(1, 4)).expr,
    "prelu(x, 2)": 2 * sp.Max(x, 0) + sp.Min(x, 0) / 4,
    "relu_power(x, 3)": relu_power(3).expr,
    "relu3(x - 1)": sp.Max(x - 1, 0) ** 3,
    "swish(x)": x * SIGMOID.expr,
    "swish(x, 2)": swish(2).expr,
    "softplus(x, 3)": softplus(3).expr,
    "elu(x, 1)": ELU.expr,
    "celu(x, 2)": celu(2).expr,
    "hermite(x, 3)": x**3 / sp.sqrt(6) - 3 * x / sp.sqrt(6),
    "hermite(x, 1, 4)": hermite(1, 4).expr,
    "h2(exp(-x**2))": sp.exp(-2 * x**2) / sp.sqrt(2) - 1 / sp.sqrt(2),
    "rbf(x)": sp.sqrt(2) * sp.sin(sp.sqrt(2) * x + sp.pi / 4),
    "Piecewise((0, x < 0), (x, x <= 1), (1, True))": sp.Piecewise((0, x < 0), (x, x <= 1), (1, True)),
    "Piecewise((x, 0 < x < 1), (x**2, x >= 2), (0, True))": sp.Piecewise(
        (x, sp.And(x > 0, x < 1)), (x**2, x >= 2), (0, True)
    ),
    "Piecewise((x, x**2 > 1), (0, True))": sp.Piecewise((x, x**2 > 1), (0, True)),
}

HOSTILE = {
    # Python that is not a formula
    "x.__class__": "allowed are numbers",
    "().__class__.__bases__": "allowed are numbers",
    "__import__": "unknown name '__import__'",
    "__import__('os').system('id')": "the character",
    "open(x)": "unknown name 'open'",
    "eval(x)": "unknown name 'eval'",
    "x.diff(x)": "allowed are numbers",
    "exp.__globals__": "allowed are numbers",
    "[x for x in x]": "the character '['",
    "(x for x in x)": "allowed are numbers",
    "lambda: x": "the character ':'",
    "(x := 1)": "the character ':'",
    "x if x else x": "allowed are numbers",
    "1if x else 2": "allowed are numbers",
    "not x": "allowed are numbers",
    "x or x": "allowed are numbers",
    "(x, x)": "allowed are numbers",
    "max(*x)": "max takes",
    "exp(x=1)": "allowed are numbers",
    "exp(x)(x)": "allowed are numbers",
    "await x": "not an expression",
    "x; x": "the character ';'",
    "x = 1": "not an expression",
    "x == 1": "allowed are numbers",
    "x < 1": "allowed are numbers",
    "True": "not a decimal number",
    "None": "not a decimal number",
    "...": "not a decimal number",
    "1j": "not a decimal number",
    "0x10": "not a decimal number",
    "'x'": "the character",
    "x\n+ 1": "the character '\\n'",
    "x\x00": "the character '\\x00'",
    "": "not an expression",
    "x x": "not an expression",
    # look-alikes, which Python would normalise
    "\u0445": "the character '\\u0445'",
    "\U0001d465": "the character '\\U0001d465'",
    "\uff45xp(x)": "the character '\\uff45'",
    "x\u2212 1": "the character '\\u2212'",
    # near misses
    "tan(x)": "did you mean tanh?",
    "sigmod(x)": "did you mean sigmoid?",
    "frobnicate(x)": "known are E, Max,",
    "y": "unknown name 'y'",
    "x(1)": "x is not a function",
    "relu": "relu is a function; write relu(...)",
    "exp(x, x)": "exp takes one argument",
    "max(x)": "max takes 2 to 8 arguments",
    "mish(x, 1)": "mish takes one argument",
    "prelu(x, 1, 2, 3)": "prelu takes 1 to 3 arguments",
    "hermite(x)": "hermite takes 2 to 8 arguments",
    "h1+h2(x)": "unknown name 'h1'",
    "softplus(x, x)": "x is not a real number",
    "softplus(x, 0)": "0 is not positive",
    "hermite(x, 65)": "65 is not a whole number from 0 to 64",
    "relu_power(x, 1/2)": "1/2 is not a whole number from 0 to 64",
    "x^2": "a power is written with **",
    "x // 2": "allowed are numbers",
    # numbers and powers that must not be built
    "9**9**9": "a power above 64",
    "9" * 100: "above 1e+12",
    "1e13": "above 1e+12",
    "10**13": "above 1e+12",
    "1e400000000": "above 1e+12",
    "1e999999999999999999999": "not a decimal number",
    "1e-400000000": "more than 100 digits",
    "0." + "1" * 101: "more than 100 digits",
    "((2*x)**64)**64": "more than 100 digits",
    "(x**9)**9": "a power above 64",
    "x**64*x": "a power above 64",
    "((x**8 + 1)**8 + 1)**8": "a power above 64",
    "x**1e12": "a power above 64",
    "exp(10**11*log(2))": "a constant term above 700",
    "exp(10**11*log(2*x))": "a power above 64",
    "2**(10**11*log(3)/log(2))": "a power above 64",
    "e**(10**11*log(x))": "a power above 64",
    "cosh(1e12)": "above 1e+12",
    "swish(x, 10**11*log(2))": "a power above 64",
    "softplus(10**11*log(2))": "a constant term above 700",
    "square(" * 7 + "x" + ")" * 7: "a power above 64",
    # no value, or none that is real
    "1/0": "not a finite real number",
    "1/(x - x)": "not a finite real number",
    "0**-1": "not a finite real number",
    "log(0)": "not a finite real number",
    "log(-1)": "not a finite real number",
    "sqrt(-1)": "not a finite real number",
    "(-1)**(1/3)": "not a finite real number",
    "log(-2 + x - x)": "not a finite real number",
    "exp(" + "-exp(" * 20 + "1" + ")" * 21: "more than 6 functions inside each other",
    "sqrt(1 + " * 9 + "x" + ")" * 9: "more than 6 functions inside each other",
    "max(x, max(0, 1*x**2, x**3, x**4), max(x**5, x**6, x**7, x**8, x**9))": "more than 8 arguments in all",
    "prelu(" * 4 + "x" + ")" * 4: "more than 8 kinks inside a kink",
    "+".join(f"abs(x - {i})" for i in range(41)): "more than 40 kinks",
    "abs(x**17)": "a polynomial of degree above 16",
    "mish(" * 3 + "x" + ")" * 3: "more than 6 functions inside each other",
    "hermite(hermite(x, 7, 6, 5, 4), 8, 7, 6, 5)": "more than 1000 parts once written out",
    "x**x": "needs a positive number",
    "(-2)**x": "needs a positive number",
    "max(log(min(x, -1)), 0)": "not an expression",
    # case distinctions
    "Piecewise((x, x < 0))": "the last case of Piecewise is (value, True)",
    "Piecewise((x, True), (0, True))": "each earlier case of Piecewise is (value, condition)",
    "Piecewise(x, 0)": "each earlier case of Piecewise is (value, condition)",
    "Piecewise()": "Piecewise takes 1 to 8 cases",
    "Piecewise((x, 1 < 2), (0, True))": "compares polynomials in x",
    "Piecewise((x, sin(x) < 0), (0, True))": "compares polynomials in x",
    "Piecewise((x, x**17 < 2), (0, True))": "a polynomial of degree above 16",
    "Piecewise((x, x" + "< x" * 9 + "), (0, True))": "a condition holds at most 8 comparisons",
    "Piecewise((x, x == 0), (0, True))": "conditions compare by",
    "Piecewise((x, x is 0), (0, True))": "conditions compare by",
    # size
    "(" * 100_000: "100000 characters",
    "x" * 1_000_000: "1000000 characters",
    "(" * 1000: "not an expression",
    "(" * 150 + "x" + ")" * 150 + "+" + "-" * 100 + "x": "more than 50 levels",
    "-" * 1999 + "x": "more than 50 levels",
    "x" + "**x" * 600: "more than 50 levels",
    "x" + "+x" * 60: "more than 50 levels",
    "(x + " * 60 + "x" + ")" * 60: "more than 50 levels",
    "not " * 400 + "x": "allowed are numbers",
}


def shown(text: str) -> str:
    """Return a short name of a case, its length included where it is cut."""
    return ascii(text) if len(text) <= 50 else f"{text[:30]!a}... {len(text)}"


@pytest.mark.parametrize("text", GOOD, ids=shown)
def test_a_formula_is_read_exactly(text):
    assert parse(text) == GOOD[text]


@pytest.mark.parametrize("text", HOSTILE, ids=shown)
def test_anything_else_is_refused_in_one_short_line(text):
    with pytest.raises(ValueError, match=re.escape(HOSTILE[text])) as refusal:
        parse(text)
    message = str(refusal.value)
    assert message.startswith("not an expression: ")
    assert message.isprintable()
    assert len(message) < 300


def test_an_activation_of_the_catalogue_is_a_function():
    members = {a.name: a for a in CATALOGUE if a.name.isidentifier()}
    assert {"gelu", "h2", "ntk_phi4"} < set(members) < {a.name for a in CATALOGUE}
    assert {name: parse(f"{name}(x)") for name in members} == {name: a.expr for name, a in members.items()}
    assert {alias: parse(f"{alias}(x)") for alias in ALIASES} == {a: members[n].expr for a, n in ALIASES.items()}


def test_an_activation_at_an_argument_is_its_formula_there():
    members = [a for a in CATALOGUE if a.name.isidentifier()]
    at = sp.Rational(3, 7)
    for member in members:
        off = parse(f"{member.name}(2*x - 1)").subs(x, at) - member.expr.subs(x, 2 * at - 1)
        assert abs(off.evalf(30)) < 1e-25, member.name


def test_every_function_of_the_whitelist_can_be_called():
    for name, function in FUNCTIONS.items():
        assert parse(f"{name}({', '.join(['x', '1'][: function.least])})").free_symbols == {x}


def test_the_longest_text_allowed_is_read_and_one_more_character_is_not():
    text = "x".ljust(MAX_TEXT)
    assert parse(text) == x
    with pytest.raises(ValueError, match="2001 characters"):
        parse(text + " ")


def is_sound(text: str) -> bool:
    """Return whether `text` is either an expression in x alone or refused as the contract says."""
    try:
        expr = parse(text)
    except ValueError as refusal:
        return str(refusal).startswith("not an expression: ") and "\n" not in str(refusal)
    return isinstance(expr, sp.Expr) and expr.free_symbols <= {x} and not expr.has(sp.I, sp.oo, sp.zoo, sp.nan)


@settings(max_examples=300)
@given(st.text(max_size=80))
def test_arbitrary_text_is_an_expression_or_a_value_error(text):
    assert is_sound(text)


@settings(max_examples=300)
@given(st.from_regex(ALPHABET, fullmatch=True))
def test_arbitrary_text_of_the_alphabet_is_an_expression_or_a_value_error(text):
    assert is_sound(text)


FORMULAS = st.recursive(
    st.sampled_from(["x", "0", "1", "-1", "64", "0.5", "1/3", "1e12", "1e-60", "pi", "e"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "**"]), inner).map(lambda t: f"({t[0]}{t[1]}{t[2]})"),
        st.tuples(st.sampled_from(sorted(FAMILIES)), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        st.tuples(st.sampled_from(sorted(FUNCTIONS)), inner).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(st.sampled_from(["max", "min"]), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        st.tuples(inner, inner, inner).map(lambda t: f"Piecewise(({t[0]}, {t[1]} < x), ({t[2]}, True))"),
    ),
    max_leaves=12,
)


@settings(max_examples=300)
@given(FORMULAS)
def test_arbitrary_formulas_are_an_expression_or_a_value_error(text):
    assert is_sound(text)
