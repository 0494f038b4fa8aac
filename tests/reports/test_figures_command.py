"""`gammaphi figures`: the page and its ledgers, one after the other or where an interrupt left them."""

import contextlib
import io
import json

import pytest

from numerics import ledger, sweep_run, sweep_trial
from numerics.trials import run_trial
from reports import paper_figures, shipped
from reports.command_line import main
from reports.document import Plate

RF = '[[grid]]\nkernel = "rf"\nactivation = ["h1+h2", "h1+h4"]\nd = 20\nn = [8, 16]\nwidth = {width}\nalpha = "1/4"\n'
NTK = '[[grid]]\nkernel = "ntk"\nactivation = "relu"\nd = 20\nn = 8\nwidth = 20\nalpha = ["1/4", "1/2"]\n'
DIGITS = '[[grid]]\nkernel = ["rf", "ntk"]\nactivation = "relu"\nd = 80\nn = 8\nalpha = "1/5"\nquery = "zero"\n'
SPECS = {
    "figure-2": RF.format(width=300),
    "figure-6": RF.format(width=300).replace('"rf"', '"ntk"'),
    "figure-7": NTK,
    "images-digits": DIGITS + 'data = "digits"\n',
    "images-mnist": DIGITS + 'data = "mnist:DIR"\n',
}
NAMES = ["figure-2", "figure-6", "figure-7", "images-digits"]


def brought(folder):
    """Fill a folder with sweeps that take no time, two trials of each cell, and return it."""
    folder.mkdir()
    for name, text in SPECS.items():
        for full in ("", "-full"):
            (folder / f"{name}{full}.toml").write_text(f"trials = 2\ntests = 50\n{text}")
    return folder


@pytest.fixture(autouse=True)
def tiny(tmp_path, monkeypatch):
    """Put these sweeps in the place of the shipped ones."""
    monkeypatch.setattr(shipped, "FOLDER", brought(tmp_path / "experiments"))
    return tmp_path / "experiments"


