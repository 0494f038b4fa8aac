"""The exact instances of a block left out are ridge regressions, block by block."""

import pytest
from sympy import QQ
from sympy.polys.matrices import DomainMatrix

from theory import block_deletion as d
from theory.claims.rare_lissa import damp, hessian, scale, start
from theory.claims.rare_lissa import points as recursions

INSTANCES = [*d.instances(), *d.ridged()]


def label(point):
    """Return what tells an instance."""
    return f"{point[d.rest].shape[0]} and {point[d.block].shape[0]}, lambda = {point[d.ridge]}, s = {point[d.size]}"


def gradient(phi, y, theta, ridge):
    """Return the gradient of `|Phi theta - y|^2 / 2 + lambda |theta|^2 / 2`."""
    return phi.transpose() * (phi * theta - y) + QQ(int(ridge)) * theta


@pytest.mark.parametrize("point", INSTANCES, ids=label)
def test_both_fits_are_at_the_minimum_of_their_own_samples(point):
    everything, labels = point[d.rest].vstack(point[d.block]), point[d.rest_labels].vstack(point[d.labels])
    assert gradient(everything, labels, point[d.fit], point[d.ridge]).is_zero_matrix
    assert gradient(point[d.rest], point[d.rest_labels], point[d.fit_without], point[d.ridge]).is_zero_matrix
    assert not gradient(everything, labels, point[d.fit_without], point[d.ridge]).is_zero_matrix


@pytest.mark.parametrize("point", [p for p in INSTANCES if not p[d.ridge]], ids=label)
def test_without_a_ridge_the_fit_interpolates_and_the_complement_projects(point):
    q = point[d.complement]
    assert point[d.block] * point[d.fit] == point[d.labels]
    assert q * q == q
    assert (q * point[d.rest].transpose()).is_zero_matrix


@pytest.mark.parametrize("point", INSTANCES, ids=label)
def test_the_pattern_is_on_the_block_alone(point):
    column = point[d.rest] * point[d.pattern]
    assert column.is_zero_matrix
    stamped = point[d.block] * point[d.pattern]
    assert stamped == QQ(int(point[d.size])) * point[d.ones]


@pytest.mark.parametrize("point", list(d.ridged()), ids=label)
def test_leverages_are_between_nothing_and_one(point):
    diagonal = [point[d.leverage].to_list()[i][i] for i in range(point[d.block].shape[0])]
    assert all(0 < entry < 1 for entry in diagonal)


def test_blocks_of_one_and_of_more_are_tried_with_ridge_and_without():
    found = {(point[d.block].shape[0] > 1, bool(point[d.ridge])) for point in d.instances()}
    assert found == {(False, False), (False, True), (True, False), (True, True)}


def test_the_recursion_goes_where_it_stands_still():
    for point in recursions():
        h, v, s, f = (point[name] for name in (hessian, start, scale, damp))
        eye, scaled = DomainMatrix.eye(v.shape[0], QQ).to_dense(), QQ(int(s))
        damped = QQ(int(f.p), int(f.q))
        end = scaled * (h + damped * scaled * eye).inv() * v
        assert v + end - damped * end - (1 / scaled) * h * end == end
