"""What deriving costs, against the means that a user had before: `python benchmarks/symbolic.py [--limit SECONDS]`.

Every figure is a ratio within one run, so that a slow or busy machine slows both sides; each side starts cold, in a
process of its own.  What exceeds the limit is stopped, and its ratio is then a lower bound.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

IMPORT = "import sympy"

DERIVE = """
import sys
from fractions import Fraction
from theory.portrait import portrait
from theory.registry import find_activation
for name in sys.argv[1:]:
    portrait(find_activation(name), [Fraction(1, 4), Fraction(1, 2)])
"""

TANH_HERE = """
from theory.activations import TANH
from theory.quadrature import hermite_moments
assert all(mu.rad() < 1e-51 for mu in hermite_moments(TANH, 199, 180))
"""

TANH_MPMATH = """
import sys
import mpmath as mp
mp.mp.dps = 50
for degree in map(int, sys.argv[1:]):
    scale = mp.sqrt(mp.factorial(degree))
    def h(z):
        before, now = mp.mpf(0), mp.mpf(1)
        for l in range(degree):
            before, now = now, (z * now - mp.sqrt(l) * before) / mp.sqrt(l + 1)
        return now
    mp.quad(lambda z: mp.tanh(z) * h(z) * mp.npdf(z), mp.linspace(-24, 24, 25))
"""
SAMPLED_DEGREES = (1, 41, 81, 121, 161, 199)

CLOSED_HERE = """
import sys
from theory import balls
from theory.hermite import HermiteSeries
from theory.registry import find_activation
series = HermiteSeries(find_activation(sys.argv[1]))
assert all(balls.number(series.degrees.at(l), 200).rad() < 1e-50 for l in range(41))
"""

CLOSED_SYMPY = """
import sys
import sympy as sp
x = sp.Symbol("x", real=True)
phi = {"erf": sp.erf(x), "gelu": x * (1 + sp.erf(x / sp.sqrt(2))) / 2}[sys.argv[1]]
for degree in range(7):
    weight = sp.hermite_prob(degree, x) / sp.sqrt(sp.factorial(degree)) * sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi)
    sp.integrate(sp.expand(phi * weight), (x, -sp.oo, sp.oo))
"""


def seconds(program: str, *arguments: str, limit: float) -> tuple[float, bool]:
    """Return how long a program took in a fresh interpreter, and whether it came to its end."""
    start = time.perf_counter()
    try:
        subprocess.run([sys.executable, "-c", program, *arguments], check=True, timeout=limit)  # noqa: S603
    except subprocess.TimeoutExpired:
        return time.perf_counter() - start, False
    return time.perf_counter() - start, True


def catalogue(limit: float) -> None:
    """Derive the whole catalogue, cold, in two processes."""
    from theory.activations import CATALOGUE  # noqa: PLC0415 - only its names are needed here

    names = [activation.name for activation in CATALOGUE]
    unit, _ = seconds(IMPORT, limit=limit)
    start = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda half: seconds(DERIVE, *half, limit=limit), (names[::2], names[1::2])))
    whole = time.perf_counter() - start
    line(f"{len(names)} activations derived, two processes", whole, "import sympy", unit, ended=True, inverse=True)


def coefficients(limit: float) -> None:
    """Compute 200 coefficients of tanh to 50 digits, against mpmath's quadrature of the same digits."""
    here, _ = seconds(TANH_HERE, limit=limit)
    unit, _ = seconds(IMPORT, limit=limit)
    there, ended = seconds(TANH_MPMATH, *map(str, SAMPLED_DEGREES), limit=limit)
    scaled = there * 200 / len(SAMPLED_DEGREES)
    line("200 coefficients of tanh to 50 digits", here, "mpmath quadrature, from six of them", scaled, ended=ended)
    print(f"    of which starting Python and importing SymPy: {unit:.2f} s")


def closed_forms(limit: float) -> None:
    """Derive the coefficients of erf and gelu to degree 40, against `sympy.integrate` to degree 6."""
    for name in ("erf", "gelu"):
        here = median(seconds(CLOSED_HERE, name, limit=limit)[0] for _ in range(3))
        there, ended = seconds(CLOSED_SYMPY, name, limit=limit)
        line(f"{name} to degree 40, in closed form", here, "sympy.integrate to degree 6", there, ended=ended)


def line(what: str, ours: float, other: str, theirs: float, *, ended: bool, inverse: bool = False) -> None:
    """Print one comparison."""
    bound = "" if ended else "at least "
    ratio = f"{ours / theirs:.1f} times as long as" if inverse else f"{bound}{theirs / ours:.0f} times faster than"
    print(f"{what}: {ours:.2f} s, {ratio} {other} ({bound}{theirs:.2f} s)")


def main() -> None:
    """Run every comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=float, default=600.0, metavar="SECONDS", help="stop one side after this long")
    limit = parser.parse_args().limit
    catalogue(limit)
    coefficients(limit)
    closed_forms(limit)


if __name__ == "__main__":
    main()