@pytest.fixture
def undrawn(monkeypatch):
    """Leave out the pictures, which take the most time."""

    def plate(experiment, *_, **__):
        return Plate(title=experiment.title, words="", pictures=())

    for name in ("of_law", "of_ledger"):
        monkeypatch.setattr(paper_figures, name, plate)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return the folder of a run that nobody interrupted, and what it printed."""
    home, printed = tmp_path_factory.mktemp("whole"), io.StringIO()
    with pytest.MonkeyPatch.context() as patched, contextlib.redirect_stdout(printed):
        patched.setattr(shipped, "FOLDER", brought(home / "experiments"))
        figures(home / "out", "--sampled", "--seed", "7", "--json")
    return home / "out", printed.getvalue()


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def asked(monkeypatch, *, stop=None):
    """Return the list of trials that are run from now on; the one after `stop` of them is interrupted."""
    seen = []

    def run(setting, **how):
        if len(seen) == stop:
            raise KeyboardInterrupt
        seen.append(setting)
        return run_trial(setting, **how)

    monkeypatch.setattr(sweep_trial, "run_trial", run)
    return seen


def figures(out, *options, code=0):
    assert main(["figures", "--report", str(out), *options]) == code


def plates(out):
    return json.loads((out / "report.json").read_text())["data"]["figures"]


def refused(capsys, out, *options):
    """Return what was told in one line, where nothing was run."""
    capsys.readouterr()
    figures(out, *options, code=2)
    told, err = capsys.readouterr()
    assert (told, err.count("\n")) == ("", 1)
    return err


def test_the_law_alone_samples_nothing_and_leaves_no_ledger(out, monkeypatch):
    seen = asked(monkeypatch)
    figures(out)
    assert [len(plate["pictures"]) for plate in plates(out)] == [3, 3, 3]
    assert {path.name for path in out.iterdir()} == {"report.html", "report.json"}
    assert seen == []


def test_the_command_writes_the_page_the_numbers_and_the_ledgers(whole):
    out, printed = whole
    document = json.loads(printed)
    assert (document["schema"], document["status"]) == ("gammaphi/figures/1", "pass")
    assert json.loads((out / "report.json").read_text()) == document
    assert {path.name for path in out.iterdir()} == {"report.html", "report.json", *(f"{name}.db" for name in NAMES)}
    assert {ledger.read(out / f"{name}.db").sweep.seed for name in NAMES} == {7}
    drawn = plates(out)
    assert len(drawn) == 7
    assert drawn[-1]["title"] == "The paper's Figures 2 and 6: images, sampled"
    roles = [{curve["role"] for picture in plate["pictures"] for curve in picture["curves"]} for plate in drawn]
    assert roles[3:6] == [{"law", "paper", "spread"}] * 3
    of_images = [{curve["role"] for curve in picture["curves"]} for picture in drawn[6]["pictures"]]
    assert of_images == [{"spread"}, {"spread"}, {"law", "spread"}]  # the law of a pool says nothing of accuracies
    assert drawn[6]["found"][0].startswith("Of 2 sampled points")


@pytest.mark.parametrize("stop", [3, 20])
def test_an_interrupted_run_goes_on_where_it_was(capsys, out, monkeypatch, whole, stop):
    asked(monkeypatch, stop=stop)
    figures(out, "--sampled", "--seed", "7", code=130)
    assert not (out / "report.html").exists()
    assert sum(len(ledger.read(path).outcomes) for path in out.glob("*.db")) == stop
    assert "figure-2.db exists: --resume goes on with it" in refused(capsys, out, "--sampled", "--seed", "7")
    seen = asked(monkeypatch)
    figures(out, "--sampled", "--seed", "7", "--resume")
    assert len(seen) == 2 * (4 + 4 + 2 + 2) - stop
    assert plates(out) == plates(whole[0])
    told = capsys.readouterr().out
    assert all(plate["found"][0] in told for plate in plates(out)[3:])
    assert str(out / "report.html") in told


@pytest.mark.usefixtures("undrawn")
def test_the_processes_that_are_asked_for_are_had(out, monkeypatch):
    asked = []

    def run(sweep, path, *, jobs, **_):
        asked.append(jobs)
        sweep_run_sweep(sweep, path)

    sweep_run_sweep = sweep_run.run_sweep
    monkeypatch.setattr(sweep_run, "run_sweep", run)
    figures(out, "--sampled", "--jobs", "3")
    assert asked == [3] * 4


@pytest.mark.usefixtures("undrawn")
def test_the_full_size_is_another_ledger_and_has_no_second_law(out):
    figures(out, "--sampled", "--full")
    expected = {"figure-2-full.db", "figure-6-full.db", "figure-7-full.db", "images-digits.db"}
    assert {path.name for path in out.glob("*.db")} == expected
    assert len(plates(out)) == 4


def test_ones_own_images_are_sampled_and_read_off_a_pool(out, tiny, fabricated, tmp_path, monkeypatch):
    monkeypatch.setattr(shipped, "synthetic", lambda **_: ())
    for name, content in fabricated.files["mnist"].items():
        (tmp_path / name).write_bytes(content)
    for path in tiny.glob("images-mnist*.toml"):
        path.write_text(path.read_text().replace("d = 80", "d = 980"))
    figures(out, "--sampled", "--images", f"mnist:{tmp_path}")
    found = plates(out)[-1]
    assert found["pictures"][-1]["curves"][0]["role"] == "law"
    assert found["differs"] == []
    assert {cell.data for cell in ledger.read(out / "images-mnist.db").sweep.cells} == {f"mnist:{tmp_path}"}


def test_a_trial_that_fails_is_told_and_the_rest_is_drawn(capsys, out, tiny, monkeypatch):
    only = shipped.synthetic(full=False)[:1]
    monkeypatch.setattr(shipped, "synthetic", lambda full: () if full else only)
    path = tiny / "figure-2.toml"
    path.write_text(path.read_text().replace("n = [8, 16]\nwidth = 300", "n = [8, 16]\nwidth = 12"))
    figures(out, "--sampled", code=1)
    told = capsys.readouterr().err
    assert told.count("failed: RF h1+h") == 2
    drawn = plates(out)[0]["pictures"][0]["curves"]
    assert [curve["x"] for curve in drawn if curve["role"] == "spread"] == [[8], [8]]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--full"], "--full is about samples, and needs --sampled"),
        (["--images", "digits"], "--images is about samples"),
        (["--jobs", "2"], "--jobs is about samples"),
        (["--resume"], "--resume is about samples"),
        (["--sampled", "--images", "cats"], "--images cats: one of digits, mnist:DIR, cifar10:DIR is wanted"),
        (["--sampled", "--images", "mnist:nowhere"], "images-mnist.toml: grid 1: data: mnist images have 784"),
        (["--sampled", "--jobs", "0"], "'0' is not a whole number"),
        (["--seed", "x"], "'x' is not a whole number"),
    ],
)
def test_bad_input_is_one_line_before_anything_is_drawn(capsys, out, monkeypatch, options, told):
    called = []
    monkeypatch.setattr(sweep_run, "run_sweep", lambda *how, **more: called.append((how, more)))
    monkeypatch.setattr(paper_figures, "of_law", lambda *how, **more: called.append((how, more)))
    assert told in refused(capsys, out, *options)
    assert called == []
    assert not out.exists()


def test_a_report_without_a_place_is_refused(capsys, tmp_path):
    (tmp_path / "file").write_text("")
    assert "is not a folder" in refused(capsys, tmp_path / "file", "--sampled")
    assert main(["figures"]) == 2


@pytest.mark.parametrize("name", NAMES)
def test_a_ledger_in_the_way_is_seen_before_the_first_trial(capsys, out, monkeypatch, name):
    out.mkdir()
    (out / f"{name}.db").write_text("somebody else's")
    seen = asked(monkeypatch)
    told = refused(capsys, out, "--sampled")
    assert f"{name}.db exists: --resume goes on with it, and it is never overwritten" in told
    assert seen == []
    assert (out / f"{name}.db").read_text() == "somebody else's"
