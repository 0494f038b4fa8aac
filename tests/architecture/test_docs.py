"""What the documents say is what the code does."""

import re
import runpy
from pathlib import Path

import pytest

from theory.activations import Activation
from theory.claim import Claim
from theory.evidence import Verdict

DOCS = Path(__file__).resolve().parents[2] / "docs"


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


@pytest.mark.parametrize("document", sorted(DOCS.glob("*.md")), ids=lambda path: path.name)
def test_no_link_inside_the_documents_is_broken(document):
    links = re.findall(r"\]\(([^)#:]+)\)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_key_cited_in_the_conventions_exists():
    bibliography = (DOCS / "references.bib").read_text()
    groups = re.findall(r"^## .*\[([a-z0-9, ]+)\]$", (DOCS / "conventions.md").read_text(), flags=re.MULTILINE)
    keys = {key.strip() for group in groups for key in group.split(",")}
    assert keys
    assert {key for key in keys if f"{{{key}," not in bibliography} == set()
