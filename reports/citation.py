"""How to cite: the paper whose theorems are verified, and this software with its version."""

from __future__ import annotations

import re
from pathlib import Path

_HERE = Path(__file__).parent
_PAPER = "bombari2024"


def paper() -> str:
    """Return the BibTeX of the paper."""
    found = re.search(rf"^@\w+\{{{_PAPER},\n.*?^\}}\n", _text("references.bib"), flags=re.MULTILINE | re.DOTALL)
    if found is None:
        raise RuntimeError(f"references.bib has no {_PAPER}")
    return found[0]


def software() -> str:
    """Return the BibTeX of this software."""
    lines = (
        "@misc{gammaphi,",
        f"  author = {{{{{_field('  - name')}}}}},",
        f"  title  = {{{_field('title')}}},",
        f"  note   = {{Version {_field('version')}}},",
        "}",
    )
    return "\n".join(lines) + "\n"


def _field(name: str) -> str:
    """Return the first value of that name in the citation file, without its quotes."""
    found = re.search(rf"^{name}: (.*)$", _text("CITATION.cff"), flags=re.MULTILINE)
    if found is None:
        raise RuntimeError(f"CITATION.cff has no {name.strip()}")
    return found[1].strip('"')


def _text(name: str) -> str:
    """Return a file that an installation holds beside this one, and a checkout where people look for it."""
    places = (_HERE / name, _HERE.parent / name, _HERE.parent / "docs" / name)
    return next(place for place in places if place.exists()).read_text(encoding="utf-8")
