"""What every report is made of besides its subject: hypotheses, derivations, the scale, how to compute it again."""

from __future__ import annotations

from collections.abc import Sequence

from theory.rules import Rule

from .blocks import Facts, Inline, Listing, Mark, Paragraph, Role, Section, Step, Steps, Table, Tone
from .document import Hypothesis, Link


def say(*text: Inline, role: Role = "plain", tone: Tone | None = None) -> Paragraph:
    """Return a paragraph of `text`."""
    return Paragraph(text=text, role=role, tone=tone)


def hypotheses(rows: Sequence[Hypothesis]) -> Table:
    """Return what is supposed, how it stands, and the figure that decides."""
    return Table(
        label="Hypotheses",
        heads=("Hypothesis", "Status", "Figure"),
        rows=tuple((row.text, row.mark, row.figure) for row in rows),
    )


def derivation(links: Sequence[Link]) -> Steps:
    """Return a derivation, step by step."""
    return Steps(
        tuple(
            Step(
                latex=link.latex,
                mark=link.mark,
                because=link.because,
                rule=link.rule.name if link.rule else "",
                states=_states(link.rule) if link.rule else "",
                checked=link.checked,
            )
            for link in links
        )
    )


def _states(rule: Rule) -> str:
    return f"{rule.states}. Needs: {rule.needs}." + (f" [{rule.key}]" if rule.key else "")


def scale(rows: Sequence[tuple[Mark, str]], words: str) -> Section:
    """Return what each verdict entitles a reader to."""
    return Section(
        "What a verdict means", "scale", (say(f"From the strongest to the weakest. {words}"), Facts((*rows,)))
    )


def provenance(rows: Sequence[tuple[str, str]], command: str) -> Section:
    """Return how the report is computed again."""
    words = say("The same command with the same versions gives the same report.")
    return Section("Provenance", "provenance", (words, Listing(command), Facts((*rows,))))
