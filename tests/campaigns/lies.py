"""Claims files that lie: each is an honest file with one passage changed, and the words with which it is to be refused.

Every lie stays within the package's types and says something false through them; the honest file it is made of passes.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Lie:
    """An honest text, the passages of it that are changed, and what must be said of the file that results."""

    name: str
    honest: str
    changes: tuple[tuple[str, str], ...]
    words: str

    @property
    def text(self) -> str:
        """The file that lies; ValueError if a passage is not in the honest one exactly once."""
        made = self.honest
        for was, now in self.changes:
            if made.count(was) != 1:
                raise ValueError(f"{self.name}: {was!r} is in the honest file {made.count(was)} times")
            made = made.replace(was, now)
        return made


STATED = '''\
"""h1 + h2 aligns less than a linear model."""

import sympy as sp

from theory.claim import Claim, Hypothesis, Provenance, Relation, Source, Status, Step, Twin
from theory.evidence import Verdict
from theory.symbols import alpha

GAMMA = (alpha + alpha**2) / 2


def points():
    return ({alpha: sp.Rational(i, 8)} for i in range(1, 8))


def derivation():
    yield Step(left=GAMMA, right=alpha * (1 + alpha) / 2, because="alpha is a factor")


CLAIM = Claim(
    title="h1 + h2 aligns less than a linear model",
    reading="Few samples give it the alignment (alpha + alpha^2)/2, which is at most alpha.",
    statement=(GAMMA, alpha),
    relation=Relation.AT_MOST,
    source=Source(key="bombari2024", anchor="Theorem 5.4, specialised", provenance=Provenance.DERIVED),
    hypotheses=(Hypothesis(text="0 < alpha < 1", examine=lambda _: (Status.HOLDS, "at every point")),),
    points=points,
    derivation=derivation,
    twins=(Twin(slip="the bound is squared", statement=(GAMMA, alpha**2)),),
    expected=None,
    remark="",
)
'''
_SIDES = "statement=(GAMMA, alpha),"
_TWIN = 'twins=(Twin(slip="the bound is squared", statement=(GAMMA, alpha**2)),),'
_POINTS = "return ({alpha: sp.Rational(i, 8)} for i in range(1, 8))"
_STEP = "Step(left=GAMMA, right=alpha * (1 + alpha) / 2,"
_GAMMA = "GAMMA = (alpha + alpha**2) / 2"


def _equal(left: str, right: str) -> tuple[tuple[str, str], ...]:
    """Return the changes that state an equality of two sides."""
    return ((_SIDES, f"statement=({left}, {right}),"), ("relation=Relation.AT_MOST", "relation=Relation.EQUAL"))


_OF_STATEMENTS: tuple[tuple[str, tuple[tuple[str, str], ...], str], ...] = (
    # a statement that says nothing
    (
        "equal to itself, in another order of building",
        _equal("sp.Add(alpha, alpha, GAMMA, evaluate=False)", "GAMMA + 2 * alpha"),
        "both sides are the same expression once built",
    ),
    (
        "equal to itself up to the name that is summed over",
        (
            (_GAMMA, f"{_GAMMA}\ni, j = sp.symbols('i j', integer=True)"),
            *_equal("sp.Sum(alpha**i, (i, 1, 3))", "sp.Sum(alpha**j, (j, 1, 3))"),
        ),
        "both sides are the same expression once built",
    ),
    (
        "two symbols that print alike",
        (
            (_GAMMA, f"{_GAMMA}\nshare = sp.Symbol('alpha')"),
            (_SIDES, "statement=(alpha, share),"),
            (_POINTS, "return ({alpha: sp.Rational(i, 8), share: sp.Rational(i, 4)} for i in range(1, 8))"),
        ),
        "two different symbols print as alpha",
    ),
    (
        "two symbols that are one at every point",
        (
            (_GAMMA, f"{_GAMMA}\nbeta = sp.Symbol('beta', positive=True)"),
            *_equal("GAMMA", "(alpha + beta**2) / 2"),
            (_POINTS, "return ({alpha: sp.Rational(i, 8), beta: sp.Rational(i, 8)} for i in range(1, 8))"),
        ),
        "alpha and beta have the same value at every point",
    ),
    ("constants", ((_SIDES, "statement=(sp.Integer(0), sp.Integer(1)),"),), "no symbol is left in its statement"),
    (
        "true by signs alone",
        ((_SIDES, "statement=(-alpha, alpha**2),"),),
        "holds by the signs of its symbols alone",
    ),
    (
        "a bound that no slip could break",
        ((_SIDES, "statement=(GAMMA, alpha + 10**9 * (2 - alpha)),"),),
        "at no point do its sides come within a factor of 100",
    ),
    (
        "a bound that no slip could break, against 0",
        ((_SIDES, "statement=(GAMMA - 10**9, sp.Integer(0)),"),),
        "at no point do its sides come within a factor of 100",
    ),
    (
        "equal to itself, held back",
        _equal("sp.UnevaluatedExpr(GAMMA)", "GAMMA"),
        "both sides are the same expression once built",
    ),
    (
        "an equality that holds where it is tried",
        _equal("alpha + sp.prod(alpha - sp.Rational(i, 8) for i in range(1, 8))", "alpha"),
        "it holds at {alpha: 1/8} and not beside it",
    ),
    (
        "a symbol that prints as a formula",
        (
            (_GAMMA, f"{_GAMMA}\nsquare = sp.Symbol('alpha**2/2')"),
            (_SIDES, "statement=(GAMMA, alpha + square),"),
            (_POINTS, "return ({alpha: sp.Rational(i, 8), square: sp.Integer(i)} for i in range(1, 8))"),
        ),
        "the symbol alpha**2/2 prints as a formula",
    ),
    ("a float", ((_SIDES, "statement=(GAMMA, 1.0 * alpha),"),), "holds the floating number 1.0"),
    ("a side in quotes", ((_SIDES, "statement=(GAMMA, 'alpha'),"),), "a side is a str"),
    (
        "a side of a class of the file's own",
        (
            (
                _GAMMA,
                (
                    f"{_GAMMA}\n\n\nclass Bound(sp.Symbol):\n    def _eval_subs(self, old, new):\n"
                    "        return sp.Integer(9)\n"
                ),
            ),
            (_SIDES, "statement=(alpha**2 * 9, Bound('alpha')),"),
        ),
        "holds a Bound, which is neither SymPy's nor ours",
    ),
    (
        "a function with a program inside",
        (
            (
                _GAMMA,
                (
                    f"{_GAMMA}\nfrom sympy.utilities.lambdify import implemented_function\n"
                    "BOUND = implemented_function('b', lambda t: 9)"
                ),
            ),
            (_SIDES, "statement=(GAMMA, BOUND(alpha)),"),
        ),
        "holds a function b that carries a program",
    ),
    (
        "a function with a program inside, after a plain one of its name",
        (
            (
                _GAMMA,
                (
                    f"{_GAMMA}\nfrom sympy.core.function import UndefinedFunction\n"
                    "BOUND = UndefinedFunction('b', __dict__={'doit': lambda self, **_: sp.Integer(9)})"
                ),
            ),
            (_SIDES, "statement=(GAMMA + sp.Function('b')(alpha), BOUND(2 * alpha)),"),
        ),
        "holds a function b that carries a program",
    ),
    # points
    ("no admissible point", ((_POINTS, "return iter(())"),), "its points are none"),
    (
        "one point a thousand times",
        ((_POINTS, "return ({alpha: sp.Rational(1, 8)} for i in range(1000))"),),
        "yields the point {alpha: 1/8} more than once",
    ),
    (
        "points that never move",
        (
            (_GAMMA, f"{_GAMMA}\nbeta = sp.Symbol('beta', positive=True)"),
            (_SIDES, "statement=(GAMMA, alpha * beta),"),
            (_POINTS, "return ({alpha: sp.Rational(i, 8), beta: sp.Integer(1)} for i in range(1, 8))"),
        ),
        "beta has one value at all 7 points",
    ),
    (
        "points that leave a symbol open",
        (
            (_GAMMA, f"{_GAMMA}\nbeta = sp.Symbol('beta', positive=True)"),
            (_SIDES, "statement=(GAMMA * beta, alpha * beta),"),
        ),
        "leave beta without a value",
    ),
    (
        "points of something else",
        (
            (_GAMMA, f"{_GAMMA}\nbeta = sp.Symbol('beta', positive=True)"),
            (_POINTS, "return ({beta: sp.Rational(i, 8)} for i in range(1, 8))"),
        ),
        "leave alpha without a value",
    ),
    (
        "points outside what the symbol may be",
        ((_POINTS, "return ({alpha: sp.Rational(-i, 8)} for i in range(1, 8))"),),
        "alpha = -1/8 is not positive, as alpha is",
    ),
    (
        "points in floating numbers",
        ((_POINTS, "return ({alpha: i / 8} for i in range(1, 8))"),),
        "alpha is a float",
    ),
    (
        "other points for each who asks",
        (
            (_GAMMA, f"{_GAMMA}\nASKED = []"),
            (_POINTS, "ASKED.append(0)\n    return ({alpha: sp.Rational(i, 8 * len(ASKED))} for i in range(1, 8))"),
        ),
        "its points differ from one reading to the next",
    ),
    (
        "points without end",
        ((_POINTS, "import itertools\n    return ({alpha: sp.Rational(1, i)} for i in itertools.count(2))"),),
        "its points do not end",
    ),
    # the derivation
    (
        "a step with the same thing on both sides",
        ((_STEP, "Step(left=GAMMA, right=(alpha**2 + alpha) / 2,"),),
        "step 1, alpha is a factor: both sides are the same expression",
    ),
    (
        "every step is cited",
        ((_STEP, "Step(grounds=Provenance.KNOWN, left=sp.Symbol('F'), right=GAMMA,"),),
        "every step of its derivation is cited or heuristic",
    ),
    (
        "a false step is cited",
        (
            (_STEP, "Step(grounds=Provenance.KNOWN, left=GAMMA, right=alpha**3,"),
            ("\n\n\nCLAIM", "\n    yield Step(left=GAMMA, right=alpha * (1 + alpha) / 2, because='it is')\n\n\nCLAIM"),
        ),
        "step 1, alpha is a factor, is cited or heuristic, and false at its points",
    ),
    (
        "a step that has no points",
        ((_STEP, "Step(points=lambda: iter(()), left=GAMMA, right=alpha * (1 + alpha) / 2,"),),
        "step 1, alpha is a factor: its points are none",
    ),
    # twins and what is expected
    (
        "a twin that is the claim",
        ((_TWIN, 'twins=(Twin(slip="none", statement=(alpha * (1 + alpha) / 2, alpha)),),'),),
        "twin 'none' states what the claim states",
    ),
    (
        "a twin that is false of itself",
        ((_TWIN, 'twins=(Twin(slip="a slip", statement=(sp.Integer(2), sp.Integer(1))),),'),),
        "twin 'a slip': no symbol is left in its statement",
    ),
    (
        "a twin that is false by a constant",
        ((_TWIN, 'twins=(Twin(slip="a slip", statement=(alpha + 1, alpha)),),'),),
        "twin 'a slip': its sides differ by 1 whatever",
    ),
    (
        "a twin about something else",
        (
            (_GAMMA, f"{_GAMMA}\nbeta = sp.Symbol('beta', positive=True)"),
            (_POINTS, "return ({alpha: sp.Rational(i, 8), beta: sp.Rational(i, 9)} for i in range(1, 8))"),
            (_TWIN, 'twins=(Twin(slip="a slip", statement=(beta, beta**2)),),'),
        ),
        "twin 'a slip' shares nothing with the claim's statement",
    ),
    (
        "a failure that is refuted by what it uses",
        (("expected=None", 'expected=Verdict.REFUTED,\n    uses=("lemma-4.1-as-printed",)'),),
        "uses lemma-4.1-as-printed, which is here because it is false",
    ),
    ("a verdict that expects itself", (("expected=None", "expected=Verdict.EXACT"),), "expected is EXACT"),
    # types
    (
        "a claim of a class of the file's own",
        (
            (_GAMMA, f"{_GAMMA}\n\n\nclass Mine(Claim):\n    __post_init__ = lambda self: None\n"),
            ("CLAIM = Claim(", "CLAIM = Mine("),
        ),
        "is a Mine, not a Claim",
    ),
    (
        "a step of a class of the file's own",
        ((_GAMMA, f"{_GAMMA}\n\n\nclass Known(Step):\n    pass\n"), (_STEP, _STEP.replace("Step", "Known"))),
        "a step is a Known, not a Step",
    ),
    (
        "a claim changed after it was made",
        (('    remark="",\n)', '    remark="",\n)\nobject.__setattr__(CLAIM, "twins", ())'),),
        "a claim needs a wrong twin",
    ),
    (
        "a colour for the terminal",
        (('title="h1 + h2', 'title="\\x1b[32mEXACT\\x1b[0m h1 + h2'),),
        "its title holds the control character U+001B",
    ),
    (
        "a text that runs from right to left",
        (('reading="Few', 'reading="\\u202eFew'),),
        "its reading holds the control character U+202E",
    ),
    ("a hypothesis of no known status", (("Status.HOLDS,", '"holds",'),), "'holds', not a Status"),
    ("a file that ends the run", (("\n\n\nCLAIM", "\n\n\nraise SystemExit(0)\nCLAIM"),), "it ends the program"),
    (
        "points that end the run",
        ((_POINTS, f"import sys\n    sys.exit(0)\n    {_POINTS}"),),
        "it ends the program",
    ),
    (
        "a name that reads like one of ours",
        (("CLAIM = Claim(", 'CLAIMS = {}\nCLAIMS["Lemma-4-1"] = Claim('),),
        "Lemma-4-1 reads like lemma-4.1",
    ),
    ("a name of ours", (("CLAIM = Claim(", 'CLAIMS = {}\nCLAIMS["lemma-4.1"] = Claim('),), "two claims are called"),
)

STATEMENTS = tuple(Lie(name=name, honest=STATED, changes=how, words=words) for name, how, words in _OF_STATEMENTS)
