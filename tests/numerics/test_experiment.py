from dataclasses import replace

import numpy as np
import pytest

from numerics import experiment
from numerics.experiment import Effort, examine, observe
from numerics.trials import run_trial
from theory.claim import Prediction, Test
from theory.evidence import Verdict

RULE = {"seed": 3, "effort": Effort.NORMAL, "false_alarm": 1e-3}


def _noise(setting, _name, seed, trial):
    """A measurement that is 1/2 + 1/N up to noise of .01, whatever is asked for."""
    return np.random.default_rng([setting.n, seed, trial]).normal(0.5 + 1 / setting.n, 0.01)


def _prediction(small, **changes):
    given = {
        "about": "the mean is 1/2 + 1/N",
        "observable": "alignment",
        "test": Test.EQUAL,
        "settings": (small(n=40), small(n=10), small(n=20)),
        "value": lambda setting: 0.5 + 1 / setting.n,
        "resolution": 0.02,
        "trials": 40,
    }
    return Prediction(**given | changes)


def test_a_right_prediction_is_sampled_and_drawn(small):
    found = examine(_prediction(small, beside=(("limit", "paper", lambda _: 0.5),)), observe=_noise, **RULE)
    assert found.verdict is Verdict.SAMPLED
    assert found.points == 120
    sampled, law, limit = found.picture.curves
    assert sampled.x == law.x == (1.0, 2.0, 4.0)
    assert law.y == (0.6, 0.55, 0.525)
    assert np.abs(np.array(sampled.y) - law.y).max() < 4 * max(sampled.error)
    assert limit.role == "paper"


@pytest.mark.parametrize(
    "changes",
    [
        {"value": lambda _: 0.6},
        {"test": Test.AT_LEAST, "value": lambda _: 0.55},
        {"test": Test.AT_MOST, "value": lambda _: 0.55},
        {"test": Test.IDENTITY, "value": lambda _: 0.55},
        {"test": Test.LIMIT, "size": lambda s: s.n, "value": lambda _: 0.55},
    ],
)
def test_a_wrong_prediction_is_refuted(small, changes):
    assert examine(_prediction(small, **changes), observe=_noise, **RULE).verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    "changes",
    [
        {"test": Test.AT_LEAST, "value": lambda _: 0.5},
        {"test": Test.AT_MOST, "value": lambda _: 0.65},
        {"test": Test.LIMIT, "size": lambda s: s.n, "value": lambda _: 0.5},
    ],
)
def test_a_right_bound_or_limit_is_sampled(small, changes):
    assert examine(_prediction(small, **changes), observe=_noise, **RULE).verdict is Verdict.SAMPLED


def test_a_limit_that_is_not_one_value_is_refused(small):
    with pytest.raises(ValueError, match="a limit is one value"):
        examine(_prediction(small, test=Test.LIMIT), observe=_noise, **RULE)


@pytest.mark.parametrize(("effort", "trials"), [(Effort.QUICK, 10), (Effort.NORMAL, 40), (Effort.FULL, 160)])
def test_effort_is_stated(small, effort, trials):
    found = examine(_prediction(small), observe=_noise, **RULE | {"effort": effort})
    assert found.points == 3 * trials
    assert f"{trials} trials where 40 are asked for" in found.method
    assert Effort.QUICK.trials(8) == 6
    assert Effort.QUICK.trials(3) == 3


def test_progress_counts_every_trial(small):
    seen = []
    examine(_prediction(small), observe=_noise, progress=lambda done, total: seen.append((done, total)), **RULE)
    assert seen == [(i + 1, 120) for i in range(120)]


def test_a_trial_is_run_once_for_all_who_ask(small, monkeypatch):
    runs = []
    run_trial = experiment.run_trial
    monkeypatch.setattr(experiment, "run_trial", lambda *a, **k: runs.append(1) or run_trial(*a, **k))
    experiment._cheap.cache_clear()
    for observable in ("alignment", "test accuracy", "alignment"):
        examine(_prediction(small, observable=observable, settings=(small(),), trials=4), **RULE)
    assert len(runs) == 4


def test_real_trials_refute_the_printed_lemma(small):
    both = [
        examine(
            _prediction(
                small, observable=name, test=Test.IDENTITY, value=lambda _: 1e-8, settings=(small(),), trials=2
            ),
            **RULE,
        ).verdict
        for name in ("lemma error", "lemma error as printed")
    ]
    assert both == [Verdict.NUMERIC, Verdict.REFUTED]


def test_an_unknown_observable_is_refused(small):
    with pytest.raises(ValueError, match="no observable is called 'charm'; there are alignment"):
        examine(_prediction(small, observable="charm"), **RULE)


@pytest.mark.parametrize("name", ["alignment", "lemma error"])
def test_nothing_is_verified_by_a_fit_that_misses_its_labels(small, monkeypatch, name):
    def blurred(setting, **address):
        return replace(run_trial(setting, **address), training_residual=2e-8)

    monkeypatch.setattr(experiment, "run_trial", blurred)
    with pytest.raises(ValueError, match=r"misses its labels by 2\.0e-08, over 1e-08 .* nothing is verified by it"):
        observe(small(n=11), name, 0, 777)
