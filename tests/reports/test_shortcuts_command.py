"""`gammaphi shortcuts`: the modes of one's own samples, in a table and in a document, and what is refused."""

import json

import numpy as np
import pytest

from numerics.shortcut_analysis import Carrier
from numerics.shortcut_modes import linear_modes
from reports.command_line import main
from reports.shortcut_pictures import VARIANCES, in_time, views


@pytest.fixture
def arrays():
    rng = np.random.default_rng(12)
    g = np.where(rng.random(120) < 0.5, 1.0, -1.0)
    a = np.where(rng.random(120) < 0.9, g, -g)
    x = 0.3 * rng.standard_normal((120, 6))
    x[:, 0] += g
    x[:, 1] += a
    return {"x": x, "g": g, "a": a}


@pytest.fixture
def write(tmp_path):
    def written(arrays):
        np.savez(tmp_path / "samples.npz", **arrays)
        return str(tmp_path / "samples.npz")

    return written


def data(capsys, *argv):
    assert main(["shortcuts", *argv, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["status"]) == ("gammaphi/shortcuts/1", "pass")
    return document["data"]


def test_the_document_holds_the_modes_of_the_samples(capsys, arrays, write):
    found = data(capsys, write(arrays), "--modes", "3")
    modes = linear_modes(arrays["x"])
    assert (found["samples"], found["columns"], found["modes"], len(found["rows"])) == (120, 6, 6, 3)
    assert found["agreement"] == (arrays["a"] == arrays["g"]).mean()
    for place, row in enumerate(found["rows"]):
        assert row["value"] == pytest.approx(modes.values[place])
        assert row["half_time"] == pytest.approx(np.log(2) / modes.values[place])
        assert row["shares"]["label"] == pytest.approx((modes.vectors[:, place] @ arrays["g"]) ** 2 / 120)
    assert found["carriers"]["aligned"]["mode"] == 1
    assert found["carriers"]["conflicting"]["mode"] == 2


def test_the_aligned_samples_are_learned_first_and_the_others_if_the_attribute_is_turned(capsys, arrays, write):
    first = data(capsys, write(arrays), "--times", "1", "30")["moments"]
    assert first[0]["aligned"] > 2 * first[0]["conflicting"]
    assert first[-1]["time"] is None
    assert first[-1]["conflicting"] > first[0]["conflicting"]
    turned = data(capsys, write({**arrays, "a": -arrays["a"]}), "--times", "1", "30")["moments"]
    assert turned[0]["aligned"] == pytest.approx(first[0]["conflicting"])


def test_the_end_of_the_flow_is_the_least_squares_fit(capsys, arrays, write):
    end = data(capsys, write(arrays))["moments"][-1]
    fitted = arrays["g"] * (arrays["x"] @ np.linalg.lstsq(arrays["x"], arrays["g"])[0])
    same = arrays["a"] == arrays["g"]
    assert end["aligned"] == pytest.approx(fitted[same].mean())
    assert end["conflicting"] == pytest.approx(fitted[~same].mean())


def test_the_table_says_what_the_document_holds(capsys, arrays, write):
    path = write(arrays)
    found = data(capsys, path)
    assert main(["shortcuts", path]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("; a = y at 90.0% of them; kernel linear")
    row = next(line.split() for line in lines if line.startswith("1 "))
    assert row[1] == f"{found['rows'][0]['value']:.4g}"
    factor = found["carriers"]["conflicting"]["half_time"] / found["carriers"]["aligned"]["half_time"]
    assert any(f"learned {factor:.3g} times as fast" in line for line in lines)
    assert any(line.startswith("in the end") for line in lines)


def test_what_no_single_mode_carries_has_no_ratio(capsys, arrays, write):
    noise = np.random.default_rng(2).standard_normal((120, 6))
    path = write({**arrays, "x": arrays["x"] + 3 * noise})
    carriers = data(capsys, path)["carriers"]
    assert carriers["conflicting"]["cosine"] ** 2 < 0.5
    assert carriers["conflicting"]["mode"] != carriers["aligned"]["mode"]
    main(["shortcuts", path])
    out = capsys.readouterr().out
    assert f"y - a (at most {carriers['conflicting']['cosine'] ** 2:.1%} of it): which is learned" in out
    assert "times as" not in out


def test_a_mode_carries_what_it_has_half_of():
    assert Carrier(mode=1, cosine=0.72, half_time=1.0).carries
    assert not Carrier(mode=1, cosine=0.69, half_time=1.0).carries


def test_samples_may_be_images(capsys, arrays, write):
    flat = data(capsys, write(arrays))
    assert data(capsys, write({**arrays, "x": arrays["x"].reshape(120, 2, 3)})) == flat


def test_centred_rows_have_no_mode_of_their_mean(capsys, arrays, write):
    shifted = write({**arrays, "x": arrays["x"] + 9.0})
    plain, centred = data(capsys, shifted), data(capsys, shifted, "--centre")
    assert plain["rows"][0]["shares"]["label"] < 0.1
    assert centred["rows"][0]["shares"]["label"] > 0.7


@pytest.mark.parametrize(
    ("argv", "kernel"),
    [
        (["--kernel", "rf", "--activation", "tanh"], "rf tanh"),
        (["--kernel", "ntk", "--activation", "relu"], "ntk relu"),
        (["--kernel", "ntk-deep", "--activation", "relu", "--depth", "2"], "ntk-deep relu, depth 2"),
    ],
)
def test_other_kernels_have_as_many_modes_as_samples_and_fit_them(capsys, arrays, write, argv, kernel):
    found = data(capsys, write(arrays), *argv)
    assert (found["kernel"], found["modes"]) == (kernel, 120)
    assert found["moments"][-1]["conflicting"] == pytest.approx(1)


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--kernel", "rf"], "--kernel rf needs --activation"),
        (["--activation", "relu"], "--kernel linear does not go with --activation; rf, ntk and the deep ones do"),
        (["--kernel", "ntk-deep", "--activation", "relu"], "--kernel ntk-deep needs --depth"),
        (["--kernel", "rf", "--activation", "relu", "--depth", "1"], "--kernel rf has no --depth"),
        (["--kernel", "ntk-deep", "--activation", "gelu", "--depth", "1"], "ntk-deep of gelu supposes |x|^2 = 6"),
        (["--kernel", "nngp-deep", "--activation", "relu", "--depth", "100000"], "at most 100 hidden layers"),
        (["--modes", "0"], "'0' is not a whole number from 1 on"),
        (["--times", "0"], "0 is not positive"),
    ],
)
def test_options_that_make_no_kernel_are_refused_in_one_line(capsys, arrays, write, argv, said):
    assert main(["shortcuts", write(arrays), *argv]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"a": None}, "lacks the array 'a'; x, g and a are needed"),
        ({"g": np.zeros(120)}, "g holds 0 at row 0: labels must be +1 or -1; save 2 * g - 1 for 0 and 1"),
        ({"a": np.arange(120) % 2 > 0}, "a holds 0 at row 0: attributes must be +1 or -1; save 2 * a - 1 for 0 and 1"),
        ({"g": np.ones(120)}, "g is +1 at every row, and tells of one label: there is nothing to learn"),
        ({"a": -np.ones(120)}, "a is -1 at every row, and tells of one attribute: there is no shortcut to take"),
        ({"x": np.ones((0, 3)), "g": np.ones(0), "a": np.ones(0)}, "g has shape (0,): there is no row in it"),
        ({"a": np.full(120, 2.0)}, "a holds 2 at row 0: attributes must be +1 or -1"),
        ({"a": np.ones(7)}, "a has shape (7,): 7 rows, and there are 120 labels"),
        ({"x": np.ones(120)}, "x has shape (120,): 2 axes"),
        ({"x": np.full((120, 2), np.nan)}, "x holds NaN at row 0"),
        ({"x": np.zeros((120, 2))}, "the kernel of these samples is zero: they have no feature"),
        ({"x": np.array([["a"]])}, "x is not an array of numbers but of <U1: encode them"),
        ({"g": np.array(1.0)}, "g has shape (): 1 axes and a row for each label are needed"),
    ],
)
def test_arrays_that_are_none_are_refused_in_one_line(capsys, arrays, write, changes, said):
    kept = {name: array for name, array in {**arrays, **changes}.items() if array is not None}
    assert main(["shortcuts", write(kept)]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1


@pytest.mark.parametrize(("sign", "where"), [(1, "every row"), (-1, "no row")])
def test_an_attribute_that_is_the_label_is_refused(capsys, arrays, write, sign, where):
    assert main(["shortcuts", write({**arrays, "a": sign * arrays["g"]})]) == 2
    assert f"a agrees with g at {where}, so no sample tells the attribute from the label" in capsys.readouterr().err


def test_a_file_that_is_not_there_or_no_archive_is_refused(capsys, tmp_path):
    assert main(["shortcuts", str(tmp_path / "none.npz")]) == 2
    assert "no such file" in capsys.readouterr().err
    assert main(["shortcuts", str(tmp_path)]) == 2
    assert "is a folder: an .npz file is needed" in capsys.readouterr().err
    (tmp_path / "text.npz").write_text("x")
    assert main(["shortcuts", str(tmp_path / "text.npz")]) == 2
    assert "is not an .npz archive" in capsys.readouterr().err


def test_the_pictures_show_the_aligned_clusters_first_and_what_remains():
    for variance in VARIANCES:
        aligned, conflicting = (curve.y for curve in in_time(variance).curves)
        assert all(a > b for a, b in zip(aligned, conflicting, strict=True))
        assert list(aligned) == sorted(aligned)
    ends = {variance: in_time(variance).curves[1].y[-1] / in_time(variance).curves[0].y[-1] for variance in VARIANCES}
    assert list(ends.values()) == sorted(ends.values(), reverse=True)
    assert ends[VARIANCES[0]] == pytest.approx(
        (0.2 / 0.3) / (1.8 / 1.9)
    )  # 2 rho c^2 / (2 rho c^2 + v), each in its own mode
    drawn = [picture for view in views() for picture in view.pictures]
    assert len({picture.title for picture in drawn}) == len(drawn) == 7
    assert all(len(curve.x) == len(curve.y) > 10 for picture in drawn for curve in picture.curves)
