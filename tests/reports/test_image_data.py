"""MNIST and CIFAR-10 through the command line: what is measured, what is predicted, and what is refused in one line."""

import json

import pytest

from numerics.measurement import measure
from reports.command_line import main
from theory.activations import RELU
from theory.setting import Kernel, Query, Setting

MODEL = ["--kernel", "rf", "--activation", "relu", "--query", "zero"]
MNIST = ["--d", "2304", "--alpha", "95/144", "--n", "8"]
CIFAR10 = ["--d", "6912", "--alpha", "5/9", "--n", "8"]


@pytest.fixture
def folder(fabricated, tmp_path):
    """A folder with the files of both."""
    for kind in ("mnist", "cifar10, pickled"):
        for name, content in fabricated.files[kind].items():
            (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.mark.parametrize(("name", "size"), [("mnist", MNIST), ("cifar10", CIFAR10)])
def test_the_papers_size_is_measured(capsys, folder, name, size):
    assert main(["measure", *MODEL, *size, "--data", f"{name}:{folder}", "--trials", "2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["data"]
    d, d_y = {"mnist": (2304, 1520), "cifar10": (6912, 3840)}[name]
    at = Setting(kernel=Kernel.RF, activation=RELU, d=d, d_y=d_y, n=8, data=f"{name}:{folder}", query=Query.ZERO)
    assert found["setting"]["data"] == f"{name}:{folder}"
    assert found["gamma"] == measure(at, trials=2, seed=0).gamma
    assert found["test_accuracy"] > 0.5  # bars at different heights can be told apart


def test_the_law_is_read_off_a_pool_of_images(capsys, folder):
    assert main(["predict", *MODEL, *MNIST, "--data", f"mnist:{folder}", "--pool", "12"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"RF relu, mnist:{folder}, d=2304, N=8, alpha=95/144, k=inf, zero")
    assert "from pools of 12 samples" in out


def refused(capsys, *argv):
    assert main(["measure", *MODEL, *argv, "--trials", "2"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


def test_a_spoilt_file_is_refused_in_one_line(capsys, folder):
    path = folder / "train-images-idx3-ubyte"
    path.write_bytes(path.read_bytes()[:-1])
    line = refused(capsys, *MNIST, "--data", f"mnist:{folder}")
    assert line == f"gammaphi: error: {path} says that it holds 54880 values, and there is room for 54879\n"


def test_a_hostile_pickle_is_refused_in_one_line(capsys, folder):
    (folder / "data_batch_3").write_bytes(b"\x80\x02cos\nsystem\nU\x04true\x85R.")
    line = refused(capsys, *CIFAR10, "--data", f"cifar10:{folder}")
    assert str(folder / "data_batch_3") in line
    assert "it asks for os.system, which no array of bytes needs" in line


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ([*MNIST, "--data", "mnist:nowhere"], "data mnist:DIR needs a folder DIR, and 'nowhere' is none"),
        ([*MNIST, "--data", "mnist:"], "data mnist:DIR needs a folder DIR, and '' is none"),
        ([*MNIST, "--data", "mnist"], "'mnist' is none of sphere, gaussian, digits, mnist:DIR, cifar10:DIR"),
        (
            [*MNIST, "--data", "cifar10:{}"],
            "with d_y = 1520, d = 4592 fits, not 2304; the paper has d_y = 3840, d = 6912",
        ),
        ([*CIFAR10, "--data", "cifar10:{}", "--n", "13"], "14 samples, of which at most 12 can be trained on"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(capsys, folder, argv, words):
    assert words in refused(capsys, *(word.format(folder) for word in argv))
