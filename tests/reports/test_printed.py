"""What is printed: no letter means anything to TeX, Markdown or typst, tables fit, and the paper can be compiled."""

import re
import shutil
import subprocess

import pytest

from reports import blocks, columns, figures, render_latex, render_markdown, render_typst
from reports.blocks import Code, Facts, Mark, Math, Page, Paragraph, Section, Table
from reports.collect import collect
from reports.outline import outline

from .conftest import HOSTILE

PDFLATEX = shutil.which("pdflatex")
EVERY = "".join(map(chr, range(32, 127)))
"""Every printable letter of ASCII."""


def page_of(*text):
    return Page(title="t", lead=Paragraph(("lead",), "lead", "good"), blocks=(Paragraph(text),))


@pytest.fixture
def page(every):
    *sound, hostile = every  # whose formulas are none, and are refused: here its words matter
    del hostile
    found = outline(collect(sound, effort="quick", provenance={"command": HOSTILE, EVERY: EVERY}))
    said = (Paragraph((EVERY.replace("`", "").replace("$", ""), Code(EVERY), Mark(word=EVERY, tone="bad"))),)
    return Page(title=HOSTILE, lead=found.lead, blocks=(*found.blocks, Section(HOSTILE, "hostile", said)))


@pytest.mark.parametrize("letter", EVERY)
def test_a_letter_stays_one_letter_in_markdown(letter):
    written = render_markdown.words(f"a{letter}b")
    assert written in (f"a{letter}b", f"a\\{letter}b")
    assert written != f"a{letter}b" or letter not in "\\`*_[]<>|~$&"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# no heading", r"\# no heading"),
        ("- no item", r"\- no item"),
        ("1. no item", r"1\. no item"),
        ("12) no item", r"12\) no item"),
        ("=== no rule", r"\=== no rule"),
    ],
)
def test_a_line_begins_no_block_in_markdown(text, written):
    assert render_markdown.words(text) == written


def test_code_in_markdown_holds_backticks():
    assert render_markdown.code("a`b``c") == "``` a`b``c ```"


def test_a_bar_in_a_cell_ends_no_cell_in_markdown():
    table = Table(label="t", heads=("a|b", Code("c|d")), rows=((Math("|x|"), "e|f"),))
    text = render_markdown.render(Page(title="t", lead=Paragraph(("l",)), blocks=(table,)), "figures")
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert [len(re.findall(r"(?<!\\)\|", line)) for line in lines] == [3, 3, 3]


def test_a_letter_that_latex_lacks_is_told_by_its_number():
    assert render_latex.words("é λ 中") == r"é \texttt{U+03BB} \texttt{U+4E2D}"


def test_no_letter_of_a_text_means_anything_to_tex():
    special = re.sub(r"\\[A-Za-z]+\{(?:34)?\}|\\[{}$&#%_]|-\{\}", "", render_latex.words(EVERY))
    assert not set(special) & set("\\{}$&#%_^~")


def test_the_columns_of_a_table_share_its_width_and_squeeze_no_mark():
    mark = Mark(word="false, as expected", tone="good")
    table = Table(label="t", heads=("a", "b", "c"), rows=(("word " * 60, mark, "0.398942280401432677939946059934"),))
    widths = columns.shares(table)
    assert sum(widths) == pytest.approx(1)
    assert widths[1] * columns.LINE > len(mark.word)
    assert widths[2] * columns.LINE > 32
    assert widths[0] == max(widths)


def test_a_formula_is_broken_only_where_its_terms_are_short():
    short = " + ".join(["x"] * 300)
    assert render_latex.render(page_of_formula(short), "figures").count(r"\longformula{x +") == 1
    assert render_latex.render(page_of_formula(rf"\frac{{{short}}}{{2}}"), "figures").count(r"\wholeformula{\frac") == 1


def page_of_formula(latex):
    return Page(title="t", lead=Paragraph(("l",)), blocks=(blocks.Formula(latex, "f"),))


def test_no_text_is_code_to_typst():
    source = render_typst.render(page_of('" #panic() \\ $x', Code("`#panic()`"), Mark(word='"#', tone="bad")))
    outside = re.sub(r'"(?:[^"\\]|\\.)*"', "", source)
    assert "panic" in source
    assert "panic" not in outside


def test_a_hostile_report_is_printed_as_words(page):
    assert render_typst.pdf(page).startswith(b"%PDF")
    markdown = render_markdown.render(page, "figures")
    assert "<script" not in re.sub(r"```.*?```|`[^`\n]*`", "", markdown, flags=re.DOTALL).replace(r"\<", "")


@pytest.mark.slow
@pytest.mark.skipif(PDFLATEX is None, reason="no pdflatex: a TeX distribution has it")
def test_the_latex_compiles(page, tmp_path):
    (tmp_path / "figures").mkdir()
    for number, figure in enumerate(blocks.figures(page.blocks), start=1):
        (tmp_path / "figures" / f"figure-{number}.pdf").write_bytes(figures.file(figure.picture, "pdf"))
    (tmp_path / "report.tex").write_text(render_latex.render(page, "figures"))
    command = [PDFLATEX, "-interaction=nonstopmode", "-halt-on-error", "report.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    beyond = [float(points) for points in re.findall(r"Overfull \\hbox \(([0-9.]+)pt", done.stdout)]
    assert max(beyond, default=0) < 60  # 44 for the run of 95 letters without a space; 17 in a report on all claims
    spoilt = (tmp_path / "report.tex").read_text().replace(r"\_", "_")
    (tmp_path / "report.tex").write_text(spoilt)
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_facts_without_rows_are_nothing_to_any_printer():
    page = Page(title="t", lead=Paragraph(("l",)), blocks=(Facts(()),))
    assert render_typst.pdf(page).startswith(b"%PDF")
