"""A prediction that its own test could not refuse is not measured, and the seed of a claim is not its author's."""

from dataclasses import replace

import pytest
import sympy as sp

from numerics.admission import admitted, seed_of
from numerics.experiment import Effort, observe
from numerics.observables import OBSERVABLES
from numerics.randomness import committed
from numerics.refutable import ROUNDING, require_refutable
from numerics.verification import verify
from tests.campaigns.lies_measured import MEASURED
from theory.claim import Claim, Prediction, Provenance, Source, Test, Twin
from theory.registry import claims
from theory.setting import Setting

SEED = 3
SPOILT = {
    "lemma error": "lemma error as printed",
    "descent error": "descent error without the start",
    "descent rate error": "descent rate error at 98/97 of it",
    "descent distance": "descent distance beyond the step",
}
"""For each error that vanishes, the same with a slip in it."""


@pytest.fixture
def claim(small):
    law = Prediction(
        about="the alignment is .3",
        observable="alignment",
        test=Test.EQUAL,
        settings=tuple(small(n=n) for n in (12, 20, 28)),
        value=lambda _: 0.3,
        resolution=0.1,
        trials=8,
    )
    return Claim(
        title="title",
        reading="reading",
        statement=(sp.Symbol("F"), sp.Symbol("gamma")),
        source=Source(key="simon2023", anchor="somewhere", provenance=Provenance.DERIVED),
        predictions=(law,),
        twins=(Twin(slip="less", predictions=(replace(law, value=lambda _: 0.2),)),),
    )


def predicting(claim, **changes):
    return replace(claim, predictions=(replace(claim.predictions[0], **changes),))


def test_every_claim_of_ours_is_admitted():
    known = claims()
    assert len([admitted(name, known) for name in known]) == len(known)


def test_the_seed_of_a_claim_follows_from_all_that_is_predicted(claim):
    seeds = {
        seed_of(one, SEED)
        for one in (
            claim,
            predicting(claim, value=lambda _: 0.3 + 1e-16),
            predicting(claim, resolution=0.11),
            predicting(claim, trials=9),
            predicting(claim, test=Test.AT_MOST),
            predicting(claim, size=lambda setting: 2.0 * setting.d),
            predicting(claim, settings=claim.predictions[0].settings[:2]),
            predicting(claim, observable="alignment spread"),
        )
    }
    assert len(seeds) == 8
    assert seed_of(claim, SEED) == seed_of(replace(claim, title="another"), SEED) != seed_of(claim, SEED + 1)
    assert committed(1, "a") != committed(1, "b") != committed(2, "b")


def test_a_claim_of_a_file_is_measured_at_its_own_seed_and_ours_at_the_one_given(tmp_path):
    path = tmp_path / "own_seed.py"
    path.write_text(MEASURED)
    (found,) = verify(["own-seed"], seed=SEED, effort=Effort.QUICK, extra=path)
    own = seed_of(found.claim, SEED)
    assert own != SEED
    assert {e.seed.split(",")[0] for e in (*found.evidence, *found.twins[0].evidence)} == {f"seed {own}"}
    (ours,) = verify(["lemma-4.1-as-printed"], seed=SEED, effort=Effort.QUICK, extra=path)
    assert ours.evidence[-1].seed.startswith(f"seed {SEED},")


def test_a_value_fitted_to_the_draws_of_a_seed_meets_other_draws(claim):
    """The mean of the very trials that would be run is predicted: nothing could be closer, and nothing is shown."""
    (law,) = claim.predictions
    fitted = {s: sum(observe(s, "alignment", SEED, t) for t in range(8)) / 8 for s in law.settings}
    own = seed_of(predicting(claim, value=fitted.__getitem__), SEED)
    again = {s: sum(observe(s, "alignment", own, t) for t in range(8)) / 8 for s in law.settings}
    assert all(fitted[s] != again[s] for s in law.settings)


@pytest.mark.parametrize(("right", "spoilt"), SPOILT.items())
def test_the_tolerance_of_an_error_lies_between_rounding_and_a_slip(small, right, spoilt):
    setting = small(n=8, width=60)
    tolerance = OBSERVABLES[right].tolerance
    assert tolerance == OBSERVABLES[spoilt].tolerance
    for trial in range(3):
        assert observe(setting, right, SEED, trial) < tolerance < observe(setting, spoilt, SEED, trial)
    assert tolerance > 1000 * ROUNDING


@pytest.mark.parametrize("name", [name for name, each in OBSERVABLES.items() if each.of is Setting])
def test_what_is_measured_lies_between_the_ends_that_are_declared(small, name):
    observable = OBSERVABLES[name]
    if observable.tolerance is None:
        measured = [observe(small(n=n), name, SEED, trial) for n in (10, 20) for trial in range(3)]
        assert observable.least <= min(measured) <= max(measured) <= observable.most
        assert 0 < observable.scale <= observable.most


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"trials": 5}, "5 trials are no sample; at least 6 show a spread"),
        ({"resolution": 0.3}, "a resolution of 0.3 sees nothing of alignment; at most 0.25 does"),
        ({"value": lambda _: -0.01}, "all values are as small as the resolution, 0.1: a measured 0 would pass"),
        ({"test": Test.LIMIT, "rate": -1.0}, "a limit is not approached at the rate -1; it must be positive"),
        (
            {"test": Test.LIMIT, "size": lambda s: 1000.0 + s.n},
            "sizes from 1012 to 1028 reach no limit: ask for 1.5 ti",
        ),
        ({"test": Test.LIMIT, "size": lambda s: s.n - 12.0}, "sizes from 0 to 16 reach no limit"),
        ({"test": Test.AT_LEAST, "value": lambda _: -1.0}, "every prediction is a bound that nothing measured could"),
        ({"test": Test.IDENTITY, "observable": "lemma error", "trials": 0}, "0 trials try nothing"),
    ],
)
def test_a_prediction_that_could_not_fail_is_refused(claim, changes, line):
    claim = predicting(claim, size=lambda setting: float(setting.n))
    require_refutable("mine", claim)
    with pytest.raises(ValueError, match=r".") as refusal:
        require_refutable("mine", predicting(claim, **changes))
    assert line in str(refusal.value)


def test_bounds_at_the_end_stand_beside_one_that_could_be_broken(claim):
    (law,) = claim.predictions
    end = replace(law, test=Test.AT_MOST, value=lambda _: 1.0)
    require_refutable("mine", replace(claim, predictions=(law, end)))
    with pytest.raises(ValueError, match="every prediction is a bound"):
        require_refutable("mine", replace(claim, predictions=(end,)))


def test_a_resolution_may_be_large_where_the_value_is(claim):
    require_refutable("mine", predicting(claim, observable="test error", value=lambda _: 8.0, resolution=1.9))
    with pytest.raises(ValueError, match="at most 2 does"):
        require_refutable("mine", predicting(claim, observable="test error", value=lambda _: 8.0, resolution=2.1))
