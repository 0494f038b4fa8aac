"""`gammaphi sweep`: one table however it was run, refusals of one line, JSON or nothing on stdout."""

import csv
import json
import math
import re
import shlex
import sys
from pathlib import Path

import pytest

from numerics import ledger, sweep_run
from numerics.sweep_spec import read
from reports import shipped
from reports.arguments import parser
from reports.command_line import main
from reports.terminal import Bar
from theory.setting import Kernel

SPEC = """
trials = 3
seed = 7

[[grid]]
kernel = "rf"
activation = ["relu", "x*erf(x)"]
d = 10
n = [8, 12]
alpha = "2/5"
width = 60

[[grid]]
kernel = "ntk"
activation = "gelu"
d = 10
n = 12
alpha = "2/5"
query = "zero"
"""
SINGULAR = '\n[[grid]]\nkernel = "rf"\nactivation = "relu"\nd = 10\nn = 12\nalpha = "2/5"\nwidth = 5\n'


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "spec.toml"
    path.write_text(SPEC)
    return path


@pytest.fixture
def file(spec):
    """Return the ledger of the sweep, run."""
    path = spec.with_name("sweep.db")
    assert main(["sweep", "run", str(spec), "--out", str(path), "-q"]) == 0
    return path


def told(capsys, *argv, code=0):
    capsys.readouterr()
    assert main(["sweep", *map(str, argv)]) == code
    return capsys.readouterr()


def document(capsys, *argv, code=0):
    out, _ = told(capsys, *argv, "--json", code=code)
    return json.loads(out)


def test_a_run_says_what_it_did(capsys, spec):
    out, err = told(capsys, "run", spec, "--out", spec.with_name("a.db"))
    assert out == f"15 trials of 5 cells in {spec.with_name('a.db')}\n"
    assert err == ""


def test_an_experiment_that_the_package_brings_is_run_by_its_name(capsys, monkeypatch, spec):
    monkeypatch.setattr(shipped, "FOLDER", spec.parent)
    path = spec.with_name("a.db")
    assert told(capsys, "run", "spec", "--out", path).out == f"15 trials of 5 cells in {path}\n"
    assert ledger.read(path).sweep == read(spec)


def test_a_dry_run_says_what_a_sweep_would_cost_and_leaves_nothing(capsys, spec):
    lines = told(capsys, "run", spec, "--dry-run", "--jobs", "2").out.splitlines()
    assert lines[0] == "5 cells with 3 trials each, 15 in all"
    assert [line.split("  ")[0] for line in lines[3:7]] == [
        "features",
        "products of features",
        "inverse and solves",
        "products of the data",
    ]
    said = " ".join(lines)
    assert "minutes of work" in said
    assert "with 2 processes" in said
    assert "for RF relu, sphere, d=10, N=12" in said
    found = document(capsys, "run", spec, "--dry-run")
    assert (found["status"], found["data"]["cells"], found["data"]["trials"]) == ("pass", 5, 15)
    assert found["data"]["minutes"] > 0
    assert [path.name for path in spec.parent.iterdir()] == [spec.name]


def test_a_dry_run_tells_what_does_not_fit(capsys, spec):
    spec.write_text(SPEC.replace("n = [8, 12]", "n = [8, 200_000_000]"))
    *_, first, second = told(capsys, "run", spec, "--dry-run", code=1).out.splitlines()
    assert first.startswith(
        "does not fit: RF relu, sphere, d=10, N=200000000, alpha=2/5, k=60, resample: N = 200000000"
    )
    assert second.startswith("does not fit: RF x*erf(x)")


def test_other_images_stand_in_for_those_of_the_file(capsys, spec):
    spec.write_text(SPEC.replace("d = 10", 'd = 10\ndata = "mnist:DIR"').replace('query = "zero"', ""))
    path = spec.with_name("a.db")
    assert "data: mnist images have 784 core pixels" in told(capsys, "run", spec, "--out", path, code=2).err
    told(capsys, "run", spec, "--out", path, "--images", "gaussian")
    assert {cell.data for cell in ledger.read(path).sweep.cells} == {"gaussian"}


