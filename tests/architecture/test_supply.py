"""What `make verify` installs is locked, by hashes and without addresses, and under licences that are allowed."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.campaigns import supply

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCK = (ROOT / "requirements" / "verify.txt").read_text()
LINES = supply.locked(LOCK)
MAKEFILE = (ROOT / "Makefile").read_text()
WORKFLOWS = ROOT / ".github" / "workflows"
HASH = "0" * 64


def test_the_lock_gives_all_that_the_project_needs_to_be_built_and_run():
    assert supply.uncovered(PROJECT, LINES) == []
    assert {"hatchling", "editables", "numpy", "typst", "pyarrow", "distributed"} <= {line.name for line in LINES}


@pytest.mark.parametrize("name", supply.LOCKS)
def test_every_line_of_a_lock_is_one_version_with_hashes_from_nowhere_in_particular(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert supply.locked(text)
    assert not re.search(r"://|file:|^-|^/|\s/[a-z]", text, flags=re.MULTILINE)


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_each_python_and_system_finds_each_package_once(python, system):
    here = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": system}
    names = [line.name for line in LINES if not line.requirement.marker or line.requirement.marker.evaluate(here)]
    assert len(names) == len(set(names))
    assert {requirement.name.lower() for requirement in supply.wanted(PROJECT)} <= set(names)


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        ("numpy==2.0.0", "numpy has no hash"),
        ("numpy==2.0.0 --hash=sha256:0", "numpy has no hash"),
        (f"numpy>=2.0 --hash=sha256:{HASH}", "numpy is not pinned"),
        (f"--index-url https://a/simple\nnumpy==2 --hash=sha256:{HASH}", "the lock names a place"),
        (f"numpy @ https://a/numpy.whl --hash=sha256:{HASH}", "the lock names a place"),
        (f"-e . --hash=sha256:{HASH}", "the lock names a place"),
    ],
)
def test_a_line_that_fixes_nothing_is_refused(planted, told):
    with pytest.raises(ValueError, match=told):
        supply.locked(planted)


def test_a_package_that_is_not_locked_or_in_a_version_that_is_forbidden_is_seen():
    fewer = tuple(line for line in LINES if line.name != "sympy")
    assert supply.uncovered(PROJECT, fewer) == ["sympy>=1.13"]
    old = supply.locked(f"sympy==1.2 --hash=sha256:{HASH}")
    assert supply.uncovered(PROJECT, (*fewer, *old)) == ["sympy>=1.13"]


def test_make_installs_by_the_lock_and_nothing_else():
    recipe = MAKEFILE.split("$(VENV)/.package:")[1].split("\n\n")[0]
    first, second = re.findall(r"pip install .*", recipe)
    assert "--require-hashes --requirement requirements/verify.txt" in first
    assert {"--no-deps", "--no-build-isolation"} <= set(second.split())
    assert "--require-hashes --requirement requirements/pip.txt" in MAKEFILE


def test_every_locked_package_has_a_licence_that_is_allowed():
    told = supply.listed(supply.LICENCES.read_text())
    assert told.keys() == {line.name for line in LINES}
    assert {name: one for name, one in told.items() if supply.forbidden(one)} == {}


def test_the_list_of_licences_is_what_the_packages_tell():
    """Of those that are installed here in the version that is locked, which on another Python may be fewer."""
    told, seen = supply.listed(supply.LICENCES.read_text()), 0
    for line in LINES:
        try:
            same = supply.metadata.version(line.name) == line.version
        except supply.metadata.PackageNotFoundError:
            continue
        if same:
            assert supply.licence(line.name) == told[line.name], line.name
            seen += 1
    assert seen > 0


@pytest.mark.parametrize(
    ("expression", "strange"),
    [
        ("MIT", []),
        ("GPL-3.0-only", ["GPL-3.0-only"]),
        ("MIT AND GPL-3.0-only", ["GPL-3.0-only"]),
        ("GPL-3.0-only OR MIT", []),
        ("BSD-3-Clause AND (MIT OR AGPL-3.0-only)", []),
        ("Other/Proprietary License", ["Other/Proprietary License"]),
        ("unknown", ["unknown"]),
    ],
)
def test_a_licence_that_is_not_allowed_is_seen(expression, strange):
    assert supply.forbidden(expression) == strange


def test_what_is_missing_makes_the_campaign_fail():
    told = supply.listed(supply.LICENCES.read_text())
    assert supply.campaign(LINES, PROJECT, told).met
    assert not supply.campaign(LINES[1:], PROJECT, told | {"a": "GPL-3.0-only"}).met
    assert not supply.campaign(LINES, PROJECT, dict(list(told.items())[1:])).met
    assert not supply.campaign(tuple(one for one in LINES if one.name != "scipy"), PROJECT, told).met


def test_the_bill_of_materials_names_every_line_once():
    bill = json.loads(supply.sbom(LINES))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    named = [one["purl"] for one in bill["components"]]
    assert named == [f"pkg:pypi/{line.name}@{line.version}" for line in LINES]
    assert len(set(named)) == len(named)


@pytest.mark.parametrize("path", sorted(WORKFLOWS.glob("*.yml")), ids=lambda path: path.name)
def test_a_workflow_runs_what_is_there(path):
    text = path.read_text()
    assert "permissions:\n  contents: read\n" in text
    for script in re.findall(r"(?<![\w/])\.ci/\w+", text):
        assert (ROOT / script).is_file()
    targets = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, flags=re.MULTILINE))
    targets |= set(re.search(r"^CAMPAIGNS := (.*)$", MAKEFILE, flags=re.MULTILINE)[1].split())
    assert set(re.findall(r"\bmake ([a-z-]+)", text)) <= targets
    assert set(re.findall(r"uses: (\S+?)@\S+", text)) <= {
        "actions/checkout",
        "actions/setup-python",
        "actions/upload-artifact",
    }


def test_there_are_the_two_workflows():
    assert {path.name for path in WORKFLOWS.glob("*.yml")} == {"ci.yml", "nightly.yml"}
