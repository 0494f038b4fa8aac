"""Pools of images: what is kept of the files, what is done to it, how it is split, and what the cache may not do."""

import gzip
import os
from dataclasses import replace

import numpy as np
import pytest

from numerics import images as module
from numerics.data import draw
from numerics.images import images_of
from numerics.randomness import Streams
from theory.setting import Query

STREAMS = Streams(seed=5, cell="images", trial=0)


@pytest.fixture
def mnist(fabricated, tmp_path):
    for name, content in fabricated.files["mnist"].items():
        (tmp_path / name).write_bytes(content)
    return f"mnist:{tmp_path}"


@pytest.fixture
def cifar10(fabricated, tmp_path):
    (whole,) = fabricated.files["cifar10"].values()
    for number, part in ((2, whole[: 30 * 3073]), (5, whole[30 * 3073 :])):
        (tmp_path / f"data_batch_{number}.bin").write_bytes(part)
    return f"cifar10:{tmp_path}"


def by_hand(images, classes, negative, positive):
    """The pool by its definition, image by image: pixels less their mean over both classes, norm sqrt(d_x)."""
    rows = [(image.ravel().astype(float), label) for image, label in zip(images, classes, strict=True)]
    kept = [(image, label) for image, label in rows if label in (negative, positive)]
    mean = sum(image for image, _ in kept) / len(kept)
    x = [(image - mean) * np.sqrt(image.size / np.sum((image - mean) ** 2)) for image, _ in kept]
    return np.array(x), np.array([1.0 if label == positive else -1.0 for _, label in kept])


def test_mnist_is_ones_against_sevens(fabricated, mnist):
    x, g = images_of(mnist).load()
    expected_x, expected_g = by_hand(fabricated.digits, fabricated.classes, 1, 7)
    assert x.shape == (14, 784)
    assert np.allclose(x, expected_x, rtol=0, atol=1e-12)
    assert np.array_equal(g, expected_g)


def test_cifar10_is_cats_against_ships_of_all_batches_that_are_there(fabricated, cifar10):
    x, g = images_of(cifar10).load()
    expected_x, expected_g = by_hand(fabricated.photographs, fabricated.classes, 3, 8)
    assert x.shape == (14, 3072)
    assert np.allclose(x, expected_x, rtol=0, atol=1e-12)
    assert np.array_equal(g, expected_g)


@pytest.mark.parametrize("end", ["", ".gz"])
@pytest.mark.parametrize("mark", "-.")
def test_every_name_of_the_files_of_mnist_gives_the_same_pool(fabricated, mnist, tmp_path, mark, end):
    other = tmp_path / "other"
    other.mkdir()
    for name, content in fabricated.files["mnist"].items():
        packed = gzip.compress(content) if end else content
        (other / (name.replace("-idx", f"{mark}idx") + end)).write_bytes(packed)
    for found, expected in zip(images_of(f"mnist:{other}").load(), images_of(mnist).load(), strict=True):
        assert np.array_equal(found, expected)


@pytest.mark.parametrize(("data", "d_y", "paper"), [("mnist", 1520, 2304), ("cifar10", 3840, 6912)])
def test_a_draw_splits_the_images_and_gives_each_a_border_of_noise(request, small, data, d_y, paper):
    setting = small(data=request.getfixturevalue(data), d=paper, d_y=d_y, n=5, query=Query.ZERO)
    drawn = draw(setting, streams=STREAMS, tests=1)
    x, g = images_of(setting.data).load()
    label_of = {row.tobytes(): label for row, label in zip(x, g, strict=True)}
    train, test = ([row.tobytes() for row in part.x] for part in (drawn.train, drawn.test))
    assert len(train) == 5
    assert sorted(train + test) == sorted(label_of)
    assert [label_of[row] for row in train + test] == [*drawn.train.g, *drawn.test.g]
    assert {row.tobytes() for row in drawn.fresh_x} <= set(test)
    for part in (drawn.train, drawn.test):
        assert np.allclose(np.linalg.norm(part.x, axis=1) ** 2, paper - d_y)
        assert np.allclose(np.linalg.norm(part.y, axis=1) ** 2, d_y)
    queries = drawn.queries(setting.query)
    assert not queries[:, : paper - d_y].any()
    assert np.array_equal(queries[:, paper - d_y :], drawn.train.y)


