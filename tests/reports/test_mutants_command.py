"""`gammaphi verify --mutants` counts what was killed, names what was not, and fails where a mutant survives."""

import json

import pytest

from reports import commands_mutants
from reports.command_line import main
from reports.commands_mutants import campaign, summary
from theory.mutants import Mutant, Outcome

FOUND = [
    Mutant(claim="mehler", mutant="step 1: scaled", outcome=Outcome.KILLED, reason="1 = 2"),
    Mutant(
        claim="mehler", mutant="step 1: swapped", outcome=Outcome.EQUIVALENT, reason="it says that a thing is itself"
    ),
    Mutant(claim="price", mutant="statement: scaled", outcome=Outcome.SURVIVED, reason="1 ENCLOSED of 1 points"),
]


def test_every_mutant_is_in_the_json_with_its_claim_outcome_and_reason(capsys):
    assert main(["verify", "hermite-shift", "--mutants", "--json", "--quick", "-q"]) == 0
    mutants = json.loads(capsys.readouterr().out)["data"]["mutants"]
    assert len(mutants) > 40
    assert {frozenset(mutant) for mutant in mutants} == {frozenset({"claim", "mutant", "outcome", "reason"})}
    assert {mutant["outcome"] for mutant in mutants} == {"killed"}


def test_a_survivor_is_a_failure_and_is_named(capsys, monkeypatch):
    monkeypatch.setattr("numerics.mutants.mutants", lambda *_, **__: FOUND)
    assert main(["verify", "--mutants", "-q"]) == 1
    out = capsys.readouterr().out
    assert "Survived\n  price: statement: scaled\n      1 ENCLOSED of 1 points\n" in out
    assert "Equivalent\n  mehler: step 1: swapped\n      it says that a thing is itself\n" in out
    assert out.endswith("Of 3 mutants 1 were killed, 1 say nothing that is false, and 1 survived.\n")


def test_no_mutant_at_all_shows_nothing(monkeypatch):
    monkeypatch.setattr("numerics.mutants.mutants", lambda *_, **__: [])
    assert main(["verify", "--mutants", "-q"]) == 3


def test_a_report_is_not_written_with_mutants(capsys, tmp_path):
    assert main(["verify", "--mutants", "--report", str(tmp_path / "r")]) == 2
    assert "--mutants writes no report; leave --report out" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("found", "met"), [(FOUND, False), ([FOUND[0]] * 200, True), ([FOUND[0]] * 199, False)])
def test_the_campaign_asks_for_two_hundred_and_no_survivor(found, met):
    kept = campaign(found)
    assert kept.met is met
    assert len(kept.listings[1].rows) == sum(mutant.outcome is not Outcome.KILLED for mutant in found)
    assert summary(found).startswith(f"Of {len(found)} mutants")
    assert commands_mutants.WANTED == 200
