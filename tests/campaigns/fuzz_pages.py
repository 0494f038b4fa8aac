"""Reports in which every string is hostile: in each format it has the structure of the same report of plain words.

HTML is parsed and compared tag by tag, Markdown token by token; there no formula may hold anything but letters, and no
letters may be an address.  LaTeX may hold the control words that the plain report holds or that a formula may hold.
Typst, less its string literals, is compared letter by letter.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from random import Random

from markdown_it import MarkdownIt
from markdown_it.token import Token

from reports import formulas, render_html, render_latex, render_markdown, render_typst, typst_symbols
from reports.blocks import (
    Bullets,
    Code,
    Facts,
    Formula,
    Listing,
    Mark,
    Page,
    Paragraph,
    Ref,
    Section,
    Step,
    Steps,
    Table,
)

from . import fuzz_text

FORMS = ("html",) * 7 + ("markdown", "latex", "typst")
PIECES = fuzz_text.STRANGE["of a report"]
COUNT = 12
"""Strings of a page."""
FREE = {"code", *formulas._ELEMENT.pattern.split("|")}
"""Elements that a string may ask for: `code` between backticks, formulas between dollars."""
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("text_join")
"""CommonMark with what GitHub adds; letters that were escaped stay apart from those that were not."""
LETTERS = {"inline", "text", "text_special", "softbreak", "code_inline", "fence", "paragraph_open", "paragraph_close"}
"""Tokens that a string may ask for, or leave out where it is empty."""
MATHS = re.compile(r"\$\$[^$\0]+\$\$|\$[^$\0]+\$")
ADDRESS = re.compile(r"(https?|ftp)://|www\.|[\w.+-]@[\w-]+\.", re.IGNORECASE)


def make(rng: Random) -> bytes:
    """Return a format and the strings of a page as JSON."""
    strings = ["".join(rng.choices(PIECES, k=rng.randint(0, 4))) for _ in range(COUNT)]
    strings[rng.randrange(COUNT)] = fuzz_text.expression(rng)[:300]
    return json.dumps([rng.choice(FORMS), [text.encode("utf-8", "replace").decode() for text in strings]]).encode()


def lay(content: bytes, _folder: Path) -> Callable[[], object]:
    """Return the writing of a page, and what in it is of a structure that plain words do not have."""
    form, strings = json.loads(content)
    return lambda: strangers(form, strings)


def strangers(form: str, strings: list[str]) -> object:
    """Return what a page of these strings holds that a page of plain words does not, or None."""
    found = STRUCTURES[form](page(strings))
    return STRANGE[form](found, _plain(form), strings)


@cache
def _plain(form: str) -> object:
    return STRUCTURES[form](page(["word"] * COUNT))


def page(strings: list[str]) -> Page:
    """Return a page with a block of every kind but figures, which holds each string."""
    a, b, c, d, e, f, g, h, i, j, k, l = strings
    mark = Mark(word="SAMPLED", tone="good")
    step = Step(latex=f"\\text{{{_unbraced(a)}}}", mark=mark, because=b, rule=c.strip() or "-", states=d, checked=e)
    blocks = (
        Paragraph((f, Code(g), Ref(h, "anchor")), "remark"),
        Paragraph((i,)),
        Listing(j),
        Bullets((k, l)),
        Table(label=a, heads=(b, "verdict"), rows=((c, mark), (Code(d), mark)), by=1),
        Facts(((e, f), (g, Ref(h, "anchor")))),
        Steps((step,)),
        Formula(f"x + \\text{{{_unbraced(i)}}}", j),
    )
    return Page(title=k, lead=Paragraph((l,), "lead", "good"), blocks=(Section(a, "anchor", blocks),))


def _unbraced(text: str) -> str:
    """Return what SymPy and our own strings leave of a name within a formula: no braces, no commands."""
    return re.sub(r"[\\{}$^_%#&~]", "", " ".join(text.split()))


class Structure(HTMLParser):
    """Tags with the names of their attributes; the values of those that could lead somewhere."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: Counter[tuple] = Counter()
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        places = tuple(value for name, value in attrs if name in ("href", "src", "style", "id", "action"))
        if tag not in FREE:
            self.found[(tag, *(name for name, _ in attrs), *places)] += 1
        elif strange := [n for n, _ in attrs if n not in ("class", "xmlns") and not formulas._ATTRIBUTE.fullmatch(n)]:
            self.found[(tag, *strange)] += 1

    def handle_endtag(self, tag: str) -> None:
        if tag not in FREE:
            self.found[("/", tag)] += 1

    def handle_comment(self, data: str) -> None:
        self.found[("comment", data)] += 1

    handle_decl = handle_pi = unknown_decl = handle_comment


