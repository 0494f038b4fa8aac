"""Text from anywhere: refused in one line, with nothing executed, read or imported on the way."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.command_line import main
from theory.activations import CATALOGUE, FAMILIES
from theory.expressions import MAX_TEXT, parse
from theory.functions import FUNCTIONS
from theory.symbols import x

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE = ("os.", "subprocess.", "socket.", "shutil.", "ctypes.", "pickle.", "webbrowser.")
LIBRARIES = (str(Path(sp.__file__).parents[1]), sys.base_prefix, sys.prefix)


def corpus() -> dict[str, str]:
    """Return the texts of `hostile_text.json` by a short name; a list there holds `[piece, times]`, to be joined."""
    kinds = json.loads(Path(__file__).with_name("hostile_text.json").read_text())
    texts = [
        (kind, case if isinstance(case, str) else "".join(piece * times for piece, times in case))
        for kind, cases in kinds.items()
        for case in cases
    ]
    return {f"{kind}: {text[:40]!a} {len(text)} #{number}": text for number, (kind, text) in enumerate(texts)}


CORPUS = corpus()


class Watch:
    """Sees what Python is made to do while it is entered: code from text, and files.

    An audit hook cannot be taken away again, so one is set for good and is deaf outside.  `ast.parse` is heard as the
    compilation of `<unknown>`; a module that SymPy loads late, as code of a file of a library.
    """

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.listening = False
        sys.addaudithook(self.hear)

    def __enter__(self) -> list[str]:
        self.heard, self.listening = [], True
        return self.heard

    def __exit__(self, *_: object) -> None:
        self.listening = False

    def hear(self, event: str, args: tuple) -> None:
        if not self.listening:
            pass
        elif event == "compile" and args[1] != "<unknown>":
            self.heard.append(f"compile {args[1]}")
        elif event == "exec" and not args[0].co_filename.startswith((*LIBRARIES, "<frozen")):
            self.heard.append(f"exec {args[0].co_filename}")
        elif event == "open" and not str(args[0]).startswith(LIBRARIES):
            self.heard.append(f"open {args[0]}")
        elif event.startswith(OUTSIDE) and event not in ("os.listdir", "os.scandir"):  # those two an import does
            self.heard.append(event)


WATCH = Watch()


def fault(text: str, *, reader=parse) -> str | None:
    """Return what is wrong with the way `reader` takes `text`, or None.

    It gives an expression in x alone, or raises a ValueError of one short line; either way nothing was executed.
    """
    with WATCH as heard:
        try:
            expr = reader(text)
        except ValueError as refusal:
            expr, line = None, str(refusal)
        except Exception as error:  # noqa: BLE001  (whatever it is, it is a fault)
            expr, line = None, type(error).__name__
    if heard:
        return f"did {heard[0]}"
    if expr is None:
        sound = line.startswith("not an expression: ") and line.isprintable() and len(line) < 400
        return None if sound else f"said {line[:100]!r}"
    sound = isinstance(expr, sp.Expr) and expr.free_symbols <= {x} and not expr.has(sp.I, sp.oo, sp.zoo, sp.nan)
    return None if sound else f"gave {expr}"


@pytest.mark.parametrize("text", CORPUS.values(), ids=CORPUS)
def test_a_hostile_text_is_refused_in_one_line_with_nothing_executed(text):
    assert fault(text) is None
    with pytest.raises(ValueError, match=r"^not an expression: "):
        parse(text)


def test_the_corpus_holds_many_different_cases():
    assert len(set(CORPUS.values())) == len(CORPUS)
    assert len(CORPUS) >= 150


def evaluated(text):
    return eval(text, {"x": x, "open": open, "__builtins__": {"__import__": __import__}})  # noqa: S307


def refused_in_two_lines(text):
    raise ValueError(f"not an expression:\n{text}")


def leaking(text):
    return sp.Symbol(text)


def breaking(text):
    raise KeyError(text)


@pytest.mark.parametrize(
    ("reader", "text", "found"),
    [
        (evaluated, "x + 1", "did compile <string>"),
        (evaluated, f"open({str(ROOT / 'README.md')!r}).close()", "did compile"),
        (lambda text: Path(text).read_text(), str(ROOT / "README.md"), "did open"),
        (lambda text: subprocess.run([text, "-c", ""], check=True), sys.executable, "did "),
        (sp.sympify, "x", "did "),
        (refused_in_two_lines, "x", "said"),
        (breaking, "x", "said 'KeyError'"),
        (leaking, "y", "gave y"),
        (lambda _: sp.oo, "x", "gave oo"),
    ],
)
def test_a_reader_that_does_what_it_must_not_is_seen(reader, text, found):
    assert (fault(text, reader=reader) or "").startswith(found)


NASTY = st.text(st.sampled_from("x01e9_.,+-*/^()<>= \t\n\0'\"\\[]{}:;@#%&|~!`$\u0445\u00b2\uff58\u200b\u202e\ud800"))
WORDS = st.sampled_from(
    [
        *("x", "0", "1", "9", "64", "0.5", "1e12", "1e-60", "pi", "e", "E", "True", "None", "y"),
        *("+", "-", "*", "/", "**", "//", "%", "^", "@", "<", "<=", ">", ">=", "==", "!=", "=", ":=", "->"),
        *("(", ")", "(", ")", "(x)", "(x, ", ",", ".", ":", ";", "[", "]", "{", "}", "'", " "),
        *("lambda", "if", "else", "for", "in", "is", "not", "and", "or", "await", "yield", "import"),
        *("__class__", "__import__", "__globals__", "eval", "exec", "open", "getattr", "Piecewise"),
        *FUNCTIONS,
    ]
)
TOKENS = st.lists(WORDS, max_size=60).map("".join) | st.lists(WORDS, max_size=60).map(" ".join)
DEEP = st.builds(
    lambda opening, inner, closing, depth: opening * depth + inner + closing * depth,
    st.sampled_from(
        ["(", "-", "exp(", "abs(", "max(x, ", "gelu(", "prelu(", "Piecewise((x, x < 1), (", "9**", "x**(", "+x"]
    ),
    st.sampled_from(["x", "9", "", "__import__", "x*x + 1"]),
    st.sampled_from([")", "", "))", ", True))"]),
    st.integers(min_value=0, max_value=100) | st.integers(min_value=0, max_value=2 * MAX_TEXT),
)
FORMULAS = st.recursive(
    st.sampled_from(["x", "x", "0", "1", "-1", "9", "64", "0.5", "1/3", "1e12", "pi", "e"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "**"]), inner).map(lambda t: f"({t[0]}{t[1]}{t[2]})"),
        st.tuples(st.sampled_from([a.name for a in CATALOGUE if a.name in FUNCTIONS]), inner).map(
            "{0[0]}({0[1]})".format
        ),
        st.tuples(st.sampled_from(sorted(FAMILIES)), inner, inner).map("{0[0]}({0[1]}, {0[2]})".format),
        st.tuples(inner, inner, inner).map(lambda t: f"Piecewise(({t[0]}, {t[1]} < x), ({t[2]}, True))"),
    ),
    max_leaves=10,
)


@settings(max_examples=300, deadline=None)
@given(NASTY | TOKENS | DEEP)
def test_text_of_any_kind_is_an_expression_or_refused_with_nothing_executed(text):
    assert fault(text) is None


@settings(max_examples=150, deadline=None)
@given(FORMULAS)
def test_a_formula_of_any_kind_is_an_expression_or_refused_with_nothing_executed(text):
    assert fault(text) is None


@pytest.mark.parametrize("text", ["x.__class__", "__import__('os').system('id')", "9**9**9", "\u0445", "x\n+1", ""])
def test_the_command_refuses_hostile_text_in_one_line(text):
    command = [sys.executable, "-m", "reports", "derive", text]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("gammaphi: error: ")
    assert done.stderr.count("\n") == 1
    assert done.stderr.rstrip("\n").isprintable()


@pytest.mark.parametrize("text", ["(" * 10**5, "x" * 10**6, "9**" * 10**5 + "9", "\0" * 10**6], ids=lambda t: t[:4])
def test_the_command_refuses_a_flood_in_one_line(text, capsys):
    assert main(["derive", text]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert len(err) < 400
