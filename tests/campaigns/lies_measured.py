"""Claims files that lie about what is measured: each is an honest file with one passage changed."""

from __future__ import annotations

from .lies import Lie

MEASURED = '''\
"""The alignment law at two numbers of samples, and the lemma, which is an identity."""

from dataclasses import replace

import sympy as sp

from theory.activations import RELU
from theory.claim import Claim, Prediction, Provenance, Source, Test, Twin
from theory.predicted import gamma
from theory.setting import Kernel, Setting
from theory.sizes import low

SETTINGS = tuple(Setting(kernel=Kernel.RF, activation=RELU, d=30, d_y=15, n=n) for n in (30, 45, 60))
LAW = Prediction(
    about="alignment at N from d to 2 d",
    observable="alignment",
    test=Test.EQUAL,
    settings=SETTINGS,
    value=gamma,
    resolution=0.05,
    trials=64,
)
LEMMA = Prediction(
    about="the lemma, by explicit refits",
    observable="lemma error",
    test=Test.IDENTITY,
    settings=tuple(replace(s, width=200) for s in SETTINGS),
    value=lambda setting: 1e-8,
    resolution=1e-8,
    trials=1,
)
CLAIM = Claim(
    title="The alignment law at three numbers of samples",
    reading="The mean alignment is what the law says.",
    statement=(sp.Symbol("F"), sp.Symbol("gamma")),
    source=Source(key="simon2023", anchor="eigenframework", provenance=Provenance.HEURISTIC),
    predictions=(LAW, LEMMA),
    twins=(
        Twin(slip="many samples", predictions=(replace(LAW, value=low),)),
        Twin(slip="the printed projector", predictions=(replace(LEMMA, observable="lemma error as printed"),)),
    ),
)
'''
_LAW, _VALUE, _TOLERANCE = "LAW = Prediction(", "value=gamma,", "value=lambda setting: 1e-8,"
_LAWS_TRIALS, _TEST = "resolution=0.05,\n    trials=64,", "test=Test.EQUAL,"
_TWIN = 'Twin(slip="many samples", predictions=(replace(LAW, value=low),)),'
_BOTH = "predictions=(LAW, LEMMA),"


def _bounded(test: str, bound: str) -> tuple[tuple[str, str], ...]:
    """Return the changes that predict nothing but a bound of the alignment."""
    return ((_BOTH, f"predictions=(replace(LAW, test=Test.{test}, value=lambda s: {bound}),),"),)


def _twin(changes: str) -> tuple[tuple[str, str], ...]:
    """Return the changes that make the twin differ in more than its law."""
    return ((_TWIN, f'Twin(slip="a slip", predictions=(replace(LAW, value=low, {changes}),)),'),)