def _html(made: Page) -> Counter:
    return Structure(render_html.render(made)).found


def _markdown(made: Page) -> Counter:
    tokens = MARKDOWN.parse(render_markdown.render(made, "figures"))
    every = [inner for token in tokens for inner in (token, *(token.children or ()))]
    shape = Counter((t.type, _place(t)) for t in every if t.type not in LETTERS)
    return shape + Counter(stray for token in tokens for stray in _strays(token.children or ()))


def _place(token: Token) -> object:
    """Return where a link or an image leads, and all of what is HTML."""
    return token.content if token.type.startswith("html") else token.attrGet("href") or token.attrGet("src")


def _strays(line: list[Token]) -> Iterator[tuple[str, str]]:
    """Yield dollars that are not around letters alone, and addresses, which GitHub makes links without any sign."""
    bare = "".join(t.content if _is_bare(t) else "\0" for t in line)
    if "$" in MATHS.sub("", bare):
        yield "dollar", bare
    shown = "".join(t.content if t.type.startswith("text") else "\0" for t in line)
    yield from (("address", found[0]) for found in ADDRESS.finditer(shown))


def _is_bare(token: Token) -> bool:
    """Say whether letters are as they were written: `\\alpha` is, `\\$` and `&amp;` are not."""
    return token.type in ("text", "softbreak") or (token.type == "text_special" and token.markup == token.content)


def _latex(made: Page) -> set[str]:
    return set(re.findall(r"\\[A-Za-z]+|\\.|\^\^|(?<!\\)%", render_latex.render(made, "figures"), re.DOTALL))


def _typst(made: Page) -> str:
    try:
        source = render_typst.render(made)
    except ValueError:  # a formula that typst cannot be told
        return ""
    return re.sub(r'"(\\.|[^"\\])*"', '""', source, flags=re.DOTALL)


def _more(found: Counter, plain: Counter, strings: list[str]) -> object:
    """Return what there is more, or less, than on the plain page."""
    del strings
    return [*(found - plain), *(plain - found)][:3] or None


def _commands(found: set[str], plain: set[str], strings: list[str]) -> object:
    del strings
    return sorted(found - plain - _KNOWN) or None


def _letters(found: str, plain: str, strings: list[str]) -> object:
    """Compare the pages of strings without code and formulas, which typst writes as other calls."""
    if not found or any(sign in text for text in strings for sign in "`$"):
        return None
    return (
        None
        if _levelled(found) == _levelled(plain)
        else next(
            (f"{a!a} for {b!a}" for a, b in zip(found.split("\n"), plain.split("\n"), strict=False) if a != b), "lines"
        )
    )


def _levelled(source: str) -> str:
    """Return typst less the widths of columns, and less the parts of an empty string."""
    return re.sub(r'[0-9.]+fr|\[#""\]|[;{} ]', "", source)


_KNOWN = {
    *(name for table in vars(typst_symbols).values() if isinstance(table, (dict, set)) for name in table),
    *(rf"\{name}" for name in ("frac", "dfrac", "tfrac", "sqrt", "left", "right", "text", "mathrm", "operatorname")),
    *(rf"\{name}" for name in ("substack", "begin", "end", "limits", "mayend", "texttt")),
    *re.findall(r"\\[a-z]+", " ".join(render_latex._LETTERS.values())),
    *(rf"\{sign}" for sign in "{}$&#%_ \\"),
}
"""What a formula may hold, and what letters are written as."""
STRUCTURES = {"html": _html, "markdown": _markdown, "latex": _latex, "typst": _typst}
STRANGE = {"html": _more, "markdown": _more, "latex": _commands, "typst": _letters}
