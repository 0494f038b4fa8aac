"""Sound files with bytes changed or cut off: refused in one line that names the file, or read as the same images.

A changed pixel cannot be told from a pixel, nor a changed label from a label, unless the file carries a checksum: this
is what the tests leave out, and nothing else.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numerics.image_files import cifar10_files, mnist_files, read_cifar10, read_mnist

IDX_HEADERS = {"train-images-idx3-ubyte": 16, "train-labels-idx1-ubyte": 8}
KINDS = ("mnist", "mnist, packed", "cifar10", "cifar10, pickled")


@pytest.fixture(scope="session")
def folders(fabricated, tmp_path_factory):
    """A folder for each kind of files, whose files are put back after each reading."""
    made = {kind: tmp_path_factory.mktemp("damaged") for kind in KINDS}
    for kind, folder in made.items():
        for name, content in fabricated.files[kind].items():
            (folder / name).write_bytes(content)
    return made


@pytest.fixture(scope="session")
def outcome(fabricated, folders):
    """Read a folder with one file replaced: images and classes, or the line in which it is refused."""

    def read(kind, name, content):
        path = folders[kind] / name
        path.write_bytes(content)
        try:
            mnist = kind.startswith("mnist")
            parts = read_mnist(mnist_files(path.parent)) if mnist else read_cifar10(cifar10_files(path.parent))
            (found,) = parts
        except ValueError as refused:
            found = str(refused)
        path.write_bytes(fabricated.files[kind][name])
        assert not isinstance(found, str) or (str(path) in found and "\n" not in found)
        return found

    return read


def is_sound(fabricated, found):
    images, classes = found
    expected = fabricated.digits if images.shape[1] == 784 else fabricated.photographs
    return np.array_equal(images, expected.reshape(70, -1)) and np.array_equal(classes, fabricated.classes)


def flipped(content, at, mask):
    return content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :]


@pytest.mark.parametrize("name", IDX_HEADERS)
def test_every_bit_of_an_idx_header_counts(fabricated, outcome, name):
    content = fabricated.files["mnist"][name]
    places = [(at, 1 << bit) for at in range(IDX_HEADERS[name]) for bit in range(8)]
    unseen = [place for place in places if not isinstance(outcome("mnist", name, flipped(content, *place)), str)]
    assert unseen == []


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_a_cut_file_is_refused(fabricated, outcome, kind, data):
    name, content = data.draw(st.sampled_from(sorted(fabricated.files[kind].items())))
    kept = data.draw(st.integers(0, len(content) - 1) | st.integers(0, 40))
    found = outcome(kind, name, content[:kept])
    # a batch of the binary version need not have all records
    assert isinstance(found, str) is not (kind == "cifar10" and kept > 0 and kept % 3073 == 0)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_changed_bytes_are_refused_or_are_pixels_and_labels(fabricated, outcome, kind, data):
    name, content = data.draw(st.sampled_from(sorted(fabricated.files[kind].items())))
    size = len(content)
    places = st.integers(0, size - 1) | st.integers(0, min(size, 200) - 1) | st.integers(max(size - 60, 0), size - 1)
    for at in data.draw(st.lists(places, min_size=1, max_size=4)):
        content = flipped(content, at, data.draw(st.integers(1, 255)))
    found = outcome(kind, name, content)
    if not isinstance(found, str):
        images, classes = found
        assert images.shape == (70, 784 if kind.startswith("mnist") else 3072)
        assert set(classes.tolist()) <= set(range(10))
        assert kind != "mnist, packed" or is_sound(fabricated, found)
