"""Gaussian mixtures in exact rationals."""

import pytest
import sympy as sp
from sympy import QQ
from sympy.polys.matrices import DomainMatrix

from theory import exact
from theory import mixture as x
from theory.claims.shortcut_spectrum import anisotropic

POINTS = list(x.instances())


def shape(point):
    return f"{point[x.nodes].shape[0]} dimensions, {point[x.means].shape[1]} clusters"


@pytest.mark.parametrize("point", POINTS, ids=shape)
def test_the_nodes_have_the_moments_of_the_mixture(point):
    ones = exact.matrix([[1]] * point[x.nodes].shape[1])
    assert (ones.transpose() * point[x.node_weights] * ones)[0, 0].element == 1
    mean = point[x.nodes] * point[x.node_weights] * ones
    centre = point[x.means] * point[x.cluster_weights] * exact.matrix([[1]] * point[x.means].shape[1])
    assert mean == centre
    assert exact.equal(x.moments, x.between + x.variance * x.identity, point)
    assert not exact.equal(x.moments, x.between, point)


@pytest.mark.parametrize("point", POINTS, ids=shape)
def test_the_means_are_not_orthogonal_and_the_eigenvectors_are(point):
    d = point[x.vectors].shape[0]
    assert point[x.vectors] * point[x.vectors].transpose() == DomainMatrix.eye(d, QQ).to_dense()
    products = (point[x.means].transpose() * point[x.means]).to_list()
    assert any(products[i][j] != 0 for i in range(len(products)) for j in range(i))
    assert len(set(point[x.shifts].to_list_flat())) > 2  # no direction is like every other


@pytest.mark.parametrize("point", POINTS, ids=shape)
def test_the_descent_is_carried_out_and_has_its_number_of_steps(point):
    assert exact.equal(x.following, x.now - x.eta * (x.moments * x.now - x.correlation), point)
    assert exact.equal(x.now, x.learned(), point)
    assert not exact.equal(x.now, x.learned(), {**point, x.t: point[x.t] + 1})
    assert not exact.equal(x.now, x.learned(), {**point, x.eta: 2 * point[x.eta]})


def test_anisotropic_clusters_break_the_proposition():
    right = x.nodes.T * x.vectors * (x.variance * x.identity + x.shifts)
    assert all(exact.equal(x.operator, right, point) for point in POINTS)
    assert not any(exact.equal(x.operator, right, point) for point in anisotropic())


def test_the_eigenvalues_are_those_that_sympy_finds():
    point = POINTS[1]
    moments = point[x.nodes] * point[x.node_weights] * point[x.nodes].transpose()
    found = sorted(moments.to_Matrix().eigenvals(multiple=True))
    assert found == sorted(
        sp.Rational(int(v.p), int(v.q)) if hasattr(v, "p") else sp.Rational(str(v)) for v in diagonal(point)
    )


def diagonal(point):
    """Return the eigenvalues that an instance was made with."""
    rows = point[x.values].to_Matrix()
    return [rows[i, i] for i in range(rows.rows)]
