"""SymPy -> LaTeX -> MathML that a browser shows without any script.

`sympy.latex` writes a few things as no textbook does, and `latex2mathml` garbles a few more; both are mended here.
What leaves this file is MathML and nothing else: every element and attribute is checked against a list, so no string
inside a formula can become markup.
"""

from __future__ import annotations

import html
import re
from decimal import ROUND_DOWN, Context
from functools import cache
from xml.etree import ElementTree as ET

import sympy as sp
from sympy.printing.latex import LatexPrinter

from theory.claim import Relation

RELATIONS = {
    Relation.EQUAL: "=",
    Relation.AT_MOST: r"\leq",
    Relation.AT_LEAST: r"\geq",
    Relation.TENDS_TO: r"\to",
}

LONGEST = 120
"""Characters of a closed form in a table: what is longer would hide the digits beside it, or leave the page."""
ELSEWHERE = "long: see --json"
FRACTION, MANY = 20, 7
"""Characters of a fraction that is printed whole, and the digits of one that is not, as the constants of selu."""

_NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
_ELEMENT = re.compile(
    "math|mrow|mi|mn|mo|mtext|mspace|mfrac|msqrt|mroot|mstyle|msub|msup|msubsup|munder|mover|munderover|mtable|mtr|mtd|"
    "mpadded|mphantom|menclose|mmultiscripts|mprescripts|none"
)
_ATTRIBUTE = re.compile(
    "display|stretchy|fence|form|lspace|rspace|width|height|depth|columnalign|rowspacing|columnspacing|mathvariant|"
    "scriptlevel|displaystyle|accent|accentunder|movablelimits|minsize|maxsize|symmetric|linethickness|notation|"
    "separator|largeop|columnlines|rowlines"
)


class Printer(LatexPrinter):  # type: ignore[misc]  # SymPy has no types
    """SymPy's printer with the field's notation where SymPy's own is not readable; `_latex` methods keep priority."""

    def __init__(self) -> None:
        super().__init__({"inv_trig_style": "full"})

    def _print_hermite_prob(self, expr: sp.Expr, exp: str | None = None) -> str:
        """Write `He_l(x)`; SymPy writes a subscript `prob`."""
        degree, argument = (self._print(a) for a in expr.args)
        power = f"^{{{exp}}}" if exp else ""
        return rf"\operatorname{{He}}_{{{degree}}}{power}\left({argument}\right)"

    def _print_Heaviside(self, expr: sp.Expr, exp: str | None = None) -> str:
        """Write an indicator; SymPy's theta reads as an angle."""
        power = f"^{{{exp}}}" if exp else ""
        return rf"\mathbf{{1}}{power}\left\{{{self._print(expr.args[0])} > 0\right\}}"

    def _print_Symbol(self, expr: sp.Symbol, style: str = "plain") -> str:
        """Write a name of several letters as a word, not as a product; an index of several letters too."""
        text = super()._print_Symbol(expr, style)
        if re.fullmatch(r"[A-Za-z]{2,}", text):
            return rf"\mathrm{{{text}}}"
        return re.sub(r"([_^])\{([A-Z]{2,}|[A-Za-z]{3,})\}", r"\1{\\mathrm{\2}}", text)


def too_long(closed_form: sp.Expr) -> bool:
    """Say whether a closed form is too long for a table."""
    return len(str(closed_form)) > LONGEST


def latex(expr: sp.Basic) -> str:
    """Return the LaTeX of a SymPy expression; of a fraction that no line holds, `MANY` digits and an ellipsis."""
    long = {q for q in expr.atoms(sp.Rational) if not q.is_Integer and len(str(q)) > FRACTION}
    return str(Printer().doprint(expr.xreplace({q: _abridged(q) for q in long})))


def _abridged(q: sp.Rational) -> sp.Expr:
    digits, _, power = str(Context(prec=MANY, rounding=ROUND_DOWN).divide(abs(q.p), q.q)).partition("E")
    size = sp.Symbol(rf"{digits}\ldots" + (rf" \cdot 10^{{{int(power)}}}" if power else ""), positive=True)
    return size if q > 0 else -size


def relation_latex(left: sp.Basic, relation: Relation, right: sp.Basic) -> str:
    """Return the LaTeX of `left relation right`."""
    return f"{latex(left)} {RELATIONS[relation]} {latex(right)}"


@cache
def mathml(source: str, *, display: bool = True) -> str:
    """Return the MathML of LaTeX; where the converter gives up, the LaTeX itself, escaped, as code."""
    from latex2mathml.converter import convert  # noqa: PLC0415 - an extra: LaTeX alone must not need it

    try:
        tree = ET.fromstring(convert(_prepared(source), display="block" if display else "inline"))  # noqa: S314 - ours
        _refuse_strangers(tree)
    except Exception:  # noqa: BLE001 - latex2mathml has no common error, and LaTeX can still be read
        return f'<code class="latex">{html.escape(source)}</code>'
    _mend(tree)
    tree.set("xmlns", _NAMESPACE.strip("{}"))
    return ET.tostring(tree, encoding="unicode")


def _prepared(source: str) -> str:
    """Return LaTeX that the converter understands: it neither escapes text nor pairs these delimiters."""
    source = re.sub(r"\\text\{([^{}]*)\}", lambda m: rf"\text{{{html.escape(m[1], quote=False)}}}", source)
    for command, side in ((r"\lVert", "left"), (r"\rVert", "right"), (r"\lvert", "left"), (r"\rvert", "right")):
        source = re.sub(rf"(?<!\\left)(?<!\\right){re.escape(command)}(?![A-Za-z])", rf"\\{side}\{command}", source)
    return source


def _refuse_strangers(tree: ET.Element) -> None:
    """Raise ValueError for what is not plain MathML, and drop the namespace from every name."""
    for element in tree.iter():
        element.tag = element.tag.removeprefix(_NAMESPACE)
        strangers = [name for name in element.attrib if not _ATTRIBUTE.fullmatch(name)]
        if not _ELEMENT.fullmatch(element.tag) or strangers or re.match(r"\\[A-Za-z]", element.text or ""):
            raise ValueError(f"not MathML: {element.tag} {' '.join(strangers)} {element.text}")


def _mend(tree: ET.Element) -> None:
    """Give function names the spacing of a function name, and words their letters together."""
    for element in tree.iter():
        if element.tag in ("mi", "mo") and re.fullmatch(r"[A-Za-z]{2,}", element.text or "") and not element.attrib:
            # as <mi> it would touch a factor on its left, as a plain <mo> it would stand off from its argument
            element.tag = "mo"
            element.attrib |= {"lspace": "0.1667em", "rspace": "0"}
        letters = [child.text or "" for child in element if child.get("mathvariant") == "normal" and not len(child)]
        if element.tag == "mrow" and len(letters) == len(element) > 1 and "".join(letters).isalpha():
            word = ET.Element("mi", mathvariant="normal")
            word.text = "".join(letters)
            element[:] = [word]
