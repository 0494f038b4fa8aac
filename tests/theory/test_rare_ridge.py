"""The closed forms of a rare pattern, against the risk that they minimise and the numbers that follow from them."""

from dataclasses import replace
from fractions import Fraction

import mpmath as mp
import pytest
import sympy as sp

from theory import rare_ridge as r
from theory.rare_designs import CRITICAL, CROSSING, DESIGN, PLOTTED
from theory.rare_scene import RareMixture, StampedDigits, StampedFeatures, at
from theory.setting import Kernel

BEST = {r.w1: r.ALONG_CORE, r.w2: r.ALONG_PATTERN, r.b: r.BIAS}
POINTS = list(r.points())


def zero(expr):
    """Return whether a rational function vanishes."""
    return sp.cancel(expr) == 0


@pytest.mark.parametrize("letter", [r.w1, r.w2, r.b], ids=str)
def test_the_gradient_of_the_risk_vanishes_at_the_closed_form(letter):
    slope = sp.diff(r.risk(r.w1, r.w2, r.b), letter)
    assert zero(slope.subs(BEST))
    assert not zero(slope.subs({of: (i + 2) * value for i, (of, value) in enumerate(BEST.items())}))


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"gamma = {point[r.share]}")
def test_no_predictor_nearby_has_a_smaller_risk(point):
    at_best = [value.subs(point) for value in BEST.values()]
    least = r.risk(*at_best).subs(point)
    for place in range(3):
        for step in (sp.Rational(1, 100), -sp.Rational(1, 100)):
            beside = list(at_best)
            beside[place] += step
            assert r.risk(*beside).subs(point) > least


def test_the_score_is_what_the_pattern_adds():
    assert zero(r.SCORE - r.S * r.ALONG_PATTERN)
    assert zero(r.RELIANCE - r.S * r.ALONG_PATTERN / (r.A * r.ALONG_CORE))


def test_the_notebook_differs_in_one_length_each():
    apart = sp.factor(r.NOTEBOOK_DEVIATION**2 - r.DEVIATION**2)
    assert zero(apart.subs({r.A: 1, r.S: 1}))
    assert not zero(apart.subs(r.A, 1))
    assert not zero(apart.subs(r.S, 1))
    assert not zero(apart.subs(r.A, r.S))
    apart = (1 / r.NOTEBOOK_SCORE - 1 / r.SCORE) / (r.S**2 - r.A**2)  # S^2 stands where D has A^2, before T
    assert zero(apart - r.SPREAD / (r.share / 2 * (r.s1 + r.ridge) * r.S**2))


# Accuracy on clean and on spurious examples and the score, A = 1, S = sqrt 5, s_1 = 1/2, s_2 = 1/10: computed anew in
# fifty digits by `from_the_covariance`, and printed to four.
REFERENCE = {
    (0, "1/50"): (0.9212, 0.8807, 0.1117),
    (0, "1/10"): (0.9207, 0.8146, 0.2532),
    (0, "1/2"): (0.9089, 0.6888, 0.5025),
    (1, "1/10"): (0.9210, 0.8490, 0.1126),
    (1, "1/2"): (0.9017, 0.6008, 0.3922),
    (100, "1/2"): (0.8958, 0.5353, 0.0123),
}


def from_the_covariance(scene):
    """Return the same three numbers from a 2 x 2 system in floating point: no closed form is used."""
    with mp.workdps(50):
        a, s = mp.sqrt(mp.mpf(scene.core.numerator) / scene.core.denominator), mp.sqrt(mp.mpf(int(scene.pattern)))
        s1, s2, lam, g = (mp.mpf(v.numerator) / v.denominator for v in (
            scene.core_noise, scene.pattern_noise, scene.ridge, scene.share))  # fmt: skip
        groups = [(g / 2, 1, 1), ((1 - g) / 2, 1, 0), (mp.mpf(1) / 2, -1, 0)]

        def mean(value):
            return mp.fsum(weight * value(y, p) for weight, y, p in groups)

        def features(y, p):
            return y * a, p * s

        middle = [mean(lambda y, p, i=i: features(y, p)[i]) for i in range(2)]
        cov = mp.diag([s1 + lam, s2 + lam])
        for i in range(2):
            for j in range(2):
                cov[i, j] += mean(lambda y, p, i=i, j=j: features(y, p)[i] * features(y, p)[j]) - middle[i] * middle[j]
        w = mp.lu_solve(cov, mp.matrix([mean(lambda y, p, i=i: y * features(y, p)[i]) for i in range(2)]))
        b = -w[0] * middle[0] - w[1] * middle[1]
        sd = mp.sqrt(w[0] ** 2 * s1 + w[1] ** 2 * s2)

        def right(y, p):
            return mp.ncdf(y * (w[0] * y * a + w[1] * p * s + b) / sd)

        return (right(1, 0) + right(-1, 0)) / 2, right(-1, 1), w[1] * s


@pytest.mark.parametrize(("ridge", "share"), REFERENCE, ids=str)
def test_the_closed_forms_are_what_the_covariance_gives(ridge, share):
    scene = replace(PLOTTED, ridge=Fraction(ridge), share=Fraction(share))
    closed = [at(expr, scene) for expr in (r.clean_accuracy(), r.spurious_accuracy(), r.SCORE)]
    assert closed == pytest.approx([float(v) for v in from_the_covariance(scene)], abs=1e-14)
    assert closed == pytest.approx(REFERENCE[ridge, share], abs=5.1e-5)
    assert closed != pytest.approx([at(r.NOTEBOOK_SCORE, scene)] * 3, abs=1e-3)


