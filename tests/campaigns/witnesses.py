"""Every quantity in two ways that share no code: the table, its tests run, and by how much the two ways differ.

python -m tests.campaigns.witnesses [--record]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction

import mpmath as mp
import numpy as np

from reports.campaigns import Campaign, Figure, Listing, conclude

from .witness_table import ROOT, faults, graph, table

COMMAND = "make witnesses"
WORDS = (
    "For each quantity there is a second way to it that imports nothing of the first, which the import graph shows; "
    "what both rest on is named with the reason why it cannot hide an error. A test holds each pair together, and is "
    "seen refusing a value that is spoilt. Where it costs little, the largest disagreement at a few places is shown. "
    "What it does not show: that two ways which agree were not both meant wrongly, nor points that were not tried."
)
LARGEST = 1e-10
"""Of the disagreements below: they are rounding, and cut-offs of 1e-11, which their tests bound one by one."""


def hermite() -> float:
    """Return how far integrals of mpmath are from the balls of the coefficients."""
    from tests.theory import test_series_by_definition as test

    series = {"relu": test.RELU, "gelu": test.GELU, "tanh": test.TANH}
    with mp.workdps(test.DIGITS):
        return max(
            float(test.off(test.HermiteSeries(series[name]).ball(degree, test.BITS), test.integrated(name, degree)))
            for name, degree in (("relu", 0), ("relu", 4), ("gelu", 2), ("tanh", 1), ("tanh", 3))
        )


def duals() -> float:
    """Return how far closed form and double integral are from the series, for ReLU and GELU."""
    from tests.contracts import test_duals_by_definition as test

    return max(test.farthest(activation, [test.POINTS[3]]) for activation in (test.RELU, test.GELU))


def gammas() -> float:
    """Return how far all four constants of ReLU are from those of its arc cosine."""
    from tests.theory import test_series_by_definition as test

    with mp.workdps(test.DIGITS):
        known = test.arc_cosine_sums(mp.mpf(2) / 5)
        pairs = test.gammas(test.random_features(test.RELU), Fraction(2, 5), Fraction(3), known)
        return max(float(test.off(ball, value)) for ball, value in pairs)


def finite_size() -> float:
    """Return how far ridge, gamma and spread of the law are from their integrals."""
    from tests.theory import test_finite_size as test

    law, defined = test.both("h1+h4", 4, 6, 20)
    with mp.workdps(test.DIGITS):
        pairs = ((law.ridge, defined.ridge), (law.gamma, defined.gamma()), (law.variance, defined.variance()))
        return max(float(abs(mp.mpf(test.balls.text(ball, 25)[0]) / value - 1)) for ball, value in pairs)


def in_doubles() -> float:
    """Return how far the law in float64 is from its balls."""
    from tests.numerics import test_finite_size_law as test

    kernel, case = test.SMOOTH[0], (25, 25, 200, 16, 300)
    found = test.agreement(kernel, case, test.finite_size(kernel, *case[:2], [case[2]]))
    return max(found[name][0] for name in ("gamma", "learned", "learned in y"))


def curves() -> float:
    """Return how far errors and accuracies of the two layers are apart."""
    from tests.numerics import test_learning_curves_in_balls as test

    return max(max(test.off(case).values()) for case in test.CASES[2:4])


def zero_query() -> float:
    """Return how far the query x = 0 is from its kernel integrated."""
    from tests.numerics import test_zero_query_law as test

    kernel = test.random_features(test.RELU)
    law = test.finite_size(kernel, 36, 24, [150])
    return abs(float(test.zero_gamma(law, kernel)[0] / test.by_quadrature(law, test.RELU_QUERIES[kernel](0.4))) - 1)


def dual_series() -> float:
    """Return how far the series of two scales is from the mean over the plane."""
    from tests.numerics import test_dual_series_by_definition as test

    return max(test.off(activation, 0.7) for activation in (test.TANH, test.SIN, test.GELU))


def leave_one_out() -> float:
    """Return how far alignments from one inverse are from projectors of explicit features."""
    from numerics import leave_one_out as dual_form
    from numerics import refit

    rng = np.random.default_rng(1)
    phi, at = rng.normal(size=(12, 60)), rng.normal(size=(7, 60))
    fast = dual_form.alignments_at(phi @ phi.T, phi @ at.T, parameters=60)
    slow = np.array([refit.alignment(phi, of=i, at=at) for i in range(12)])
    return float(np.max(np.abs(fast - slow)))


def gradient_descent() -> float:
    """Return how far the end of a descent is from the interpolator by pinv, relative to it."""
    from itertools import islice

    from numerics import descent, refit

    rng = np.random.default_rng(2)
    phi, labels, start = rng.normal(size=(6, 40)), rng.normal(size=6), rng.normal(size=40)
    step = 1 / np.linalg.eigvalsh(phi @ phi.T)[-1]
    *_, end = islice(descent.descend(phi, labels, start, step=float(step)), 1000)
    fitted = refit.minimum_norm_fit(phi, labels, start)
    return float(np.linalg.norm(end - fitted) / np.linalg.norm(fitted))


DISAGREEMENTS: dict[str, Callable[[], float]] = {
    "Hermite coefficients": hermite,
    "duals in closed form, and Hermite moments": duals,
    "gammas: both ends, the bound of Theorem 5.4, the proportional law": gammas,
    "the alignment law at finite size: eigenvalues, ridge, gamma, spread": finite_size,
    "the alignment law in doubles": in_doubles,
    "learning curves: bias, test error, both accuracies": curves,
    "the query x = 0 at finite size": zero_query,
    "duals of two scales in doubles": dual_series,
    "alignments, from one inverse": leave_one_out,
    "gradient descent": gradient_descent,
}


def measured() -> dict[str, float]:
    """Return the largest disagreement of each quantity that has one here."""
    return {quantity: disagreement() for quantity, disagreement in DISAGREEMENTS.items()}


def ran(tests: Sequence[str]) -> tuple[bool, str]:
    """Run tests; return whether all pass, and what pytest says last, without the time."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *dict.fromkeys(tests)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode == 0, (done.stdout.strip().splitlines() or ["nothing"])[-1].split(" in ")[0]


