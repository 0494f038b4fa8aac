"""How wide the columns of a printed table are: no word is squeezed, and what is left goes where much is said."""

from __future__ import annotations

from .blocks import Atom, Inline, Mark, Math, Table, atoms

LINE = 108.0
"""Letters of a table that fit on a line."""
_MOST = 40.0
"""Letters beyond which a cell may as well have another line."""
_BREAKS = 16.0
"""Letters after which code is broken even within a word."""


def shares(table: Table) -> tuple[float, ...]:
    """Return for each column its share of the width; they sum to 1."""
    columns = list(zip(table.heads, *table.rows, strict=True))
    least = [max(map(_longest_word, column)) + 1 for column in columns]
    wanted = [max(min(max(map(_length, column)) + 1, _MOST), low) for column, low in zip(columns, least, strict=True)]
    spare, lack = LINE - sum(least), sum(wanted) - sum(least)
    part = min(max(spare / lack, 0.0), 1.0) if lack else 0.0
    widths = [low + part * (much - low) for low, much in zip(least, wanted, strict=True)]
    return tuple(width / sum(widths) for width in widths)


def _length(cell: Inline) -> float:
    return sum(_letters(atom) for atom in atoms((cell,)))


def _longest_word(cell: Inline) -> float:
    return max((_unbroken(atom) for atom in atoms((cell,))), default=0.0)


def _unbroken(atom: Atom) -> float:
    if isinstance(atom, (Mark, Math)):
        return _letters(atom)
    longest = max(map(len, atom.text.split()), default=0)
    return min(float(longest), _MOST) if longest and atom.text[0] in "-0123456789" else min(float(longest), _BREAKS)


def _letters(atom: Atom) -> float:
    match atom:
        case Mark(word=word):
            return 1.4 * len(word) + 2.5  # bold capitals in a frame
        case Math(latex):
            return min(len(latex) / 2, _MOST)
        case _:
            return float(len(atom.text))
