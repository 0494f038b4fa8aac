"""Files that are not what they should be: each refused in one line that names it, before it costs memory."""

import gzip
import os
import pickle
import struct
import tracemalloc

import numpy as np
import pytest

from numerics import image_files
from numerics.image_files import cifar10_files, mnist_files, read_cifar10, read_mnist

IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
KINDS = ("mnist", "mnist, packed", "cifar10", "cifar10, pickled")


def read(folder, kind, files):
    """Write the files into a folder and read them: images and classes."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    parts = read_mnist(mnist_files(folder)) if kind.startswith("mnist") else read_cifar10(cifar10_files(folder))
    ((images, classes),) = parts
    return images, classes


def refusal(folder, kind, files):
    """Return the one line in which the files are refused."""
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - what it says is the caller's to judge
        read(folder, kind, files)
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize("kind", KINDS)
def test_sound_files_are_read_as_they_are(fabricated, tmp_path, kind):
    images, classes = read(tmp_path, kind, fabricated.files[kind])
    expected = fabricated.digits if kind.startswith("mnist") else fabricated.photographs
    assert np.array_equal(images, expected.reshape(70, -1))
    assert np.array_equal(classes, fabricated.classes)


def header(*sizes, kind=8, axes=None):
    return struct.pack(f">HBB{len(sizes)}I", 0, kind, len(sizes) if axes is None else axes, *sizes)


MNIST_FAULTS = {
    "cut": (IMAGES, lambda images, _: images[:-1], "holds 54880 values, and there is room for 54879"),
    "too long": (IMAGES, lambda images, _: images + b"\0", "holds 54880 values, and holds more"),
    "labels as images": (IMAGES, lambda _, labels: labels, "starts with 00000801 where 00000803 is needed"),
    "images as labels": (LABELS, lambda images, _: images, "starts with 00000803 where 00000801 is needed"),
    "of signed bytes": (IMAGES, lambda images, _: header(70, 28, 28, kind=9) + images[16:], "starts with 00000903"),
    "of two axes": (IMAGES, lambda images, _: header(70, 784) + images[16:], "starts with 00000802"),
    "of another shape": (IMAGES, lambda images, _: header(70, 14, 56) + images[16:], "of 14 x 56 pixels, not of 28 x"),
    "a boast": (IMAGES, lambda _, __: header(2**32 - 1, 28, 28), "3367254359280 values, and there is room for 0"),
    "a cut header": (IMAGES, lambda images, _: images[:13], "ends within its header"),
    "empty": (IMAGES, lambda _, __: b"", "starts with nothing"),
    "a label short": (LABELS, lambda _, labels: header(69) + labels[8:-1], "holds 69 labels"),
    "a label above 9": (LABELS, lambda _, labels: labels[:-1] + b"\n", "a label at row 69 that is none of 0 to 9"),
}


@pytest.mark.parametrize("fault", MNIST_FAULTS)
def test_spoilt_files_of_mnist_are_refused(fabricated, tmp_path, fault):
    name, spoil, message = MNIST_FAULTS[fault]
    files = fabricated.files["mnist"]
    line = refusal(tmp_path, "mnist", files | {name: spoil(files[IMAGES], files[LABELS])})
    assert str(tmp_path / name) in line
    assert message in line


GZIP_FAULTS = {
    "cut": (lambda packed, _: packed[:-1], "is no whole gzip file: Compressed file ended"),
    "a wrong sum": (lambda packed, _: packed[:-8] + bytes(4) + packed[-4:], "no whole gzip file: CRC check failed"),
    "too long": (lambda packed, _: packed + b"x", "no whole gzip file: Not a gzipped file"),
    "garbled": (lambda packed, _: packed[:40] + b"\xff" * 40 + packed[80:], "no whole gzip file: Error -3"),
    "not packed": (lambda _, plain: plain, "no whole gzip file: Not a gzipped file"),
    "packed from a cut file": (lambda _, plain: gzip.compress(plain[:-1]), "holds 54880 values, and holds 54879"),
    "packed from a long file": (lambda _, plain: gzip.compress(plain + b"\0"), "holds 54880 values, and holds more"),
    "a boast": (lambda _, __: gzip.compress(header(2**17, 28, 28)), f"values, and there is room for {2**26}"),
    "empty": (lambda _, __: b"", "starts with nothing"),
}


@pytest.mark.parametrize("fault", GZIP_FAULTS)
def test_spoilt_gzip_files_are_refused(fabricated, tmp_path, fault):
    spoil, message = GZIP_FAULTS[fault]
    files, name = fabricated.files["mnist, packed"], f"{IMAGES}.gz"
    spoilt = spoil(files[name], fabricated.files["mnist"][IMAGES])
    line = refusal(tmp_path, "mnist", files | {name: spoilt})
    assert str(tmp_path / name) in line
    assert message in line


@pytest.mark.parametrize("count", [70, 2**17], ids=["hidden", "announced"])
def test_a_bomb_costs_no_memory(fabricated, tmp_path, count):
    bomb = gzip.compress(header(count, 28, 28) + bytes(2**27), compresslevel=1)
    files = fabricated.files["mnist, packed"] | {f"{IMAGES}.gz": bomb}
    tracemalloc.start()
    try:
        line = refusal(tmp_path, "mnist", files)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert f"{IMAGES}.gz says that it holds" in line
    assert peak < 2**20


CIFAR10_FAULTS = {
    "cut": ("cifar10", lambda batch: batch[:-1], "is 215109 bytes long, which is no whole number of records of 3073"),
    "too long": ("cifar10", lambda batch: batch + b"\0", "is 215111 bytes long, which is no whole number of records"),
    "empty": ("cifar10", lambda _: b"", "is 0 bytes long"),
    "a label above 9": ("cifar10", lambda batch: b"\n" + batch[1:], "a label at row 0 that is none of 0 to 9"),
    "shifted": ("cifar10", lambda batch: batch[1:] + b"\0", "a label at row 0 that is none of 0 to 9"),
    "a cut pickle": ("cifar10, pickled", lambda batch: batch[:-1], "pickle exhausted before seeing STOP"),
    "two pickles": ("cifar10, pickled", lambda batch: 2 * batch, "it goes on after its end"),
    "a name that writes": (
        "cifar10, pickled",
        lambda batch: batch[:2] + b"\x8c\x08\x1b[2J\nyou\x8c\x03are\x93" + batch[2:],
        r"it asks for \x1b[2J\nyou.are, which no array of bytes needs",
    ),
    "a long complaint": ("cifar10, pickled", lambda batch: batch[:2] + b"S" + b"a" * 999 + b"\n", "around b'aaa"),
    "an empty pickle": ("cifar10, pickled", lambda _: b"", "pickle exhausted before seeing STOP"),
}


@pytest.mark.parametrize("fault", CIFAR10_FAULTS)
def test_spoilt_batches_are_refused(fabricated, tmp_path, fault):
    kind, spoil, message = CIFAR10_FAULTS[fault]
    ((name, content),) = fabricated.files[kind].items()
    line = refusal(tmp_path, kind, {name: spoil(content)})
    assert str(tmp_path / name) in line
    assert message in line
    assert len(line) < 400


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"labels": [3, 8, 1]}, "holds 2 images and 3 labels"),
        ({"labels": [3, 10]}, "holds a label at row 1 that is none of 0 to 9"),
        ({"labels": [-1, 3]}, "holds a label at row 0 that is none of 0 to 9"),
        ({"labels": ["8", 3]}, "holds a label at row 0 that is none of 0 to 9"),
        ({"data": np.zeros((2, 1024), np.uint8)}, "holds images of 1024 values, not of 3072"),
    ],
)
def test_pickled_batches_that_do_not_fit_are_refused(tmp_path, changes, message):
    batch = pickle.dumps({"data": np.zeros((2, 3072), np.uint8), "labels": [3, 8]} | changes, protocol=4)
    line = refusal(tmp_path, "cifar10", {"data_batch_4": batch})
    assert line == f"{tmp_path / 'data_batch_4'} {message}"


@pytest.mark.parametrize(
    ("kind", "beside"), [("mnist", f"{IMAGES}.gz"), ("mnist", "train-images.idx3-ubyte"), ("cifar10", "data_batch_1")]
)
def test_of_two_versions_one_is_read_always(fabricated, tmp_path, kind, beside):
    (tmp_path / beside).write_bytes(b"unsound")
    _, classes = read(tmp_path, kind, fabricated.files[kind])
    assert np.array_equal(classes, fabricated.classes)


def test_a_folder_without_the_files_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"holds no train-images-idx3-ubyte; .* before idx, or \.gz"):
        mnist_files(tmp_path)
    (tmp_path / "data_batch_1.bin").mkdir()
    with pytest.raises(ValueError, match=r"holds none of data_batch_1\.bin"):
        cifar10_files(tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_is_too_large_is_not_read(fabricated, tmp_path, kind):
    files = fabricated.files[kind]
    read(tmp_path, kind, files)
    name = min(files)
    os.truncate(tmp_path / name, image_files.LARGEST + 1)
    assert refusal(tmp_path, kind, {}) == f"{tmp_path / name} is 67108865 bytes long; at most 67108864 are read"


def test_what_is_no_regular_file_is_not_read(tmp_path):  # a pipe would be waited for, and for ever
    with pytest.raises(ValueError, match="is not a file"):
        next(read_cifar10((tmp_path,)))
