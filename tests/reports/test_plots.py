"""What a notebook shows: pictures with the right numbers in them, tables in which no text becomes markup."""

import sys
from dataclasses import replace
from fractions import Fraction

import matplotlib as mpl
import pytest
import sympy as sp

from numerics import Engine, PoolPoint, measure, predict
from reports import plot
from theory import Kernel, Setting, activation, derive
from theory.display import table
from theory.portrait import laws


@pytest.fixture(autouse=True)
def no_window():
    """Draw without a screen, and leave no figure open."""
    mpl.use("agg")
    yield
    from matplotlib import pyplot as plt

    plt.close("all")


@pytest.fixture(scope="module")
def drawn():
    return derive(activation("relu"), at=[Fraction(1, 4)], digits=10)


@pytest.fixture
def setting():
    return Setting(kernel=Kernel.RF, activation=activation("relu"), d=10, d_y=5, n=8)


def lines(ax):
    """Return the curves of a picture by their labels."""
    return {container.get_label(): container.lines[0].get_xydata() for container in ax.containers}


def test_the_picture_of_a_portrait_holds_its_gammas(drawn):
    curves = lines(plot(drawn))
    assert set(curves) == {key for key, law in laws(drawn.activation).items() if law is not None}
    at = dict(curves["gamma_ntk"])
    assert at[0.25] == pytest.approx(float(drawn.at[Fraction(1, 4)]["gamma_ntk"].value), abs=1e-9)


def test_the_picture_of_an_activation_is_its_graph():
    ((label, curve),) = lines(plot(activation("relu"))).items()
    assert label == "relu"
    assert curve[:, 1] == pytest.approx(curve[:, 0].clip(min=0))
    constant = replace(activation("relu"), name="one", expr=sp.Integer(1))
    assert set(lines(plot(constant))["one"][:, 1]) == {1}


def test_the_picture_of_a_pool_has_its_points():
    points = [PoolPoint(n=n, gamma=0.1 * n, gamma_se=0.01, effective_ridge=1, ridge=1) for n in (1, 2)]
    ((_, curve),) = lines(plot(points)).items()
    assert curve.ravel() == pytest.approx([1, 0.1, 2, 0.2])


def test_the_picture_of_a_judgement_is_that_of_its_evidence(sampled):
    assert "Theorem 6.3" in lines(plot(sampled))


def test_a_picture_goes_into_the_axes_that_are_given(drawn):
    from matplotlib import pyplot as plt

    ax = plt.subplots()[1]
    assert plot(drawn, ax=ax) is ax
    assert ax.get_xlabel() == "alpha = d_y / d"


def test_what_has_no_picture_is_refused(exact):
    for shown, line in (
        (1, "a int has no picture; an Activation, a Portrait"),
        ([], "a list of other things than PoolPoints"),
        (exact, "erf_dual: every check was of formulas, and has no picture"),
        (exact.evidence[0], "a first check: this check was of formulas"),
    ):
        with pytest.raises(ValueError, match=line):
            plot(shown)


def test_without_matplotlib_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ValueError, match=r'^a plot needs matplotlib: pip install "gammaphi\[report\]"$'):
        plot(activation("relu"))


def test_a_portrait_is_a_table_and_a_dictionary(drawn):
    shown = drawn._repr_html_()
    assert "<td>$\\frac{1}{2}$</td><td>0.5000000000</td><td>ENCLOSED</td>" in shown
    quantities = drawn.to_dict()["quantities"]
    assert quantities["gamma_ntk at 1/4"]["value"] == drawn.at[Fraction(1, 4)]["gamma_ntk"].value
    assert quantities["mu_1"] == {"closed_form": "1/2", "value": "0.5000000000", "radius": "0", "verdict": "ENCLOSED"}


def test_an_activation_is_a_formula():
    assert activation("square")._repr_latex_() == r"$\phi(x) = x^{2}$"
    assert activation("square").to_dict() == {"name": "square", "expression": "x**2", "remark": ""}


def test_no_text_of_a_table_becomes_markup(hostile, drawn):
    named = replace(drawn, activation=replace(drawn.activation, name="<script>"))
    for shown in (hostile._repr_html_(), named._repr_html_(), table("<b>", ["<i>"], [["<u>"]])):
        assert "<script" not in shown
        assert "&lt;" in shown
    assert [tag for tag in ("<b>", "<i>", "<u>") if tag in table("<b>", ["<i>"], [["<u>"]])] == []


def test_a_judgement_tells_its_twins(exact, survivor):
    assert "wrong twin: 98/97 of the right side</td><td>refused" in exact._repr_html_()
    assert "NOT REFUSED" in survivor._repr_html_()
    assert [twin["killed"] for twin in survivor.to_dict()["twins"]] == [False, False]


def test_a_prediction_and_a_measurement_are_tables(setting):
    expected, found = predict(setting), measure(setting, trials=2, seed=0, tests=10, engine=Engine())
    assert f"<td>gamma</td><td>{expected.gamma:.4f}</td>" in expected._repr_html_()
    assert f"<td>gamma</td><td>{found.gamma:.4f}</td><td>{found.gamma_se:.4f}</td>" in found._repr_html_()
