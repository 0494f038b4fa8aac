"""`gammaphi predict`: the keys of `measure`, the numbers of the law, and what each of them is worth."""

import json

import numpy as np
import pytest

from numerics.pool import pool_law
from numerics.prediction import predict
from reports.command_line import main
from reports.text_law import HEURISTIC
from theory import predicted
from theory.activations import RELU
from theory.setting import Kernel, Query, Setting

SIZE = ["--kernel", "rf", "--activation", "relu", "--d", "40", "--n", "30", "--alpha", "2/5"]
SETTING = Setting(kernel=Kernel.RF, activation=RELU, d=40, d_y=16, n=30)
MEASURED = ("gamma", "sd", "test_accuracy", "spurious_accuracy", "test_mse")


def told(capsys, command, *more):
    assert main([command, *SIZE, *more]) == 0
    return capsys.readouterr().out


def data(capsys, command, *more):
    return json.loads(told(capsys, command, *more, "--json"))["data"]


def test_the_numbers_have_the_keys_of_measure(capsys):
    found, sampled = data(capsys, "predict"), data(capsys, "measure", "--trials", "2")
    assert set(MEASURED) <= set(found) & set(sampled)
    assert found["setting"] == sampled["setting"]
    assert found["gamma_se"] is None


def test_the_mean_and_the_spread_are_those_of_the_definition(capsys):
    """The balls of `theory` share no code with what is printed, whose cut-offs move the balance by 1e-11."""
    found = data(capsys, "predict")
    assert found["gamma"] == pytest.approx(predicted.gamma(SETTING), rel=1e-9)
    assert found["sd"] ** 2 == pytest.approx(predicted.variance(SETTING), rel=1e-9)


def test_the_regime_is_the_energy_by_degree(capsys):
    found = data(capsys, "predict")
    regime = {entry["degree"]: entry for entry in found["regime"]}
    # relu is x/2 + |x|/2: mu_0^2 = 1/(2 pi), E[phi^2] = 1/2; on finite spheres degree 0 takes a little of the others
    assert regime[0]["energy"] == pytest.approx(1 / np.pi, rel=0.05)
    assert regime[0]["energy"] > 1 / np.pi
    assert regime[1]["energy"] == pytest.approx(1 / 2, rel=0.05)
    assert 3 not in regime
    learned = [entry["learned"] for entry in found["regime"]]
    assert learned == sorted(learned, reverse=True)
    words = {entry["word"]: entry["learned"] for entry in found["regime"]}
    assert words["learned"] > 0.9 > words["half learned"] > 0.1 > words["not learned"]
    # the unlearned energy is N kap: what the degrees listed leave, less degrees too faint or too high to be listed
    left = sum(entry["energy"] * (1 - entry["learned"]) for entry in found["regime"])
    whole = SETTING.n * found["effective_ridge"] / found["energy"]
    assert 0 <= whole - left <= 1 - sum(entry["energy"] for entry in found["regime"]) + 1e-9


def test_a_query_without_a_law_for_its_accuracy_says_so(capsys):
    found = data(capsys, "predict", "--query", "zero")
    assert found["spurious_accuracy"] is None
    assert found["gamma"] == pytest.approx(predict(SETTING_ZERO).gamma)
    assert found["gamma"] != data(capsys, "predict")["gamma"]
    line = next(line for line in told(capsys, "predict", "--query", "zero").splitlines() if "spurious" in line)
    assert line.split() == ["spurious", "accuracy", "-"]


SETTING_ZERO = Setting(kernel=Kernel.RF, activation=RELU, d=40, d_y=16, n=30, query=Query.ZERO)


def test_the_table_is_followed_by_the_regime_and_by_what_the_law_is(capsys):
    lines = told(capsys, "predict").splitlines()
    law = predict(SETTING)
    assert lines[0] == str(SETTING)
    assert any(line.split() == ["mean", "alignment", "gamma", f"{law.gamma:.5f}"] for line in lines)
    assert any(line.split()[:1] == ["1"] and line.endswith("half learned") for line in lines)
    assert lines[-1] == HEURISTIC
    assert "no theorem of the paper" in HEURISTIC


@pytest.fixture
def archive(tmp_path):
    rng = np.random.default_rng(5)
    path = tmp_path / "data.npz"
    x, y = rng.standard_normal((80, 24)), rng.standard_normal((80, 16))
    np.savez(path, x=x, y=y, g=np.sign(x[:, 0]))
    return str(path)


def test_real_data_are_read_off_a_pool(capsys, archive):
    found = data(capsys, "predict", "--data", archive, "--pool", "50", "--seed", "3")
    at = Setting(kernel=Kernel.RF, activation=RELU, d=40, d_y=16, n=30, data=archive)
    (point,) = pool_law(at, [30], pool=50, seed=3)
    assert (found["gamma"], found["gamma_se"]) == (point.gamma, point.gamma_se)
    assert found["effective_ridge"] == point.effective_ridge
    assert found["pool"] == {"samples": 50, "ridge": point.ridge}
    assert [found[key] for key in MEASURED[1:]] == [None] * 4
    assert found["gamma"] != data(capsys, "predict", "--data", archive, "--pool", "50", "--seed", "4")["gamma"]


def test_the_error_of_a_pool_is_said_with_its_meaning(capsys, archive):
    split = told(capsys, "predict", "--data", archive, "--pool", "50")
    assert "random splits of these data" in split
    assert "never seen" in split
    drawn = told(capsys, "predict", "--data", "gaussian", "--pool", "50")
    assert "independent pools" in drawn
    assert "never seen" not in drawn
    assert split.splitlines()[-1] == drawn.splitlines()[-1] == HEURISTIC


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--pool", "50"], "needs none"),
        (["--data", "digits"], "needs --pool"),
        (["--data", "gaussian"], "needs --pool"),
        (["--data", "gaussian", "--pool", "30"], "N = 30 is not between 1 and 29"),
        (["--data", "nowhere", "--pool", "50"], "'nowhere' is none of"),
        (["--data", "nowhere.npz", "--pool", "50"], "no such file"),
        (["--depth", "2"], "one layer of features"),
        (["--width", "20"], "do not exceed N = 30"),
        (["--alpha", "1/7"], "not a whole number"),
        (["--n", "0"], "is not a whole number from 1 on"),
    ],
)
def test_what_cannot_be_predicted_is_refused_in_one_line(capsys, more, words):
    assert main(["predict", *SIZE, *more]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert words in err
