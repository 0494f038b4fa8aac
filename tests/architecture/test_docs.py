"""What the documents say is what the code does."""

import re
import runpy
from pathlib import Path

import pytest

import theory
from reports.api import reference
from theory.activations import Activation
from theory.claim import Claim
from theory.evidence import Verdict

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
DOCUMENTS = sorted({*ROOT.glob("*.md"), *DOCS.glob("*.md"), *(ROOT / "examples").rglob("*.md")})


def examples() -> list[str]:
    """Return the Python blocks of `docs/adding.md`."""
    return re.findall(r"```python\n(.*?)```", (DOCS / "adding.md").read_text(), flags=re.DOTALL)


def verdicts() -> dict[str, str]:
    """Return the table of `docs/trust.md`."""
    return dict(re.findall(r"^\| ([A-Z]+) \| (.*) \|$", (DOCS / "trust.md").read_text(), flags=re.MULTILINE))


def test_the_meaning_of_each_verdict_is_the_one_that_the_code_prints():
    assert verdicts() == {verdict.name: verdict.meaning for verdict in Verdict}


def test_the_verdicts_are_listed_by_trust():
    assert [Verdict[name] for name in verdicts()] == sorted(Verdict, reverse=True)


def test_the_examples_of_adding_expose_what_they_promise(tmp_path):
    activation, claim = (tmp_path / name for name in ("activation.py", "claim.py"))
    for path, text in zip((activation, claim), examples(), strict=True):
        path.write_text(text)
    assert isinstance(runpy.run_path(str(activation))["ACTIVATION"], Activation)
    assert isinstance(runpy.run_path(str(claim))["CLAIM"], Claim)


def test_the_example_claim_holds_at_its_points_and_its_twin_does_not(tmp_path):
    path = tmp_path / "claim.py"
    path.write_text(examples()[1])
    claim = runpy.run_path(str(path))["CLAIM"]
    points = list(claim.points())
    assert points
    small, large = claim.statement
    assert all(small.subs(point) <= large.subs(point) for point in points)
    small, large = claim.twins[0].statement
    assert any(small.subs(point) > large.subs(point) for point in points)


def broken(document: Path) -> list[str]:
    """Return the links of a document to files that are not there, or to headings that are not in them."""
    found = []
    for link in re.findall(r"\]\(([^):]+)\)", document.read_text()):
        place, _, anchor = link.partition("#")
        path = document.parent / place if place else document
        if not path.exists() or (anchor and anchor not in anchors(path.read_text())):
            found.append(link)
    return found


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a document."""
    headings = re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_link_inside_the_documents_is_broken(document):
    assert broken(document) == []


def test_a_broken_link_is_seen(tmp_path):
    document = tmp_path / "a.md"
    document.write_text("# One, two\n[a](nowhere.md) [b](#one-two) [c](#three) [d](a.md#one-two) [e](https://x.org/y)")
    assert broken(document) == ["nowhere.md", "#three"]


def test_the_reference_of_the_public_names_is_the_one_that_is_made():
    assert (DOCS / "api.md").read_text() == reference(), "python -m reports.api > docs/api.md"


def test_the_reference_follows_the_docstrings(monkeypatch):
    monkeypatch.setattr(theory.Kernel, "__doc__", "Another word.")
    assert "Another word." in reference()


def test_every_key_cited_in_the_conventions_exists():
    bibliography = (DOCS / "references.bib").read_text()
    groups = re.findall(r"^## .*\[([a-z0-9, ]+)\]$", (DOCS / "conventions.md").read_text(), flags=re.MULTILINE)
    keys = {key.strip() for group in groups for key in group.split(",")}
    assert keys
    assert {key for key in keys if f"{{{key}," not in bibliography} == set()
