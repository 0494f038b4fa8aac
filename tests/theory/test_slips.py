"""Slips are what a hand would get wrong; each is made once, and none is the relation itself."""

import pytest
import sympy as sp

from theory.claim import Relation
from theory.expectations import Hermite, mean, phi
from theory.interpolation import complement, u, v
from theory.slips import NEAR, slips
from theory.symbols import alpha, ell, x

MU_2 = mean(phi(x) * Hermite(2, x))
EYE = sp.Identity(complement.rows)
SERIES = sp.Sum(alpha**ell * mean(phi(x) * Hermite(ell, x)) ** 2, (ell, 2, sp.oo))


def changed(expr, relation=Relation.EQUAL):
    """Return by name what the slips make of the right side of `1 = expr`."""
    found = {slip.what: slip.right for slip in slips(sp.Integer(1), expr, relation)}
    return {what.removesuffix(", on the right"): right for what, right in found.items() if what.endswith("right")}


@pytest.mark.parametrize(
    ("expr", "what", "wrong"),
    [
        (2 * alpha, "scaled by 98/97", NEAR * 2 * alpha),
        (1 + alpha**3, "alpha and 1 - alpha swapped", 1 + (1 - alpha) ** 3),
        (1 + alpha**3, "sign of alpha**3 changed in alpha**3 + 1", 1 - alpha**3),
        (1 + alpha**3, "alpha**3 dropped in alpha**3 + 1", sp.Integer(1)),
        (alpha**3, "power doubled in alpha**3", alpha**6),
        (sp.sqrt(alpha), "root forgotten in sqrt(alpha)", alpha),
        (MU_2, "all degrees shifted by one", mean(phi(x) * Hermite(3, x))),
        (MU_2, "monic Hermite polynomials in place of orthonormal ones", sp.sqrt(2) * MU_2),
        (MU_2, "l! in place of sqrt(l!)", MU_2 / sp.sqrt(2)),
        (MU_2, "phi' for phi in E[phi(g)*h_2(g)]", mean(phi(x).diff(x) * Hermite(2, x))),
        (mean(phi(x).diff(x)), "phi for phi' in E[Derivative(phi(g), g)]", mean(phi(x))),
        (u.T * complement * v, "Q forgotten in {\\varphi}(z).T*Q*\\varphi(z_{1})", u.T * v),
        (u.T * complement * v, "what it leaves in place of the projector in Q", u.T * (EYE - complement) * v),
    ],
)  # fmt: skip
def test_a_slip_is_made(expr, what, wrong):
    assert changed(expr)[what] == wrong


def test_a_sum_is_begun_one_later_and_its_terms_keep_their_enclosure():
    found = changed(SERIES)
    begun = next(right for what, right in found.items() if what.startswith("sum begun one later"))
    assert begun.limits == ((ell, 3, sp.oo),)
    assert not [what for what in found if "monic" in what or "power doubled in E" in what]


def test_no_slip_is_made_twice_nor_is_the_relation_itself():
    relation = (sp.Integer(1), SERIES + MU_2 * alpha**2, Relation.EQUAL)
    found = [(slip.left, slip.right, slip.relation) for slip in slips(*relation)]
    assert len(found) > 8
    assert len(found) == len(set(found))
    assert relation not in found


def test_an_inequality_is_turned_round_and_not_scaled():
    found = list(slips(alpha**2, alpha, Relation.AT_MOST))
    assert (found[0].relation, found[0].left, found[0].right) == (Relation.AT_LEAST, alpha**2, alpha)
    assert {slip.what for slip in found[1:]} == {
        "alpha and 1 - alpha swapped, on the left",
        "alpha and 1 - alpha swapped, on the right",
    }


def test_what_tends_somewhere_has_no_slips_and_zero_no_multiple():
    assert not list(slips(alpha, sp.Integer(0), Relation.TENDS_TO))
    assert not [slip for slip in slips(alpha - alpha**2, sp.Integer(0), Relation.EQUAL) if "98/97" in slip.what]
