"""One report in every format: which files it becomes, and what each format needs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from typing import Literal

from . import blocks
from .blocks import Page
from .envelope import Json, dumps

FOLDER = "figures"
"""Where the pictures of the formats lie that cannot hold them."""

_NEEDS = {
    "html": ("report", ("latex2mathml", "markupsafe", "matplotlib")),
    "pdf": ("pdf", ("typst", "matplotlib")),
    "tex": ("report", ("matplotlib",)),
    "md": ("report", ("matplotlib",)),
    "json": ("report", ()),
}


def require(formats: Sequence[str]) -> None:
    """Refuse, with ValueError, formats for which something is not installed."""
    for name in formats:
        extra, modules = _NEEDS[name]
        missing = [module for module in modules if find_spec(module) is None]
        if missing:
            raise ValueError(f'a report as {name} needs {", ".join(missing)}: pip install "gammaphi[{extra}]"')


def names(formats: Sequence[str]) -> tuple[str, ...]:
    """Return the files of a report, of its pictures only the first: what must be writable before anything is done."""
    pictures = [f"{FOLDER}/figure-1.{kind}" for name, kind in (("tex", "pdf"), ("md", "svg")) if name in formats]
    return (*(f"report.{name}" for name in formats), *pictures)


def files(
    page: Page, formats: Sequence[str], *, document: Mapping[str, Json], tell: Callable[[str], None]
) -> dict[str, str | bytes]:
    """Return each file by its name; `document` is the whole of `report.json`."""
    found: dict[str, str | bytes] = {}
    for name in formats:
        start = time.monotonic()
        found |= _file(name, page, document)
        tell(f"report.{name} in {time.monotonic() - start:.1f} s")
    return found


def _file(name: str, page: Page, document: Mapping[str, Json]) -> dict[str, str | bytes]:
    """Return the files of one format; each is imported with what it needs, and only then."""
    match name:
        case "html":
            from .render_html import render  # noqa: PLC0415

            return {"report.html": render(page)}
        case "pdf":
            from .render_typst import pdf  # noqa: PLC0415

            return {"report.pdf": pdf(page)}
        case "tex":
            from .render_latex import render as latex  # noqa: PLC0415

            return {"report.tex": latex(page, FOLDER), **_pictures(page, "pdf")}
        case "md":
            from .render_markdown import render as markdown  # noqa: PLC0415

            return {"report.md": markdown(page, FOLDER), **_pictures(page, "svg")}
        case _:
            return {"report.json": dumps(document)}


def _pictures(page: Page, kind: Literal["svg", "pdf"]) -> dict[str, bytes]:
    from .figures import file  # noqa: PLC0415

    drawn = enumerate(blocks.figures(page.blocks), start=1)
    return {f"{FOLDER}/figure-{number}.{kind}": file(figure.picture, kind) for number, figure in drawn}
