"""An undefined function carries no program of a claims file's own."""

import pytest
import sympy as sp
from sympy.core.function import AppliedUndef, UndefinedFunction

from theory.plainness import _require_undefined


class Doubling(AppliedUndef):
    """What a file could put beneath a function's name."""

    def doit(self, **hints):
        return 2 * self.args[0].doit(**hints)


def test_a_plain_undefined_function_is_let_through():
    plain = (sp.Function("f"), sp.Function("g", real=True))
    assert [_require_undefined("here", each) for each in plain] == [None, None]


@pytest.mark.parametrize(
    "made",
    [
        UndefinedFunction("f", bases=(Doubling,)),
        UndefinedFunction("f", bases=(AppliedUndef, sp.Symbol)),
        UndefinedFunction("f", __dict__={"doit": lambda self, **_: self.args[0]}),
    ],
    ids=["other base", "further base", "method"],
)
def test_one_that_carries_a_program_is_refused(made):
    with pytest.raises(ValueError, match="here: holds a function f that carries a program; give a formula"):
        _require_undefined("here", made)
