"""The page says everything that was found, stands alone, and is written whole or not at all."""

import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from reports import commands
from reports.collect import collect
from reports.command_line import main
from reports.envelope import provenance
from reports.outline import outline
from reports.render_html import render
from reports.writing import write_all
from theory.evidence import Verdict

VOID = {"meta", "br", "link", "img", "hr", "input"}
FETCHING = {"script", "iframe", "object", "embed", "link", "img", "base", "form"}


class Page(HTMLParser):
    """The elements, ids, anchors and words of a page; raises on a tag that is not closed."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.links, self.words, self.stack, self.attributes = set(), [], [], [], [], []
        self.feed(text)
        assert self.stack == []

    def handle_starttag(self, tag, attrs):
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [name for name, _ in attrs]
        self.ids += [value for name, value in attrs if name == "id"]
        self.links += [value for name, value in attrs if name == "href"]

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture
def page(every):
    return render(outline(collect(every, effort="quick", provenance=provenance(["verify", "--quick"], 5))))


def test_the_same_judgements_give_the_same_bytes(page, every):
    assert render(outline(collect(every, effort="quick", provenance=provenance(["verify", "--quick"], 5)))) == page


def test_the_page_stands_alone(page):
    parsed = Page(page)
    assert not parsed.tags & FETCHING
    assert not [name for name in parsed.attributes if name.startswith("on")]
    assert all(link.startswith("#") and link[1:] in parsed.ids for link in parsed.links)
    assert len(parsed.ids) == len(set(parsed.ids))
    assert not re.search(r"@import|url\((?!#)|src=", page)


def test_hostile_strings_are_words(page):
    assert "<script" not in page
    words = "".join(Page(page).words)
    assert words.count('<script>alert("x")</script>') >= 5


def test_everything_that_was_found_is_said(page, every):
    words = "".join(Page(page).words)
    for verdict in Verdict:
        assert verdict.meaning in words
    for judgement in every:
        assert judgement.id in words
        assert str(judgement.claim.source) in words
        for finding in (*judgement.evidence, *(e for twin in judgement.twins for e in twin.evidence)):
            assert finding.finding in words
    for status in ("holds", "violated", "asymptotic only"):
        assert status in words
    assert "Not checked here: a known result" in words
    assert "Not checked here: a heuristic" in words
    assert "gammaphi verify --quick" in words
    assert page.count("<svg") == 2


def test_an_expected_refutation_looks_good_and_a_failure_bad(page):
    assert '<p class="sentence good">REFUTED, as it should be: the source text has this wrong</p>' in page
    assert '<p class="sentence bad">FAILED: this statement was to hold, and a check found it false</p>' in page
    assert '<span class="mark good">false, as expected</span>' in page


def test_a_derivation_does_not_repeat_a_side(exact):
    links = collect([exact], effort="quick", provenance={"command": "c"}).sections[0].links
    assert links[0].latex.startswith(r"\frac{d}{d \rho} \kappa")
    assert links[1].latex.startswith(r"{} \leq")
    assert links[2].latex.startswith(r"\max")


def test_the_report_is_the_page_and_the_document(lower, capsys, tmp_path):
    assert main(["verify", "--report", str(tmp_path / "a" / "b"), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    written = json.loads((tmp_path / "a" / "b" / "report.json").read_text())
    assert written == printed
    assert main(["verify", "--report", str(tmp_path / "c")]) == 0
    for name in commands.REPORT_NAMES:
        assert (tmp_path / "c" / name).read_bytes() == (tmp_path / "a" / "b" / name).read_bytes()
    assert len(lower.judgements) == 2


def test_a_missing_extra_is_named_before_anything_is_computed(lower, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(commands, "find_spec", lambda name: None if name == "latex2mathml" else name)
    assert main(["verify", "--report", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err == ('gammaphi: error: a report needs latex2mathml: pip install "gammaphi[report]"\n')
    assert lower.asked == {}
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("obstacle", ["out", "out/report.html"])
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_computed(lower, capsys, tmp_path, obstacle):
    if obstacle == "out":
        (tmp_path / "out").write_text("a file")
    else:
        (tmp_path / obstacle).mkdir(parents=True)
    assert main(["verify", "--report", str(tmp_path / "out")]) == 2
    assert "no report can be written" in capsys.readouterr().err
    assert lower.asked == {}


@pytest.mark.parametrize("failing", [1, 2])
def test_a_failed_write_leaves_nothing(monkeypatch, tmp_path, failing):
    replaced = []
    replace = Path.replace

    def fail(self, target):
        replaced.append(target)
        if len(replaced) == failing:
            raise OSError("disk full")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_all(tmp_path / "new" / "out", {"a": "1", "inner/b": "2"})
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_report(monkeypatch, tmp_path):
    write_all(tmp_path, {"a": "old", "b": "old"})

    def fail(*_, **__):
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        write_all(tmp_path, {"a": "new", "b": "new"})
    monkeypatch.undo()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "old", "b": "old"}


@pytest.mark.usefixtures("lower")
def test_a_report_that_cannot_be_drawn_writes_nothing(capsys, monkeypatch, tmp_path):
    def fail(*_, **__):
        raise ValueError("cannot be drawn")

    monkeypatch.setattr("reports.render_html.formulas.mathml", fail)
    assert main(["verify", "--report", str(tmp_path / "out")]) == 2
    assert "cannot be drawn" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def luminance(colour):
    """Return the relative luminance of `#rrggbb`, as WCAG 2 defines it."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """Return the contrast ratio of two colours, from 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_words_can_be_read_in_both_schemes(scheme):
    css = (Path(commands.__file__).parent / "templates" / "style.css").read_text()
    block = re.findall(r":root \{(.*?)\}", css, flags=re.DOTALL)[scheme]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
    pairs = [(tone, f"{tone}-tint") for tone in ("good", "bad", "open", "note")]
    pairs += [(name, "page") for name in ("ink", "quiet", "link", "good", "bad", "open", "quiet")]
    assert {pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 4.5} == set()
    drawn = [(name, "page") for name in ("law", "paper", "rival")]
    assert {pair for pair in drawn if contrast(colours[pair[0]], colours[pair[1]]) < 3} == set()
