"""A picture is deterministic, alone with its ids, and readable without its colours."""

import dataclasses
import re
from xml.etree import ElementTree as ET

import pytest

from reports.blocks import Figure
from reports.figures import svg
from theory.evidence import Curve, Picture


@pytest.fixture
def picture(sampled):
    return sampled.evidence[1].picture


def ids(text):
    return set(re.findall(r'\bid="([^"]*)"', text))


def test_the_same_picture_has_the_same_bytes(picture):
    assert svg(picture, prefix="a") == svg(picture, prefix="a")


def test_two_pictures_on_a_page_share_no_id(picture):
    first, second = svg(picture, prefix="a"), svg(picture, prefix="b")
    assert ids(first)
    assert not ids(first) & ids(second)
    used = set(re.findall(r'href="#([^"]*)"|url\(#([^)]*)\)', first))
    assert used
    assert {one or other for one, other in used} <= ids(first)


def test_the_picture_is_well_formed_and_says_what_it_shows(picture):
    text = svg(picture, prefix="a")
    tree = ET.fromstring(text)  # noqa: S314 - our own
    assert tree.get("role") == "img"
    assert tree[0].text == picture.title
    assert "predicted (ours): 6 points, from 0.2865 at 0.5 to 0.2302 at 16" in tree[1].text
    assert "<style" not in text
    assert "metadata" not in text


def test_roles_differ_in_colour_line_and_legend(picture):
    text = svg(picture, prefix="a")
    for variable in ("--law", "--paper", "--rival", "--ink"):
        assert f"var({variable}, #" in text
    assert len(set(re.findall(r"stroke-dasharray: [^;\"]*", text))) >= 2
    for words in ("predicted (ours)", "Theorem 6.3 (as stated)", "degrees from 3 (rival)"):
        assert words in text
    assert "#0102" not in text


def test_no_dollar_and_no_tag_is_interpreted(picture):
    curve = Curve(label="$x_1$ <b>", role="law", x=(1.0,), y=(2.0,))
    text = svg(dataclasses.replace(picture, title="</title><script>", curves=(curve,), log_x=False), prefix="a")
    assert "$x_1$ &lt;b&gt;" in text
    assert "<script" not in text


def test_an_axis_is_logarithmic_only_where_it_can_be(picture):
    curve = Curve(label="c", x=(0.0, 10.0), y=(1.0, 2.0))
    text = svg(dataclasses.replace(picture, curves=(curve,), log_x=True), prefix="a")
    assert ">0<" in text


def test_a_role_without_a_style_is_refused(picture):
    curve = Curve(label="c", role="guess", x=(0.0,), y=(1.0,))
    with pytest.raises(ValueError, match="no role is called 'guess'"):
        svg(dataclasses.replace(picture, curves=(curve,)), prefix="a")


def test_a_picture_without_curves_is_still_a_picture():
    empty = Picture(title="t", x_label="x", y_label="y", curves=(), log_x=True)
    assert svg(empty, prefix="a").startswith("<svg")


def counted(names, **changes):
    curve = Curve(label="least", role="law", x=(0.25, 0.5), y=(0.0, 1.0), discrete=True)
    return Picture(title="t", x_label="gamma", y_label="activation", curves=(curve,), names=names, **changes)


def test_things_that_are_counted_are_listed_by_their_names_from_the_top_down():
    text = svg(counted(("h3", "a<b")), prefix="a")
    heights = {
        name: float(re.search(rf'<text[^>]*y="([-0-9.]+)"[^>]*>{name}</text>', text)[1]) for name in ("h3", "a&lt;b")
    }
    assert heights["h3"] < heights["a&lt;b"]
    assert "activation against gamma. least (ours): 2 points, from 0.25 of h3 to 0.5 of a&lt;b." in text
    assert Figure(counted(("h3", "relu"))).numbers.rows == (("least", "0.25", "h3"), ("least", "0.5", "relu"))
    tall = re.search(r'viewBox="0 0 \S+ ([0-9.]+)"', svg(counted(("h3",) * 40), prefix="a"))
    assert float(tall[1]) > 40 * 11  # points: a line of nine for each name, and some air


def test_what_is_counted_is_not_joined_and_what_is_discrete_is_marked(picture):
    def marked_and_joined(shown):
        line = re.search(
            r'<g id="a-line2d_\d+">\s*<path d="[^"]*" clip-path="[^"]*" style="fill: none; stroke: var\(--law', shown
        )
        return shown.count("<use"), line is not None

    curve = Curve(label="c", role="law", x=(1.0, 2.0, 4.0), y=(1.0, 2.0, 3.0))
    plain = dataclasses.replace(picture, curves=(curve,), log_x=False)
    dotted = dataclasses.replace(plain, curves=(dataclasses.replace(curve, discrete=True),))
    uses, joined = marked_and_joined(svg(plain, prefix="a"))
    more, still = marked_and_joined(svg(dotted, prefix="a"))
    assert (joined, still, more - uses) == (True, True, 4)  # three points, and one in the legend
    assert not marked_and_joined(svg(counted(("h3", "relu")), prefix="a"))[1]


def test_curves_of_one_role_differ_in_their_dashes(picture):
    curves = tuple(Curve(label=f"c{i}", role="law", x=(1.0, 2.0), y=(i, i)) for i in range(4))
    text = svg(dataclasses.replace(picture, curves=curves), prefix="a")
    assert len(set(re.findall(r"stroke-dasharray: [^;\"]*", text))) == 3  # and one without
