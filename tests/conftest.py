"""Settings that every test shares."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

# Two runs of the suite draw the same examples, on any machine, however slow: a failure can be repeated.
settings.register_profile(
    "repeatable",
    derandomize=True,
    database=None,
    max_examples=40,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
# HYPOTHESIS_PROFILE=explore draws new and more examples, to look for what the fixed ones miss.
settings.register_profile("explore", parent=settings.get_profile("repeatable"), derandomize=False, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse names of tests that hold an address in memory: each worker would know the test by another name."""
    unstable = [item.nodeid for item in items if " at 0x" in item.nodeid]
    if unstable:
        raise pytest.UsageError(f"give these tests names of their own: {', '.join(unstable[:3])}")


# Figures are drawn without a screen, also where the environment names another backend.
os.environ["MPLBACKEND"] = "Agg"
