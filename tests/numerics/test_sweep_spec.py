"""What a specification means, and every slip in it as one line that says where."""

import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from numerics.engine import Precision
from numerics.sweep import Sweep, setting_of
from numerics.sweep_spec import MAX_BYTES, read
from theory.activations import GELU, RELU
from theory.setting import Kernel, Query, Setting

GRID = {"kernel": '"rf"', "activation": '"relu"', "d": "20", "n": "10", "alpha": "0.25"}
ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples" / "sweeps"


@pytest.fixture
def spec(tmp_path):
    """Return a file of `trials = 2` and one grid, with whatever is to be different; None leaves a key out."""

    def write(text=None, **changes):
        lines = [f"{key} = {value}" for key, value in (GRID | changes).items() if value is not None]
        path = tmp_path / "spec.toml"
        path.write_text("\n".join(["trials = 2", "[[grid]]", *lines]) if text is None else text)
        return path

    return write


def settings(path):
    return [setting_of(cell) for cell in read(path).cells]


def test_a_grid_is_the_product_of_its_lists_in_a_stated_order(spec):
    path = spec(n="[10, 20]", alpha='[0.25, "1/2"]', activation='["relu", "gelu"]', width='[30, "inf"]')
    found = settings(path)
    assert len(found) == 16
    assert found[0] == Setting(kernel=Kernel.RF, activation=RELU, d=20, d_y=5, n=10, width=30)
    assert found[1] == Setting(kernel=Kernel.RF, activation=RELU, d=20, d_y=10, n=10, width=30)
    assert found[-1] == Setting(kernel=Kernel.RF, activation=GELU, d=20, d_y=10, n=20)
    assert read(path).total == 32


def test_what_is_left_out_has_the_defaults_of_the_commands(spec):
    sweep = read(spec())
    (found,) = settings(spec())
    assert (sweep.trials, sweep.seed, sweep.tests, sweep.precision) == (2, 0, 500, Precision.DOUBLE)
    assert (found.width, found.depth, found.data, found.query) == (None, None, "sphere", Query.RESAMPLE)


def test_every_key_reaches_the_setting(spec):
    deep = spec(kernel='"ntk-deep"', depth="[2, 3]", width="inf")
    assert [(found.kernel, found.depth) for found in settings(deep)] == [(Kernel.NTK_DEEP, 2), (Kernel.NTK_DEEP, 3)]
    (zero,) = settings(spec(kernel='"ntk"', query='"zero"', data='"gaussian"', activation='"x*erf(x)"'))
    assert (zero.kernel, zero.query, zero.data, zero.activation.name) == (
        Kernel.NTK,
        Query.ZERO,
        "gaussian",
        "x*erf(x)",
    )


def test_what_is_said_of_all_grids_reaches_the_sweep(spec):
    text = 'seed = 9\ntests = 1000\nprecision = "mixed"\n' + spec().read_text()
    sweep = read(spec(text))
    assert (sweep.trials, sweep.seed, sweep.tests, sweep.precision) == (2, 9, 1000, Precision.MIXED)
    assert Sweep.from_json(sweep.to_json()) == sweep
    assert Sweep.from_json(sweep.to_json()).precision is Precision.MIXED


def test_other_data_stand_in_for_those_of_every_grid(spec):
    (found,) = read(spec(data='"sphere"'), data="gaussian").cells
    assert found.data == "gaussian"
    with pytest.raises(ValueError, match=r"^spec\.toml: grid 1: data: data 'spheer' is none of"):
        read(spec(), data="spheer")


def test_what_is_not_to_be_sampled_needs_no_files(spec):
    path = spec(data='"nowhere.npz"')
    assert [cell.data for cell in read(path, tried=False).cells] == ["nowhere.npz"]
    with pytest.raises(ValueError, match=r"nowhere\.npz: no such file"):
        read(path)


