"""A problem that cannot fit is refused before it starts."""

import pytest

from numerics import memory
from numerics.memory import require_memory


def test_a_problem_beyond_the_memory_is_refused_with_its_need(monkeypatch):
    monkeypatch.setattr(memory, "_physical", lambda: 2.0**30)
    with pytest.raises(ValueError, match=r"N = 10000 needs about 6 GiB .* has 1"):
        require_memory(10000)
    require_memory(1000)
