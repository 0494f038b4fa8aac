"""What every test may rely on: our own packages, a seed, images in miniature, and no clock."""

import gzip
import pickle
import struct
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import hypothesis
import numpy as np
import pytest

CHECKOUT = Path(__file__).resolve().parents[1]

# The examples are the same on every machine, and no test fails for being slow.
hypothesis.settings.register_profile("house", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("house")


def home(package: str) -> Path:
    """Return the folder that `package` would be imported from."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise pytest.UsageError(f"{package} cannot be imported; run `make test`")
    return Path(spec.origin).resolve().parents[1]


def pytest_configure() -> None:
    """Refuse to test somebody else's `theory`: the names are common, and a stray folder would shadow ours."""
    homes = {home(package) for package in ("theory", "numerics", "reports")}
    if len(homes) > 1 or not any(place == CHECKOUT or place.name == "site-packages" for place in homes):
        raise pytest.UsageError(f"the packages come from {', '.join(map(str, homes))}, not from one place of ours")


@pytest.fixture
def seed() -> int:
    """Return the seed of every random test: fixed, so that a failure can be drawn again."""
    return 230512100


def blobs(classes: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return a fabricated image for each class: dim noise, and a bright bar whose row tells the class."""
    images = np.random.default_rng(1).integers(0, 60, (len(classes), *shape), dtype=np.uint8)
    for image, label in zip(images, classes, strict=True):
        image[..., 2 * label + 3, 5:20] += 150
    return images


def idx(array: np.ndarray) -> bytes:
    """Return an array of bytes in the IDX format."""
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


@pytest.fixture(scope="session")
def fabricated() -> SimpleNamespace:
    """MNIST and CIFAR-10 in miniature, seven images of each class: arrays, and the files of each version by name."""
    classes = np.random.default_rng(2).permutation(np.repeat(np.arange(10, dtype=np.uint8), 7))
    digits, photographs = blobs(classes, (28, 28)), blobs(classes, (3, 32, 32)).reshape(70, -1)
    mnist = {"train-images-idx3-ubyte": idx(digits), "train-labels-idx1-ubyte": idx(classes)}
    batch = {b"batch_label": b"training batch 1 of 5", b"labels": classes.tolist(), b"data": photographs}
    files = {
        "mnist": mnist,
        "mnist, packed": {f"{name}.gz": gzip.compress(content, mtime=0) for name, content in mnist.items()},
        "cifar10": {"data_batch_1.bin": np.hstack([classes[:, None], photographs]).tobytes()},
        "cifar10, pickled": {"data_batch_1": pickle.dumps(batch, protocol=4)},
    }
    return SimpleNamespace(classes=classes, digits=digits, photographs=photographs, idx=idx, files=files)
