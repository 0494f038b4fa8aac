"""`report` writes one report in every format, whole or not at all, and `cite` says how to cite it."""

import json
import re
from dataclasses import replace
from importlib.util import find_spec

import jsonschema
import pytest

from reports import collect_derivation, formats, render_json
from reports.arguments_report import FORMATS
from reports.collect import collect
from reports.command_line import main
from reports.document import View
from reports.envelope import redo
from reports.outline import whole
from reports.render_html import render
from theory.activations import RELU

from .conftest import judged, misprint, picture
from .test_report import Page


@pytest.fixture
def below(lower, monkeypatch):
    """Replace what is judged, derived and recorded; the law's part is left out by `--law 0`."""
    from theory.evidence import Verdict

    law = judged("law", Verdict.SAMPLED, title="The law at any size", drawn=picture())
    lower.judgements = [law, misprint()]
    monkeypatch.setattr("theory.derivation.derivation", lambda _: ())
    monkeypatch.setattr("reports.commands_report.recorded", dict)
    return lower


def report(folder, *argv):
    return main(["report", "--out", str(folder), "--law", "0", "--activation", "relu", "-q", *argv])


def names(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("below")
def test_every_format_is_written(tmp_path, capsys):
    assert report(tmp_path / "out", "law") == 0
    pictures = {f"figures/figure-{n}.{kind}" for n in (1, 2) for kind in ("svg", "pdf")}
    assert names(tmp_path / "out") == {f"report.{name}" for name in FORMATS} | pictures
    printed = capsys.readouterr()
    assert "Of 2 claims, 2 came out as expected" in printed.out
    assert printed.err == "a claim that prints"
    page = Page((tmp_path / "out" / "report.html").read_text())
    assert {"claim-law", "activation-relu", "activation-relu-dual", "provenance"} <= set(page.ids)
    assert (tmp_path / "out" / "report.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.usefixtures("below")
def test_the_law_is_drawn_unless_it_is_not_wanted(tmp_path, monkeypatch):
    monkeypatch.setattr("reports.commands_report._compared", lambda *_: None)
    monkeypatch.setattr("reports.law_pictures.views", lambda: [View(title="t", words="To see.", pictures=(picture(),))])
    for law, drawn in (("1", True), ("0", False)):
        assert report(tmp_path / law, "--law", law, "--format", "html,json") == 0
        page = Page((tmp_path / law / "report.html").read_text())
        assert ({"pictures", "pictures-1"} <= set(page.ids)) is drawn
        assert ("To see." in "".join(page.words)) is drawn
        document = json.loads((tmp_path / law / "report.json").read_text())
        assert list(jsonschema.Draft202012Validator(render_json.schema()).iter_errors(document)) == []


@pytest.mark.usefixtures("below")
def test_the_same_report_elsewhere_has_the_same_bytes(tmp_path):
    for folder in ("a", "b"):
        assert report(tmp_path / folder) == 0
    assert names(tmp_path / "a") == names(tmp_path / "b")
    for name in names(tmp_path / "a"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


@pytest.mark.usefixtures("below")
def test_how_long_each_format_took_is_told(tmp_path, capsys):
    assert main(["report", "--out", str(tmp_path), "--law", "0", "--format", "json,md"]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(" in ")[0] for line in lines] == ["a claim that printsreport.md", "report.json"]


@pytest.mark.usefixtures("below")
def test_only_the_wanted_formats_are_written(tmp_path):
    assert report(tmp_path, "--format", "md,html") == 0
    assert names(tmp_path) == {"report.html", "report.md", "figures/figure-1.svg", "figures/figure-2.svg"}


@pytest.mark.usefixtures("below")
def test_the_json_is_what_its_schema_says(tmp_path):
    assert report(tmp_path, "--format", "json") == 0
    document = json.loads((tmp_path / "report.json").read_text())
    schema = render_json.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert list(validator.iter_errors(document)) == []
    kinds = {block["kind"] for block in blocks(document["data"]["page"]["blocks"])}
    assert kinds >= {"paragraph", "formula", "listing", "table", "figure", "steps", "facts", "section"}
    for spoil in (
        lambda d: d["data"]["page"]["blocks"][0].update(kind="chapter"),
        lambda d: d["data"]["page"]["blocks"][0].pop("anchor"),
        lambda d: d["data"]["page"].update(colour="red"),
        lambda d: d["data"]["claims"][0].update(verdict="TRUE"),
        lambda d: d["data"].pop("law"),
        lambda d: d.update(schema="gammaphi/report/2"),
    ):
        wrong = json.loads(json.dumps(document))
        spoil(wrong)
        assert list(validator.iter_errors(wrong)) != []


def blocks(found):
    for block in found:
        yield block
        yield from blocks(block.get("blocks", []))


@pytest.mark.usefixtures("below")
def test_what_is_written_is_what_is_printed(tmp_path, capsys):
    assert report(tmp_path, "--json", "--format", "json") == 0
    printed = json.loads(capsys.readouterr().out)
    written = json.loads((tmp_path / "report.json").read_text())
    del written["data"]["page"]
    assert printed == written


@pytest.mark.parametrize("missing", ["pdf typst pdf", "pdf matplotlib pdf", "html latex2mathml report"])
def test_a_missing_extra_is_named_before_anything_is_computed(below, capsys, monkeypatch, tmp_path, missing):
    wanted, module, extra = missing.split()
    monkeypatch.setattr(formats, "find_spec", lambda name: None if name == module else find_spec(name))
    assert report(tmp_path / "out", "--format", wanted) == 2
    line = f'gammaphi: error: a report as {wanted} needs {module}: pip install "gammaphi[{extra}]"\n'
    assert capsys.readouterr().err == line
    assert below.asked == {}
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("obstacle", ["out", "out/report.pdf/", "out/figures"])
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_computed(below, capsys, tmp_path, obstacle):
    path = tmp_path / obstacle
    if obstacle.endswith("/"):
        path.mkdir(parents=True)
    else:
        path.parent.mkdir(exist_ok=True)
        path.write_text("a file")
    assert report(tmp_path / "out") == 2
    assert "no report can be written" in capsys.readouterr().err
    assert below.asked == {}


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (("--format", "html,doc"), "'doc' is no format; there are html, pdf, tex, md, json"),
        (("--format", ""), "'' is no format"),
        (("--activation", "relo"), "did you mean 'relu'?"),
        (("--law", "some"), "'some' is not a whole number from 0 on"),
    ],
)
@pytest.mark.usefixtures("below")
def test_bad_input_is_refused_in_one_line(tmp_path, capsys, argv, told):
    assert report(tmp_path / "out", *argv) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("below")
def test_a_format_that_cannot_be_written_leaves_nothing(tmp_path, capsys, monkeypatch):
    def fail(_):
        raise ValueError("LaTeX that typst cannot be told")

    monkeypatch.setattr("reports.render_typst.typst_math", fail)
    assert report(tmp_path / "out") == 2
    assert "cannot be told" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_where_a_report_lies_is_no_part_of_the_command():
    argv = ["report", "mehler", "--out", "build/a", "--format=md", "--seed", "3", "-q"]
    assert redo(argv) == "gammaphi report mehler --seed 3"
    assert redo(["sweep", "run", "a.toml", "--out", "b.db"]) == "gammaphi sweep run a.toml --out b.db"


def test_two_activations_of_like_names_have_anchors_of_their_own(portrait):
    origin = {"command": "c"}
    named = [replace(portrait, activation=replace(RELU, name=name)) for name in ("x*erf(x)", "x+erf(x)")]
    pages = [collect_derivation.collect(drawn, (), provenance=origin) for drawn in named]
    page = Page(render(whole(collect([], effort="quick", provenance=origin), pages, None)))
    assert len(page.ids) == len(set(page.ids))
    assert {"activation-x-erf-x", "activation-x-erf-x-1"} <= set(page.ids)


def test_the_citation_names_the_paper_and_the_version(capsys):
    assert main(["cite"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("@inproceedings{bombari2024,\n")
    assert "@misc{gammaphi," in text
    assert re.search(r"Version \d+\.\d+\.\d+", text)
    assert text.count("{") == text.count("}")
    assert main(["cite", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)["data"]) == {"paper", "software"}
