"""What became of each mutant, kept in a file as it comes, and why a survivor is let live."""

import json
import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from .coverage_contexts import digest
from .mutation_operators import Mutant
from .mutation_trial import Outcome

EXPLAINED = Path(__file__).with_name("mutation_survivors.toml")


@dataclass(frozen=True)
class Result:
    """One mutant's end; `before` and `after` are its lines, `tests` how many it met."""

    path: str
    line: int
    before: str
    after: str
    outcome: str
    tests: int

    @property
    def survived(self) -> bool:
        """Whether no test refused it."""
        return self.outcome in {Outcome.SURVIVED.value, Outcome.NO_TESTS.value}


class Kept:
    """The results so far, a line each, under the mutant and the version of its file: a run broken off can go on."""

    def __init__(self, path: Path, *, again: bool = False) -> None:
        self._path = path
        lines = map(json.loads, path.read_text().splitlines()) if path.exists() else iter(())
        entries = {line["key"]: Result(**line["result"]) for line in lines}
        anew = (key for key, found in entries.items() if again and found.survived and not explanation(found))
        self._found = {key: entries[key] for key in entries.keys() - anew}

    def result(self, mutant: Mutant, tried: Callable[[Mutant], Result]) -> Result:
        """Return what is kept, or try the mutant and keep what comes out."""
        key = json.dumps([asdict(mutant), digest(Path(mutant.path))])
        if key not in self._found:
            self._found[key] = tried(mutant)
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a") as file:
                file.write(json.dumps({"key": key, "result": asdict(self._found[key])}) + "\n")
        return self._found[key]


def explanation(result: Result, entries: Path = EXPLAINED) -> str:
    """Return why a survivor is let live; nothing where that is not written.

    An entry says which change it explains by `path`, `before` and `after`, as far as it names them; spaces count for
    nothing, for a change leaves them where it was made.
    """
    given = {key: "".join(getattr(result, key).split()) for key in ("path", "before", "after")}
    for entry in tomllib.loads(entries.read_text())["survivor"]:
        if all("".join(entry.get(key, text).split()) == text for key, text in given.items()):
            return str(entry["why"])
    return ""
