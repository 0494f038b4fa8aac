"""What `make verify` installs: locked to the byte, and under licences that MIT code may depend on.

    python -m tests.campaigns.supply [--lock] [--record]

`requirements/verify.txt` names each package with a version and the hashes of its files, for every Python and system
that is supported; pip refuses any other file.  The list of licences, `docs/licences.md`, is read off what is installed.
The bill of materials is a build output: it is the lock in another notation, and a copy could only be older.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from reports.campaigns import Campaign, Figure, Listing, conclude

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "requirements"
LOCKS = {"verify": ("pyproject.toml", "requirements/backend.in"), "pip": ("requirements/pip.in",)}
"""Each lock, and what it is made from."""
LICENCES = ROOT / "docs" / "licences.md"
ALLOWED = frozenset(
    {
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD", "CC0-1.0", "HPND", "ISC", "MIT", "MIT-CMU"),
        *("MPL-2.0", "PSF-2.0", "Unlicense", "Zlib", "LGPL-3.0-or-later"),
    }
)
"""Of these MIT code may depend: they ask nothing of code that merely imports.  LGPL is FLINT's, a shared library."""
SPDX = {
    "BSD License": "BSD",
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
"""What older packages call their licence."""


@dataclass(frozen=True, kw_only=True)
class Locked:
    """A line of a lock: one version of a package, where it applies, and the hashes of its files."""

    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name as an index writes it."""
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str:
        """The one version."""
        (only,) = self.requirement.specifier
        return only.version


def locked(text: str) -> tuple[Locked, ...]:
    """Return the lines of a lock; ValueError for a line that pins no version, has no hash, or names a place."""
    found = []
    for line in text.replace("\\\n", " ").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        words, *hashes = re.split(r"\s+--hash=sha256:", line.strip())
        if words.startswith("-") or "://" in line or " @ " in words:
            raise ValueError(f"the lock names a place: {words[:60]}")
        requirement = Requirement(words)
        if [one.operator for one in requirement.specifier] != ["=="]:
            raise ValueError(f"{requirement.name} is not pinned to one version")
        if not hashes or not all(re.fullmatch("[0-9a-f]{64}", one) for one in hashes):
            raise ValueError(f"{requirement.name} has no hash")
        found.append(Locked(requirement=requirement, hashes=tuple(hashes)))
    return tuple(found)


def wanted(project: dict) -> Iterator[Requirement]:
    """Yield what `pyproject.toml` needs with the extra `all`, and to be built."""
    extras = project["project"]["optional-dependencies"]

    def of(lines: list[str]) -> Iterator[Requirement]:
        for requirement in map(Requirement, lines):
            if requirement.name == project["project"]["name"]:
                for extra in sorted(requirement.extras):
                    yield from of(extras[extra])
            else:
                yield requirement

    yield from of([*project["project"]["dependencies"], *extras["all"], *project["build-system"]["requires"]])


def uncovered(project: dict, lines: tuple[Locked, ...]) -> list[str]:
    """Return what the project needs and no line of the lock gives, or some line gives in a version that it forbids."""
    found = []
    for requirement in wanted(project):
        given = [line for line in lines if line.name == canonicalize_name(requirement.name)]
        if not given or not all(requirement.specifier.contains(line.version) for line in given):
            found.append(str(requirement))
    return found


def licence(name: str) -> str:
    """Return the licence of an installed package as it tells it: an SPDX expression, or the nearest to one."""
    told = metadata.metadata(name)
    if expression := told["License-Expression"]:
        return expression
    if (short := (told["License"] or "").strip()) and len(short) < 30 and SPDX.get(short, short) in ALLOWED:
        return SPDX.get(short, short)
    kinds = [line.split(" :: ")[-1] for line in told.get_all("Classifier", []) if line.startswith("License ::")]
    return " AND ".join(SPDX.get(kind, kind) for kind in kinds) or "unknown"


def forbidden(expression: str) -> list[str]:
    """Return the licences of an SPDX expression that are not allowed; of a choice, one that is allowed will do."""
    parts = [one.strip(" ()") for one in re.split(r" AND ", expression)]
    return [part for part in parts if not ALLOWED & {choice.strip(" ()") for choice in part.split(" OR ")}]


def listed(text: str) -> dict[str, str]:
    """Return the table of `docs/licences.md`: licence by package."""
    return dict(re.findall(r"^\| (?!package)([a-z0-9-]+) \| ([^|]+?) \|$", text, flags=re.MULTILINE))


def licences(names: list[str]) -> str:
    """Return the document."""
    rows = "\n".join(f"| {name} | {licence(name)} |" for name in names)
    return (
        "# Licences\n\n"
        "What `make verify` installs by the lock, `requirements/verify.txt`, and the licence that each package tells\n"
        "of itself (`make supply` writes this file). BSD stands for one that does not say which of the BSD licences.\n"
        "Wheels may hold compiled libraries under licences of their own: FLINT, in python-flint, is LGPL.\n\n"
        f"| package | licence |\n|---|---|\n{rows}\n"
    )


def lock() -> None:
    """Choose the newest versions that are allowed and write both locks; needs uv."""
    for name, sources in LOCKS.items():
        # one lock for every system; no header, for it would hold the command with its paths
        options = "--quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate --no-header"
        extra = ["--extra", "all"] if "pyproject.toml" in sources else []
        out = ["--no-emit-index-url", "--no-emit-find-links", "--output-file", str(FOLDER / f"{name}.txt")]
        command = [sys.executable, "-m", "uv", "pip", "compile", *options.split(), *extra, *out, *sources]
        subprocess.run(command, cwd=ROOT, check=True)


def sbom(lines: tuple[Locked, ...]) -> str:
    """Return the bill of materials in CycloneDX 1.6: what a scanner needs, and no moment at which it was made."""
    told = listed(LICENCES.read_text())
    components = [
        {
            "type": "library",
            "bom-ref": f"{line.name}@{line.version}",
            "name": line.name,
            "version": line.version,
            "purl": f"pkg:pypi/{line.name}@{line.version}",
            "licenses": [{"license": {"name": told[line.name]}}],
            "properties": [
                *({"name": "hash of a file, SHA-256", "value": value} for value in line.hashes),
                *([{"name": "marker", "value": str(line.requirement.marker)}] if line.requirement.marker else []),
            ],
        }
        for line in lines
    ]
    return json.dumps(
        {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components}, indent=1
    )


def campaign(lines: tuple[Locked, ...], project: dict, told: dict[str, str]) -> Campaign:
    """Return what is shown: what is locked, what is not, and under which licences."""
    without, strange = uncovered(project, lines), [name for name, one in told.items() if forbidden(one)]
    missing = sorted({line.name for line in lines} - told.keys())
    kinds = sorted(set(told.values()), key=lambda one: (-list(told.values()).count(one), one))
    return Campaign(
        title="What is installed",
        words=(
            "Every file that `make verify` installs is named in `requirements/` with the hash that it must have, the "
            "build backend and pip too, for Python 3.11 to 3.14; pip refuses any other. The licences are those that "
            "the packages tell of themselves. This shows that nobody exchanged a file since it was locked, not that "
            "it was harmless then; known vulnerabilities change by the day, and are looked up by the nightly workflow."
        ),
        command="make supply",
        figures=(
            Figure(
                what="packages locked, with hashes",
                measured=f"{len({line.name for line in lines})} ({sum(len(line.hashes) for line in lines)} files)",
                target="all that is needed",
                met=not without,
            ),
            Figure(what="needed and not locked", measured=f"{len(without)}", target="0", met=not without),
            Figure(what="without a licence on the list", measured=f"{len(missing)}", target="0", met=not missing),
            Figure(what="under a licence not allowed", measured=f"{len(strange)}", target="0", met=not strange),
        ),
        listings=(
            Listing(
                title="Licences",
                head=("licence", "packages"),
                rows=tuple((kind, ", ".join(name for name, one in told.items() if one == kind)) for kind in kinds),
            ),
        ),
    )


def main(argv: list[str] | None = None) -> int:
    """Write the list of licences and the bill of materials, and return 1 if something is not locked or not allowed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lock", action="store_true", help="choose the versions anew, and do nothing else")
    parser.add_argument("--record", action="store_true", help="keep what was found in reports/campaigns")
    args = parser.parse_args(argv)
    if args.lock:
        lock()
        return 0
    lines = locked((FOLDER / "verify.txt").read_text())
    LICENCES.write_text(licences(sorted({line.name for line in lines})))
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build" / "sbom.cdx.json").write_text(sbom(lines))
    made = campaign(lines, tomllib.loads((ROOT / "pyproject.toml").read_text()), listed(LICENCES.read_text()))
    return conclude("supply", made, keep=args.record)


if __name__ == "__main__":
    sys.exit(main())
