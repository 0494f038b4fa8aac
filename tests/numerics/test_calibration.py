"""The campaign `calibration` in small, on Gaussian numbers in the place of trials; and what it must not let pass."""

import numpy as np
import pytest
from scipy import integrate, special

from numerics import confidence, experiment
from numerics.randomness import stream
from tests.campaigns import calibration, calibration_cases, calibration_looks, calibration_power, calibration_rates
from tests.campaigns.calibration_cases import HARSH, ONE, RANDOM, TANGENT, N, Source
from tests.campaigns.calibration_rates import Rate
from theory.claim import Test

SMALL = calibration.Size(seeds=40, reference=600, tries=1000, pilots=200, powered=40)
FEW = (
    ((RANDOM,), "alignment", Test.EQUAL, ((48, N),)),
    ((RANDOM,), "alignment", Test.AT_LEAST, ((48, N),)),
    ((RANDOM,), "alignment", Test.AT_MOST, ((48, N),)),
    (ONE, "alignment", Test.LIMIT, ((32, N),)),
)


def gaussian(source, seeds):
    """Return numbers about the true means, where the campaign draws trials."""
    rng = stream(next(iter(seeds)), cell=str(source.setting), trial=0)
    mean = calibration_cases.one_sample(source.setting) if source.setting in ONE else 0.0
    spread = source.setting.d**-0.5
    return {(source.setting, name): rng.normal(mean, spread, (len(seeds), source.trials)) for name in source.names}


@pytest.fixture
def small(monkeypatch):
    """Return what counts a few statements on Gaussian numbers."""
    monkeypatch.setattr(calibration, "drawn", gaussian)
    monkeypatch.setattr(calibration_cases, "drawn", gaussian)
    monkeypatch.setattr(calibration_cases, "CATALOGUE", FEW)
    monkeypatch.setattr(calibration_cases, "HARSH", HARSH[1:2])
    monkeypatch.setattr(calibration_power, "EFFECTS", (0.0, 1.0))
    monkeypatch.setattr(calibration_looks, "WANTED", ())
    return lambda: calibration.campaign(calibration.count(SMALL))


def missed(found):
    return {figure.what.split(":")[0].split(",")[0] for figure in found.figures if not figure.met}


def test_gaussian_trials_meet_every_figure(small):
    found = small()
    assert missed(found) == set()
    assert len(found.listings[0].rows) == len(FEW) + 2
    assert len(found.pictures) == 1 + len(FEW)


def _with_error(change):
    """Return `mean_test` with another standard error."""

    def spoilt(values, *, value, side, false_alarm, resolution):
        error = change(np.std(values, ddof=1), len(values))
        return confidence._decide(
            float(np.mean(values)),
            float(error),
            dof=len(values) - 1.0,
            value=value,
            side=side,
            false_alarm=false_alarm,
            resolution=resolution,
        )

    return spoilt


REFUSED_TOO_OFTEN = "statements refuted too often"
UNSEEN = "off by the resolution and refuted"


@pytest.mark.parametrize(
    ("name", "change", "seen"),
    [
        ("the spread in place of the error", lambda s, n: s + 0 * n, UNSEEN),
        ("samples counted as units", lambda s, n: s / (n * RANDOM.n) ** 0.5, REFUSED_TOO_OFTEN),
        ("half as large", lambda s, n: 0.5 * s / n**0.5, REFUSED_TOO_OFTEN),
    ],
)
def test_a_wrong_standard_error_is_seen(small, monkeypatch, name, change, seen):
    monkeypatch.setattr(experiment, "mean_test", _with_error(change))
    assert seen in missed(small()), name


def test_the_honest_standard_error_in_the_same_place_is_not_refused(small, monkeypatch):
    monkeypatch.setattr(experiment, "mean_test", _with_error(lambda s, n: s / n**0.5))
    assert missed(small()) == set()


def test_swapped_sides_are_seen(small, monkeypatch):
    sides = experiment.SIDES
    swapped = sides | {Test.AT_LEAST: sides[Test.AT_MOST], Test.AT_MOST: sides[Test.AT_LEAST]}
    monkeypatch.setattr(experiment, "SIDES", swapped)
    assert UNSEEN in missed(small())