def test_a_decimal_is_the_one_that_was_written(spec):
    (found,) = settings(spec(d="1000", alpha="0.345"))
    assert found.alpha == Fraction(345, 1000)
    (rounded,) = settings(spec(d="144", alpha="0.5556"))
    assert rounded.d_y == 80


def test_grids_that_cross_share_the_cell(spec):
    line = "[[grid]]\n" + "\n".join(f"{key} = {value}" for key, value in GRID.items())
    text = f"trials = 2\nseed = 5\n{line}\n{line.replace('0.25', '[0.25, 0.5]')}".replace(
        'activation = "relu"', 'activation = "max(x, 0)"', 1
    )
    sweep = read(spec(text))
    assert [(cell.activation, cell.d_y) for cell in sweep.cells] == [("max(x, 0)", 5), ("relu", 10)]
    assert sweep.seed == 5


def test_a_sweep_survives_as_text(spec):
    sweep = read(spec(n="[10, 20]", width='[30, "inf"]'))
    assert Sweep.from_json(sweep.to_json()) == sweep
    with pytest.raises(ValueError, match="not a sweep"):
        Sweep.from_json('{"seed": 0, "trials": 2, "cells": [{"kernel": "rf"}]}')


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"kernel": '"rbf"'}, "grid 1: kernel: one of rf, ntk, nngp-deep, ntk-deep is wanted"),
        ({"kernel": "3"}, "grid 1: kernel: a text in quotes is wanted"),
        ({"activation": '"relo"'}, "grid 1: activation: no activation is called 'relo'; did you mean 'relu'?"),
        ({"activation": '"x.__class__"'}, "grid 1: activation: "),
        ({"activation": '["relu", "exp(x**2)"]'}, "grid 1: activation: exp(x**2) is not shown"),
        ({"activation": '"step"', "kernel": '"ntk"'}, "grid 1: activation: step jumps at 0"),
        ({"d": "20.0"}, "grid 1: d: a whole number from 1 to"),
        ({"n": "0"}, "grid 1: n: a whole number from 1 to"),
        ({"n": "true"}, "grid 1: n: a whole number from 1 to"),
        ({"n": "[10, [20]]"}, "grid 1: n: a whole number from 1 to"),
        ({"n": "[]"}, "grid 1: n: an empty list"),
        ({"n": "[10, 20, 10]"}, "grid 1: n: 10 is listed twice"),
        ({"n": None}, "grid 1: n: missing"),
        ({"n": "1e99"}, "grid 1: n: a whole number"),
        ({"alpha": "1"}, "grid 1: alpha: a decimal between 0 and 1"),
        ({"alpha": "1.5"}, "grid 1: alpha: a decimal between 0 and 1"),
        ({"alpha": "nan"}, "grid 1: alpha: a decimal between 0 and 1"),
        ({"alpha": "1e-40"}, "grid 1: alpha: a decimal between 0 and 1"),
        ({"alpha": "1e-999999999"}, "grid 1: alpha: a decimal between 0 and 1"),
        ({"alpha": '"1/0"'}, "grid 1: alpha: a decimal between 0 and 1"),
        ({"alpha": '"5/4"'}, "grid 1: alpha: alpha = 1.25 is outside (0, 1)"),
        ({"alpha": '"1/7"'}, "grid 1: alpha: alpha = 0.142857 leaves 2.85714 spurious dimensions of d = 20"),
        ({"alpha": '[0.25, "1/4"]'}, "grid 1: it holds RF relu, sphere, d=20, N=10, alpha=1/4, k=inf, resample twice"),
        ({"activation": '["relu", "max(x, 0)"]'}, "grid 1: it holds RF max(x, 0), sphere, d=20, N=10"),
        ({"width": '"wide"'}, 'grid 1: width: a whole number from 1 to 1000000000 is wanted, or "inf"'),
        ({"width": "-inf"}, "grid 1: width: a whole number"),
        ({"depth": "2"}, "grid 1: depth = 2: rf is one layer"),
        ({"kernel": '"ntk-deep"'}, "grid 1: ntk-deep needs a depth"),
        ({"query": '"none"'}, "grid 1: query: one of resample, zero is wanted"),
        ({"data": '"spheer"'}, "grid 1: data: data 'spheer' is none of"),
        ({"data": '"nowhere.npz"'}, "grid 1: data: nowhere.npz: no such file"),
        ({"widht": "30"}, "grid 1: 'widht': unknown; known are kernel,"),
        ({'"a\\nb"': "30"}, "grid 1: 'a\\nb': unknown"),
        ({"n": str(list(range(1, 401))), "d": str(list(range(20, 5021, 20)))}, "grid 1: its lists multiply to 100400"),
    ],
)
def test_a_slip_in_a_grid_is_one_line_that_says_where(spec, changes, told):
    with pytest.raises(ValueError, match=r"^spec\.toml: ") as refused:
        read(spec(**changes))
    assert str(refused.value).startswith(f"spec.toml: {told}")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("trials = 2", "grid: one or more tables"),
        ("trials = 2\n[grid]\nn = 3", "grid: one or more tables"),
        ("trials = 2\ngrid = []", "grid: one or more tables"),
        ("[[grid]]\nn = 3", "trials: a whole number from 1 to"),
        ("trials = 0\n[[grid]]", "trials: a whole number from 1 to"),
        ("trials = 2\nseed = -1\n[[grid]]", "seed: a whole number from 0 to"),
        ("trials = 2\ntests = 0\n[[grid]]", "tests: a whole number from 1 to"),
        ('trials = 2\nprecision = "single"\n[[grid]]', "precision: one of double, mixed is wanted"),
        ("trials = 2\nsede = 1\n[[grid]]", "'sede': unknown; known are trials, seed, tests, precision, grid"),
        ("trials = 2\n[[grid]]\n", "grid 1: kernel: missing"),
        ("trials = = 2", "not TOML: "),
        ("x = [" * 10_000, "not TOML: "),
        ("#" * (MAX_BYTES + 1), f"more than {MAX_BYTES} bytes"),
    ],
)
def test_a_slip_outside_the_grids_is_one_line_too(spec, text, told):
    with pytest.raises(ValueError, match=r"^spec\.toml: ") as refused:
        read(spec(text))
    assert str(refused.value).startswith(f"spec.toml: {told}")
    assert "\n" not in str(refused.value)


def test_the_second_grid_is_named(spec):
    good = spec().read_text()
    with pytest.raises(ValueError, match=r"^spec\.toml: grid 2: n: missing$"):
        read(spec(good + '\n[[grid]]\nkernel = "rf"\nactivation = "relu"\nd = 20\nalpha = 0.25'))


def test_data_of_ones_own_are_tried_before_anything_starts(spec, tmp_path):
    rng = np.random.default_rng(1)
    x = rng.standard_normal((30, 15))
    np.savez(tmp_path / "own.npz", x=x, y=rng.standard_normal((30, 5)), g=np.sign(x[:, 0]))
    data = f'"{tmp_path / "own.npz"}"'
    assert [found.n for found in settings(spec(data=data, n="[10, 20]"))] == [10, 20]
    with pytest.raises(ValueError, match="grid 1: data: N = 29 is too many"):
        read(spec(data=data, n="[10, 29]"))


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path):
    with pytest.raises(ValueError, match="there is no such file"):
        read(tmp_path / "nowhere.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match=r"^bytes\.toml: not UTF-8$"):
        read(tmp_path / "bytes.toml")


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.name)
def test_the_examples_are_sweeps(path):
    assert read(path).total > 0


def test_there_are_examples():
    assert (EXAMPLES / "smoke.toml").is_file()


def test_the_example_of_the_document_is_a_sweep(spec):
    (block,) = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "sweeps.md").read_text(), flags=re.DOTALL)
    sweep = read(spec(block))
    assert (len(sweep.cells), sweep.trials, sweep.seed) == (2 * 2 * 3 * 2 * 2 + 2, 20, 7)
