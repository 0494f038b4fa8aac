"""Each fact lives in one place: a reference in the bibliography, the version in `pyproject.toml`."""

import importlib
import pkgutil
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from theory import claims

ROOT = Path(__file__).resolve().parents[2]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


def bibliography() -> list[str]:
    """Return the keys of `docs/references.bib`, in order."""
    return re.findall(r"^@\w+\{([^,\s]+),", (ROOT / "docs" / "references.bib").read_text(), flags=re.MULTILINE)


def cited() -> dict[str, str]:
    """Return the key that each claim cites."""
    modules = (importlib.import_module(f"theory.claims.{m.name}") for m in pkgutil.iter_modules(claims.__path__))
    return {module.__name__: module.CLAIM.source.key for module in modules if hasattr(module, "CLAIM")}


def missing(keys: Iterable[str]) -> set[str]:
    """Return those of `keys` that the bibliography lacks."""
    return set(keys) - set(bibliography())


def written_versions(text: str) -> list[str]:
    """Return the string literals of `text` that are this version."""
    return re.findall(rf"""["']v?{re.escape(VERSION)}["']""", text)


def test_every_claim_cites_a_reference_that_exists():
    keys = cited()
    assert keys
    assert missing(keys.values()) == set()


def test_a_reference_that_does_not_exist_is_seen():
    assert missing(["bombari2024", "nobody1900"]) == {"nobody1900"}


def test_no_key_is_taken_twice():
    keys = bibliography()
    assert len(keys) == len(set(keys))


def test_the_citation_and_the_changelog_name_the_version():
    citation = re.findall(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text(), flags=re.MULTILINE)
    assert citation == [VERSION]
    assert f"## [{VERSION}]" in (ROOT / "CHANGELOG.md").read_text()


def test_no_module_writes_the_version_again():
    files = [path for package in ("theory", "numerics", "reports") for path in (ROOT / package).rglob("*.py")]
    assert [path for path in files if written_versions(path.read_text())] == []


def test_a_version_written_again_is_seen():
    assert written_versions(f'__version__ = "{VERSION}"')