def test_the_border_is_uniform_noise_that_each_trial_draws_anew(small, mnist):
    setting = small(data=mnist, d=2304, d_y=1520, n=5)
    draws = [draw(setting, streams=replace(STREAMS, trial=trial), tests=1) for trial in (0, 0, 1)]
    first, again, other = (np.vstack([drawn.train.y, drawn.test.y]) for drawn in draws)
    assert np.array_equal(first, again)
    assert np.abs(first @ other.T).max() < 5 * np.sqrt(1520)  # rows of norm sqrt(1520), 14 x 14 pairs of them
    # E y^4 / (E y^2)^2 is 9/5 of a uniform variable, 3 of a Gaussian one; of 21 280 values it spreads by .008
    assert abs(np.mean(first**4) / np.mean(first**2) ** 2 - 9 / 5) < 0.035


@pytest.mark.parametrize(
    ("data", "changes", "message"),
    [
        ("mnist", {"d": 2305, "d_y": 1520}, "d_y = 1520, d = 2304 fits, not 2305; the paper has d_y = 1520, d = 2304"),
        ("cifar10", {"d": 3172, "d_y": 90}, "d = 3162 fits, not 3172; the paper has d_y = 3840, d = 6912"),
        ("mnist", {"d": 794, "d_y": 10, "n": 13}, "14 samples, of which at most 12"),
    ],
)
def test_sizes_that_do_not_fit_are_refused(request, small, data, changes, message):
    setting = small(data=request.getfixturevalue(data), **changes)
    with pytest.raises(ValueError, match=message):
        draw(setting, streams=STREAMS, tests=1)


@pytest.mark.parametrize("data", ["mnist:", "cifar10:", "mnist:nowhere", "cifar10:nowhere/at all"])
def test_a_folder_that_is_not_there_is_refused(data):
    with pytest.raises(ValueError, match=r"needs a folder DIR, and '.*' is none"):
        images_of(data).load()


def test_a_name_that_the_system_refuses_is_refused():
    with pytest.raises(ValueError, match=r"cannot be read: .*too long|needs a folder DIR"):
        images_of(f"mnist:{'x' * 5000}").load()


@pytest.mark.parametrize("data", ["sphere", "mnist", "cifar100:x", "MNIST:x", "pool.npz"])
def test_other_names_are_no_images(data):
    assert images_of(data) is None


def test_a_pool_without_one_of_its_classes_is_refused(fabricated, mnist, tmp_path):
    no_seven = np.where(fabricated.classes == 7, 9, fabricated.classes).astype(np.uint8)
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(fabricated.idx(no_seven))
    with pytest.raises(ValueError, match="holds no image of class 7"):
        images_of(mnist).load()


def test_images_that_are_all_the_same_are_refused(fabricated, mnist, tmp_path):
    (tmp_path / "train-images-idx3-ubyte").write_bytes(fabricated.idx(np.full_like(fabricated.digits, 7)))
    with pytest.raises(ValueError, match=r"holds an image equal to the mean of all"):
        images_of(mnist).load()


def test_files_are_read_once_until_they_change(fabricated, mnist, tmp_path):
    first, _ = images_of(mnist).load()
    assert images_of(mnist).load()[0] is first
    path = tmp_path / "train-images-idx3-ubyte"
    at = path.stat().st_mtime_ns
    path.write_bytes(fabricated.idx(fabricated.digits[:, ::-1]))  # upside down, and of the same size
    os.utime(path, ns=(at + 1, at + 1))
    changed, _ = images_of(mnist).load()
    assert np.allclose(changed.reshape(-1, 28, 28)[:, ::-1].reshape(-1, 784), first)
    assert not np.allclose(changed, first)


def test_the_pool_that_draws_share_cannot_be_written_to(mnist):
    with pytest.raises(ValueError, match="read-only"):
        images_of(mnist).load()[0][0] = 0


def test_no_more_pools_are_kept_than_memory_has_room_for(fabricated, tmp_path):
    for folder in map(str, range(module.POOLS + 1)):
        (tmp_path / folder).mkdir()
        for name, content in fabricated.files["mnist"].items():
            (tmp_path / folder / name).write_bytes(content)
        images_of(f"mnist:{tmp_path / folder}").load()
    assert module._pool.cache_info().currsize == module.POOLS
