"""Exit codes, one-line errors, and stdout that is JSON or nothing."""

import io
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from numerics.experiment import Effort
from reports import commands
from reports.command_line import main
from theory.setting import Kernel, Query

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("sympy", "numpy", "scipy", "matplotlib", "jinja2", "latex2mathml", "mpmath", "flint")
MEASURE = ["measure", "--kernel", "rf", "--activation", "relu", "--d", "60", "--n", "150", "--alpha", "2/5"]

LOADED = f"""
import sys
from reports.command_line import main
code = main(sys.argv[1:])
print(code, *(name for name in {HEAVY!r} if name in sys.modules), file=sys.stderr)
"""


def loaded(*argv):
    """Return the exit code and the heavy modules that are loaded once `gammaphi argv` has answered."""
    command = [sys.executable, "-c", LOADED, *argv]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    code, *modules = done.stderr.splitlines()[-1].split()
    return int(code), modules


def answer(capsys, *argv):
    """Return the exit code, the JSON document on stdout, and stderr."""
    code = main([*argv, "--json"])
    out, err = capsys.readouterr()
    return code, json.loads(out), err


@pytest.mark.parametrize("argv", [["--help"], ["--version"], ["verify", "--help"], ["derive", "--help"]])
def test_help_and_version_load_nothing_heavy(argv):
    assert loaded(*argv) == (0, [])


def test_a_command_that_computes_is_seen_loading_sympy():
    code, modules = loaded("derive", "no such activation!")
    assert code == 2
    assert "sympy" in modules


@pytest.mark.parametrize(
    ("found", "code", "status"),
    [
        (["exact"], 0, "pass"),
        (["exact", "refuted"], 0, "pass"),
        (["exact", "failed"], 1, "fail"),
        (["survivor"], 1, "fail"),
        (["exact", "undecided"], 3, "inconclusive"),
        (["undecided", "failed"], 1, "fail"),
    ],
)
def test_the_exit_code_of_verify_is_its_status(lower, request, found, code, status):
    lower.judgements = [request.getfixturevalue(name) for name in found]
    returned, document, _ = answer(request.getfixturevalue("capsys"), "verify")
    assert (returned, document["status"]) == (code, status)


def test_verify_hands_down_what_was_asked(lower, capsys, tmp_path):
    assert main(["verify", "law", "erf_dual", "--full", "--seed", "7", "--with", str(tmp_path), "-q"]) == 0
    assert lower.asked == {
        "names": ["law", "erf_dual"],
        "seed": 7,
        "effort": Effort.FULL,
        "extra": tmp_path,
        "progress": None,
    }
    assert "full effort, seed 7" in capsys.readouterr().out


