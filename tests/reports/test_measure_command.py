"""`measure` end to end: what it says of precision, of cost, and of a fit that misses its labels."""

import json

import pytest

from numerics.engine import Engine, Precision
from numerics.libraries import NAMES
from reports.arguments import parser
from reports.command_line import main

SMALL = [
    "measure",
    "--kernel",
    "rf",
    "--activation",
    "relu",
    "--d",
    "20",
    "--n",
    "15",
    "--alpha",
    "0.5",
    "--width",
    "60",
    "--trials",
    "2",
    "--tests",
    "50",
]


def _answer(capsys, *options):
    code = main([*SMALL, *options, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_mixed_precision_gives_the_same_figures_and_its_error(capsys):
    (_, double), (_, mixed) = (_answer(capsys, "--precision", name) for name in ("double", "mixed"))
    assert abs(double["data"]["gamma"] - mixed["data"]["gamma"]) < mixed["data"]["precision_error"]
    assert mixed["data"]["precision"] == "mixed"
    assert (double["data"]["precision"], double["data"]["precision_error"]) == ("double", 0)
    main([*SMALL, "--precision", "mixed"])
    assert "features in mixed precision; in mixed precision an alignment is estimated" in capsys.readouterr().out


def test_the_cost_is_told_and_nothing_run(capsys, monkeypatch):
    monkeypatch.setattr("numerics.measurement.run_trials", lambda *_, **__: pytest.fail("a trial was run"))
    code, document = _answer(capsys, "--dry-run")
    assert code == 0
    assert document["data"]["operations"]["features"] > 0
    assert document["data"]["minutes_a_trial"] > 0
    main([*SMALL, "--dry-run"])
    assert "minutes a trial" in capsys.readouterr().out


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_a_trial_beyond_its_memory_is_refused_before_it_starts(capsys, options):
    assert main([*SMALL, "--memory", "1K", *options]) == 2
    assert capsys.readouterr().err.startswith("gammaphi: error: N = 15 needs about")


@pytest.mark.parametrize("memory", ["0", "20 G", "1.5G", "-1", "20GB"])
def test_a_strange_amount_of_memory_is_refused(capsys, memory):
    assert main([*SMALL, "--memory", memory]) == 2
    assert "number of bytes such as 500M or 20G" in capsys.readouterr().err


def test_options_reach_the_engine(lower, capsys):
    main([*SMALL, "--precision", "mixed", "--memory", "3M", "--tests", "7"])
    assert lower.asked["engine"] == Engine(precision=Precision.MIXED, memory=3 * 2**20)
    assert lower.asked["tests"] == 7
    assert capsys.readouterr().err == ""


def test_a_fit_that_misses_its_labels_verifies_nothing(lower, capsys):
    lower.residual = 2e-8
    assert main(SMALL) == 3
    assert "misses its labels by more than 1e-08" in capsys.readouterr().err


def test_numbers_that_rounding_may_have_moved_beyond_their_error_are_inconclusive(lower, capsys):
    lower.error_bound = 0.02
    assert main(SMALL) == 3
    assert capsys.readouterr().err == (
        "gammaphi: rounding may have moved these numbers by 2.0e-02, more than their standard error: the kernel has "
        "condition 9.0e+00\n"
    )


def test_the_bound_is_told(capsys):
    _, document = _answer(capsys)
    assert 0 < document["data"]["error_bound"] < 1e-9
    main(SMALL)
    assert "moved by rounding at most" in capsys.readouterr().out


def test_what_can_be_typed_is_what_there_is():
    made = parser()._subparsers._group_actions[0].choices["measure"]
    choices = {action.dest: tuple(action.choices or ()) for action in made._actions}
    assert choices["backend"] == NAMES
    assert choices["precision"] == tuple(Precision)
