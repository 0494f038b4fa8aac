"""`gammaphi figures`: the paper's synthetic figures at its own size, and beside samples at a smaller one."""

import json
import math
import re
from dataclasses import fields

import pytest
from scipy import stats

from numerics.measurement import Measurement
from numerics.prediction import predict
from reports import paper_figures
from reports.command_line import main
from reports.envelope import provenance
from reports.paper_figures import FULL, REDUCED, Size, page, plates
from reports.render_html import render
from theory.activations import PHI2, PHI4, RELU, TANGENT_PHI2, TANGENT_PHI4
from theory.setting import Kernel, Setting

from .test_report import FETCHING, Page

ORIGIN = provenance(["figures"], 0)
TINY = Size(d=40, random=800, tangent=40, samples=(30, 60, 100), few=30, shares=(10, 20), sampled=(30, 60))


@pytest.fixture(scope="module")
def drawn():
    return plates(sampled=False, seed=0)


def curve(plate, title, label):
    (picture,) = (p for p in plate.pictures if p.title == title)
    (found,) = (c for c in picture.curves if c.label == label)
    return found


def test_there_are_the_three_figures(drawn):
    assert [plate.title.split(":")[0] for plate in drawn] == ["Figure 2", "Figure 6", "Figure 7"]
    assert [len(plate.pictures) for plate in drawn] == [6, 6, 3]
    assert "d = 1000, 100000 neurons (RF)" in drawn[0].words
    assert "100 neurons (NTK)" in drawn[1].words
    assert (FULL.samples[0], FULL.samples[-1], FULL.few) == (10, 10**4, 200)


SAMPLED_BY_THE_PAPER = [
    (0, "phi_2", Setting(kernel=Kernel.RF, activation=PHI2, d=1000, d_y=250, n=1000, width=100_000)),
    (0, "phi_4", Setting(kernel=Kernel.RF, activation=PHI4, d=1000, d_y=250, n=1000, width=100_000)),
    (1, "phi_2", Setting(kernel=Kernel.NTK, activation=TANGENT_PHI2, d=1000, d_y=250, n=1000, width=100)),
    (1, "phi_4", Setting(kernel=Kernel.NTK, activation=TANGENT_PHI4, d=1000, d_y=250, n=1000, width=100)),
]


@pytest.mark.parametrize(("figure", "label", "at"), SAMPLED_BY_THE_PAPER)
def test_a_curve_is_the_law_at_the_sizes_of_the_paper(drawn, figure, label, at):
    law = predict(at).to_dict()
    for title, key in (
        ("Test accuracy", "test_accuracy"),
        ("Spurious accuracy", "spurious_accuracy"),
        ("Gamma", "gamma"),
    ):
        found = curve(drawn[figure], f"{title}, alpha = 1/4", label)
        # cut-offs are chosen for all N or for this N alone: each leaves 1e-11 of the balance
        assert dict(zip(found.x, found.y, strict=True))[1000] == pytest.approx(law[key], rel=1e-9)


@pytest.mark.parametrize("figure", [0, 1])
@pytest.mark.parametrize("alpha", ["1/4", "1/2"])
def test_the_findings_of_the_paper_are_seen(drawn, figure, alpha):
    """More samples memorise less, and so do higher degrees; a larger spurious share memorises more (Figures 2, 6)."""
    low, high = (curve(drawn[figure], f"Spurious accuracy, alpha = {alpha}", label).y for label in ("phi_2", "phi_4"))
    assert list(low) == sorted(low, reverse=True)
    assert all(a > b for a, b in zip(low, high, strict=True))
    few = curve(drawn[figure], "Spurious accuracy, alpha = 1/4", "phi_2").y
    more = curve(drawn[figure], "Spurious accuracy, alpha = 1/2", "phi_2").y
    assert all(a < b for a, b in zip(few, more, strict=True))
    learned = curve(drawn[figure], f"Test accuracy, alpha = {alpha}", "phi_2").y
    assert list(learned) == sorted(learned)


def test_figure_7_goes_along_alpha(drawn):
    found = curve(drawn[2], "Spurious accuracy, N = 200", "RF")
    assert found.x == pytest.approx([share / 1000 for share in range(50, 1000, 50)])
    assert list(found.y) == sorted(found.y)
    at = Setting(kernel=Kernel.RF, activation=RELU, d=1000, d_y=300, n=200, width=100_000)
    assert found.y[5] == pytest.approx(predict(at).spurious_accuracy, rel=1e-12)


