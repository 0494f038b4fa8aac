r"""Harmonics of the sphere S^(n-1) along one coordinate t, exactly: how many there are, and the moments of t with them.

`P_i`, with `P_i(1) = 1`, is the Gegenbauer polynomial of degree i and `E` the mean over the inner product t of two
independent uniform unit vectors.  Everything is rational in n, which may be a symbol.
"""

from __future__ import annotations

import math

import sympy as sp


def dimension(degree: int, n: sp.Expr | int) -> sp.Expr:
    """Return `B_i = (2 i + n - 2) (n - 1) n ... (n + i - 3) / i!`, the number of harmonics of degree i (known)."""
    if degree == 0:
        return sp.Integer(1)
    rising = sp.Mul(*(n - 2 + k for k in range(1, degree)))
    return (2 * degree + n - 2) * rising / sp.factorial(degree)


def moment(power: int, degree: int, n: sp.Expr | int) -> sp.Expr:
    """Return `E[t^p P_i(t)]`, `(p! / (2 u)!) (1 3 ... (2 u - 1)) / (n (n+2) ... (n + 2 u + 2 i - 2))`, `p = i + 2 u`.

    By i integrations by parts (Rodrigues' formula) it is a moment of the sphere 2 i dimensions up; 0 where p < i or
    the parities differ.
    """
    half, odd = divmod(power - degree, 2)
    if half < 0 or odd:
        return sp.Integer(0)
    upper = math.factorial(power) // math.factorial(2 * half) * math.prod(range(1, 2 * half, 2))
    return sp.Integer(upper) / sp.Mul(*(n + 2 * k for k in range(half + degree)))


def eigenvalue(i: int, j: int, coefficients: dict[int, sp.Expr], d_x: sp.Expr | int, d_y: sp.Expr | int) -> sp.Expr:
    """Return `lambda_ij = E[kappa(rho) P_i(t_x) P_j(t_y)]`, `kappa = sum_l c_l rho^l`, `rho = (d_x t_x + d_y t_y) / d`.

    `coefficients` maps l to `c_l`, the last of them included; every term is positive where they are.
    """
    d = sp.Add(d_x, d_y)  # SymPy's: a quotient by it is exact
    a, b = d_x / d, d_y / d
    terms = (
        c * math.comb(l, p) * a**p * b ** (l - p)
        * moment(p, i, d_x) * moment(l - p, j, d_y)
        for l, c in coefficients.items()
        for p in range(l + 1)
    )  # fmt: skip
    return sp.Add(*terms)
