"""LaTeX formulas -> typst math: the subset that SymPy and our own strings write, and nothing else.

Whatever is not known raises ValueError, so that no part of a formula is ever lost.  What comes out uses functions
(`frac(a, b)`, `attach(x, t: 2)`) and characters only, with every piece of punctuation escaped: typst finds no
operator, comma or name in it that was not meant.
"""

from __future__ import annotations

import re
from functools import cache

from .typst_symbols import ACCENTS, DELIMITERS, LIMITS, NAMES, PAIRED, PUNCTUATION, SPACES, STYLES, SYMBOLS

_PIECE = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
_MATRICES = {"matrix": "#none", "pmatrix": '"("', "bmatrix": '"["', "vmatrix": '"|"', "smallmatrix": "#none"}
_EMPTY = '""'


@cache
def typst_math(latex: str) -> str:
    """Return the formula in typst's math syntax, without dollars.  Raises ValueError for LaTeX that is not known."""
    reader = _Reader(latex)
    found = reader.row()
    if reader.peek():
        raise reader.refused(f"{reader.peek()} was not opened")
    return found


def quoted(words: str) -> str:
    """Return a typst string literal."""
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


class _Reader:
    """A formula read from left to right; each method takes what it is named after."""

    def __init__(self, latex: str) -> None:
        self._latex = latex
        self._pieces = [piece for piece in _PIECE.findall(latex) if not piece.isspace()]
        self._raw = [match for match in _PIECE.finditer(latex) if not match[0].isspace()]
        self._at = 0

    def refused(self, why: str) -> ValueError:
        return ValueError(f"LaTeX that typst cannot be told: {why}, in {self._latex}")

    def peek(self) -> str:
        """Return the next piece, empty at the end."""
        return self._pieces[self._at] if self._at < len(self._pieces) else ""

    def take(self, wanted: str = "") -> str:
        piece = self.peek()
        if not piece or (wanted and piece != wanted):
            raise self.refused(f"{wanted or 'something'} is missing before {piece or 'the end'}")
        self._at += 1
        return piece

    def row(self) -> str:
        """Return everything up to what closes it, which is left."""
        found = []
        while self.peek() and self.peek() not in ("}", "&", r"\\", r"\right", r"\end"):
            found.append(self.scripted())
        return " ".join(found) or _EMPTY

    def scripted(self) -> str:
        """Return one atom with what stands above and below it."""
        base = _EMPTY if self.peek() in ("^", "_") else self.number() or self.atom()
        if self.peek() == r"\limits":
            self.take()
            base = f"limits({base})"
        above, below = "", ""
        while self.peek() in ("^", "_", "'"):
            piece = self.take()
            if piece == "_":
                if below:
                    raise self.refused("two subscripts")
                below = self.argument()
            elif piece == "^":
                if above and set(above.split()) != {"′"}:
                    raise self.refused("two superscripts")
                above = f"{above} {self.argument()}".strip()
            else:
                above = f"{above} ′".strip()
        scripts = [f"{side}: {what}" for side, what in (("t", above), ("b", below)) if what]
        return f"attach({', '.join((base, *scripts))})" if scripts else base

    def number(self) -> str:
        """Return the digits that follow each other, which only an argument without braces takes one by one."""
        found = ""
        while self.peek().isdecimal() and self.peek().isascii():
            found += self.take()
        return found

    def argument(self) -> str:
        """Return a group, or the one atom that stands for it; of digits the first."""
        if self.peek() != "{":
            return self.atom()
        self.take("{")
        found = self.row()
        self.take("}")
        return found

    def atom(self) -> str:
        piece = self.peek()
        if piece == "{":
            return self.argument()
        self.take()
        if piece.isalnum() and piece.isascii():
            return piece
        if piece in PUNCTUATION:
            return PUNCTUATION[piece]
        return self.command(piece)

    def command(self, piece: str) -> str:
        """Return what a command stands for."""
        for table in (PAIRED, SYMBOLS, SPACES, DELIMITERS):
            if piece in table:
                return table[piece]
        if piece in NAMES:
            return f'op("{NAMES[piece]}", limits: #{str(piece in LIMITS).lower()})'
        if piece in STYLES:
            return self.styled(STYLES[piece])
        if piece in ACCENTS:
            return f"{ACCENTS[piece]}({self.argument()})"
        structures = {
            r"\frac": self.fraction,
            r"\dfrac": self.fraction,
            r"\tfrac": self.fraction,
            r"\sqrt": self.root,
            r"\left": self.fence,
            r"\text": lambda: quoted(self.words()),
            r"\mathrm": self.upright,
            r"\operatorname": lambda: f"op({quoted(self.words())})",
            r"\substack": self.stack,
            r"\begin": self.environment,
        }
        if piece not in structures:
            raise self.refused(f"{piece} is not known")
        return structures[piece]()

    def fraction(self) -> str:
        over = self.argument()
        return f"frac({over}, {self.argument()})"

    def root(self) -> str:
        if self.peek() != "[":
            return f"sqrt({self.argument()})"
        self.take("[")
        degree = []
        while self.peek() and self.peek() != "]":
            degree.append(self.scripted())
        self.take("]")
        return f"root({' '.join(degree) or _EMPTY}, {self.argument()})"

    def fence(self) -> str:
        """Return what stands between `left` and `right`, with both as high as it is."""
        opening = self.delimiter()
        inner = self.row()
        self.take(r"\right")
        closing = self.delimiter()
        return f"lr({' '.join(filter(None, (opening, inner, closing)))})"

    def delimiter(self) -> str:
        piece = self.take()
        if piece == ".":
            return ""
        if piece in DELIMITERS:
            return DELIMITERS[piece]
        if piece in "()[]|/<>":
            return PUNCTUATION[piece]
        raise self.refused(f"{piece} is no delimiter")

    def upright(self) -> str:
        """Return letters as a word; anything else upright."""
        at = self._at
        try:
            words = self.words()
        except ValueError:
            self._at = at
            return f"upright({self.argument()})"
        return quoted(words)

    def styled(self, style: str) -> str:
        inner = self.argument()
        return f"bold(upright({inner}))" if style == "bold" else f"{style}({inner})"

    def words(self) -> str:
        """Return what stands in braces as it is typed, without commands in it."""
        self.take("{")
        start = self._raw[self._at - 1].end()
        while self.peek() not in ("}", ""):
            piece = self.take()
            if piece[0] in "\\{$^_":
                raise self.refused(f"{piece} within words")
        end = self._raw[self._at].start() if self.peek() else len(self._latex)
        self.take("}")
        return self._latex[start:end]

    def lines(self) -> list[list[str]]:
        """Return rows of cells, up to what closes them."""
        found = [[self.row()]]
        while self.peek() in ("&", r"\\"):
            if self.take() == "&":
                found[-1].append(self.row())
            else:
                found.append([self.row()])
        return [line for line in found if line != [_EMPTY]]

    def stack(self) -> str:
        self.take("{")
        found = self.lines()
        self.take("}")
        return " \\ ".join(" ".join(cells) for cells in found)

    def environment(self) -> str:
        name = self.words()
        if name == "array":
            self.words()
        elif name != "cases" and name not in _MATRICES:
            raise self.refused(f"the environment {name} is not known")
        lines = self.lines()
        self.take(r"\end")
        if self.words() != name:
            raise self.refused(f"{name} is not closed")
        if name == "cases":
            return f"cases({', '.join(' & '.join(cells) for cells in lines)})"
        rows = "; ".join(", ".join(cells) for cells in lines)
        return f"mat(delim: {_MATRICES.get(name, '#none')}, {rows})"
