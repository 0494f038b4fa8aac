"""What each LaTeX command stands for in typst: characters, and the names of functions."""

from __future__ import annotations

_GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π",
    "rho": "ρ", "varrho": "ϱ", "sigma": "σ", "varsigma": "ς", "tau": "τ", "upsilon": "υ", "phi": "ϕ", "varphi": "φ",
    "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π",
    "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "ell": "ℓ",
}  # fmt: skip
_SIGNS = {
    "infty": "∞", "partial": "∂", "nabla": "∇", "sum": "∑", "prod": "∏", "int": "∫", "cdot": "⋅", "times": "×",
    "pm": "±", "mp": "∓", "circ": "∘", "odot": "⊙", "otimes": "⊗", "oplus": "⊕", "leq": "≤", "le": "≤", "geq": "≥",
    "ge": "≥", "neq": "≠", "ne": "≠", "ll": "≪", "gg": "≫", "sim": "∼", "approx": "≈", "equiv": "≡", "propto": "∝",
    "to": "→", "rightarrow": "→", "mapsto": "↦", "Rightarrow": "⇒", "in": "∈", "notin": "∉", "subset": "⊂",
    "subseteq": "⊆", "cup": "∪", "cap": "∩", "wedge": "∧", "vee": "∨", "neg": "¬", "forall": "∀", "exists": "∃",
    "prime": "′", "dagger": "†", "perp": "⊥", "top": "⊤", "mid": "∣", "ldots": "…", "dots": "…", "cdots": "⋯",
    "emptyset": "∅",
}  # fmt: skip
SYMBOLS = {rf"\{name}": sign for name, sign in (_GREEK | _SIGNS).items()} | {
    r"\%": r"\%",
    r"\&": r"\&",
    r"\#": r"\#",
    r"\$": r"\$",
    r"\_": r"\_",
}
SPACES = {
    r"\,": "thin",
    r"\:": "med",
    r"\;": "thick",
    r"\ ": "space",
    r"\!": "#h(-1em / 6)",
    r"\quad": "quad",
    r"\qquad": "wide",
}
PUNCTUATION = {
    **{sign: sign for sign in "+-=<>*|!."},
    **{sign: f"\\{sign}" for sign in "()[],;:/?"},
    "~": "space",
}
DELIMITERS = {
    r"\{": r"\{", r"\}": r"\}", r"\lvert": "|", r"\rvert": "|", r"\vert": "|", r"\lVert": "‖", r"\rVert": "‖",
    r"\Vert": "‖", r"\|": "‖", r"\langle": "⟨", r"\rangle": "⟩", r"\lfloor": "⌊", r"\rfloor": "⌋", r"\lceil": "⌈",
    r"\rceil": "⌉",
}  # fmt: skip
PAIRED = {
    r"\lvert": 'class("opening", |)',
    r"\rvert": 'class("closing", |)',
    r"\lVert": 'class("opening", ‖)',
    r"\rVert": 'class("closing", ‖)',
}
"""Delimiters that nothing stretches: alone, their characters would be spaced as relations."""
LIMITS = {r"\lim", r"\max", r"\min", r"\sup", r"\inf"}
NAMES = {
    rf"\{name}": name
    for name in (
        "lim", "max", "min", "sup", "inf", "log", "ln", "exp", "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh",
        "tanh", "coth", "arcsin", "arccos", "arctan", "det", "dim", "arg", "deg", "gcd", "ker",
    )
}  # fmt: skip
STYLES = {
    r"\mathbb": "bb",
    r"\mathcal": "cal",
    r"\mathbf": "bold",
    r"\boldsymbol": "bold",
    r"\mathit": "italic",
    r"\mathfrak": "frak",
    r"\mathsf": "sans",
    r"\mathtt": "mono",
}
ACCENTS = {
    r"\hat": "hat",
    r"\widehat": "hat",
    r"\tilde": "tilde",
    r"\widetilde": "tilde",
    r"\bar": "macron",
    r"\overline": "overline",
    r"\underline": "underline",
    r"\vec": "arrow",
    r"\dot": "dot",
    r"\ddot": "dot.double",
}
