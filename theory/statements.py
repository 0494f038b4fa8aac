r"""The named quantities of the paper's statements, as symbols that print as the paper prints them."""

import sympy as sp

from .symbols import alpha, ell

mu = sp.IndexedBase("mu", real=True)
"""`mu_l = E[phi(g) h_l(g)]`."""
mu_prime = sp.IndexedBase(r"\mu^{\prime}", real=True)
"""`mu'_l = E[phi'(g) h_l(g)]`."""

F_RF = sp.Symbol(r"F_{\mathrm{RF}}(z_1^{s}, z_1)", real=True)
F_NTK = sp.Symbol(r"F_{\mathrm{NTK}}(z_1^{s}, z_1)", real=True)
GAMMA_RF = sp.Symbol(r"\gamma_{\mathrm{RF}}", positive=True)
GAMMA = sp.Symbol(r"\gamma_{\varphi}", positive=True)
"""The value around which F concentrates at a size; `gamma_RF` and `gamma_NTK` are its limits."""
SQUARED_STABILITY = sp.Symbol(r"\mathbb{E}_{z_1}\left[S_{z_1}(z_1)^2\right]", nonnegative=True)
ERROR = sp.Symbol("R_{Z_{-1}}", nonnegative=True)
VARIANCE = sp.Symbol(r"\operatorname{Var}(g_1)", nonnegative=True)
MEMORISATION = sp.Symbol(r"\operatorname{Cov}\left(f(z_1^{s}, \theta^{*}), g_1\right)", real=True)


def energy(coefficients: sp.IndexedBase, first: int) -> sp.Sum:
    """Return `sum_{l >= first} mu_l^2`."""
    return sp.Sum(coefficients[ell] ** 2, (ell, first, sp.oo))


def generating(coefficients: sp.IndexedBase, first: int) -> sp.Sum:
    """Return `sum_{l >= first} mu_l^2 alpha^l`."""
    return sp.Sum(coefficients[ell] ** 2 * alpha**ell, (ell, first, sp.oo))