def campaign(found: dict[str, float], tests: tuple[bool, str]) -> Campaign:
    """Return the figures: of the import graph, of the tests, of the disagreements."""
    base, rows = table()
    wrong = [fault for row in rows for fault in faults(row, base, graph())]
    passed, said = tests
    name, most = max(found.items(), key=lambda item: item[1])
    return Campaign(
        title="Independent witnesses",
        words=WORDS,
        command=COMMAND,
        figures=(
            Figure(
                what="quantities with a witness that shares no code with them",
                measured=f"{len(rows) - len({fault.split(':')[0] for fault in wrong})} of {len(rows)}"
                + "".join(f"; {fault}" for fault in wrong),
                target="all",
                met=not wrong,
            ),
            Figure(what="their tests", measured=said, target="all pass", met=passed),
            Figure(
                what=f"largest disagreement, over {len(found)} quantities",
                measured=f"{most:.1e} ({name})",
                target=f"below {LARGEST:g}; each test has a bound of its own",
                met=most < LARGEST,
            ),
        ),
        listings=(
            Listing(
                title="Two ways to each quantity",
                head=("quantity", "computed by", "witness", "how", "disagreement"),
                rows=tuple(
                    (
                        row.quantity,
                        ", ".join(row.computed),
                        ", ".join(row.witness),
                        row.how,
                        f"{found[row.quantity]:.1e}" if row.quantity in found else "",
                    )
                    for row in rows
                ),
            ),
        ),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print, and record if that is asked for."""
    parser = argparse.ArgumentParser(prog="witnesses", description=__doc__)
    parser.add_argument("--record", action="store_true")
    asked = parser.parse_args(arguments)
    made = campaign(measured(), ran([row.test for row in table()[1]]))
    return conclude("witnesses", made, keep=asked.record)


if __name__ == "__main__":
    sys.exit(main())