_LIES: tuple[tuple[str, tuple[tuple[str, str], ...], str], ...] = (
    # a test that nothing could fail
    ("a tolerance of 1e9", ((_TOLERANCE, "value=lambda setting: 1e9,"),), "an error below 1e+09 is no identity"),
    ("a tolerance of infinity", ((_TOLERANCE, "value=lambda setting: 1e999,"),), "predicts inf"),
    ("a tolerance that a slip meets", ((_TOLERANCE, "value=lambda setting: 0.02,"),), "an error below 0.02 is no ide"),
    ("an identity of what is no error", ((_TEST, "test=Test.IDENTITY,"),), "alignment is no error"),
    (
        "an error that is at most large",
        ((_BOTH, "predictions=(LAW, replace(LEMMA, test=Test.AT_MOST, trials=6, value=lambda s: 1e9)),"),),
        "lemma error is an error, to be tested as an identity",
    ),
    ("at most 1e9", _bounded("AT_MOST", "1e9"), "no alignment is over 1"),
    (
        "at most what it can be",
        _bounded("AT_MOST", "1"),
        "every prediction is a bound that nothing",
    ),
    ("at least -1e9", _bounded("AT_LEAST", "-1e9"), "no alignment is under -1"),
    (
        "a resolution of all there is",
        ((_LAWS_TRIALS, "resolution=5.0,\n    trials=64,"),),
        "a resolution of 5 sees nothing",
    ),
    (
        "no resolution at all",
        ((_LAWS_TRIALS, "resolution=float('nan'),\n    trials=64,"),),
        "of nan sees nothing",
    ),
    (
        "a value that nothing measured would meet",
        ((_VALUE, "value=lambda setting: 0.01,"), ("resolution=0.05", "resolution=0.02")),
        "a measured 0 would pass",
    ),
    # fewer trials than it seems
    ("one trial", ((_LAWS_TRIALS, "resolution=0.05,\n    trials=1,"),), "1 trials are no sample"),
    (
        "trials that shrink",
        (
            (
                _LAW,
                "class Fewer(int):\n    def __floordiv__(self, other):\n        return 2\n\n\n" + _LAW,
            ),
            (_LAWS_TRIALS, "resolution=0.05,\n    trials=Fewer(64),"),
        ),
        "trials is a Fewer, not an int",
    ),
    (
        "a prediction of a class of the file's own",
        ((_LAW, "class Sure(Prediction):\n    pass\n\n\nLAW = Sure("),),
        "a prediction is a Sure, not a Prediction",
    ),
    (
        "a setting counted three times",
        (("for n in (30, 45, 60))", "for n in (30, 30, 30))"),),
        "is there more than once",
    ),
    (
        "a setting again under another name",
        (
            (
                "for n in (30, 45, 60))",
                "for n in (30, 45))\nSETTINGS += (replace(SETTINGS[0], activation=replace(RELU, name='other')),)",
            ),
        ),
        "is there more than once",
    ),
    (
        "a limit of two sizes",
        ((_TEST, "test=Test.LIMIT,"), (_VALUE, "value=lambda setting: 0.3,"), ("(30, 45, 60)", "(30, 60)")),
        "a limit needs three sizes",
    ),
    (
        "a limit whose sizes are made up",
        (
            (_TEST, "test=Test.LIMIT,\n    size=lambda setting: 1 + setting.n / 1e6,"),
            (_VALUE, "value=lambda setting: 0.3,"),
        ),
        "sizes from 1.00003 to 1.00006 reach no limit",
    ),
    (
        "one prediction twice",
        ((_BOTH, "predictions=(LAW, replace(LAW, about='and once more'), LEMMA),"),),
        "another prediction says the same",
    ),
    # values that are not theory's
    (
        "a value that is measured",
        (
            (
                _LAW,
                "def seen(setting):\n    from numerics.experiment import observe\n\n"
                "    return sum(observe(setting, 'alignment', 0, t) for t in range(6)) / 6\n\n\n" + _LAW,
            ),
            (_VALUE, "value=seen,"),
        ),
        "measures while it states a value",
    ),
    (
        "a value that draws",
        (
            (
                _LAW,
                "def seen(setting):\n    from numerics.randomness import stream\n\n"
                "    return stream(0, cell='mine', trial=0).random()\n\n\n" + _LAW,
            ),
            (_VALUE, "value=seen,"),
        ),
        "draws while it states a value",
    ),
    (
        "a curve that is measured",
        (
            (
                _VALUE,
                "value=gamma, beside=(('law', 'law', lambda s: __import__('numerics.trials').trials.run_trial(\
    s, seed=0, trial=0).alignments.mean()),),",
            ),
        ),
        "draws while it states a law",
    ),
    (
        "a seed chosen after the fact",
        (
            (
                _LAW,
                "from numerics.experiment import observe\n\n"
                "LUCKY = min(range(3), key=lambda s: abs(observe(SETTINGS[0], 'alignment', s, 0) - 0.3))\n" + _LAW,
            ),
        ),
        "measures while it is read",
    ),
    (
        "another value for each who asks",
        ((_LAW, "ASKED = []\n" + _LAW), (_VALUE, "value=lambda setting: ASKED.append(0) or len(ASKED) / 100,")),
        "is 0.01 when asked and 0.02 when asked again",
    ),
    ("a value that is none", ((_VALUE, "value=lambda setting: None,"),), "its value: TypeError at RF relu"),
    ("a value that is not a number", ((_VALUE, "value=lambda setting: float('nan'),"),), "predicts nan"),
    ("a value that ends the run", ((_VALUE, "value=lambda setting: exit(0),"),), "it ends the program"),
    # twins that are not slips
    (
        "a twin that predicts what the claim does",
        ((_TWIN, 'Twin(slip="a slip", predictions=(replace(LAW, value=lambda s: gamma(s)),)),'),),
        "twin 'a slip' predicts what the claim predicts",
    ),
    (
        "a twin that no measurement could meet",
        ((_TWIN, 'Twin(slip="a slip", predictions=(replace(LAW, value=lambda s: 17.0),)),'),),
        "no alignment is over 1",
    ),
    (
        "a twin that rounding refuses",
        (
            (
                'replace(LEMMA, observable="lemma error as printed")',
                "replace(LEMMA, value=lambda s: 1e-300)",
            ),
        ),
        "an error below 1e-300 is less than rounding leaves",
    ),
    (
        "a twin measured elsewhere",
        _twin("settings=(replace(SETTINGS[0], d=20, d_y=10),)"),
        "is measured on RF relu, sphere, d=20, N=30, alpha=1/2, k=inf, resample: the claim is not",
    ),
    ("a twin with more trials", _twin("trials=4096"), "twin 'a slip' has 4096 trials, the claim 64"),
    ("an observable that is none", (('observable="alignment"', 'observable="truth"'),), "no observable is called"),
)

MEASUREMENTS = tuple(Lie(name=name, honest=MEASURED, changes=how, words=words) for name, how, words in _LIES)
