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
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
# HYPOTHESIS_PROFILE=explore draws new and more examples, to look for what the fixed ones miss.
settings.register_profile("explore", parent=settings.get_profile("repeatable"), derandomize=False, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

# Figures are drawn without a screen, also where the environment names another backend.
os.environ["MPLBACKEND"] = "Agg"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of one analysis in one worker: its numbers are computed once and shared by them."""
    for item in items:
        if item.path.name.startswith("test_analyses_"):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
