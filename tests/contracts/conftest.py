"""`python -m pytest tests/contracts --regenerate` writes the golden files anew; they are reviewed, never edited."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--regenerate`, known only where this folder is named on the command line."""
    parser.addoption("--regenerate", action="store_true", help="write tests/golden anew from what is produced")


@pytest.fixture(scope="session")
def regenerate(request: pytest.FixtureRequest) -> bool:
    """Return whether the golden files are to be written and not only read."""
    return bool(request.config.getoption("--regenerate", default=False))
