"""What is judged is a copy, told once: its file can neither change it nor answer otherwise."""

from dataclasses import fields, replace
from fractions import Fraction

import pytest
import sympy as sp
from sympy import QQ
from sympy.polys.matrices import DomainMatrix

from theory.activations import RELU
from theory.claim import Claim, Hypothesis, Prediction, Provenance, Source, Status, Step, Test, Twin
from theory.registry import claims
from theory.sealing import sealed
from theory.setting import Kernel, Setting
from theory.stating import require_silence, stating
from theory.symbols import alpha

SETTING = Setting(kernel=Kernel.RF, activation=RELU, d=10, d_y=5, n=5)
PREDICTION = Prediction(
    about="something",
    observable="alignment",
    test=Test.EQUAL,
    settings=(SETTING,),
    value=lambda setting: setting.n / 10,
    resolution=0.1,
    trials=8,
)
READ = "while it is read"
CLAIM = Claim(
    title="title",
    reading="reading",
    statement=(alpha, alpha**2),
    source=Source(key="bombari2024", anchor="Lemma 4.1", provenance=Provenance.PAPER),
    hypotheses=(Hypothesis(text="some", examine=lambda setting: (Status.HOLDS, str(setting))),),
    points=lambda: iter([{alpha: Fraction(1, 2)}]),
    derivation=lambda: iter([Step(left=alpha, right=2 * alpha, because="so")]),
    predictions=(PREDICTION,),
    twins=(Twin(slip="cubed", statement=(alpha, alpha**3)),),
)


def refused(**changes):
    with pytest.raises(ValueError, match=r".") as refusal:
        sealed("mine", replace(CLAIM, **changes))
    return str(refusal.value)


def test_the_copy_says_what_the_claim_says():
    found = sealed("mine", CLAIM)
    for field in ("title", "statement", "twins", "uses", "expected", "definitions"):
        assert getattr(found, field) == getattr(CLAIM, field)
    assert list(found.points()) == list(found.points()) == list(CLAIM.points())
    assert list(found.derivation()) == list(CLAIM.derivation())
    (prediction,) = found.predictions
    assert prediction.settings == (SETTING,)
    assert prediction.value(SETTING) == 0.5
    assert prediction.value(replace(SETTING, n=7)) == 0.7
    assert found.hypotheses[0].examine(SETTING) == (Status.HOLDS, str(SETTING))


def test_what_the_file_changes_afterwards_is_not_what_is_judged():
    answers = {"value": 0.5}
    setting = replace(SETTING)
    mine = replace(
        CLAIM,
        predictions=(replace(PREDICTION, settings=(setting,), value=lambda _: answers["value"]),),
        twins=(replace(CLAIM.twins[0]),),
        definitions={"a": "b"},
    )
    found = sealed("mine", mine)
    answers["value"] = 0.9
    mine.definitions.clear()
    for own in (mine.predictions[0], mine.twins[0], setting, mine):
        for field in fields(own):
            object.__setattr__(own, field.name, None)
    (prediction,) = found.predictions
    assert prediction == replace(PREDICTION, value=prediction.value, size=prediction.size)
    assert prediction.value(SETTING) == 0.5
    assert (found.definitions, found.twins, found.title) == ({"a": "b"}, CLAIM.twins, CLAIM.title)


def test_a_matrix_of_a_point_is_copied():
    rows = DomainMatrix([[QQ(1)]], (1, 1), QQ)
    found = sealed("mine", replace(CLAIM, points=lambda: iter([{alpha: rows}])))
    rows[0, 0] = QQ(7)
    assert list(found.points()) == [{alpha: DomainMatrix([[QQ(1)]], (1, 1), QQ)}]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"definitions": ()}, "mine: definitions is a tuple, not a dict"),
        ({"points": lambda: 1 / 0}, "mine: its points: ZeroDivisionError: division by zero"),
        ({"points": lambda: [5]}, "mine: its points are not dictionaries from symbols to values"),
        ({"derivation": lambda: iter([5])}, "mine: a step is an int, not a Step; only that is read"),
        (
            {"predictions": (replace(PREDICTION, beside=(("a", "law"),)),)},
            "mine: something: beside it stands ('a', 'law'), not (label, role, value)",
        ),
        (
            {"hypotheses": (Hypothesis(text="some", examine=lambda _: (Status.HOLDS, "\x1b[1m")),)},
            "mine: hypothesis 'some': its figure holds the control character U+001B",
        ),
        ({"uses": ("a\u200bb",)}, "mine: its text holds the control character U+200B"),
    ],
)
def test_what_is_not_plain_is_refused(changes, line):
    assert refused(**changes) == line


def test_a_value_that_changes_its_setting_changes_its_own_copy():
    def value(setting):
        object.__setattr__(setting, "n", 999)
        return 0.5

    found = sealed("mine", replace(CLAIM, predictions=(replace(PREDICTION, value=value),)))
    assert [setting.n for setting in (*found.predictions[0].settings, SETTING)] == [5, 5]


def test_nothing_is_drawn_or_ended_by_what_is_stated():
    require_silence("draw")
    with pytest.raises(ValueError, match="mine: it draws while it is read; what theory says"), stating("mine", READ):
        require_silence("draw")
    with pytest.raises(ValueError, match="mine: it ends the program while it is read"), stating("mine", READ):
        raise SystemExit(0)
    require_silence("draw")  # and afterwards anything may be drawn again


def test_every_claim_of_ours_can_be_sealed_and_is_what_it_was():
    for name, claim in claims().items():
        found = sealed(name, claim)
        assert found.statement == claim.statement
        assert [step.because for step in found.derivation()] == [step.because for step in claim.derivation()]
        for mine, theirs in zip(found.predictions, claim.predictions, strict=True):
            assert [mine.value(s) for s in mine.settings] == [theirs.value(s) for s in theirs.settings]


def test_a_symbol_of_its_own_class_is_no_symbol():
    class Sly(sp.Symbol):
        pass

    assert refused(statement=(Sly("a"), alpha)) == "mine: holds a Sly, which is neither SymPy's nor ours"


def test_what_violates_a_hypothesis_is_told_once_too():
    asked = []

    def violated_by(prediction):
        asked.append(prediction)
        return replace(prediction, value=lambda _: 0.9) if len(asked) == 1 else None

    hypothesis = replace(CLAIM.hypotheses[0], violated=CLAIM.points, violated_by=violated_by)
    (found,) = sealed("mine", replace(CLAIM, hypotheses=(hypothesis,))).hypotheses
    assert list(found.violated()) == list(found.violated()) == [{alpha: Fraction(1, 2)}]
    assert found.violated_by(PREDICTION).value(SETTING) == 0.9
    assert found.violated_by(PREDICTION) is None
    assert "its points are none" in refused(hypotheses=(replace(hypothesis, violated=lambda: iter(())),))
