"""The hard corners of a measurement: what `gammaphi measure` says there, beside a hundred digits of the same trials."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from numerics.engine import Engine, Precision
from numerics.kernels import closed_dual, feature
from numerics.precision import TOLERANCE
from numerics.randomness import Purpose
from numerics.streaming import weights
from numerics.trials import draw_trial, run_trial
from reports.command_line import main
from theory.registry import find_activation
from theory.setting import Kernel, Setting

from .fifty_digits import Exact, expected, sampled

SEED, TRIALS, TESTS = 3, 2, 5
POOL = 24
"""Rows of a pool of one's own; half of them are trained on."""

Data = Callable[[np.random.Generator], tuple[np.ndarray, np.ndarray, np.ndarray]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Corner:
    """A setting at the edge of what can be computed, and whether it is one that has an answer."""

    name: str
    wanted: str
    """`right`, `told` (an answer with its bound, or a refusal) or `refused`."""
    kernel: str = "rf"
    activation: str = "relu"
    d: int = 10
    d_y: int = 4
    n: int = 12
    width: int | None = None
    data: Data | None = None
    mixed: bool = False

    def setting(self) -> Setting:
        """Return the setting, its data written to the present folder: their path is a part of what seeds a trial."""
        path = "sphere"
        if self.data is not None:
            path = "corner.npz"
            x, y, g = self.data(np.random.default_rng([SEED, POOL]))
            np.savez(path, x=x, y=y, g=g)
        return Setting(
            kernel=Kernel(self.kernel),
            activation=find_activation(self.activation),
            d=self.d,
            d_y=self.d_y,
            n=self.n,
            width=self.width,
            data=path,
        )

    def command(self, setting: Setting) -> list[str]:
        """Return what one would type."""
        typed = {
            "--kernel": self.kernel,
            "--activation": self.activation,
            "--d": self.d,
            "--n": self.n,
            "--alpha": f"{self.d_y}/{self.d}",
            "--width": self.width,
            "--data": setting.data,
            "--trials": TRIALS,
            "--tests": TESTS,
            "--seed": SEED,
            "--precision": Precision.MIXED if self.mixed else Precision.DOUBLE,
        }
        return ["measure", "--json", *(f"{k}={v}" for k, v in typed.items() if v is not None)]


@dataclass(frozen=True, kw_only=True)
class Found:
    """What came of a corner: `right`, `warned` or `refused`, or `WRONG`; and the words that were said."""

    outcome: str
    words: str
    error: float = 0.0
    bound: float = 0.0


def tried(corner: Corner, folder: Path) -> Found:
    """Return what `gammaphi measure` says in the corner, judged by exact arithmetic on the same trials."""
    with contextlib.chdir(folder):
        setting = corner.setting()
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(corner.command(setting))
        lines, document = err.getvalue().splitlines(), json.loads(out.getvalue())
        words = "; ".join(line.removeprefix("gammaphi: ") for line in lines)
        if code not in (0, 2, 3) or not all(line.startswith("gammaphi: ") for line in lines):
            return Found(outcome="WRONG", words=f"exit status {code}: {words}")
        if code == 2:
            return Found(outcome="refused", words=words.removeprefix("error: "))
        return _judged(corner, setting, document["data"], warned=code == 3, words=words)


def _judged(corner: Corner, setting: Setting, data: dict[str, Any], *, warned: bool, words: str) -> Found:
    """Hold the printed alignment, and every array of every trial, against exact arithmetic and their own bounds."""
    gammas, worst, excess = [], 0.0, 0.0
    for trial in range(TRIALS):
        engine = Engine(precision=Precision.MIXED if corner.mixed else Precision.DOUBLE)
        ran = run_trial(setting, seed=SEED, trial=trial, tests=TESTS, engine=engine)
        exact = exact_trial(setting, trial)
        gammas.append(float(sum(exact.arrays["alignments"]).mid()) / setting.n)
        for name, error in exact.errors(ran).items():
            single = ran.precision is Precision.MIXED
            if name == "alignments" or not single:  # of single precision nothing else is estimated
                worst = max(worst, error)
                excess = max(excess, error / (getattr(ran.errors, name) + (ran.precision_error if single else 0.0)))
    bound = data["error_bound"] + (data["precision_error"] if data["precision"] == Precision.MIXED else 0.0)
    silent = not warned and bound > max(TOLERANCE, data["gamma_se"])
    if excess > 1 or silent or not abs(data["gamma"] - float(np.mean(gammas))) <= bound:
        return Found(outcome="WRONG", words=words or "nothing was said", error=worst, bound=bound)
    return Found(outcome="warned" if warned else "right", words=words, error=worst, bound=bound)


def exact_trial(setting: Setting, trial: int) -> Exact:
    """Return the arrays of a trial from its rows and weights alone."""
    streams, drawn, at = draw_trial(setting, SEED, trial, tests=TESTS)
    z = drawn.train.z
    if setting.width is None:
        dual = closed_dual(setting)
        blocks = [expected(dual, z, q, homogeneous=setting.activation.name == "relu") for q in (z, at, drawn.test.z)]
    else:
        neurons = weights(streams.seeds(Purpose.WEIGHTS), block=0, width=setting.width, d=setting.d)
        expr, ntk = feature(setting).expr, setting.kernel is Kernel.NTK
        blocks = [sampled(expr, neurons, z, q, tangent=ntk) for q in (z, at, drawn.test.z)]
    return Exact(*blocks, drawn.train.g)


def _sphere(rng: np.random.Generator, rows: int, d: int) -> np.ndarray:
    drawn = rng.standard_normal((rows, d))
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True) * np.sqrt(d)


