"""The arithmetic of every enclosure: python-flint's balls, or a floating stand-in where that library is missing.

The stand-in answers to the same names and carries an estimate of the error where the library carries a bound, so what
it finds is `CERTAINTY = NUMERIC`, never ENCLOSED.
"""

from .evidence import Verdict

try:
    import flint

    RIGOROUS = True
except ImportError:  # no wheel for this platform
    from . import floating as flint

    RIGOROUS = False

CERTAINTY = Verdict.ENCLOSED if RIGOROUS else Verdict.NUMERIC
"""The best verdict that a comparison of balls can give."""

__all__ = ["CERTAINTY", "RIGOROUS", "flint"]