def test_verbose_progress_is_a_line_for_each_trial_and_quiet_is_none(capsys, spec):
    _, err = told(capsys, "run", spec, "--out", spec.with_name("a.db"), "-v")
    assert [line.split("] ")[1].split(" trials")[0] for line in err.splitlines()] == [f"{i} of 15" for i in range(16)]
    assert told(capsys, "run", spec, "--out", spec.with_name("b.db"), "-q").err == ""


def test_stdout_holds_one_document_and_nothing_else(capfd, spec):
    path = spec.with_name("a.db")
    assert main(["sweep", "run", str(spec), "--out", str(path), "--jobs", "2", "--json", "-v"]) == 0
    out, err = capfd.readouterr()
    found = json.loads(out)
    assert (found["schema"], found["status"]) == ("gammaphi/sweep/1", "pass")
    assert (found["data"]["action"], found["data"]["done"], found["data"]["wanted"]) == ("run", 15, 15)
    assert "15 of 15 trials" in err


def test_the_table_has_a_line_for_each_cell_beside_the_law(capsys, file):
    lines = told(capsys, "show", file).out.splitlines()
    assert re.split(r" {2,}", lines[0])[:5] == ["setting", "trials", "failed", "alignment", "law"]
    cells = document(capsys, "show", file)["data"]["cells"]
    assert len(cells) == 5
    for line, cell in zip(lines[1:6], cells, strict=True):
        shown = re.split(r" {2,}", line)
        assert shown[1:3] == ["3/3", "-"]
        assert shown[3] == f"{cell['gamma']['mean']:.5f} +- {cell['gamma']['se']:.1g}"
        assert shown[4] == f"{cell['gamma']['law']:.5f}"
    assert lines[5].startswith("NTK gelu, sphere, d=10, N=12, alpha=2/5, k=inf, zero")
    assert lines[5].endswith("  -")  # no law for the accuracy at that query
    assert "seed 7" in lines[7]


def test_a_sweep_that_is_half_done_is_shown(capsys, spec, file):
    contents = ledger.read(file)
    half = spec.with_name("half.db")
    with ledger.writing(half, contents.sweep, contents.origin, resume=False) as (book, _):
        for outcome in contents.outcomes[1:4]:
            book.record(outcome)
    found = document(capsys, "show", half)["data"]
    assert (found["done"], found["wanted"], [cell["done"] for cell in found["cells"]]) == (3, 15, [2, 1, 0, 0, 0])
    shown = [re.split(r" {2,}", line)[1:4] for line in told(capsys, "show", half).out.splitlines()[1:4]]
    assert [row[0] for row in shown] == ["2/3", "1/3", "0/3"]
    assert "+-" not in shown[1][2]
    assert shown[2][2] == "-"


def test_trials_that_fail_are_told_with_their_reason_and_the_status_is_one(capsys, spec):
    spec.write_text(SPEC + SINGULAR)
    path = spec.with_name("a.db")
    out, _ = told(capsys, "run", spec, "--out", path, code=1)
    first, failed = out.splitlines()
    assert first.startswith("18 trials of 6 cells")
    why = ledger.read(path).failed[0].error
    assert failed == f"failed: RF relu, sphere, d=10, N=12, alpha=2/5, k=5, resample: 3 of its trials; trial 0: {why}"
    assert failed in told(capsys, "show", path).out.splitlines()
    found = document(capsys, "run", spec, "--out", path, "--resume", code=1)
    assert found["status"] == "fail"
    entries = [(entry["trial"], entry["error"], entry["setting"]["width"]) for entry in found["data"]["failed"]]
    assert entries == [(outcome.trial, outcome.error, 5) for outcome in ledger.read(path).failed]


def rows_of(text):
    return list(csv.DictReader(text.splitlines()))


