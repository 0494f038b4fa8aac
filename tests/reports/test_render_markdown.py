"""Markdown says what a string says, and nothing in a string is markup: words, code and formulas, side by side."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reports import render_markdown
from reports.blocks import Bullets, Code, Figure, Formula, Mark, Math, Page, Paragraph, Ref, Section, Step, Steps
from tests.campaigns import fuzz_pages
from theory.evidence import Curve, Picture

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
SIGNS = (
    *"`$\\*_[](){}<>|~&#!+-=.:;'\"^%?@/ \t\n\r\v\u2028aé1",
    *("``", "```", "$$", "![", "](", "]:", "~~", "**", "__", "---", "===", "1. ", "- ", "# ", "    ", "\n\n", "<!--"),
    *("<b>", "&amp;", "&#36;", ":-:", "[^1]: a", "[a]: http://b", "http://a.b", "www.a.b", "a@b.c", "@me", "\\text{"),
)
TEXTS = st.lists(st.sampled_from(SIGNS), max_size=7).map("".join)


def lines(markdown):
    """Return what a reader makes of Markdown: the kinds of its blocks, and of each line the parts and their letters."""
    tokens = READER.parse(markdown)
    return [t.type for t in tokens], [[(part.type, part.content) for part in t.children] for t in tokens if t.children]


def kinds(*text):
    """Return the kinds of the parts of a line that are more than letters."""
    return [kind for line in lines(render_markdown.text(text))[1] for kind, _ in line if kind != "text"]


def page(*blocks):
    return Page(title="t", lead=Paragraph(("l",)), blocks=blocks)


def one_line(text):
    return re.sub("[\t\n\v\r\u2028]", " ", text)


@given(TEXTS)
def test_words_are_read_as_they_are(text):
    blocks, parts = lines(f"w {render_markdown.words(f'w{text}')}")
    assert blocks == ["paragraph_open", "inline", "paragraph_close"]
    assert {kind for kind, _ in parts[0]} <= {"text", "code_inline"}
    assert "".join(letters for _, letters in parts[0]) == f"w w{one_line(text)}".rstrip(" ")


@given(TEXTS)
def test_words_at_the_head_of_a_line_begin_no_block(text):
    blocks, parts = lines(render_markdown.words(text))
    assert blocks in ([], ["paragraph_open", "inline", "paragraph_close"])
    assert "".join(letters for line in parts for _, letters in line) == one_line(text).strip(" ")


@given(TEXTS)
@example(" a ")
def test_code_is_read_as_it_is(text):
    assert lines(render_markdown.code(text))[1] == [[("code_inline", one_line(text) or " ")]]


@given(TEXTS)
def test_a_formula_is_letters_between_dollars_or_code(text):
    (line,) = lines(render_markdown.text((Math(text),)))[1]
    letters = "".join(letters for _, letters in line)
    assert [kind for kind, _ in line] in (["text"], ["code_inline"])
    assert (letters[0] == letters[-1] == "$" and "$" not in letters[1:-1]) or line[0][0] == "code_inline"
    *_, block = lines(render_markdown.render(page(Formula(text, "")), ""))[0]
    assert block == ("fence" if line[0][0] == "code_inline" else "paragraph_close")


@settings(max_examples=200)
@given(st.lists(TEXTS, min_size=fuzz_pages.COUNT, max_size=fuzz_pages.COUNT))
def test_no_sign_changes_the_structure_of_a_page(strings):
    assert fuzz_pages.strangers("markdown", strings) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ((Code("a"), Code("b`<b>")), ["code_inline", "code_inline"]),
        ((Code(""), "<b>", Code("")), ["code_inline", "code_inline"]),
        (("$x$`<b>`$y$",), ["code_inline"]),
        (("$`${", Code("<b>")), ["code_inline", "code_inline"]),
        (("wow!", Ref("a", "b")), ["link_open", "link_close"]),
        ((Ref("a", "b) <b>"),), ["link_open", "link_close"]),
        ((Ref("`a]: b` c", "d"),), ["link_open", "code_inline", "link_close"]),
        ((Mark(word="a", tone="good"), Mark(word="b", tone="good")), ["strong_open", "strong_close"] * 2),
        ((Mark(word=" ", tone="good"),), []),
        (("http:", "//a.b"), ["code_inline"]),
        (("see www.a.b, a.c@d.e or (@me",), ["code_inline"] * 3),
    ],
)
def test_what_stands_side_by_side_stays_apart(text, found):
    assert kinds(*text) == found


def test_what_github_reads_beyond_commonmark_is_not_begun():
    drawn = Figure(Picture(title="t", x_label="x", y_label="^a", curves=(Curve(label="c", x=(1.0,), y=(1.0,)),)))
    assert r"![\^a against" in render_markdown.render(page(drawn), "")
    assert "\n\\displaystyle :-:\n" in render_markdown.render(page(Formula(":-:", "f")), "")
    assert render_markdown.text(("a$x$b",)) == "a $x$ b"


def test_words_between_two_codes_are_still_words():
    assert lines(render_markdown.text((Code(""), "a", Code(""))))[1] == [
        [("code_inline", " "), ("text", "a"), ("code_inline", " ")]
    ]


@pytest.mark.parametrize(
    ("latex", "written"),
    [
        (r"[a+b](c+d)", r"\lbrack a+b\rbrack (c+d)"),
        (r"\left[x\right]", r"\left\lbrack x\right\rbrack"),
        (r"\sqrt[3]{x}", r"\sqrt[3]{x}"),
        (r"\mu_{l} {B}_{i} {B}_{j}", r"\mu_{l} {B}_ {i} {B}_ {j}"),
        (r"\begin{cases} x & y \\0 & z\end{cases}", r"\begin{cases} x & y \cr 0 & z\end{cases}"),
        ("a~b", r"a\enspace b"),
        ("a&lt;b", "a& lt;b"),
        ("a\u2028b\tc", "a b c"),
    ],
)
def test_a_formula_is_written_in_letters(latex, written):
    assert render_markdown.text((Math(latex),)) == f"${written}$"
    assert kinds(Math(latex)) == []


@pytest.mark.parametrize(
    "latex", ["`", "a$b", "a%b", r"\%", "a\\", "{", "}{", "x_", " ", "http://a.b", "www.a.b", "a@b.c", "a\x1bb"]
)
def test_what_is_no_formula_is_code(latex):
    assert lines(render_markdown.text((Math(latex),)))[1] == [[("code_inline", latex)]]
    assert lines(render_markdown.render(page(Formula(latex, "")), ""))[0][-1] == "fence"


def test_a_formula_that_begins_with_a_minus_is_no_item_of_a_list():
    step = Step(latex="- x", mark=Mark(word="m", tone="good"), because="b", rule="", states="", checked="c")
    blocks, parts = lines(render_markdown.render(page(Formula("- x + 1", "f"), Steps((step,))), ""))
    assert blocks.count("list_item_open") == 1
    assert [
        ("text", "$$"),
        ("softbreak", ""),
        ("text", r"\displaystyle - x + 1"),
        ("softbreak", ""),
        ("text", "$$"),
    ] in (parts)


def test_an_anchor_is_no_markup():
    blocks, parts = lines(render_markdown.render(page(Section("a", '"><b>) c', (Paragraph(("p",)),))), ""))
    assert "html_block" not in blocks
    assert [letters for line in parts for kind, letters in line if kind == "html_inline"] == [
        '<a id="%22%3E%3Cb%3E%29%20c">',
        "</a>",
    ]


def test_a_sentence_that_says_nothing_is_no_rule_across_the_page():
    blocks, _ = lines(render_markdown.render(page(Paragraph(("",), "sentence"), Bullets(("",))), ""))
    assert "hr" not in blocks


@pytest.mark.parametrize(
    "text", ['Of 29 claims, 26 hold: 3 (in bold) don\'t; d^2/2!, 50%, 1/l! or "so" at N = 2 + x?', "λ – é · 中"]
)
def test_ordinary_text_is_written_as_it_is(text):
    assert render_markdown.text((text,)) == text
