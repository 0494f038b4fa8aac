"""The closed forms of four clusters against plain linear algebra in rationals, and their scenes."""

from dataclasses import fields, replace
from fractions import Fraction

import pytest
import sympy as sp

from theory import clusters as k
from theory.activations import RELU
from theory.cluster_scenes import FIELDS, ClusterScene, DescentScene, KernelScene, NetworkScene

POINTS = list(k.points())
SCENE = ClusterScene(
    core=Fraction(1), shortcut=Fraction(3, 2), agreement=Fraction(9, 10), noise=Fraction(1, 4), d=4, n=50
)
DESCENT = DescentScene(**vars(SCENE), step=Fraction(1, 10), steps=7)
NETWORK = NetworkScene(**vars(SCENE), width=30, depth=3)
KERNEL = KernelScene(**vars(SCENE), activation=RELU, penalty=Fraction(1, 10))


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"q = {point[k.q]}")
def test_the_eigenvalues_are_those_of_the_matrix(point):
    by_sympy = [sp.N(value, 30) for value in k.MOMENTS.subs(point).eigenvals(multiple=True)]
    ours = [sp.N(value.subs(point), 30) for value in (k.SECOND, k.TOP)]
    assert all(abs(a - b) < 1e-25 for a, b in zip(sorted(by_sympy), ours, strict=True))


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"q = {point[k.q]}")
def test_the_share_is_that_of_the_eigenvector(point):
    (vector,) = (v for value, _, (v,) in k.MOMENTS.subs(point).eigenvects() if sp.N(value - k.TOP.subs(point)) > -1e-12)
    share = vector[1] ** 2 / (vector.T * vector)[0]
    assert abs(sp.N(share - k.SHORTCUT_SHARE.subs(point), 30)) < 1e-25


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"q = {point[k.q]}")
def test_descent_carried_out_is_the_closed_form(point):
    moments, correlation, w = k.MOMENTS.subs(point), k.CORRELATION.subs(point), sp.zeros(2, 1)
    for _ in range(point[k.t]):
        w = w - point[k.eta] * (moments * w - correlation)
    assert all(abs(sp.N(a - b.subs(point), 30)) < 1e-25 for a, b in zip(w, k.after(k.t), strict=True))
    wrong = k.after(k.t, 2 * k.eta)
    assert any(abs(sp.N(a - b.subs(point), 30)) > 1e-6 for a, b in zip(w, wrong, strict=True))


def test_the_weights_as_one_would_write_them_are_those_that_were_solved():
    assert [sp.simplify(a - b) for a, b in zip(k.converged(), (k.CORE_WEIGHT, k.SHORTCUT_WEIGHT), strict=True)] == [
        0,
        0,
    ]
    by_modes = k.weights(lambda value: 1 / value)
    assert [sp.simplify(a - b) for a, b in zip(k.converged(), by_modes, strict=True)] == [0, 0]


@pytest.mark.parametrize(
    ("rho", "aligned", "conflicting"), [("4/5", 0.9002, 0.7243), ("19/20", 0.9194, 0.5771), ("99/100", 0.9213, 0.5166)]
)
def test_the_accuracies_of_unit_clusters(rho, aligned, conflicting):
    at = {k.c: 1, k.s: 1, k.v: 1, k.q: 2 * sp.Rational(rho) - 1}
    found = [float(k.accuracy(k.converged(), group).subs(at)) for group in (k.ALIGNED, k.CONFLICTING)]
    assert found == pytest.approx([aligned, conflicting], abs=5e-5)


