"""The common chapter shows every activation under every mechanism, and says what could not be had."""

import math
from dataclasses import replace

import pytest

from numerics.mechanisms import Exposure
from reports.blocks import Page, Paragraph, Table, sections
from reports.document import View
from reports.outline_mechanisms import mechanisms
from reports.render_html import render
from theory.activations import ABS, ERF, RELU, TANH
from theory.registry import claims

from .conftest import picture

SEEN = Exposure(activation=RELU, memorised=0.4, rare=0.2, shortcut=0.3, contaminated=0.6, even=0.25)
FOUND = (
    SEEN,
    replace(SEEN, activation=ERF, rare=0.3, contaminated=0.0, even=0.0),
    replace(SEEN, activation=TANH, memorised=0.5, shortcut=0.1, contaminated=0.0, even=0.0),
    replace(SEEN, activation=ABS, memorised=0.1, shortcut=math.inf),
)


@pytest.fixture
def chapter():
    return mechanisms(FOUND, [View(title="Seen", words="To see.", pictures=(picture(),))])


def words(section):
    return " ".join(str(inline) for block in section.blocks if isinstance(block, Paragraph) for inline in block.text)


def test_each_mechanism_has_its_row_and_names_claims_that_there_are(chapter):
    (table,) = (block for block in chapter.blocks if isinstance(block, Table))
    assert [str(row[0]).split(":")[0] for row in table.rows] == ["Memorised", "Rare", "Shortcut", "Contamination"]
    named = {name for row in table.rows for name in str(row[-1]).replace("`", "").split(", ")}
    named |= set(words(chapter).split("`")[1::2])
    assert named <= set(claims())


def test_the_least_exposed_are_those_that_learn_something_linear(chapter):
    inner = {section.anchor: section for section in sections(chapter.blocks)}["mechanisms-activations"]
    said = words(inner)
    assert "memorised, `relu`, `erf` (0.400)" in said  # not abs, which learns nothing linear
    assert "contamination, `erf`, `tanh` (0.000)" in said
    (table,) = (block for block in inner.blocks if isinstance(block, Table))
    assert table.rows[-1] == ("`abs`", "0.100", "0.200", "nothing linear", "0.600", "25.0%")


def test_the_page_shows_it(chapter):
    page = render(Page(title="t", lead=Paragraph(()), blocks=(chapter,)))
    for seen in ("What each activation gives", "To see.", "were not at hand", "<math"):
        assert seen in page
