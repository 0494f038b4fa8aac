"""The keys and the bytes of every JSON document."""

import json

import pytest

from reports.command_line import main
from reports.envelope import Status, dumps, envelope, provenance, redo

MEASURE = ["measure", "--kernel", "ntk", "--activation", "relu", "--d", "10", "--n", "5", "--alpha", ".5"]


def printed(capsys, *argv):
    main([*argv, "--json"])
    return capsys.readouterr().out


@pytest.mark.parametrize("argv", [["verify"], ["derive", "relu"], MEASURE, ["list"]])
@pytest.mark.usefixtures("lower")
def test_every_document_has_the_envelope_and_the_same_bytes_twice(capsys, argv):
    first = printed(capsys, *argv)
    document = json.loads(first)
    assert list(document) == ["schema", "status", "data", "diagnostics", "provenance"]
    assert document["schema"] == f"gammaphi/{argv[0]}/1"
    assert {"gammaphi", "python", "sympy", "numpy", "seed", "command"} <= set(document["provenance"])
    assert printed(capsys, *argv) == first


@pytest.mark.usefixtures("lower")
def test_the_keys_of_verify(capsys):
    data = json.loads(printed(capsys, "verify"))["data"]
    assert set(data) == {"seed", "effort", "claims"}
    claim = data["claims"][0]
    assert set(claim) == {
        "id", "title", "verdict", "expected", "as_expected", "statement", "source", "hypotheses", "steps",
        "evidence", "twins",
    }  # fmt: skip
    assert set(claim["hypotheses"][0]) == {"text", "status", "figure"}
    assert set(claim["steps"][0]) == {
        "left", "right", "relation", "rule", "because", "grounds", "verdict", "finding"
    }  # fmt: skip
    assert set(claim["evidence"][0]) == {"about", "method", "finding", "details", "verdict", "points", "seed"}
    assert set(claim["twins"][0]) == {"slip", "killed", "evidence"}
    assert claim["statement"].startswith(r"\kappa{\left(\rho \right)} = ")
    assert [step["verdict"] for step in claim["steps"]] == ["EXACT", None, None]
    assert data["claims"][1]["expected"] == "refuted"


@pytest.mark.usefixtures("lower")
def test_the_keys_of_derive(capsys):
    data = json.loads(printed(capsys, "derive", "relu"))["data"]
    assert {
        "activation",
        "hermite",
        "degrees",
        "dual",
        "derivation",
        "gamma_ntk",
        "gamma_rf_lower",
        "gamma_rf_upper",
        "at",
    } <= set(data)
    assert set(data["hermite"][0]) == {"degree", "value", "radius", "closed_form", "latex", "verdict"}
    assert data["hermite"][1]["closed_form"] is None
    assert set(data["gamma_ntk"]) == {"closed_form", "latex", "meaning", "note"}
    assert data["at"][0]["alpha"] == "1/4"
    assert set(data["at"][0]["values"]["gamma_ntk"]) == {"value", "radius", "verdict"}


def test_a_status_is_one_of_four():
    assert sorted(map(str, Status)) == ["error", "fail", "inconclusive", "pass"]


def test_the_command_leaves_out_where_the_result_goes():
    argv = ["verify", "a claim", "--report", "out", "--seed", "3", "--json", "--report=x", "-v"]
    assert redo(argv) == "gammaphi verify 'a claim' --seed 3"


def test_what_json_cannot_say_is_null():
    document = envelope(
        "list",
        status=Status.PASS,
        data={"x": [float("nan"), float("inf"), 0.5]},
        diagnostics=["é"],
        provenance=provenance([], None),
    )
    text = dumps(document)
    assert text.isascii()
    assert json.loads(text)["data"] == {"x": [None, None, 0.5]}