def test_the_export_has_every_trial_with_all_the_bits(capsys, file):
    table = file.with_name("sweep.csv")
    assert told(capsys, "export", file, "--to", table).out == f"15 trials in {table}\n"
    text = table.read_text()
    assert told(capsys, "show", file, "--format", "csv").out == text
    rows, outcomes = rows_of(text), ledger.read(file).outcomes
    assert [(int(row["cell"]), int(row["trial"])) for row in rows] == [(p, t) for p in range(5) for t in range(3)]
    for row, outcome in zip(rows, outcomes, strict=True):
        assert {name: float(row[name]).hex() for name in outcome.numbers} == {
            name: value.hex() for name, value in outcome.numbers.items()
        }
    last = {"kernel": "ntk", "activation": "gelu", "depth": "", "d": "10", "d_y": "4", "alpha": "0.4", "n": "12"}
    last |= {"width": "inf", "data": "sphere", "query": "zero", "seed": "7", "trial": "2", "error": ""}
    assert {name: rows[-1][name] for name in last} == last


def test_a_trial_that_failed_has_a_row_without_numbers(capsys, spec):
    spec.write_text(SPEC + SINGULAR)
    path = spec.with_name("a.db")
    told(capsys, "run", spec, "--out", path, code=1)
    rows = rows_of(told(capsys, "show", path, "--format", "csv").out)
    assert rows[0]["error"] == ""
    assert rows[-1]["error"] == ledger.read(path).failed[-1].error
    assert (rows[-1]["alignment"], rows[-1]["width"]) == ("", "5")


def test_parquet_holds_the_same_table(capsys, spec):
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra `parquet` is not installed")
    spec.write_text(SPEC + SINGULAR)
    path, table = spec.with_name("a.db"), spec.with_name("a.parquet")
    told(capsys, "run", spec, "--out", path, code=1)
    told(capsys, "export", path, "--to", table)
    found = parquet.read_table(table).to_pylist()
    rows = rows_of(told(capsys, "show", path, "--format", "csv").out)
    assert list(found[0]) == list(rows[0])
    assert [row["alignment"] for row in found] == [float(r["alignment"]) if r["alignment"] else None for r in rows]
    assert [row["width"] for row in found] == [float(row["width"]) for row in rows]
    assert math.inf in {row["width"] for row in found}
    assert (found[0]["depth"], found[0]["error"], found[-1]["error"]) == (None, None, rows[-1]["error"])


def test_parquet_without_pyarrow_says_what_to_install_and_writes_nothing(capsys, monkeypatch, file):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    _, err = told(capsys, "export", file, "--to", file.with_name("a.parquet"), code=2)
    assert 'pip install "gammaphi[parquet]"' in err
    assert not file.with_name("a.parquet").exists()


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["run", "{spec}", "--out", "{file}"], "sweep.db exists: it can be resumed, and is never overwritten"),
        (["run", "{spec}", "--out", "{spec}", "--resume"], "spec.toml is no ledger, or a damaged one"),
        (["run", "{spec}", "--out", "/nowhere/a.db"], "/nowhere/a.db cannot be made: No such file or directory"),
        (["run", "nowhere.toml", "--out", "a.db"], "nowhere.toml: there is no such file"),
        (["run", "{spec}", "--out", "a.db", "--jobs", "0"], "'0' is not a whole number from 1 on"),
        (["run", "{spec}", "--out", "a.db", "--jobs", "2", "--scheduler", "tcp://h:1"], "not allowed with argument"),
        (["run", "{spec}", "--out", "a.db", "--scheduler", "h"], "an address such as tcp://host:8786 is wanted"),
        (["run", "{spec}"], "--out FILE is required, unless with --dry-run"),
        (["run", "{spec}", "--out", "a.db", "--with", "own.toml"], "unrecognized arguments: --with"),
        (["show", "{spec}"], "spec.toml is no ledger, or a damaged one"),
        (["show", "nowhere.db"], "nowhere.db: there is no such file"),
        (["export", "{file}", "--to", "a.xlsx"], "--to a.xlsx: a table ends in .csv or .parquet"),
        (["export", "{file}"], "the following arguments are required: --to"),
        (["sweep"], "invalid choice: 'sweep'"),
        ([], "the following arguments are required: ACTION"),
    ],
)
def test_bad_input_is_one_line_and_two(capsys, monkeypatch, file, argv, words):
    spec = file.with_name("spec.toml")
    monkeypatch.chdir(spec.parent)
    before = {path: path.read_bytes() for path in spec.parent.iterdir()}
    out, err = told(capsys, *(word.format(spec=spec, file=file) for word in argv), code=2)
    assert out == ""
    assert err.startswith("gammaphi: error: ")
    assert words in err
    assert err.count("\n") == 1
    assert {path: path.read_bytes() for path in spec.parent.iterdir()} == before