@pytest.mark.parametrize(
    ("figure", "label", "phi_2", "phi_4"),
    [(0, "bound of Theorem 5.4", 1 / 32, 1 / 512), (1, "Theorem 6.3", 1 / 16, 1 / 256)],
)
def test_what_the_paper_states_is_drawn_beside(drawn, figure, label, phi_2, phi_4):
    """By hand at alpha = 1/4: `alpha^2 / 2`, `alpha^4 / 2` of h1 + h2, h1 + h4; `alpha alpha`, `alpha alpha^3`."""
    for name, value in (("phi_2", phi_2), ("phi_4", phi_4)):
        stated = curve(drawn[figure], "Gamma, alpha = 1/4", f"{name}, {label}")
        assert stated.role == "paper"
        assert stated.y == pytest.approx([value] * len(stated.x))


def test_the_page_stands_alone_and_is_the_same_twice(drawn):
    html = render(page(drawn, provenance=ORIGIN))
    assert html == render(page(drawn, provenance=ORIGIN))
    parsed = Page(html)
    assert html.count("<svg") == 15
    assert not parsed.tags & FETCHING
    assert not re.search(r"@import|url\((?!#)|src=", html)
    assert len(parsed.ids) == len(set(parsed.ids))
    said = "".join(parsed.words)
    assert "no theorem of the paper" in said
    assert "phi_2 (ours)" in said


def test_the_command_writes_the_page_and_the_numbers(capsys, tmp_path, monkeypatch, drawn):
    monkeypatch.setattr(paper_figures, "plates", lambda **_: drawn)
    assert main(["figures", "--report", str(tmp_path / "out"), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "gammaphi/figures/1"
    assert json.loads((tmp_path / "out" / "report.json").read_text()) == document
    first = document["data"]["figures"][0]["pictures"][0]["curves"][0]
    assert (first["label"], first["role"], len(first["x"])) == ("phi_2", "law", len(FULL.samples))
    assert main(["figures", "--report", str(tmp_path / "out")]) == 0
    assert str(tmp_path / "out" / "report.html") in capsys.readouterr().out


@pytest.mark.parametrize("argv", [["figures"], ["figures", "--report", "{}/file"], ["figures", "--seed", "x"]])
def test_bad_input_is_one_line_before_anything_is_drawn(capsys, tmp_path, monkeypatch, argv):
    (tmp_path / "file").write_text("")
    asked = []
    monkeypatch.setattr(paper_figures, "plates", lambda **how: asked.append(how))
    assert main([word.format(tmp_path) for word in argv]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n"), asked) == ("", 1, [])


def test_samples_are_asked_for_only_where_they_are_wanted(monkeypatch):
    numbers = {field.name: 0.5 for field in fields(Measurement)} | {"trials": 10, "gamma_se": 0.02}
    asked, seen = [], []

    def measured(setting, *, trials, seed):
        asked.append((setting, trials, seed))
        return Measurement(**numbers)

    monkeypatch.setattr(paper_figures, "measure", measured)
    plates(sampled=False, seed=7)
    assert asked == []
    drawn = plates(sampled=True, seed=7, progress=seen.append)
    assert len(asked) == len(seen) == 2 * 4 * len(REDUCED.sampled) + 2 * len(REDUCED.shares)
    assert {(s.d, trials, seed) for s, trials, seed in asked} == {(100, 10, 7)}
    assert all(s.parameters >= 4 * s.n for s, _, _ in asked)
    band = curve(drawn[3], "Gamma, alpha = 1/2", "phi_4, sampled")
    assert band.x == REDUCED.sampled
    assert band.role == "spread"
    assert band.error == pytest.approx([0.02 * math.sqrt(10)] * len(band.x))
    assert curve(drawn[3], "Gamma, alpha = 1/2", "phi_4").x == tuple(map(float, REDUCED.samples))
    assert render(page(drawn, provenance=ORIGIN)).count("± one standard deviation") >= 2


def test_samples_lie_about_the_law_and_not_about_the_other_one(monkeypatch):
    """p-values of t with nine degrees of freedom, over the eight points of Figure 2: a false alarm in a thousand."""
    monkeypatch.setattr(paper_figures, "REDUCED", TINY)
    drawn = plates(sampled=True, seed=0)[3]

    def least(law):
        found = []
        for alpha in ("1/4", "1/2"):
            for name in ("phi_2", "phi_4"):
                band = curve(drawn, f"Gamma, alpha = {alpha}", f"{name}, sampled")
                line = curve(drawn, f"Gamma, alpha = {alpha}", law(name))
                values = dict(zip(line.x, line.y, strict=True))
                found += [
                    2 * stats.t.sf(abs(y - values[x]) / (error / math.sqrt(10)), 9)
                    for x, y, error in zip(band.x, band.y, band.error, strict=True)
                ]
        assert len(found) == 8
        return 8 * min(found)

    assert least(lambda name: name) > 1e-3
    assert least({"phi_2": "phi_4", "phi_4": "phi_2"}.get) < 1e-3
