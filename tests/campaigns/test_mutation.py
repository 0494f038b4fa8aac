"""Mutation testing in small: what a mutant is, which tests meet it, and that a killed one is told from a survivor."""

import json
from pathlib import Path

import pytest
from coverage import CoverageData

from tests.campaigns import mutation, mutation_report, mutation_results
from tests.campaigns.mutation_operators import Mutant, changes, mutants
from tests.campaigns.mutation_results import Kept, Result
from tests.campaigns.mutation_selection import Selection, mentions, surroundings
from tests.campaigns.mutation_trial import Outcome, trial

ROOT = Path(__file__).resolve().parents[2]
TOY = '''"""A toy."""
from __future__ import annotations
LIMIT = 3


def grow(step: int | None, *, by: float = 2.5) -> float:
    if step >= LIMIT:
        return step * by
    return -by


@lru_cache(maxsize=64)
def known(it: object) -> bool:
    return it is not None
'''


def lines(source):
    """Return the changed lines of all mutants that change what runs."""
    return {m.change(source)[1] for m in mutants("toy.py", source) if changes(m, source)}


def test_mutants_are_the_slips_of_a_hand():
    found = lines(TOY)
    assert {"LIMIT = 4", "LIMIT = 2", "if step > LIMIT:", "if not step >= LIMIT:", "return step / by"} <= found
    assert {"return +by", "def grow(step: int | None, *, by: float = 3.5) -> float:"} <= found


@pytest.mark.parametrize(
    "flattering", ["<<", "&", "^", "//", "% by", "step is", "int + None", "int is None", ", /", "it != None", "maxsize"]
)
def test_what_flatters_and_what_nothing_runs_is_no_mutant(flattering):
    assert not [line for line in lines(TOY) if flattering in line]


def test_a_mutant_is_met_by_the_tests_of_its_statement_then_of_its_function_then_of_its_module():
    assert list(surroundings(TOY, 8)) == [range(8, 9), range(7, 10), range(1, 16)]
    assert list(surroundings(TOY, 7)) == [range(7, 8), range(7, 10), range(1, 16)]
    assert list(surroundings(TOY, 6)) == [range(7, 10), range(1, 16)]
    assert list(surroundings(TOY, 3)) == [range(1, 16)]


@pytest.fixture
def seen(tmp_path, monkeypatch):
    """What a run under coverage would leave of the toy."""
    monkeypatch.chdir(tmp_path)
    Path("toy.py").write_text(TOY)
    data = CoverageData(basename="data")
    for test, ran in (("tests/a.py::slow", [7, 8]), ("tests/a.py::quick", [7, 9]), ("tests/test_toy.py::own", [7])):
        data.set_context(test)
        data.add_lines({str(Path("toy.py").resolve()): ran})
    data.write()
    seconds = {"tests/a.py::slow": 19.0, "tests/a.py::quick": 2.0, "tests/test_toy.py::own": 2.5}
    Path("tests.json").write_text(json.dumps({"seconds": seconds, "sources": {"toy.py": "another"}}))
    return Selection(Path("data"), Path("tests.json"))


@pytest.mark.parametrize(
    ("line", "stages"),
    [(8, [["slow"]]), (9, [["quick"], ["own"]]), (7, [["own"], ["quick"]]), (3, [["own"], ["quick"]])],
)
def test_its_own_tests_come_first_then_the_quickest_for_a_while(seen, line, stages):
    found = list(seen.stages(Mutant("toy.py", line, "any", 0)))
    assert [[test.partition("::")[2] for test, _ in stage] for stage in found] == stages


