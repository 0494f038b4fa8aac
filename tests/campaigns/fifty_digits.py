"""What a trial reports, in ball arithmetic of a hundred digits: the witness for `numerics.error_bound`.

Shares nothing with `numerics`: the kernel is formed from rows and weights as they are given, or taken as it is, and
inverted by python-flint.
"""

from __future__ import annotations

import mpmath
import numpy as np
import sympy as sp
from flint import arb, arb_mat, ctx

from theory.symbols import rho, x

BITS = 400
NAMES = ("alignments", "stabilities", "on_queries", "on_tests", "tests_without")


class Exact:
    """The five arrays of `numerics.leave_one_out`, as balls, from a kernel given as doubles or as mpmath numbers."""

    def __init__(self, gram, queries, tests, labels):
        with precision():
            k, c, t = (arb_mat([[ball(v) for v in row] for row in matrix]) for matrix in (gram, queries, tests))
            inverse = k.inv()
            n, many = len(labels), range(t.ncols())
            g = arb_mat([[ball(v)] for v in labels])
            a, at_tests = inverse * g, inverse * t
            f = [sum((inverse[i, j] * c[j, i] for j in range(n)), arb(0)) for i in range(n)]
            s = [a[i, 0] / inverse[i, i] for i in range(n)]
            on_queries, on_tests = c.transpose() * a, t.transpose() * a
            self.arrays = {
                "alignments": f,
                "stabilities": s,
                "on_queries": [on_queries[i, 0] for i in range(n)],
                "on_tests": [on_tests[i, 0] for i in many],
                "tests_without": [on_tests[j, 0] - at_tests[i, j] * s[i] for i in range(n) for j in many],
            }

    def errors(self, found):
        """Return the largest error of each array of `found`, rounded up."""
        with precision():
            return {
                name: max(float((arb(float(v)) - e).abs_upper()) for v, e in zip(np.ravel(mine), exact, strict=True))
                for name, exact in self.arrays.items()
                for mine in (getattr(found, name, None),)
                if mine is not None  # a trial keeps but a mean of the tests without a sample
            }


class precision:  # noqa: N801 - used as the word it is
    """Both arithmetics at `BITS`, and back."""

    def __enter__(self):
        self.before, ctx.prec = ctx.prec, BITS
        self.digits, mpmath.mp.prec = mpmath.mp.prec, BITS

    def __exit__(self, *_):
        ctx.prec, mpmath.mp.prec = self.before, self.digits


def ball(value):
    """Return a double as it is, or an mpmath number to the last of its bits."""
    if isinstance(value, mpmath.mpf):
        man, exp = value.man_exp  # of the absolute value
        return arb(int(mpmath.sign(value)) * int(man)) * arb(2) ** int(exp)
    return arb(float(value))


def expected(dual, z, q, *, homogeneous=False):
    """Return `kappa(z^T q / (|z| |q|))`, of a row with itself `kappa(1)`, in mpmath numbers.

    Of a homogeneous activation, and of its tangent features, rows of any length have `|z| |q|` times that.
    """
    kappa = sp.lambdify(rho, dual, "mpmath")
    with precision():
        left, right = (_polar(rows) for rows in (z, q))
        even = not homogeneous or all(abs(length**2 / len(u) - 1) < 1e-9 for length, u in (*left, *right))
        return [
            [
                kappa(mpmath.mpf(1) if q is z and i == j else cosine(u, v)) * (1 if even else a * b)
                for j, (b, v) in enumerate(right)
            ]
            for i, (a, u) in enumerate(left)
        ]


def _polar(rows):
    """Return the length of each row, and the row over its length; of zeros, zeros."""
    numbers = [[mpmath.mpf(float(v)) for v in row] for row in rows]
    lengths = [mpmath.sqrt(mpmath.fdot(row, row)) for row in numbers]
    return [(length, [v / length if length else v for v in row]) for length, row in zip(lengths, numbers, strict=True)]


def cosine(u, v):
    """Return the product of unit rows, which rounding may not lead beyond 1."""
    return max(min(mpmath.fdot(u, v), mpmath.mpf(1)), mpmath.mpf(-1))


def sampled(expr, weights, z, q, *, tangent=False):
    """Return the mean of `f(v^T z) f(v^T q)` over the rows v of `weights`, times `z^T q` for tangent features."""
    f = sp.lambdify(x, expr, "mpmath")
    with precision():
        neurons, left, right = ([[mpmath.mpf(float(v)) for v in row] for row in rows] for rows in (weights, z, q))
        made, there = ([[f(mpmath.fdot(v, row)) for v in neurons] for row in rows] for rows in (left, right))
        return [
            [mpmath.fdot(u, v) * (mpmath.fdot(a, b) if tangent else 1) for v, b in zip(there, right, strict=True)]
            for u, a in zip(made, left, strict=True)
        ]