def test_what_a_claim_prints_does_not_reach_stdout(lower, capsys):
    assert lower.asked == {}
    _, document, err = answer(capsys, "verify")
    assert document["status"] == "pass"
    assert "a claim that prints" in err


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["verfy"],
        ["verify", "nowhere"],
        ["verify", "--seed", "-1"],
        ["verify", "--seed", "x\ny"],
        ["verify", "--quick", "--full"],
        ["verify", "--qui"],
        ["verify", "--with", "/no/such/folder"],
        ["derive", "relo"],
        ["derive", "relu", "--at", "1/0"],
        ["derive", "relu", "--at", "1e999999999"],
        ["derive", "relu", "--at", "1"],
        ["derive", "relu", "--at", "nan"],
        [*MEASURE, "--width", "0"],
        [*MEASURE, "--kernel", "rbf"],
        [*MEASURE, "--depth", "2"],
        [*MEASURE, "--kernel", "ntk-deep"],
        [*MEASURE, "--kernel", "ntk-deep", "--depth", "0"],
        [*MEASURE, "--kernel", "nngp-deep", "--depth", "2", "--width", "60"],
        [*MEASURE, "--kernel", "nngp-deep", "--depth", "2", "--query", "zero"],
        [*MEASURE, "--alpha", "1/7"],
        [*MEASURE, "--d", "1_0"],
        ["measure"],
        ["explain"],
    ],
)
@pytest.mark.usefixtures("lower")
def test_bad_input_is_one_line_and_two(capsys, argv):
    assert main(argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("gammaphi: error: ")
    assert err.count("\n") == 1

    code, document, err = answer(capsys, *argv)
    assert code == 2
    assert document["status"] == "error"
    assert document["data"] is None
    assert [f"gammaphi: error: {line}\n" for line in document["diagnostics"]] == [err]


@pytest.mark.usefixtures("lower")
def test_the_suggestion_of_the_layer_below_is_passed_on(capsys):
    assert main(["derive", "relo"]) == 2
    assert "did you mean 'relu'?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("raised", "code", "words"),
    [
        (TypeError("odd"), 4, "internal error: TypeError: odd"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (MemoryError("8 PiB"), 2, "not enough memory: 8 PiB"),
        (PermissionError("denied"), 2, "denied"),
    ],
)
def test_whatever_goes_wrong_has_its_code(capsys, monkeypatch, raised, code, words):
    def run(*_):
        raise raised

    monkeypatch.setattr(commands, "run", run)
    returned, document, err = answer(capsys, "list")
    assert returned == code
    assert document["diagnostics"] == [words]
    assert err == f"gammaphi: error: {words}\n"


def test_a_traceback_is_shown_only_on_request(capsys, monkeypatch):
    def run(*_):
        raise TypeError("odd")

    monkeypatch.setattr(commands, "run", run)
    assert main(["list"]) == main(["list", "-v"]) == 4
    assert capsys.readouterr().err.count("Traceback") == 1


def test_a_reader_that_goes_away_is_no_error(lower, capsys, monkeypatch):
    class Gone(io.StringIO):
        def write(self, _):
            raise BrokenPipeError

    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", Gone())
        assert main(["verify"]) == 141
    assert lower.asked["names"] == []
    assert "error" not in capsys.readouterr().err


def test_derive_takes_each_alpha_once_and_exactly(lower, capsys):
    assert main(["derive", "relu", "--at", "0.25", "1/4", ".4"]) == 0
    assert lower.asked["at"] == (Fraction(1, 4), Fraction(2, 5))
    assert "gamma_ntk = 2*alpha*asin(alpha)/pi" in capsys.readouterr().out


def test_measure_builds_the_setting(lower, capsys):
    code, document, _ = answer(capsys, *MEASURE, "--width", "inf", "--query", "zero", "--seed", "3")
    setting = lower.asked["setting"]
    assert code == 0
    assert (setting.d_y, setting.width, setting.query) == (24, None, Query.ZERO)
    assert (lower.asked["trials"], lower.asked["seed"]) == (20, 3)
    assert document["data"]["setting"]["alpha"] == "2/5"
    assert document["data"]["setting"]["depth"] is None
    assert document["data"]["gamma"] == 0.25
    assert document["data"]["spurious_accuracy"] is None  # nan, which JSON cannot say


def test_measure_takes_a_kernel_of_some_depth(lower, capsys):
    argv = [*MEASURE, "--kernel", "nngp-deep", "--depth", "3"]
    code, document, _ = answer(capsys, *argv)
    setting = lower.asked["setting"]
    assert code == 0
    assert (setting.kernel, setting.depth, setting.width) == (Kernel.NNGP_DEEP, 3, None)
    assert (document["data"]["setting"]["kernel"], document["data"]["setting"]["depth"]) == ("nngp-deep", 3)
    assert main(argv) == 0
    assert capsys.readouterr().out.startswith("NNGP-DEEP relu, depth 3, sphere, d=60")


@pytest.mark.usefixtures("lower")
def test_list_and_explain_name_the_claims(capsys):
    assert main(["list"]) == 0
    assert "erf_dual" in capsys.readouterr().out
    assert main(["explain", "e1_projector"]) == 0
    out = capsys.readouterr().out
    assert "false, and here to be seen refuted" in out
    assert "not checked here" in out


@pytest.mark.usefixtures("lower")
def test_no_colour_and_no_progress_where_nobody_looks(capsys):
    assert main(["verify"]) == 0
    out, err = capsys.readouterr()
    assert "\x1b" not in out + err


@pytest.mark.parametrize("argv", [["derive", "relu", "--with", ""], ["verify", "--report", ""]])
def test_no_name_at_all_is_not_the_folder_one_stands_in(argv, capsys):
    assert main(argv) == 2
    assert "an empty name is no file and no folder" in capsys.readouterr().err