def test_of_what_an_import_runs_the_tests_that_name_the_module_are_asked(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("tests").mkdir()
    Path("tests/a.py").write_text("from theory import duals, toy as t\n")
    assert mentions(Path("tests/a.py"), "theory/toy.py")
    assert not mentions(Path("tests/a.py"), "theory/toys.py")
    assert not mentions(Path("tests/a.py"), "numerics/toy.py")
    Path("tests/b.py").write_text("from theory.floating.real import Real\nimport theory.duals\n")
    assert mentions(Path("tests/b.py"), "theory/floating/real.py")
    assert mentions(Path("tests/b.py"), "theory/duals.py")
    assert not mentions(Path("tests/b.py"), "theory/floating/moments.py")
    assert not mentions(Path("tests/none.py"), "theory/duals.py")


def test_a_file_that_has_changed_since_is_refused(seen):
    with pytest.raises(ValueError, match=r"toy\.py is not the one that `make coverage` saw"):
        seen.require("toy.py")


def test_without_a_run_under_coverage_there_is_nothing_to_select(tmp_path):
    with pytest.raises(ValueError, match="run `make coverage` first"):
        Selection(tmp_path / "data", tmp_path / "tests.json")


SPHERE = (ROOT / "theory" / "sphere.py").read_text()
TEST = ["tests/theory/test_sphere.py"]


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        (SPHERE, Outcome.SURVIVED),
        (f"{SPHERE}\nUNUSED = 1\n", Outcome.SURVIVED),
        (SPHERE.replace("return ", "return 2 * "), Outcome.KILLED),
        ("1 / 0", Outcome.KILLED),
        ("while True:\n    pass", Outcome.TOO_LONG),
    ],
    ids=["unchanged", "unseen", "wrong", "broken", "endless"],
)
def test_a_trial_tells_a_mutant_that_the_tests_refuse(monkeypatch, source, outcome):
    monkeypatch.chdir(ROOT)
    assert trial("theory.sphere", source, TEST, seconds=3 if outcome is Outcome.TOO_LONG else 120) is outcome


def test_a_sample_is_the_same_each_time_and_begins_a_longer_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("toy.py").write_text(TOY)
    few, places = mutation.sampled(["toy.py"], size=5, seed=1)
    more, _ = mutation.sampled(["toy.py"], size=12, seed=1)
    assert more[:5] == few
    assert len(set(more)) == 12 < places
    assert mutation.sampled(["toy.py"], size=5, seed=2)[0] != few
    assert {m.line for m in mutation.sampled(["toy.py"], size=1000, seed=1)[0]} == {3, 6, 7, 8, 9, 14}


def result(outcome, **changes):
    given = {"path": "toy.py", "line": 3, "before": "a", "after": "b", "outcome": outcome.value, "tests": 1}
    return Result(**given | changes)


def test_a_result_is_kept_until_its_file_changes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("toy.py").write_text(TOY)
    one, asked = Mutant("toy.py", 3, "NumberReplacer", 0), []

    def tried(mutant):
        asked.append(mutant)
        return result(Outcome.SURVIVED)

    for again in (False, False, True):
        assert Kept(Path("kept.jsonl"), again=again).result(one, tried) == result(Outcome.SURVIVED)
    assert len(asked) == 2
    monkeypatch.setattr(mutation_results, "explanation", lambda _: "the same")
    Kept(Path("kept.jsonl"), again=True).result(one, tried)  # what is explained is not expected to die
    assert len(asked) == 2
    Path("toy.py").write_text(f"{TOY}\n")
    Kept(Path("kept.jsonl")).result(one, tried)
    assert len(asked) == 3


def test_figures_miss_where_too_many_live_or_one_lives_unexplained(tmp_path, monkeypatch):
    entries = tmp_path / "survivors.toml"
    entries.write_text('[[survivor]]\npath = "toy.py"\nafter = "b"\nwhy = "the same"\n')
    monkeypatch.setattr(mutation_report, "explanation", lambda each: mutation_results.explanation(each, entries))
    dead, alive = [result(Outcome.KILLED)] * 9 + [result(Outcome.TOO_LONG)] * 9, result(Outcome.SURVIVED)

    def met(*survivors, core=dead, unchanged=(alive,)):
        found = mutation_report.campaign(core, [*dead, *survivors], unchanged, seed=1, places=50)
        return [figure.met for figure in found.figures]

    assert met(alive, alive) == [True, True, True, True]
    assert met(alive, alive, alive) == [True, False, True, True]
    assert met(result(Outcome.SURVIVED, after="c")) == [True, True, False, True]
    assert met(alive, unchanged=(alive, result(Outcome.KILLED))) == [True, True, True, False]
    assert met(alive, core=[alive]) == [False, True, True, True]
    assert met(result(Outcome.NO_TESTS), alive, alive) == [True, False, True, True]


def test_every_explanation_says_what_it_explains():
    entries = mutation_results.tomllib.loads(mutation_results.EXPLAINED.read_text())["survivor"]
    assert all({"why"} < set(entry) <= {"path", "before", "after", "why"} for entry in entries)
    assert all(len(entry["why"]) > 20 for entry in entries)
    paths = {entry["path"] for entry in entries if "path" in entry}
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []
