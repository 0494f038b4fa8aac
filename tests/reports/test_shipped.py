"""The sweeps that the package brings are the paper's experiments, number by number, and a moved number is seen."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from numerics.engine import Precision
from numerics.sweep import setting_of
from numerics.sweep_spec import read
from reports.differences import differences
from reports.panels import panels
from reports.shipped import FOLDER, Experiment, find, images, names, synthetic
from theory.activations import PHI2, PHI4, RELU, TANGENT_PHI2, TANGENT_PHI4
from theory.setting import Kernel, Query, Setting

HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)
UP_TO_1000, UP_TO_10000 = (10, 20, 50, 100, 200, 500, 1000), (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)
TENTHS, TWENTIETHS = (tuple(Fraction(share, of) for share in range(1, of)) for of in (10, 20))


def values(settings, field):
    return tuple(sorted({getattr(setting, field) for setting in settings}))


def widths(settings):
    return {setting.kernel: setting.width for setting in settings}


SYNTHETIC = [
    ("figure-2-full", {PHI2, PHI4}, {Kernel.RF: 100_000}, 1000, UP_TO_10000, (QUARTER, HALF), "gaussian"),
    ("figure-2", {PHI2, PHI4}, {Kernel.RF: 10_000}, 100, UP_TO_1000, (QUARTER, HALF), "sphere"),
    ("figure-6-full", {TANGENT_PHI2, TANGENT_PHI4}, {Kernel.NTK: 100}, 1000, UP_TO_10000, (QUARTER, HALF), "gaussian"),
    ("figure-6", {TANGENT_PHI2, TANGENT_PHI4}, {Kernel.NTK: 100}, 100, UP_TO_1000, (QUARTER, HALF), "sphere"),
    ("figure-7-full", {RELU}, {Kernel.RF: 100_000, Kernel.NTK: 100}, 1000, (200,), TWENTIETHS, "gaussian"),
    ("figure-7", {RELU}, {Kernel.RF: 10_000, Kernel.NTK: 100}, 100, (20,), TENTHS, "sphere"),
]
"""The paper: Gaussian data, d = 1000; RF with k = 100 000, h1 + h2 and h1 + h4; NTK with k = 100, derivatives h0 + h1
and h0 + h3; alpha 1/4 and 1/2, N from 10 to 10^4; ReLU at N = 200 along alpha; ten trials."""
IMAGES = [
    ("images-digits", 100_000, 188, 124, (10, 20, 50, 100, 200, 300), "digits"),
    ("images-mnist", 10_000, 2304, 1520, UP_TO_1000, "mnist:DIR"),
    ("images-mnist-full", 100_000, 2304, 1520, UP_TO_10000, "mnist:DIR"),
    ("images-cifar10", 10_000, 6912, 3840, UP_TO_1000, "cifar10:DIR"),
    ("images-cifar10-full", 100_000, 6912, 3840, (*UP_TO_10000[:-1], 8000), "cifar10:DIR"),
]
"""The paper: 28 x 28 pixels with a border of 10, three times 32 x 32 with one of 8, the query x = 0, ReLU."""


def is_as_stated(sweep, stated):
    """Say whether a sweep has the settings of a row of `SYNTHETIC`, and all of their combinations."""
    activations, neurons, d, sizes, alphas, data = stated
    settings = [setting_of(cell) for cell in sweep.cells]
    return (
        len(settings) == len(activations) * len(neurons) * len(sizes) * len(alphas)
        and {setting.activation for setting in settings} == activations
        and widths(settings) == neurons
        and values(settings, "n") == sizes
        and values(settings, "alpha") == alphas
        and {(one.d, one.data, one.query) for one in settings} == {(d, data, Query.RESAMPLE)}
        and (sweep.trials, sweep.tests) == (10, 1000)
    )


@pytest.mark.parametrize("row", SYNTHETIC, ids=[row[0] for row in SYNTHETIC])
def test_a_synthetic_experiment_is_the_papers(row):
    name, *stated = row
    assert is_as_stated(read(FOLDER / f"{name}.toml"), stated)


@pytest.mark.parametrize(
    ("moved", "to"),
    [
        ("d = 1000", "d = 100"),
        ("10_000]", "20_000]"),
        ("100_000", "10_000"),
        ("gaussian", "sphere"),
        ('"h1+h4"', '"h1+h3"'),
        ('"1/4"', '"3/4"'),
        ("trials = 10", "trials = 9"),
        ("tests = 1000", "tests = 500"),
        ("20, 50, ", "20, "),
        ("data =", 'query = "zero"\ndata ='),
    ],
)
def test_a_number_that_moved_is_seen(tmp_path, moved, to):
    text = (FOLDER / "figure-2-full.toml").read_text()
    assert moved in text
    (tmp_path / "moved.toml").write_text(text.replace(moved, to.replace("h1+h3", "hermite(1, 3)")))
    assert not is_as_stated(read(tmp_path / "moved.toml"), SYNTHETIC[0][1:])


@pytest.mark.parametrize("row", IMAGES, ids=[row[0] for row in IMAGES])
def test_an_experiment_with_images_is_the_papers(row):
    name, neurons, d, d_y, sizes, data = row
    sweep = read(FOLDER / f"{name}.toml", tried=False)
    settings = [setting_of(cell) for cell in sweep.cells]
    assert len(settings) == 2 * len(sizes)
    assert widths(settings) == {Kernel.RF: neurons, Kernel.NTK: 100}
    assert values(settings, "n") == sizes
    assert {(one.d, one.d_y, one.data, one.query) for one in settings} == {(d, d_y, data, Query.ZERO)}
    assert {one.activation for one in settings} == {RELU}
    assert float(settings[0].alpha) == pytest.approx(5 / 9 if "cifar10" in name else 0.6597, abs=1e-3)
    assert sweep.trials == 10


def test_every_file_is_one_of_these_and_the_tangents_have_enough_parameters():
    assert set(names()) == {row[0] for row in (*SYNTHETIC, *IMAGES)}
    for name in names():
        sweep = read(FOLDER / f"{name}.toml", tried=False)
        assert all(setting_of(cell).parameters >= 4 * cell.n for cell in sweep.cells)
        assert sweep.precision is (Precision.DOUBLE if name.startswith("figure-6") else Precision.MIXED)


def test_panels_and_families_are_read_off_the_cells():
    def shape(name):
        found = panels([setting_of(cell) for cell in read(FOLDER / f"{name}.toml", tried=False).cells])
        return [(panel.title, panel.along_alpha, {k: len(v) for k, v in panel.families.items()}) for panel in found]

    of_2 = {"h1+h2": 7, "h1+h4": 7}
    assert shape("figure-2") == [("alpha = 1/4", False, of_2), ("alpha = 1/2", False, of_2)]
    assert shape("figure-7-full") == [("N = 200", True, {"RF": 19, "NTK": 19})]
    assert shape("images-mnist-full") == [("alpha = 95/144", False, {"RF": 10, "NTK": 10})]


@pytest.mark.parametrize(
    ("sizes", "alphas", "titles"),
    [
        ((8, 9), (1, 2, 3), ["alpha = 1/10", "alpha = 1/5", "alpha = 3/10"]),
        ((8,), (1, 2), ["N = 8"]),
        ((8,), (1,), ["alpha = 1/10"]),
    ],
)
def test_one_n_alone_is_drawn_along_alpha(sizes, alphas, titles):
    settings = [Setting(kernel=Kernel.RF, activation=RELU, d=10, d_y=d_y, n=n) for d_y in alphas for n in sizes]
    found = panels(settings)
    assert [panel.title for panel in found] == titles
    assert {panel.along_alpha for panel in found} == {titles[0].startswith("N")}
    assert [found[0].place(setting) for setting in settings[:1]] == [0.1 if titles[0].startswith("N") else 8]


def test_the_paper_itself_differs_in_nothing_and_the_smaller_sizes_in_what_they_say():
    found = {one.name: differences(one.of_paper(), one.of_paper()) for one in synthetic(full=True)}
    assert found == {"figure-2-full": (), "figure-6-full": (), "figure-7-full": ()}
    sphere = "data: x and y uniform on spheres, where the paper has Gaussian"
    size = "dimensions: d = 100, where the paper has d = 1000"
    neurons = "neurons (RF): 10000, where the paper has 100000"
    along = "N: 10 to 1000, where the paper has 10 to 10000"
    assert [differences(one.sweep(seed=0), one.of_paper()) for one in synthetic(full=False)] == [
        (sphere, size, neurons, along),
        (sphere, size, along),
        (sphere, size, neurons, "N: 20, where the paper has 200"),
    ]


def test_whatever_is_moved_is_among_the_differences():
    paper = synthetic(full=True)[0].of_paper()
    moved = read(FOLDER / "figure-2-full.toml", data="sphere")
    cells = tuple(
        cell._replace(activation="relu", d=10, d_y=9, n=5 * cell.n, width=None, query="zero")
        for cell in moved.cells[:4]
    )
    changed = replace(moved, cells=cells, trials=3, tests=7)
    assert differences(changed, paper) == (
        "data: x and y uniform on spheres, where the paper has Gaussian",
        "dimensions: d = 10, where the paper has d = 1000",
        "neurons (RF): infinitely many, where the paper has 100000",
        "activations: relu, where the paper has h1+h2, h1+h4",
        "alpha: 0.9, where the paper has 0.25, 0.5",
        "N: 50 to 100, where the paper has 10 to 10000",
        "query: x = 0, where the paper has a fresh x",
        "trials: 3, where the paper has 10",
        "test points: 7, where the paper has 1000",
    )


def test_digits_stand_in_for_mnist_and_say_so():
    chosen = images("digits", full=False)
    ours = read(FOLDER / f"{chosen.name}.toml", tried=False)
    assert differences(ours, chosen.of_paper()) == (
        "data: digits, where the paper has MNIST",
        "image: 64 values, where the paper has 784 values",
        "border: 124 values, where the paper has 1520 values",
        "N: 10 to 300, where the paper has 10 to 10000",
    )
    of_cifar10 = images("cifar10:somewhere", full=True).of_paper()
    assert differences(of_cifar10, of_cifar10) == ("N: 10 to 8000, where the paper has 10 to 10000",)


@pytest.mark.parametrize(
    ("data", "full", "name", "paper"),
    [
        ("digits", False, "images-digits", "images-mnist-full"),
        ("digits", True, "images-digits", "images-mnist-full"),
        ("mnist:DIR", False, "images-mnist", "images-mnist-full"),
        ("mnist:DIR", True, "images-mnist-full", "images-mnist-full"),
        ("cifar10:DIR", True, "images-cifar10-full", "images-cifar10-full"),
    ],
)
def test_the_images_have_the_size_that_was_asked_for(data, full, name, paper):
    found = images(data, full=full)
    assert (found.name, found.paper, found.data) == (name, paper, data)


@pytest.mark.parametrize("data", ["mnist", "digits:here", "sphere", "own.npz", ""])
def test_other_images_are_refused(data):
    with pytest.raises(ValueError, match=f"^--images {data}: one of digits, mnist:DIR, cifar10:DIR is wanted$"):
        images(data, full=False)


def test_images_of_ones_own_stand_in_for_the_folder_of_the_file(fabricated, tmp_path):
    for name, content in fabricated.files["mnist"].items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=r"N = 1000 is too many: .* has 14 samples"):  # they are read
        images(f"mnist:{tmp_path}", full=False).sweep(seed=0)
    with pytest.raises(ValueError, match="needs a folder DIR, and 'DIR' is none"):
        Experiment(title="", name="images-mnist", paper="images-mnist-full").sweep(seed=0)


def test_a_name_is_a_file_first_and_an_experiment_then(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find(Path("figure-2")) == FOLDER / "figure-2.toml"
    Path("figure-2").write_text("mine")
    assert find(Path("figure-2")) == Path("figure-2")
    told = r"^figure-3: there is no such file, and no experiment of this name; there are figure-2, figure-2-full, "
    with pytest.raises(ValueError, match=told):
        find(Path("figure-3"))


def test_the_seed_is_that_of_the_command_and_the_rest_that_of_the_file():
    chosen = synthetic(full=True)[0]
    assert chosen.sweep(seed=5) == replace(chosen.of_paper(), seed=5)
    assert chosen.of_paper().seed == 0
