"""The named sums of the statements, written out."""

import sympy as sp

from theory.expectations import phi, psi
from theory.statements import energy, generating, mu, mu_prime
from theory.symbols import alpha, x


def test_an_energy_and_its_generating_function_are_sums_of_squares_from_their_first_degree():
    assert energy(mu, 2).subs(sp.oo, 4).doit() == mu[2] ** 2 + mu[3] ** 2 + mu[4] ** 2
    found = generating(mu_prime, 1).subs(sp.oo, 3).doit()
    assert found == mu_prime[1] ** 2 * alpha + mu_prime[2] ** 2 * alpha**2 + mu_prime[3] ** 2 * alpha**3
    assert energy(mu, 2).limits[0][2] is generating(mu, 2).limits[0][2] is sp.oo


def test_the_functions_of_statements_are_real():
    assert phi(x).is_real
    assert psi(x).is_real
    assert sp.conjugate(phi(x)) == phi(x)
