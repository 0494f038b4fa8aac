"""Trials of the shortcut family, and what is measured of them."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from numerics.experiment import DRAWS, observe
from numerics.observables import OBSERVABLES
from numerics.shortcut_observables import OBSERVABLES as OURS
from numerics.shortcut_trials import kernel_trial
from theory import clusters as k
from theory.activations import RELU
from theory.cluster_scenes import ClusterScene, DescentScene, KernelScene, NetworkScene

SCENE = ClusterScene(
    core=Fraction(1), shortcut=Fraction(1), agreement=Fraction(9, 10), noise=Fraction(1, 4), d=6, n=300
)
SCENES = {
    ClusterScene: SCENE,
    DescentScene: DescentScene(**vars(SCENE), step=Fraction(1, 10), steps=10),
    KernelScene: KernelScene(**vars(replace(SCENE, d=40, n=20)), activation=RELU, penalty=Fraction(1, 10)),
    NetworkScene: NetworkScene(**vars(replace(SCENE, n=30)), width=40),
}


@pytest.mark.parametrize("observable", OURS, ids=lambda observable: observable.name)
def test_what_is_measured_is_a_number_within_its_ends_and_the_same_again(observable):
    scene = SCENES[observable.of]
    assert OBSERVABLES[observable.name] is observable
    found = observable.function(DRAWS[observable.of](scene, 5, 0))
    assert observable.least <= found <= observable.most
    assert found == observe(scene, observable.name, 5, 0)
    if observable.tolerance is None:
        assert found != observe(scene, observable.name, 5, 1)


def test_the_wrong_margin_and_the_wrong_composition_are_seen():
    scene = SCENES[KernelScene]
    for right, wrong in (
        ("margin error", "margin error of the hard margin"),
        ("composition error", "composition error of a ridge"),
    ):
        assert observe(scene, right, 0, 0) < 1e-10
        assert observe(scene, wrong, 0, 0) > OBSERVABLES[wrong].tolerance


def test_the_second_moments_are_taken_apart_by_hand():
    trial = DRAWS[ClusterScene](SCENE, 0, 0)
    large = [DRAWS[ClusterScene](replace(SCENE, n=100_000), 0, 0)]
    assert trial.eigenvalues[0] > trial.eigenvalues[1]
    assert large[0].eigenvalues == pytest.approx([SCENE.value(k.TOP), SCENE.value(k.SECOND)], abs=0.02)
    assert large[0].output(0) == pytest.approx(SCENE.value(k.output(k.converged(), 1)), abs=0.01)
    assert large[0].output(1) == pytest.approx(SCENE.value(k.output(k.converged(), -1)), abs=0.02)
    assert large[0].predictor[2:] == pytest.approx(np.zeros(4), abs=0.02)


def test_a_margin_without_a_penalty_is_refused():
    with pytest.raises(ValueError, match="without a penalty on the outputs no margin is controlled"):
        kernel_trial(replace(SCENES[KernelScene], penalty=None), 0, 0).margin_error()


def test_no_name_is_taken_twice():
    assert len({observable.name for observable in OURS}) == len(OURS)
