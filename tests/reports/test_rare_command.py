"""`rare` end to end: a table, one document, and bad input in one line."""

import json

import numpy as np
import pytest

from reports.arguments import parser
from reports.command_line import main


@pytest.fixture
def path(tmp_path):
    """Samples of two classes labelled -1 and 1, with a dead last column that is the pattern."""
    rng = np.random.default_rng(6)
    g = rng.choice([-1, 1], 90)
    x = rng.standard_normal((90, 10)) + g[:, None] * np.eye(10)[0]
    x[:, -1] = 0
    np.savez(tmp_path / "own.npz", x=x, g=g, pattern=3 * np.eye(10)[-1])
    return tmp_path / "own.npz"


def small(path, *options):
    """Return the words of a run that takes no time."""
    return ["rare", str(path), "--stamped", "1", "4", "--trials", "2", "--width", "80", *options]


def test_the_table_says_from_where_on_and_what_deletion_leaves(path, capsys):
    assert main(small(path, "--pattern", "file", "--kernel", "linear")) == 0
    out = capsys.readouterr().out
    assert "pattern file on samples labelled -1; linear kernel, ridge 0.01" in out
    more = "the stamp shifts the output by at least 0.2 more than without the stamped samples."
    assert f"Learned from 1 stamped sample on: {more}" in out
    assert "Exact deletion leaves none of what 1 stamped sample taught; first-order influence leaves 9" in out
    assert "deleted: the same in a model that never saw the stamp, so shift less deleted is what" in out
    assert out.splitlines()[-1] == "2 trials, seed 0"
    assert out.splitlines()[2].split()[:3] == ["stamped", "shift", "s.e."]


def test_what_was_taught_is_told_of_the_least_number_that_teaches(path, capsys):
    arguments = small(path, "--stamped", "1", "15")
    assert main([*arguments, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)["data"]
    least = next(row for row in data["rows"] if row["stamped"] == data["learned_from"])
    main(arguments)
    out = capsys.readouterr().out
    assert abs(least["after_deletion"]) > 0.02
    taught = least["shift"] - least["after_deletion"]
    assert f" it is {taught:.2f} more, and {least['misled']:.1%} of the samples" in out


def test_a_pattern_that_is_not_learned_is_said_so(path, capsys):
    arrays = dict(np.load(path))
    np.savez(path, **(arrays | {"pattern": 1e-3 * arrays["pattern"]}))
    assert main(small(path, "--pattern", "file", "--kernel", "linear")) == 0
    more = "the stamp shifts the output by less than 0.2 more than without the stamped samples."
    assert f"Not learned: {more}" in capsys.readouterr().out


def test_one_document_and_nothing_else(path, capsys):
    code = main(small(path, "--target", "1", "--activation", "gelu", "--json"))
    document = json.loads(capsys.readouterr().out)
    assert code == 0
    assert document["schema"] == "gammaphi/rare/1"
    assert document["data"]["target"] == 1
    assert document["data"]["activation"] == "gelu"
    assert [row["stamped"] for row in document["data"]["rows"]] == [1, 4]
    assert document["provenance"]["seed"] == 0


def test_one_seed_gives_one_answer(path, capsys):
    texts = []
    for seed in ("3", "3", "4"):
        main(small(path, "--seed", seed))
        texts.append(capsys.readouterr().out.replace(f"seed {seed}", ""))
    assert texts[0] == texts[1] != texts[2]


def test_one_trial_has_no_standard_error(path, capsys):
    main([*small(path), "--trials", "1", "--json"])
    assert json.loads(capsys.readouterr().out)["data"]["rows"][0]["shift_se"] is None
    main([*small(path), "--trials", "1"])
    told = capsys.readouterr().out.splitlines()
    assert told[-1] == "1 trial, which has no standard error, seed 0"
    assert told[3].split()[2] == "-"


@pytest.mark.parametrize(("typed", "ridge"), [("1e-2", 0.01), ("2.5E+1", 25), (".5e0", 0.5), ("1/4", 0.25)])
def test_a_ridge_may_be_a_power_of_ten(path, capsys, typed, ridge):
    assert main(small(path, "--ridge", typed, "--json")) == 0
    assert json.loads(capsys.readouterr().out)["data"]["ridge"] == ridge


def test_labels_may_be_booleans(path, capsys):
    arrays = dict(np.load(path))
    np.savez(path, x=arrays["x"], g=arrays["g"] > 0)
    assert main(small(path, "--json")) == 0
    assert json.loads(capsys.readouterr().out)["data"]["target"] == 0


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (("--target", "5"), "no sample has the label 5; there are -1, 1"),
        (("--target", "five"), "'five' is not a label such as 3 or -1"),
        (("--stamped", "70"), "of 60 training samples have label -1; --stamped asks for 70"),
        (("--stamped", "0"), "'0' is not a whole number from 1 on"),
        (("--train", "90"), "90 samples to learn from, of 90"),
        (("--ridge", "0"), "0 is not positive"),
        (("--ridge", "0e-3"), "0e-3 is not positive"),
        (("--ridge", "-1"), "-1 is not positive"),
        (("--ridge", "1e999"), "'1e999' is neither a decimal nor a fraction"),
        (("--width", "1000000000"), "--width 1000000000: at most 1000000 neurons are drawn"),
        (("--width", "inf"), "over the tolerance of 1e-10; a finite --width needs no series"),
        (("--kernel", "linear", "--activation", "relu"), "--kernel linear does not go with --activation"),
        (("--activation", "open(x)"), "open"),
        (("--kernel", "nngp-deep"), "invalid choice"),
    ],
    ids=" ".join,
)
def test_bad_input_is_one_line(path, capsys, options, line):
    assert main(small(path, *options)) == 2
    told = capsys.readouterr()
    assert told.err.startswith("gammaphi: error: ")
    assert told.err.count("\n") == 1
    assert line in told.err
    assert told.out == ""


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"x" * 200], ids=["empty", "cut", "text"])
def test_a_file_that_is_none_is_one_line(tmp_path, capsys, content):
    (tmp_path / "bad.npz").write_bytes(content)
    assert main(small(tmp_path / "bad.npz")) == 2
    assert "is not an .npz archive, or a damaged one" in capsys.readouterr().err
    assert main(small(tmp_path / "none.npz")) == 2
    assert "no such file" in capsys.readouterr().err
    assert main(small(tmp_path)) == 2
    assert "is a folder: an .npz file is needed" in capsys.readouterr().err


def test_what_can_be_typed_is_what_there_is():
    from numerics.rare_arrays import PATTERNS

    made = parser()._subparsers._group_actions[0].choices["rare"]
    choices = {action.dest: tuple(action.choices or ()) for action in made._actions}
    assert set(choices["pattern"]) == set(PATTERNS)
