"""What SymPy writes is shown as mathematics, and nothing in it becomes markup."""

from xml.etree import ElementTree as ET

import pytest
import sympy as sp

from reports.formulas import latex, mathml, relation_latex
from theory.claim import Relation
from theory.symbols import alpha, ell, rho, x

KERNEL = sp.MatrixSymbol("K_{-1}", 3, 3)
FORMULAS = (
    sp.Sum(sp.Symbol("mu_l") ** 2 * alpha**ell, (ell, 2, sp.oo)),
    sp.Integral(sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi), (x, -sp.oo, sp.oo)),
    KERNEL.T * KERNEL**-1 - sp.Identity(3),
    sp.Matrix([[1, x], [rho, 2]]),
    sp.Piecewise((x, x > 0), (0, x <= -1), (1, True)),
    sp.Symbol("h_{l}") * sp.hermite_prob(ell, x),
    sp.Max(0, x) + sp.Abs(x) + sp.Heaviside(x) + sp.sign(x) + sp.erf(x) + sp.acos(rho),
    sp.Subs(sp.Derivative(sp.Function("f")(x), x), x, 0),
    sp.Limit(1 / x, x, sp.oo),
    sp.Sum(x, (ell, 0, 5), (sp.Symbol("k"), 0, 3)),
    sp.Lambda(x, x**2),
    sp.Trace(KERNEL),
)


def parsed(text):
    return ET.fromstring(text.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', ""))  # noqa: S314 - our own


@pytest.mark.parametrize("expr", FORMULAS, ids=str)
def test_every_kind_of_formula_becomes_mathml(expr):
    tree = parsed(mathml(latex(expr)))
    assert tree.tag == "math"
    assert not any((element.text or "").startswith("\\") for element in tree.iter())


def test_hermite_polynomials_and_indicators_are_written_as_in_the_paper():
    assert latex(sp.hermite_prob(ell, x)) == r"\operatorname{He}_{\ell}\left(x\right)"
    assert latex(sp.hermite_prob(2, x, evaluate=False) ** 2) == r"\operatorname{He}_{2}^{2}\left(x\right)"
    assert latex(sp.Heaviside(x)) == r"\mathbf{1}\left\{x > 0\right\}"
    assert latex(sp.acos(x)) == r"\arccos{\left(x \right)}"


def test_names_of_several_letters_are_words():
    assert latex(sp.Symbol("gamma_RF")) == r"\gamma_{\mathrm{RF}}"
    assert latex(sp.Symbol("Cov")) == r"\mathrm{Cov}"
    assert latex(sp.Symbol("B_ij")) == "B_{ij}"
    assert latex(sp.Symbol("d_x")) == "d_{x}"
    assert ">Cov</mi>" in mathml(r"\mathrm{Cov}")


def test_a_class_with_its_own_latex_keeps_it():
    class Expectation(sp.Function):
        def _latex(self, printer, exp=None):  # noqa: ARG002 - SymPy's signature
            return rf"\mathbb{{E}}\left[{printer.doprint(self.args[0])}\right]"

    assert latex(Expectation(x)) == r"\mathbb{E}\left[x\right]"
    assert "𝔼" in mathml(latex(Expectation(x)))


def test_a_relation_stands_between_its_sides():
    assert relation_latex(x, Relation.AT_MOST, rho) == r"x \leq \rho"
    assert relation_latex(x, Relation.TENDS_TO, rho) == r"x \to \rho"


def test_a_function_name_has_the_spacing_of_one():
    tree = parsed(mathml(r"2 \operatorname{erf}\left(x\right) \log{\left(x \right)}"))
    named = [element for element in tree.iter("mo") if element.text in ("erf", "log")]
    assert [element.get("rspace") for element in named] == ["0", "0"]


@pytest.mark.parametrize(
    "source",
    [
        r"\text{<script>alert(1)</script>}",
        r"\text{a < b & c}",
        r"<script>alert(1)</script>",
        r"\href{javascript:alert(1)}{x}",
        r'\class{x" onclick="a}{b}',
        r"\style{background:url(//evil)}{x}",
        r"\mbox{<script>alert(1)</script>}",
        r"\textbf{<a>x</a>}",
        r"\unknown{<b>x</b>}",
        r"\left(",
        r"a_{b}_{c}",
    ],
)
def test_no_string_becomes_markup(source):
    tree = parsed(mathml(source))
    assert tree.tag in ("math", "code")
    assert not any(element.tag in ("script", "b", "a") for element in tree.iter())
    assert not any(name in element.attrib for element in tree.iter() for name in ("href", "onclick", "style"))


def test_latex_that_cannot_be_converted_is_shown_as_it_is():
    assert mathml(r"\href{javascript:alert(1)}{x}") == r'<code class="latex">\href{javascript:alert(1)}{x}</code>'


def test_a_fraction_that_no_line_holds_is_abridged():
    long = sp.Rational("1.0507009873554804934193349852946")
    assert latex(long * sp.exp(x) - 2 * long * x) == r"1.050700\ldots e^{x} - 2.101401\ldots x"
    assert latex(-long / 10**40) == r"- 1.050700\ldots \cdot 10^{-40}"
    assert latex(x + sp.Rational(12345678, 12345679)) == r"x + \frac{12345678}{12345679}"
