"""What was recorded of the checker is read back as it was, and shown figure by figure."""

import json
from dataclasses import replace

import pytest

from reports.blocks import Mark, Page, Paragraph
from reports.campaigns import FOLDER, ORDER, Campaign, Figure, Listing, conclude, record, recorded
from reports.outline_trust import trust
from reports.render_html import render
from theory.evidence import Curve, Picture

from .conftest import HOSTILE

KEPT = Campaign(
    title="Mutants",
    words="What was done.",
    command="gammaphi verify --mutants",
    figures=(
        Figure(what="mutants", measured="300", target="at least 200", met=True),
        Figure(what="survived", measured="2", target="0", met=False),
    ),
    listings=(Listing(title="By claim", head=("claim", "killed"), rows=(("mehler", "7"),)),),
    pictures=(
        Picture(title="power", x_label="effect", y_label="P", curves=(Curve(label="a", x=(0.0, 1.0), y=(0.1, 0.9)),)),
    ),
)


def test_what_is_recorded_is_read_back_whole(tmp_path):
    record("mutants", KEPT, tmp_path)
    assert recorded(tmp_path) == {"mutants": KEPT}
    assert not KEPT.met
    assert "MISSED  survived: 2 (asked for: 0)" in KEPT.text()


def test_an_unknown_name_is_refused_and_nothing_written(tmp_path):
    with pytest.raises(ValueError, match="no campaign is called 'mutant'; there are mutants, "):
        record("mutant", KEPT, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_campaign_ends_in_failure_if_a_figure_misses_and_is_kept_only_if_asked(monkeypatch, capsys):
    kept = []
    monkeypatch.setattr("reports.campaigns.record", lambda name, found: kept.append((name, found)))
    met = replace(KEPT, figures=KEPT.figures[:1])
    assert [conclude("mutants", met, keep=False), conclude("mutants", KEPT, keep=True)] == [0, 1]
    assert kept == [("mutants", KEPT)]
    assert capsys.readouterr().out == met.text() + KEPT.text()


def test_the_chapter_shows_every_figure_and_what_was_missed():
    section = trust({"mutants": KEPT})
    table = next(block for block in section.blocks if hasattr(block, "rows"))
    assert [row[1:] for row in table.rows] == [
        ("mutants", "300", "at least 200", Mark(word="met", tone="good")),
        ("survived", "2", "0", Mark(word="MISSED", tone="bad")),
    ]


def test_a_hostile_record_stays_words():
    hostile = replace(
        KEPT, title=HOSTILE, words=HOSTILE, listings=(Listing(title="t", head=("a",), rows=((HOSTILE,),)),)
    )
    page = render(Page(title="t", lead=Paragraph(()), blocks=(trust({"mutants": hostile}),)))
    assert "<script>alert" not in page


@pytest.mark.parametrize("name", [path.stem for path in sorted(FOLDER.glob("*.json"))])
def test_what_comes_with_the_package_is_of_a_campaign_and_has_figures(name):
    kept = recorded()[name]
    assert name in ORDER
    assert kept.figures
    assert json.loads((FOLDER / f"{name}.json").read_text())["command"] == kept.command


def test_no_figure_on_record_was_missed():
    missed = {(name, f.what) for name, kept in recorded().items() for f in kept.figures if not f.met}
    assert missed == set()


def test_the_chapter_on_record_is_drawn_whole():
    page = render(Page(title="t", lead=Paragraph(()), blocks=(trust(recorded()),)))
    pictures = sum(len(kept.pictures) for kept in recorded().values())
    assert pictures >= 3
    assert page.count("<svg") == pictures
