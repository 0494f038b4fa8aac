"""What every test may rely on: our own packages, a seed, and no clock."""

from importlib.util import find_spec
from pathlib import Path

import hypothesis
import pytest

CHECKOUT = Path(__file__).resolve().parents[1]

# The examples are the same on every machine, and no test fails for being slow.
hypothesis.settings.register_profile("house", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("house")


def home(package: str) -> Path:
    """Return the folder that `package` would be imported from."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise pytest.UsageError(f"{package} cannot be imported; run `make test`")
    return Path(spec.origin).resolve().parents[1]


def pytest_configure() -> None:
    """Refuse to test somebody else's `theory`: the names are common, and a stray folder would shadow ours."""
    homes = {home(package) for package in ("theory", "numerics", "reports")}
    if len(homes) > 1 or not any(place == CHECKOUT or place.name == "site-packages" for place in homes):
        raise pytest.UsageError(f"the packages come from {', '.join(map(str, homes))}, not from one place of ours")


@pytest.fixture
def seed() -> int:
    """Return the seed of every random test: fixed, so that a failure can be drawn again."""
    return 230512100
