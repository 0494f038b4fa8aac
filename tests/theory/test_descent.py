"""Gradient descent in exact rationals."""

import pytest
import sympy as sp

from theory import descent as g
from theory import exact
from theory.interpolation import fit

POINTS = list(g.instances())
SPECTRA = list(g.spectra())


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"t = {point[g.t]}")
def test_the_descent_of_an_instance_is_carried_out_by_its_definition(point):
    stepped = g.now - g.eta * g.phi.T * (g.phi * g.now - g.labels)
    assert exact.equal(g.after, stepped, point)
    assert not exact.equal(g.now, stepped, point)
    first = {**point, g.now: point[g.start]}
    assert exact.equal(g.after, stepped, first) is False


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"t = {point[g.t]}")
def test_the_powers_are_those_of_this_step_and_this_number_of_steps(point):
    assert exact.equal(g.now, fit + g.phi.T * g.weights(), point)
    assert not exact.equal(g.now, fit + g.phi.T * g.weights(2 * g.eta), point)
    assert not exact.equal(g.now, fit + g.phi.T * g.weights(), {**point, g.t: point[g.t] + 1})
    assert not exact.equal(g.now, g.minimum_norm + g.phi.T * g.weights(), point)


def test_the_instances_have_two_to_five_samples_and_numbers_of_six_digits():
    found = list(g.instances())
    assert [point[g.phi].shape for point in found] == [(2, 4), (3, 5), (4, 9), (5, 7)]
    assert [int(point[g.t]) for point in found] == [1, 2, 3, 5]
    drawn = [[[point[g.eta]], *(point[part].to_list_flat() for part in (g.phi, g.labels, g.start))] for point in found]
    assert all(1 <= step <= 10**6 for (step,), *_ in drawn)
    for kind in zip(*drawn, strict=True):
        assert 10**5 < max(abs(int(entry)) for part in kind for entry in part) <= 10**6


@pytest.mark.parametrize("point", SPECTRA, ids=lambda point: f"t = {point[g.t]}")
def test_every_spectrum_is_admissible(point):
    values = [point[l] for l in g.LAMBDAS]
    assert values == sorted(values)
    assert point[g.eta] <= 1 / values[-1]
    assert point[g.t].is_Integer


def test_the_distance_is_a_norm_of_the_shares_at_first():
    assert g.distance(sp.Integer(0)) == sp.sqrt(sp.Add(*(c**2 for c in g.SHARES)))


def test_the_slowest_direction_is_that_of_the_smallest_eigenvalue():
    step = dict(zip(g.LAMBDAS, (sp.Rational(1, 5), 1, 3), strict=True)) | {g.eta: sp.Rational(1, 4)}
    factors = [(1 - g.eta * l).subs(step) for l in g.LAMBDAS]
    assert g.SLOWEST.subs(step) == max(map(abs, factors)) == sp.Rational(19, 20)
