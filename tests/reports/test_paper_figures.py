"""The paper's figures: the law at the paper's size, and beside it what a ledger holds."""

import math
import re
from dataclasses import replace

import pytest
from scipy import stats

from numerics import ledger
from numerics.prediction import predict
from numerics.sweep import Outcome
from numerics.sweep_run import run_sweep
from reports import shipped
from reports.envelope import provenance
from reports.outline import outline
from reports.paper_figures import of_law, of_ledger, page
from reports.render_html import render
from reports.shipped import Experiment
from theory.activations import PHI2, PHI4, RELU, TANGENT_PHI2, TANGENT_PHI4
from theory.setting import Kernel, Setting

from .test_report import FETCHING, Page

TINY = """
trials = 10
[[grid]]
kernel = "rf"
activation = ["h1+h2", "h1+h4"]
d = 40
n = [30, 60]
width = 800
alpha = ["1/4", "1/2"]
"""


@pytest.fixture(scope="module")
def drawn():
    return [of_law(experiment, seed=0) for experiment in shipped.synthetic(full=True)]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """Return a figure of a sweep that takes a second, the ledger of that sweep, and its file."""
    folder = tmp_path_factory.mktemp("tiny")
    for name in ("tiny", "tiny-full"):
        (folder / f"{name}.toml").write_text(TINY.replace("d = 40", "d = 400") if "full" in name else TINY)
    before, shipped.FOLDER = shipped.FOLDER, folder
    try:
        experiment = Experiment(title="Figure 0", name="tiny", paper="tiny-full")
        run_sweep(experiment.sweep(seed=0), folder / "tiny.db")
        contents = ledger.read(folder / "tiny.db")
        yield of_ledger(experiment, contents), contents, experiment
    finally:
        shipped.FOLDER = before


def curve(plate, title, label):
    (picture,) = (p for p in plate.pictures if p.title == title)
    (found,) = (c for c in picture.curves if c.label == label)
    return found


def html(plates):
    return render(outline(page(plates, provenance=provenance(["figures"], 0))))


def test_there_are_the_three_figures(drawn):
    assert [plate.title.split(":")[0] for plate in drawn] == [f"The paper's Figure {number}" for number in (2, 6, 7)]
    assert [len(plate.pictures) for plate in drawn] == [6, 6, 3]
    assert "d = 1000, 100000 neurons (RF)." in drawn[0].words
    assert "100 neurons (NTK)" in drawn[1].words
    assert all(plate.found == () for plate in drawn)
    assert {plate.differs for plate in drawn} == {
        ("data: x and y uniform on spheres, where the paper has Gaussian",),
    }