def test_a_bright_shortcut_makes_conflicting_clusters_worse_than_chance_exactly_where_it_is_said():
    """`c^2 v + 4 rho (1 - rho) c^2 s^2 < q s^2 v`, over a grid on both sides of it."""
    seen = set()
    for bright in (1, 2, 3):
        for variance in ("1/10", "1", "5"):
            for q in ("1/5", "4/5", "24/25"):
                at = dict(zip((k.c, k.s, k.v, k.q), map(sp.Rational, (1, bright, variance, q)), strict=True))
                below = (k.c**2 * k.v + (1 - k.q**2) * k.c**2 * k.s**2 < k.q * k.s**2 * k.v).subs(at)
                assert bool(below) == (float(k.accuracy(k.converged(), k.CONFLICTING).subs(at)) < 0.5)
                seen.add(bool(below))
    assert seen == {True, False}


def test_a_spike_at_the_threshold_lies_at_the_edge_of_the_noise():
    edge = k.v * (1 + sp.sqrt(k.g)) ** 2
    assert sp.simplify(k.sampled(sp.sqrt(k.g) * k.v) - edge) == 0
    assert k.sampled(sp.Integer(2)).subs({k.v: 1, k.g: sp.Rational(1, 2)}) == sp.Rational(15, 4)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"core": Fraction(0)}, "core = 0: it must be positive"),
        ({"noise": Fraction(-1)}, "noise = -1: it must be positive"),
        ({"conflict_noise": Fraction(0)}, "conflict_noise = 0: it must be positive"),
        ({"agreement": Fraction(1)}, r"agreement = 1 is outside \(0, 1\): one kind of cluster would be empty"),
        ({"d": 1}, "d = 1: the core feature and the shortcut take two dimensions"),
        ({"n": 0}, "N = 0: at least one sample is needed"),
    ],
)
def test_a_scene_that_is_none_is_refused(changes, said):
    with pytest.raises(ValueError, match=said):
        replace(SCENE, **changes)


@pytest.mark.parametrize(
    ("scene", "changes", "said"),
    [
        (DESCENT, {"steps": 0}, "0 steps of 1/10: both must be positive"),
        (DESCENT, {"step": Fraction(0)}, " steps of 0: both must be positive"),
        (KERNEL, {"penalty": Fraction(0)}, "penalty = 0: it must be positive, or no margin is finite"),
        (NETWORK, {"depth": 1}, "width 30, depth 1: at least one neuron and two layers are needed"),
    ],
)
def test_a_learner_that_is_none_is_refused(scene, changes, said):
    with pytest.raises(ValueError, match=said):
        replace(scene, **changes)


@pytest.mark.parametrize("kind", FIELDS)
def test_every_field_has_a_type(kind):
    assert set(FIELDS[kind]) == {field.name for field in fields(kind)}


@pytest.mark.parametrize("scene", [SCENE, DESCENT, KERNEL, NETWORK], ids=lambda scene: type(scene).__name__)
def test_each_field_of_its_own_is_told(scene):
    """Two scenes that differ are not told in the same words, and each slip is another scene."""
    others = [replace(scene, **{name: getattr(scene, name) + 1}) for name in ("core", "n", "d")]
    others += [other for _, other in scene.slips()]
    assert len({str(other) for other in (scene, *others)}) == len(others) + 1


def test_the_mean_variance_has_the_weights_of_the_clusters():
    scene = replace(SCENE, conflict_noise=Fraction(4))
    assert scene.mean_noise == Fraction(9, 40) + Fraction(4, 10)
    assert scene.value(k.v) == 0.625
    assert dict(scene.slips())["variances swapped"].noises == (4, Fraction(1, 4))


def test_networks_of_two_widths_are_drawn_apart_and_kernels_are_compared_on_the_same_draws():
    assert NETWORK.sample != replace(NETWORK, width=31).sample
    assert KERNEL.sample == replace(KERNEL, activation=None).sample == SCENE.sample
    assert replace(NETWORK, width=7, n=3).at_any_size() == NETWORK.at_any_size()


def test_the_name_of_an_activation_draws_nothing():
    other = replace(KERNEL, activation=replace(RELU, name="another"))
    assert other != KERNEL
    assert other.bare() == KERNEL.bare()
