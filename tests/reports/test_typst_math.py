"""Formulas reach typst whole or not at all."""

import re
from collections import Counter

import pytest

from reports.formulas import latex, mathml, relation_latex
from reports.typst_math import quoted, typst_math
from theory.activations import CATALOGUE, GELU, RELU, SIN
from theory.alignment import lower_end, theorem_5_4_bound, upper_end
from theory.derivation import MU
from theory.kernels import random_features, tangent_features
from theory.portrait import why_no_tangent
from theory.registry import claims

from .test_formulas import FORMULAS

HAND = (
    (r"\frac12 \alpha", "frac(1, 2) α"),
    (r"x_{i}^{2}", "attach(x, t: 2, b: i)"),
    (r"f'(x)", r"attach(f, t: ′) \( x \)"),
    (r"{} \leq \mathbb{E}[x]", r'"" ≤ bb(E) \[ x \]'),
    (r"\left(a, b\right)", r"lr(\( a \, b \))"),
    (r"\left. x \right|_{\substack{ x=0 }}", "attach(lr(x |), b: x = 0)"),
    (r"\gamma_{\mathrm{RF}}", 'attach(γ, b: "RF")'),
    (r"\text{for}\: x > 0", '"for" med x > 0'),
    (r"\begin{cases} x & \text{if}\: x \\0 & 1 \end{cases}", 'cases(x & "if" med x, 0 & 1)'),
    (r"\left[\begin{matrix}1 & x\\2 & 3\end{matrix}\right]", r"lr(\[ mat(delim: #none, 1, x; 2, 3) \])"),
    (r"\sqrt[3]{x}", "root(3, x)"),
    (r"\sum_{\substack{i \\ j}} x", r"attach(∑, b: i \ j) x"),
    (r"\max\left(0, x\right)", r'op("max", limits: #true) lr(\( 0 \, x \))'),
    (r"\mathbf{1}\left\{x > 0\right\}", r"bold(upright(1)) lr(\{ x > 0 \})"),
)


@pytest.mark.parametrize(("source", "written"), HAND)
def test_a_formula_is_written_in_calls_and_characters(source, written):
    assert typst_math(source) == written


@pytest.mark.parametrize(
    "source",
    [
        r"\unknown{x}",
        r"\href{javascript:alert(1)}{x}",
        r"a_{b}_{c}",
        r"a^{b}^{c}",
        r"\frac{1}",
        r"\left( x",
        r"x \right)",
        r"{x",
        r"x}",
        r"a \\ b",
        r"a & b",
        r"x % y",
        r"x # y",
        r"$x$",
        'a "b" c',
        r"\begin{align}x\end{align}",
        r"\begin{cases}x\end{matrix}",
        r"\operatorname{a\b}",
        r"\text{$x$}",
        "é",
        r"\sqrt",
    ],
)
def test_what_is_not_known_is_refused_with_the_formula(source):
    with pytest.raises(ValueError, match="LaTeX that typst cannot be told") as refused:
        typst_math(source)
    assert source in str(refused.value)


def test_a_string_ends_where_it_was_meant_to():
    assert quoted('a"b\\c') == '"a\\"b\\\\c"'


def digits(text: str) -> Counter[str]:
    return Counter(re.findall(r"[0-9]", text))


def assert_converted(source: str) -> None:
    """Both converters take `source`, and no digit of it is lost on the way to typst."""
    assert digits(typst_math(source)) == digits(source)
    assert '<code class="latex">' not in mathml(source)


@pytest.mark.parametrize("expr", FORMULAS, ids=str)
def test_every_kind_of_formula_is_converted(expr):
    assert_converted(latex(expr))


def test_what_the_claims_say_is_converted():
    found = set()
    for claim in claims().values():
        found.add(relation_latex(claim.statement[0], claim.relation, claim.statement[1]))
        found |= {relation_latex(t.statement[0], claim.relation, t.statement[1]) for t in claim.twins if t.statement}
        found |= set(claim.definitions)
        words = (claim.title, claim.reading, claim.remark, *claim.definitions.values(), *(t.slip for t in claim.twins))
        found |= {formula for text in words for formula in re.findall(r"\$([^$]+)\$", text)}
    assert len(found) > 60
    for source in sorted(found):
        assert_converted(source)


def formulas_of(activation):
    """Return the dual, the gammas and the coefficients as functions of the degree, where they have closed forms."""
    features = random_features(activation)
    laws = [lower_end(features), upper_end(features), theorem_5_4_bound(features)]
    if not why_no_tangent(activation):
        laws.append(lower_end(tangent_features(activation)))
    found = [activation.expr, *(law.expr for law in laws), features.base_dual and features.base_dual.expr]
    if (degrees := features.series.degrees) is not None:
        found += [expr for case in degrees.cases for expr in (MU[case.degree], case.expr)]
        found += [value for _, value in degrees.exceptions]
    return [expr for expr in found if expr is not None]


@pytest.mark.parametrize("activation", [RELU, GELU, SIN], ids=lambda a: a.name)
def test_what_is_derived_is_converted(activation):
    found = formulas_of(activation)
    assert len(found) > 4
    for expr in found:
        assert_converted(latex(expr))


@pytest.mark.slow
@pytest.mark.parametrize("activation", CATALOGUE, ids=lambda a: a.name)
def test_what_is_derived_of_the_whole_catalogue_is_converted(activation):
    found = formulas_of(activation)
    assert activation.expr in found
    for expr in found:
        assert_converted(latex(expr))
