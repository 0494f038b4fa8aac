"""A file in a folder of one's own is enough to add an activation or a claim."""

import json

import pytest

from reports.command_line import main

ACTIVATION = """
import sympy as sp

from theory.activations import Activation
from theory.symbols import x

ACTIVATION = Activation(name="bent", expr=(sp.sqrt(1 + x**2) - 1) / 2 + x)
"""
CLAIM = """
import sympy as sp

from theory.claim import Claim, Provenance, Relation, Source, Twin
from theory.symbols import alpha


def points():
    return ({{alpha: sp.Rational(i, 8)}} for i in range(1, 8))


CLAIM = Claim(
    title="A throw-away claim",
    reading="It stands here for an hour.",
    statement=((alpha + alpha**2) / 2, {right}),
    relation=Relation.AT_MOST,
    source=Source(key="bombari2024", anchor="Theorem 5.4, specialised", provenance=Provenance.DERIVED),
    points=points,
    twins=(Twin(slip="squared", statement=((alpha + alpha**2) / 2, alpha**3)),),
)
"""


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "extra"
    made.mkdir()
    (made / "bent.py").write_text(ACTIVATION)
    (made / "quadratic_below_alpha.py").write_text(CLAIM.format(right="alpha"))
    (made / "below_square.py").write_text(CLAIM.format(right="alpha**2"))
    return made


def test_a_claim_of_ones_own_is_judged_and_stands_in_the_report(folder, tmp_path, capsys):
    out = tmp_path / "out"
    argv = ["verify", "quadratic-below-alpha", "--with", str(folder), "--report", str(out), "-q"]
    assert main(argv) == 0
    assert "quadratic-below-alpha" in capsys.readouterr().out
    page = (out / "report.html").read_text()
    assert "A throw-away claim" in page
    assert "quadratic-below-alpha" in page
    (judged,) = json.loads((out / "report.json").read_text())["data"]["claims"]
    assert (judged["verdict"], [t["killed"] for t in judged["twins"]]) == ("ENCLOSED", [True])


def test_a_false_claim_of_ones_own_is_refused(folder, capsys):
    assert main(["verify", "below-square", "--with", str(folder), "-q"]) == 1
    assert "REFUTED" in capsys.readouterr().out.upper()


def test_both_are_listed(folder, capsys):
    assert main(["list", "--with", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "bent" in out
    assert "quadratic-below-alpha" in out
    assert main(["list"]) == 0
    assert "bent" not in capsys.readouterr().out


def test_an_activation_of_ones_own_is_derived(folder, capsys):
    assert main(["derive", "bent", "--with", str(folder), "--at", "1/4", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)["data"]
    assert "bent" in json.dumps(data)
    assert main(["derive", "bent"]) == 2
    assert "no activation is called 'bent'" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_one_line(tmp_path, capsys):
    assert main(["list", "--with", str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_claims_of_ones_own_are_judged_alone(folder, capsys):
    assert main(["verify", "--claims", str(folder / "quadratic_below_alpha.py"), "-q"]) == 0
    out = capsys.readouterr().out
    assert "quadratic-below-alpha" in out
    assert "mehler" not in out
    assert main(["verify", "--claims", str(folder), "-q"]) == 1
    assert "below-square" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "line"),
    [
        (["mehler", "--claims", "quadratic_below_alpha.py"], "has no claim called 'mehler'; there are quadratic"),
        (["--claims", "bent.py"], "bent.py holds no claim: a .py file exposes one as CLAIM"),
        (["--claims", "nowhere.py"], "nowhere.py is neither a folder nor a .py or .toml file"),
        (["--claims", "bent.py", "--with", "bent.py"], "--claims and --with both name files of your own; give one"),
    ],
)
def test_claims_of_ones_own_that_are_none_are_one_line(folder, capsys, monkeypatch, argv, line):
    monkeypatch.chdir(folder)
    assert main(["verify", *argv]) == 2
    err = capsys.readouterr().err
    assert line in err
    assert err.count("\n") == 1