SAMPLED_BY_THE_PAPER = [
    (0, "h1+h2", Setting(kernel=Kernel.RF, activation=PHI2, d=1000, d_y=250, n=1000, width=100_000)),
    (0, "h1+h4", Setting(kernel=Kernel.RF, activation=PHI4, d=1000, d_y=250, n=1000, width=100_000)),
    (1, "ntk_phi2", Setting(kernel=Kernel.NTK, activation=TANGENT_PHI2, d=1000, d_y=250, n=1000, width=100)),
    (1, "ntk_phi4", Setting(kernel=Kernel.NTK, activation=TANGENT_PHI4, d=1000, d_y=250, n=1000, width=100)),
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
        assert (found.x[0], found.x[-1], len(found.x)) == (10, 10**4, 31)
        # cut-offs are chosen for all N or for this N alone: each leaves 1e-11 of the balance
        assert dict(zip(found.x, found.y, strict=True))[1000] == pytest.approx(law[key], rel=1e-9)


@pytest.mark.parametrize("figure", [0, 1])
@pytest.mark.parametrize("alpha", ["1/4", "1/2"])
def test_the_findings_of_the_paper_are_seen(drawn, figure, alpha):
    """More samples memorise less, and so do higher degrees; a larger spurious share memorises more (Figures 2, 6)."""
    names = ("h1+h2", "h1+h4") if figure == 0 else ("ntk_phi2", "ntk_phi4")
    low, high = (curve(drawn[figure], f"Spurious accuracy, alpha = {alpha}", label).y for label in names)
    assert list(low) == sorted(low, reverse=True)
    assert all(a > b for a, b in zip(low, high, strict=True))
    few = curve(drawn[figure], "Spurious accuracy, alpha = 1/4", names[0]).y
    more = curve(drawn[figure], "Spurious accuracy, alpha = 1/2", names[0]).y
    assert all(a < b for a, b in zip(few, more, strict=True))
    learned = curve(drawn[figure], f"Test accuracy, alpha = {alpha}", names[0]).y
    assert list(learned) == sorted(learned)


def test_figure_7_goes_along_alpha(drawn):
    found = curve(drawn[2], "Spurious accuracy, N = 200", "RF")
    assert found.x == pytest.approx([share / 1000 for share in range(50, 1000, 50)])
    assert list(found.y) == sorted(found.y)
    at = Setting(kernel=Kernel.RF, activation=RELU, d=1000, d_y=300, n=200, width=100_000)
    assert found.y[5] == pytest.approx(predict(at).spurious_accuracy, rel=1e-12)


@pytest.mark.parametrize(
    ("figure", "label", "names", "values"),
    [
        (0, "bound of Theorem 5.4", ("h1+h2", "h1+h4"), (1 / 32, 1 / 512)),
        (1, "Theorem 6.3", ("ntk_phi2", "ntk_phi4"), (1 / 16, 1 / 256)),
    ],
)
def test_what_the_paper_states_is_drawn_beside(drawn, figure, label, names, values):
    """By hand at alpha = 1/4: `alpha^2 / 2`, `alpha^4 / 2` of h1 + h2, h1 + h4; `alpha alpha`, `alpha alpha^3`."""
    for name, value in zip(names, values, strict=True):
        stated = curve(drawn[figure], "Gamma, alpha = 1/4", f"{name}, {label}")
        assert stated.role == "paper"
        assert (stated.x[0], stated.x[-1]) == (10, 10**4)
        assert stated.y == pytest.approx([value] * len(stated.x))


def test_the_page_stands_alone_and_is_the_same_twice(drawn):
    text = html(drawn)
    assert text == html(drawn)
    parsed = Page(text)
    assert text.count("<svg") == 15
    assert not parsed.tags & FETCHING
    assert not re.search(r"@import|url\((?!#)|src=", text)
    assert len(parsed.ids) == len(set(parsed.ids))
    said = "".join(parsed.words)
    assert "no theorem of the paper" in said
    assert "h1+h2 (ours)" in said


def test_a_plate_has_the_law_the_points_and_their_band(tiny):
    plate, contents, _ = tiny
    law = curve(plate, "Gamma, alpha = 1/2", "h1+h4")
    assert (law.role, law.x) == ("law", (30, 32, 42, 56, 60))  # the points, and the eighths of a decade between them
    band = curve(plate, "Gamma, alpha = 1/2", "h1+h4, sampled")
    (place,) = (i for i, cell in enumerate(contents.sweep.cells) if cell[1:6:4] == ("h1+h4", 60) and cell.d_y == 20)
    values = [one.numbers["alignment"] for one in contents.outcomes if one.place == place]
    assert (band.role, band.x, len(values)) == ("spread", (30, 60), 10)
    assert (band.y[1], band.error[1]) == pytest.approx((stats.tmean(values), stats.tstd(values)))
    assert curve(plate, "Gamma, alpha = 1/2", "h1+h4, bound of Theorem 5.4").y == pytest.approx([1 / 32] * 2)
    assert len(plate.pictures) == 6
    text = html([plate])
    assert text.count("fill-opacity: 0.1") == 12  # two bands in each picture
    assert "(± one standard deviation)" in text


def test_a_plate_says_what_is_not_as_in_the_paper_and_how_near_the_law_is(tiny):
    plate, *_ = tiny
    assert plate.differs == (
        "dimensions: d = 40, where the paper has d = 400",
        "N: 30 to 60, where the paper has 10 to 10000",
    )
    assert re.match(
        r"Of 24 sampled points the law lies within one standard deviation of a trial at \d\d, ", plate.found[0]
    )
    words = "".join(Page(html([plate])).words)
    assert all(line in words for line in (*plate.differs, *plate.found, plate.words))


def spoilt(contents, *, shift):
    """Return the contents of a ledger whose alignments at N = 60 are another's."""
    outcomes = tuple(
        one._replace(numbers=one.numbers | {"alignment": one.numbers["alignment"] + shift})
        if contents.sweep.cells[one.place].n == 60
        else one
        for one in contents.outcomes
    )
    return replace(contents, outcomes=outcomes)


def test_a_point_far_from_the_law_is_named(tiny):
    plate, contents, experiment = tiny
    assert len(plate.found) == 1
    found = of_ledger(experiment, spoilt(contents, shift=0.1)).found
    assert found[0].endswith("within 4 standard errors of the mean at 20.")
    assert len(found) == 5
    assert all(line.startswith("outside: gamma of RF h1+h") and "N = 60" in line for line in found[1:])


def test_trials_that_failed_leave_no_point(tiny):
    _, contents, experiment = tiny
    broken = tuple(
        Outcome(one.place, one.trial, None, "singular") if one.place == 0 else one for one in contents.outcomes
    )
    plate = of_ledger(experiment, replace(contents, outcomes=broken))
    assert contents.sweep.cells[0][1:6:4] == ("h1+h2", 30)
    assert curve(plate, "Gamma, alpha = 1/4", "h1+h2, sampled").x == (60,)
    assert plate.found[0].startswith("Of 21 sampled points")


def test_samples_lie_about_the_law_and_not_about_the_other_one(tiny):
    """p-values of t with nine degrees of freedom, over the eight points of gamma: a false alarm in a thousand."""
    plate, *_ = tiny

    def least(law):
        found = []
        for alpha in ("1/4", "1/2"):
            for name in ("h1+h2", "h1+h4"):
                band = curve(plate, f"Gamma, alpha = {alpha}", f"{name}, sampled")
                line = curve(plate, f"Gamma, alpha = {alpha}", law(name))
                values = dict(zip(line.x, line.y, strict=True))
                found += [
                    2 * stats.t.sf(abs(y - values[x]) / (error / math.sqrt(10)), 9)
                    for x, y, error in zip(band.x, band.y, band.error, strict=True)
                ]
        assert len(found) == 8
        return 8 * min(found)

    assert least(lambda name: name) > 1e-3
    assert least({"h1+h2": "h1+h4", "h1+h4": "h1+h2"}.get) < 1e-3
