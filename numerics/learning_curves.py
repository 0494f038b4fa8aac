r"""Test error and accuracies of a label `g = sign(t)`, t one coordinate of x, from the alignment law.

With `v_i` the coefficients of the label and `q_i = q_i0` the unlearned share of degree i in x alone, at infinite width

    E = (sum_i q_i^2 v_i^2) / (1 - r),

the sum taken over all degrees (`q = 1` beyond the cut-off).  With k parameters and `Q = N r`,

    E = sum_i (q_i - q_i (1 - q_i) (k - N) / (k - Q)) v_i^2 / (1 - (Q (k - 2 N) + N^2) / (N (k - Q))).

The output at a fresh point is its signal `f(t) = sum_i (1 - q_i) v_i sqrt(B_i) P_i(t)` plus Gaussian noise of variance
`E - sum_i q_i^2 v_i^2`; at the spurious query of a training sample it is `f_s + F (g_1 - f_1)` (Lemma 4.1), `f_s` and
`f_1` the outputs there of the model trained without it, their noises correlated by `r_y / r`.  The accuracies are means
over t, and over the t of the fresh core feature.

References
    simon2023
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import ndtr

from .elementwise import Array
from .finite_size import FiniteSizeLaw
from .harmonics import dimensions, half_line, polynomials, sign_coefficients


@dataclass(frozen=True, kw_only=True, eq=False)
class LearningCurve:
    """Errors and accuracies at each number of samples of a law; without `parameters` the width is infinite.

    Raises ValueError for as few parameters as samples.
    """

    law: FiniteSizeLaw
    parameters: int | None = None

    def __post_init__(self) -> None:
        if self.parameters is not None and self.parameters <= self.law.n.max():
            raise ValueError(
                f"{self.parameters} parameters do not exceed N = {int(self.law.n.max())}: nothing is interpolated"
            )

    @cached_property
    def _label(self) -> Array:
        """`v_i`, as a column."""
        return sign_coefficients(self.law.modes.d_x, self.law.modes.degrees)[:, None]

    @cached_property
    def _unlearned(self) -> Array:
        """`q_i0`, degrees x n."""
        return self.law.unlearned[:, 0]

    @cached_property
    def _beyond(self) -> float:
        """The share of the label in degrees beyond the cut-off, of which nothing is learned."""
        return max(1 - float(np.sum(self._label**2)), 0.0)

    @cached_property
    def bias(self) -> Array:
        """`sum_i q_i^2 v_i^2`."""
        return np.asarray(np.sum(self._unlearned**2 * self._label**2, axis=0) + self._beyond)

    @property
    def test_error(self) -> Array:
        """E, the mean squared error on fresh samples."""
        return self.bias + self.noise

    @cached_property
    def noise(self) -> Array:
        """The variance of the output about its signal, `E - bias`, in terms that are positive.

        With s what is taken from 1 below the fraction, `E - bias = E s + sum q (1 - q) (N - Q) / (k - Q) v^2`.
        """
        n, r, k = self.law.n, self.law.learned, self.parameters
        if k is None:
            return np.asarray(np.maximum(self.bias * r / (1 - r), np.finfo(float).tiny))
        learned = n * r
        shares = self._unlearned * self.law.taken[:, 0] * (n - learned) / (k - learned)
        narrow = np.sum(shares * self._label**2, axis=0)
        s = (learned * (k - 2 * n) + n**2) / (n * (k - learned))
        return np.asarray(np.maximum((self.bias + narrow) * s / (1 - s) + narrow, np.finfo(float).tiny))

    @cached_property
    def _signals(self) -> tuple[Array, Array]:
        """The signal at the nodes of |t|, nodes x n, and the weights of the nodes."""
        d_x, degrees = self.law.modes.d_x, self.law.modes.degrees
        nodes, weights = half_line(d_x)
        basis = polynomials(d_x, degrees, nodes) * np.sqrt(dimensions(d_x, degrees))[:, None]
        return basis.T @ (self.law.taken[:, 0] * self._label), weights

    @cached_property
    def test_accuracy(self) -> Array:
        """`P(sign f(z) = g)`: the signal is odd, so one sign of t is enough."""
        signal, weights = self._signals
        return np.asarray(weights @ ndtr(signal / np.sqrt(self.noise)))

    @cached_property
    def spurious_accuracy(self) -> Array:
        """`P(sign f(z_1^s) = g_1)`, g_1 = 1 without loss; F varies about its mean as if it were Gaussian."""
        signal, weights = self._signals
        gamma, r, r_y = self.law.gamma, self.law.learned, self.law.learned_in_y
        common = np.divide(r_y, r, out=np.zeros_like(r), where=r > 0)
        shared = self.noise * (1 + gamma**2 - 2 * gamma * common)
        noise = shared + self.law.variance * ((1 - signal) ** 2 + self.noise)
        own = gamma * (1 - signal)
        # the fresh x has either sign; nodes of the fresh x before those of the old one
        right = sum(ndtr((sign * signal[:, None] + own) / np.sqrt(noise)) for sign in (1, -1)) / 2
        return np.asarray(np.einsum("f,o,fon->n", weights, weights, right))