def pool(*, scale: float = 1.0, twins: float | None = None, labels: str = "sign", rows: str = "even") -> Data:
    """Return data of one's own: samples on spheres times `scale`, each twice but for a difference of `twins`."""

    def made(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        half = POOL if twins is None else POOL // 2
        x, y = _sphere(rng, half, 6), _sphere(rng, half, 4)
        if twins is not None:
            other = x + twins * rng.standard_normal(x.shape)
            x, y = np.vstack([x, other / np.linalg.norm(other, axis=1, keepdims=True) * 6**0.5]), np.vstack([y, y])
        g = np.where(x[:, 0] >= 0, 1.0, -1.0) if labels == "sign" else np.ones(POOL)
        if rows == "uneven":
            lengths = np.logspace(0, -9, POOL)[:, None]
            x, y = x * lengths, y * lengths
        if rows == "one zero":
            x[0], y[0] = 0, 0
        return scale * x, scale * y, g

    return made


def _twins() -> Iterator[Corner]:
    for kernel in ("rf", "ntk"):
        for width in (None, 200):
            named = f"{kernel}, {'infinite' if width is None else width} neurons"
            shape = {"kernel": kernel, "width": width, "n": 20}
            yield Corner(name=f"every row twice, {named}", wanted="refused", data=pool(twins=0.0), **shape)
            for apart in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8):
                yield Corner(
                    name=f"every row twice but for {apart:.0e}, {named}", wanted="told", data=pool(twins=apart), **shape
                )
            yield Corner(
                name=f"rows twice but for 1e-4, labels all 1, {named}",
                wanted="told",
                data=pool(twins=1e-4, labels="ones"),
                **shape,
            )
            yield Corner(name=f"labels all 1, {named}", wanted="right", data=pool(labels="ones"), **shape | {"n": 12})


def _scales() -> Iterator[Corner]:
    for kernel in ("rf", "ntk"):
        for width in (None, 100):
            named, shape = (
                f"{kernel}, {'infinite' if width is None else width} neurons",
                {"kernel": kernel, "width": width},
            )
            for scale in (1e-310, 1e-200, 1e-160, 1e-100, 1e-30, 1e-8, 1e8, 1e30, 1e100, 1e160, 1e300):
                wanted = "right" if 1e-30 <= scale <= 1e30 and width else "told"
                yield Corner(name=f"data times {scale:.0e}, {named}", wanted=wanted, data=pool(scale=scale), **shape)
            yield Corner(name=f"rows from 1 to 1e-9, {named}", wanted="told", data=pool(rows="uneven"), **shape)
            yield Corner(name=f"a row of zeros, {named}", wanted="told", data=pool(rows="one zero"), n=20, **shape)
        for scale in (1e-30, 1e-18, 1e18, 1e30):
            yield Corner(
                name=f"single precision, data times {scale:.0e}, {kernel}",
                wanted="right",
                kernel=kernel,
                width=100,
                mixed=True,
                data=pool(scale=scale),
            )


def _sizes() -> Iterator[Corner]:
    for kernel in ("rf", "ntk"):
        for d, n in ((2, 1), (2, 2), (2, 4), (3, 1), (3, 2), (3, 5), (3, 20)):
            for width in (None, 100):
                named = f"d = {d}, N = {n}, {kernel}, {'infinite' if width is None else width} neurons"
                yield Corner(name=named, wanted="told", kernel=kernel, d=d, d_y=1, n=n, width=width)
        yield Corner(name=f"d_x = 1, {kernel}", wanted="right", kernel=kernel, d=40, d_y=39)
        yield Corner(name=f"d_y = 1, {kernel}", wanted="right", kernel=kernel, d=40, d_y=1)
        yield Corner(name=f"alpha = .999, {kernel}", wanted="right", kernel=kernel, d=1000, d_y=999, n=6)
        yield Corner(name=f"alpha = .001, {kernel}", wanted="right", kernel=kernel, d=1000, d_y=1, n=6)
    yield Corner(name="N = p - 1, rf", wanted="told", d=30, d_y=12, n=40, width=41)
    yield Corner(name="N = p, rf", wanted="refused", d=30, d_y=12, n=40, width=40)
    yield Corner(name="N = p + 1, rf", wanted="refused", d=30, d_y=12, n=41, width=40)
    yield Corner(name="N = p - 1, ntk", wanted="told", kernel="ntk", d=5, d_y=2, n=39, width=8, activation="gelu")
    yield Corner(name="N = p, ntk", wanted="refused", kernel="ntk", d=5, d_y=2, n=40, width=8)


def _activations() -> Iterator[Corner]:
    for text, wanted in (
        ("x**3 - 3*x + x/10**6", "right"),
        ("x**2 - 1 + x/10**12", "right"),
        ("h2", "right"),
        ("1 + x/10**3", "told"),
        ("1 + x/10**6", "told"),
        ("1 + x/10**8", "told"),
        ("1", "refused"),
    ):
        for width in (None, 60):
            yield Corner(
                name=f"{text}, {'infinite' if width is None else width} neurons",
                wanted=wanted,
                activation=text,
                width=width,
                n=8,
            )
    for text in ("x**12", "exp(3*x)", "exp(30*x)"):  # in single precision the last is infinite where x > 3
        yield Corner(name=f"single precision, {text}", wanted="told", activation=text, width=100, mixed=True, n=8)


CORNERS = (*_twins(), *_scales(), *_sizes(), *_activations())