def test_without_a_pattern_there_is_only_the_core_feature():
    clean = replace(PLOTTED, share=Fraction(0))
    assert at(r.clean_accuracy(), clean) == pytest.approx(float(mp.ncdf(mp.sqrt(2))), abs=1e-14)
    assert at(r.SCORE, clean) == 0


def test_at_the_crossing_the_ridge_does_nothing_and_beside_it_does():
    expected = float(mp.ncdf(mp.mpf("0.55") / mp.sqrt("0.505")))
    found = {ridge: at(r.spurious_accuracy(), replace(CROSSING[0], ridge=Fraction(ridge))) for ridge in (0, 1, 10, 100)}
    assert list(found.values()) == pytest.approx([expected] * 4, abs=1e-14)
    rarer, commoner = (
        [at(r.spurious_accuracy(), replace(PLOTTED, share=Fraction(g), ridge=Fraction(l))) for l in (0, 1, 10)]
        for g in ("1/10", "1/2")
    )
    assert rarer == sorted(rarer)
    assert commoner == sorted(commoner, reverse=True)


def test_the_transition_is_where_the_margin_vanishes():
    scene = replace(CRITICAL[0], pattern_noise=Fraction(1, 20))
    root = at(r.critical_share(), scene)
    assert root == pytest.approx(0.0894427191, abs=1e-9)
    assert root == pytest.approx(2 * 0.05**0.5 / 5, abs=1e-14)
    assert all(at(r.critical_share(), scene) == pytest.approx(float(scene.share), abs=1e-14) for scene in CRITICAL)


@pytest.mark.parametrize("pattern", ["1/10", "1/2", "2", "9", "30"])
@pytest.mark.parametrize("core", ["1/5", "1", "4"])
@pytest.mark.parametrize("ridge", ["0", "3"])
def test_there_is_a_transition_if_and_only_if_the_condition_says_so(pattern, core, ridge):
    scene = replace(PLOTTED, pattern=Fraction(pattern), core=Fraction(core), ridge=Fraction(ridge))
    grid = [at(r.SPURIOUS, replace(scene, share=Fraction(i, 60))) > 0 for i in range(1, 61)]
    falls = sum(before and not after for before, after in zip([True, *grid], grid, strict=False))
    condition = scene.core * (scene.pattern_noise + scene.ridge) < scene.pattern / 4 * (scene.core_noise + scene.ridge)
    assert falls == int(condition)
    assert all(grid) is not condition


def test_a_mixture_is_read_as_it_is_written():
    assert str(PLOTTED) == "mixture, A^2=1, S^2=5, s_1=1/2, s_2=1/10, lambda=0, gamma=1/10"
    assert str(replace(PLOTTED, noise=Fraction(1, 4))).endswith(", noise 1/4")
    assert PLOTTED.axes()["gamma"] == 0.1


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"core": Fraction(0)}, "core = 0: a squared length or a variance is positive"),
        ({"pattern_noise": Fraction(-1)}, "pattern_noise = -1"),
        ({"ridge": Fraction(-1, 2)}, "ridge = -1/2: it is 0 or positive"),
        ({"share": Fraction(3, 2)}, "share = 3/2: a share lies between 0 and 1"),
        ({"n": 1}, "n = 1: two examples at least"),
    ],
)
def test_what_is_no_mixture_is_refused(changes, line):
    with pytest.raises(ValueError, match=line):
        replace(PLOTTED, **changes)


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (lambda: StampedDigits(pattern="cross", stamped=5), "there is no pattern 'cross' on digits"),
        (lambda: StampedDigits(pattern="pixel", stamped=0), "stamped = 0: from 1 to 100"),
        (lambda: StampedDigits(pattern="pixel", stamped=1, epochs=0), "epochs = 0: one at least"),
        (lambda: features(block=9), "block = 9 of n = 9"),
        (lambda: features(kernel=Kernel.NTK_DEEP), "ntk-deep has no features to be formed"),
        (lambda: features(width=0), "width = 0"),
        (lambda: features(pattern=Fraction(0)), "pattern = 0: no negative ridge, and some pattern"),
    ],
)
def test_what_is_no_scene_is_refused(made, line):
    with pytest.raises(ValueError, match=line):
        made()


def features(**changes):
    """Return a small scene of stamped features, with some of it changed."""
    from theory.activations import RELU

    given = {
        "kernel": Kernel.RF, "activation": RELU, "d": 4, "n": 9, "width": 20, "block": 2,
        "ridge": Fraction(0), "pattern": Fraction(1),
    }  # fmt: skip
    return StampedFeatures(**given | changes)


def test_scenes_that_draw_the_same_are_one():
    scene = features()
    assert replace(scene, activation=replace(scene.activation, name="other")).bare() == scene.bare()
    assert scene.bare() != replace(scene, block=3).bare()
    assert PLOTTED.at_any_size() == replace(PLOTTED, n=7).at_any_size()


def test_every_slip_is_another_mixture():
    for scene in DESIGN:
        slips = dict(scene.slips())
        assert len(slips) == 5
        assert all(isinstance(other, RareMixture) for other in slips.values())
        assert slips["core and pattern swapped"].core == scene.pattern
        assert slips["no ridge"].ridge == 0