def test_the_ledger_itself_is_no_place_for_the_table(capsys, file):
    same = file.rename(file.with_name("sweep.csv"))
    before = same.read_bytes()
    assert "this is the ledger itself" in told(capsys, "export", same, "--to", same, code=2).err
    assert same.read_bytes() == before


def test_a_table_and_a_document_at_once_are_refused(capsys, file):
    found = document(capsys, "show", file, "--format", "csv", code=2)
    assert found["diagnostics"] == ["--format csv prints a table and does not go with --json"]


def test_a_damaged_ledger_is_refused_by_every_action(capsys, spec, file):
    data = file.read_bytes()
    spoilt = data.replace(b'"alignment": 0.', b'"alignment": 1.', 1)
    assert spoilt != data
    file.write_bytes(spoilt)
    for argv in (["show", file], ["export", file, "--to", file.with_name("a.csv")], ["run", spec, "--out", file]):
        more = ["--resume"] if argv[0] == "run" else []
        assert "does not match its checksum" in told(capsys, *argv, *more, code=2).err
    assert not file.with_name("a.csv").exists()


def test_an_interrupt_keeps_what_is_finished(capsys, monkeypatch, spec, file):
    path, run = spec.with_name("a.db"), sweep_run.run_sweep

    def interrupted(*args, progress, **how):
        def stop(done, of):
            progress(done, of)
            if done == 4:
                raise KeyboardInterrupt

        run(*args, progress=stop, **how)

    with monkeypatch.context() as patch:
        patch.setattr(sweep_run, "run_sweep", interrupted)
        assert told(capsys, "run", spec, "--out", path, code=130).err == "gammaphi: error: interrupted\n"
    assert document(capsys, "show", path)["data"]["done"] == 4
    told(capsys, "run", spec, "--out", path, "--resume")
    whole = told(capsys, "show", file, "--format", "csv").out
    assert told(capsys, "show", path, "--format", "csv").out == whole


def test_every_command_of_the_document_is_understood():
    text = (Path(__file__).resolve().parents[2] / "docs" / "sweeps.md").read_text()
    commands = [shlex.split(line)[1:] for line in re.findall(r"^ +(gammaphi .*)$", text, flags=re.MULTILINE)]
    assert {parser().parse_args(argv).action for argv in commands} == {"run", "show", "export"}


def test_the_setting_of_a_cell_is_told_as_everywhere(capsys, file):
    setting = document(capsys, "show", file)["data"]["cells"][-1]["setting"]
    assert setting["kernel"] == str(Kernel.NTK)
    assert setting["alpha"] == "2/5"


def test_the_bar_knows_the_rate_of_this_run_alone():
    clock = iter([100.0, 100.0, 110.0, 120.0])
    bar = Bar(lambda: next(clock))
    assert bar.line(50, 200) == f"[{'#' * 7}{'.' * 23}] 50 of 200 trials"
    assert bar.line(51, 200).endswith("51 of 200 trials")  # no time has passed that could tell a rate
    assert bar.line(70, 200).endswith("70 of 200 trials, 2 a second, 0:01:05 left")
    assert bar.line(200, 200) == f"[{'#' * 30}] 200 of 200 trials, 7.5 a second, 0:00:00 left"
