"""What a trial costs, and that one which cannot fit is refused before it starts."""

import pytest

from numerics import plan as planning
from numerics.engine import Engine, Precision
from numerics.plan import plan, speed
from theory.setting import Kernel, Query


def test_a_problem_beyond_the_memory_is_refused_with_its_need(small, monkeypatch):
    monkeypatch.setattr(planning, "_physical", lambda: 2.0**30)
    with pytest.raises(ValueError, match=r"N = 20000 needs about [0-9.]+ GiB, and this machine has 1"):
        plan(small(n=20_000, width=30_000), engine=Engine(), tests=10).require()
    plan(small(n=1000, width=3000), engine=Engine(), tests=10).require()


def test_a_budget_is_kept(small):
    with pytest.raises(ValueError, match=r"N = 1000 needs about .* and allowed are 0\.00"):
        plan(small(n=1000, width=3000), engine=Engine(memory=2**20), tests=10).require()


def test_queries_go_to_disk_before_a_trial_is_refused(small):
    setting = small(n=2000, width=3000)
    cost = plan(setting, engine=Engine(), tests=10)
    without = sum(cost.memory.values()) - cost.memory["queries"]
    tight = plan(setting, engine=Engine(memory=int(without) + 1), tests=10)
    tight.require()
    assert tight.queries_on_disk
    assert not cost.queries_on_disk


def test_memory_does_not_grow_with_the_width_nor_work_faster(small):
    costs = [plan(small(n=500, width=width), engine=Engine(), tests=10) for width in (10_000, 20_000)]
    assert costs[0].memory == costs[1].memory
    assert 2 * sum(costs[0].operations.values()) == sum(costs[1].operations.values())


def test_the_operations_are_those_of_the_paper_sized_draw(small):
    # d = N = 1000, k = 1e5, alpha = 1/2, 1000 tests: samples, fresh halves and tests, and as much for the sums.
    setting = small(d=1000, d_y=500, n=1000, width=100_000)
    cost = plan(setting, engine=Engine(precision=Precision.MIXED), tests=1000)
    assert cost.operations == {"features": 5e11, "products of features": 5e11}
    zero = plan(small(d=1000, d_y=500, n=1000, width=100_000, query=Query.ZERO), engine=Engine(), tests=1000)
    assert zero.operations["features"] == 4e11


def test_tangent_features_are_never_formed(small):
    cost = plan(small(kernel=Kernel.NTK, d=1000, d_y=500, n=1000, width=100), engine=Engine(), tests=1000)
    assert sum(cost.memory.values()) < 8 * 1000 * 1000 * 100 / 5  # where the features are N k d doubles


def test_a_speed_is_positive():
    assert speed(Precision.MIXED) > 0
