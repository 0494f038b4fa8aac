"""A claims file that lies is refused in its own words, before anything is measured; its honest original passes."""

import pytest

from numerics import experiment
from tests.campaigns.liars import ERROR, HONEST, LIES, campaign, fault, verified
from tests.campaigns.lies import STATED, Lie


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.name)
def test_a_lie_is_refused_in_its_own_words_before_anything_is_measured(lie, tmp_path, monkeypatch):
    runs = []
    monkeypatch.setattr(experiment, "run_trial", lambda *given, **named: runs.append((given, named)))
    status, said = verified(lie.text, tmp_path, "liar")
    assert fault(lie, status, said) is None
    assert any(name in said for name in ("liar", "emma-4", "h1 + h2 aligns"))  # the file, its claim, or its title
    assert runs == []


@pytest.mark.parametrize("name", HONEST)
def test_the_honest_file_passes(name, tmp_path):
    assert verified(HONEST[name], tmp_path, "honest") == (0, "")


def test_every_lie_is_another_file_and_every_refusal_is_one_kind():
    assert len({lie.text for lie in LIES}) == len({lie.name for lie in LIES}) == len(LIES) > 20


def test_a_lie_that_changes_nothing_is_no_lie():
    with pytest.raises(ValueError, match="'beta' is in the honest file 0 times"):
        _ = Lie(name="none", honest=STATED, changes=(("beta", "gamma"),), words="").text


@pytest.mark.parametrize(
    ("status", "said", "wrong"),
    [
        (0, "", "passed"),
        (1, "", "no line of refusal: status 1, ''"),
        (4, f"{ERROR}internal error: KeyError: it lies", "no line of refusal: status 4"),
        (2, f"{ERROR}it lies\nand more", "no line of refusal: status 2"),
        (2, f"{ERROR}it is wet", "other words: "),
    ],
)
def test_what_is_no_refusal_is_told(status, said, wrong):
    lie = Lie(name="a lie", honest=STATED, changes=(), words="it lies")
    assert fault(lie, status, said).startswith(wrong)
    assert fault(lie, 2, f"{ERROR}name: it lies") is None


def test_the_campaign_misses_its_target_where_a_lie_passes():
    honest = Lie(name="no lie at all", honest=STATED, changes=(), words="nothing")
    found = campaign((*LIES[:2], honest))
    assert not found.met
    assert [figure.measured for figure in found.figures] == ["2 of 3", "2 of 2"]
    assert found.listings[0].rows[-1] == ("no lie at all", "passed")
    assert campaign(LIES[:2]).met
