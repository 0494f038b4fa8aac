"""A golden file fails with the name, the quantity and the digit that differ; a bad one is refused in one line."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reports import golden
from reports.command_line import main
from reports.frozen import claim_differences, differing_digit, formula_differences

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "frozen"
NAME = "formulas.gammaphi.json"
CLAIM = "quadratic-below-alpha"
RADIUS = "1e-30"


@pytest.fixture
def example(tmp_path):
    """Return a copy of the example project, to be spoilt."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "project", ignore=shutil.ignore_patterns("__pycache__", ".*")))


@pytest.fixture
def planted(example):
    """Return what changes one entry of the golden file, given by its keys, and reads the file."""

    def plant(*keys, value):
        path = example / NAME
        document = json.loads(path.read_text())
        inner = document
        for key in keys[:-1]:
            inner = inner[key]
        inner[keys[-1]] = value
        path.write_text(json.dumps(document))
        return golden.read(path)

    return plant


def run_pytest(folder, *argv):
    """Return the exit status and the output of pytest in a folder, as a user runs it."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rN", *argv]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_the_example_passes(example):
    status, out = run_pytest(example, "-v")
    assert status == 0, out
    items = [f"{NAME}::relu", f"{NAME}::x*tanh(x)", f"{NAME}::{CLAIM}", f"kernel_claims.py::{CLAIM}"]
    assert [item for item in items if f"{item} PASSED" not in out] == []


def test_a_planted_digit_and_a_step_that_lost_its_verdict_are_named(example):
    golden_file, claims_file = example / NAME, example / "kernel_claims.py"
    # mu_0 of relu
    golden_file.write_text(golden_file.read_text().replace('"0.398942280401', '"0.398942290401'))
    claims_file.write_text(claims_file.read_text().replace("right=alpha * (1 + alpha)", "right=alpha * (2 + alpha)"))
    status, out = run_pytest(example, "-k", f"relu or {CLAIM}")
    assert status == 1
    frozen, now = "0.398942290401432677939946059934", "0.398942280401432677939946059934"
    assert f"relu: mu_0 (degree 0): digit 8: frozen {frozen}, now {now}\n" in out
    assert f"{CLAIM}: step 1, alpha is a factor: was EXACT, is REFUTED now\n" in out
    assert out.count(f"{CLAIM}: came out REFUTED, where it is to hold\n") == 2  # as frozen, and as the file states it
    assert "Traceback" not in out


def test_what_the_example_says_it_ran_is_what_its_golden_file_was_made_by():
    document = json.loads((EXAMPLE / NAME).read_text())
    assert f"    {document['made_by']}\n" in (EXAMPLE / "README.md").read_text().replace('"', "'")


@pytest.mark.parametrize(
    ("keys", "value", "line"),
    [
        (["expression"], "Max(0, 2*x)", "the activation itself: frozen Max(0, 2*x), now Max(0, x)"),
        (
            ["quantities", "gamma_ntk at 1/4", "value"],
            "0.0412",
            "gamma_ntk at 1/4: digit 2: frozen 0.0412, now 0.0402",
        ),
        (["quantities", "mu_2", "verdict"], "EXACT", "mu_2 (degree 2): the digits were EXACT, and are ENCLOSED now"),
        (
            ["quantities", "mu_1", "closed_form"],
            "1/3",
            "mu_1 (degree 1): closed form: frozen 1/3, now 1/2, of the same digits: freeze again if it is meant",
        ),
        (["quantities", "gamma_ntk", "closed_form"], None, "gamma_ntk: closed form: frozen None, now "),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_formula_that_changed_is_one_line(planted, keys, value, line):
    (found,) = formula_differences(planted("formulas", "relu", *keys, value=value), "relu")
    assert found.startswith(line)


def test_a_quantity_that_is_frozen_or_derived_alone_is_named(planted):
    held = planted("formulas", "relu", "quantities", value={})
    lines = formula_differences(held, "relu")
    assert "mu_12 (degree 12): derived now, and not frozen" in lines
    assert all(line.endswith("derived now, and not frozen") for line in lines)


@pytest.mark.parametrize(
    ("keys", "value", "line"),
    [
        (["statement"], "alpha <= 1", "statement: frozen alpha <= 1, now alpha**2/2 + alpha/2 <= alpha"),
        (["verdict"], "EXACT", "the verdict was EXACT, and is ENCLOSED now"),
        (["expected"], "refuted", "expected: frozen refuted, now holds"),
        (["steps", 0, "step"], "alpha = alpha", "step 1: frozen alpha = alpha, now "),
        (["steps"], [], "the derivation had 0 steps, and has 1 now"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_claim_that_changed_is_one_line(planted, keys, value, line):
    (found,) = claim_differences(planted("claims", CLAIM, *keys, value=value), CLAIM)
    assert found.startswith(line)


def test_a_twin_that_is_no_longer_refused_is_named(example):
    path = example / "kernel_claims.py"
    path.write_text(path.read_text().replace("statement=(GAMMA, alpha**2)", "statement=(GAMMA, 2 * alpha)"))
    held = golden.read(example / NAME)
    lines = claim_differences(held, CLAIM)
    assert "wrong twin not refused: the bound is squared" in lines


def test_a_claim_that_went_away_is_named(example):
    path = example / "kernel_claims.py"
    path.write_text(path.read_text().replace(f'"{CLAIM}":', '"another":'))
    assert claim_differences(golden.read(example / NAME), CLAIM) == [
        "kernel_claims.py has no claim of this name any more"
    ]


@pytest.mark.parametrize(
    ("was", "now", "digit"),
    [
        ("0.3183098861837907", "0.3183098961837907", 8),
        ("0.3183098861837907", "0.3183098861837907", None),
        ("0.31830", "0.318309886", 6),
        ("0.0012", "0.0013", 2),
        ("12.5", "1.25", 1),
        ("-0.5", "0.5", 1),
        ("0", "1e-20", 1),
        ("0", "1e-31", None),
        ("1e-9", "2e-9", 1),
    ],
)
def test_the_first_digit_that_differs(was, now, digit):
    assert differing_digit(was, RADIUS, now, RADIUS) == digit


@pytest.mark.parametrize(
    ("keys", "value", "line"),
    [
        (["schema"], "gammaphi/frozen/2", "not a golden file: its schema is not 'gammaphi/frozen/1'"),
        (["digits"], 10**9, "digits is 1000000000, not a whole number from 1 to 1000"),
        (["digits"], True, "digits is True, not a whole number"),
        (["at"], ["1/0"], "at holds '1/0', not a fraction"),
        (["at"], ["3/2"], "at holds 3/2, outside (0, 1)"),
        (["effort"], "heroic", "effort is 'heroic', not one of quick, normal, full"),
        (["extra"], 1, "a golden file has no 'extra'"),
        (["claims_from"], "/etc/passwd", "claims_from is '/etc/passwd', not the path of a file beside or below"),
        (["claims_from"], "../kernel_claims.py", "claims_from is '../kernel_claims.py', not the path"),
        (["claims_from"], "nowhere.py", "claims_from: there is no nowhere.py beside the golden file"),
        (["claims_from"], None, "there are claims, and claims_from does not say in which file"),
        (["formulas"], [], "formulas is not a dictionary"),
        (["formulas", "relu"], 1, "relu has no expression"),
        (["formulas", "relu", "quantities", "mu_0"], {}, "relu: mu_0 does not have closed_form, value, radius"),
        (["formulas", "relu", "quantities", "mu_0", "value"], "0.3x", "relu: mu_0: '0.3x' is not a decimal number"),
        (["formulas", "relu", "quantities", "mu_0", "value"], "1e999999999", "relu: mu_0: '1e999999999' is not a"),
        (["formulas", "relu", "quantities", "mu_0", "verdict"], "SURE", "relu: mu_0: 'SURE' is no verdict"),
        (["claims", CLAIM, "steps", 0, "verdict"], "SURE", f"{CLAIM}: step 1: 'SURE' is no verdict"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_golden_file_that_is_none_is_refused_in_one_line(planted, keys, value, line):
    with pytest.raises(ValueError, match=r".") as refusal:
        planted(*keys, value=value)
    assert str(refusal.value).startswith(f"{NAME}: {line}")
    assert "\n" not in str(refusal.value)


def test_bad_files_are_errors_of_collection_without_traceback(example):
    path = example / NAME
    path.write_text(path.read_text().replace('"x*tanh(x)": {', '"__import__(1)": {'))
    bad = {
        "broken.gammaphi.json": ("{,}", "broken.gammaphi.json is not JSON: Expecting property name"),
        "none_claims.py": ("CLAIM = 1", "none_claims: CLAIM is a int, not a Claim"),
        "code_claims.py": ("CLAIM = 1 / 0", "code_claims.py does not run: ZeroDivisionError: division by zero"),
    }
    for name, (text, _) in bad.items():
        (example / name).write_text(text)
    status, out = run_pytest(example)
    assert status == 2
    lines = [line for _, line in bad.values()] + ["not an expression: "]  # a formula is read by the whitelist
    assert [line for line in lines if line not in out] == []
    assert "4 errors" in out
    assert ".py:" not in out  # no line of our code


def test_files_of_other_names_are_collected_where_the_ini_file_names_them(tmp_path):
    (tmp_path / "insurance_claims.py").write_text("raise SystemExit('run for its name')\n")
    (tmp_path / "named.py").write_text("CLAIM = 1\n")
    assert run_pytest(tmp_path)[0] == 5  # nothing was collected
    (tmp_path / "pytest.ini").write_text("[pytest]\ngammaphi_files = named.py\n")
    status, out = run_pytest(tmp_path)
    assert status == 2
    assert "named: CLAIM is a int, not a Claim" in out


def test_the_plugin_costs_nothing_until_there_is_something_to_collect():
    heavy = ("sympy", "numpy", "mpmath", "flint", "argparse_of_ours")
    code = f"import sys, pytest, reports.pytest_plugin; print(*(m for m in {heavy!r} if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_freeze_writes_the_same_bytes_twice_and_says_what_it_wrote(tmp_path, capsys):
    argv = ["freeze", "relu", "--at", "1/3", "--digits", "10", "--out"]
    for name in ("one", "two"):
        assert main([*argv, str(tmp_path / f"{name}.gammaphi.json")]) == 0
    assert "formulas  relu" in capsys.readouterr().out
    one, two = (json.loads((tmp_path / f"{name}.gammaphi.json").read_text()) for name in ("one", "two"))
    assert one | {"made_by": ""} == two | {"made_by": ""}
    held = golden.read(tmp_path / "one.gammaphi.json")
    assert formula_differences(held, "relu") == []
    assert len(held.formulas["relu"]["quantities"]["gamma_ntk at 1/3"]["value"]) == len("0.0") + 10


def test_a_golden_file_of_another_name_is_told_how_to_be_found(tmp_path, capsys):
    assert main(["freeze", "relu", "--digits", "5", "--out", str(tmp_path / "formulas.json")]) == 0
    assert "pytest looks for *.gammaphi.json" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "line"),
    [
        ([], "nothing to freeze: name activations"),
        (["relo"], "no activation is called 'relo'; did you mean 'relu'?"),
        (["relu", "__import__(1)"], "not an expression"),
        (["--claims", "out/nowhere.py"], "nowhere.py is neither a folder nor"),
        (["--claims", "../elsewhere.py"], "is not in out, where the golden file goes"),
        (["--claims", "out/false_claims.py"], "false-claims came out REFUTED, not as stated"),
    ],
)
def test_what_cannot_be_frozen_leaves_no_file(example, capsys, monkeypatch, argv, line):
    monkeypatch.chdir(example)
    (example / "out").mkdir()
    text = (example / "kernel_claims.py").read_text()
    (example.parent / "elsewhere.py").write_text(text)
    false = text.replace("statement=(GAMMA, alpha),", "statement=(alpha, GAMMA),")
    (example / "out" / "false_claims.py").write_text(
        false.replace(f'CLAIMS = {{\n    "{CLAIM}":', "CLAIM = (\n    ").replace("    )\n}", "    )\n)")
    )
    assert main(["freeze", *argv, "--out", "out/f.gammaphi.json"]) == 2
    err = capsys.readouterr().err
    assert line in err
    assert err.count("\n") == 1
    assert not (example / "out" / "f.gammaphi.json").exists()
