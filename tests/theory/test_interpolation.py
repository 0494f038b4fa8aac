"""Lemma 4.1 holds exactly with the complement and fails with the span, on every instance."""

import random

import pytest
import sympy as sp

from theory import exact
from theory import interpolation as i

INSTANCES = list(i.instances())
SIZES = [(p[i.labels_without].shape[0] + 1, p[i.v].shape[0]) for p in INSTANCES]
each = pytest.mark.parametrize("point", INSTANCES, ids=[f"N={n}, p={p}" for n, p in SIZES])
LEMMA = i.alignment(i.complement) * i.self_stability


def test_the_instances_have_two_to_five_samples_and_more_features():
    assert [n for n, _ in SIZES] == [2, 3, 4, 5]
    assert all(p > n for n, p in SIZES)


def test_the_instances_are_the_same_each_time():
    assert [p[i.fit] for p in i.instances()] == [p[i.fit] for p in INSTANCES]


@each
def test_the_lemma_holds_with_the_complement(point):
    assert exact.equal(i.stability, LEMMA, point)
    assert not exact.equal(i.stability, sp.Rational(98, 97) * LEMMA, point)


@each
def test_the_lemma_fails_with_the_span(point):
    assert not exact.equal(i.stability, i.alignment(i.span) * i.self_stability, point)


@each
def test_both_fits_interpolate_and_one_without_the_first_sample(point):
    assert exact.equal(i.v.T * i.fit, i.label, point)
    assert exact.equal(i.others * i.fit, i.labels_without, point)
    assert exact.equal(i.others * i.fit_without, i.labels_without, point)
    assert not exact.equal(i.v.T * i.fit_without, i.label, point)


@each
def test_the_projectors_project_and_complete_each_other(point):
    for projector in (i.span, i.complement):
        assert point[projector] * point[projector] == point[projector]
        assert exact.equal(projector.T, projector, point)
    assert exact.equal(i.others * i.complement, sp.ZeroMatrix(i.n - 1, i.p), point)
    assert exact.equal(i.others * i.span, i.others, point)
    assert not exact.equal(i.others * i.span, sp.ZeroMatrix(i.n - 1, i.p), point)


@pytest.mark.parametrize(("count", "size"), [(2, 3), (3, 8), (4, 5), (5, 6)])
def test_the_lemma_holds_on_fresh_instances(seed, count, size):
    point = i._instance(count, size, random.Random(seed + count))  # noqa: S311 - not a secret
    assert exact.equal(i.stability, LEMMA, point)
    assert not exact.equal(i.stability, i.alignment(i.span) * i.self_stability, point)
