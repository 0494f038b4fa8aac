"""Every quantity is found in two ways that share no code: the table of witnesses against the import graph."""

from copy import deepcopy
from dataclasses import replace

import pytest

from tests.campaigns import witnesses
from tests.campaigns.witness_table import TABLE, Row, TestFile, behind_both, faults, graph, table

BASE, ROWS = table()


def named(row):
    return row.quantity


def first(**changes):
    """Return the row of the law in doubles, with something changed."""
    row = next(row for row in ROWS if row.quantity == "the alignment law in doubles")
    return replace(row, **changes)


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_a_witness_shares_nothing_with_what_it_witnesses(row):
    assert list(faults(row, BASE, graph())) == []


def test_no_quantity_is_listed_twice():
    assert len({row.quantity for row in ROWS}) == len(ROWS)


def test_nothing_is_in_the_base_that_no_row_needs():
    needed = set().union(*(behind_both(row, graph()) - set(row.shared) for row in ROWS))
    assert set(BASE) == needed


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (first(witness=("numerics.rivals",)), "its witness imports numerics.finite_size, which computes it"),
        (first(computed=("theory.kernels",)), "its witness imports theory.kernels, which computes it"),
        (first(witness=("numerics.finite_size",)), "its witness imports numerics.finite_size, which computes it"),
        (first(shared={}), "theory.kernels is behind both, and nothing says why that is innocent"),
        (first(shared=first().shared | {"theory.oracle": "no"}), "theory.oracle is said to be shared, and is not"),
        (first(computed=("numerics.nowhere",)), "no module numerics.nowhere"),
        (first(test="tests/numerics/test_finite_size_law.py::test_nothing"), "is not there"),
        (first(test="tests/numerics/test_nowhere.py::test_nothing"), "is not there"),
        (first(test="tests/numerics/test_refit.py::test_infinite_and_huge_features_are_refused"), "does not use"),
    ],
    ids=[
        "a module over it",
        "a module under both",
        "itself",
        "unsaid",
        "said too much",
        "no module",
        "no test",
        "no file",
        "another test",
    ],
)
def test_a_planted_violation_is_seen(row, words):
    assert [fault for fault in faults(row, BASE, graph()) if words in fault]


def test_an_import_planted_in_a_witness_is_seen():
    row = next(row for row in ROWS if row.quantity == "alignments, from one inverse")
    imports = deepcopy(graph())
    imports.add_import(importer="numerics.streaming", imported="numerics.leave_one_out")  # the refit imports streaming
    assert list(faults(row, BASE, graph())) == []
    assert "its witness imports numerics.leave_one_out" in " ".join(faults(row, BASE, imports))


WITNESS = """
from math import sqrt
from theory import balls
from {module} import {name} as helper

def middle():
    return {uses}

def witness(x):
    return middle() + x

def test_it(fixture):
    assert witness(1) == balls.number(1)

def fixture():
    from theory.hermite import HermiteSeries
"""


@pytest.mark.parametrize(("uses", "caught"), [("helper()", True), ("sqrt(4)", False)])
def test_a_witness_in_a_test_counts_by_what_it_names_through_others(tmp_path, uses, caught):
    path = tmp_path / "test_planted.py"
    path.write_text(WITNESS.format(module="numerics.finite_size", name="finite_size", uses=uses))
    row = Row(
        quantity="planted",
        computed=("numerics.finite_size",),
        witness=("test_planted.py::witness",),
        how="",
        test="test_planted.py::test_it",
        shared={},
    )
    found = list(faults(row, BASE, graph(), root=tmp_path))
    assert any("its witness imports numerics.finite_size" in fault for fault in found) is caught


def test_a_witness_that_another_test_file_hides_is_seen(tmp_path):
    (tmp_path / "test_planted.py").write_text(
        WITNESS.format(module="tests.numerics.test_pool", name="LINEAR", uses="helper")
    )
    row = replace(first(), witness=("test_planted.py::witness",))
    assert any("takes something from tests" in fault for fault in faults(row, BASE, graph(), root=tmp_path))


def test_the_names_of_a_definition_are_those_of_its_fixtures_too(tmp_path):
    path = tmp_path / "test_planted.py"
    path.write_text(WITNESS.format(module="numerics.refit", name="features", uses="1"))
    read = TestFile(path.read_text())
    assert read.modules("test_it") == {"theory.balls", "theory.hermite"}
    assert read.modules("middle") == set()
    with pytest.raises(ValueError, match="no definition is called 'nobody'"):
        read.uses("nobody")


def test_the_table_is_read_from_its_file():
    assert TABLE.name == "witnesses.toml"
    assert len(ROWS) > 20


def test_the_campaign_meets_its_figures_and_misses_what_is_wrong():
    assert set(witnesses.DISAGREEMENTS) <= {row.quantity for row in ROWS}
    small = {
        "alignments, from one inverse": witnesses.leave_one_out(),
        "gradient descent": witnesses.gradient_descent(),
    }
    assert max(small.values()) < witnesses.LARGEST
    assert witnesses.campaign(small, (True, "2 passed")).met
    assert not witnesses.campaign(small, (False, "1 failed")).met
    assert not witnesses.campaign(small | {"gradient descent": 1e-3}, (True, "2 passed")).met


def test_the_campaign_runs_the_tests_and_sees_one_that_fails(monkeypatch, tmp_path):
    (tmp_path / "test_planted.py").write_text(
        "def test_it():\n    assert 1 == 2\n\n\ndef test_other():\n    assert 2 == 2\n"
    )
    monkeypatch.setattr(witnesses, "ROOT", tmp_path)
    assert witnesses.ran(["test_planted.py::test_other"])[0]
    assert not witnesses.ran(["test_planted.py::test_it", "test_planted.py::test_other"])[0]