def test_an_intercept_that_forgets_its_error_is_seen(small, monkeypatch):
    honest = experiment.limit_test

    def spoilt(cells, **rule):
        return honest([np.mean(cell) + 0.5 * (np.asarray(cell) - np.mean(cell)) for cell in cells], **rule)

    monkeypatch.setattr(experiment, "limit_test", spoilt)
    assert REFUSED_TOO_OFTEN in missed(small())


def test_a_pilot_is_looked_at_and_a_rule_that_is_wrong_is_seen(monkeypatch):
    monkeypatch.setattr(calibration_looks, "WANTED", (2.0,))  # a pilot of eight, and next to never more
    (honest,) = calibration_looks.pilots(300, 5)
    tail = calibration_looks.comparison.stats.t.sf
    monkeypatch.setattr(calibration_looks.comparison.stats.t, "sf", lambda z, dof: tail(2 * z, dof))
    (wrong,) = calibration_looks.pilots(300, 5)
    assert honest.met
    assert not wrong.met


def test_levels_left_out_would_have_held(small, monkeypatch):  # noqa: ARG001 - for what it replaces
    seeds = range(100, 140)
    table = gaussian(Source(setting=RANDOM, trials=60), seeds) | gaussian(Source(setting=ONE[0], trials=32), seeds)
    table |= {
        key: value for setting in ONE[1:] for key, value in gaussian(Source(setting=setting, trials=32), seeds).items()
    }
    known = {key: calibration_cases.Reference(mean=float(np.mean(v)), trials=0) for key, v in table.items()}
    look = calibration_cases.looked_up(table, seeds)
    for case in calibration_cases.cases(known):
        every = [[calibration_rates.refuted(case, s, level, look) for s in seeds] for level in calibration_rates.LEVELS]
        assert (calibration_rates.alarms(case, seeds, look) == np.array(every)).all()


@pytest.mark.parametrize("setting", ONE, ids=str)
def test_the_mean_of_one_sample_is_that_of_quadrature(setting):
    d_x, alpha = setting.d - setting.d_y, float(setting.alpha)

    def weighted(t):
        rho = alpha + (1 - alpha) * t
        return (rho + rho**2) / 2 * (1 - t**2) ** ((d_x - 3) / 2) / special.beta(0.5, (d_x - 1) / 2)

    assert np.isclose(integrate.quad(weighted, -1, 1)[0], calibration_cases.one_sample(setting), rtol=1e-10)


@pytest.mark.parametrize("setting", [ONE[0], RANDOM, TANGENT], ids=str)
def test_what_is_drawn_is_what_a_claim_observes(setting):
    names = ("alignment", "alignment spread")  # they do not depend on the number of test points
    table = calibration_cases.drawn(Source(setting=setting, trials=2, names=names), [7])
    look = calibration_cases.looked_up(table, [7])
    for name in names:
        for trial in range(2):
            assert np.isclose(look(setting, name, 7, trial), experiment.observe(setting, name, 7, trial), rtol=1e-9)


def test_an_interval_is_that_of_clopper_and_pearson():
    low, high = Rate(alarms=0, tries=2000).interval
    assert low == 0
    assert np.isclose(high, 1 - 0.025 ** (1 / 2000))  # what leaves no alarm in 2000 a chance of .025


def test_resampling_finds_a_skewed_tail(small):  # noqa: ARG001 - for what it replaces
    known = {(s, "alignment"): calibration_cases.Reference(mean=0.0, trials=0) for s in (RANDOM, *ONE)}
    case = next(c for c in calibration_cases.cases(known) if c.prediction.test is Test.AT_LEAST)
    skewed = {(RANDOM, "alignment"): np.random.default_rng(3).exponential(size=(100, 60))}
    rates = calibration_rates.resampled(case, skewed, tries=4000, seed=1)
    assert rates[1].interval[0] > calibration_rates.LEVELS[1]


def test_too_few_seeds_are_refused(capsys):
    with pytest.raises(SystemExit):
        calibration.main(["--seeds", "3"])
    assert "at least 20" in capsys.readouterr().err
