"""The memorisation bound for both kinds of features: which slips its checks must refuse."""

from theory.activations import RELU
from theory.claims import equation_11, equation_27
from theory.memorisation import memorisation_bound
from theory.setting import Kernel, Setting

SETTINGS = tuple(Setting(kernel=Kernel.NTK, activation=RELU, d=60, d_y=30, n=n, width=600) for n in (40, 50, 70))
SQUARED, LIMIT = "gamma squared", "the limit of theorem-6.3 in place of the alignment at this size"


def slips(**more):
    given = {"title": "t", "reading": "r", "anchor": "a", "settings": SETTINGS, "hypotheses": ()}
    claim = memorisation_bound(**given, concentration="theorem-6.3", remark="", **more)
    return {twin.slip: twin for twin in claim.twins}


def test_the_limit_is_a_slip_only_where_it_is_said_to_fail():
    assert set(slips()) == {SQUARED}
    assert set(slips(limit_fails=True)) == {SQUARED, LIMIT}
    assert [twin.slip for twin in equation_11.CLAIM.twins] == [SQUARED]
    assert [twin.slip for twin in equation_27.CLAIM.twins] == [SQUARED, LIMIT]


def test_the_limit_is_tried_where_samples_are_as_many_as_dimensions():
    (tried,) = slips(limit_fails=True)[LIMIT].predictions
    assert [(setting.n, setting.d) for setting in tried.settings] == [(60, 60), (60, 60)]
    assert tried.observable == "memorisation slack at the limit"
