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


def test_a_fit_meets_the_labels_and_lies_as_near_to_its_start_as_it_can():
    """What it moves is a combination of rows of features, so nothing orthogonal to them is moved."""
    features, labels = exact.matrix([[2, 0, 1, -1], [1, 3, 0, 5]]), exact.matrix([[7], [-4]])
    start = exact.matrix([[1], [2], [3], [4]])
    fit = i._fit(features, labels, start)
    assert features * fit == labels
    orthogonal = exact.matrix([[-3, 1, 6, 0], [3, -11, 0, 6]])  # to both rows
    assert (features * orthogonal.transpose()).is_zero_matrix
    assert orthogonal * fit == orthogonal * start
    assert fit != i._fit(features, labels, start + start)


def test_shapes_are_those_of_features_in_rows_and_one_sample_left_out():
    column, square = (i.p, 1), (i.p, i.p)
    shapes = {i.others: (i.n - 1, i.p), i.labels_without: (i.n - 1, 1), i.label: (1, 1), i.u: column, i.v: column}
    shapes |= {i.fit: column, i.fit_without: column, i.complement: square, i.span: square}
    assert {symbol: symbol.shape for symbol in shapes} == shapes
    assert i.alignment(i.complement).shape == i.self_stability.shape == (1, 1)


def test_numbers_are_drawn_of_both_signs_up_to_a_million():
    """As many as the chance that a false identity passes is reckoned with (`theory.exact`)."""
    numbers = [int(entry) for seed in range(20) for entry in _entries(i._instance(4, 9, random.Random(seed)))]  # noqa: S311
    assert -(10**6) <= min(numbers) < -990_000
    assert 990_000 < max(numbers) <= 10**6


def _entries(point):
    given = (i.others, i.v, i.u, i.labels_without, i.label)
    return [entry for symbol in given for row in point[symbol].to_list() for entry in row]
