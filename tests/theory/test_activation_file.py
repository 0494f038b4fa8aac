"""A TOML file of activations is read strictly: what it means, or one line that names the file and the key."""

import re
from pathlib import Path

import pytest

from theory.activation_file import MAX_BYTES, TAKEN, read
from theory.activations import RELU
from theory.symbols import x

ADDING = Path(__file__).resolve().parents[2] / "docs" / "adding.md"
GOOD = """
[activations]
bent = "(sqrt(1 + x**2) - 1)/2 + x"
"h1+h3" = { expr = "hermite(x, 1, 3)", remark = "a third phi" }

[activations."same-as_relu.2"]
expr = "max(x, 0)"
"""
BAD = {
    "": "own.toml: activations: a table with one activation or more is wanted",
    "[activations]": "own.toml: activations: a table with one activation or more is wanted",
    "activations = 1": "own.toml: activations: a table with one activation or more is wanted",
    "activations = [1]": "own.toml: activations: a table with one activation or more is wanted",
    "[activation]\na = 'x**2'": "own.toml: activation: unknown; the file holds one table, [activations]",
    "a = 'x**2'": "own.toml: a: unknown; the file holds one table, [activations]",
    "[activations]\na = 2": "own.toml: activations.a.expr: a text in quotes is wanted",
    "[activations]\na = ['x']": "own.toml: activations.a.expr: a text in quotes is wanted",
    "[activations]\na = {}": "own.toml: activations.a: expr is missing",
    "[activations]\na = { remark = 'r' }": "own.toml: activations.a: expr is missing",
    "[activations]\na = { expr = 'x**2', note = 'n' }": "own.toml: activations.a.note: unknown; known are expr and",
    "[activations]\na.b = 'x**2'": "own.toml: activations.a.b: unknown; known are expr and remark",
    "[activations]\na = { expr = 'x**2', remark = 1 }": "own.toml: activations.a.remark: a text in quotes is wanted",
    "[activations]\na = { expr = 'x**2', remark = \"\\u001b[31m\" }": "own.toml: activations.a.remark: one printable",
    "[activations]\na = { expr = 'x**2', remark = '"
    + "r" * 201
    + "' }": "own.toml: activations.a.remark: one printable",
    "[activations]\na = 'x.__class__'": "own.toml: activations.a: not an expression: 'x.__class__'; allowed are",
    "[activations]\na = 'b(x)'\nb = 'x**2'": "own.toml: activations.a: not an expression: unknown name 'b'",
    "[activations]\nrelu = 'x**2'": "own.toml: activations.relu: this name is in the catalogue",
    "[activations]\nswish = 'x**2'": "own.toml: activations.swish: this name is in the catalogue",
    "[activations]\n'h1+h2' = 'x**2'": "own.toml: activations.h1+h2: this name is in the catalogue",
    "[activations]\nx = 'x**2'": "own.toml: activations.x: this name is a formula",
    "[activations]\n'x+1' = 'x**2'": "own.toml: activations.x+1: this name is a formula",
    "[activations]\n2 = 'x**2'": "own.toml: activations.2: this name is a formula",
    "[activations]\n'' = 'x**2'": "own.toml: activations.: a name has 1 to 60 letters",
    "[activations]\n'a b' = 'x**2'": "own.toml: activations.a b: a name has 1 to 60 letters",
    "[activations]\n'\u0430' = 'x**2'": "own.toml: activations.\\u0430: a name has 1 to 60 letters",
    "[activations]\n'" + "a" * 61 + "' = 'x**2'": "own.toml: activations." + "a" * 61 + ": a name has 1 to 60 letters",
    "[activations]\na = 'x**2'\na = 'x'": "own.toml is not TOML: Cannot overwrite a value",
    "[activations": "own.toml is not TOML: ",
    "import os": "own.toml is not TOML: ",
    "a = " + "[" * 20_000: "own.toml is not TOML: ",
    "a = " + "9" * 20_000: "own.toml",
    "#" * (MAX_BYTES + 1): f"own.toml has more than {MAX_BYTES} bytes",
}


@pytest.fixture
def own(tmp_path):
    def write(text):
        path = tmp_path / "own.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_a_file_is_read_in_its_order(own):
    bent, third, same = read(own(GOOD))
    assert (bent.name, third.name, third.remark) == ("bent", "h1+h3", "a third phi")
    assert bent.expr.subs(x, 0) == 0
    assert (same.name, same.expr) == ("same-as_relu.2", RELU.expr)


def test_the_example_of_the_documents_is_read(own):
    (block,) = re.findall(r"```toml\n(.*?)```", ADDING.read_text(), flags=re.DOTALL)
    assert [(a.name, a.remark) for a in read(own(block))] == [("bent", ""), ("soft_relu", "close to relu")]


@pytest.mark.parametrize("text", BAD, ids=lambda text: f"{text[:60]!a} {len(text)}")
def test_what_is_not_understood_is_refused_in_one_line(own, text):
    with pytest.raises(ValueError, match="own") as refusal:
        read(own(text))
    assert str(refusal.value).startswith(BAD[text])
    assert str(refusal.value).isprintable()
    assert len(str(refusal.value)) < 400


def test_bytes_that_are_no_text_are_refused(own):
    with pytest.raises(ValueError, match=r"^own\.toml is not UTF-8$"):
        read(own(b'[activations]\na = "\xff"'))


def test_the_largest_file_allowed_is_read(own):
    text = "[activations]\na = 'x**2'\n"
    assert [a.name for a in read(own(text + "#" * (MAX_BYTES - len(text))))] == ["a"]


def test_the_names_taken_are_those_of_the_catalogue_and_its_aliases():
    assert {"relu", "h1+h2", "swish"} < TAKEN
