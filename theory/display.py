"""What a notebook shows of a result: HTML that escapes every text, with formulas as LaTeX between dollars.

Only what Jupyter typesets by itself: the report's MathML lies in a layer above, which theory does not import.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import TYPE_CHECKING

import sympy as sp

if TYPE_CHECKING:  # both import this file
    from .judgement import Judgement
    from .portrait import Portrait


def table(caption: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return an HTML table; cells are escaped here, so `$...$` stays what a notebook typesets."""
    heads = "".join(f'<th scope="col">{html.escape(cell)}</th>' for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    caption = html.escape(caption)
    return f"<table><caption>{caption}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def formula(expr: sp.Basic | None) -> str:
    """Return an expression as LaTeX between dollars, or a dash for one that is not there."""
    return "–" if expr is None else f"${sp.latex(expr)}$"


def portrait(drawn: Portrait) -> str:
    """Return the closed forms and certified values of an activation as a table."""
    closed = {"dual": drawn.dual.expr, **{key: value.expr for key, value in drawn.formulas.items()}}
    rows = [(f"mu_{r.degree}", formula(r.closed_form), r.value.value, r.value.verdict.name) for r in drawn.hermite]
    rows += [(key, formula(expr), "", "") for key, expr in closed.items()]
    rows += [
        (f"{key} at {point}", "", value.value, value.verdict.name)
        for point, values in drawn.at.items()
        for key, value in values.items()
    ]
    return table(drawn.activation.name, ("quantity", "closed form", "value", "known"), rows)


def judgement(found: Judgement) -> str:
    """Return the statement, the verdict and each check of a claim as a table."""
    (left, right), relation = found.claim.statement, found.claim.relation
    rows = [(f.step.because, "cited" if f.evidence is None else f.evidence.verdict.name, "") for f in found.steps]
    rows += [(e.about, e.verdict.name, e.finding) for e in found.evidence]
    rows += [(f"wrong twin: {t.twin.slip}", "refused" if t.killed else "NOT REFUSED", "") for t in found.twins]
    said = f"{found.id}: {formula(left)} {relation} {formula(right)} is {found.verdict.name}: {found.verdict.meaning}"
    return table(said, ("check", "verdict", "finding"), rows)
